//! What the tests share.

mod app;
mod database;
pub mod dump;
pub mod events;
pub mod mirror;
mod process;
mod socket;
pub mod story;
mod webhook;

pub use app::TestApp;
pub use database::{Backend, TestDatabase, on_both};
pub use process::Promograph;
pub use socket::Socket;
pub use webhook::{TOKEN, Webhooks, fixture};
