//! Replaying stored events: setting them back to `pending`. Merging is idempotent, so that is safe.

use std::time::Duration;

use sea_orm::{ConnectionTrait as _, DbBackend, DbErr, Statement, TransactionTrait as _, Value};

use crate::database::{Database, lists};

/// Events set back by one statement: the inbox must not wait long.
const STEP_ROWS: i64 = 1_000;
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
    let matching = Matching::new(db, selection, now_ms);
    let (mut after, mut replayed) = (String::new(), 0);
    loop {
        // Looked for where nobody waits for the reader: few may match, and many have to be looked at.
        let found = db.read.query_all_raw(matching.next(&after)).await?;
        let ids = found.iter().map(|row| row.try_get_by_index::<String>(0)).collect::<Result<Vec<_>, _>>()?;
        let Some(last) = ids.last().cloned() else { return Ok(replayed) };
        replayed += take_step(db, matching.set_back(&after, ids), step).await?;
        after = last;
    }
}

async fn take_step(db: &Database, statement: Statement, within: Duration) -> Result<u64, DbErr> {
    if db.is_sqlite() {
        let _turn = db.turns.after_inbox().await;
        return Ok(db.write.execute_raw(statement).await?.rows_affected());
    }
    let transaction = db.write.begin().await?;
    // For this transaction alone, so that it also works through a connection pooler.
    let limit = format!("set local statement_timeout = {}", within.as_millis());
    transaction.execute_unprepared(&limit).await?;
    let done = transaction.execute_raw(statement).await?;
    transaction.commit().await?;
    Ok(done.rows_affected())
}

/// The events that match a selection.
struct Matching {
    backend: DbBackend,
    condition: String,
    /// Of the condition, but for the id that it begins after.
    values: [Value; 5],
}

impl Matching {
    fn new(db: &Database, selection: &ReplaySelection, now_ms: i64) -> Self {
        let is_listed = |column: &str, at: u8| {
            let is_empty = if db.is_sqlite() {
                format!("json_array_length(${at}) = 0")
            } else {
                format!("cardinality(${at}::text[]) = 0")
            };
            format!("({is_empty} or {column} {})", lists::among(db.backend, at))
        };
        let condition = format!(
            "id > $1 and {} and {} and {} and received_at >= $5 and received_at < $6 and body is not null",
            is_listed("id", 2),
            is_listed("event_type", 3),
            is_listed("status", 4),
        );
        let [ids, types, statuses] = [&selection.ids, &selection.types, &selection.statuses]
            .map(|texts| lists::parameter(db.backend, texts.clone()));
        // What comes in while this runs was not asked for.
        let until = selection.received_until.unwrap_or_else(|| now_ms.saturating_add(1));
        let from = selection.received_from.unwrap_or(i64::MIN);
        Self { backend: db.backend, condition, values: [ids, types, statuses, from.into(), until.into()] }
    }

    /// The next ones after this id.
    fn next(&self, after: &str) -> Statement {
        let sql = format!("select id from webhook_event where {} order by id limit $7", self.condition);
        self.statement(sql, after, STEP_ROWS.into())
    }

    /// Sets these back, unless they do not match any more.
    fn set_back(&self, after: &str, ids: Vec<String>) -> Statement {
        let sql = format!(
            "update webhook_event set status = 'pending', attempts = 0, next_attempt_at = 0, error = null \
                where id {} and {}",
            lists::among(self.backend, 7),
            self.condition
        );
        self.statement(sql, after, lists::parameter(self.backend, ids))
    }

    fn statement(&self, sql: String, after: &str, last: Value) -> Statement {
        let values = std::iter::once(after.into()).chain(self.values.clone()).chain([last]);
        Statement::from_sql_and_values(self.backend, sql, values)
    }
}
