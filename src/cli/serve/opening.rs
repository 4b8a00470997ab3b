//! Opening the database at the start, or in the background while it is away.

use std::time::Duration;

use sea_orm::DbErr;
use tokio::{
    task::JoinHandle,
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::super::lock::Lock;
use crate::{
    data_dir::DataDir,
    database::{self, Component, Database, DatabaseUnavailable, Gate, failure::is_outage, history},
    intake::Spool,
    settings::DatabaseArgs,
};

/// How long the start waits for a database before webhooks are taken without it.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often a database that is away is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// What a server works with.
pub(super) struct Opened {
    pub db: Database,
    /// Open when the schema is the one we know.
    pub gate: Gate,
    /// None beside `SQLite`: where its file cannot be written, another beside it cannot either.
    pub spool: Option<Spool>,
    /// No other server on the same files.
    pub lock: Lock,
}

/// Opens the database and the spool.
///
/// The first start in a data directory needs the database, so that a wrong URL is noticed. Later ones
/// do not wait for one that is away: then webhooks go to the spool until it is back.
pub(super) async fn open(
    settings: &DatabaseArgs,
    migrate: bool,
    background: &TaskTracker,
    stop: &CancellationToken,
    inbox_stop: &CancellationToken,
) -> anyhow::Result<Opened> {
    // What is refused leaves nothing behind.
    settings.check()?;
    DataDir::check(&settings.data_dir)?;
    if !migrate {
        settings.find()?;
    }
    if settings.is_sqlite()? {
        settings.prepare()?;
        let lock = Lock::take(settings)?;
        migrated(settings, migrate).await?;
        let db = checked(settings).await?;
        if let Some(file) = database::sqlite_file(settings.url()?.expose()) {
            database::warn_if_readable_by_others(&file);
        }
        return Ok(Opened { db, gate: Gate::opened(), spool: None, lock });
    }
    if !Spool::exists(&DataDir::at(&settings.data_dir)) {
        migrated(settings, migrate).await?;
        let db = checked(settings).await?;
        let (data_dir, lock) = (settings.open_data_dir()?, Lock::take(settings)?);
        let spool = Spool::open(&data_dir, inbox_stop.clone()).await?;
        return Ok(Opened { db, gate: Gate::opened(), spool: Some(spool), lock });
    }
    let (data_dir, lock) = (settings.open_data_dir()?, Lock::take(settings)?);
    let spool = Spool::open(&data_dir, inbox_stop.clone()).await?;
    let (db, gate) = (settings.connect_lazily().await?, Gate::closed());
    let mut first = tokio::spawn(prepared(settings.clone(), migrate, db.clone()));
    let unfinished = match timeout(PATIENCE, &mut first).await {
        Ok(Ok(Ok(()))) => {
            gate.open();
            return Ok(Opened { db, gate, spool: Some(spool), lock });
        }
        Ok(Ok(Err(error))) if tells_of_outage(&error) => {
            say(&db, &error);
            None
        }
        Ok(Ok(Err(error))) => return Err(error),
        Ok(Err(panicked)) => return Err(panicked.into()),
        Err(_) => {
            tracing::warn!("the database does not answer yet, or is being migrated: webhooks go to the spool");
            Some(first)
        }
    };
    let keep_trying = Box::pin(keep_trying(unfinished, settings.clone(), migrate, db.clone(), gate.clone()));
    let stop = stop.clone();
    background.spawn(async move { stop.run_until_cancelled(keep_trying).await });
    Ok(Opened { db, gate, spool: Some(spool), lock })
}

async fn keep_trying(
    mut unfinished: Option<JoinHandle<anyhow::Result<()>>>,
    settings: DatabaseArgs,
    migrate: bool,
    db: Database,
    gate: Gate,
) {
    loop {
        let attempt = match unfinished.take() {
            Some(attempt) => attempt.await.unwrap_or_else(|panicked| Err(panicked.into())),
            None => prepared(settings.clone(), migrate, db.clone()).await,
        };
        match attempt {
            Ok(()) => {
                db.outages.works(Component::Opening);
                return gate.open();
            }
            // Whatever it is, to end the process now would end taking webhooks.
            Err(error) => say(&db, &error),
        }
        sleep(PAUSE).await;
    }
}

fn say(db: &Database, error: &anyhow::Error) {
    db.outages.failed(Component::Opening, format!("it cannot be opened yet, so webhooks go to the spool: {error:#}"));
}

/// Migrates, and looks whether the connected database has what we need.
async fn prepared(settings: DatabaseArgs, migrate: bool, db: Database) -> anyhow::Result<()> {
    migrated(&settings, migrate).await?;
    history::complete(&db).await
}

async fn migrated(settings: &DatabaseArgs, migrate: bool) -> anyhow::Result<()> {
    if migrate {
        let direct = settings.connect_for_migration().await?;
        history::up(&direct).await?;
        direct.close().await?;
    }
    Ok(())
}

async fn checked(settings: &DatabaseArgs) -> anyhow::Result<Database> {
    let db = settings.connect().await?;
    history::complete(&db).await?;
    Ok(db)
}

fn tells_of_outage(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.is::<DatabaseUnavailable>() || cause.downcast_ref::<DbErr>().is_some_and(is_outage))
}
