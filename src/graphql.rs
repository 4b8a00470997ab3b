//! GraphQL: the schema, the executor, and what is answered by which.
//!
//! [`catalog`] declares the types, [`schema`] makes one model of them, and [`Api::execute`] runs
//! documents by it for every transport alike. async-graphql parses, validates by the model,
//! introspects and runs mutations; rows never pass through its per-field futures.

use std::sync::{Arc, LazyLock};

use axum::http::StatusCode;
use bytes::Bytes;
use tokio::sync::Notify;

pub mod catalog;
pub mod schema;

mod answer;
mod coerce;
mod collect;
mod engine;
mod execute;
mod explicit;
mod fault;
mod limits;
mod mutation;
mod overlap;
mod positions;
mod root;
mod tokens;

pub use execute::Allowed;

use crate::{auth::Session, database::Database, read::Reader, settings::LimitArgs};
use engine::Validator;

/// A GraphQL request, from whatever transport.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// The document.
    pub query: String,
    /// Which of its operations to run.
    pub operation_name: Option<String>,
    /// The variables' values.
    pub variables: serde_json::Map<String, serde_json::Value>,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The response object as JSON.
    pub body: Bytes,
    /// 200 when the document was run, else the status of the fault that prevented it.
    pub status: StatusCode,
}

/// Answers requests. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Api {
    reader: Reader,
    validator: Validator,
    limits: Arc<LimitArgs>,
    db: Database,
    wake: Arc<Notify>,
    currency: Option<Arc<str>>,
}

impl Api {
    /// Reads this database within these limits; `wake` wakes the projector after a replay.
    #[must_use]
    pub fn new(db: Database, limits: LimitArgs, wake: Arc<Notify>) -> Self {
        let reader = Reader::new(db.clone(), &catalog::CATALOG);
        Self { reader, validator: VALIDATOR.clone(), limits: Arc::new(limits), db, wake, currency: None }
    }

    /// With the currency of all money (ISO 4217), which no webhook tells.
    #[must_use]
    pub fn with_currency(mut self, currency: Option<&str>) -> Self {
        self.currency = currency.map(Arc::from);
        self
    }

    /// Runs a request for this session. `now_ms` is the time in milliseconds since 1970.
    pub async fn execute(&self, session: &Session, request: &Request, allowed: Allowed, now_ms: i64) -> Response {
        self.run(session, request, allowed, now_ms).await.finish()
    }
}

static VALIDATOR: LazyLock<Validator> = LazyLock::new(Validator::new);

/// The schema in GraphQL's own language, sorted, as `schema.graphql` has it. Needs no database.
#[must_use]
pub fn sdl() -> String {
    VALIDATOR.sdl()
}
