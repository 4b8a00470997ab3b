//! GraphQL: the schema, and the execution of requests for every transport.
//!
//! | | |
//! |---|---|
//! | the types that are read, and their fields | [`catalog`], one file per type |
//! | the root fields and the complete schema | `roots`, one file per field |
//! | filters, connections, scalars | `schema` |
//! | parsing, limits, validation | `syntax`, `document_limits`, `validate` |
//! | refusing requests under overload | `concurrency` |
//! | variables, selections, cost | `coerce`, `collect`, `cost` |
//! | lists as files: CSV and NDJSON | [`export`] |
//! | a request up to the first read, and its execution | `prepare`, `execute`, `conditional` (`ETag`s), [`subscription`] |
//!
//! async-graphql has the syntax tree and executes introspection; rows never pass through its per-field futures.
//! [`async_graphql_executor`] is the API as the services of its crates take it.

use std::sync::LazyLock;

pub mod async_graphql_executor;
pub mod catalog;
pub mod export;
pub mod subscription;

mod api;
mod coerce;
mod collect;
mod compile;
mod concurrency;
mod conditional;
mod cost;
mod document_limits;
mod documents;
mod error;
mod execute;
mod introspection;
mod prepare;
mod rate_limit;
mod request;
mod resolved;
mod response;
mod roots;
mod schema;
mod syntax;
mod validate;
mod variable_shape;

pub use api::{Api, ApiConfig, RequestDurations};
pub use concurrency::{ConcurrencyLimiter, InFlightRequest};
pub use conditional::IfNoneMatch;
pub use documents::{DocumentRef, TrustedDocuments, TrustedMode};
pub use request::{AllowedOperations, Request, Response};

use introspection::IntrospectionEngine;

static INTROSPECTION: LazyLock<IntrospectionEngine> = LazyLock::new(IntrospectionEngine::new);

/// The schema in GraphQL's own language, sorted, as `schema.graphql` has it. Needs no database.
#[must_use]
pub fn sdl() -> String {
    INTROSPECTION.sdl()
}
