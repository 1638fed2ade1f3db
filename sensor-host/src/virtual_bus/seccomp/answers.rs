//! The answer to each trapped call: the kernel's own, the machine's, or a refusal that is said.
//!
//! # Guarantees
//! * A file is known by the socket behind its number, which is looked up anew at each call: a number that means
//!   something else by now is not mistaken for a simulated device.
//! * Nothing is done for a process that no longer waits.
//! * A call that is not for a simulated device is the kernel's.

use std::collections::BTreeSet;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

use rustix::fs::{CWD, Mode, OFlags, readlinkat_raw};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};

use super::super::files::VirtualFiles;
use super::super::{Access, Answer, Call, FileId, Machine, Memory, Node};
use super::calls::{self, PathAt, Question, Target, Trapped};
use super::filter::{Numbers, Ranges};
use super::memory::Waiting;
use super::open_files::{Kind, OpenFiles};
use super::paths::{self, Found};
use super::stat::Facts;
use super::sys::{self, Notification};

/// The most elements of a vector of buffers: `UIO_MAXIOV`.
const LONGEST_VECTOR: u64 = 1024;
/// `RWF_HIPRI`, the only flag that a device without asynchronous reads takes.
const HIGH_PRIORITY: u64 = 1;
/// Bytes of `struct open_how` as it was first.
const OPEN_HOW: u64 = 24;

/// What a call comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It returns this, so long from now.
    Returns { outcome: Result<i64, Errno>, after: Duration },
    /// The kernel does it.
    Kernel,
    /// It was answered.
    Answered,
}

impl From<Result<i64, Errno>> for Outcome {
    fn from(outcome: Result<i64, Errno>) -> Outcome {
        Outcome::Returns { outcome, after: Duration::ZERO }
    }
}

/// Something that a program cannot have here, and is told once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Refusal {
    Moved,
    Uring,
    OtherArchitecture,
    Memory,
    Full,
}

/// What answers.
pub(super) struct Desk {
    pub(super) machine: Machine,
    pub(super) files: OpenFiles,
    pub(super) listener: OwnedFd,
    pub(super) epoll: OwnedFd,
    ranges: Ranges,
    virtual_files: VirtualFiles,
    is_quiet: bool,
    said: BTreeSet<Refusal>,
}

impl Desk {
    /// # Errors
    /// If the files that stand in for others cannot be made.
    pub(super) fn new(
        machine: Machine,
        listener: OwnedFd,
        epoll: OwnedFd,
        ranges: Ranges,
        is_quiet: bool,
    ) -> std::io::Result<Desk> {
        let virtual_files = VirtualFiles::new(machine.nodes())?;
        let files = OpenFiles::default();
        Ok(Desk { machine, files, listener, epoll, ranges, virtual_files, is_quiet, said: BTreeSet::new() })
    }

    fn say(&mut self, refusal: Refusal, line: impl FnOnce() -> String) {
        if self.said.insert(refusal) && !self.is_quiet {
            eprintln!("mlsensor: {}", line());
        }
    }

    /// What a call comes to.
    pub(super) fn outcome(&mut self, asked: &Notification) -> Outcome {
        let Some(trapped) = calls::decode(asked) else {
            return Outcome::Kernel;
        };
        match trapped {
            Trapped::Open { path, flags } => self.open(asked, path, flags),
            Trapped::OpenHow { path, how, size } => self.open_how(asked, path, how, size),
            Trapped::OtherOpen { path } => self.other_open(asked, path),
            Trapped::Look { path, question } => self.look(asked, path, question),
            Trapped::LookAtFile { number, question } => match self.file(asked, number) {
                Some((_, kind)) => self.tell(asked, kind, question).into(),
                None => Outcome::Kernel,
            },
            Trapped::Read { number, at, len } => self.call(asked, number, &[Call::Read { at, len }]),
            Trapped::Write { number, at, len } => self.call(asked, number, &[Call::Write { at, len }]),
            Trapped::Ioctl { number, request, argument } => {
                self.call(asked, number, &[Call::Ioctl { request, argument }])
            }
            Trapped::ReadVector { number, at, count, flags } => {
                self.vector(asked, number, at, count, flags, |at, len| Call::Read { at, len })
            }
            Trapped::WriteVector { number, at, count, flags } => {
                self.vector(asked, number, at, count, flags, |at, len| Call::Write { at, len })
            }
            Trapped::Duplicate { number, target, closes_on_exec } => {
                self.duplicate(asked, number, target, closes_on_exec)
            }
            Trapped::Uring => {
                self.say(Refusal::Uring, || {
                    "io_uring would pass by the simulated bus: it is refused (ENOSYS), as by an older kernel"
                        .into()
                });
                Err(Errno::NOSYS).into()
            }
        }
    }

    fn waiting(&self, asked: &Notification) -> Waiting<'_> {
        Waiting { listener: self.listener.as_fd(), id: asked.id, thread: asked.thread }
    }

    /// The file behind a number of a thread, if it is one of ours.
    fn file(&self, asked: &Notification, number: u32) -> Option<(FileId, Kind)> {
        let mut link = [0; 64];
        let path = format!("/proc/{}/fd/{number}", asked.thread);
        let length = readlinkat_raw(CWD, path, &mut link).ok()?;
        let file = self.files.get(paths::socket_number(link.get(..length)?)?)?;
        Some((file.id, file.kind))
    }

    /// Reads a path and says what it leads to.
    fn find(&mut self, asked: &Notification, path: PathAt) -> Found {
        match self.waiting(asked).path(path.at) {
            Ok(bytes) => paths::find(&self.virtual_files, asked.thread, &bytes, path),
            Err(Errno::PERM) => {
                self.say(Refusal::Memory, || {
                    "the memory of a program may not be read (it is protected): it gets no simulated bus"
                        .into()
                });
                Found::Other
            }
            Err(_) => Found::Other,
        }
    }

    fn open(&mut self, asked: &Notification, path: PathAt, flags: u32) -> Outcome {
        let (node, by_link) = match self.find(asked, path) {
            Found::Other => return Outcome::Kernel,
            Found::Instead(path) => return self.open_instead(asked, &path, flags),
            Found::Device { node, by_link } => (node, by_link),
            Found::OpenFile { socket } => match self.files.get(socket).map(|file| file.kind) {
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
        let file = match self.files.add(id, kind, self.epoll.as_fd()) {
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
    fn open_instead(&self, asked: &Notification, path: &Path, flags: u32) -> Outcome {
        let wanted =
            OFlags::from_bits_retain(flags).difference(OFlags::CREATE | OFlags::EXCL | OFlags::TRUNC);
        match rustix::fs::open(path, wanted | OFlags::CLOEXEC | OFlags::NOCTTY, Mode::empty()) {
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
        &self,
        asked: &Notification,
        file: &OwnedFd,
        number: Option<u32>,
        closes_on_exec: bool,
    ) -> Outcome {
        let listener = self.listener.as_fd();
        match sys::give_file(listener, asked.id, file.as_fd(), number, closes_on_exec, true) {
            Ok(_) | Err(Errno::NOENT) => Outcome::Answered,
            Err(errno) => Err(errno).into(),
        }
    }

    /// The lowest number in a range that the process has free, from `least` on.
    fn free_number(&mut self, asked: &Notification, numbers: Numbers, least: u32) -> Option<u32> {
        let mut link = [0; 64];
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

    fn open_how(&mut self, asked: &Notification, path: PathAt, how: u64, size: u64) -> Outcome {
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

    fn other_open(&mut self, asked: &Notification, path: PathAt) -> Outcome {
        let Found::Device { node, .. } = self.find(asked, path) else {
            return Outcome::Kernel;
        };
        self.say(Refusal::OtherArchitecture, || {
            let path = node.path();
            format!("a 32-bit program opened {path}: the simulated bus is for 64-bit programs alone (ENODEV)")
        });
        Err(Errno::NODEV).into()
    }

    fn look(&mut self, asked: &Notification, path: PathAt, question: Question) -> Outcome {
        let kind = match self.find(asked, path) {
            Found::Device { node, .. } => Some(Kind::Device(node)),
            Found::Instead(instead) => {
                return self.tell_instead(asked, &instead, path.follows, question).into();
            }
            Found::OpenFile { socket } => self.files.get(socket).map(|file| file.kind),
            Found::Other if path.may_be_empty => {
                self.file(asked, path.directory as u32).map(|(_, kind)| kind)
            }
            Found::Other => None,
        };
        kind.map_or(Outcome::Kernel, |kind| self.tell(asked, kind, question).into())
    }

    /// What a question about a file of ours comes to.
    fn tell(&self, asked: &Notification, kind: Kind, question: Question) -> Result<i64, Errno> {
        let facts = || match kind {
            Kind::Device(node) => Facts::from(self.virtual_files.stat(node)),
            Kind::Line => Facts::of_line(),
        };
        match question {
            Question::Stat { at } => self.waiting(asked).write(at, &facts().stat()).map(|()| 0),
            Question::Statx { at } => self.waiting(asked).write(at, &facts().statx()).map(|()| 0),
            Question::Access { mode } if mode > 7 => Err(Errno::INVAL),
            Question::Access { mode } if mode & 1 != 0 => Err(Errno::ACCESS),
            Question::Access { .. } | Question::Attributes => Ok(0),
            Question::ReadLink { .. } => Err(Errno::INVAL),
            Question::Attribute => Err(Errno::NODATA),
        }
    }

    /// What a question about a file that stands in for another one comes to.
    fn tell_instead(
        &self,
        asked: &Notification,
        path: &Path,
        follows: bool,
        question: Question,
    ) -> Result<i64, Errno> {
        let look = || if follows { path.metadata() } else { path.symlink_metadata() };
        let facts = || look().map(|file| Facts::from(&file)).map_err(errno_of);
        let mut memory = self.waiting(asked);
        match question {
            Question::Stat { at } => memory.write(at, &facts()?.stat()).map(|()| 0),
            Question::Statx { at } => memory.write(at, &facts()?.statx()).map(|()| 0),
            Question::Access { mode } if mode > 7 => Err(Errno::INVAL),
            Question::Access { mode } => {
                rustix::fs::access(path, rustix::fs::Access::from_bits_retain(mode as _)).map(|()| 0)
            }
            Question::ReadLink { at, len } => {
                let link = std::fs::read_link(path).map_err(errno_of)?;
                let link = link.as_os_str().as_bytes();
                let link = link.get(..usize::try_from(len).unwrap_or(usize::MAX)).unwrap_or(link);
                memory.write(at, link).map(|()| link.len() as i64)
            }
            Question::Attributes => Ok(0),
            Question::Attribute => Err(Errno::NODATA),
        }
    }

    /// Calls on a file, one after the other, as long as each is done wholly: what they return together.
    fn call(&mut self, asked: &Notification, number: u32, calls: &[Call]) -> Outcome {
        let Some((id, _)) = self.file(asked, number) else {
            return Outcome::Kernel;
        };
        // The number was looked up in a process that may have ended meanwhile.
        if !sys::is_waiting(self.listener.as_fd(), asked.id) {
            return Outcome::Answered;
        }
        let mut total = 0;
        let mut after = Duration::ZERO;
        for &call in calls {
            let mut memory = Waiting { listener: self.listener.as_fd(), id: asked.id, thread: asked.thread };
            let reply = self.machine.call(id, call, &mut memory);
            after = after.max(reply.after);
            let outcome = match reply.outcome {
                Ok(Answer::Number(count)) => Ok(count),
                Ok(Answer::File { file, at }) => return self.give_line(asked, file, at),
                Err(errno) => Err(errno),
            };
            match outcome {
                Err(errno) if total == 0 => return Outcome::Returns { outcome: Err(errno), after },
                Err(_) => break,
                Ok(count) => total += count,
            }
            let (Call::Read { len, .. } | Call::Write { len, .. }) = call else { break };
            if u64::try_from(outcome.unwrap_or(0)) != Ok(len) {
                break;
            }
        }
        Outcome::Returns { outcome: Ok(total), after }
    }

    /// Gives the program a new file of the GPIO chip, and writes its number where the program wants it.
    fn give_line(&mut self, asked: &Notification, id: FileId, at: u64) -> Outcome {
        let Some(number) = self.free_number(asked, self.ranges.lines, 0) else {
            self.machine.close(id);
            return Err(Errno::MFILE).into();
        };
        let given = self.files.add(id, Kind::Line, self.epoll.as_fd()).and_then(|file| {
            self.waiting(asked).write(at, &(number as i32).to_ne_bytes())?;
            sys::give_file(self.listener.as_fd(), asked.id, file.as_fd(), Some(number), true, false)
        });
        given.map(|_| 0).into()
    }

    fn vector(
        &mut self,
        asked: &Notification,
        number: u32,
        at: u64,
        count: u64,
        flags: u64,
        call: impl Fn(u64, u64) -> Call,
    ) -> Outcome {
        if self.file(asked, number).is_none() {
            return Outcome::Kernel;
        }
        if count > LONGEST_VECTOR {
            return Err(Errno::INVAL).into();
        }
        if flags & !HIGH_PRIORITY != 0 {
            return Err(Errno::OPNOTSUPP).into();
        }
        let mut bytes = vec![0; count as usize * 16];
        if let Err(errno) = self.waiting(asked).read(at, &mut bytes) {
            return Err(errno).into();
        }
        let calls: Vec<Call> = bytes
            .chunks_exact(16)
            .filter_map(|element| {
                let (at, len) = element.split_at(8);
                Some((u64::from_ne_bytes(at.try_into().ok()?), u64::from_ne_bytes(len.try_into().ok()?)))
            })
            .filter(|(_, len)| *len != 0)
            .map(|(at, len)| call(at, len))
            .collect();
        self.call(asked, number, &calls)
    }

    fn duplicate(
        &mut self,
        asked: &Notification,
        number: u32,
        target: Target,
        closes_on_exec: bool,
    ) -> Outcome {
        let Some((_, kind)) = self.file(asked, number) else {
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
                if matches!(kind, Kind::Device(Node::Bus(_))) {
                    self.say(Refusal::Moved, || {
                        format!(
                            "a program moves its bus to file number {new}: ioctls work there, but plain read and write do \
                             not (ENOTCONN), for they are followed for the numbers {} to {} alone",
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
    fn copy_of(&self, asked: &Notification, number: u32) -> Result<OwnedFd, Errno> {
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

fn errno_of(error: std::io::Error) -> Errno {
    error.raw_os_error().map_or(Errno::IO, Errno::from_raw_os_error)
}
