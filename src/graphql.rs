//! GraphQL: the schema, the executor, and what is answered by which.
//!
//! [`catalog`] declares the types, [`schema`] makes one model of them, and [`Api::execute`] runs
//! documents by it for every transport alike. async-graphql brings the syntax tree and introspects;
//! rows never pass through its per-field futures. [`executor`] is the way back: the API as the
//! services of its crates take it.

use std::sync::LazyLock;

pub mod catalog;
pub mod executor;
pub mod schema;
pub mod subscription;

mod answer;
mod api;
mod coerce;
mod collect;
mod cost;
mod documents;
mod engine;
mod error;
mod execute;
mod limits;
mod mutation;
mod rate;
mod request;
mod root;
mod syntax;
mod tokens;
mod unchanged;
mod validate;

pub use api::{Api, ApiConfig, Durations};
pub use documents::{Named, TrustedDocuments};
pub use request::{Allowed, Request, Response};
pub use unchanged::Seen;

use engine::Engine;

static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::new);

/// The schema in GraphQL's own language, sorted, as `schema.graphql` has it. Needs no database.
#[must_use]
pub fn sdl() -> String {
    ENGINE.sdl()
}
