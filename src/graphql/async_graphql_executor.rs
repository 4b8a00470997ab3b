//! The API as an `Executor` of async-graphql, for the services of its crates.
//!
//! A response keeps the bytes that we wrote: async-graphql serialises an object with the only member
//! [`RAW_VALUE_TOKEN`] as the JSON inside. The request's data must have a [`Session`].

use std::{any::TypeId, collections::BTreeMap, sync::Arc};

use async_graphql::{Data, Name, ServerError, Value};
use async_graphql_value::RAW_VALUE_TOKEN;
use futures_util::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_util::task::AbortOnDropHandle;

use super::{
    AllowedOperations, Api, DocumentRef, Request,
    error::GraphqlError,
    subscription::{ExecutionResult, Message, MessageSink, SinkError, StreamEnd},
};
use crate::{auth::Session, error::ErrorCode, request_id::RequestId, time::now_ms};

/// Executes operations. A transport can implement it to add rules of its own.
pub trait Runner: Clone + Send + Sync + Unpin + 'static {
    /// The API that answers queries and mutations.
    fn api(&self) -> &Api;

    /// Executes an operation to its end and sends its messages to the sink.
    ///
    /// An error that ends it is a JSON list of errors.
    fn run(
        self,
        session: Session,
        request: Request,
        sink: impl MessageSink + Send + 'static,
    ) -> impl Future<Output = Result<(), Vec<u8>>> + Send + 'static;
}

impl Runner for Api {
    fn api(&self) -> &Api {
        self
    }

    async fn run(
        self,
        session: Session,
        request: Request,
        sink: impl MessageSink + Send + 'static,
    ) -> Result<(), Vec<u8>> {
        match Box::pin(self.execute_or_subscribe(&session, &request, AllowedOperations::All, None, now_ms())).await {
            ExecutionResult::Response(answer) => answer.send_to(&sink).await,
            ExecutionResult::Stream(stream) => stream.run(&sink).await.into_result(),
        }
    }
}

/// async-graphql's view of the API. Cheap to clone; clones share the maximum number of operations.
#[derive(Debug)]
pub struct Executor<R>(Arc<Shared<R>>);

#[derive(Debug)]
struct Shared<R> {
    runner: R,
    room: Arc<Semaphore>,
    operations: usize,
}

impl<R> Clone for Executor<R> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<R: Runner> Executor<R> {
    /// With a maximum number of response streams at a time.
    #[must_use]
    pub fn new(runner: R, operations: usize) -> Self {
        Self(Arc::new(Shared { runner, room: Arc::new(Semaphore::new(operations)), operations }))
    }

    /// The number of response streams at present.
    #[must_use]
    pub fn running(&self) -> usize {
        self.0.operations.saturating_sub(self.0.room.available_permits())
    }

    /// Starts an operation in its own task, so that its reads finish even while nobody polls its responses.
    fn start(&self, session: Option<Session>, request: &async_graphql::Request) -> Result<Answers, Vec<u8>> {
        let session = session.ok_or_else(|| list(&without_session()))?;
        let request = ours(request).map_err(|error| list(&error))?;
        let place = Arc::clone(&self.0.room).try_acquire_owned();
        let Ok(place) = place else {
            return Err(StreamEnd::over_operations(self.0.operations).into_result().err().unwrap_or_default());
        };
        let (sender, receiver) = mpsc::channel(1);
        let running = run(self.0.runner.clone(), session, request, sender);
        let task = match RequestId::current() {
            Some(id) => tokio::spawn(id.scope(running)),
            None => tokio::spawn(running),
        };
        Ok(Answers { receiver, _task: AbortOnDropHandle::new(task), _place: place })
    }
}

impl<R: Runner> async_graphql::Executor for Executor<R> {
    async fn execute(&self, request: async_graphql::Request) -> async_graphql::Response {
        let Some(session) = session_of(&request.data) else { return refused(&list(&without_session())) };
        match ours(&request) {
            Ok(request) => {
                let answer = self.0.runner.api().execute(&session, &request, AllowedOperations::All, now_ms()).await;
                response(&answer.body)
            }
            Err(error) => refused(&list(&error)),
        }
    }

    fn execute_stream(
        &self,
        request: async_graphql::Request,
        session_data: Option<Arc<Data>>,
    ) -> BoxStream<'static, async_graphql::Response> {
        let executor = self.clone();
        let session = session_data.and_then(|data| session_of(&data)).or_else(|| session_of(&request.data));
        // Started by the first poll: an operation that it replaces has ended by then.
        let started = stream::once(async move {
            match executor.start(session, &request) {
                Ok(answers) => stream::unfold(answers, Answers::next).left_stream(),
                Err(errors) => stream::once(async move { refused(&errors) }).right_stream(),
            }
        });
        started.flatten().boxed()
    }
}

/// The responses of a running operation. Dropping them ends it.
struct Answers {
    receiver: mpsc::Receiver<async_graphql::Response>,
    _task: AbortOnDropHandle<()>,
    _place: OwnedSemaphorePermit,
}

impl Answers {
    async fn next(mut self) -> Option<(async_graphql::Response, Self)> {
        Some((self.receiver.recv().await?, self))
    }
}

async fn run<R: Runner>(runner: R, session: Session, request: Request, answers: mpsc::Sender<async_graphql::Response>) {
    if let Err(errors) = runner.run(session, request, AnswerSender(answers.clone())).await {
        // A closed receiver needs no response.
        let _ = answers.send(refused(&errors)).await;
    }
}

/// Holds one response until the receiver takes it.
struct AnswerSender(mpsc::Sender<async_graphql::Response>);

impl MessageSink for AnswerSender {
    async fn send(&self, message: Message) -> Result<(), SinkError> {
        self.0.send(response(&message.body)).await.map_err(|_| SinkError::Closed)
    }
}

fn session_of(data: &Data) -> Option<Session> {
    data.get(&TypeId::of::<Session>())?.downcast_ref().cloned()
}

fn without_session() -> GraphqlError {
    GraphqlError::new(ErrorCode::Unauthenticated, "there is no session in the request's data")
}

fn list(error: &GraphqlError) -> Vec<u8> {
    error.list().into_bytes()
}

/// Converts a request of async-graphql.
fn ours(request: &async_graphql::Request) -> Result<Request, GraphqlError> {
    let bad = |message: String| GraphqlError::new(ErrorCode::BadRequest, message);
    let json = |value: &Value| value.clone().into_json().map_err(|error| bad(error.to_string()));
    let named = request.extensions.get("persistedQuery").filter(|named| **named != Value::Null);
    let document_ref = named.map(|named| DocumentRef::persisted(&json(named)?).map_err(bad)).transpose()?;
    let variables = request.variables.iter().map(|(name, value)| Ok((name.to_string(), json(value)?)));
    Ok(Request {
        query: request.query.clone(),
        document_ref,
        operation_name: request.operation_name.clone().filter(|name| !name.is_empty()),
        variables: variables.collect::<Result<_, _>>()?,
    })
}

/// The members of our response object.
#[derive(Default, Deserialize)]
struct Members<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(default)]
    errors: Vec<ServerError>,
    #[serde(borrow, default)]
    extensions: BTreeMap<String, &'a RawValue>,
}

/// Converts our response object.
fn response(body: &[u8]) -> async_graphql::Response {
    let members: Members<'_> = match serde_json::from_slice(body) {
        Ok(members) => members,
        Err(error) => {
            tracing::error!(%error, "an answer of our own cannot be read");
            return refused(&list(&GraphqlError::new(ErrorCode::Internal, "internal error")));
        }
    };
    let mut response = async_graphql::Response::new(members.data.map_or(Value::Null, raw));
    response.errors = members.errors;
    response.extensions = members.extensions.into_iter().map(|(name, value)| (name, raw(value))).collect();
    response
}

/// The response to an operation that was not executed; `errors` is a JSON list.
fn refused(errors: &[u8]) -> async_graphql::Response {
    async_graphql::Response::from_errors(serde_json::from_slice(errors).unwrap_or_default())
}

fn raw(json: &RawValue) -> Value {
    Value::Object(IndexMap::from_iter([(Name::new(RAW_VALUE_TOKEN), Value::String(json.get().to_owned()))]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sent(body: &str) -> String {
        serde_json::to_string(&response(body.as_bytes())).unwrap()
    }

    #[test]
    fn data_is_passed_on_as_it_was_written() {
        let body = r#"{"data":{"b":1.50,"a":[{"\u0061":9223372036854775807}],"b2":null}}"#;
        assert_eq!(sent(body), body);
        let body = r#"{"data":{"a":null},"extensions":{"cost":{"requested":1,"maximum":2}}}"#;
        assert_eq!(sent(body), body);
        let deep = format!("{}1e400{}", "[".repeat(200), "]".repeat(200));
        let body = format!(r#"{{"data":{{"a":{{"n":1e400,"deep":{deep}}}}}}}"#);
        assert_eq!(sent(&body), body);
    }

    #[test]
    fn errors_keep_their_message_place_path_and_code() {
        let error = json!({
            "message": "no", "locations": [{ "line": 1, "column": 2 }], "path": ["a", 0],
            "extensions": { "code": "LIMIT_EXCEEDED", "limit": 5 },
        });
        let body = json!({ "data": { "a": null }, "errors": [error] });
        assert_eq!(serde_json::from_str::<serde_json::Value>(&sent(&body.to_string())).unwrap(), body);
        let refusal = serde_json::to_value(refused(json!([error]).to_string().as_bytes())).unwrap();
        assert_eq!(refusal, json!({ "data": null, "errors": [error] }));
    }

    #[test]
    fn a_request_brings_its_name_variables_and_hash() {
        let read = |request: serde_json::Value| ours(&serde_json::from_value(request).unwrap());
        let asked = read(json!({ "query": "{a}", "operationName": "A", "variables": { "x": [1, null, 0.5] } }));
        let variables = json!({ "x": [1, null, 0.5] }).as_object().unwrap().clone();
        let operation_name = Some("A".to_owned());
        assert_eq!(asked, Ok(Request { query: "{a}".to_owned(), operation_name, variables, document_ref: None }));
        let hash = |version: u8| {
            read(json!({ "extensions": { "persistedQuery": { "version": version, "sha256Hash": "f00" } } }))
        };
        assert_eq!(hash(1).unwrap().document_ref, Some(DocumentRef::Sha256("f00".to_owned())));
        assert_eq!(hash(2).unwrap_err().code, ErrorCode::BadRequest);
    }
}
