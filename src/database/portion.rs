//! How many events a statement takes: bounded by what their bodies take together, not only by their number.

use sea_orm::{DbErr, QueryResult};

/// The size of an event's body, in bytes: the second column of the rows that [`within`] takes.
pub const BODY_BYTES: &str = "cast(coalesce(length(body), 0) as bigint)";

/// The ids (first column) of the first rows whose bodies take no more than so many bytes together; of one at least,
/// if there is any.
///
/// # Errors
/// When the rows have other columns.
pub fn within(bytes: i64, rows: &[QueryResult]) -> Result<Vec<String>, DbErr> {
    let (mut ids, mut taken) = (Vec::with_capacity(rows.len()), 0_i64);
    for row in rows {
        taken = taken.saturating_add(row.try_get_by_index(1)?);
        if taken > bytes && !ids.is_empty() {
            break;
        }
        ids.push(row.try_get_by_index(0)?);
    }
    Ok(ids)
}
