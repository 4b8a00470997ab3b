//! What is logged, and how.

use clap::{Args, ValueEnum};
use tracing_subscriber::EnvFilter;

/// The log, which goes to the standard error output.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Log")]
pub struct LogArgs {
    /// What is logged: error, warn, info, debug, trace, or per module (`info,promograph::inbox=debug`)
    #[arg(long, value_name = "FILTER", env = "PROMOGRAPH_LOG", default_value = "info", value_parser = filter)]
    pub log: String,

    /// How: text for people, json for machines
    #[arg(long, value_name = "FORMAT", env = "PROMOGRAPH_LOG_FORMAT", default_value = "text", value_parser = format)]
    pub log_format: LogFormat,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

fn filter(text: &str) -> Result<String, String> {
    let is_filter = !text.trim().is_empty() && EnvFilter::try_new(text).is_ok();
    let expected = "expected error, warn, info, debug or trace, or a comma list of MODULE=LEVEL";
    if is_filter { Ok(text.to_owned()) } else { Err(expected.to_owned()) }
}

fn format(text: &str) -> Result<LogFormat, String> {
    LogFormat::from_str(text.trim(), true).map_err(|_| "expected text or json".to_owned())
}
