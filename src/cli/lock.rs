//! One server at a time on the files of a data directory. Commands work beside it.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::ErrorKind,
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::{database, settings::DatabaseArgs};

/// Keeps other servers away until it is dropped, or the process has ended in whatever way.
#[derive(Debug)]
pub struct Lock {
    _file: Option<File>,
    /// Its file, if it was not there before: it goes with the lock, unless a server comes to work.
    made: Option<PathBuf>,
}

impl Lock {
    /// Takes the lock on what the server writes to: its `SQLite` file, or beside `PostgreSQL` the data
    /// directory, where the spool is.
    ///
    /// # Errors
    /// When another server has it, or the file of the lock cannot be made.
    pub fn take(settings: &DatabaseArgs) -> anyhow::Result<Self> {
        if settings.is_sqlite()? {
            let url = settings.url()?;
            // What is wrong with the URL is told by who connects.
            let Some(file) = database::sqlite_file(url.expose()) else { return Ok(Self { _file: None, made: None }) };
            // One file, by whatever name.
            let file = file.canonicalize().unwrap_or(file);
            let mut name = file.clone().into_os_string();
            name.push(".lock");
            return Self::on(&PathBuf::from(name), &file);
        }
        Self::on(&settings.data_dir.join("serve.lock"), &settings.data_dir)
    }

    /// The start has succeeded: the file of the lock stays.
    pub fn keep(&mut self) {
        self.made = None;
    }

    fn on(path: &Path, what: &Path) -> anyhow::Result<Self> {
        let made = !path.exists();
        let file = match OpenOptions::new().append(true).create(true).mode(0o600).open(path) {
            // No such folder, so nobody works there; who connects tells of it.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self { _file: None, made: None }),
            file => file.with_context(|| format!("cannot write {}", path.display()))?,
        };
        judge(file.try_lock(), what)?;
        // Somebody whose start was refused may have taken the file away meanwhile.
        let is_same = fs::metadata(path).is_ok_and(|there| file.metadata().is_ok_and(|ours| ours.ino() == there.ino()));
        if !is_same {
            return Self::on(path, what);
        }
        Ok(Self { _file: Some(file), made: made.then(|| path.to_owned()) })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(path) = &self.made {
            // While it is locked. If it stays it does no harm.
            let _ = fs::remove_file(path);
        }
    }
}

fn judge(tried: Result<(), TryLockError>, what: &Path) -> anyhow::Result<()> {
    match tried {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => anyhow::bail!(
            "another `promograph serve` works on {}: stop it first, or set another PROMOGRAPH_DATA_DIR (or \
                PROMOGRAPH_DATABASE_URL) for this one",
            what.display()
        ),
        // Some network file systems cannot.
        Err(TryLockError::Error(error)) => tracing::warn!(
            %error,
            "{} cannot be locked: make sure that no other server works on it",
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
        let mut first = Lock::on(&path, folder.path()).unwrap();
        first.keep();
        let error = Lock::on(&path, folder.path()).unwrap_err().to_string();
        assert!(error.contains("another `promograph serve`"), "{error}");
        drop(first);
        assert!(path.exists(), "a server that worked leaves it");
        drop(Lock::on(&path, folder.path()).unwrap());
        assert!(path.exists());
        fs::remove_file(&path).unwrap();
        drop(Lock::on(&path, folder.path()).unwrap());
        assert!(!path.exists(), "a start that was refused leaves nothing");
        judge(Err(TryLockError::Error(ErrorKind::Unsupported.into())), folder.path()).unwrap();
    }
}
