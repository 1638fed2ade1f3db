//! The answer to each trapped call: the kernel's own, the machine's, or a refusal that is said.
//!
//! # Guarantees
//! * A file is known by what is behind its number (`open_files.rs`), which is looked up anew at each call: a number that
//!   means something else by now is not mistaken for a simulated device.
//! * Nothing is done for a process that no longer waits.
//! * A call that is not for a simulated device is the kernel's.

use std::collections::BTreeSet;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::time::Duration;

use rustix::fs::{CWD, readlinkat_raw};
use rustix::io::Errno;

use super::super::files::VirtualFiles;
use super::super::{Answer, Call, Machine, Memory, Node};
use super::filter::Ranges;
use super::memory::Waiting;
use super::open_files::{Kind, OpenFile, OpenFiles};
use super::paths::{self, Found};
use super::sys::{self, Notification};
use super::trapped::{PathAt, Trapped, decode};
use crate::report::say;

/// The most elements of a vector of buffers: `UIO_MAXIOV`.
const LONGEST_VECTOR: u64 = 1024;
/// `RWF_HIPRI`, the only flag that a device without asynchronous reads takes.
const HIGH_PRIORITY: u64 = 1;

/// The longest link in `/proc/PID/fd` that is looked at: a path, and what the kernel says of it besides.
const LONGEST_LINK: usize = 4096 + 64;

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
pub(super) enum Refusal {
    Moved,
    Uring,
    OtherArchitecture,
    Memory,
    Full,
    Limit,
}

/// What answers.
pub(super) struct Desk {
    pub(super) machine: Machine,
    pub(super) files: OpenFiles,
    pub(super) listener: OwnedFd,
    pub(super) epoll: OwnedFd,
    pub(super) ranges: Ranges,
    pub(super) virtual_files: VirtualFiles,
    is_quiet: bool,
    said: BTreeSet<Refusal>,
}

impl Desk {
    pub(super) fn new(
        machine: Machine,
        virtual_files: VirtualFiles,
        listener: OwnedFd,
        epoll: OwnedFd,
        ranges: Ranges,
        is_quiet: bool,
    ) -> Desk {
        let files = OpenFiles::new();
        Desk { machine, files, listener, epoll, ranges, virtual_files, is_quiet, said: BTreeSet::new() }
    }

    pub(super) fn say(&mut self, refusal: Refusal, line: impl FnOnce() -> String) {
        if self.said.insert(refusal) && !self.is_quiet {
            say(format_args!("mlsensor: {}", line()));
        }
    }

    /// What a call comes to.
    pub(super) fn outcome(&mut self, asked: &Notification) -> Outcome {
        let Some(trapped) = decode(asked) else {
            return Outcome::Kernel;
        };
        match trapped {
            Trapped::Open { path, flags } => self.open(asked, path, flags),
            Trapped::OpenHow { path, how, size } => self.open_how(asked, path, how, size),
            Trapped::OtherOpen { path } => self.other_open(asked, path),
            Trapped::Look { path, question } => self.look(asked, path, question),
            Trapped::LookAtFile { number, question } => match self.file(asked, number) {
                Some(file) => self.tell(asked, file.kind, question).into(),
                None => Outcome::Kernel,
            },
            Trapped::Read { number, at, len, position } => {
                self.transfer(asked, number, position, &[Call::Read { at, len }])
            }
            Trapped::Write { number, at, len, position } => {
                self.transfer(asked, number, position, &[Call::Write { at, len }])
            }
            // FIONCLEX, FIOCLEX, FIONBIO and FIOASYNC are about the file itself: no device sees them.
            Trapped::Ioctl { request: 0x5450 | 0x5451 | 0x5421 | 0x5452, .. } => Outcome::Kernel,
            Trapped::Ioctl { number, request, argument } => match self.file(asked, number) {
                Some(file) => self.call(asked, file, &[Call::Ioctl { request, argument }]),
                None => Outcome::Kernel,
            },
            Trapped::ReadVector { number, at, count, flags, position } => {
                self.vector(asked, number, position, (at, count, flags), |at, len| Call::Read { at, len })
            }
            Trapped::WriteVector { number, at, count, flags, position } => {
                self.vector(asked, number, position, (at, count, flags), |at, len| Call::Write { at, len })
            }
            Trapped::Duplicate { number, target, closes_on_exec } => {
                self.duplicate(asked, number, target, closes_on_exec)
            }
            Trapped::Flags { number } => self.flags(asked, number),
            Trapped::Lock { number, at } => self.lock(asked, number, at),
            Trapped::Seek { number } => match self.file(asked, number) {
                Some(_) => Err(Errno::SPIPE).into(),
                None => Outcome::Kernel,
            },
            Trapped::WorkingDirectory { at, len } => self.working_directory(asked, at, len),
            Trapped::Change { paths, change, buffer } => self.change(asked, paths, change, buffer),
            Trapped::Uring => {
                self.say(Refusal::Uring, || {
                    "io_uring would pass by the simulated bus: it is refused (ENOSYS), as by an older kernel"
                        .into()
                });
                Err(Errno::NOSYS).into()
            }
        }
    }

    pub(super) fn waiting(&self, asked: &Notification) -> Waiting<'_> {
        Waiting { listener: self.listener.as_fd(), id: asked.id, thread: asked.thread }
    }

    /// The file behind a number of a thread, if it is one of ours.
    pub(super) fn file(&self, asked: &Notification, number: u32) -> Option<OpenFile> {
        let mut link = [0; LONGEST_LINK];
        let path = format!("/proc/{}/fd/{number}", asked.thread);
        let length = readlinkat_raw(CWD, path, &mut link).ok()?;
        self.files.at(link.get(..length)?)
    }

    /// Reads a path and says what it leads to.
    pub(super) fn find(&mut self, asked: &Notification, path: PathAt) -> Found {
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

    /// Whether the kernel, left alone, finds what stands in for a path, or the directory that it stands in for.
    pub(super) fn is_found_by_kernel(&self, asked: &Notification, path: PathAt, instead: &Path) -> bool {
        let bytes = self.waiting(asked).path(path.at);
        bytes.is_ok_and(|bytes| {
            paths::is_found_by_kernel(&self.virtual_files, asked.thread, &bytes, path, instead)
        })
    }

    /// Reads or writes, at a position if there is one: a bus has none, and takes any.
    fn transfer(
        &mut self,
        asked: &Notification,
        number: u32,
        position: Option<i64>,
        calls: &[Call],
    ) -> Outcome {
        let Some(file) = self.file(asked, number) else {
            return Outcome::Kernel;
        };
        let is_bus = matches!(file.kind, Kind::Device(Node::Bus(_)));
        match (position, calls.first()) {
            (Some(position), _) if is_bus && position < 0 => Err(Errno::INVAL).into(),
            (Some(_), _) if !is_bus => Outcome::Kernel,
            (None, Some(&Call::Read { at, len })) if !is_bus => {
                self.read_events(asked, number, file, at, len)
            }
            _ => self.call(asked, file, calls),
        }
    }

    /// Calls on a file, one after the other, as long as each is done wholly: what they return together.
    fn call(&mut self, asked: &Notification, file: OpenFile, calls: &[Call]) -> Outcome {
        if file.is_path_alone() {
            return Err(Errno::BADF).into();
        }
        // The number was looked up in a process that may have ended meanwhile.
        if !sys::is_waiting(self.listener.as_fd(), asked.id) {
            return Outcome::Answered;
        }
        let mut total = 0;
        let mut after = Duration::ZERO;
        for &call in calls {
            let mut memory = Waiting { listener: self.listener.as_fd(), id: asked.id, thread: asked.thread };
            let reply = self.machine.call(file.id, call, &mut memory);
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

    fn vector(
        &mut self,
        asked: &Notification,
        number: u32,
        position: Option<i64>,
        (at, count, flags): (u64, u64, u64),
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
        self.transfer(asked, number, position, &calls)
    }
}
