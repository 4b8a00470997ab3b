//! Opens the database and the spool at the start; retries in the background while the database is away.

use std::{sync::Arc, time::Duration};

use sea_orm::DbErr;
use tokio::{
    sync::SetOnce,
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::background::{Background, StopTokens};
use crate::{
    cli::lock::ServerLock,
    data_dir::DataDir,
    database::{self, Component, Database, PostgresUnreachable, failure::is_outage, migrations},
    intake::Spool,
    settings::DatabaseArgs,
};

/// How long the start waits for the database before webhooks are accepted without it.
const FIRST_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(1);
/// How long to wait before the database is tried again.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// Where a server stores its data.
pub(super) struct Storage {
    pub db: Database,
    /// Open once the database answered and its schema is complete.
    pub ready: Arc<SetOnce<()>>,
    /// None beside `SQLite`: if its file cannot be written, a spool beside it cannot either.
    pub spool: Option<Spool>,
    /// Keeps other servers off the same files.
    pub lock: ServerLock,
}

/// Opens the database and the spool.
///
/// The first start in a data directory needs the database, so that a wrong URL is noticed. Later starts do not wait for
/// it: webhooks go to the spool until it is back.
pub(super) async fn open(
    settings: &DatabaseArgs,
    migrate: bool,
    background: &Background,
    stop: &StopTokens,
) -> anyhow::Result<Storage> {
    // A refused start leaves nothing behind.
    settings.check()?;
    DataDir::check(&settings.data_dir)?;
    if !migrate {
        settings.find()?;
    }
    if settings.is_sqlite()? {
        settings.prepare()?;
        let lock = ServerLock::take(settings)?;
        migrated(settings, migrate).await?;
        let db = checked(settings).await?;
        if let Some(file) = database::sqlite_file(settings.url()?.expose()) {
            database::warn_if_readable_by_others(&file);
        }
        return Ok(Storage { db, ready: Arc::new(SetOnce::new_with(Some(()))), spool: None, lock });
    }
    if !Spool::exists(&DataDir::at(&settings.data_dir)) {
        migrated(settings, migrate).await?;
        let db = checked(settings).await?;
        let (data_dir, lock) = (settings.open_data_dir()?, ServerLock::take(settings)?);
        let spool = Spool::open(&data_dir, stop.inbox.clone()).await?;
        return Ok(Storage { db, ready: Arc::new(SetOnce::new_with(Some(()))), spool: Some(spool), lock });
    }
    let (data_dir, lock) = (settings.open_data_dir()?, ServerLock::take(settings)?);
    let spool = Spool::open(&data_dir, stop.inbox.clone()).await?;
    let (db, ready) = (settings.connect_lazily().await?, Arc::new(SetOnce::new()));
    let mut first = tokio::spawn(prepared(settings.clone(), migrate, db.clone()));
    let unfinished = match timeout(FIRST_ATTEMPT_TIMEOUT, &mut first).await {
        Ok(Ok(Ok(()))) => {
            let _ = ready.set(());
            return Ok(Storage { db, ready, spool: Some(spool), lock });
        }
        Ok(Ok(Err(error))) if is_outage_error(&error) => {
            report(&db, &error);
            None
        }
        Ok(Ok(Err(error))) => return Err(error),
        Ok(Err(panicked)) => return Err(panicked.into()),
        Err(_) => {
            tracing::warn!("the database does not answer yet, or is being migrated: webhooks go to the spool");
            Some(first)
        }
    };
    let keep_trying = Box::pin(keep_trying(unfinished, settings.clone(), migrate, db.clone(), ready.clone()));
    background.spawn_until(&stop.background, keep_trying);
    Ok(Storage { db, ready, spool: Some(spool), lock })
}

async fn keep_trying(
    mut unfinished: Option<JoinHandle<anyhow::Result<()>>>,
    settings: DatabaseArgs,
    migrate: bool,
    db: Database,
    ready: Arc<SetOnce<()>>,
) {
    loop {
        let attempt = match unfinished.take() {
            Some(attempt) => attempt.await.unwrap_or_else(|panicked| Err(panicked.into())),
            None => prepared(settings.clone(), migrate, db.clone()).await,
        };
        match attempt {
            Ok(()) => {
                db.outages.works(Component::Opening);
                let _ = ready.set(());
                return;
            }
            // Whatever the error is: ending the process would stop accepting webhooks.
            Err(error) => report(&db, &error),
        }
        sleep(RETRY_DELAY).await;
    }
}

fn report(db: &Database, error: &anyhow::Error) {
    db.outages.failed(Component::Opening, format!("it cannot be opened yet, so webhooks go to the spool: {error:#}"));
}

/// Migrates, and checks that the schema is complete.
async fn prepared(settings: DatabaseArgs, migrate: bool, db: Database) -> anyhow::Result<()> {
    migrated(&settings, migrate).await?;
    migrations::complete(&db).await
}

async fn migrated(settings: &DatabaseArgs, migrate: bool) -> anyhow::Result<()> {
    if migrate {
        let direct = settings.connect_for_migration().await?;
        migrations::up(&direct).await?;
        direct.close().await?;
    }
    Ok(())
}

async fn checked(settings: &DatabaseArgs) -> anyhow::Result<Database> {
    let db = settings.connect().await?;
    migrations::complete(&db).await?;
    Ok(db)
}

fn is_outage_error(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.is::<PostgresUnreachable>() || cause.downcast_ref::<DbErr>().is_some_and(is_outage))
}
