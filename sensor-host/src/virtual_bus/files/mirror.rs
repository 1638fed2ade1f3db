//! The private directory: real files, directories and links.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use rustix::fs::{FileType, FlockOperation, Mode, OFlags};
use tempfile::TempDir;

use super::tree::{Entry, Tree};

/// What the names of private directories begin with.
const PREFIX: &str = "mlsensor-files-";

/// The private directory, laid out as the root directory is.
#[derive(Debug)]
pub(super) struct Mirror {
    /// Removes it.
    _directory: TempDir,
    /// Locked as long as it is in use, which tells those that a killed process left behind.
    _lock: File,
    root: PathBuf,
    real: PathBuf,
    /// Directories that are really there too.
    shared: BTreeSet<PathBuf>,
    /// Those among them that really lack something of ours.
    mirrored: BTreeSet<PathBuf>,
}

impl Mirror {
    pub(super) fn new(tree: &Tree, real: &Path, parent: &Path) -> io::Result<Mirror> {
        sweep(parent);
        let (directory, lock) = make(parent)?;
        // As /proc/PID/fd shows it.
        let root = directory.path().canonicalize()?;
        let (shared, mirrored) = (BTreeSet::new(), BTreeSet::new());
        let mut mirror =
            Mirror { _directory: directory, _lock: lock, root, real: real.to_owned(), shared, mirrored };
        for (path, entry) in tree.entries() {
            mirror.fill(tree, path, entry)?;
        }
        Ok(mirror)
    }

    fn fill(&mut self, tree: &Tree, path: &Path, entry: &Entry) -> io::Result<()> {
        let place = self.place(path);
        match entry {
            Entry::Device(_) => make_device(&place),
            Entry::File(text) => {
                fs::write(&place, text)?;
                fs::set_permissions(&place, fs::Permissions::from_mode(0o444))
            }
            Entry::Link(target) => symlink(target, &place),
            Entry::Directory => {
                if path != Path::new("/") {
                    fs::create_dir(&place)?;
                    fs::set_permissions(&place, fs::Permissions::from_mode(0o755))?;
                }
                let real = self.in_real(path);
                if real.is_dir() {
                    self.shared.insert(path.to_owned());
                    // The root directory is left alone: everybody looks at it, nobody looks for devices there.
                    let lacks = |name| real.join(name).symlink_metadata().is_err();
                    if path != Path::new("/") && tree.names_in(path).any(lacks) {
                        self.mirrored.insert(path.to_owned());
                    }
                }
                Ok(())
            }
        }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Where something of ours is.
    pub(super) fn place(&self, path: &Path) -> PathBuf {
        self.root.join(path.strip_prefix("/").unwrap_or(path))
    }

    fn in_real(&self, path: &Path) -> PathBuf {
        self.real.join(path.strip_prefix("/").unwrap_or(path))
    }

    /// Whether a directory of ours is really there too.
    pub(super) fn is_shared(&self, path: &Path) -> bool {
        self.shared.contains(path)
    }

    /// Whether the private directory stands in for one that is really there.
    pub(super) fn is_mirrored(&self, path: &Path) -> bool {
        self.mirrored.contains(path)
    }

    /// Makes what is really in a directory appear beside what is ours, by links, and what is gone disappear. As far as
    /// that goes: two at once may get in each other's way, and either does the same.
    pub(super) fn refresh(&self, tree: &Tree, path: &Path) {
        let (real, place) = (self.in_real(path), self.place(path));
        let ours: BTreeSet<OsString> = tree.names_in(path).map(OsString::from).collect();
        let (there, here) = (names(&real), names(&place));
        for name in here.difference(&there).filter(|name| !ours.contains(*name)) {
            let _ = fs::remove_file(place.join(name));
        }
        for name in there.difference(&here).filter(|name| !ours.contains(*name)) {
            let _ = symlink(real.join(name), place.join(name));
        }
    }
}

fn names(directory: &Path) -> BTreeSet<OsString> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name()).collect()
}

/// Something that a listing shows as a character device, if the file system can: the kernel lets everybody make one with
/// the numbers 0:0, which nobody can open. An empty file otherwise. Front ends open neither.
fn make_device(place: &Path) -> io::Result<()> {
    let made = rustix::fs::mknodat(rustix::fs::CWD, place, FileType::CharacterDevice, Mode::empty(), 0);
    match made {
        Ok(()) => Ok(()),
        Err(_) => fs::write(place, ""),
    }
}

/// A private directory, and the lock on it. If this process is killed, the next [`Mirror`] in the same parent sweeps it away.
pub(in crate::virtual_bus) fn make(parent: &Path) -> io::Result<(TempDir, File)> {
    loop {
        let permissions = fs::Permissions::from_mode(0o700);
        let directory =
            tempfile::Builder::new().prefix(PREFIX).permissions(permissions).tempdir_in(parent)?;
        let lock = File::open(directory.path())?;
        let is_locked = rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive).is_ok();
        // Before it was locked, another process may have taken it for one that was left behind.
        let is_there = fs::metadata(directory.path()).is_ok_and(|there| there.nlink() > 0);
        if is_locked && is_there {
            return Ok((directory, lock));
        }
    }
}

/// Removes the private directories that killed processes of this user left behind.
fn sweep(parent: &Path) {
    for name in names(parent).iter().filter(|name| name.as_encoded_bytes().starts_with(PREFIX.as_bytes())) {
        let path = parent.join(name);
        // Locked until it is gone, or somebody could begin to use it.
        if let Some(_lock) = abandoned(&path) {
            let _ = fs::remove_dir_all(&path);
        }
    }
}

/// The lock on a directory of this user, if nobody has it.
fn abandoned(path: &Path) -> Option<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let directory = rustix::fs::open(path, flags, Mode::empty()).ok()?;
    let is_mine = rustix::fs::fstat(&directory).ok()?.st_uid == rustix::process::geteuid().as_raw();
    rustix::fs::flock(&directory, FlockOperation::NonBlockingLockExclusive).ok()?;
    is_mine.then_some(directory)
}
