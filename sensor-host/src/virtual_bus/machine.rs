//! The files that a program can open, and what calls on them do.

use std::collections::BTreeMap;
use std::time::Duration;

use super::i2c_dev::I2cDev;
use super::{Access, Call, Errno, Memory, Reply, World};

/// An open file of the machine: what the kernel calls an open file description. Numbers of duplicated files and of
/// children are the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u64);

/// A device that a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Node {
    /// `/dev/i2c-N`.
    Bus(u32),
    /// `/dev/gpiochip0`.
    GpioChip,
}

impl Node {
    /// The numbers of the device: major and minor.
    #[must_use]
    pub const fn numbers(self) -> (u32, u32) {
        match self {
            Node::Bus(number) => (89, number),
            Node::GpioChip => (254, 0),
        }
    }
}

/// Bytes that a program can read from a file by itself from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The file.
    pub file: FileId,
    /// One or more whole records.
    pub bytes: Vec<u8>,
}

struct Open {
    access: Access,
    file: File,
}

enum File {
    Bus(I2cDev),
}

/// A machine with simulated hardware, as its programs see it.
pub struct Machine {
    world: World,
    open: BTreeMap<FileId, Open>,
    next: u64,
}

impl std::fmt::Debug for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Machine").field("world", &self.world).finish_non_exhaustive()
    }
}

impl Machine {
    /// A machine with this hardware.
    #[must_use]
    pub fn new(world: World) -> Machine {
        Machine { world, open: BTreeMap::new(), next: 0 }
    }

    /// The device that an absolute path names, which holds no `.` and no `..`.
    #[must_use]
    pub fn node(&self, path: &str) -> Option<Node> {
        let number = path.strip_prefix("/dev/i2c-")?.parse().ok()?;
        self.world.buses().any(|bus| bus == number).then_some(Node::Bus(number))
    }

    /// Opens a device.
    ///
    /// # Errors
    /// `ENODEV` if the machine has no such device.
    pub fn open(&mut self, node: Node, access: Access) -> Result<FileId, Errno> {
        let file = match node {
            Node::Bus(number) => File::Bus(I2cDev::new(number)),
            Node::GpioChip => return Err(Errno::NODEV),
        };
        let id = FileId(self.next);
        self.next += 1;
        self.open.insert(id, Open { access, file });
        Ok(id)
    }

    /// Does what a call asks for. Its errors are the kernel's.
    pub fn call(&mut self, file: FileId, call: Call, memory: &mut dyn Memory) -> Reply {
        let Some(open) = self.open.get_mut(&file) else {
            return Err(Errno::BADF).into();
        };
        // What a device is not asked: the kernel's file layer refuses it.
        let is_allowed = match call {
            Call::Read { .. } => open.access.reads,
            Call::Write { .. } => open.access.writes,
            Call::Ioctl { .. } => true,
        };
        if !is_allowed {
            return Err(Errno::BADF).into();
        }
        match &mut open.file {
            File::Bus(device) => {
                self.world.with_adapter(device.bus, |adapter| device.call(call, memory, adapter))
            }
        }
    }

    /// Forgets a file that no program has open any more.
    pub fn close(&mut self, file: FileId) {
        self.open.remove(&file);
    }

    /// Lets simulated time pass until now. To be called before each call, and when [`wake_in`](Self::wake_in) is over.
    pub fn catch_up(&mut self) -> Vec<Event> {
        let _edges = self.world.catch_up();
        Vec::new()
    }

    /// How long it really takes until something happens by itself.
    #[must_use]
    pub fn wake_in(&self) -> Option<Duration> {
        self.world.wake_in()
    }
}
