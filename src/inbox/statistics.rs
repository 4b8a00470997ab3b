//! Counts of the stored events, for `/ready` and `/metrics`.

use sea_orm::{ConnectionTrait as _, DbErr, Statement};

use crate::database::{
    Database, Workload,
    by_status::{HELD, IN_ORDER, NOT_HELD, PENDING, WARNED},
};

/// Up to how many pending events are counted.
pub const MAX_COUNTED: i64 = 10_000;

/// The events that are not applied yet.
#[derive(Clone, Debug)]
pub struct Backlog {
    /// Events that a projector can apply now, counted up to [`MAX_COUNTED`].
    pub pending: i64,
    /// When the oldest of them was received.
    pub oldest_received_at: Option<i64>,
    /// Events whose own time is ahead of the server's clock.
    pub held: i64,
    /// Since when the first of them is held back.
    pub held_since: Option<i64>,
}

/// The number of stored events by status, and of those with warnings.
#[derive(Clone, Debug, Default)]
pub struct EventCounts {
    /// Each status that occurs.
    pub by_status: Vec<(String, i64)>,
    /// Applied events with warnings.
    pub with_warnings: i64,
}

/// Measures the backlog.
///
/// # Errors
/// When the database does not answer.
pub async fn backlog(db: &Database) -> Result<Backlog, DbErr> {
    let sql = format!(
        "select (select count(*) from (select 1 from webhook_event where {PENDING} and {NOT_HELD} {IN_ORDER} \
                    limit {MAX_COUNTED}) p), \
                (select received_at from webhook_event where {PENDING} and {NOT_HELD} {IN_ORDER} limit 1), \
                (select count(*) from webhook_event where {HELD}), \
                (select min(held_since) from webhook_event where {HELD})"
    );
    let row = db.internal(Workload::Monitoring).query_one_raw(Statement::from_string(db.backend, sql)).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("a row of counts".to_owned()))?;
    Ok(Backlog {
        pending: row.try_get_by_index(0)?,
        oldest_received_at: row.try_get_by_index(1)?,
        held: row.try_get_by_index(2)?,
        held_since: row.try_get_by_index(3)?,
    })
}

/// Counts all events. Takes time in a large table.
///
/// # Errors
/// When the database does not answer.
pub async fn event_counts(db: &Database) -> Result<EventCounts, DbErr> {
    let sql = "select status, count(*) from webhook_event group by status order by status";
    let connection = db.internal(Workload::Monitoring);
    let rows = connection.query_all_raw(Statement::from_string(db.backend, sql)).await?;
    let by_status = rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)));
    let by_status = by_status.collect::<Result<_, DbErr>>()?;
    let sql = format!("select count(*) from webhook_event where {WARNED}");
    let row = connection.query_one_raw(Statement::from_string(db.backend, sql)).await?;
    Ok(EventCounts { by_status, with_warnings: row.map_or(Ok(0), |row| row.try_get_by_index(0))? })
}
