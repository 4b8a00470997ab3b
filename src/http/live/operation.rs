//! The operations that run on one socket.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::task::AbortHandle;

use super::{outbox::Outbox, protocol};
use crate::{
    auth::Session,
    error::ApiError,
    graphql::{
        AllowedOperations, Request,
        subscription::{ExecutionResult, Message, MessageSink, SinkError},
    },
    http::{AppState, SharedState},
    request_id::RequestId,
    time::now_ms,
};

/// The running operations, by the client's ids. Dropping it stops all of them.
#[derive(Debug, Default)]
pub struct Operations {
    running: Arc<Mutex<HashMap<String, Running>>>,
    started: u64,
}

#[derive(Debug)]
struct Running {
    serial: u64,
    task: AbortHandle,
}

/// Why an operation was not started.
#[derive(Debug, PartialEq, Eq)]
pub enum StartError {
    /// Its id is in use.
    Exists,
    /// The limit is reached.
    TooMany,
}

/// What operations need.
#[derive(Clone, Debug)]
pub struct OperationContext {
    /// The server.
    pub state: SharedState,
    /// The caller.
    pub session: Session,
    /// Where responses go.
    pub outbox: Outbox,
}

impl Operations {
    /// Starts an operation, unless `max` are running.
    pub fn start(
        &mut self,
        id: &str,
        max: usize,
        context: &OperationContext,
        request: Request,
    ) -> Result<(), StartError> {
        let mut running = lock(&self.running);
        if running.contains_key(id) {
            return Err(StartError::Exists);
        }
        if running.len() >= max {
            return Err(StartError::TooMany);
        }
        self.started += 1;
        let guard = RunningGuard { running: Arc::clone(&self.running), id: id.to_owned(), serial: self.started };
        // It cannot end before it is registered: ending takes the lock.
        let running_one = run(context.clone(), guard, request);
        let task = match RequestId::current() {
            Some(id) => tokio::spawn(id.scope(running_one)),
            None => tokio::spawn(running_one),
        };
        let task = task.abort_handle();
        running.insert(id.to_owned(), Running { serial: self.started, task });
        Ok(())
    }

    /// Stops an operation, which may have ended.
    pub fn stop(&self, id: &str) {
        // Not under the lock: dropping the future takes it.
        let removed = lock(&self.running).remove(id);
        if let Some(running) = removed {
            running.task.abort();
        }
    }

    /// Stops all; gives their ids.
    pub fn stop_all(&self) -> Vec<String> {
        let removed = std::mem::take(&mut *lock(&self.running));
        for running in removed.values() {
            running.task.abort();
        }
        removed.into_keys().collect()
    }

    /// Whether no operation is running.
    pub fn is_empty(&self) -> bool {
        lock(&self.running).is_empty()
    }
}

impl Drop for Operations {
    fn drop(&mut self) {
        self.stop_all();
    }
}

fn lock(running: &Mutex<HashMap<String, Running>>) -> MutexGuard<'_, HashMap<String, Running>> {
    running.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes a running operation's entry when dropped.
#[derive(Debug)]
struct RunningGuard {
    running: Arc<Mutex<HashMap<String, Running>>>,
    id: String,
    serial: u64,
}

impl RunningGuard {
    /// Frees the id; `false` if the client freed it before, and may have used it again.
    fn finish(&self) -> bool {
        let mut running = lock(&self.running);
        let ours = running.get(&self.id).is_some_and(|running| running.serial == self.serial);
        if ours {
            running.remove(&self.id);
        }
        ours
    }
}

impl Drop for RunningGuard {
    fn drop(&mut self) {
        self.finish();
    }
}

async fn run(context: OperationContext, guard: RunningGuard, request: Request) {
    let messages = Messages { outbox: &context.outbox, id: &guard.id };
    let last = match operate(&context.state, &context.session, &request, &messages).await {
        Ok(()) => protocol::complete(&guard.id),
        Err(errors) => protocol::error(&guard.id, &errors),
    };
    // The id is free before the client can learn it.
    if guard.finish() {
        // An error means that the client is gone.
        let _ = context.outbox.send(last).await;
    }
}

/// Runs an operation to its end; the error is a JSON list of errors.
pub(super) async fn operate(
    state: &AppState,
    session: &Session,
    request: &Request,
    sink: &impl MessageSink,
) -> Result<(), Vec<u8>> {
    let errors = |problem: ApiError| problem.body()["errors"].to_string().into_bytes();
    // Boxed: subscriptions are many and mostly wait, and need this only once.
    let checked = Box::pin(state.authenticator.recheck(session, now_ms())).await;
    checked.map_err(|denied| errors(denied.into()))?;
    let result = {
        let _in_flight = state.api.admit(session).map_err(errors)?;
        Box::pin(state.api.execute_or_subscribe(session, request, AllowedOperations::All, None, now_ms())).await
    };
    match result {
        ExecutionResult::Response(answer) => answer.send_to(sink).await,
        ExecutionResult::Stream(stream) => {
            let ended = match state.live.subscribe(session) {
                Ok(_slot) => stream.run(sink).await,
                Err(refused) => refused,
            };
            ended.into_result()
        }
    }
}

struct Messages<'a> {
    outbox: &'a Outbox,
    id: &'a str,
}

impl MessageSink for Messages<'_> {
    async fn send(&self, message: Message) -> Result<(), SinkError> {
        self.outbox.send(protocol::next(self.id, &message.body)).await
    }
}
