//! A migrated database of its own for every test, on both backends.

use std::sync::atomic::{AtomicU32, Ordering};

use migration::{Migrator, MigratorTrait as _};
use promograph::database::{Database, sqlite_url};
use sea_orm::ConnectionTrait as _;

use super::Cluster;

/// The two databases that every test of reading and writing runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// A fresh database, gone when dropped.
pub struct TestDatabase {
    pub database: Database,
    pub url: String,
    pub backend: Backend,
    _folder: Option<tempfile::TempDir>,
}

/// Runs a test on both.
pub async fn on_both<F: Future<Output = ()>>(test: impl Fn(TestDatabase) -> F) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        eprintln!("on {backend:?}");
        test(TestDatabase::migrated(backend).await).await;
    }
}

impl TestDatabase {
    /// With all migrations applied.
    pub async fn migrated(backend: Backend) -> Self {
        let test = Self::empty(backend).await;
        Migrator::up(&test.database.write, None).await.expect("migrations apply");
        test
    }

    /// On a `PostgreSQL` that can be stopped.
    pub async fn on(cluster: &Cluster) -> Self {
        let url = cluster.url();
        let database = Database::connect(&url).await.expect("the test database answers");
        Migrator::up(&database.write, None).await.expect("migrations apply");
        Self { database, url, backend: Backend::Postgres, _folder: None }
    }

    /// Without any table.
    pub async fn empty(backend: Backend) -> Self {
        let (url, folder) = match backend {
            Backend::Sqlite => {
                let folder = tempfile::tempdir().expect("a temporary folder");
                (sqlite_url(&folder.path().join("test.db")), Some(folder))
            }
            Backend::Postgres => (create_postgres().await, None),
        };
        let database = Database::connect(&url).await.expect("the test database answers");
        Self { database, url, backend, _folder: folder }
    }
}

/// The server to use: `make test` starts one and names it here.
pub fn postgres_url() -> String {
    std::env::var("PROMOGRAPH_TEST_POSTGRES")
        .expect("PROMOGRAPH_TEST_POSTGRES names a PostgreSQL server to test on; `make test` starts one and sets it")
}

async fn create_postgres() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = postgres_url();
    let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let admin = sea_orm::Database::connect(format!("{server}/postgres")).await.expect("the test server answers");
    admin.execute_unprepared(&format!("create database {name}")).await.expect("a database can be created");
    admin.close().await.expect("closes");
    format!("{server}/{name}")
}
