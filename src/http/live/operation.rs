//! The operations of one socket.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::task::AbortHandle;

use super::{outbox::Outbox, protocol};
use crate::{
    auth::Session,
    graphql::{
        AllowedOperations, Request,
        subscription::{ExecutionResult, Message, MessageSink, SinkError},
    },
    http::AppState,
    request_id::RequestId,
    time::now_ms,
};

/// What runs, by the client's ids. Dropping it stops all.
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
pub enum Refused {
    /// Its id is in use.
    Exists,
    /// Too many run.
    TooMany,
}

/// With what operations run.
#[derive(Clone, Debug)]
pub struct Context {
    /// The server.
    pub state: AppState,
    /// Who asks.
    pub session: Session,
    /// Where answers go.
    pub outbox: Outbox,
}

impl Operations {
    /// Starts one, unless so many run already.
    pub fn start(&mut self, id: &str, most: usize, context: &Context, request: Request) -> Result<(), Refused> {
        let mut running = lock(&self.running);
        if running.contains_key(id) {
            return Err(Refused::Exists);
        }
        if running.len() >= most {
            return Err(Refused::TooMany);
        }
        self.started += 1;
        let ticket = Ticket { running: Arc::clone(&self.running), id: id.to_owned(), serial: self.started };
        // It cannot be over before it is noted: for that it needs the lock.
        let running_one = run(context.clone(), ticket, request);
        let task = match RequestId::current() {
            Some(id) => tokio::spawn(id.scope(running_one)),
            None => tokio::spawn(running_one),
        };
        let task = task.abort_handle();
        running.insert(id.to_owned(), Running { serial: self.started, task });
        Ok(())
    }

    /// Stops one. It may be over already.
    pub fn stop(&self, id: &str) {
        // Dropping its future takes the lock again.
        let removed = lock(&self.running).remove(id);
        if let Some(running) = removed {
            running.task.abort();
        }
    }

    /// Stops all, and gives their ids.
    pub fn stop_all(&self) -> Vec<String> {
        let removed = std::mem::take(&mut *lock(&self.running));
        for running in removed.values() {
            running.task.abort();
        }
        removed.into_keys().collect()
    }

    /// Whether none runs.
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

/// A running operation's entry; gone when it is dropped.
#[derive(Debug)]
struct Ticket {
    running: Arc<Mutex<HashMap<String, Running>>>,
    id: String,
    serial: u64,
}

impl Ticket {
    /// Frees the id; `false` when the client did so already, and may use it for another operation.
    fn finish(&self) -> bool {
        let mut running = lock(&self.running);
        let ours = running.get(&self.id).is_some_and(|running| running.serial == self.serial);
        if ours {
            running.remove(&self.id);
        }
        ours
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.finish();
    }
}

async fn run(context: Context, ticket: Ticket, request: Request) {
    let messages = Messages { outbox: &context.outbox, id: &ticket.id };
    let last = match operate(&context.state, &context.session, &request, &messages).await {
        Ok(()) => protocol::complete(&ticket.id),
        Err(errors) => protocol::error(&ticket.id, &errors),
    };
    // The id is free before the client learns that it is.
    if ticket.finish() {
        // Who is gone needs no answer.
        let _ = context.outbox.send(last).await;
    }
}

/// Runs it to its end; an error is a JSON list of errors.
pub(super) async fn operate(
    state: &AppState,
    session: &Session,
    request: &Request,
    sink: &impl MessageSink,
) -> Result<(), Vec<u8>> {
    // Subscriptions are many and wait most of the time: what they need before takes no room in them.
    if let Err(denied) = Box::pin(state.authenticator.recheck(session, now_ms())).await {
        let problem = crate::error::ApiError::from(denied);
        return Err(problem.body()["errors"].to_string().into_bytes());
    }
    match Box::pin(state.api.execute_or_subscribe(session, request, AllowedOperations::All, None, now_ms())).await {
        ExecutionResult::Response(answer) => answer.send_to(sink).await,
        ExecutionResult::Stream(stream) => {
            let ended = match state.live.place(session) {
                Ok(_place) => stream.run(sink).await,
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
