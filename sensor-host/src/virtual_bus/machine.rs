//! The files that a program can open, and what calls on them do.

use std::collections::BTreeMap;
use std::time::Duration;

use super::gpio::{ChipLayout, GpioChip, OutputChange, Queue};
use super::i2c_dev::I2cDev;
use super::{Access, Answer, Call, Errno, Memory, Reply, World};

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
    /// Where the device is.
    #[must_use]
    pub fn path(self) -> String {
        match self {
            Node::Bus(number) => format!("/dev/i2c-{number}"),
            Node::GpioChip => "/dev/gpiochip0".to_owned(),
        }
    }

    /// The numbers of the device: major and minor.
    #[must_use]
    pub const fn numbers(self) -> (u32, u32) {
        match self {
            Node::Bus(number) => (89, number),
            Node::GpioChip => (254, 0),
        }
    }
}

/// A record that a program can read from a file by itself from now on.
///
/// To be put into the file by one `send` that does not wait. If the reader is so slow that there is no room for it
/// ([`Machine::queue`]), the record is dropped, never a part of it: the kernel does so too, with the newest record (version 1, watches) or the
/// oldest (version 2). The sequence numbers of version 2 tell the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The file.
    pub file: FileId,
    /// One whole record, of 288 bytes at most.
    pub bytes: Vec<u8>,
}

struct Open {
    access: Access,
    file: File,
}

enum File {
    Bus(I2cDev),
    /// The chip, or lines of it: the chip knows which.
    Gpio,
}

/// A machine with simulated hardware, as its programs see it.
pub struct Machine {
    world: World,
    gpio: GpioChip,
    open: BTreeMap<FileId, Open>,
    next: u64,
    watcher: Option<Watcher>,
}

/// Who sees what programs make of outputs.
type Watcher = Box<dyn FnMut(&OutputChange) + Send>;

impl std::fmt::Debug for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Machine").field("world", &self.world).finish_non_exhaustive()
    }
}

impl Machine {
    /// A machine with this hardware, and with the GPIO chip of a Raspberry Pi 4.
    #[must_use]
    pub fn new(world: World) -> Machine {
        Machine::with_gpio(world, &ChipLayout::default())
    }

    /// A machine with this hardware, and with this GPIO chip.
    #[must_use]
    pub fn with_gpio(world: World, layout: &ChipLayout) -> Machine {
        let wired = world.lines().map(|(line, name)| (line, name, world.level(line) == Some(true)));
        let gpio = GpioChip::new(layout, wired);
        Machine { world, gpio, open: BTreeMap::new(), next: 0, watcher: None }
    }

    /// The devices of the machine.
    pub fn nodes(&self) -> impl Iterator<Item = Node> + '_ {
        self.world.buses().map(Node::Bus).chain([Node::GpioChip])
    }

    /// The device that an absolute path names, which holds no `.` and no `..`.
    #[must_use]
    pub fn node(&self, path: &str) -> Option<Node> {
        self.nodes().find(|node| path == node.path())
    }

    /// Opens a device.
    ///
    /// # Errors
    /// `ENODEV` if the machine has no such device.
    pub fn open(&mut self, node: Node, access: Access) -> Result<FileId, Errno> {
        let id = FileId(self.next);
        let file = match node {
            Node::Bus(number) => File::Bus(I2cDev::new(number)),
            Node::GpioChip => {
                self.gpio.open(id);
                File::Gpio
            }
        };
        self.add(id, Open { access, file });
        Ok(id)
    }

    fn add(&mut self, id: FileId, open: Open) {
        self.next += 1;
        self.open.insert(id, open);
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
            File::Gpio => {
                let new = FileId(self.next);
                let outcome = self.gpio.call(file, call, memory, self.world.stamp(), new);
                if let Ok(Answer::File { file, .. }) = outcome {
                    // As the kernel opens it.
                    let access = Access { reads: true, writes: false };
                    self.add(file, Open { access, file: File::Gpio });
                }
                self.tell_outputs();
                outcome.into()
            }
        }
    }

    /// What a file gives when it is read, if it gives records of events: see [`Event`].
    #[must_use]
    pub fn queue(&self, file: FileId) -> Option<Queue> {
        self.gpio.queue(file)
    }

    /// Forgets a file that no program has open any more, or that no program could be given. Lines of the GPIO chip
    /// that were held by it are free again: a front end has to notice that a file is gone before the next call on the
    /// chip, or a program that lets go of a line and asks for it again is told `EBUSY`.
    pub fn close(&mut self, file: FileId) {
        if let Some(Open { file: File::Gpio, .. }) = self.open.remove(&file) {
            self.gpio.close(file, self.world.stamp());
        }
    }

    /// Lets simulated time pass until now. To be called before each call, and when [`wake_in`](Self::wake_in) is over.
    pub fn catch_up(&mut self) -> Vec<Event> {
        for edge in self.world.catch_up() {
            self.gpio.edge(edge.line, edge.is_high, self.world.stamp_of(edge.at));
        }
        // If much was missed, there are more edges to come before now.
        if self.world.wake_in() != Some(Duration::ZERO) {
            self.gpio.pass(self.world.stamp());
        }
        self.gpio.take_events()
    }

    /// Lets somebody see from now on what programs make of the outputs of the GPIO chip, such as that of a fan.
    pub fn watch_outputs(&mut self, watcher: impl FnMut(&OutputChange) + Send + 'static) {
        self.watcher = Some(Box::new(watcher));
    }

    fn tell_outputs(&mut self) {
        let changes = self.gpio.take_output_changes();
        if let Some(watcher) = &mut self.watcher {
            changes.iter().for_each(watcher);
        }
    }

    /// How long it really takes until something happens by itself.
    #[must_use]
    pub fn wake_in(&self) -> Option<Duration> {
        let now = self.world.stamp().monotonic;
        let gpio = self.gpio.due().map(|due| due.saturating_sub(now));
        self.world.wake_in().into_iter().chain(gpio).min()
    }
}
