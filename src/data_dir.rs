//! The data directory, with the `SQLite` file, the spool and generated secrets.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use rand::{TryRngCore as _, rngs::OsRng};
use rustix::fs::{Access, access};

use crate::secret::Secret;

/// A directory that only its owner can access.
#[derive(Clone, Debug)]
pub struct DataDir(PathBuf);

impl DataDir {
    /// Opens the directory, creating it with mode 0700 if it is missing.
    ///
    /// # Errors
    /// When it cannot be created, or is not a directory.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        is_text(path)?;
        DirBuilder::new().recursive(true).mode(0o700).create(path).with_context(|| {
            format!("PROMOGRAPH_DATA_DIR: expected a directory that can be created or used, got {}", path.display())
        })?;
        Ok(Self(path.to_owned()))
    }

    /// The directory, whether it exists or not.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Checks that it could be opened, without creating it: a refused start leaves nothing behind.
    ///
    /// # Errors
    /// When it could be neither created nor used.
    pub fn check(path: &Path) -> anyhow::Result<()> {
        is_text(path)?;
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let nearest = path.ancestors().find(|folder| folder.symlink_metadata().is_ok()).unwrap_or(&path);
        let is_usable = nearest.is_dir() && access(nearest, Access::WRITE_OK | Access::EXEC_OK).is_ok();
        anyhow::ensure!(
            is_usable,
            "PROMOGRAPH_DATA_DIR: expected a directory that can be created or used, got {}",
            path.display()
        );
        Ok(())
    }

    /// The secret in a file, if it was generated.
    ///
    /// # Errors
    /// When the file cannot be read, or its content is too short for a secret.
    pub fn existing_secret(&self, name: &str) -> anyhow::Result<Option<Secret>> {
        read(&self.file(name))
    }

    /// The path of a file in it.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The path of a file that only the owner can access, created empty if it is missing.
    ///
    /// # Errors
    /// When it can be neither created nor opened.
    pub fn private_file(&self, name: &str) -> anyhow::Result<PathBuf> {
        let path = self.file(name);
        let opened = OpenOptions::new().append(true).create(true).mode(0o600).open(&path);
        opened.with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    /// The secret in a file, generated at the first call: 32 random bytes as 64 hex digits.
    ///
    /// Processes that start at the same time agree on one secret: the file appears atomically.
    ///
    /// # Errors
    /// When the file can be neither read nor created, or its content is too short for a secret.
    pub fn secret(&self, name: &str) -> anyhow::Result<Secret> {
        let path = self.file(name);
        if let Some(secret) = read(&path)? {
            return Ok(secret);
        }
        self.create(&path).with_context(|| format!("cannot create {}", path.display()))?;
        read(&path)?.with_context(|| format!("{} disappeared while starting", path.display()))
    }

    fn create(&self, path: &Path) -> anyhow::Result<()> {
        let mut random = [0; 32];
        OsRng.try_fill_bytes(&mut random).context("the system gives no random bytes")?;
        let draft = self.file(&format!(".draft-{}", uuid::Uuid::now_v7()));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        let written = writeln!(file, "{}", hex::encode(random)).and_then(|()| file.sync_all());
        // A hard link, unlike a rename, does not replace a file that another process created meanwhile.
        let linked = written.and_then(|()| fs::hard_link(&draft, path));
        fs::remove_file(&draft)?;
        match linked {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error.into()),
            _ => File::open(&self.0)?.sync_all()?,
        }
        Ok(())
    }
}

/// The path becomes part of a URL, so it has to be UTF-8.
pub(crate) fn is_text(path: &Path) -> anyhow::Result<()> {
    anyhow::ensure!(path.to_str().is_some(), "PROMOGRAPH_DATA_DIR: expected a path in UTF-8, got {}", path.display());
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<Option<Secret>> {
    match fs::read_to_string(path) {
        Ok(text) if text.trim().len() >= 32 => Ok(Some(Secret::new(text.trim()))),
        Ok(_) => anyhow::bail!("{}: expected at least 32 characters; delete it to get a new one", path.display()),
        Err(error) if [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory].contains(&error.kind()) => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn only_the_owner_can_read_the_directory_and_its_secrets() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("data");
        let data = DataDir::open(&path).unwrap();
        data.secret("jwt-key").unwrap();
        assert_eq!(mode(&path), 0o700);
        assert_eq!(mode(&path.join("jwt-key")), 0o600);
        assert_eq!(mode(&data.private_file("promograph.db").unwrap()), 0o600);
    }

    #[test]
    fn a_generated_secret_stays_the_same_and_every_directory_has_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        let secret = |path| DataDir::open(path).unwrap().secret("jwt-key").unwrap().expose().to_owned();
        assert_eq!(secret(&one).len(), 64);
        assert_eq!(secret(&one), secret(&one));
        assert_ne!(secret(&one), secret(&two));
    }

    #[test]
    fn processes_that_start_together_agree_on_one_secret() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(folder.path()).unwrap();
        let secrets: Vec<String> = std::thread::scope(|scope| {
            let start = || scope.spawn(|| data.secret("jwt-key").unwrap().expose().to_owned());
            let threads: Vec<_> = std::iter::repeat_with(start).take(8).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(secrets.iter().all(|secret| *secret == secrets[0]));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no drafts are left");
    }

    #[test]
    fn a_damaged_secret_stops_the_start_instead_of_being_replaced() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("jwt-key"), "short").unwrap();
        let error = DataDir::open(folder.path()).unwrap().secret("jwt-key").unwrap_err();
        assert!(error.to_string().contains("at least 32 characters"), "{error}");
    }
}
