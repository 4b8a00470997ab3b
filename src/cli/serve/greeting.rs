//! What a person wants to know after the start: where the playground is, where webhooks go, and how to get a token.

use std::{
    env,
    io::{Write as _, stdout},
    net::SocketAddr,
};

use rustix::fs::fstat;

use crate::{cli::token_command::TokenCommand, telemetry::LogFormat};

/// Says it on the standard output, wherever that leads; `address` is one that can be reached from this machine. Where it is a log, the token of the webhooks is left out.
pub fn say(address: SocketAddr, webhook_token: &str, token: &TokenCommand, format: LogFormat) {
    if format == LogFormat::Json || is_journal() {
        tracing::info!(
            "GraphiQL is at /graphiql; webhooks go to /webhooks/firstpromoter/TOKEN, with a token of \
             PROMOGRAPH_WEBHOOK_TOKENS or else the one in the file webhook-token of the data directory; \
             `{token}` gives a token for the API"
        );
        return;
    }
    // Who has closed it does not want to know.
    let _ = stdout().lock().write_all(text(address, webhook_token, token).as_bytes());
}

fn text(address: SocketAddr, webhook_token: &str, token: &TokenCommand) -> String {
    format!(
        "\nPromograph is running.\n\n  \
           GraphiQL     http://{address}/graphiql\n  \
           Webhook URL  http://{address}/webhooks/firstpromoter/{webhook_token}\n               \
                        (for FirstPromoter put this server's public https address in front)\n  \
           A token      {token}\n\n"
    )
}

/// Whether the standard output goes to systemd's journal, which names the device and inode of the pipe to it.
fn is_journal() -> bool {
    let Ok(named) = env::var("JOURNAL_STREAM") else { return false };
    fstat(stdout()).is_ok_and(|stat| named == format!("{}:{}", stat.st_dev, stat.st_ino))
}
