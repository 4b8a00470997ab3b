//! Temporary folders, also on a disk that is small enough to be filled.

use std::{fs, io::Write as _, path::Path, process::Command};

/// A folder of a test's own, gone when dropped.
pub struct Folder {
    folder: tempfile::TempDir,
    is_small_disk: bool,
}

impl Folder {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), is_small_disk: false }
    }

    /// On a disk of its own of so many megabytes that [`Self::fill`] can fill; none where we may not
    /// mount any.
    pub fn on_small_disk(megabytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={megabytes}m");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &size, "promograph-test"]).arg(folder.path());
        let is_small_disk = mount.output().is_ok_and(|output| output.status.success());
        if !is_small_disk {
            eprintln!("left out: a small disk needs root, and a mount that is allowed");
        }
        is_small_disk.then_some(Self { folder, is_small_disk })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Takes the last free byte of the small disk.
    pub fn fill(&self) {
        assert!(self.is_small_disk, "this would fill somebody else's disk");
        let mut ballast = fs::File::create(self.path().join("ballast")).unwrap();
        while ballast.write_all(&[1; 4096]).is_ok() {}
        while ballast.write_all(&[1]).is_ok() {}
    }

    /// Gives back what [`Self::fill`] took.
    pub fn free(&self) {
        fs::remove_file(self.path().join("ballast")).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.is_small_disk {
            // Lazily: somebody may still have a file open.
            let _ = Command::new("umount").arg("--lazy").arg(self.folder.path()).status();
        }
    }
}
