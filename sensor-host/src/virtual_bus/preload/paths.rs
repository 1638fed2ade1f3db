//! What programs are told of paths.

use super::conversation::message;
use super::wire::{self, Status};
use crate::virtual_bus::{Errno, Machine, Node};

/// What is said of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    /// Nothing virtual is there.
    Native,
    /// A device is to be opened.
    Open(Node),
    /// This is the device there, and its path.
    Device(Status, String),
    /// It is an error.
    Error(Errno),
}

impl Told {
    /// The message that says so.
    pub(super) fn emit(&self) -> Vec<u8> {
        match self {
            Told::Native | Told::Open(_) => message(wire::NATIVE, 0, 0, &[]),
            Told::Device(status, path) => {
                let mut bytes = status.emit().to_vec();
                bytes.extend_from_slice(path.as_bytes());
                message(wire::STATUS, 0, 0, &bytes)
            }
            Told::Error(errno) => message(wire::DONE, -i64::from(errno.raw_os_error()), 0, &[]),
        }
    }
}

/// The paths of a machine.
#[derive(Debug)]
pub(super) struct Paths {
    nodes: Vec<Node>,
}

/// Flags of `open`, as the kernel's.
mod flag {
    pub(super) const CREATE: u32 = 0o100;
    pub(super) const EXCLUSIVE: u32 = 0o200;
    pub(super) const DIRECTORY: u32 = if cfg!(target_arch = "x86_64") { 0o200000 } else { 0o40000 };
}

impl Paths {
    pub(super) fn of(machine: &Machine) -> Paths {
        let _ = machine;
        Paths { nodes: vec![Node::Bus(1)] }
    }

    fn node(&self, path: &[u8]) -> Option<Node> {
        let path = std::str::from_utf8(path).ok()?;
        self.nodes.iter().copied().find(|node| node.path() == path)
    }

    /// What a path that is to be opened is.
    pub(super) fn open(&self, path: &[u8], flags: u32) -> Told {
        let Some(node) = self.node(path) else { return Told::Native };
        if flags & flag::DIRECTORY != 0 {
            Told::Error(Errno::NOTDIR)
        } else if flags & (flag::CREATE | flag::EXCLUSIVE) == flag::CREATE | flag::EXCLUSIVE {
            Told::Error(Errno::EXIST)
        } else {
            Told::Open(node)
        }
    }

    /// What is at a path.
    pub(super) fn look(&self, path: &[u8], _follows: bool) -> Told {
        self.node(path).map_or(Told::Native, |node| self.status(Some(node)))
    }

    /// By which path a program knows a file that it was told to use instead.
    pub(super) fn name(&self, _path: &[u8]) -> Told {
        Told::Native
    }

    /// What an open file is: a device, or what the kernel makes of a file that a device gave.
    pub(super) fn status(&self, node: Option<Node>) -> Told {
        // The kernel's anonymous inodes have no type, and are their owner's.
        let Some(node) = node else {
            return Told::Device(Status { mode: 0o600, ..Status::default() }, String::new());
        };
        let status = Status { mode: 0o020_660, numbers: node.numbers(), inode: 1, ..Status::default() };
        Told::Device(status, node.path())
    }
}
