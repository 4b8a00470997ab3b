//! Filters change notices for one subscription, and tracks where it can resume.

use std::{collections::BTreeSet, sync::Arc};

use tokio::sync::broadcast::{
    Receiver,
    error::{RecvError, TryRecvError},
};

use crate::{
    projection::{Commit, Notice},
    read::{
        global_id::RowKey,
        model::{EntityType, KeyKind},
    },
};

/// Maximum number of pending rows. With more, a query for changed rows is cheaper.
const MAX_PENDING_ROWS: usize = 10_000;

/// The notices that concern one type of rows.
#[derive(Debug)]
pub struct ChangeFeed {
    heard: Receiver<Notice>,
    table: &'static str,
    events: bool,
    /// All changes before this time were sent, or happened before the subscription started.
    pub since: i64,
    /// The largest id of an applied event. All changes before the time when it was applied (or received, if that is
    /// earlier) were sent.
    pub hint: Option<Arc<str>>,
}

/// The next step of a subscription.
#[derive(Debug, PartialEq)]
pub enum FeedEvent {
    /// Read these rows.
    Rows(ChangeBatch),
    /// Notices were missed: query the changes since [`ChangeFeed::since`].
    Lost,
    /// No more notices will come.
    Closed,
}

/// The rows of all pending notices.
#[derive(Debug, Default, PartialEq)]
pub struct ChangeBatch {
    /// Distinct keys.
    pub keys: Vec<RowKey>,
    /// When the first of the commits was written. A viewer who does not see every field is sent the rows with a visible
    /// change since then.
    pub from: i64,
    /// The resume hint while they are sent: changes of the first of these commits may not be sent yet.
    pub during: Option<Arc<str>>,
    /// The resume hint once all of them are sent.
    pub then: Option<Arc<str>>,
    /// When the last of the commits was written.
    pub at: i64,
}

impl ChangeFeed {
    /// A feed of the notices of one type's rows.
    pub fn new(heard: Receiver<Notice>, entity: &EntityType, since: i64, hint: Option<String>) -> Self {
        let events = entity.key_kind == KeyKind::Text;
        Self { heard, table: entity.table, events, since, hint: hint.map(Into::into) }
    }

    /// Waits for changed rows. Takes all pending notices, so that a slow subscriber reads once.
    pub async fn next(&mut self) -> FeedEvent {
        loop {
            let mut gathered = Gathered::default();
            match self.heard.recv().await {
                Ok(notice) => self.gather(notice, &mut gathered),
                Err(RecvError::Lagged(_)) => gathered.lost = true,
                Err(RecvError::Closed) => return FeedEvent::Closed,
            }
            loop {
                match self.heard.try_recv() {
                    Ok(notice) => self.gather(notice, &mut gathered),
                    Err(TryRecvError::Lagged(_)) => gathered.lost = true,
                    Err(TryRecvError::Empty | TryRecvError::Closed) => break,
                }
            }
            if gathered.lost || gathered.rows.len() + gathered.events.len() > MAX_PENDING_ROWS {
                return FeedEvent::Lost;
            }
            let then = newer(self.hint.clone(), gathered.last);
            let at = gathered.at.unwrap_or(self.since);
            let from = gathered.from.unwrap_or(at);
            if gathered.rows.is_empty() && gathered.events.is_empty() {
                // No row of this type: everything up to here is sent.
                (self.hint, self.since) = (then, at);
                continue;
            }
            let during = newer(self.hint.clone(), gathered.first);
            let rows = gathered.rows.into_iter().map(RowKey::Int);
            let keys = rows.chain(gathered.events.into_iter().map(RowKey::Text)).collect();
            return FeedEvent::Rows(ChangeBatch { keys, from, during, then, at });
        }
    }

    /// Notes that a whole batch was sent.
    pub fn sent(&mut self, round: &ChangeBatch) {
        self.hint.clone_from(&round.then);
        self.since = round.at;
    }

    fn gather(&self, notice: Notice, gathered: &mut Gathered) {
        match notice {
            Notice::Lost => gathered.lost = true,
            Notice::NewEvents(ids) if self.events => gathered.events.extend(ids.iter().cloned()),
            Notice::NewEvents(_) => {}
            // Stored events are their own resume hints.
            Notice::Rows(_) if self.events => {}
            Notice::Rows(Commit { rows, at, event }) => {
                let before = gathered.rows.len();
                gathered.rows.extend(rows.iter().filter(|change| change.entity == self.table).map(|change| change.id));
                if before == 0 {
                    gathered.from = Some(at);
                    // Up to and including the first commit with rows of this type.
                    gathered.first = newer(gathered.first.take(), event.clone());
                }
                gathered.last = newer(gathered.last.take(), event);
                gathered.at = Some(at);
            }
        }
    }
}

#[derive(Default)]
struct Gathered {
    rows: BTreeSet<i64>,
    events: BTreeSet<String>,
    first: Option<Arc<str>>,
    from: Option<i64>,
    last: Option<Arc<str>>,
    at: Option<i64>,
    lost: bool,
}

fn newer(one: Option<Arc<str>>, other: Option<Arc<str>>) -> Option<Arc<str>> {
    one.max(other)
}

#[cfg(test)]
mod tests;
