//! Files that the program is given: devices, lines of the GPIO chip, files that stand in for others, duplicates.

use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{CWD, Mode, OFlags, readlinkat_raw};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, Resource, getrlimit, pidfd_getfd, pidfd_open};

use super::super::{Access, FileId, Memory, Node};
use super::answers::{Desk, Outcome, Refusal};
use super::filter::Numbers;
use super::open_files::{Kind, OpenFile};
use super::paths::Found;
use super::sys::{self, Notification};
use super::trapped::{PathAt, Target};

/// Bytes of `struct open_how` as it was first.
const OPEN_HOW: u64 = 24;

impl Desk {
    pub(super) fn open(&mut self, asked: &Notification, path: PathAt, flags: u32) -> Outcome {
        let (node, by_link) = match self.find(asked, path) {
            Found::Other | Found::Beside(_) => return Outcome::Kernel,
            Found::Instead(instead) => {
                let is_path_alone = flags & libc::O_PATH as u32 != 0;
                if is_path_alone && self.is_found_by_kernel(asked, path, &instead) {
                    return Outcome::Kernel;
                }
                return self.open_instead(asked, &instead, flags);
            }
            Found::Device { node, by_link } => (node, by_link),
            Found::NotDirectory => return Err(Errno::NOTDIR).into(),
            Found::OpenFile { link } => match self.files.at(&link).map(|file| file.kind) {
                Some(_) if !path.follows => return Outcome::Kernel,
                Some(Kind::Device(node)) => (node, true),
                Some(Kind::Line) => return Err(Errno::NXIO).into(),
                None => return Outcome::Kernel,
            },
        };
        let flags = flags as i32;
        if flags & (libc::O_CREAT | libc::O_EXCL) == libc::O_CREAT | libc::O_EXCL {
            return Err(Errno::EXIST).into();
        } else if flags & libc::O_DIRECTORY != 0 {
            return Err(Errno::NOTDIR).into();
        } else if by_link && flags & libc::O_NOFOLLOW != 0 {
            return Err(Errno::LOOP).into();
        }
        let kind = Kind::Device(node);
        let numbers = self.numbers(kind);
        let Some(number) = self.free_number(asked, numbers, 0) else {
            return Err(Errno::MFILE).into();
        };
        if !sys::is_waiting(self.listener.as_fd(), asked.id) {
            return Outcome::Answered;
        }
        let id = match self.machine.open(node, Access::from_flags(flags as u32)) {
            Ok(id) => id,
            Err(errno) => return Err(errno).into(),
        };
        let opened = OFlags::from_bits_retain(flags as u32);
        let file = match self.files.add(OpenFile { id, kind, opened }, self.epoll.as_fd()) {
            Ok(file) => file,
            Err(errno) => {
                self.machine.close(id);
                return Err(errno).into();
            }
        };
        // If the program is gone, the only copy of the file is dropped here, and its end is heard of as any other.
        self.give(asked, &file, Some(number), flags & libc::O_CLOEXEC != 0)
    }

    /// Opens a file that stands in for another one: a directory that lists the devices, or what sysfs tells of them.
    fn open_instead(&mut self, asked: &Notification, path: &Path, flags: u32) -> Outcome {
        let mut wanted =
            OFlags::from_bits_retain(flags).difference(OFlags::CREATE | OFlags::EXCL | OFlags::TRUNC);
        if wanted.contains(OFlags::PATH) {
            // No file of this kind can be given to another process: one to read is, of what a link leads to.
            wanted = wanted.intersection(OFlags::DIRECTORY | OFlags::CLOEXEC);
        }
        // Never waits for what may be at the other end: a FIFO that a link of sysfs and many ".." lead to.
        let ours = OFlags::CLOEXEC | OFlags::NOCTTY | OFlags::NONBLOCK;
        let opened = rustix::fs::open(path, wanted | ours, Mode::empty()).and_then(|file| {
            if !wanted.contains(OFlags::NONBLOCK) {
                let flags = rustix::fs::fcntl_getfl(&file)?;
                rustix::fs::fcntl_setfl(&file, flags.difference(OFlags::NONBLOCK))?;
            }
            Ok(file)
        });
        match opened {
            Ok(file) => self.give(asked, &file, None, wanted.contains(OFlags::CLOEXEC)),
            Err(errno) => Err(errno).into(),
        }
    }

    /// The file numbers that are followed for files of this kind.
    fn numbers(&self, kind: Kind) -> Numbers {
        match kind {
            Kind::Device(Node::Bus(_)) => self.ranges.buses,
            Kind::Device(Node::GpioChip) | Kind::Line => self.ranges.lines,
        }
    }

    /// Gives the program a file, which is what its call returns.
    fn give(
        &mut self,
        asked: &Notification,
        file: &OwnedFd,
        number: Option<u32>,
        closes_on_exec: bool,
    ) -> Outcome {
        let listener = self.listener.as_fd();
        match sys::give_file(listener, asked.id, file.as_fd(), number, closes_on_exec, true) {
            Ok(_) | Err(Errno::NOENT) => Outcome::Answered,
            // A number that is past the limit which this process has by now.
            Err(Errno::BADF) if number.is_some() => {
                let least = self.ranges.all().last + 1;
                self.say(Refusal::Limit, || {
                    format!(
                        "a process has lowered its limit of open files (ulimit -n) below {least}: it can open no simulated \
                         device (EMFILE)"
                    )
                });
                Err(Errno::MFILE).into()
            }
            Err(errno) => Err(errno).into(),
        }
    }

    /// The lowest number in a range that the process has free, from `least` on.
    fn free_number(&mut self, asked: &Notification, numbers: Numbers, least: u32) -> Option<u32> {
        let mut link = [0; 96];
        let is_free = |number: &u32| {
            let path = format!("/proc/{}/fd/{number}", asked.thread);
            matches!(readlinkat_raw(CWD, path, &mut link), Err(Errno::NOENT))
        };
        let free = (numbers.first.max(least)..=numbers.last).find(is_free);
        if free.is_none() {
            let most = numbers.last - numbers.first + 1;
            self.say(Refusal::Full, || {
                format!("a process can have {most} files of simulated buses, and it asks for more (EMFILE)")
            });
        }
        free
    }

    pub(super) fn open_how(&mut self, asked: &Notification, path: PathAt, how: u64, size: u64) -> Outcome {
        let mut bytes = [0; OPEN_HOW as usize];
        if size < OPEN_HOW || self.waiting(asked).read(how, &mut bytes).is_err() {
            return Outcome::Kernel;
        }
        let number = |at: usize| bytes.get(at..at + 8)?.try_into().ok().map(u64::from_ne_bytes);
        let (Some(flags), Some(resolve)) = (number(0), number(16)) else {
            return Outcome::Kernel;
        };
        // With another root, or none above the directory, "/dev/i2c-1" is another file.
        if resolve & (libc::RESOLVE_IN_ROOT | libc::RESOLVE_BENEATH) != 0 {
            return Outcome::Kernel;
        }
        let follows = flags & (libc::O_NOFOLLOW as u64) == 0;
        self.open(asked, PathAt { follows, ..path }, flags as u32)
    }

    pub(super) fn other_open(&mut self, asked: &Notification, path: PathAt) -> Outcome {
        let Found::Device { node, .. } = self.find(asked, path) else {
            return Outcome::Kernel;
        };
        self.say(Refusal::OtherArchitecture, || {
            let path = node.path();
            format!("a 32-bit program opened {path}: the simulated bus is for 64-bit programs alone (ENODEV)")
        });
        Err(Errno::NODEV).into()
    }

    /// Gives the program a new file of the GPIO chip, and writes its number where the program wants it.
    pub(super) fn give_line(&mut self, asked: &Notification, id: FileId, at: u64) -> Outcome {
        let Some(number) = self.free_number(asked, self.ranges.lines, 0) else {
            self.machine.close(id);
            return Err(Errno::MFILE).into();
        };
        // As the kernel opens it.
        let line = OpenFile { id, kind: Kind::Line, opened: OFlags::RDONLY };
        let given = self.files.add(line, self.epoll.as_fd()).and_then(|file| {
            self.waiting(asked).write(at, &(number as i32).to_ne_bytes())?;
            sys::give_file(self.listener.as_fd(), asked.id, file.as_fd(), Some(number), true, false)
        });
        if given.is_err() {
            // The lines that it was to hold are free again.
            self.machine.close(id);
        }
        given.map(|_| 0).into()
    }

    pub(super) fn duplicate(
        &mut self,
        asked: &Notification,
        number: u32,
        target: Target,
        closes_on_exec: bool,
    ) -> Outcome {
        let Some(OpenFile { kind, .. }) = self.file(asked, number) else {
            return Outcome::Kernel;
        };
        let numbers = self.numbers(kind);
        let new = match target {
            Target::Exactly { number: new, may_be_equal } if new == number => {
                return if may_be_equal { Ok(i64::from(new)) } else { Err(Errno::INVAL) }.into();
            }
            Target::Exactly { number: new, .. } if numbers.holds(new) => new,
            Target::From(least) if least <= numbers.last => match self.free_number(asked, numbers, least) {
                Some(new) => new,
                None => return Err(Errno::MFILE).into(),
            },
            Target::Exactly { number: new, .. } | Target::From(new) => {
                // A number past the limit is refused by the kernel.
                let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
                if matches!(kind, Kind::Device(Node::Bus(_))) && u64::from(new) < limit {
                    self.say(Refusal::Moved, || {
                        format!(
                            "a program moves its bus to file number {new}: ioctls work there, but plain read and write do \
                             not (EISDIR, EBADF), for they are followed for the numbers {} to {} alone",
                            numbers.first, numbers.last
                        )
                    });
                }
                return Outcome::Kernel;
            }
        };
        match self.copy_of(asked, number) {
            Ok(file) => self.give(asked, &file, Some(new), closes_on_exec),
            Err(errno) => Err(errno).into(),
        }
    }

    /// The program's open file.
    pub(super) fn copy_of(&self, asked: &Notification, number: u32) -> Result<OwnedFd, Errno> {
        let thread = i32::try_from(asked.thread).ok().and_then(Pid::from_raw).ok_or(Errno::SRCH)?;
        // PIDFD_THREAD (Linux 6.9) would take a thread; before, a number in `/proc` leads to its process.
        let process = match pidfd_open(thread, PidfdFlags::empty()) {
            Ok(process) => process,
            Err(_) => pidfd_open(process_of(asked.thread)?, PidfdFlags::empty())?,
        };
        if !sys::is_waiting(self.listener.as_fd(), asked.id) {
            return Err(Errno::SRCH);
        }
        pidfd_getfd(process, number as i32, PidfdGetfdFlags::empty())
    }
}

/// The process that a thread is of.
fn process_of(thread: u32) -> Result<Pid, Errno> {
    let status = std::fs::read_to_string(format!("/proc/{thread}/status")).map_err(|_| Errno::SRCH)?;
    let process = status.lines().find_map(|line| line.strip_prefix("Tgid:")?.trim().parse().ok());
    process.and_then(Pid::from_raw).ok_or(Errno::SRCH)
}
