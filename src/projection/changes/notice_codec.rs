//! The stored form of notices. A commit is its time, its event and the words `entity:id,id,...`, sorted by entity;
//! new webhook events are their ids.

use std::{fmt::Write as _, sync::Arc};

use entity::MirroredTable;

use super::{Change, Commit, Notice};

/// Beyond this size, naming the rows costs more than reading everything again.
const MAX_BYTES: usize = 64 * 1024;
/// Anything may have changed.
pub const ANYTHING: &str = "*";
/// Stands for no event id.
const NO_EVENT: &str = "-";

/// Encodes a commit whose rows are sorted by entity.
#[must_use]
pub fn encode(commit: &Commit) -> String {
    if commit.rows.is_empty() {
        return String::new();
    }
    let mut text = format!("{} {}", commit.at, commit.event.as_deref().unwrap_or(NO_EVENT));
    let mut entity = "";
    for change in &*commit.rows {
        // Writing to a string cannot fail.
        let _ = if change.entity == entity {
            write!(text, ",{}", change.id)
        } else {
            entity = change.entity;
            write!(text, " {entity}:{}", change.id)
        };
        if text.len() > MAX_BYTES {
            return ANYTHING.to_owned();
        }
    }
    text
}

/// Decodes a commit; `None` if it names no rows. A text that cannot be decoded may name any row: a newer version of
/// this program may run beside this one.
#[must_use]
pub fn decode(text: &str) -> Option<Notice> {
    (!text.is_empty()).then(|| commit(text).map_or(Notice::Lost, Notice::Rows))
}

/// Decodes the time of a commit, if there is one.
#[must_use]
pub fn decode_time(text: &str) -> Option<i64> {
    text.split(' ').next()?.parse().ok()
}

fn commit(text: &str) -> Option<Commit> {
    let mut words = text.split(' ');
    let at = words.next()?.parse().ok()?;
    let event = Some(words.next()?).filter(|event| *event != NO_EVENT).map(Arc::from);
    let rows = words.map(rows).collect::<Option<Vec<_>>>()?.concat().into();
    Some(Commit { rows, at, event })
}

fn rows(word: &str) -> Option<Vec<Change>> {
    let (name, ids) = word.split_once(':')?;
    let entity = MirroredTable::ALL.iter().map(|table| table.name()).find(|entity| *entity == name)?;
    ids.split(',').map(|id| Some(Change { entity, id: id.parse().ok()? })).collect()
}

/// Encodes the ids of new events.
#[must_use]
pub fn encode_new_events(ids: &[String]) -> String {
    ids.join(" ")
}

/// Decodes the ids of new events; `None` if there are none.
#[must_use]
pub fn decode_new_events(text: &str) -> Option<Notice> {
    match text {
        "" => None,
        ANYTHING => Some(Notice::Lost),
        ids => Some(Notice::NewEvents(ids.split(' ').map(str::to_owned).collect())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(changed: [(&'static str, i64); 2]) -> Commit {
        let ids = |(entity, count)| (0..count).map(move |id| Change { entity, id: 21_000_000 + id });
        Commit {
            rows: changed.into_iter().flat_map(ids).collect(),
            at: 1_800_000_000_000,
            event: Some("0190-7".into()),
        }
    }

    #[test]
    fn every_row_is_read_as_it_was_written() {
        let applied = commit([("lead", 3_000), ("promoter", 1_000)]);
        let rebuilt = Commit { event: None, ..commit([("lead", 1), ("reward", 0)]) };
        for commit in [applied, rebuilt] {
            assert_eq!(decode(&encode(&commit)), Some(Notice::Rows(commit)));
        }
        assert_eq!(encode(&commit([("lead", 0), ("promoter", 0)])), "");
        assert_eq!(decode(""), None);
    }

    #[test]
    fn too_many_rows_or_an_unknown_word_mean_that_anything_may_have_changed() {
        assert_eq!(encode(&commit([("lead", 50_000), ("promoter", 1)])), ANYTHING);
        for text in [ANYTHING, "5", "5 - planet:1", "x - lead:1", "5 - lead:x", "5 - lead"] {
            assert_eq!(decode(text), Some(Notice::Lost), "{text}");
        }
    }

    #[test]
    fn new_events_are_read_as_they_were_written() {
        let ids = ["0190-7".to_owned(), "0190-8".to_owned()];
        assert_eq!(decode_new_events(&encode_new_events(&ids)), Some(Notice::NewEvents(ids.into())));
        assert_eq!((decode_new_events(""), decode_new_events(ANYTHING)), (None, Some(Notice::Lost)));
    }
}
