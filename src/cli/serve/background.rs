//! The tasks that run beside the requests.

use tokio::task::{JoinError, JoinHandle};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{Server, startup::Storage};
use crate::{
    projection::{NoticePoller, Projector, ProjectorConfig, notice_writer, pg_listener},
    secret::Secret,
    time::now_ms,
};

/// Stops the parts of a server, each after those that feed it.
#[derive(Debug, Default)]
pub(super) struct StopTokens {
    /// No new requests, and an end of open connections.
    pub requests: CancellationToken,
    /// The drainer of the spool.
    pub drainer: CancellationToken,
    /// The inbox and the spool.
    pub inbox: CancellationToken,
    /// Everything else.
    pub background: CancellationToken,
}

/// The running tasks.
#[derive(Debug, Default)]
pub(super) struct Background {
    tasks: TaskTracker,
    projector: Option<JoinHandle<()>>,
    drainer: Option<JoinHandle<()>>,
}

impl Background {
    /// Runs a task until it ends or `stop` is cancelled.
    pub fn spawn_until(&self, stop: &CancellationToken, task: impl Future<Output = ()> + Send + 'static) {
        let stop = stop.clone();
        self.tasks.spawn(async move {
            stop.run_until_cancelled(task).await;
        });
    }

    /// Starts the tasks of a server.
    pub fn spawn(
        &mut self,
        server: &Server,
        storage: &Storage,
        stop: &StopTokens,
        projector: ProjectorConfig,
        direct_url: Option<Secret>,
    ) {
        self.projector = Some(self.spawn_projector(server, storage, stop, projector));
        self.drainer = Some(self.tasks.spawn(server.intake.clone().drain(stop.drainer.clone())));
        self.spawn_notices(server, storage, stop, direct_url);
        if let Some(provider) = server.provider.clone() {
            self.spawn_until(&stop.background, async move { provider.prepare(now_ms()).await });
        }
    }

    /// Applies stored events, once the database is open.
    fn spawn_projector(
        &self,
        server: &Server,
        storage: &Storage,
        stop: &StopTokens,
        config: ProjectorConfig,
    ) -> JoinHandle<()> {
        let projector = Projector::new(storage.db.clone(), server.changes.clone(), config);
        let (wake, ready, stop) = (server.inbox.wake(), storage.ready.clone(), stop.background.clone());
        self.tasks.spawn(async move {
            if stop.run_until_cancelled(ready.wait()).await.is_some() {
                projector.run(wake, stop).await;
            }
        })
    }

    /// Publishes the changes and new events of all processes to the subscribers of this one.
    fn spawn_notices(&self, server: &Server, storage: &Storage, stop: &StopTokens, direct_url: Option<Secret>) {
        let (db, changes, stop) = (&storage.db, &server.changes, &stop.background);
        self.tasks.spawn(notice_writer::run(db.clone(), server.inbox.subscribe(), changes.clone(), stop.clone()));
        let poller = NoticePoller::new(db.clone(), changes.clone());
        if let (false, Some(url)) = (db.is_sqlite(), direct_url) {
            let (changes, status, stop) = (changes.clone(), poller.listener_status(), stop.clone());
            self.tasks.spawn(async move { pg_listener::run(url.expose(), &changes, &status, &stop).await });
        }
        let (ready, stop) = (storage.ready.clone(), stop.clone());
        self.tasks.spawn(async move {
            if stop.run_until_cancelled(ready.wait()).await.is_some() {
                poller.run(stop).await;
            }
        });
    }

    /// Resolves when the projector has ended, which it does only when it is told to.
    pub async fn projector_ended(&mut self) {
        match &mut self.projector {
            // A panic was logged where it happened.
            Some(projector) => drop(projector.await),
            None => std::future::pending().await,
        }
    }

    /// Waits for the drainer; gives the tasks that are left.
    pub async fn drainer_ended(mut self) -> Result<Self, JoinError> {
        if let Some(drainer) = self.drainer.take() {
            drainer.await?;
        }
        Ok(self)
    }

    /// Waits for all tasks.
    pub async fn ended(self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}
