//! When each value of a mirrored row last changed, and its text form in the row's column `value_times`.
//!
//! A viewer who does not see every field must not learn that a hidden one changed: `updated_at` alone would leak it.
//! The text is the time of all columns that are not named, followed by `;time:column,column` for the others. Times are
//! those of our clock: milliseconds since 1970 UTC.

use std::fmt;

/// The time of the last change, per column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueTimes {
    others: i64,
    named: Vec<(i64, Vec<String>)>,
}

impl ValueTimes {
    /// All columns changed at this time: the row is new.
    #[must_use]
    pub fn all(at: i64) -> Self {
        Self { others: at, named: Vec::new() }
    }

    /// Parses the stored text; an empty one means that all columns changed with the row.
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

    /// Sets the time of these columns.
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

    /// The latest change of a visible column. `is_visible` is not called for columns that have not changed since the
    /// row was new: some of those are always visible.
    ///
    /// # Errors
    /// The first one of `is_visible`.
    pub fn latest<E>(&self, mut is_visible: impl FnMut(&str) -> Result<bool, E>) -> Result<i64, E> {
        let mut latest = self.others;
        for (at, columns) in &self.named {
            for column in columns {
                if *at > latest && is_visible(column)? {
                    latest = *at;
                }
            }
        }
        Ok(latest)
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
    fn each_column_has_the_time_of_its_last_change_and_the_text_parses_back() {
        let mut times = ValueTimes::all(1);
        times.set(2, ["email", "state"]);
        times.set(3, ["state"]);
        assert_eq!(times.to_string(), "1;2:email;3:state");
        assert_eq!(ValueTimes::parse(&times.to_string(), 9), times);
        let latest = |visible: &[&str]| times.latest(|column| Ok::<_, ()>(visible.contains(&column))).unwrap();
        assert_eq!((latest(&["state", "email"]), latest(&["email"]), latest(&["uid"])), (3, 2, 1));
    }

    #[test]
    fn without_a_text_everything_changed_with_the_row() {
        let mut times = ValueTimes::parse("", 5);
        assert_eq!(times, ValueTimes::all(5));
        times.set(6, []);
        assert_eq!(times.to_string(), "5");
    }
}
