//! What is done to servers and databases.

use std::sync::atomic::Ordering;

use sea_orm::{ConnectionTrait as _, SqliteTransactionMode, TransactionOptions, TransactionTrait as _};

use super::site::Site;
use crate::support::{Dice, eventually};

/// More webhooks than can be on their way to the database when an outage begins.
const ANSWERS: u64 = 30;

/// One thing that goes wrong, and is mended again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blow {
    KillServer,
    TerminateServer,
    FreezeServer,
    StopDatabase,
    CrashDatabase,
    KillDatabase,
    FreezeDatabase,
    /// The connections of all servers are cut, the projectors' too.
    CutConnections,
    /// The lease is cut out of the hands of who holds it: as if it had slept for too long.
    RobProjector,
    FillDiskOfDatabase,
    /// While the database is away.
    FillDiskOfSpool,
    /// Another program writes for a while.
    LockFile,
    /// Another program writes until webhooks are refused.
    LockFileForLong,
    FillDiskOfSqlite,
}

impl Blow {
    pub const ON_POSTGRES: [Self; 9] = [
        Self::KillServer,
        Self::TerminateServer,
        Self::FreezeServer,
        Self::StopDatabase,
        Self::CrashDatabase,
        Self::KillDatabase,
        Self::FreezeDatabase,
        Self::CutConnections,
        Self::RobProjector,
    ];
    pub const ON_SMALL_DISKS: [Self; 3] = [Self::FillDiskOfDatabase, Self::FillDiskOfSpool, Self::KillServer];
    pub const ON_SQLITE: [Self; 10] = [
        Self::KillServer,
        Self::KillServer,
        Self::KillServer,
        Self::TerminateServer,
        Self::TerminateServer,
        Self::FreezeServer,
        Self::LockFile,
        Self::LockFile,
        Self::LockFileForLong,
        Self::RobProjector,
    ];
    pub const ON_SMALL_DISK_OF_SQLITE: [Self; 4] =
        [Self::FillDiskOfSqlite, Self::FillDiskOfSqlite, Self::KillServer, Self::TerminateServer];

    /// Begins it, waits for some moment (in which a server may be killed too), and ends it.
    pub async fn strike(self, site: &mut Site, dice: &mut Dice) {
        let number = dice.below(site.servers.len());
        match self {
            Self::KillServer => site.kill(number).await,
            Self::TerminateServer => site.terminate(number).await,
            Self::FreezeServer => {
                site.server(number).freeze();
                site.moment(dice).await;
                site.server(number).thaw();
            }
            Self::CutConnections => {
                let cut = "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'";
                site.cluster().run(cut).await;
            }
            Self::RobProjector => self.rob(site).await,
            Self::StopDatabase => site.cluster().stop().await,
            Self::CrashDatabase => site.cluster().crash().await,
            Self::KillDatabase => site.cluster().kill().await,
            Self::FreezeDatabase => site.cluster().freeze(),
            Self::FillDiskOfDatabase => site.cluster().fill_disk(),
            Self::FillDiskOfSpool => {
                site.cluster().stop().await;
                site.promographs[number].disk().fill();
                refused(site).await;
            }
            Self::LockFile | Self::LockFileForLong => self.lock(site, dice).await,
            Self::FillDiskOfSqlite => {
                site.promographs[number].disk().fill();
                refused(site).await;
            }
        }
        if self.is_outage() {
            site.moment(dice).await;
            if dice.percent(60) {
                // So long that nothing but spools can have answered.
                answered(site).await;
            }
            if dice.percent(40) {
                site.kill(number).await;
                site.moment(dice).await;
            }
        }
        self.end(site, number).await;
    }

    /// Whether it lasts until it is ended.
    fn is_outage(self) -> bool {
        matches!(
            self,
            Self::StopDatabase
                | Self::CrashDatabase
                | Self::KillDatabase
                | Self::FreezeDatabase
                | Self::FillDiskOfDatabase
        )
    }

    async fn end(self, site: &Site, number: usize) {
        match self {
            Self::StopDatabase | Self::CrashDatabase | Self::KillDatabase => site.cluster().resume().await,
            Self::FreezeDatabase => site.cluster().thaw(),
            Self::FillDiskOfDatabase => site.cluster().free_disk().await,
            Self::FillDiskOfSpool => {
                // Its disk is needed neither for the database nor for emptying it.
                site.cluster().resume().await;
                answered(site).await;
                site.promographs[number].disk().free();
            }
            Self::FillDiskOfSqlite => site.promographs[number].disk().free(),
            _ => {}
        }
    }

    async fn rob(self, site: &Site) {
        let rob = "update lease set fencing_token = fencing_token + 1, owner = 'nobody'";
        let db = sea_orm::Database::connect(site.url()).await.unwrap();
        db.execute_unprepared(rob).await.unwrap();
        db.close().await.unwrap();
    }

    async fn lock(self, site: &Site, dice: &mut Dice) {
        let other = sea_orm::Database::connect(site.url()).await.unwrap();
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let lock = other.begin_with_options(options).await.unwrap();
        if self == Self::LockFileForLong {
            refused(site).await;
        } else {
            site.moment(dice).await;
        }
        lock.rollback().await.unwrap();
        other.close().await.unwrap();
    }
}

/// Waits until webhooks are answered, more than can be on their way to the database.
async fn answered(site: &Site) {
    let answers = || site.load.told.answers.load(Ordering::SeqCst);
    let before = answers();
    eventually("webhooks are answered", async || answers() > before + ANSWERS).await;
}

/// Waits until a webhook is refused.
async fn refused(site: &Site) {
    let refusals = || site.load.told.refusals.load(Ordering::SeqCst);
    let before = refusals();
    eventually("a webhook is refused", async || refusals() > before).await;
}
