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
use crate::database::{
    Database,
    failure::{DbFailure, cancelled},
};

mod balances;
mod batch;
mod begin;
mod ended;
mod grid;
pub mod lineage;
pub mod sql;
mod steps;
mod transaction;

pub use balances::{Balances, KINDS};
use batch::Rows;
pub use batch::{TableFacts, by_table, columns};
pub use ended::Ended;
pub use grid::Values;
pub use sql::Content;
pub use steps::{Step, Stored};
pub use transaction::Transaction;

/// Why a batch was not applied. Nothing of it is stored then.
#[derive(Debug, Error)]
pub enum ApplyError {
    /// Another process projects now.
    #[error("another process has taken over")]
    NotOurs,
    /// The database cannot write now; the events are not to blame.
    #[error("the database cannot write now: {0}")]
    Unavailable(sqlx::Error),
    /// The database ended it for the time that it took, or because somebody asked for that: less at once may do.
    #[error("the database ended it: {0}")]
    Ended(String),
    /// The database refuses what some event of the batch tells.
    #[error("the database refuses it: {0}")]
    Refused(String),
}

impl From<sqlx::Error> for ApplyError {
    fn from(error: sqlx::Error) -> Self {
        if let Some(said) = cancelled(&error) {
            return Self::Ended(said.to_owned());
        }
        match (DbFailure::from(&error), &error) {
            (DbFailure::Data(reason), _) => Self::Refused(reason),
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
    let Merged { changes: rows, mut steps, ended } = merge_tables(&mut transaction, &tables, at).await?;
    steps.extend(ended.steps());
    let lineage = lineage::pairs(facts);
    let event = facts.iter().map(|(event, _)| *event).max().map(Into::into);
    let commit = Commit { rows: rows.into(), at, event };
    if !commit.rows.is_empty() || !lineage.is_empty() {
        transaction.note(&commit).await?;
    }
    steps.extend(lineage);
    steps.push((&sql::MARK, Outcome::columns(outcomes, at)));
    transaction.run(steps).await?;
    transaction.commit().await?;
    let held = began.elapsed();
    lease.was_extended(expires_at);
    changes.committed(commit);
    Ok(held)
}

/// What facts come to in the tables: their rows are there by now, and what is left to be run.
pub struct Merged {
    /// The rows that are new or whose values change, by table.
    pub changes: Vec<Change>,
    /// The statements that write them.
    pub steps: Vec<Step>,
    /// The tokens that end with it.
    pub ended: Ended,
}

/// Reads the rows that are told something, merges it into them in memory, and makes rows of those that are missing.
pub async fn merge_tables(
    transaction: &mut Transaction,
    tables: &[TableFacts<'_>; Table::COUNT],
    now_ms: i64,
) -> Result<Merged, ApplyError> {
    let facts = |table: Table| &tables[table as usize];
    let told: Vec<_> = Table::ALL.into_iter().filter(|table| !facts(*table).told.is_empty()).collect();
    let reads = told.iter().map(|table| {
        let keys = Values::ints(facts(*table).told.keys().copied());
        (&sql::of(*table).read, vec![keys])
    });
    let read = transaction.run(reads.collect()).await?;
    let mut known: [Vec<Stored>; Table::COUNT] = std::array::from_fn(|_| Vec::new());
    for (table, done) in told.iter().zip(read) {
        known[*table as usize] = done.stored(table.spec())?;
    }

    let missing = Table::ALL.into_iter().filter_map(|table| {
        let step = stubs(table, facts(table), &known[table as usize], now_ms)?;
        Some((table, step))
    });
    let (missing, steps): (Vec<_>, Vec<_>) = missing.unzip();
    let mut changes = Vec::new();
    for (table, done) in missing.into_iter().zip(transaction.run(steps).await?) {
        changes.extend(done.keys()?.into_iter().map(|id| Change { entity: table.spec().name, id }));
    }

    let (mut steps, mut ended, mut balances) = (Vec::new(), Ended::default(), Balances::default());
    for (table, known) in Table::ALL.into_iter().zip(known) {
        let rows = Rows::merge(table, facts(table), known, now_ms, &mut balances);
        steps.extend(rows.statements(now_ms));
        changes.extend(rows.changes());
        ended.extend(rows.ended);
    }
    if !balances.is_empty() {
        steps.push((&sql::FORGET_BALANCES, balances.removed()));
        steps.extend(balances.added().map(|columns| (&*sql::ADD_BALANCES, columns)));
    }
    changes.sort_unstable();
    changes.dedup();
    Ok(Merged { changes, steps, ended })
}

/// Makes rows of ids that are only referred to, and of new promoters: promotions are written before
/// them and refer to them. All other rows are written after what they refer to. Gives what is new.
fn stubs(table: Table, facts: &TableFacts<'_>, known: &[Stored], now_ms: i64) -> Option<Step> {
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
        return None;
    }
    let times = missing.iter().map(|_| now_ms).collect::<Vec<_>>();
    let columns = vec![Values::ints(missing), Values::ints(times.clone()), Values::ints(times)];
    Some((&sql::of(table).stubs, columns))
}
