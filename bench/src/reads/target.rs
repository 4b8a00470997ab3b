//! A server under test.

use std::{
    collections::HashMap,
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context as _;
use clap::ValueEnum;

use super::{
    opaque,
    query::{Dialect, Parameters, Query, Request},
    wrk,
};
use crate::{
    folder::TempFolder,
    proc,
    server::{self, Server, free_address, printed},
};

/// Which server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TargetKind {
    /// Promograph on PostgreSQL
    Promograph,
    /// Another binary of Promograph on a database of its own (see --before)
    Before,
    /// The hand-written server
    Limit,
    /// `PostGraphile` with two processes
    Postgraphile,
    /// Promograph on SQLite, for Q1 to Q4, whole and sales
    Sqlite,
}

/// A running server and its requests.
pub struct Target {
    pub kind: TargetKind,
    server: Server,
    token: String,
    issuer: Issuer,
    folder: TempFolder,
    prepared: HashMap<String, (PathBuf, Vec<Request>)>,
}

/// What issues tokens: a binary of Promograph and its database.
#[derive(Clone)]
pub struct Issuer {
    pub binary: PathBuf,
    pub database: String,
}

impl Issuer {
    fn issue(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let folder = TempFolder::new("token")?;
        let mut command = server::command(&self.binary, folder.path(), Some(&self.database));
        printed(command.args(["token", "issue"]).args(arguments))
    }
}

impl Target {
    /// Starts the server.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(kind: TargetKind, issuer: &Issuer) -> anyhow::Result<Self> {
        let server = match kind {
            TargetKind::Promograph | TargetKind::Before | TargetKind::Sqlite => {
                Server::start(&issuer.binary, Some(&issuer.database))?
            }
            TargetKind::Limit => {
                let address = free_address()?;
                let mut command = Command::new(beside_this("promograph-limit")?);
                command.arg(address.to_string()).arg(&issuer.database);
                Server::spawn(command, address, TempFolder::new("limit")?)?
            }
            TargetKind::Postgraphile => postgraphile(&issuer.database)?,
        };
        // PostGraphile knows the whole programme without a token.
        let token = match kind {
            TargetKind::Limit | TargetKind::Postgraphile => String::new(),
            _ => issuer.issue(&["--role", "admin"])?,
        };
        let folder = TempFolder::new("requests")?;
        Ok(Self { kind, server, token, issuer: issuer.clone(), folder, prepared: HashMap::new() })
    }

    /// Makes the requests for these parameters.
    ///
    /// # Errors
    /// When the server does not return the cursors that it takes.
    pub fn prepare(&mut self, query: Query, asked: &[Parameters]) -> anyhow::Result<()> {
        let texts = opaque::texts(self, query, asked)?;
        let requests: Vec<_> = asked
            .iter()
            .zip(&texts)
            .map(|(asked, opaque)| query.request(self.dialect(), *asked, opaque, &self.token))
            .collect();
        let file = wrk::write(&self.folder, &query.to_string(), &requests)?;
        self.prepared.insert(query.to_string(), (file, requests));
        Ok(())
    }

    /// The requests of a question.
    ///
    /// # Errors
    /// When they were not prepared.
    pub fn requests(&self, query: Query) -> anyhow::Result<&[Request]> {
        Ok(&self.prepared.get(&query.to_string()).context("not prepared")?.1)
    }

    /// The file with the requests of a question.
    ///
    /// # Errors
    /// When they were not prepared.
    pub fn file(&self, query: Query) -> anyhow::Result<&Path> {
        Ok(&self.prepared.get(&query.to_string()).context("not prepared")?.0)
    }

    /// How it is asked.
    pub const fn dialect(&self) -> Dialect {
        match self.kind {
            TargetKind::Promograph | TargetKind::Before | TargetKind::Sqlite => Dialect::Promograph,
            TargetKind::Limit => Dialect::Limit,
            TargetKind::Postgraphile => Dialect::Postgraphile,
        }
    }

    /// Whether it is asked this question.
    pub const fn answers(&self, query: Query) -> bool {
        match self.kind {
            TargetKind::Sqlite => !matches!(query, Query::Own | Query::List | Query::OwnYear | Query::Top),
            TargetKind::Postgraphile => !query.is_figures() || matches!(query, Query::Q4),
            TargetKind::Promograph | TargetKind::Before | TargetKind::Limit => true,
        }
    }

    /// A token of this promoter.
    ///
    /// # Errors
    /// When the binary does not issue one.
    pub fn promoter_token(&self, id: i64) -> anyhow::Result<String> {
        match self.kind {
            TargetKind::Limit => Ok(String::new()),
            _ => self.issuer.issue(&["--role", "promoter", "--promoter", &id.to_string()]),
        }
    }

    /// The token for everything.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.server.address
    }

    /// The server.
    pub const fn server(&self) -> &Server {
        &self.server
    }

    /// Its memory now and at most, in kB.
    ///
    /// # Errors
    /// When it has ended.
    pub fn memory(&self) -> anyhow::Result<(u64, u64)> {
        proc::memory_of_family(self.server.process())
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl fmt::Display for TargetKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Promograph => "Promograph",
            Self::Before => "Promograph before",
            Self::Limit => "hand-written limit",
            Self::Postgraphile => "PostGraphile",
            Self::Sqlite => "Promograph on SQLite",
        })
    }
}

/// The folder of `PostGraphile`.
pub fn postgraphile_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("postgraphile")
}

fn postgraphile(database: &str) -> anyhow::Result<Server> {
    let (address, folder) = (free_address()?, postgraphile_folder());
    let node = folder.join("node_modules/.bin/node");
    anyhow::ensure!(node.exists(), "PostGraphile is not installed: run `npm ci` in {}", folder.display());
    let mut command = Command::new(node);
    command
        .current_dir(folder)
        .arg("server.mjs")
        .env("NODE_ENV", "production")
        .env("GRAPHILE_ENV", "production")
        .env("HOST", address.ip().to_string())
        .env("PORT", address.port().to_string())
        .env("DATABASE_URL", database)
        .env("JWT_SECRET", server::JWT_SECRET);
    Server::spawn(command, address, TempFolder::new("postgraphile")?)
}

/// A binary that was built together with this one.
fn beside_this(name: &str) -> anyhow::Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name(name);
    anyhow::ensure!(path.exists(), "{} is missing: make bench-reads builds it", path.display());
    Ok(path)
}
