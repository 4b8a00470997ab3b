//! The log: one subscriber for the process, on standard error.
//!
//! A message reads alone; its fields are searchable and name their unit. Tokens, bodies and e-mail addresses are never
//! logged, nor is a URL, since a webhook's token may be in its path.

use std::{
    env, fmt,
    io::{BufWriter, IsTerminal as _, stderr},
};

use clap::{Args, ValueEnum};
use tracing::{Event, Subscriber, level_filters::LevelFilter};
use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{
    EnvFilter,
    fmt::{FmtContext, FormatEvent, FormatFields, MakeWriter, format::Writer},
    registry::LookupSpan,
};

use crate::request_id::RequestId;

/// The log.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Log")]
pub struct LogArgs {
    /// Log level: error, warn, info, debug, trace or off; or levels of modules, like `info,promograph::inbox=debug`
    #[arg(long, value_name = "FILTER", env = "PROMOGRAPH_LOG", default_value = "info", value_parser = filter)]
    pub log: String,

    /// Log format: text, or json with one object per line
    #[arg(long, value_name = "FORMAT", env = "PROMOGRAPH_LOG_FORMAT", default_value = "text", value_parser = format)]
    pub log_format: LogFormat,
}

/// How a log line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// Levels of libraries that log too much, or at `info` paths and messages that may hold a token or part of a URL.
const LIBRARY_LEVELS: [&str; 6] = [
    "sea_orm_migration=warn",
    "sqlx=warn",
    "sqlx::pool=error",
    "sqlx_postgres::options=error",
    "h2=warn",
    "tungstenite=warn",
];

/// The least similarity of a misspelt crate name; a less similar one is another crate.
const MIN_SIMILARITY: f64 = 0.85;

/// Lines that may wait for the thread that writes them. Those beyond are lost: whoever reads the log must not stop the
/// server.
const MAX_WAITING_LINES: usize = 16_000;

/// Writes lines in a thread of its own, those that wait at once. Dropping the guard writes the last ones.
pub fn background_writer() -> (NonBlocking, WorkerGuard) {
    NonBlockingBuilder::default().buffered_lines_limit(MAX_WAITING_LINES).lossy(true).finish(BufWriter::new(stderr()))
}

/// Starts logging. A second call in one process changes nothing.
pub fn start(args: &LogArgs, writer: impl for<'a> MakeWriter<'a> + Send + Sync + 'static) {
    // Directives of the setting come later and so win.
    let filter = LIBRARY_LEVELS.iter().copied().chain([args.log.as_str()]).collect::<Vec<_>>().join(",");
    let filter = EnvFilter::new(filter);
    let colours = has_colours();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    let started = match args.log_format {
        LogFormat::Text => log
            .with_ansi(colours)
            .map_event_format(|format| WithRequestId::of(" request.id=", "")(format.with_ansi(colours)))
            .try_init(),
        LogFormat::Json => log
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .with_span_list(false)
            .map_event_format(WithRequestId::of(",\"request.id\":", "}"))
            .try_init(),
    };
    if started.is_ok() {
        std::panic::set_hook(Box::new(|panic| {
            // A formatted message may hold data; a literal cannot.
            let message = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("(left out)");
            let location = panic.location().map(ToString::to_string).unwrap_or_default();
            tracing::error!(message, location, "panicked: this is a bug in Promograph");
        }));
    }
}

/// Adds the id of the request to each line that is logged for one. (A span would do the same, and be entered and left
/// whenever a request's future is polled.)
struct WithRequestId<F> {
    inner: F,
    /// What goes before the id.
    name: &'static str,
    /// The end of a line, which the id goes before.
    end: &'static str,
}

impl<F> WithRequestId<F> {
    fn of(name: &'static str, end: &'static str) -> impl FnOnce(F) -> Self {
        move |inner| Self { inner, name, end }
    }
}

impl<S, N, F> FormatEvent<S, N> for WithRequestId<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut out: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let Some(id) = RequestId::current() else { return self.inner.format_event(context, out, event) };
        let mut line = String::new();
        self.inner.format_event(context, Writer::new(&mut line), event)?;
        let line = line.trim_end();
        // An id needs no escaping.
        write!(out, "{}{}\"{}\"", line.strip_suffix(self.end).unwrap_or(line), self.name, id.as_str())?;
        writeln!(out, "{}", self.end)
    }
}

/// Whether colours are wanted and can be shown: see <https://no-color.org>.
fn has_colours() -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    stderr().is_terminal() && !is_set("NO_COLOR") && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// The modules of this crate, by its source.
fn modules() -> impl Iterator<Item = &'static str> {
    include_str!("lib.rs").lines().filter_map(|line| line.split_once("mod ")?.1.strip_suffix(';'))
}

/// Checks the directives of a filter: tracing takes every word for the name of a module, so that a mistake would log
/// nothing.
fn filter(text: &str) -> Result<String, String> {
    const EXPECTED: &str = "expected error, warn, info, debug, trace or off, or a comma-separated list of these and of \
                            MODULE=LEVEL, like info,promograph::inbox=debug";
    let parts: Vec<_> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_level = |level: &str| !level.is_empty() && level.parse::<LevelFilter>().is_ok();
    for part in &parts {
        let (module, level) =
            part.split_once('=').map_or((None, *part), |(module, level)| (Some(module.trim()), level));
        if !is_level(level.trim()) || module.is_some_and(|module| !is_path(module)) {
            return Err(EXPECTED.to_owned());
        }
        let mut path = module.unwrap_or_default().split("::");
        let (root, ours) = (path.next().unwrap_or_default(), path.next());
        if root != "promograph" && strsim::jaro_winkler(root, "promograph") >= MIN_SIMILARITY {
            return Err(format!("{EXPECTED}; there is no crate {root}: did you mean promograph?"));
        }
        if let Some(ours) = ours.filter(|ours| root == "promograph" && !modules().any(|module| module == *ours)) {
            let modules = modules().collect::<Vec<_>>().join(", ");
            return Err(format!("{EXPECTED}; there is no module promograph::{ours}, only {modules}"));
        }
    }
    if parts.is_empty() {
        return Err(EXPECTED.to_owned());
    }
    let given = parts.join(",").replace(' ', "");
    // Modules that the list does not name are logged at the default level, also if a name in it is misspelt.
    let has_level = parts.iter().any(|part| !part.contains('='));
    Ok(if has_level { given } else { format!("info,{given}") })
}

fn is_path(module: &str) -> bool {
    module
        .split("::")
        .all(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
}

fn format(text: &str) -> Result<LogFormat, String> {
    LogFormat::from_str(text.trim(), true).map_err(|_| "expected text or json".to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_line_ends_with_the_id_of_its_request_if_it_has_one() {
        let lines = Lines::default();
        let writer = lines.clone();
        let log = tracing_subscriber::fmt().without_time().with_writer(move || writer.clone());
        let text = log.with_ansi(false).map_event_format(WithRequestId::of(" request.id=", "")).finish();
        let guard = tracing::subscriber::set_default(text);
        tracing::info!(a = 1, "of none");
        RequestId::from_client("x1").unwrap().scope(async { tracing::info!(a = 2, "of one") }).await;
        drop(guard);
        let said = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        let ends = said.lines().map(|line| line.split_once(": ").unwrap().1).collect::<Vec<_>>();
        assert_eq!(ends, ["of none a=1", "of one a=2 request.id=\"x1\""]);
    }

    #[test]
    fn a_filter_that_would_log_nothing_is_refused() {
        for wrong in [
            "",
            " ",
            ",",
            "verbose",
            "inf",
            "info,verbose",
            "promograph::inbox=",
            "promograph::inbox=loud",
            "=debug",
            "promograph::inbox",
            "promograph::inbx=debug",
            "promograph:inbox=debug",
            "promograph::=debug",
            "sqlx=debg",
            "info;debug",
            "[x]=info",
            "promogrpah=debug",
            "promogrph::inbox=debug",
            "info,Promograph=debug",
        ] {
            let error = filter(wrong).unwrap_err();
            assert!(error.starts_with("expected error, warn, info, debug, trace or off"), "{wrong}: {error}");
        }
    }

    #[test]
    fn a_filter_is_a_level_or_a_level_for_each_module() {
        for right in ["info", "WARN", "off", "debug,sqlx=off", "info,promograph::inbox=debug", "prometheus=off,warn"] {
            assert_eq!(filter(right).as_deref(), Ok(right));
        }
        for modules in ["promograph=trace", "promograph::http::acces_log=debug", "tower_htp=debug"] {
            assert_eq!(filter(modules), Ok(format!("info,{modules}")), "what is not named is logged as ever");
        }
        assert_eq!(filter(" info , sqlx = warn,").as_deref(), Ok("info,sqlx=warn"));
    }
}
