//! Times, in milliseconds since 1970.

use chrono::{DateTime, SecondsFormat};

pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// A time as FirstPromoter writes it: RFC 3339 in UTC.
pub fn time(ms: i64) -> String {
    // Only a time beyond the calendar has no date.
    DateTime::from_timestamp_millis(ms).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Millis, true)
}
