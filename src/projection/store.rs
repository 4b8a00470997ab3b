//! Applies a batch of events: one transaction that reads the touched rows once per table, merges in memory, writes
//! each table with one statement, and stores the outcome of each event.

use entity::{MirroredTable, webhook_event::EventStatus};
use sea_orm::sqlx;
use thiserror::Error;

use super::{
    changes::{Change, Changes, Commit},
    lease::Lease,
    mirror,
    queue::EventOutcome,
    updates::EventUpdates,
};
use crate::database::{
    Database,
    failure::{DbFailure, cancelled},
};

mod balances;
mod column_batch;
pub mod lineage;
mod merged_rows;
pub mod sql;
mod statements;
mod token_cutoffs;
mod transaction;

pub use balances::{BALANCE_KINDS, BalanceChanges};
pub use column_batch::ColumnBatch;
use merged_rows::MergedRows;
pub use merged_rows::{TableUpdates, by_table, upsert_columns};
pub use sql::TableContent;
pub use statements::{BoundStatement, StoredRow};
pub use token_cutoffs::TokenCutoffs;
pub use transaction::Transaction;

/// Why a batch was not applied. Nothing of it is stored then.
#[derive(Debug, Error)]
pub enum ApplyError {
    /// Another process holds the lease.
    #[error("another process has taken over")]
    NotOurs,
    /// The database cannot write now; no event is the cause.
    #[error("the database cannot write now: {0}")]
    Unavailable(sqlx::Error),
    /// The database cancelled it, for a timeout or on request: a smaller batch may succeed.
    #[error("the database ended it: {0}")]
    Cancelled(String),
    /// The database refuses the values of some event of the batch.
    #[error("the database refuses it: {0}")]
    Refused(String),
}

impl From<sqlx::Error> for ApplyError {
    fn from(error: sqlx::Error) -> Self {
        if let Some(message) = cancelled(&error) {
            return Self::Cancelled(message.to_owned());
        }
        match (DbFailure::from(&error), &error) {
            (DbFailure::Data(reason), _) => Self::Refused(reason),
            // A stored row that cannot be read: the batch is split until its event fails alone.
            (_, sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. }) => {
                Self::Refused("a stored row cannot be read".to_owned())
            }
            _ => Self::Unavailable(error),
        }
    }
}

/// Applies events (our own id of each, with its updates) and stores all `outcomes`; all of it or nothing. Publishes
/// the changes after the commit. The lease is extended from `now_ms`; rows
/// and events get the time `at`.
///
/// # Errors
/// See [`ApplyError`].
pub async fn apply(
    db: &Database,
    lease: &mut Lease,
    changes: &Changes,
    events: &[(&str, &EventUpdates)],
    outcomes: &[&EventOutcome],
    (now_ms, at): (i64, i64),
) -> Result<(), ApplyError> {
    let tables = by_table(events.iter().map(|(_, updates)| *updates));
    let mut transaction = Transaction::begin_relaxed(db).await?;
    let expires_at = lease.extended(now_ms);
    if !transaction.fence(lease.owner(), lease.token(), expires_at).await? {
        return Err(ApplyError::NotOurs);
    }
    let merged = merge_tables(&mut transaction, &tables, at).await?;
    let mut statements = merged.statements;
    statements.extend(merged.token_cutoffs.statements());
    let lineage = lineage::statements(events);
    let event = events.iter().map(|(event, _)| *event).max().map(Into::into);
    let commit = Commit { rows: merged.changes.into(), at, event };
    if !commit.rows.is_empty() || !lineage.is_empty() {
        transaction.insert_notice(&commit).await?;
    }
    statements.extend(lineage);
    statements.push((&sql::MARK_EVENTS, outcome_columns(outcomes, at)));
    transaction.run(statements).await?;
    transaction.commit().await?;
    lease.was_extended(expires_at);
    changes.publish_commit(commit);
    Ok(())
}

/// The parameters of [`sql::MARK_EVENTS`].
fn outcome_columns(outcomes: &[&EventOutcome], now_ms: i64) -> Vec<ColumnBatch> {
    let texts = |text: fn(&EventOutcome) -> Option<String>| {
        ColumnBatch::Texts(outcomes.iter().map(|outcome| text(outcome)).collect())
    };
    vec![
        texts(|outcome| Some(outcome.id.clone())),
        texts(|outcome| Some(outcome.status.to_string())),
        texts(|outcome| outcome.error.clone()),
        ColumnBatch::Ints(
            outcomes.iter().map(|outcome| (outcome.status == EventStatus::Applied).then_some(now_ms)).collect(),
        ),
        ColumnBatch::ints(outcomes.iter().map(|outcome| outcome.attempts)),
        ColumnBatch::ints(outcomes.iter().map(|outcome| outcome.next_attempt_at)),
        texts(|outcome| outcome.warnings.clone()),
        ColumnBatch::Ints(outcomes.iter().map(|outcome| outcome.is_held.then_some(now_ms)).collect()),
        ColumnBatch::Ints(outcomes.iter().map(|outcome| outcome.occurred_at).collect()),
    ]
}

/// The updates merged into the tables. Missing rows are inserted already.
pub struct MergedTables {
    /// The rows that are new or whose values change, by table.
    pub changes: Vec<Change>,
    /// The statements that write them.
    pub statements: Vec<BoundStatement>,
    /// The tokens that the updates end.
    pub token_cutoffs: TokenCutoffs,
}

/// Reads the updated rows, merges the updates in memory, and inserts rows that are missing.
pub async fn merge_tables(
    transaction: &mut Transaction,
    tables: &[TableUpdates<'_>; MirroredTable::COUNT],
    now_ms: i64,
) -> Result<MergedTables, ApplyError> {
    let updates_of = |table: MirroredTable| &tables[table as usize];
    let updated: Vec<_> =
        MirroredTable::ALL.into_iter().filter(|table| !updates_of(*table).updates.is_empty()).collect();
    let reads = updated.iter().map(|table| {
        let keys = ColumnBatch::ints(updates_of(*table).updates.keys().copied());
        (&sql::of(*table).read, vec![keys])
    });
    let results = transaction.run(reads.collect()).await?;
    let mut stored: [Vec<StoredRow>; MirroredTable::COUNT] = std::array::from_fn(|_| Vec::new());
    for (table, result) in updated.iter().zip(results) {
        stored[*table as usize] = result.stored_rows(mirror::spec(*table))?;
    }

    let missing = MirroredTable::ALL.into_iter().filter_map(|table| {
        let statement = stubs(table, updates_of(table), &stored[table as usize], now_ms)?;
        Some((table, statement))
    });
    let (missing, statements): (Vec<_>, Vec<_>) = missing.unzip();
    let mut changes = Vec::new();
    for (table, result) in missing.into_iter().zip(transaction.run(statements).await?) {
        changes.extend(result.keys()?.into_iter().map(|id| Change { entity: table.name(), id }));
    }

    let mut statements: Vec<BoundStatement> = Vec::new();
    let (mut token_cutoffs, mut balances) = (TokenCutoffs::default(), BalanceChanges::default());
    for (table, stored) in MirroredTable::ALL.into_iter().zip(stored) {
        let rows = MergedRows::merge(table, updates_of(table), stored, now_ms, &mut balances);
        statements.extend(rows.statements(now_ms));
        changes.extend(rows.changes());
        token_cutoffs.extend(rows.token_cutoffs);
    }
    if !balances.is_empty() {
        statements.push((&sql::DELETE_BALANCES_BY_KIND, balances.deletions()));
        statements.extend(balances.upserts().map(|columns| (&*sql::UPSERT_BALANCES, columns)));
    }
    changes.sort_unstable();
    changes.dedup();
    Ok(MergedTables { changes, statements, token_cutoffs })
}

/// Inserts rows for ids that are only referred to, and for new promoters: promotions are written before promoters
/// and refer to them. All other rows are written after the rows they refer to. Returns the new keys.
fn stubs(
    table: MirroredTable,
    updates: &TableUpdates<'_>,
    stored: &[StoredRow],
    now_ms: i64,
) -> Option<BoundStatement> {
    let mut missing = updates.referenced.clone();
    if table == MirroredTable::Promoter {
        missing.extend(updates.updates.keys());
        for stored in stored {
            missing.remove(&stored.id);
        }
    } else {
        missing.retain(|id| !updates.updates.contains_key(id));
    }
    if missing.is_empty() {
        return None;
    }
    let times = missing.iter().map(|_| now_ms).collect::<Vec<_>>();
    let columns = vec![ColumnBatch::ints(missing), ColumnBatch::ints(times.clone()), ColumnBatch::ints(times)];
    Some((&sql::of(table).stubs, columns))
}
