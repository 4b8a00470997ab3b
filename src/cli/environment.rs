//! Warns of environment variables that look like misspelt settings.

use std::{collections::BTreeSet, env};

use clap::{Command, CommandFactory as _};

use super::Cli;

const PREFIX: &str = "PROMOGRAPH_";
/// Variables of builds and tests.
const DEVELOPMENT_VARIABLES: [&str; 5] = [
    "PROMOGRAPH_BINARY",
    "PROMOGRAPH_CHROMIUM",
    "PROMOGRAPH_CLIENTS_PYTHON",
    "PROMOGRAPH_POSTGRES_BIN",
    "PROMOGRAPH_SKIP_WEB",
];
const TEST_PREFIX: &str = "PROMOGRAPH_TEST_";
/// The least similarity of a misspelt name behind the prefix.
const MIN_SIMILARITY: f64 = 0.8;
/// The same for a whole name, in case the prefix is misspelt.
const MIN_SIMILARITY_WITH_PREFIX: f64 = 0.93;
/// How many letters may be wrong in a common name like `DATABASE_URL`, which has other names beside it.
const MAX_TYPOS: usize = 1;

/// Logs a warning for each: a misspelt setting would silently keep its default.
pub fn warn_of_unknown() {
    let known = known(&Cli::command());
    for (name, value) in env::vars_os() {
        let (Some(name), value) = (name.to_str(), value.to_string_lossy()) else { continue };
        if let Some(warning) = warning(name, &value, &known) {
            tracing::warn!("{warning}");
        }
    }
}

/// The warning for a variable, if any; never with its value.
fn warning(name: &str, value: &str, known: &BTreeSet<String>) -> Option<String> {
    let is_other =
        DEVELOPMENT_VARIABLES.contains(&name) || name.starts_with(TEST_PREFIX) || is_set_by_kubernetes(name, value);
    if known.contains(name) || is_other || value.trim().is_empty() {
        return None;
    }
    if !name.starts_with(PREFIX) {
        let upper = name.to_uppercase();
        let similarity = |known: &str| strsim::jaro_winkler(&upper, known);
        let nearest = known.iter().filter(|known| is_misspelt(name, known));
        let nearest = nearest.max_by(|one, other| similarity(one).total_cmp(&similarity(other)))?;
        return Some(format!("{name} is set, but there is no such setting: did you mean {nearest}?"));
    }
    let similarity = |known: &&String| strsim::jaro_winkler(&name[PREFIX.len()..], &known[PREFIX.len()..]);
    let near = known.iter().filter(|known| known.starts_with(PREFIX)).map(|known| (similarity(&known), known));
    let nearest =
        near.max_by(|one, other| one.0.total_cmp(&other.0)).filter(|(similarity, _)| *similarity >= MIN_SIMILARITY);
    Some(match nearest {
        Some((_, nearest)) => format!("{name} is set, but there is no such setting: did you mean {nearest}?"),
        None => format!("{name} is set, but there is no such setting; `promograph serve --help` lists them"),
    })
}

/// Whether a name without the prefix is a misspelt setting.
fn is_misspelt(name: &str, known: &str) -> bool {
    let name = name.to_uppercase();
    if known.starts_with(PREFIX) {
        return strsim::jaro_winkler(&name, known) >= MIN_SIMILARITY_WITH_PREFIX;
    }
    strsim::damerau_levenshtein(&name, known) <= MAX_TYPOS
}

/// Kubernetes sets such variables in all pods of a namespace with a service named promograph.
fn is_set_by_kubernetes(name: &str, value: &str) -> bool {
    let Some(rest) = name.strip_prefix(PREFIX) else { return false };
    rest.starts_with("SERVICE_HOST")
        || rest.starts_with("SERVICE_PORT")
        || (rest.starts_with("PORT") && (value.contains("://") || rest.contains("_TCP_") || rest.contains("_UDP_")))
}

/// The variables of all commands.
fn known(command: &Command) -> BTreeSet<String> {
    let own = command.get_arguments().filter_map(|argument| Some(argument.get_env()?.to_str()?.to_owned()));
    own.chain(command.get_subcommands().flat_map(known)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str, value: &str) -> Option<String> {
        warning(name, value, &known(&Cli::command()))
    }

    #[test]
    fn a_misspelt_setting_is_told_with_the_nearest_name_and_without_its_value() {
        for (wrong, right) in [
            ("PROMOGRAPH_LISTN", "PROMOGRAPH_LISTEN?"),
            ("PROMOGRAPH_DATABASE_URI", "PROMOGRAPH_DATABASE_URL?"),
            ("PROMOGRAPH_WEBHOOK_TOKEN", "PROMOGRAPH_WEBHOOK_TOKENS?"),
            ("PROMOGRAPH_CORS_ORIGIN", "PROMOGRAPH_CORS_ORIGINS?"),
            ("PROMOGRAPH_JWT_SECERT", "PROMOGRAPH_JWT_SECRET?"),
            ("PROMGRAPH_LISTEN", "PROMOGRAPH_LISTEN?"),
            ("PROMOGRAH_LISTEN", "PROMOGRAPH_LISTEN?"),
            ("PROMOGRAPHLISTEN", "PROMOGRAPH_LISTEN?"),
            ("promograph_listen", "PROMOGRAPH_LISTEN?"),
            ("DATABSE_URL", "DATABASE_URL?"),
            ("database_url", " DATABASE_URL?"),
        ] {
            let warning = said(wrong, "hunter2").unwrap();
            assert!(
                warning.starts_with(wrong) && warning.ends_with(right) && !warning.contains("hunter2"),
                "{warning}"
            );
        }
        let warning = said("PROMOGRAPH_XYZZY", "1").unwrap();
        assert!(warning.ends_with("`promograph serve --help` lists them"), "{warning}");
    }

    #[test]
    fn settings_and_variables_of_others_are_not_told() {
        for name in known(&Cli::command()) {
            assert_eq!(said(&name, "1"), None);
        }
        for (name, value) in [
            ("PROMOGRAPH_TEST_POSTGRES", "postgres://postgres@127.0.0.1:1"),
            ("PROMOGRAPH_SKIP_WEB", "1"),
            ("PROMOGRAPH_LISTN", ""),
            ("PROMOGRAPH_LISTN", " "),
            ("DATABASE_USER", "x"),
            ("DATABASE_HOST", "x"),
            ("DATABASE_POOL", "x"),
            ("REDIS_URL", "x"),
            ("PROMPT_COMMAND", "x"),
            ("PROMETHEUS_LISTEN", "x"),
            ("LOG_FORMAT", "x"),
            ("PATH", "/bin"),
            ("ABCDEFGHIJ\u{e9}", "x"),
            // What Kubernetes sets.
            ("PROMOGRAPH_SERVICE_HOST", "10.0.0.1"),
            ("PROMOGRAPH_SERVICE_PORT_HTTP", "8080"),
            ("PROMOGRAPH_PORT", "tcp://10.0.0.1:8080"),
            ("PROMOGRAPH_PORT_8080_TCP", "tcp://10.0.0.1:8080"),
            ("PROMOGRAPH_PORT_8080_TCP_ADDR", "10.0.0.1"),
        ] {
            assert_eq!(said(name, value), None, "{name}");
        }
        assert!(said("PROMOGRAPH_PORT", "9000").is_some(), "as a person would set it");
    }
}
