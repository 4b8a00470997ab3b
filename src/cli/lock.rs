//! A file lock: one server at a time on the files of a data directory. Commands may run beside it.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::ErrorKind,
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::{database, settings::DatabaseArgs};

/// Held until dropped, or until the process ends in any way.
#[derive(Debug)]
pub struct ServerLock {
    _file: Option<File>,
    /// The lock file, if this created it: it is deleted with the lock unless the start succeeds.
    created: Option<PathBuf>,
}

impl ServerLock {
    /// Locks what the server writes to: its `SQLite` file, or with `PostgreSQL` the data directory with the spool.
    ///
    /// # Errors
    /// When another server holds the lock, or its file cannot be created.
    pub fn take(settings: &DatabaseArgs) -> anyhow::Result<Self> {
        if settings.is_sqlite()? {
            let url = settings.url()?;
            // Connecting reports what is wrong with the URL.
            let Some(file) = database::sqlite_file(url.expose()) else {
                return Ok(Self { _file: None, created: None });
            };
            // One lock for all names of a file.
            let file = file.canonicalize().unwrap_or(file);
            let mut name = file.clone().into_os_string();
            name.push(".lock");
            return Self::on(&PathBuf::from(name), &file);
        }
        Self::on(&settings.data_dir.join("serve.lock"), &settings.data_dir)
    }

    /// Keeps the lock file: the start has succeeded.
    pub fn keep(&mut self) {
        self.created = None;
    }

    fn on(path: &Path, what: &Path) -> anyhow::Result<Self> {
        let created = !path.exists();
        let file = match OpenOptions::new().append(true).create(true).mode(0o600).open(path) {
            // Without the folder no server works there; connecting reports it.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self { _file: None, created: None }),
            file => file.with_context(|| format!("cannot write {}", path.display()))?,
        };
        check(file.try_lock(), what)?;
        // Another process whose start was refused may have deleted the file meanwhile.
        let is_same = fs::metadata(path).is_ok_and(|there| file.metadata().is_ok_and(|ours| ours.ino() == there.ino()));
        if !is_same {
            return Self::on(path, what);
        }
        Ok(Self { _file: Some(file), created: created.then(|| path.to_owned()) })
    }
}

impl Drop for ServerLock {
    fn drop(&mut self) {
        if let Some(path) = &self.created {
            // Deleted while locked. A leftover file does no harm.
            let _ = fs::remove_file(path);
        }
    }
}

fn check(tried: Result<(), TryLockError>, what: &Path) -> anyhow::Result<()> {
    match tried {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => anyhow::bail!(
            "another `promograph serve` is running on {}: stop it, or set another PROMOGRAPH_DATA_DIR (or \
                PROMOGRAPH_DATABASE_URL) for this one",
            what.display()
        ),
        // Some network file systems have no locks.
        Err(TryLockError::Error(error)) => tracing::warn!(
            %error,
            "{} cannot be locked: make sure that no other server is running on it",
            what.display()
        ),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_at_a_time_except_where_nothing_can_be_locked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let mut first = ServerLock::on(&path, folder.path()).unwrap();
        first.keep();
        let error = ServerLock::on(&path, folder.path()).unwrap_err().to_string();
        assert!(error.contains("another `promograph serve`"), "{error}");
        drop(first);
        assert!(path.exists(), "a server that worked leaves it");
        drop(ServerLock::on(&path, folder.path()).unwrap());
        assert!(path.exists());
        fs::remove_file(&path).unwrap();
        drop(ServerLock::on(&path, folder.path()).unwrap());
        assert!(!path.exists(), "a start that was refused leaves nothing");
        check(Err(TryLockError::Error(ErrorKind::Unsupported.into())), folder.path()).unwrap();
    }
}
