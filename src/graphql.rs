//! GraphQL: the schema, the executor, and what is answered by which.

pub mod catalog;
pub mod schema;
