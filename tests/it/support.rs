//! What the tests share.

mod app;
mod database;
pub mod dump;
pub mod events;
pub mod example;
pub mod mirror;
mod process;
pub mod rows;
mod socket;
pub mod story;
mod webhook;

pub use app::{Client, TestApp};
pub use database::{Backend, TestDatabase, on_both};
pub use process::Promograph;
pub use socket::Socket;
pub use webhook::{TOKEN, Webhooks, fixture};
