//! The event loop that serves all programs.

mod calls;
mod opening;

use std::collections::BTreeMap;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::event::{Timespec, epoll};
use rustix::net::{SocketAddrUnix, SocketFlags, accept_with};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, wait};

use super::conversation::Conversation;
use super::paths::Paths;
use super::place::Place;
use super::sockets::{listening, receive, send, socket};
use super::wire;
use crate::virtual_bus::seccomp::guard::{Line, Word, fall_silent};
use crate::virtual_bus::seccomp::sys;
use crate::virtual_bus::{Errno, FileId, Machine, Node};

/// How many events are taken from the kernel at once.
const EVENTS_AT_ONCE: usize = 256;
/// How many messages of one program are looked at before others have their turn. The most that a call has are about 50.
const TURN: u32 = 64;

/// What the event loop knows the sockets of itself by.
const CALLS: u64 = 0;
const EVENTS: u64 = 1;
const TALKS: u64 = 2;
const SIGNALS: u64 = 3;
const GUARD: u64 = 4;
/// All others have their own, which are never used again.
const FIRST: u64 = 16;

/// Why the loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// No process is left that could ask.
    Alone,
    /// The guard is gone.
    Unguarded,
}

/// An open file.
#[derive(Debug)]
struct File {
    socket: OwnedFd,
    id: FileId,
    /// The device, or none for a file that a call on a device opened.
    node: Option<Node>,
    /// What it was opened for.
    purpose: Purpose,
}

/// What a file was opened for, as flags of `open` say it: to read, to write, both, neither, or to be a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Purpose(u32);

impl Purpose {
    /// As the kernel opens a file that a call on the GPIO chip gives.
    const TO_READ: Purpose = Purpose(0);

    /// What of the flags is told when a program asks for them.
    fn of(flags: u32) -> Purpose {
        const ACCESS: u32 = 3;
        // The kernel notes this one for every program of 64 bits.
        const LARGE_FILE: u32 = if cfg!(target_arch = "x86_64") { 0o100_000 } else { 0o400_000 };
        match flags & Purpose::PATH {
            0 => Purpose(flags & ACCESS | LARGE_FILE),
            path => Purpose(path),
        }
    }

    const PATH: u32 = 0o10_000_000;

    /// Whether the file is a path alone, by which a device can be looked at and not used.
    fn is_path(self) -> bool {
        self.0 & Purpose::PATH != 0
    }
}

/// The server.
#[derive(Debug)]
pub(super) struct Server<'a> {
    machine: &'a mut Machine,
    paths: &'a Paths,
    epoll: OwnedFd,
    calls: OwnedFd,
    events: OwnedFd,
    talks: OwnedFd,
    events_at: SocketAddrUnix,
    /// Given up when there are no files left, to accept a connection and refuse it.
    spare: Option<OwnedFd>,
    next: u64,
    /// Connections that have not said what they want.
    new: BTreeMap<u64, OwnedFd>,
    files: BTreeMap<u64, File>,
    keys: BTreeMap<FileId, u64>,
    conversations: BTreeMap<u64, Conversation>,
    /// Calls that return later: nothing is expected of the program meanwhile.
    later: BTreeMap<(Instant, u64), Conversation>,
}

impl<'a> Server<'a> {
    /// A server that can be connected to from now on.
    pub(super) fn listen(
        machine: &'a mut Machine,
        paths: &'a Paths,
        place: &Place,
    ) -> Result<Server<'a>, Errno> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let calls_at = SocketAddrUnix::new(place.socket(wire::CALLS))?;
        let events_at = SocketAddrUnix::new(place.socket(wire::EVENTS))?;
        let talks_at = SocketAddrUnix::new(place.socket(wire::TALKS))?;
        let (calls, events, talks) = (listening(&calls_at)?, listening(&events_at)?, listening(&talks_at)?);
        let spare = Some(socket()?);
        epoll::add(&epoll, &calls, epoll::EventData::new_u64(CALLS), epoll::EventFlags::IN)?;
        epoll::add(&epoll, &events, epoll::EventData::new_u64(EVENTS), epoll::EventFlags::IN)?;
        epoll::add(&epoll, &talks, epoll::EventData::new_u64(TALKS), epoll::EventFlags::IN)?;
        Ok(Server {
            machine,
            paths,
            epoll,
            calls,
            events,
            talks,
            events_at,
            spare,
            next: FIRST,
            new: BTreeMap::new(),
            files: BTreeMap::new(),
            keys: BTreeMap::new(),
            conversations: BTreeMap::new(),
            later: BTreeMap::new(),
        })
    }

    /// Serves until nobody can ask any more.
    ///
    /// # Errors
    /// The kernel's, if it is out of something.
    pub(super) fn serve(&mut self, signals: &OwnedFd, guard: &Line, program: Pid) -> Result<End, Errno> {
        self.watch(signals.as_fd(), SIGNALS, epoll::EventFlags::IN)?;
        self.watch(guard.as_fd(), GUARD, epoll::EventFlags::IN)?;
        let mut has_ended = false;
        loop {
            let family_matters = self.turn(self.timeout())?.unwrap_or_default();
            for key in family_matters {
                match key {
                    SIGNALS => {
                        if family(signals, guard, program, &mut has_ended) {
                            return Ok(End::Alone);
                        }
                    }
                    _ => match guard.hear() {
                        Some(Word::Signal(signal)) => {
                            if let (false, Some(signal)) = (has_ended, Signal::from_named_raw(signal)) {
                                let _ = kill_process(program, signal);
                            }
                        }
                        Some(_) => {}
                        // It has gone on with what the program returned. Processes that the program left keep their bus.
                        None if has_ended => {
                            let _ = epoll::delete(&self.epoll, guard);
                            fall_silent();
                        }
                        None => return Ok(End::Unguarded),
                    },
                }
            }
        }
    }

    /// Waits for something to do and does it, all but what is about the processes themselves: what there is of that.
    /// `None`, if there was nothing to do in that time.
    ///
    /// # Errors
    /// The kernel's, if it is out of something.
    pub(super) fn turn(&mut self, wait: Option<Duration>) -> Result<Option<Vec<u64>>, Errno> {
        let mut room = [MaybeUninit::uninit(); EVENTS_AT_ONCE];
        let wait = wait.and_then(|wait| Timespec::try_from(wait).ok());
        let (ready, _) = match epoll::wait(&self.epoll, &mut room, wait.as_ref()) {
            Err(Errno::INTR) => return Ok(Some(Vec::new())),
            ready => ready?,
        };
        let is_idle = ready.is_empty();
        self.catch_up();
        // Files that nobody has open any more are closed before calls are made that came later.
        let (gone, asking): (Vec<_>, Vec<_>) = ready
            .iter()
            .map(|event| (event.data.u64(), event.flags))
            .partition(|(_, flags)| flags.contains(epoll::EventFlags::HUP));
        let mut others = Vec::new();
        for (key, _) in gone.into_iter().chain(asking) {
            match key {
                CALLS => self.accept(false),
                TALKS => self.accept(true),
                // Only this side connects there, and accepts it at once.
                EVENTS => drop(accept_with(&self.events, SocketFlags::CLOEXEC)),
                SIGNALS | GUARD => others.push(key),
                key => self.ready(key),
            }
        }
        self.return_what_is_due();
        Ok((!is_idle).then_some(others))
    }

    fn timeout(&self) -> Option<Duration> {
        let due = self.later.keys().next().map(|(due, _)| due.saturating_duration_since(Instant::now()));
        self.machine.wake_in().into_iter().chain(due).min()
    }

    /// Lets time pass, and gives programs the events that it brought.
    fn catch_up(&mut self) {
        for event in self.machine.catch_up() {
            if let Some(file) = self.keys.get(&event.file).and_then(|key| self.files.get(key)) {
                // A reader that is too slow misses a record, as of the kernel's.
                let _ = send(file.socket.as_fd(), &event.bytes, None);
            }
        }
    }

    fn key(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn watch(&self, socket: BorrowedFd<'_>, key: u64, flags: epoll::EventFlags) -> Result<(), Errno> {
        epoll::add(&self.epoll, socket, epoll::EventData::new_u64(key), flags)
    }

    fn ready(&mut self, key: u64) {
        if let Some(socket) = self.new.remove(&key) {
            self.first_request(key, socket);
        } else if let Some(conversation) = self.conversations.remove(&key) {
            self.go_on(key, conversation);
        } else if let Some(file) = self.files.get(&key) {
            match receive(file.socket.as_fd()) {
                // Not the library's: a program that writes to the socket by itself.
                Ok(Some(_)) | Err(Errno::AGAIN | Errno::INTR) => {}
                // There is something that the program did not read. The end comes behind it.
                Err(Errno::CONNRESET) => {}
                // No program has it open any more.
                Ok(None) | Err(_) => {
                    if let Some(file) = self.files.remove(&key) {
                        self.keys.remove(&file.id);
                        self.machine.close(file.id);
                    }
                }
            }
        }
    }
}

/// Waits for children that have ended, and tells the guard of the program. Whether none is left.
fn family(signals: &OwnedFd, guard: &Line, program: Pid, has_ended: &mut bool) -> bool {
    // What the guard passes on comes over its line; what a terminal sends, the program has got itself.
    while sys::caught(signals.as_fd()).is_some() {}
    loop {
        match wait(WaitOptions::NOHANG) {
            Ok(Some((process, status))) if process == program => {
                *has_ended = true;
                guard.say(&Word::Ended(status.as_raw()));
            }
            Ok(Some(_)) | Err(Errno::INTR) => {}
            Ok(None) => return false,
            Err(_) => return true,
        }
    }
}
