//! The command that gives a token, as it has to be typed on this machine.

use std::{env, fmt, path::Path};

use crate::{
    database::sqlite_url,
    settings::{AuthArgs, DatabaseArgs},
};

/// `promograph token issue`, with what finds the database and the key of a server from any directory.
#[derive(Clone, Debug)]
pub struct TokenCommand {
    program: String,
    role: &'static str,
    data_dir: String,
    /// Of a `SQLite` file that is not in the data directory.
    database_url: Option<String>,
    /// Settings that have to be the same and hold a secret.
    same: Vec<&'static str>,
}

impl TokenCommand {
    /// For a server with these settings.
    pub fn of(database: &DatabaseArgs, auth: &AuthArgs) -> Self {
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
            same: secrets.into_iter().filter_map(|(name, is_set)| is_set.then_some(name)).collect(),
        }
    }

    /// What finds the server's data from any directory, also for other commands.
    pub fn places(&self) -> String {
        let url = self.database_url.as_ref().map(|url| format!(" --database-url {url}")).unwrap_or_default();
        format!("--data-dir {}{url}", self.data_dir)
    }

    /// For a token that sees less.
    pub fn as_analyst(&self) -> Self {
        Self { role: "analyst", ..self.clone() }
    }
}

impl fmt::Display for TokenCommand {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { program, role, same, .. } = self;
        write!(out, "{program} token issue --role {role} {}", self.places())?;
        match same.as_slice() {
            [] => Ok(()),
            names => write!(out, "  # with the same {}", names.join(" and ")),
        }
    }
}

/// This program, as a shell finds it from any directory.
pub fn program() -> String {
    let called = env::args_os().next().unwrap_or_default();
    let is_found = !called.as_encoded_bytes().contains(&b'/');
    let path = env::current_exe().ok().filter(|_| !is_found);
    path.map_or_else(|| "promograph".to_owned(), |path| quoted(&path.display().to_string()))
}

/// As one word for a shell.
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
        let command = TokenCommand { program: "promograph".to_owned(), ..TokenCommand::of(&database, &auth(secret)) };
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
        let relative = TokenCommand::of(&DatabaseArgs::in_folder(PathBuf::from("./data")), &auth(None));
        let here = std::env::current_dir().unwrap().join("data");
        assert!(relative.to_string().contains(&quoted(here.to_str().unwrap())), "{relative}");
    }

    #[test]
    fn a_word_is_quoted_where_a_shell_needs_it() {
        assert_eq!(quoted("/var/lib/promograph"), "/var/lib/promograph");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
