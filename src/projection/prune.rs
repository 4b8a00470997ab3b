//! Pruning: deletes the bodies of old events. Their mirrored rows and deduplication keys stay.
//!
//! Only `applied` events are pruned: the others may still be needed. A pruned event that is delivered again counts as a
//! duplicate; replays leave it out, and a rebuild cannot reproduce its rows.

use sea_orm::{ConnectionTrait as _, Statement};

use crate::database::{Database, array_param, by_status, byte_budget, in_array, take_within_bytes};

/// Bodies deleted by one statement: the inbox waits for it on `SQLite`.
const STEP_ROWS: i64 = 500;
/// Their total size, unless a single one is larger.
const STEP_BYTES: i64 = 8 * 1024 * 1024;

/// Deletes the bodies of events that were applied before this time (milliseconds since 1970 UTC), and returns their
/// number. `progress` is called with it after every step.
///
/// # Errors
/// When the database cannot be used; bodies that were deleted before that stay so.
pub async fn prune(db: &Database, applied_before: i64, mut progress: impl FnMut(u64)) -> anyhow::Result<u64> {
    let (mut after, mut pruned) = (String::new(), 0);
    loop {
        let step = candidates(db, &after, applied_before).await?;
        let Some(last) = step.last() else { return Ok(pruned) };
        last.clone_into(&mut after);
        pruned += delete_bodies(db, step, applied_before).await?;
        progress(pruned);
    }
}

/// The next events to prune. Read without the writer's lock: the search may take long.
async fn candidates(db: &Database, after: &str, applied_before: i64) -> anyhow::Result<Vec<String>> {
    let statement = Statement::from_sql_and_values(
        db.backend,
        format!(
            "select id, {} from webhook_event where status = 'applied' and id > $1 and applied_at < $2 \
                and body is not null order by id limit $3",
            byte_budget::BODY_BYTES
        ),
        [after.into(), applied_before.into(), STEP_ROWS.into()],
    );
    Ok(take_within_bytes(STEP_BYTES, &db.read.query_all_raw(statement).await?)?)
}

/// Deletes the bodies of these events, unless they are replayed meanwhile.
async fn delete_bodies(db: &Database, ids: Vec<String>, applied_before: i64) -> anyhow::Result<u64> {
    let sql = format!(
        "update webhook_event set body = null where id {} and {} and applied_at < $2 and body is not null",
        in_array(db.backend, 1),
        by_status::IS_APPLIED
    );
    let _lock = db.lock_writer().await;
    let statement =
        Statement::from_sql_and_values(db.backend, sql, [array_param(db.backend, ids), applied_before.into()]);
    Ok(db.write.execute_raw(statement).await?.rows_affected())
}
