//! The schema's steps: applying, undoing and listing them.

use anyhow::Context as _;
use migration::{Migrator, MigratorTrait as _};
use sea_orm::{
    ConnectionTrait as _, DatabaseTransaction, DbErr, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait as _,
};

use super::{Database, Purpose};

/// Names our lock among `PostgreSQL`'s advisory locks.
const LOCK: i64 = 0x7072_6f6d_6f67_7270;

/// Applies every step that is missing, all or none. Processes that start together take turns.
///
/// # Errors
/// When a step fails, or the database is newer than this program.
pub async fn up(db: &Database) -> anyhow::Result<()> {
    if pending(db).await?.is_empty() {
        return Ok(());
    }
    let _turn = db.turns.after_inbox().await;
    let transaction = begin(db).await.context("cannot begin the migration")?;
    Migrator::up(&transaction, None).await.context("cannot migrate the database")?;
    transaction.commit().await.context("cannot migrate the database")
}

/// Undoes the last steps, and what was stored in what they made.
///
/// # Errors
/// When a step fails, or the database is newer than this program.
pub async fn down(db: &Database, steps: u32) -> anyhow::Result<()> {
    pending(db).await?;
    let _turn = db.turns.after_inbox().await;
    let transaction = begin(db).await.context("cannot begin the migration")?;
    Migrator::down(&transaction, Some(steps)).await.context("cannot undo the migration")?;
    transaction.commit().await.context("cannot undo the migration")
}

/// The names of all steps, in order, and whether each is applied. Only reads.
///
/// # Errors
/// When the database does not answer, or is newer than this program.
pub async fn steps(db: &Database) -> anyhow::Result<Vec<(String, bool)>> {
    let pending = pending(db).await?;
    let names = Migrator::migrations().into_iter().map(|step| step.name().to_owned());
    Ok(names.map(|name| (name.clone(), !pending.contains(&name))).collect())
}

/// The names of the steps that are missing, in order. Only reads.
///
/// # Errors
/// As [`steps`].
pub async fn pending(db: &Database) -> anyhow::Result<Vec<String>> {
    let pending = match Migrator::get_pending_migrations_read_only(&db.for_ourselves(Purpose::Watching)).await {
        // Only for what is applied and has no step of that name here.
        Err(DbErr::Custom(_)) => anyhow::bail!(
            "this database was migrated by a newer promograph (migration {} is unknown here): use that version or a \
                later one, or let that version undo it (`promograph migrate down`)",
            unknown(db).await?.join(", ")
        ),
        pending => pending.context("cannot read which migrations are applied")?,
    };
    Ok(pending.iter().map(|step| step.name().to_owned()).collect())
}

/// The names of the steps that were applied and are none of ours.
async fn unknown(db: &Database) -> anyhow::Result<Vec<String>> {
    let applied = Statement::from_string(db.backend, "select version from seaql_migrations order by version");
    let applied = db.for_ourselves(Purpose::Watching).query_all_raw(applied).await?;
    let applied = applied.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<String>, _>>()?;
    let ours = Migrator::migrations();
    Ok(applied.into_iter().filter(|name| ours.iter().all(|step| step.name() != name)).collect())
}

/// A transaction that nobody else's migration can overtake.
async fn begin(db: &Database) -> Result<DatabaseTransaction, DbErr> {
    let immediate = Some(SqliteTransactionMode::Immediate).filter(|_| db.is_sqlite());
    let options = TransactionOptions { sqlite_transaction_mode: immediate, ..TransactionOptions::default() };
    let transaction = db.write.begin_with_options(options).await?;
    if !db.is_sqlite() {
        // Ends with the transaction, so it also works through a connection pooler.
        transaction.execute_unprepared(&format!("select pg_advisory_xact_lock({LOCK})")).await?;
    }
    Ok(transaction)
}
