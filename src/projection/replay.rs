//! Replaying stored events: setting them back to `pending`. Merging is idempotent, so that is safe.

use std::{collections::BTreeSet, time::Duration};

use entity::webhook_event::EventStatus;
use sea_orm::{ConnectionTrait as _, DbBackend, DbErr, Statement, TransactionTrait as _, Value};

use crate::database::{Database, array_param, byte_budget, in_array, take_within_bytes};

/// Events set back by one statement: the inbox waits for it on `SQLite`.
const STEP_ROWS: i64 = 1_000;
/// The total size of their bodies, unless a single one is larger: `SQLite` rewrites whole rows.
const STEP_BYTES: i64 = 8 * 1024 * 1024;
/// `statement_timeout` of one step outside of a request.
const STEP_TIMEOUT: Duration = Duration::from_secs(60);

/// A selection of stored events: those that match all conditions. The default is all events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplaySelection {
    /// Only these, if any are given: our own event ids.
    pub ids: Vec<String>,
    /// Only of these types, if any are given.
    pub types: Vec<String>,
    /// Only with these statuses, if any are given.
    pub statuses: Vec<EventStatus>,
    /// Only those with warnings.
    pub with_warnings: bool,
    /// Only received at this time or later; milliseconds since 1970 UTC.
    pub received_from: Option<i64>,
    /// Only received before this time; milliseconds since 1970 UTC. If it is not given, and no ids are: before now.
    pub received_until: Option<i64>,
}

/// Sets the matching events back to `pending` with no failed attempts, and returns their number. Pruned events stay as
/// they are. The projector finds the pending ones by itself.
///
/// # Errors
/// When the database cannot be used; events that were set back before that stay so.
pub async fn replay(db: &Database, selection: &ReplaySelection, now_ms: i64) -> anyhow::Result<u64> {
    replay_with_timeout(db, selection, now_ms, STEP_TIMEOUT).await
}

/// As [`replay`], with a `statement_timeout` for each step: `PostgreSQL` cancels it even after the caller is gone.
///
/// # Errors
/// As [`replay`].
pub async fn replay_with_timeout(
    db: &Database,
    selection: &ReplaySelection,
    now_ms: i64,
    step_timeout: Duration,
) -> anyhow::Result<u64> {
    let mut replayed = 0;
    for scan in Scan::all(db.backend, selection, now_ms) {
        let mut after = String::new();
        loop {
            // Read without the writer's lock: few may match, and many have to be examined.
            let ids = take_within_bytes(STEP_BYTES, &db.read.query_all_raw(scan.next(&after)).await?)?;
            let Some(last) = ids.last().cloned() else { break };
            replayed += run_step(db, scan.set_back(ids), step_timeout).await?;
            after = last;
        }
    }
    Ok(replayed)
}

async fn run_step(db: &Database, statement: Statement, timeout: Duration) -> Result<u64, DbErr> {
    if db.is_sqlite() {
        let _lock = db.lock_writer().await;
        return Ok(db.write.execute_raw(statement).await?.rows_affected());
    }
    let transaction = db.write.begin().await?;
    // For this transaction alone, so that it also works through a connection pooler.
    let limit = format!("set local statement_timeout = {}", timeout.as_millis());
    transaction.execute_unprepared(&limit).await?;
    let done = transaction.execute_raw(statement).await?;
    transaction.commit().await?;
    Ok(done.rows_affected())
}

/// A scan of the matching events, or of a part of them that one index has in the order of their ids.
struct Scan {
    backend: DbBackend,
    /// The column that the index begins with, and its value here.
    lead: Option<(&'static str, String)>,
    /// The other conditions. Their parameters come before all others.
    condition: String,
    values: Vec<Value>,
}

impl Scan {
    /// The scans that together find every matching event once.
    fn all(backend: DbBackend, selection: &ReplaySelection, now_ms: i64) -> Vec<Self> {
        let ReplaySelection { ids, types, statuses, with_warnings, received_from, received_until } = selection;
        let leads: Vec<_> = match (&ids[..], &statuses[..], &types[..]) {
            // With several statuses an event that was set back might be found again under its new status.
            ([], [status], _) => vec![Some(("status", status.to_string()))],
            ([], _, [_, ..]) => {
                let types: BTreeSet<_> = types.iter().cloned().collect();
                types.into_iter().map(|event_type| Some(("event_type", event_type))).collect()
            }
            _ => vec![None],
        };
        // Events that arrive meanwhile are not meant, unless by their ids.
        let until = received_until.or_else(|| ids.is_empty().then(|| now_ms.saturating_add(1)));
        let pass = |lead: Option<(&'static str, String)>| {
            let mut pass = Self { backend, lead, condition: "body is not null".to_owned(), values: Vec::new() };
            let statuses = &statuses.iter().map(ToString::to_string).collect();
            for (column, texts) in [("id", ids), ("event_type", types), ("status", statuses)] {
                if !texts.is_empty() && pass.lead.as_ref().is_none_or(|(lead, _)| *lead != column) {
                    pass.and(array_param(backend, texts.clone()), |at| format!("{column} {}", in_array(backend, at)));
                }
            }
            if *with_warnings {
                pass.condition.push_str(" and warnings is not null");
            }
            if let Some(from) = received_from {
                pass.and((*from).into(), |at| format!("received_at >= ${at}"));
            }
            if let Some(until) = until {
                pass.and(until.into(), |at| format!("received_at < ${at}"));
            }
            pass
        };
        leads.into_iter().map(pass).collect()
    }

    fn and(&mut self, value: Value, condition: impl FnOnce(u8) -> String) {
        self.values.push(value);
        self.condition = format!("{} and {}", self.condition, condition(self.parameters()));
    }

    /// The number of parameters, and so the number of the last.
    fn parameters(&self) -> u8 {
        u8::try_from(self.values.len()).unwrap_or(u8::MAX)
    }

    /// The next ones after this id, with the sizes of their bodies.
    fn next(&self, after: &str) -> Statement {
        let (size, condition, at) = (byte_budget::BODY_BYTES, &self.condition, self.parameters());
        let (begin, limit, lead) = (at + 1, at + 2, at + 3);
        let mut values = vec![after.into(), STEP_ROWS.into()];
        // As in `by_status`: only the index over the leading column and the id then gives the order.
        let (behind, order) = match &self.lead {
            Some((column, value)) => {
                values.push(value.clone().into());
                let behind = format!("({column}, id) > (${lead}, ${begin}) and {column} <= ${lead}");
                (behind, format!("{column}, id"))
            }
            None => (format!("id > ${begin}"), "id".to_owned()),
        };
        let sql = format!(
            "select id, {size} from webhook_event where {condition} and {behind} order by {order} limit ${limit}"
        );
        self.statement(sql, values)
    }

    /// Sets these back if they still match.
    fn set_back(&self, ids: Vec<String>) -> Statement {
        let (condition, at) = (&self.condition, self.parameters());
        let mut values = vec![array_param(self.backend, ids)];
        // Written so that no index fits: the ids find them.
        let lead = self.lead.as_ref().map_or_else(String::new, |(column, value)| {
            values.push(value.clone().into());
            format!(" and {column} || '' = ${}", at + 2)
        });
        let sql = format!(
            "update webhook_event set status = '{}', attempts = 0, next_attempt_at = 0, error = null, \
                warnings = null where id {} and {condition}{lead}",
            EventStatus::Pending,
            in_array(self.backend, at + 1),
        );
        self.statement(sql, values)
    }

    fn statement(&self, sql: String, more: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.backend, sql, self.values.iter().cloned().chain(more))
    }
}
