//! The settings of what a command builds, each with one flag and one environment variable. A command takes only the
//! groups that it uses.
//!
//! A value is checked while it is parsed; a wrong one stops the start with one line that names the variable and what was
//! expected, and never repeats a secret. Only `cli` depends on this module; limits are in [`limits`](crate::limits).

mod auth;
mod database;
mod documents;
mod identity;
mod listen;
mod server;
mod webhook;

pub use auth::AuthArgs;
pub use database::DatabaseArgs;
pub use documents::DocumentArgs;
pub use identity::{IdentityArgs, PromoterKind};
pub use listen::{Listen, reachable};
pub use server::ServerArgs;
pub use webhook::{WebhookAccess, WebhookArgs};

/// A setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable}: expected {expected}")]
pub struct InvalidSetting {
    /// The environment variable.
    pub variable: &'static str,
    /// What was expected; never the value, which may be a secret.
    pub expected: String,
}
