//! Servers, their database, and who sends to them.

use std::{sync::atomic::Ordering, time::Duration};

use promograph::database::sqlite_url;
use tokio::time::{sleep, timeout};

use super::load::Load;
use crate::support::{Cluster, Dice, Promograph, Server};

/// What the servers write to.
pub enum Database {
    Postgres(Cluster),
    /// The file in the data directory of the only server.
    Sqlite,
}

pub struct Site {
    pub database: Database,
    pub promographs: Vec<Promograph>,
    pub servers: Vec<Option<Server>>,
    pub load: Load,
}

impl Site {
    /// Starts the servers and the senders.
    pub async fn open(database: Database, promographs: Vec<Promograph>, seed: u64) -> Self {
        let mut servers = Vec::new();
        for promograph in &promographs {
            servers.push(Some(promograph.serve().await));
        }
        let load = Load::start(addresses(&servers), seed);
        Self { database, promographs, servers, load }
    }

    pub fn url(&self) -> String {
        match &self.database {
            Database::Postgres(cluster) => cluster.url(),
            Database::Sqlite => sqlite_url(&self.promographs[0].data_dir().join("promograph.db")),
        }
    }

    pub fn cluster(&self) -> &Cluster {
        match &self.database {
            Database::Postgres(cluster) => cluster,
            Database::Sqlite => panic!("this blow is for PostgreSQL"),
        }
    }

    /// Lets the senders be answered some times, or some time pass: wherever that meets the servers.
    pub async fn moment(&self, dice: &mut Dice) {
        let answers = &self.load.told.answers;
        let enough = answers.load(Ordering::SeqCst) + dice.number(150).unsigned_abs();
        let limit = Duration::from_micros(dice.number(600_000).unsigned_abs());
        let answered = async {
            while answers.load(Ordering::SeqCst) < enough {
                sleep(Duration::from_millis(1)).await;
            }
        };
        // Both ends are as good: the moment is to be any.
        let _ = timeout(limit, answered).await;
    }

    pub fn server(&self, number: usize) -> &Server {
        self.servers[number].as_ref().unwrap()
    }

    /// `kill -9`, and another start.
    pub async fn kill(&mut self, number: usize) {
        self.servers[number].take().unwrap().kill();
        self.start(number).await;
    }

    /// `SIGTERM`, which has to end in order, and another start.
    pub async fn terminate(&mut self, number: usize) {
        assert_eq!(self.servers[number].take().unwrap().stop().await, Some(0));
        self.start(number).await;
    }

    async fn start(&mut self, number: usize) {
        self.servers[number] = Some(self.promographs[number].serve().await);
        self.load.told.direct(addresses(&self.servers));
    }

    pub fn assert_servers_run(&mut self) {
        for server in self.servers.iter_mut().flatten() {
            assert!(server.is_running(), "a server has ended by itself");
        }
    }
}

fn addresses(servers: &[Option<Server>]) -> Vec<String> {
    servers.iter().flatten().map(|server| server.address.clone()).collect()
}
