//! What has changed, told after the commit to whoever subscribes: which rows, never their values.
//!
//! On `SQLite` the process that writes is the one that reads. On `PostgreSQL` the same notices go out
//! with the commit by `NOTIFY`, so that other processes hear of them (see [`listener`](super::listener)).

use std::{fmt::Write as _, sync::Arc};

use tokio::sync::broadcast;
use uuid::Uuid;

use super::tables::Table;

/// The channel of `NOTIFY`.
pub const CHANNEL: &str = "promograph_changes";
/// `PostgreSQL` takes payloads below 8,000 bytes.
const PAYLOAD_BYTES: usize = 7_900;
/// Beyond this, naming the rows costs more than reading everything anew.
const PAYLOADS: usize = 16;
/// Batches that a slow subscriber may lie behind before it has to start over.
const BACKLOG: usize = 256;

/// A row whose values changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Change {
    /// The table's name.
    pub entity: &'static str,
    /// The row's key.
    pub id: i64,
}

/// What a subscriber hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// These rows changed, all in one commit.
    Rows(Arc<[Change]>),
    /// Notices may have been missed: whatever was read before may be stale.
    Lost,
}

/// The channel of change notices; cheap to clone, all clones are one channel.
#[derive(Clone, Debug)]
pub struct Changes {
    sender: broadcast::Sender<Notice>,
    origin: Arc<str>,
}

impl Default for Changes {
    fn default() -> Self {
        Self { sender: broadcast::Sender::new(BACKLOG), origin: Uuid::now_v7().to_string().into() }
    }
}

impl Changes {
    /// A channel of its own.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Hears everything from now on. A receiver that lags behind gets an error from `recv`, which
    /// means the same as [`Notice::Lost`].
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.sender.subscribe()
    }

    /// Tells the subscribers of this process.
    pub fn tell(&self, notice: Notice) {
        // An error means that nobody listens.
        let _ = self.sender.send(notice);
    }

    /// The payloads by which other processes hear of changes, sorted by entity.
    #[must_use]
    pub(super) fn payloads(&self, changes: &[Change]) -> Vec<String> {
        let mut payloads: Vec<String> = Vec::new();
        let mut entity = "";
        for change in changes {
            let full = payloads.last().is_none_or(|last| last.len() + change.entity.len() + 24 > PAYLOAD_BYTES);
            if full {
                payloads.push(self.origin.to_string());
            }
            let Some(payload) = payloads.last_mut() else { continue };
            // Writing to a string cannot fail.
            let _ = if full || change.entity != entity {
                entity = change.entity;
                write!(payload, " {entity}:{}", change.id)
            } else {
                write!(payload, ",{}", change.id)
            };
        }
        if payloads.len() > PAYLOADS { vec![format!("{} *", self.origin)] } else { payloads }
    }

    /// What another process's payload says; `None` if it is our own.
    #[must_use]
    pub(super) fn heard(&self, payload: &str) -> Option<Notice> {
        let mut words = payload.split(' ');
        if words.next() == Some(&*self.origin) {
            return None;
        }
        // What cannot be read may have named anything.
        Some(
            words.map(rows).collect::<Option<Vec<_>>>().map_or(Notice::Lost, |rows| Notice::Rows(rows.concat().into())),
        )
    }
}

fn rows(word: &str) -> Option<Vec<Change>> {
    let (name, ids) = word.split_once(':')?;
    let entity = Table::ALL.iter().map(|table| table.spec().name).find(|entity| *entity == name)?;
    ids.split(',').map(|id| Some(Change { entity, id: id.parse().ok()? })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(payloads: &[String]) -> Vec<Change> {
        let other = Changes::new();
        let notices = payloads.iter().map(|payload| match other.heard(payload) {
            Some(Notice::Rows(rows)) => rows.to_vec(),
            notice => panic!("{notice:?}"),
        });
        notices.collect::<Vec<_>>().concat()
    }

    #[test]
    fn another_process_hears_every_row_once_in_payloads_that_fit() {
        let changes = Changes::new();
        let told: Vec<_> = [("lead", 3_000), ("promoter", 1_000)]
            .into_iter()
            .flat_map(|(entity, count)| (0..count).map(move |id| Change { entity, id: 21_000_000 + id }))
            .collect();
        let payloads = changes.payloads(&told);
        assert!(payloads.len() > 1 && payloads.iter().all(|payload| payload.len() <= PAYLOAD_BYTES));
        assert_eq!(heard(&payloads), told);
        assert!(changes.payloads(&[]).is_empty());
    }

    #[test]
    fn our_own_payloads_are_not_heard_again() {
        let changes = Changes::new();
        let payloads = changes.payloads(&[Change { entity: "lead", id: 1 }]);
        assert_eq!(changes.clone().heard(&payloads[0]), None);
    }

    #[test]
    fn too_many_rows_or_an_unknown_word_mean_that_anything_may_have_changed() {
        let changes = Changes::new();
        let many: Vec<_> = (0..50_000).map(|id| Change { entity: "lead", id }).collect();
        let payloads = changes.payloads(&many);
        assert_eq!(payloads.len(), 1);
        assert_eq!(Changes::new().heard(&payloads[0]), Some(Notice::Lost));
        assert_eq!(changes.heard("other planet:1"), Some(Notice::Lost));
    }
}
