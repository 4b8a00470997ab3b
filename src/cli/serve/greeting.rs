//! Printed after the start: the addresses of the pages and the webhooks, and how to issue a token.

use std::{
    env,
    io::{Write as _, stdout},
    net::SocketAddr,
};

use rustix::fs::fstat;

use crate::{cli::issue_hint::IssueHint, telemetry::LogFormat};

/// Prints it on standard output; `address` can be reached from this machine. A log gets it without the webhook token.
pub fn print(address: SocketAddr, webhook_token: &str, token: &IssueHint, format: LogFormat) {
    if format == LogFormat::Json || is_journal() {
        tracing::info!(
            "The dashboard is at /, GraphiQL at /graphiql; webhooks go to /webhooks/firstpromoter/TOKEN, with a token of \
             PROMOGRAPH_WEBHOOK_TOKENS or else the one in the file webhook-token of the data directory; \
             `{token}` issues a token for the API"
        );
        return;
    }
    // An error means that standard output is closed.
    let _ = stdout().lock().write_all(text(address, webhook_token, token).as_bytes());
}

fn text(address: SocketAddr, webhook_token: &str, token: &IssueHint) -> String {
    format!(
        "\nPromograph is running.\n\n  \
           Dashboard    http://{address}/\n  \
           GraphiQL     http://{address}/graphiql\n  \
           Webhook URL  http://{address}/webhooks/firstpromoter/{webhook_token}\n               \
                        (for FirstPromoter put this server's public https address in front)\n  \
           API token    {token}\n\n"
    )
}

/// Whether the standard output goes to systemd's journal, which names the device and inode of the pipe to it.
fn is_journal() -> bool {
    let Ok(named) = env::var("JOURNAL_STREAM") else { return false };
    fstat(stdout()).is_ok_and(|stat| named == format!("{}:{}", stat.st_dev, stat.st_ino))
}
