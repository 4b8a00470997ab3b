//! What the tests share.

mod database;

pub use database::{Backend, TestDatabase, on_both};
