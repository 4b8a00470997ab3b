//! Limits the events of a statement by the size of their bodies, not only by their number.

use sea_orm::{DbErr, QueryResult};

/// The size of an event's body in bytes, as SQL.
pub const BODY_BYTES: &str = "cast(coalesce(length(body), 0) as bigint)";

/// From rows of id and [`BODY_BYTES`], takes ids while the sum of the sizes is at most `max_bytes`; at least one id.
///
/// # Errors
/// When the rows have other columns.
pub fn take_within_bytes(max_bytes: i64, rows: &[QueryResult]) -> Result<Vec<String>, DbErr> {
    let (mut ids, mut taken) = (Vec::with_capacity(rows.len()), 0_i64);
    for row in rows {
        taken = taken.saturating_add(row.try_get_by_index(1)?);
        if taken > max_bytes && !ids.is_empty() {
            break;
        }
        ids.push(row.try_get_by_index(0)?);
    }
    Ok(ids)
}
