//! GraphQL: the schema, the executor, and what is answered by which.
//!
//! [`catalog`] declares the types, [`schema`] makes one model of them, and [`Api::execute`] runs
//! documents by it for every transport alike. async-graphql brings the syntax tree and introspects;
//! rows never pass through its per-field futures. [`executor`] is the way back: the API as the
//! services of its crates take it.

use std::sync::LazyLock;

pub mod catalog;
pub mod executor;
pub mod subscription;

mod api;
mod coerce;
mod collect;
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

pub use api::{Api, ApiConfig, RequestDurations};
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
