//! The log: one subscriber for the process, to the standard error output.
//!
//! A message reads alone, its fields are searchable and name their unit. Tokens, bodies and e-mail
//! addresses are never logged, nor is a URL, since a webhook's token may be in its path.

use std::{
    env,
    io::{IsTerminal as _, stderr},
};

use tracing_subscriber::{EnvFilter, fmt};

use crate::settings::{LogArgs, LogFormat};

/// Libraries that tell too much: at `info`, of paths and messages, which may hold a token, or of what stands in a URL.
const QUIET: [&str; 6] = [
    "sea_orm_migration=warn",
    "sqlx=warn",
    "sqlx::pool=error",
    "sqlx_postgres::options=error",
    "h2=warn",
    "tungstenite=warn",
];

/// Whether colours are wanted and can be shown: see <https://no-color.org>.
fn has_colours() -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    stderr().is_terminal() && !is_set("NO_COLOR") && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Starts logging. A second call in one process changes nothing.
pub fn start(args: &LogArgs) {
    // What the setting says about a module comes later and so wins.
    let filter = QUIET.iter().copied().chain([args.log.as_str()]).collect::<Vec<_>>().join(",");
    let filter = EnvFilter::new(filter);
    let log = fmt().with_env_filter(filter).with_writer(stderr);
    let started = match args.log_format {
        LogFormat::Text => log.with_ansi(has_colours()).try_init(),
        LogFormat::Json => log.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init(),
    };
    if started.is_ok() {
        std::panic::set_hook(Box::new(|panic| {
            // A formatted message may hold data; one that is written in the code cannot.
            let message = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("(left out)");
            let location = panic.location().map(ToString::to_string).unwrap_or_default();
            tracing::error!(message, location, "panicked: this is a bug in Promograph");
        }));
    }
}
