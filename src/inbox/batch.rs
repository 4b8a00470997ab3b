//! What is written together: deliveries grouped by their key, in the key's order.

use std::collections::{BTreeMap, btree_map::Entry};

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::delivery::{Carried, Delivery, KeepError, Kept, Protocol};

/// A delivery in the queue, and who waits for it.
#[derive(Debug)]
pub(super) struct Job {
    pub carried: Carried,
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
}

impl Group {
    /// How many deliveries this row stands for. One that is here twice (under one id) counts once.
    pub fn deliveries(&self) -> i32 {
        if self.repeats.is_empty() {
            return self.first.carried.deliveries;
        }
        let mut by_id = BTreeMap::<&str, i32>::new();
        for carried in self.carried() {
            let count = by_id.entry(&carried.id).or_default();
            *count = carried.deliveries.max(*count);
        }
        by_id.into_values().fold(0, i32::saturating_add)
    }

    /// When the last of them was received.
    pub fn last_delivered_at(&self) -> i64 {
        self.carried().map(|carried| carried.last_delivered_at).max().unwrap_or_default()
    }

    fn carried(&self) -> impl Iterator<Item = &Carried> {
        std::iter::once(&self.first).chain(&self.repeats).map(|job| &job.carried)
    }

    /// Tells everyone the id that is stored for this key.
    pub fn answer_kept(self, id: &str) {
        let first_id = self.first.carried.id;
        let _ = self.first.answer.send(Ok(Kept { id: id.to_owned(), duplicate: first_id != id }));
        for repeat in self.repeats {
            let duplicate = first_id != id || repeat.carried.id != id;
            let _ = repeat.answer.send(Ok(Kept { id: id.to_owned(), duplicate }));
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
        match groups.entry(Key::of(&job.carried.delivery)) {
            Entry::Vacant(entry) => {
                entry.insert(Group { first: job, repeats: Vec::new() });
            }
            Entry::Occupied(mut entry) => entry.get_mut().repeats.push(job),
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
