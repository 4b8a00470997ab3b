//! Temporary folders, also on a disk that is small enough to be filled.

use std::{ffi::CString, fs, io::Write as _, path::Path};

use rustix::mount::{MountFlags, UnmountFlags, mount, unmount};

use super::{note, watchdog::Watched};

/// A folder of a test's own, gone when dropped.
pub struct Folder {
    folder: tempfile::TempDir,
    /// Only a small disk.
    mounted: Option<Watched>,
}

impl Folder {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), mounted: None }
    }

    /// On a disk of its own of so many megabytes that [`Self::fill`] can fill; none where we may not
    /// mount any.
    pub fn on_small_disk(megabytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let size = CString::new(format!("size={megabytes}m")).unwrap();
        if let Err(error) = mount("promograph-test", folder.path(), "tmpfs", MountFlags::empty(), size.as_c_str()) {
            note::left_out(&format!("a small disk needs root, and a mount that is allowed ({error})"));
            return None;
        }
        let mounted = Some(Watched::disk(folder.path()));
        Some(Self { folder, mounted })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Takes the last free byte of the small disk.
    pub fn fill(&self) {
        assert!(self.mounted.is_some(), "this would fill somebody else's disk");
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
        if self.mounted.is_some() {
            // Lazily: somebody may still have a file open.
            let _ = unmount(self.folder.path(), UnmountFlags::DETACH);
        }
    }
}
