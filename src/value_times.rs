//! When which values of a mirrored row last changed, as text in the row itself.
//!
//! Who does not see every field must not learn that a hidden one changed, so `updated_at` alone says too much.
//! The text is a time, that of all columns that are not named, and then `;time:column,column` for the others.
//! Times are ours: milliseconds since 1970 UTC.

use std::fmt;

/// For every column: when its value last changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueTimes {
    others: i64,
    named: Vec<(i64, Vec<String>)>,
}

impl ValueTimes {
    /// All of them changed then: the row is new.
    #[must_use]
    pub fn all(at: i64) -> Self {
        Self { others: at, named: Vec::new() }
    }

    /// Reads the stored text; without one, all of them changed when the row did.
    #[must_use]
    pub fn parse(text: &str, updated_at: i64) -> Self {
        let mut entries = text.split(';');
        let others = entries.next().and_then(|time| time.parse().ok()).unwrap_or(updated_at);
        let named = entries.filter_map(|entry| {
            let (time, columns) = entry.split_once(':')?;
            Some((time.parse().ok()?, columns.split(',').map(str::to_owned).collect()))
        });
        Self { others, named: named.collect() }
    }

    /// These columns have other values since then.
    pub fn set<'a>(&mut self, at: i64, columns: impl IntoIterator<Item = &'a str>) {
        let columns: Vec<_> = columns.into_iter().map(str::to_owned).collect();
        if columns.is_empty() {
            return;
        }
        self.named.retain_mut(|(_, names)| {
            names.retain(|name| !columns.contains(name));
            !names.is_empty()
        });
        self.named.push((at, columns));
    }

    /// When one of those columns changed last for which this holds. It is not asked about columns that did not
    /// change since the row was new: some of them are always visible.
    ///
    /// # Errors
    /// The first one of `is_visible`.
    pub fn last<E>(&self, mut is_visible: impl FnMut(&str) -> Result<bool, E>) -> Result<i64, E> {
        let mut last = self.others;
        for (at, columns) in &self.named {
            for column in columns {
                if *at > last && is_visible(column)? {
                    last = *at;
                }
            }
        }
        Ok(last)
    }
}

impl fmt::Display for ValueTimes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.others)?;
        self.named.iter().try_for_each(|(at, columns)| write!(f, ";{at}:{}", columns.join(",")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_has_the_time_of_its_last_change_and_what_is_printed_reads_back() {
        let mut times = ValueTimes::all(1);
        times.set(2, ["email", "state"]);
        times.set(3, ["state"]);
        assert_eq!(times.to_string(), "1;2:email;3:state");
        assert_eq!(ValueTimes::parse(&times.to_string(), 9), times);
        let last = |visible: &[&str]| times.last(|column| Ok::<_, ()>(visible.contains(&column))).unwrap();
        assert_eq!((last(&["state", "email"]), last(&["email"]), last(&["uid"])), (3, 2, 1));
    }

    #[test]
    fn without_a_text_everything_changed_with_the_row() {
        let mut times = ValueTimes::parse("", 5);
        assert_eq!(times, ValueTimes::all(5));
        times.set(6, []);
        assert_eq!(times.to_string(), "5");
    }
}
