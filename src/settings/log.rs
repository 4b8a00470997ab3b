//! What is logged, and how.

use clap::{Args, ValueEnum};
use tracing::level_filters::LevelFilter;

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

/// Our own modules that log, as `promograph::MODULE`: a misspelt one would be silent.
const MODULES: [&str; 17] = [
    "auth",
    "body",
    "cli",
    "database",
    "demo",
    "error",
    "graphql",
    "http",
    "inbox",
    "intake",
    "projection",
    "rate",
    "read",
    "request_id",
    "settings",
    "telemetry",
    "webhook",
];

/// More wrong letters than that are another crate.
const NEAR: f64 = 0.85;

/// The parts of a filter, none of which may be misunderstood: the library takes every word for the name of a module.
fn filter(text: &str) -> Result<String, String> {
    const EXPECTED: &str = "expected error, warn, info, debug or trace, or off, or a comma list of these and of MODULE=LEVEL, \
                            like info,promograph::inbox=debug";
    let parts: Vec<_> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_level = |level: &str| !level.is_empty() && level.parse::<LevelFilter>().is_ok();
    for part in &parts {
        let (module, level) =
            part.split_once('=').map_or((None, *part), |(module, level)| (Some(module.trim()), level));
        if !is_level(level.trim()) || module.is_some_and(|module| !is_path(module)) {
            return Err(EXPECTED.to_owned());
        }
        let root = module.and_then(|module| module.split("::").next()).unwrap_or_default();
        if root != "promograph" && strsim::jaro_winkler(root, "promograph") >= NEAR {
            return Err(format!("{EXPECTED}: there is no crate {root}; did you mean promograph?"));
        }
        let ours =
            module.and_then(|module| module.strip_prefix("promograph::")).and_then(|path| path.split("::").next());
        if let Some(ours) = ours.filter(|ours| !MODULES.contains(ours)) {
            return Err(format!("{EXPECTED}: there is no module promograph::{ours}, but {}", MODULES.join(", ")));
        }
    }
    if parts.is_empty() {
        return Err(EXPECTED.to_owned());
    }
    let given = parts.join(",").replace(' ', "");
    // What a list of modules does not name is logged as without it, also where a name in it is misspelt.
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
    use super::*;

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
            assert!(error.starts_with("expected error, warn, info, debug or trace, or off"), "{wrong}: {error}");
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

    #[test]
    fn the_modules_are_those_of_the_crate() {
        let declared =
            include_str!("../lib.rs").lines().filter_map(|line| line.split_once("mod ")?.1.strip_suffix(';'));
        // These are too small to log anything.
        let declared: Vec<_> =
            declared.filter(|name| !["address", "number", "strict", "time", "value_times"].contains(name)).collect();
        assert_eq!(declared, MODULES);
    }
}
