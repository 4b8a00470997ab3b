//! What the tests share.

mod database;
mod process;
mod socket;
mod webhook;

pub use database::{Backend, TestDatabase, on_both};
pub use process::Promograph;
pub use socket::Socket;
pub use webhook::{TOKEN, Webhooks, fixture};
