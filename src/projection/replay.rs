//! Replaying stored events: setting them back to `pending`. Merging is idempotent, so that is safe.

use std::time::Duration;

use sea_orm::{ConnectionTrait as _, DbErr, QueryResult, Statement, TransactionTrait as _, Value};

use crate::database::Database;

/// Events set back by one statement: the inbox must not wait long.
const STEP_ROWS: i64 = 5_000;
/// How long `PostgreSQL` may take for one of them, where no request has a deadline.
const STEP: Duration = Duration::from_secs(60);

/// Which stored events to replay: those that match everything that is given. The default is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplaySelection {
    /// Only these, if any are named: our own event ids.
    pub ids: Vec<String>,
    /// Only of these types, if any are named.
    pub types: Vec<String>,
    /// Only with these statuses, if any are named.
    pub statuses: Vec<String>,
    /// Only received at this time or later; milliseconds since 1970 UTC.
    pub received_from: Option<i64>,
    /// Only received before this time; milliseconds since 1970 UTC.
    pub received_until: Option<i64>,
}

/// Sets the matching events back to `pending`, with all attempts before them, and gives their
/// number. Events whose body was pruned stay as they are. The projector finds them by itself.
///
/// # Errors
/// When the database cannot be used; events that were set back before that stay so.
pub async fn replay(db: &Database, selection: &ReplaySelection, now_ms: i64) -> anyhow::Result<u64> {
    replay_by_steps(db, selection, now_ms, STEP).await
}

/// As [`replay`]; a step that takes longer than this is cancelled by `PostgreSQL` itself, also when
/// nobody waits for it any more.
///
/// # Errors
/// As [`replay`].
pub async fn replay_by_steps(
    db: &Database,
    selection: &ReplaySelection,
    now_ms: i64,
    step: Duration,
) -> anyhow::Result<u64> {
    let statement = statement(db, selection, now_ms);
    let (mut after, mut replayed) = (String::new(), 0);
    loop {
        let rows = take_step(db, statement(&after), step).await?;
        replayed += rows.len() as u64;
        let ids = rows.iter().map(|row| row.try_get_by_index::<String>(0)).collect::<Result<Vec<_>, _>>()?;
        match ids.into_iter().max() {
            Some(last) => after = last,
            None => return Ok(replayed),
        }
    }
}

async fn take_step(db: &Database, statement: Statement, within: Duration) -> Result<Vec<QueryResult>, DbErr> {
    if db.is_sqlite() {
        let _turn = db.turns.after_inbox().await;
        return db.write.query_all_raw(statement).await;
    }
    let transaction = db.write.begin().await?;
    // For this transaction alone, so that it also works through a connection pooler.
    let limit = format!("set local statement_timeout = {}", within.as_millis());
    transaction.execute_unprepared(&limit).await?;
    let rows = transaction.query_all_raw(statement).await?;
    transaction.commit().await?;
    Ok(rows)
}

/// The statement that takes the next step, after this id.
fn statement(db: &Database, selection: &ReplaySelection, now_ms: i64) -> impl Fn(&str) -> Statement {
    let list = |column: &str, at: u8| {
        if db.is_sqlite() {
            format!("(json_array_length(${at}) = 0 or {column} in (select value from json_each(${at})))")
        } else {
            format!("(cardinality(${at}::text[]) = 0 or {column} = any(${at}::text[]))")
        }
    };
    let sql = format!(
        "update webhook_event set status = 'pending', attempts = 0, next_attempt_at = 0, error = null \
            where id in (select id from webhook_event where id > $1 and {} and {} and {} \
                and received_at >= $5 and received_at < $6 and body is not null order by id limit $7) \
            returning id",
        list("id", 2),
        list("event_type", 3),
        list("status", 4),
    );
    let value = |texts: &[String]| -> Value {
        if db.is_sqlite() { serde_json::Value::from(texts).to_string().into() } else { texts.to_vec().into() }
    };
    let lists = [&selection.ids, &selection.types, &selection.statuses].map(|texts| value(texts));
    // What comes in while this runs was not asked for.
    let until = selection.received_until.unwrap_or_else(|| now_ms.saturating_add(1));
    let times = [selection.received_from.unwrap_or(i64::MIN), until, STEP_ROWS].map(Value::from);
    let backend = db.backend;
    move |after| {
        let values = std::iter::once(after.into()).chain(lists.clone()).chain(times.clone());
        Statement::from_sql_and_values(backend, sql.clone(), values)
    }
}
