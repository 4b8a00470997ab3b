//! Reads as the API does them: without waiting for ever, and past connections that were broken.

use std::time::Duration;

use sea_orm::{ConnAcquireErr, DbErr};
use tokio::time::timeout;

use super::failure::is_broken_connection;

/// How long one read may take.
const LIMIT: Duration = Duration::from_secs(10);
/// How often a statement is sent. After a restart of `PostgreSQL` every pooled connection is broken,
/// and each try finds one of them; there are fewer than this.
const TRIES: usize = 6;

/// Reads once, or again when the connection turns out to be broken. `read` must not write.
///
/// # Errors
/// When the database fails, or does not answer within ten seconds.
pub async fn patiently<T, F: Future<Output = Result<T, DbErr>>>(read: impl Fn() -> F) -> Result<T, DbErr> {
    timeout(LIMIT, persistently(read)).await.unwrap_or(Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)))
}

/// The same for as long as it takes: for who has a deadline of its own.
///
/// # Errors
/// When the database fails.
pub async fn persistently<T, F: Future<Output = Result<T, DbErr>>>(read: impl Fn() -> F) -> Result<T, DbErr> {
    let mut tried = 1;
    loop {
        match read().await {
            Err(error) if tried < TRIES && is_broken_connection(&error) => tried += 1,
            result => return result,
        }
    }
}
