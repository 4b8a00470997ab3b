//! A temporary folder on the measured disk.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

/// Makes the names of this process's folders differ.
static NEXT: AtomicU32 = AtomicU32::new(0);

/// A temporary folder; removed when dropped.
pub struct TempFolder(PathBuf);

impl TempFolder {
    /// Creates a folder in the system's temporary directory (`TMPDIR`), which should not be in memory.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn new(name: &str) -> anyhow::Result<Self> {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("promograph-bench-{}-{number}-{name}", process::id()));
        fs::create_dir(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        Ok(Self(path))
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("{} was not removed: {error}", self.0.display());
        }
    }
}
