//! Deliveries that are written together, grouped by their deduplication key.

use std::collections::{BTreeMap, btree_map::Entry};

use entity::webhook_event::Protocol;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::delivery::{Delivery, InsertError, NewEvent, Receipt};

/// An event in the queue, with the channel for its result.
#[derive(Debug)]
pub(super) struct QueuedEvent {
    pub event: NewEvent,
    /// The receiver may be gone: the event is stored all the same.
    pub reply: oneshot::Sender<Result<Receipt, InsertError>>,
    /// Its share of the queue's memory, given back with the reply.
    pub _memory: OwnedSemaphorePermit,
}

/// Two deliveries with the same key are one stored event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct DedupKey {
    pub protocol: Protocol,
    pub event_type: String,
    pub event_id: String,
    pub body_hash: String,
}

impl DedupKey {
    pub fn of(delivery: &Delivery) -> Self {
        Self {
            protocol: delivery.protocol,
            event_type: delivery.event_type.clone(),
            event_id: delivery.event_id.clone(),
            body_hash: delivery.body_hash.clone(),
        }
    }
}

/// Events with the same key: one row. The first one supplies the id and the body.
#[derive(Debug)]
pub(super) struct EventGroup {
    pub first: QueuedEvent,
    pub repeats: Vec<QueuedEvent>,
}

impl EventGroup {
    /// How many deliveries this row stands for. Two copies of one event (the same id) count once.
    pub fn deliveries(&self) -> i32 {
        if self.repeats.is_empty() {
            return self.first.event.deliveries;
        }
        let mut by_id = BTreeMap::<&str, i32>::new();
        for event in self.events() {
            let count = by_id.entry(&event.id).or_default();
            *count = event.deliveries.max(*count);
        }
        by_id.into_values().fold(0, i32::saturating_add)
    }

    /// When the last of them was received.
    pub fn last_delivered_at(&self) -> i64 {
        self.events().map(|event| event.last_delivered_at).max().unwrap_or_default()
    }

    fn events(&self) -> impl Iterator<Item = &NewEvent> {
        std::iter::once(&self.first).chain(&self.repeats).map(|queued| &queued.event)
    }

    /// Replies to all with the id that is stored for this key.
    pub fn succeed(self, id: &str) {
        let first_id = self.first.event.id;
        let _ = self.first.reply.send(Ok(Receipt { id: id.to_owned(), duplicate: first_id != id }));
        for repeat in self.repeats {
            let duplicate = first_id != id || repeat.event.id != id;
            let _ = repeat.reply.send(Ok(Receipt { id: id.to_owned(), duplicate }));
        }
    }

    /// Replies to all that this row was not stored.
    pub fn fail(self, error: &InsertError) {
        for queued in std::iter::once(self.first).chain(self.repeats) {
            let _ = queued.reply.send(Err(error.clone()));
        }
    }
}

/// Groups events by key, in key order: every writer locks rows in the same order.
pub(super) fn group(queued: Vec<QueuedEvent>) -> Vec<EventGroup> {
    let mut groups = BTreeMap::<DedupKey, EventGroup>::new();
    for queued in queued {
        match groups.entry(DedupKey::of(&queued.event.delivery)) {
            Entry::Vacant(entry) => {
                entry.insert(EventGroup { first: queued, repeats: Vec::new() });
            }
            Entry::Occupied(mut entry) => entry.get_mut().repeats.push(queued),
        }
    }
    groups.into_values().collect()
}
