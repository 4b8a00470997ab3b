//! What the tests share.

mod database;
mod webhook;

pub use database::{Backend, TestDatabase, on_both};
pub use webhook::{TOKEN, Webhooks, fixture};
