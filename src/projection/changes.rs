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
/// Ids of kept events in one payload.
const PAYLOAD_IDS: usize = 200;
/// The second word of a payload: what it tells.
const ROWS: &str = "rows";
const KEPT: &str = "kept";
/// In the place of an event's id.
const NOBODY: &str = "-";
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

/// What one commit changed. Commits follow each other, and so do their times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The rows, sorted.
    pub rows: Arc<[Change]>,
    /// When it was written, as the rows and the events say themselves: milliseconds since 1970.
    pub at: i64,
    /// Of the webhook events that told it: the one with the largest id (our own). None after a rebuild.
    pub event: Option<Arc<str>>,
}

/// What a subscriber hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// These rows changed, all in one commit.
    Rows(Commit),
    /// These webhook events (our own ids) were kept.
    Kept(Arc<[String]>),
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

    /// The payloads by which other processes hear of a commit.
    #[must_use]
    pub(super) fn payloads(&self, commit: &Commit) -> Vec<String> {
        let head = format!("{} {ROWS} {} {}", self.origin, commit.at, commit.event.as_deref().unwrap_or(NOBODY));
        let mut payloads: Vec<String> = Vec::new();
        let mut entity = "";
        for change in &*commit.rows {
            let full = payloads.last().is_none_or(|last| last.len() + change.entity.len() + 24 > PAYLOAD_BYTES);
            if full {
                payloads.push(head.clone());
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
        if payloads.len() > PAYLOADS { vec![self.lost_payload()] } else { payloads }
    }

    /// The payloads by which other processes hear of kept events.
    #[must_use]
    pub(super) fn kept_payloads(&self, ids: &[String]) -> Vec<String> {
        let payload = |ids: &[String]| format!("{} {KEPT} {}", self.origin, ids.join(" "));
        ids.chunks(PAYLOAD_IDS).map(payload).collect()
    }

    /// The payload by which other processes hear that they may have missed something.
    #[must_use]
    pub(super) fn lost_payload(&self) -> String {
        format!("{} *", self.origin)
    }

    /// What another process's payload says; `None` if it is our own.
    #[must_use]
    pub(super) fn heard(&self, payload: &str) -> Option<Notice> {
        let mut words = payload.split(' ');
        if words.next() == Some(&*self.origin) {
            return None;
        }
        // What cannot be read may have named anything.
        Some(read(words).unwrap_or(Notice::Lost))
    }
}

fn read<'p>(mut words: impl Iterator<Item = &'p str>) -> Option<Notice> {
    match words.next()? {
        ROWS => {
            let at = words.next()?.parse().ok()?;
            let event = Some(words.next()?).filter(|event| *event != NOBODY).map(Arc::from);
            let rows = words.map(rows).collect::<Option<Vec<_>>>()?.concat().into();
            Some(Notice::Rows(Commit { rows, at, event }))
        }
        KEPT => Some(Notice::Kept(words.map(str::to_owned).collect())),
        _ => None,
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

    fn commit(rows: impl IntoIterator<Item = Change>) -> Commit {
        Commit { rows: rows.into_iter().collect(), at: 1_800_000_000_000, event: Some("0190-7".into()) }
    }

    #[test]
    fn another_process_hears_every_row_once_in_payloads_that_fit() {
        let (changes, other) = (Changes::new(), Changes::new());
        let told = commit(
            [("lead", 3_000), ("promoter", 1_000)]
                .into_iter()
                .flat_map(|(entity, count)| (0..count).map(move |id| Change { entity, id: 21_000_000 + id })),
        );
        let payloads = changes.payloads(&told);
        assert!(payloads.len() > 1 && payloads.iter().all(|payload| payload.len() <= PAYLOAD_BYTES));
        let mut heard = Vec::new();
        for payload in &payloads {
            let Some(Notice::Rows(part)) = other.heard(payload) else { panic!("{payload}") };
            assert_eq!((part.at, &part.event), (told.at, &told.event));
            heard.extend_from_slice(&part.rows);
        }
        assert_eq!(heard, *told.rows);
        assert!(changes.payloads(&commit([])).is_empty());
        let rebuilt = Commit { event: None, ..commit([Change { entity: "lead", id: 1 }]) };
        assert_eq!(other.heard(&changes.payloads(&rebuilt)[0]), Some(Notice::Rows(rebuilt)));
    }

    #[test]
    fn another_process_hears_of_kept_events_in_payloads_that_fit() {
        let (changes, other) = (Changes::new(), Changes::new());
        let ids: Vec<_> = (0..450).map(|_| Uuid::now_v7().to_string()).collect();
        let payloads = changes.kept_payloads(&ids);
        assert!(payloads.len() == 3 && payloads.iter().all(|payload| payload.len() <= PAYLOAD_BYTES));
        let heard = payloads.iter().flat_map(|payload| match other.heard(payload) {
            Some(Notice::Kept(ids)) => ids.to_vec(),
            notice => panic!("{notice:?}"),
        });
        assert_eq!(heard.collect::<Vec<_>>(), ids);
    }

    #[test]
    fn our_own_payloads_are_not_heard_again() {
        let changes = Changes::new();
        let payloads = changes.payloads(&commit([Change { entity: "lead", id: 1 }]));
        assert_eq!(changes.clone().heard(&payloads[0]), None);
    }

    #[test]
    fn too_many_rows_or_an_unknown_word_mean_that_anything_may_have_changed() {
        let changes = Changes::new();
        let payloads = changes.payloads(&commit((0..50_000).map(|id| Change { entity: "lead", id })));
        assert_eq!(payloads.len(), 1);
        assert_eq!(Changes::new().heard(&payloads[0]), Some(Notice::Lost));
        for strange in ["other", "other rows", "other rows 5 - planet:1", "other rows x - lead:1", "other news"] {
            assert_eq!(changes.heard(strange), Some(Notice::Lost), "{strange}");
        }
    }
}
