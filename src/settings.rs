//! The settings: for each one flag and one environment variable, in groups that a command takes
//! only if it uses them.
//!
//! A value is checked while it is parsed; a mistake stops the start with one line ([`Mistake`])
//! that names the variable and what it expected, and never repeats a secret.

mod auth;
mod connection;
mod count;
mod data_dir;
mod database;
mod documents;
mod identity;
mod limits;
mod listen;
mod live;
mod log;
mod origin;
mod rate;
mod secret;
mod server;
mod span;
mod webhook;

pub use auth::AuthArgs;
pub use connection::ConnectionArgs;
pub use data_dir::DataDir;
pub use database::DatabaseArgs;
pub use documents::{DocumentArgs, TrustedMode};
pub use identity::{IdentityArgs, PromoterKind};
pub use limits::{LimitArgs, rule};
pub use listen::{Listen, reachable};
pub use live::LiveArgs;
pub use log::{LogArgs, LogFormat};
pub use origin::Origin;
pub use rate::{Proxy, RateArgs};
pub use secret::Secret;
pub use server::ServerArgs;
pub use webhook::{WebhookAccess, WebhookArgs};

/// A setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable}: expected {expected}")]
pub struct Mistake {
    /// The environment variable.
    pub variable: &'static str,
    /// What it has to be; never what it was, since that may be a secret.
    pub expected: String,
}

/// Text that has to say something.
pub(crate) fn not_empty(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() { Err("expected some text, or no such variable".to_owned()) } else { Ok(text.to_owned()) }
}
