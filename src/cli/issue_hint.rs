//! The command line that issues a token, to be copied from the log, the terminal or a page.

use std::{env, fmt, path::Path};

use crate::{
    database::sqlite_url,
    settings::{AuthArgs, DatabaseArgs},
};

/// `promograph token issue` with the arguments that find the server's database and key from any directory.
#[derive(Clone, Debug)]
pub struct IssueHint {
    program: String,
    role: &'static str,
    data_dir: String,
    /// The URL of a `SQLite` file outside of the data directory.
    database_url: Option<String>,
    /// Variables that must be set to the server's values. They hold secrets, so the values are left out.
    same_variables: Vec<&'static str>,
}

impl IssueHint {
    /// For a server with these settings.
    pub fn new(database: &DatabaseArgs, auth: &AuthArgs) -> Self {
        let is_sqlite = database.is_sqlite().unwrap_or_default();
        let elsewhere = !database.is_in_data_dir();
        let place = database.place().ok().filter(|_| is_sqlite && elsewhere);
        let secrets = [
            ("PROMOGRAPH_DATABASE_URL", elsewhere && !is_sqlite),
            ("PROMOGRAPH_JWT_SECRET", auth.jwt_secret.is_some()),
        ];
        Self {
            program: program(),
            role: "admin",
            data_dir: quoted(&database.absolute_data_dir().display().to_string()),
            database_url: place.map(|path| quoted(&sqlite_url(Path::new(&path)))),
            same_variables: secrets.into_iter().filter_map(|(name, is_set)| is_set.then_some(name)).collect(),
        }
    }

    /// The arguments that find the server's data from any directory, also for other commands.
    pub fn data_arguments(&self) -> String {
        let url = self.database_url.as_ref().map(|url| format!(" --database-url {url}")).unwrap_or_default();
        format!("--data-dir {}{url}", self.data_dir)
    }

    /// For a token with fewer rights.
    pub fn as_analyst(&self) -> Self {
        Self { role: "analyst", ..self.clone() }
    }
}

impl fmt::Display for IssueHint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { program, role, same_variables, .. } = self;
        write!(out, "{program} token issue --role {role} {}", self.data_arguments())?;
        match same_variables.as_slice() {
            [] => Ok(()),
            names => write!(out, "  # with the same {}", names.join(" and ")),
        }
    }
}

/// This program as a shell finds it from any directory.
pub fn program() -> String {
    let called = env::args_os().next().unwrap_or_default();
    let is_found = !called.as_encoded_bytes().contains(&b'/');
    let path = env::current_exe().ok().filter(|_| !is_found);
    path.map_or_else(|| "promograph".to_owned(), |path| quoted(&path.display().to_string()))
}

/// Quotes a text as one word of a shell.
pub fn quoted(text: &str) -> String {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-+:=@%,".contains(&byte));
    if is_plain && !text.is_empty() { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::secret::Secret;

    fn auth(secret: Option<&str>) -> AuthArgs {
        AuthArgs { jwt_secret: secret.map(Secret::new), jwt_issuer: None, jwt_audience: None }
    }

    fn command(url: Option<&str>, secret: Option<&str>) -> String {
        let folder = DatabaseArgs::in_folder(PathBuf::from("/var/lib/our data"));
        let database = DatabaseArgs { database_url: url.map(Secret::new), ..folder };
        let command = IssueHint { program: "promograph".to_owned(), ..IssueHint::new(&database, &auth(secret)) };
        command.to_string()
    }

    #[test]
    fn the_command_finds_the_server_from_any_directory_and_holds_no_secret() {
        let plain = "promograph token issue --role admin --data-dir '/var/lib/our data'";
        assert_eq!(command(None, None), plain);
        assert_eq!(command(Some("sqlite:/srv/x.db"), None), format!("{plain} --database-url sqlite:/srv/x.db"));
        let encoded = command(Some("sqlite:/srv/a%2520b%3F.db"), None);
        assert_eq!(encoded, format!("{plain} --database-url sqlite:/srv/a%2520b%3F.db"));
        assert_eq!(
            command(Some("postgres://u:hunter2@h/x"), Some("hunter2")),
            format!("{plain}  # with the same PROMOGRAPH_DATABASE_URL and PROMOGRAPH_JWT_SECRET")
        );
        let relative = IssueHint::new(&DatabaseArgs::in_folder(PathBuf::from("./data")), &auth(None));
        let here = std::env::current_dir().unwrap().join("data");
        assert!(relative.to_string().contains(&quoted(here.to_str().unwrap())), "{relative}");
    }

    #[test]
    fn a_word_is_quoted_where_a_shell_needs_it() {
        assert_eq!(quoted("/var/lib/promograph"), "/var/lib/promograph");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
