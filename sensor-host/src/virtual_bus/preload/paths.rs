//! What programs are told of paths.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use super::conversation::message;
use super::wire::{self, PATH_MAX, Status};
use crate::virtual_bus::files::{Seen, VirtualFiles};
use crate::virtual_bus::{Errno, Machine, Node};

/// What is said of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    /// Nothing virtual is there.
    Native,
    /// A device is to be opened.
    Open(Node),
    /// This device is there.
    Device(Status),
    /// This path is to be used instead.
    Instead(Vec<u8>),
    /// It is an error.
    Error(Errno),
}

impl Told {
    fn instead(path: &Path) -> Told {
        let path = path.as_os_str().as_bytes();
        if path.len() < PATH_MAX { Told::Instead(path.to_vec()) } else { Told::Error(Errno::NAMETOOLONG) }
    }

    /// The message that says so.
    pub(super) fn emit(&self) -> Vec<u8> {
        match self {
            Told::Native | Told::Open(_) => message(wire::NATIVE, 0, 0, &[]),
            Told::Device(status) => message(wire::STATUS, 0, 0, &status.emit()),
            Told::Instead(path) => message(wire::INSTEAD, 0, 0, path),
            Told::Error(errno) => message(wire::DONE, -i64::from(errno.raw_os_error()), 0, &[]),
        }
    }
}

/// Flags of `open`, as the kernel's.
mod flag {
    pub(super) const CREATE_NEW: u32 = 0o300;
    pub(super) const DIRECTORY: u32 = if cfg!(target_arch = "x86_64") { 0o200_000 } else { 0o40_000 };
    pub(super) const NO_FOLLOW: u32 = if cfg!(target_arch = "x86_64") { 0o400_000 } else { 0o100_000 };
}

/// The paths of a machine.
#[derive(Debug)]
pub(super) struct Paths {
    files: VirtualFiles,
}

impl Paths {
    /// What a program of this machine sees.
    ///
    /// # Errors
    /// If there is no room for the files.
    pub(super) fn of(machine: &Machine) -> io::Result<Paths> {
        VirtualFiles::new(machine.nodes()).map(|files| Paths { files })
    }

    /// What is at a path, as the program wrote it or as it was told to.
    fn seen(&self, path: &[u8], follows: bool) -> Seen {
        let path = Path::new(OsStr::from_bytes(path));
        match self.files.virtual_path_of(path) {
            // Not by the links that the private directory has for what is really there.
            Some(known) => match self.files.lookup(&known, follows) {
                Seen::NotOurs => Seen::Real(known),
                seen => seen,
            },
            None => self.files.lookup(path, follows),
        }
    }

    /// What a path that is to be opened is.
    pub(super) fn open(&self, path: &[u8], flags: u32) -> Told {
        match self.seen(path, flags & flag::NO_FOLLOW == 0) {
            Seen::NotOurs => Told::Native,
            Seen::Real(path) => Told::instead(&path),
            Seen::Device(_) if flags & flag::DIRECTORY != 0 => Told::Error(Errno::NOTDIR),
            Seen::Device(_) if flags & flag::CREATE_NEW == flag::CREATE_NEW => Told::Error(Errno::EXIST),
            Seen::Device(node) => Told::Open(node),
        }
    }

    /// What is at a path.
    pub(super) fn look(&self, path: &[u8], follows: bool) -> Told {
        match self.seen(path, follows) {
            Seen::NotOurs => Told::Native,
            Seen::Real(path) => Told::instead(&path),
            Seen::Device(node) => self.status(Some(node)),
        }
    }

    /// The path without links that a program knows something by: a device, or what it was told to use instead.
    pub(super) fn name(&self, path: &[u8]) -> Told {
        if let Seen::Device(node) = self.seen(path, true) {
            return Told::Instead(node.path().into_bytes());
        }
        let path = Path::new(OsStr::from_bytes(path));
        self.files.virtual_path_of(path).map_or(Told::Native, |known| Told::instead(&known))
    }

    /// What an open file is: a device, or what the kernel makes of a file that a device gave.
    pub(super) fn status(&self, node: Option<Node>) -> Told {
        // The kernel's anonymous inodes have no type, and are their owner's.
        let Some(node) = node else {
            return Told::Device(Status { mode: 0o600, ..Status::default() });
        };
        let stat = self.files.stat(node);
        Told::Device(Status {
            mode: stat.mode,
            user: stat.user,
            group: stat.group,
            numbers: stat.numbers,
            file_system: stat.file_system,
            inode: stat.inode,
            seconds: stat.seconds,
        })
    }
}
