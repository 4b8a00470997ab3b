//! Checks the query parameters of a `PostgreSQL` URL. Messages repeat only values that are paths: any other might be a
//! part of a password that is not percent-encoded.

use std::fs;

const MODES: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];
const KNOWN: [&str; 18] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

/// What is wrong with a URL that the driver refuses, to be appended to a message.
pub(super) fn mistakes(url: &str) -> String {
    let mut said = String::new();
    for (name, value) in parameters(url) {
        said += match name {
            "sslmode" | "ssl-mode" if !MODES.contains(&value) => {
                "; sslmode has to be disable, allow, prefer, require, verify-ca or verify-full"
            }
            "port" if value.parse::<u16>().is_err() => "; the parameter port has to be a number from 1 to 65535",
            "hostaddr" if value.parse::<std::net::IpAddr>().is_err() => "; hostaddr has to be an IP address",
            "statement-cache-capacity" if value.parse::<usize>().is_err() => {
                "; statement-cache-capacity has to be a whole number"
            }
            _ => "",
        };
    }
    if port(url).is_some_and(|port| !port.is_empty() && port.parse::<u16>().is_err()) {
        said += "; PORT has to be a number from 1 to 65535";
    }
    said
}

/// Warns of unknown parameters, and checks that the files of others exist.
///
/// # Errors
/// When such a file cannot be read.
pub(super) fn check(url: &str) -> anyhow::Result<()> {
    for (name, value) in parameters(url) {
        let is_file =
            ["sslrootcert", "ssl-root-cert", "ssl-ca", "sslcert", "ssl-cert", "sslkey", "ssl-key"].contains(&name);
        // The value may also be the certificate itself, or a percent-encoded path.
        if is_file && !value.contains("-----BEGIN") && !value.contains(['%', '+']) {
            fs::metadata(value)
                .map_err(|error| anyhow::anyhow!("{name}: expected a readable file, {value}: {error}"))?;
        }
        if !is_known(name) {
            let is_name =
                name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.-".contains(&byte));
            let name = if is_name { name } else { "(left out)" };
            tracing::warn!("the database's URL has a parameter that is not known and does nothing: {name}");
        }
    }
    Ok(())
}

fn is_known(name: &str) -> bool {
    KNOWN.contains(&name) || name.starts_with("options")
}

/// Whether the password seems to contain an unencoded `/`, `?` or `#`: the rest of it is then parsed as the database's
/// name, or as parameters.
pub(super) fn has_unencoded_password(url: &str) -> bool {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let (authority, behind) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (before, fragment) = behind.split_once('#').unwrap_or((behind, ""));
    let path = before.split('?').next().unwrap_or_default();
    // A known parameter may contain an `@`.
    let is_odd = |(name, value): (&str, &str)| name.contains('@') || (!is_known(name) && value.contains('@'));
    behind.contains('@')
        && (!authority.contains('@') || path.contains('@') || fragment.contains('@') || parameters(url).any(is_odd))
}

fn parameters(url: &str) -> impl Iterator<Item = (&str, &str)> {
    let query = url.split_once('?').map_or("", |(_, query)| query).split('#').next().unwrap_or_default();
    query.split('&').filter_map(|pair| pair.split_once('='))
}

/// The text at the place of the port.
fn port(url: &str) -> Option<&str> {
    let authority = url.split_once("://")?.1.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let behind = host.rsplit_once(']').map_or(host, |(_, behind)| behind);
    behind.rsplit_once(':').map(|(_, port)| port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_of_a_url_that_is_wrong_is_named_and_not_repeated() {
        for (url, part) in [
            ("postgres://u:hunter2@host/x?sslmode=no-verify", "sslmode has to be disable"),
            ("postgres://u:hunter2@host/x?ssl-mode=hunter2", "sslmode has to be disable"),
            ("postgres://u:hunter2@host:54x32/x", "PORT has to be a number"),
            ("postgres://u:hunter2@host:70000/x", "PORT has to be a number"),
            ("postgres://u:hunter2@[::1]:x/x", "PORT has to be a number"),
            ("postgres://u:hunter2@host/x?port=many", "parameter port has to be"),
            ("postgres://u:hunter2@host/x?hostaddr=host", "hostaddr has to be an IP address"),
        ] {
            assert!(super::super::pooler::options(url).is_none(), "{url}");
            let said = mistakes(url);
            assert!(said.contains(part) && !said.contains("hunter2"), "{url}: {said}");
        }
        for broken in [
            "postgres://u:12/34hunter2@127.0.0.1/db",
            "postgres://u:12?hunter2@h/x=1",
            "postgres://u:12#hunter2@h/x",
            "postgres://u:a@b/hunter2@h/x",
            "postgres://u:a@b?hunter2=c@h/x",
        ] {
            assert!(has_unencoded_password(broken), "{broken}");
            assert_eq!(super::super::describe_url(broken), "a PostgreSQL server");
        }
        for whole in
            ["postgres://u:p@h/x?password=a@b", "postgres://h/x?user=u", "postgres://u@h", "postgres://u:%40@h/x"]
        {
            assert!(!has_unencoded_password(whole), "{whole}");
        }
        assert_eq!(mistakes("postgres://u:p@host:5432/x?sslmode=require&port=5433&hostaddr=127.0.0.1"), "");
        let error = check("postgres://u:hunter2@host/x?sslrootcert=/no/such/root.crt").unwrap_err().to_string();
        assert!(error.contains("sslrootcert: expected a readable file, /no/such/root.crt: No such"), "{error}");
    }
}
