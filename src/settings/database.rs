//! The database and the data directory.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::Args;

use super::InvalidSetting;
use crate::{
    data_dir::{self, DataDir},
    database::{self, Database, migrations, sqlite_url},
    secret::Secret,
};

const EXPECTED: &str = "a URL that starts with sqlite: or postgres://";

/// The file in the data directory.
const FILE: &str = "promograph.db";

/// The database and the data directory.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Database")]
pub struct DatabaseArgs {
    /// URL of the database: `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME`; `DATABASE_URL` is read too
    /// [default: promograph.db in the data directory]
    #[arg(long, value_name = "URL", env = "PROMOGRAPH_DATABASE_URL", hide_env_values = true, value_parser = known_url)]
    pub database_url: Option<Secret>,

    /// The variable that hosting platforms commonly set; checked only if it is used.
    #[arg(long, hide = true, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    pub common_database_url: Option<Secret>,

    /// URL of the same PostgreSQL database without a connection pooler, for migrations and LISTEN/NOTIFY
    #[arg(long, value_name = "URL", env = "PROMOGRAPH_DATABASE_DIRECT_URL", hide_env_values = true, value_parser = postgres_url)]
    pub database_direct_url: Option<Secret>,

    /// Directory for the `SQLite` file, the spool and generated secrets
    #[arg(long, value_name = "PATH", env = "PROMOGRAPH_DATA_DIR", default_value = "./promograph-data")]
    pub data_dir: PathBuf,
}

impl DatabaseArgs {
    /// With all data in this directory, which is created when it is needed.
    #[must_use]
    pub fn in_folder(data_dir: PathBuf) -> Self {
        Self { database_url: None, common_database_url: None, database_direct_url: None, data_dir }
    }

    /// The data directory, created if it is missing.
    ///
    /// # Errors
    /// When it can be neither created nor used.
    pub fn open_data_dir(&self) -> anyhow::Result<DataDir> {
        DataDir::open(&self.data_dir)
    }

    /// The URL to connect to: the one given, or a `SQLite` file in the data directory.
    ///
    /// # Errors
    /// When `DATABASE_URL` has an unknown scheme, or the path of the data directory is not UTF-8.
    pub fn url(&self) -> anyhow::Result<Secret> {
        if let Some(url) = &self.database_url {
            return Ok(url.clone());
        }
        if let Some(url) = &self.common_database_url {
            anyhow::ensure!(
                is_known(url.expose()),
                InvalidSetting { variable: "DATABASE_URL", expected: EXPECTED.to_owned() }
            );
            return Ok(url.clone());
        }
        data_dir::is_text(&self.data_dir)?;
        Ok(Secret::new(sqlite_url(&self.data_dir.join(FILE))))
    }

    /// Whether it is the `SQLite` file in the data directory, as without a URL.
    #[must_use]
    pub fn is_in_data_dir(&self) -> bool {
        self.database_url.is_none() && self.common_database_url.is_none()
    }

    /// The location, for messages: never with a password.
    ///
    /// # Errors
    /// As [`Self::url`].
    pub fn place(&self) -> anyhow::Result<String> {
        Ok(database::describe_url(self.url()?.expose()))
    }

    /// Checks that the database exists, for commands that must not create one: in another directory, or with a mistyped
    /// path, they would work on a new one.
    ///
    /// # Errors
    /// When it does not exist, or that cannot be checked.
    pub fn find(&self) -> anyhow::Result<()> {
        let file = database::sqlite_file(self.url()?.expose()).filter(|_| self.is_sqlite().unwrap_or_default());
        let is_there = match file.as_ref().map(|file| file.metadata()) {
            None => true,
            Some(Ok(file)) => file.len() > 0,
            Some(Err(error)) if error.kind() == ErrorKind::NotFound => false,
            Some(Err(error)) => anyhow::bail!("cannot look at {}: {error}", self.place()?),
        };
        anyhow::ensure!(is_there, "there is no database: {}", self.looked_for()?);
        Ok(())
    }

    /// Checks that the connected database is a complete one of Promograph.
    ///
    /// # Errors
    /// When it is another database, or a migration is missing.
    pub async fn recognise(&self, db: &Database) -> anyhow::Result<()> {
        if !migrations::has_begun(db).await? {
            anyhow::bail!("this is not a database of Promograph: {}", self.looked_for()?);
        }
        migrations::complete(db).await
    }

    fn looked_for(&self) -> anyhow::Result<String> {
        let how = if self.is_in_data_dir() {
            "name the server's data directory with --data-dir or PROMOGRAPH_DATA_DIR".to_owned()
        } else {
            format!("look at {}, or leave it out and name the data directory with --data-dir", self.variable())
        };
        Ok(format!("looked for {}. `promograph serve` creates it at its first start; {how}", self.place()?))
    }

    /// Whether it is `SQLite`.
    ///
    /// # Errors
    /// As [`Self::url`].
    pub fn is_sqlite(&self) -> anyhow::Result<bool> {
        Ok(self.url()?.expose().starts_with("sqlite:"))
    }

    /// Checks that the settings fit together.
    ///
    /// # Errors
    /// When they do not.
    pub fn check(&self) -> anyhow::Result<()> {
        if self.database_direct_url.is_some() && self.is_sqlite()? {
            let expected = "PROMOGRAPH_DATABASE_URL beside it, for the same PostgreSQL database".to_owned();
            return Err(InvalidSetting { variable: "PROMOGRAPH_DATABASE_DIRECT_URL", expected }.into());
        }
        Ok(())
    }

    /// Connects without the connection pooler, if its direct URL is set. Creates the `SQLite` file if it is missing.
    ///
    /// # Errors
    /// When there is no such database, or it does not answer.
    pub async fn connect_for_migration(&self) -> anyhow::Result<Database> {
        self.check()?;
        match &self.database_direct_url {
            Some(url) => Database::connect(url.expose()).await.context("PROMOGRAPH_DATABASE_DIRECT_URL"),
            None => self.connect().await,
        }
    }

    /// Connects. Creates the `SQLite` file if it is missing.
    ///
    /// # Errors
    /// When there is no such database, or it does not answer.
    pub async fn connect(&self) -> anyhow::Result<Database> {
        self.prepare()?;
        Database::connect(self.url()?.expose()).await.context(self.variable())
    }

    /// As [`Self::connect`], but without waiting for `PostgreSQL`.
    ///
    /// # Errors
    /// When the URL cannot be used.
    pub async fn connect_lazily(&self) -> anyhow::Result<Database> {
        Database::connect_lazily(self.url()?.expose()).await.context(self.variable())
    }

    /// Creates the data directory if the database is in it.
    ///
    /// # Errors
    /// When it can be neither created nor used.
    pub fn prepare(&self) -> anyhow::Result<()> {
        if self.is_in_data_dir() {
            self.open_data_dir()?;
        }
        Ok(())
    }

    /// The absolute path of the data directory.
    #[must_use]
    pub fn absolute_data_dir(&self) -> PathBuf {
        absolute(&self.data_dir)
    }

    fn variable(&self) -> &'static str {
        match (&self.database_url, &self.common_database_url) {
            (None, Some(_)) => "DATABASE_URL",
            _ => "PROMOGRAPH_DATABASE_URL",
        }
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn is_known(url: &str) -> bool {
    let known = ["sqlite:", "postgres://", "postgresql://"];
    known.iter().any(|scheme| url.len() > scheme.len() && url.starts_with(scheme))
}

fn known_url(text: &str) -> Result<Secret, String> {
    if is_known(text) { Ok(Secret::new(text)) } else { Err(format!("expected {EXPECTED}")) }
}

fn postgres_url(text: &str) -> Result<Secret, String> {
    let is_postgres = is_known(text) && text.starts_with("postgres");
    if is_postgres { Ok(Secret::new(text)) } else { Err("expected a URL that starts with postgres://".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(ours: Option<&str>, common: Option<&str>, data_dir: PathBuf) -> DatabaseArgs {
        DatabaseArgs {
            database_url: ours.map(Secret::new),
            common_database_url: common.map(Secret::new),
            ..DatabaseArgs::in_folder(data_dir)
        }
    }

    #[test]
    fn our_variable_goes_before_the_common_one_and_the_file_comes_last() {
        let folder = tempfile::tempdir().unwrap();
        let url = |ours, common| args(ours, common, folder.path().join("data")).url().unwrap().expose().to_owned();
        assert_eq!(url(Some("postgres://ours"), Some("mysql://other")), "postgres://ours");
        assert_eq!(url(None, Some("postgres://common")), "postgres://common");
        assert!(url(None, None).ends_with("data/promograph.db"));
        assert!(!folder.path().join("data").exists(), "a data directory is made only for who needs it");
    }

    #[test]
    fn a_common_url_of_another_database_is_named() {
        let error = args(None, Some("mysql://me:secret@host"), PathBuf::new()).url().unwrap_err().to_string();
        assert_eq!(error, "DATABASE_URL: expected a URL that starts with sqlite: or postgres://");
    }
}
