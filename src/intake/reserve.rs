//! Disk space reserved for emptying the spool: deleting rows takes space too.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use rand::RngCore as _;

/// Size of the reserve. A checkpoint of the spool's write-ahead log makes its file at most 13 MB larger (the log's own
/// limit and one batch), and then the log takes the deletion of the first rows.
const BYTES: u64 = 16 * 1024 * 1024;
/// Written at once. It is random, so that a compressing file system gives it all of its space.
const BLOCK: usize = 1024 * 1024;
/// The unit of `stat`'s block count.
const STAT_BLOCK: u64 = 512;

/// The file that holds the space until it is needed.
#[derive(Debug)]
pub(super) struct Reserve {
    path: PathBuf,
    /// The file is gone and the spool is not empty: the space that is left is for emptying it.
    spent: AtomicBool,
}

impl Reserve {
    /// The reserve in this file; spent until [`Self::restore`].
    pub fn at(path: PathBuf) -> Self {
        Self { path, spent: AtomicBool::new(true) }
    }

    /// Whether the file exists with all of its space.
    pub fn exists(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|file| file.len() == BYTES && file.blocks() * STAT_BLOCK >= BYTES)
    }

    /// Gives the space back to the disk, for emptying the spool.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn spend(&self) -> io::Result<()> {
        self.spent.store(true, Ordering::SeqCst);
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Whether the spool has to be emptied before it may take new events.
    pub fn is_spent(&self) -> bool {
        self.spent.load(Ordering::SeqCst)
    }

    /// Makes the reserve again if the disk has twice its size free. An empty spool goes on without it, since storing
    /// webhooks comes first.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn restore(&self, is_empty: bool) -> io::Result<()> {
        let made = if self.exists() { Ok(true) } else { self.make() };
        if is_empty && made.as_ref().is_ok_and(|made| !made) {
            tracing::warn!("the disk of the spool is nearly full: no space can be reserved for emptying it");
        }
        if is_empty || made.as_ref().is_ok_and(|made| *made) {
            self.spent.store(false, Ordering::SeqCst);
        }
        made.map(drop)
    }

    /// Whether there was enough space.
    fn make(&self) -> io::Result<bool> {
        let disk = rustix::fs::statvfs(self.path.parent().unwrap_or(Path::new(".")))?;
        if disk.f_bavail.saturating_mul(disk.f_frsize) < 2 * BYTES {
            return Ok(false);
        }
        let written = write(&self.path);
        if written.is_err() {
            // An incomplete one is useless.
            fs::remove_file(&self.path)?;
        }
        written.map(|()| true)
    }
}

fn write(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    let mut block = vec![0; BLOCK];
    rand::rng().fill_bytes(&mut block);
    for _ in 0..BYTES / BLOCK as u64 {
        file.write_all(&block)?;
    }
    // Some file systems allocate only now.
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reserve_takes_real_room_and_is_whole_or_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reserve");
        let reserve = Reserve::at(path.clone());
        assert!(!reserve.exists() && reserve.is_spent());
        reserve.restore(false).unwrap();
        assert!(reserve.exists() && !reserve.is_spent());
        reserve.spend().unwrap();
        reserve.spend().unwrap();
        assert!(!path.exists() && reserve.is_spent());
        // As after a power cut, or a copy that left out what seemed to be nothing.
        fs::File::create(&path).unwrap().set_len(BYTES).unwrap();
        assert!(!reserve.exists());
        reserve.restore(true).unwrap();
        assert!(reserve.exists() && !reserve.is_spent());
    }
}
