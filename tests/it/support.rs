//! What the tests share.

mod app;
mod cluster;
mod database;
mod dice;
pub mod dump;
pub mod endless;
pub mod events;
mod eventually;
pub mod example;
mod folder;
pub mod frames;
pub mod live;
pub mod mirror;
mod process;
pub mod provider;
mod publisher;
mod road;
pub mod rows;
pub mod senders;
mod socket;
pub mod story;
pub mod story_v2;
mod webhook;

pub use app::{Answer, Client, TestApp, escaped};
pub use cluster::Cluster;
pub use database::{Backend, TestDatabase, on_both};
pub use dice::Dice;
pub use eventually::eventually;
pub use folder::Folder;
pub use process::{Promograph, Server};
pub use publisher::{Authority, Publisher};
pub use road::Road;
pub use socket::Socket;
pub use webhook::{Answered, TOKEN, Webhooks, fixture};
