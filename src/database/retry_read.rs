//! Sends reads again when their connection turns out to be broken, with a timeout.

use std::time::Duration;

use sea_orm::{ConnAcquireErr, DbErr};
use tokio::time::timeout;

use super::failure::is_broken_connection;

/// How long a read may take, retries included.
const READ_TIMEOUT: Duration = Duration::from_secs(10);
/// How often a statement is sent. After a restart of `PostgreSQL` every pooled connection is broken,
/// and each attempt finds one of them; there are fewer than this.
const MAX_ATTEMPTS: usize = 6;

/// Reads, and again while the connection turns out to be broken. `read` must not write.
///
/// # Errors
/// When the database fails, or does not answer within ten seconds.
pub async fn retry_read<T, F: Future<Output = Result<T, DbErr>>>(read: impl Fn() -> F) -> Result<T, DbErr> {
    let result = timeout(READ_TIMEOUT, retry_read_without_timeout(read)).await;
    result.unwrap_or(Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)))
}

/// As [`retry_read`], for callers that have a deadline of their own.
///
/// # Errors
/// When the database fails.
pub async fn retry_read_without_timeout<T, F: Future<Output = Result<T, DbErr>>>(
    read: impl Fn() -> F,
) -> Result<T, DbErr> {
    let mut attempt = 1;
    loop {
        match read().await {
            Err(error) if attempt < MAX_ATTEMPTS && is_broken_connection(&error) => attempt += 1,
            result => return result,
        }
    }
}
