//! A batch of events into the tables: one transaction that reads the touched rows once per table,
//! merges in memory, writes each table with one statement, and marks the events.

use std::time::{Duration, Instant};

use sea_orm::sqlx;
use thiserror::Error;

use super::{
    changes::{Change, Changes, Commit},
    events::Outcome,
    facts::Facts,
    lease::Lease,
    tables::Table,
};
use crate::database::{Database, fault::Fault};

mod balances;
mod batch;
mod begin;
mod grid;
mod lineage;
pub mod sql;
mod transaction;

pub use balances::{Balances, KINDS};
use batch::Rows;
pub use batch::{TableFacts, by_table, columns};
pub use grid::Values;
pub use sql::Content;
pub use transaction::{Stored, Transaction};

/// Why a batch was not applied. Nothing of it is stored then.
#[derive(Debug, Error)]
pub enum ApplyError {
    /// Another process projects now.
    #[error("another process has taken over")]
    NotOurs,
    /// The database cannot write now; the events are not to blame.
    #[error("the database cannot write now: {0}")]
    Unavailable(sqlx::Error),
    /// The database refuses what some event of the batch tells.
    #[error("the database refuses it: {0}")]
    Refused(String),
}

impl From<sqlx::Error> for ApplyError {
    fn from(error: sqlx::Error) -> Self {
        match (Fault::from(&error), &error) {
            (Fault::Data(reason), _) => Self::Refused(reason),
            // A stored row that cannot be read: its event stands alone in the end, and says so.
            (_, sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. }) => {
                Self::Refused("a stored row cannot be read".to_owned())
            }
            _ => Self::Unavailable(error),
        }
    }
}

/// Writes what these events (our own id of each) tell, which rows they told, and what became of all
/// `outcomes`; all of it or nothing. Tells the change notices after the commit. Gives how long others
/// could not write. The lease counts from `now_ms`; rows and events say that they were written `at`.
///
/// # Errors
/// See [`ApplyError`].
pub async fn apply(
    db: &Database,
    lease: &mut Lease,
    changes: &Changes,
    facts: &[(&str, &Facts)],
    outcomes: &[&Outcome],
    (now_ms, at): (i64, i64),
) -> Result<Duration, ApplyError> {
    let tables = by_table(facts.iter().map(|(_, facts)| *facts));
    let mut transaction = Transaction::begin_lightly(db).await?;
    let began = Instant::now();
    let expires_at = lease.extended(now_ms);
    if !transaction.fence(lease.owner(), lease.token(), expires_at).await? {
        return Err(ApplyError::NotOurs);
    }
    let rows = write_tables(&mut transaction, &tables, at).await?;
    let lineage = lineage::pairs(facts);
    let event = facts.iter().map(|(event, _)| *event).max().map(Into::into);
    let commit = Commit { rows: rows.into(), at, event };
    if !commit.rows.is_empty() || !lineage.is_empty() {
        transaction.note(&commit).await?;
    }
    for (sql, pairs) in lineage {
        transaction.write(sql, pairs).await?;
    }
    transaction.write(&sql::MARK, Outcome::columns(outcomes, at)).await?;
    transaction.commit().await?;
    let held = began.elapsed();
    lease.was_extended(expires_at);
    changes.committed(commit);
    Ok(held)
}

/// Gives the rows that are new or whose values changed, by table.
pub async fn write_tables(
    transaction: &mut Transaction,
    tables: &[TableFacts<'_>; Table::COUNT],
    now_ms: i64,
) -> Result<Vec<Change>, ApplyError> {
    let mut balances = Balances::default();
    let mut merged = Vec::with_capacity(Table::COUNT);
    let mut changed = Vec::new();
    for table in Table::ALL {
        let facts = &tables[table as usize];
        let mut known = Vec::new();
        if !facts.told.is_empty() {
            let keys = Values::ints(facts.told.keys().copied());
            known = transaction.read(&sql::of(table).read, table.spec(), keys).await?;
        }
        let new = stubs(transaction, table, facts, &known, now_ms).await?;
        changed.extend(new.into_iter().map(|id| Change { entity: table.spec().name, id }));
        merged.push(Rows::merge(table, facts, known, now_ms, &mut balances));
    }
    for rows in &merged {
        for (sql, columns) in rows.statements(now_ms) {
            transaction.write(sql, columns).await?;
        }
        changed.extend(rows.changes());
    }
    if !balances.is_empty() {
        transaction.write(&sql::FORGET_BALANCES, balances.removed()).await?;
        if let Some(columns) = balances.added() {
            transaction.write(&sql::ADD_BALANCES, columns).await?;
        }
    }
    changed.sort_unstable();
    changed.dedup();
    Ok(changed)
}

/// Makes rows of ids that are only referred to, and of new promoters: promotions are written before
/// them and refer to them. All other rows are written after what they refer to. Gives what was new.
async fn stubs(
    transaction: &mut Transaction,
    table: Table,
    facts: &TableFacts<'_>,
    known: &[transaction::Stored],
    now_ms: i64,
) -> Result<Vec<i64>, ApplyError> {
    let mut missing = facts.referred.clone();
    if table == Table::Promoter {
        missing.extend(facts.told.keys());
        for stored in known {
            missing.remove(&stored.id);
        }
    } else {
        missing.retain(|id| !facts.told.contains_key(id));
    }
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let times = missing.iter().map(|_| now_ms).collect::<Vec<_>>();
    let columns = vec![Values::ints(missing), Values::ints(times.clone()), Values::ints(times)];
    Ok(transaction.keys(&sql::of(table).stubs, columns).await?)
}
