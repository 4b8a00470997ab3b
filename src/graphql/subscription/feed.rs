//! What of the change notices a subscription has to look at, and where it can resume.

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

/// Rows that may wait to be read. With more of them it is cheaper to ask which rows changed.
const MAX_PENDING_ROWS: usize = 10_000;

/// The notices that concern one type of rows.
#[derive(Debug)]
pub struct ChangeFeed {
    heard: Receiver<Notice>,
    table: &'static str,
    events: bool,
    /// Everything that was written before this time is sent, or was there from the start.
    pub since: i64,
    /// Of the events that were told: the one with the largest id. By the time it was applied (or, if
    /// that is earlier, received) everything before was sent.
    pub hint: Option<Arc<str>>,
}

/// What is to be done next.
#[derive(Debug, PartialEq)]
pub enum FeedEvent {
    /// Look at these rows.
    Rows(ChangeBatch),
    /// Something was missed: look what changed since [`ChangeFeed::since`].
    Lost,
    /// Nothing will come any more.
    Closed,
}

/// The rows of all notices that waited.
#[derive(Debug, Default, PartialEq)]
pub struct ChangeBatch {
    /// Each once, however often it changed.
    pub keys: Vec<RowKey>,
    /// Who does not see every field is sent those of which something changed since then that is seen: when the
    /// first of the commits was written.
    pub from: i64,
    /// The hint that is right while they are sent: what the first of these commits changed may be
    /// on its way still.
    pub during: Option<Arc<str>>,
    /// The hint that is right once all of them are sent.
    pub then: Option<Arc<str>>,
    /// When the last of the commits was written.
    pub at: i64,
}

impl ChangeFeed {
    /// Hears notices of this type's rows.
    pub fn new(heard: Receiver<Notice>, entity: &EntityType, since: i64, hint: Option<String>) -> Self {
        let events = entity.key_kind == KeyKind::Text;
        Self { heard, table: entity.table, events, since, hint: hint.map(Into::into) }
    }

    /// Waits for rows to look at. Takes all notices that wait, so that who is slow reads once.
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
                // Nothing of ours: all is sent, up to here.
                (self.hint, self.since) = (then, at);
                continue;
            }
            let during = newer(self.hint.clone(), gathered.first);
            let rows = gathered.rows.into_iter().map(RowKey::Int);
            let keys = rows.chain(gathered.events.into_iter().map(RowKey::Text)).collect();
            return FeedEvent::Rows(ChangeBatch { keys, from, during, then, at });
        }
    }

    /// All of a round was sent.
    pub fn sent(&mut self, round: &ChangeBatch) {
        self.hint.clone_from(&round.then);
        self.since = round.at;
    }

    fn gather(&self, notice: Notice, gathered: &mut Gathered) {
        match notice {
            Notice::Lost => gathered.lost = true,
            Notice::Kept(ids) if self.events => gathered.events.extend(ids.iter().cloned()),
            Notice::Kept(_) => {}
            // The hints of kept events are their own ids.
            Notice::Rows(_) if self.events => {}
            Notice::Rows(Commit { rows, at, event }) => {
                let before = gathered.rows.len();
                gathered.rows.extend(rows.iter().filter(|change| change.entity == self.table).map(|change| change.id));
                if before == 0 {
                    gathered.from = Some(at);
                    // Up to the first commit with rows of ours, and that one included.
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
