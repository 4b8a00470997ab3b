//! Notices as they are written down. A commit is its time, its event and the words `entity:id,id,...`,
//! sorted by entity; kept webhook events are their ids.

use std::{fmt::Write as _, sync::Arc};

use entity::MirroredTable;

use super::{Change, Commit, Notice};

/// Beyond this, naming the rows costs more than reading everything anew.
const BYTES: usize = 64 * 1024;
/// Anything may have changed.
pub const ANYTHING: &str = "*";
/// In the place of an event's id.
const NOBODY: &str = "-";

/// Names the rows of a commit, sorted by entity.
#[must_use]
pub fn write(commit: &Commit) -> String {
    if commit.rows.is_empty() {
        return String::new();
    }
    let mut text = format!("{} {}", commit.at, commit.event.as_deref().unwrap_or(NOBODY));
    let mut entity = "";
    for change in &*commit.rows {
        // Writing to a string cannot fail.
        let _ = if change.entity == entity {
            write!(text, ",{}", change.id)
        } else {
            entity = change.entity;
            write!(text, " {entity}:{}", change.id)
        };
        if text.len() > BYTES {
            return ANYTHING.to_owned();
        }
    }
    text
}

/// What is written of a commit; none if it names no rows. What cannot be read may have named anything:
/// a newer version of this program may run beside this one.
#[must_use]
pub fn read(text: &str) -> Option<Notice> {
    (!text.is_empty()).then(|| commit(text).map_or(Notice::Lost, Notice::Rows))
}

/// When what is written was committed; none if it does not say so.
#[must_use]
pub fn time(text: &str) -> Option<i64> {
    text.split(' ').next()?.parse().ok()
}

fn commit(text: &str) -> Option<Commit> {
    let mut words = text.split(' ');
    let at = words.next()?.parse().ok()?;
    let event = Some(words.next()?).filter(|event| *event != NOBODY).map(Arc::from);
    let rows = words.map(rows).collect::<Option<Vec<_>>>()?.concat().into();
    Some(Commit { rows, at, event })
}

fn rows(word: &str) -> Option<Vec<Change>> {
    let (name, ids) = word.split_once(':')?;
    let entity = MirroredTable::ALL.iter().map(|table| table.name()).find(|entity| *entity == name)?;
    ids.split(',').map(|id| Some(Change { entity, id: id.parse().ok()? })).collect()
}

/// Names kept events.
#[must_use]
pub fn write_kept(ids: &[String]) -> String {
    ids.join(" ")
}

/// What is written of kept events; none if nothing is.
#[must_use]
pub fn read_kept(text: &str) -> Option<Notice> {
    match text {
        "" => None,
        ANYTHING => Some(Notice::Lost),
        ids => Some(Notice::Kept(ids.split(' ').map(str::to_owned).collect())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(told: [(&'static str, i64); 2]) -> Commit {
        let ids = |(entity, count)| (0..count).map(move |id| Change { entity, id: 21_000_000 + id });
        Commit { rows: told.into_iter().flat_map(ids).collect(), at: 1_800_000_000_000, event: Some("0190-7".into()) }
    }

    #[test]
    fn every_row_is_read_as_it_was_written() {
        let told = commit([("lead", 3_000), ("promoter", 1_000)]);
        let rebuilt = Commit { event: None, ..commit([("lead", 1), ("reward", 0)]) };
        for commit in [told, rebuilt] {
            assert_eq!(read(&write(&commit)), Some(Notice::Rows(commit)));
        }
        assert_eq!(write(&commit([("lead", 0), ("promoter", 0)])), "");
        assert_eq!(read(""), None);
    }

    #[test]
    fn too_many_rows_or_an_unknown_word_mean_that_anything_may_have_changed() {
        assert_eq!(write(&commit([("lead", 50_000), ("promoter", 1)])), ANYTHING);
        for text in [ANYTHING, "5", "5 - planet:1", "x - lead:1", "5 - lead:x", "5 - lead"] {
            assert_eq!(read(text), Some(Notice::Lost), "{text}");
        }
    }

    #[test]
    fn kept_events_are_read_as_they_were_written() {
        let ids = ["0190-7".to_owned(), "0190-8".to_owned()];
        assert_eq!(read_kept(&write_kept(&ids)), Some(Notice::Kept(ids.into())));
        assert_eq!((read_kept(""), read_kept(ANYTHING)), (None, Some(Notice::Lost)));
    }
}
