//! What is written together: deliveries grouped by their key, in the key's order.

use std::collections::{BTreeMap, btree_map::Entry};

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::delivery::{Delivery, KeepError, Kept, Protocol};

/// A delivery in the queue, and who waits for it.
#[derive(Debug)]
pub(super) struct Job {
    pub id: String,
    pub delivery: Delivery,
    /// The receiver may be gone: then nobody waits, and the delivery is kept all the same.
    pub answer: oneshot::Sender<Result<Kept, KeepError>>,
    /// Its share of the queue's room, given back with the answer.
    pub _room: OwnedSemaphorePermit,
}

/// What two deliveries must share to be one stored event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub protocol: Protocol,
    pub event_type: String,
    pub event_id: String,
    pub body_hash: String,
}

/// Equal deliveries: one row. The first one brings the id and the body.
#[derive(Debug)]
pub(super) struct Group {
    pub first: Job,
    pub repeats: Vec<Job>,
    pub last_delivered_at: i64,
}

impl Group {
    /// How many deliveries this row stands for.
    pub fn deliveries(&self) -> i32 {
        i32::try_from(self.repeats.len() + 1).unwrap_or(i32::MAX)
    }

    /// Tells everyone the id that is stored for this key.
    pub fn answer_kept(self, id: &str) {
        let duplicate = self.first.id != id;
        let _ = self.first.answer.send(Ok(Kept { id: id.to_owned(), duplicate }));
        for repeat in self.repeats {
            let _ = repeat.answer.send(Ok(Kept { id: id.to_owned(), duplicate: true }));
        }
    }

    /// Tells everyone that this row was not stored.
    pub fn answer_error(self, error: &KeepError) {
        for job in std::iter::once(self.first).chain(self.repeats) {
            let _ = job.answer.send(Err(error.clone()));
        }
    }
}

/// Groups jobs by key, in key order: every writer locks rows in the same order.
pub(super) fn group(jobs: Vec<Job>) -> Vec<Group> {
    let mut groups = BTreeMap::<Key, Group>::new();
    for job in jobs {
        let last_delivered_at = job.delivery.received_at;
        match groups.entry(Key::of(&job.delivery)) {
            Entry::Vacant(entry) => {
                entry.insert(Group { first: job, repeats: Vec::new(), last_delivered_at });
            }
            Entry::Occupied(mut entry) => {
                let group = entry.get_mut();
                group.last_delivered_at = group.last_delivered_at.max(last_delivered_at);
                group.repeats.push(job);
            }
        }
    }
    groups.into_values().collect()
}

impl Key {
    pub fn of(delivery: &Delivery) -> Self {
        Self {
            protocol: delivery.protocol,
            event_type: delivery.event_type.clone(),
            event_id: delivery.event_id.clone(),
            body_hash: delivery.body_hash.clone(),
        }
    }
}
