//! Waiting for what another process does.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Fails the test when it has not come true by then.
const LIMIT: Duration = Duration::from_secs(120);

/// Looks until it is true.
pub async fn eventually(what: &str, is_true: impl AsyncFn() -> bool) {
    let deadline = Instant::now() + LIMIT;
    while !is_true().await {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}
