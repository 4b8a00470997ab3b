//! The schema's migrations: applying, reverting and listing them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use migration::{Migrator, MigratorTrait as _};
use sea_orm::{
    ConnectionTrait as _, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait as _,
};

use super::{Database, Workload};
use crate::time::now_ms;

/// The key of our advisory lock on `PostgreSQL`.
const ADVISORY_LOCK: i64 = 0x7072_6f6d_6f67_7270;

/// Reverting it truncates the fractions of amounts.
const TRUNCATES_AMOUNTS: &str = "m20261129_000011_count_in_ten_thousandths";

/// Columns that a step renamed, with their names before: undoing it loses nothing.
const RENAMED: [(&str, &str); 1] = [("field_clocks", "told")];

/// Applies all missing migrations, or none. Processes that start together run it one after the other.
///
/// # Errors
/// When a step fails, or the database is newer than this program.
pub async fn up(db: &Database) -> anyhow::Result<()> {
    if pending(db).await?.is_empty() {
        return Ok(());
    }
    let _lock = db.lock_writer().await;
    let transaction = begin(db).await.context("cannot begin the migration")?;
    Migrator::up(&transaction, None).await.context("cannot migrate the database")?;
    let has_events = has_applied_events(&transaction).await.context("cannot read the events")?;
    transaction.commit().await.context("cannot migrate the database")?;
    if has_events {
        tracing::warn!(
            "the schema has changed: `promograph projection rebuild` fills what is new in it from the stored events"
        );
    }
    Ok(())
}

async fn has_applied_events(transaction: &DatabaseTransaction) -> Result<bool, DbErr> {
    let sql = "select 1 from webhook_event where status = 'applied' limit 1";
    let statement = Statement::from_string(transaction.get_database_backend(), sql);
    Ok(transaction.query_one_raw(statement).await?.is_some())
}

/// The data that reverting the last migrations would delete.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// The migrations, the last one first.
    pub steps: Vec<String>,
    /// Tables, columns as `table.column`, and `table.amount (fractions)` for truncated amounts, each with the number of
    /// rows that hold a value.
    pub lost: BTreeMap<String, u64>,
    /// Whether the stored events stay, from which the mirrored tables can be rebuilt.
    pub keeps_events: bool,
}

/// The data that reverting the last migrations would delete: found by reverting them in a transaction that is rolled
/// back.
///
/// # Errors
/// As [`down`].
pub async fn losses(db: &Database, steps: u32) -> anyhow::Result<Losses> {
    let missing = pending(db).await?;
    let names = Migrator::migrations().into_iter().map(|step| step.name().to_owned());
    let applied = names.filter(|name| !missing.contains(name)).collect::<Vec<_>>().into_iter().rev();
    let steps_undone: Vec<_> = applied.take(usize::try_from(steps).unwrap_or(usize::MAX)).collect();
    let (gone, fractions) = {
        let _lock = db.lock_writer().await;
        let transaction = begin(db).await.context("cannot begin the migration")?;
        let before = columns(&transaction).await?;
        refuse_beside_a_server(&transaction, &before).await?;
        let truncates = steps_undone.iter().any(|step| step == TRUNCATES_AMOUNTS);
        let mut fractions = if truncates { fractions(&transaction).await? } else { Vec::new() };
        Migrator::down(&transaction, Some(steps)).await.context("cannot undo the migration")?;
        let after = columns(&transaction).await?;
        transaction.rollback().await.context("cannot undo the migration")?;
        // A deleted table is listed itself.
        fractions.retain(|(table, rows)| *rows > 0 && is_table_in(&after, table));
        let is_renamed = |(table, column): &(String, String)| {
            RENAMED.iter().any(|(new, old)| column == new && after.contains(&(table.clone(), (*old).to_owned())))
        };
        let gone = before
            .difference(&after)
            .filter(|column| !is_renamed(column))
            .cloned()
            .map(|column| (is_table_in(&after, &column.0), column));
        (gone.collect::<Vec<_>>(), fractions)
    };
    let mut losses = Losses { steps: steps_undone, keeps_events: true, ..Losses::default() };
    for (table_stays, (table, column)) in gone {
        losses.keeps_events &= table_stays || table != "webhook_event";
        let (name, sql) = if table_stays {
            (format!("{table}.{column}"), format!(r#"select count("{column}") from "{table}""#))
        } else {
            (table.clone(), format!(r#"select count(*) from "{table}""#))
        };
        if let std::collections::btree_map::Entry::Vacant(entry) = losses.lost.entry(name) {
            let row = db.write.query_one_raw(Statement::from_string(db.backend, sql)).await?;
            let rows: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
            entry.insert(rows.unsigned_abs());
        }
    }
    losses.lost.extend(fractions.into_iter().map(|(table, rows)| (format!("{table}.amount (fractions)"), rows)));
    Ok(losses)
}

/// Rows whose amounts are not whole, which the migration before cannot store.
async fn fractions(transaction: &DatabaseTransaction) -> Result<Vec<(&'static str, u64)>, DbErr> {
    let mut found = Vec::new();
    for table in ["balance", "commission"] {
        let sql = format!("select count(*) from {table} where amount % 10000 <> 0");
        let statement = Statement::from_string(transaction.get_database_backend(), sql);
        let row = transaction.query_one_raw(statement).await?;
        let rows: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
        found.push((table, rows.unsigned_abs()));
    }
    Ok(found)
}

/// Reverts the last migrations, and deletes the data in the tables and columns that they added.
///
/// # Errors
/// When a step fails, a server works on the database, or the database is newer than this program.
pub async fn down(db: &Database, steps: u32) -> anyhow::Result<()> {
    pending(db).await?;
    let _lock = db.lock_writer().await;
    let transaction = begin(db).await.context("cannot begin the migration")?;
    let before = columns(&transaction).await?;
    refuse_beside_a_server(&transaction, &before).await?;
    Migrator::down(&transaction, Some(steps)).await.context("cannot undo the migration")?;
    transaction.commit().await.context("cannot undo the migration")
}

/// A running server would use tables that are gone. One of the servers on this database holds the projector's lease,
/// and none can take it over while this transaction locks its row.
async fn refuse_beside_a_server(transaction: &DatabaseTransaction, columns: &Columns) -> anyhow::Result<()> {
    if !is_table_in(columns, "lease") {
        return Ok(());
    }
    let backend = transaction.get_database_backend();
    let lock = if backend == DbBackend::Sqlite { "" } else { " for update" };
    let sql = format!("select max(expires_at) from (select expires_at from lease{lock}) as leases");
    let row = transaction.query_one_raw(Statement::from_string(backend, sql)).await?;
    let expires_at: Option<i64> = row.map_or(Ok(None), |row| row.try_get_by_index(0))?;
    anyhow::ensure!(
        expires_at.is_none_or(|expires_at| expires_at <= now_ms()),
        "a server works on this database: stop all servers on it first (a killed one counts as running for about ten seconds)"
    );
    Ok(())
}

/// The columns of all tables: table and column.
type Columns = BTreeSet<(String, String)>;

async fn columns(transaction: &DatabaseTransaction) -> anyhow::Result<Columns> {
    let backend = transaction.get_database_backend();
    let sql = if backend == DbBackend::Sqlite {
        "select m.name, c.name from sqlite_master m, pragma_table_xinfo(m.name) c \
            where m.type = 'table' and m.name not like 'sqlite_%'"
    } else {
        "select table_name::text, column_name::text from information_schema.columns where table_schema = current_schema()"
    };
    let rows = transaction.query_all_raw(Statement::from_string(backend, sql)).await?;
    let rows = rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)));
    Ok(rows.collect::<Result<_, DbErr>>()?)
}

fn is_table_in(columns: &Columns, table: &str) -> bool {
    columns.iter().any(|(name, _)| name == table)
}

/// The names of all migrations, in order, and whether each is applied. Read-only.
///
/// # Errors
/// When the database does not answer, or is newer than this program.
pub async fn steps(db: &Database) -> anyhow::Result<Vec<(String, bool)>> {
    let pending = pending(db).await?;
    let names = Migrator::migrations().into_iter().map(|step| step.name().to_owned());
    Ok(names.map(|name| (name.clone(), !pending.contains(&name))).collect())
}

/// Whether any migration is applied: otherwise this is not a Promograph database. Read-only.
///
/// # Errors
/// As [`steps`].
pub async fn has_begun(db: &Database) -> anyhow::Result<bool> {
    Ok(pending(db).await?.len() < Migrator::migrations().len())
}

/// Fails if a migration is missing. Read-only.
///
/// # Errors
/// As [`steps`], and when one is.
pub async fn complete(db: &Database) -> anyhow::Result<()> {
    let missing = pending(db).await?;
    anyhow::ensure!(missing.is_empty(), "{} migrations are missing: run `promograph migrate up`", missing.len());
    Ok(())
}

/// The names of the missing migrations, in order. Read-only.
///
/// # Errors
/// As [`steps`].
pub async fn pending(db: &Database) -> anyhow::Result<Vec<String>> {
    let pending = match Migrator::get_pending_migrations_read_only(&db.internal(Workload::Monitoring)).await {
        // Only for an applied migration that is unknown here.
        Err(DbErr::Custom(_)) => anyhow::bail!(
            "this database was migrated by a newer promograph (migration {} is unknown here): use that version or a \
                later one, or let that version undo it (`promograph migrate down`)",
            unknown(db).await?.join(", ")
        ),
        pending => pending.context("cannot read which migrations are applied")?,
    };
    Ok(pending.iter().map(|step| step.name().to_owned()).collect())
}

/// The names of applied migrations that are unknown here.
async fn unknown(db: &Database) -> anyhow::Result<Vec<String>> {
    let applied = Statement::from_string(db.backend, "select version from seaql_migrations order by version");
    let applied = db.internal(Workload::Monitoring).query_all_raw(applied).await?;
    let applied = applied.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<String>, _>>()?;
    let ours = Migrator::migrations();
    Ok(applied.into_iter().filter(|name| ours.iter().all(|step| step.name() != name)).collect())
}

/// A transaction that excludes other migrations.
async fn begin(db: &Database) -> Result<DatabaseTransaction, DbErr> {
    let immediate = Some(SqliteTransactionMode::Immediate).filter(|_| db.is_sqlite());
    let options = TransactionOptions { sqlite_transaction_mode: immediate, ..TransactionOptions::default() };
    let transaction = db.write.begin_with_options(options).await?;
    if !db.is_sqlite() {
        // Ends with the transaction, so it also works through a connection pooler.
        transaction.execute_unprepared(&format!("select pg_advisory_xact_lock({ADVISORY_LOCK})")).await?;
    }
    Ok(transaction)
}
