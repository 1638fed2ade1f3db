//! The event loop that serves all programs.

use std::collections::BTreeMap;
use std::io::IoSlice;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, epoll, poll};
use rustix::net::{
    AddressFamily, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketAddrUnix,
    SocketFlags, SocketType, accept_with, bind, connect, listen, recv, sendmsg, socket_with,
};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, wait};

use super::conversation::{Conversation, Next, Waits, message};
use super::paths::{Paths, Told};
use super::place::Place;
use super::wire::{self, DATA_MAX, HEADER, Header};
use crate::virtual_bus::seccomp::guard::{Line, Word, fall_silent};
use crate::virtual_bus::seccomp::sys;
use crate::virtual_bus::{Access, Answer, Call, Errno, FileId, Machine, Node};

/// How many connections may wait to be accepted. The kernel may cut it.
const BACKLOG: i32 = 4096;
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
}

/// The server.
#[derive(Debug)]
pub(super) struct Server<'a> {
    machine: &'a mut Machine,
    paths: Paths,
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
    pub(super) fn listen(machine: &'a mut Machine, paths: Paths, place: &Place) -> Result<Server<'a>, Errno> {
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
            let mut room = [MaybeUninit::uninit(); EVENTS_AT_ONCE];
            let timeout = self.timeout().and_then(|wait| Timespec::try_from(wait).ok());
            let (ready, _) = match epoll::wait(&self.epoll, &mut room, timeout.as_ref()) {
                Err(Errno::INTR) => continue,
                ready => ready?,
            };
            self.catch_up();
            // Files that nobody has open any more are closed before calls are made that came later.
            let (gone, asking): (Vec<_>, Vec<_>) = ready
                .iter()
                .map(|event| (event.data.u64(), event.flags))
                .partition(|(_, flags)| flags.contains(epoll::EventFlags::HUP));
            for (key, _) in gone.into_iter().chain(asking) {
                match key {
                    CALLS => self.accept(false),
                    TALKS => self.accept(true),
                    // Only this side connects there, and accepts it at once.
                    EVENTS => drop(accept_with(&self.events, SocketFlags::CLOEXEC)),
                    SIGNALS => {
                        if family(signals, guard, program, &mut has_ended) {
                            return Ok(End::Alone);
                        }
                    }
                    GUARD => match guard.hear() {
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
                    key => self.ready(key),
                }
            }
            self.return_what_is_due();
        }
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

    fn accept(&mut self, talks: bool) {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let from = if talks { &self.talks } else { &self.calls };
        match accept_with(from, flags) {
            Ok(socket) if talks => {
                let key = self.key();
                self.go_on(key, Conversation::new(socket));
            }
            Ok(socket) => {
                let key = self.key();
                if self.watch(socket.as_fd(), key, epoll::EventFlags::IN).is_ok() {
                    self.new.insert(key, socket);
                }
            }
            Err(Errno::MFILE | Errno::NFILE) => {
                // It would be accepted in vain again and again.
                drop(self.spare.take());
                if let Ok(socket) = accept_with(from, flags) {
                    let _ = send(socket.as_fd(), &failure(Errno::NFILE), None);
                }
                self.spare = socket().ok();
            }
            Err(_) => {}
        }
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

    /// A connection says what it wants. What is not understood is hung up.
    fn first_request(&mut self, key: u64, socket: OwnedFd) {
        let (header, path) = match receive(socket.as_fd()) {
            Ok(Some(received)) => received,
            Err(Errno::AGAIN | Errno::INTR) => {
                self.new.insert(key, socket);
                return;
            }
            _ => return,
        };
        let answer = match header.kind {
            wire::NAME => self.paths.name(&path),
            wire::LOOK => self.paths.look(&path, header.extra == 1),
            wire::OPEN => match self.paths.open(&path, header.extra) {
                Told::Open(node) => return self.open(key, socket, node, header.extra),
                told => told,
            },
            _ => return,
        };
        let _ = send(socket.as_fd(), &answer.emit(), None);
    }

    fn open(&mut self, key: u64, socket: OwnedFd, node: Node, flags: u32) {
        let opened = self.machine.open(node, Access::from_flags(flags));
        let id = match opened {
            Ok(id) => id,
            Err(errno) => {
                let _ = send(socket.as_fd(), &failure(errno), None);
                return;
            }
        };
        let (key, kept) = match node {
            Node::Bus(_) => {
                // Besides the answer there is always something to be read: so a bus looks ready to whoever waits for it,
                // as a real one does.
                let opened = send(socket.as_fd(), &keyed(wire::OPENED, key), None);
                if opened.and_then(|()| send(socket.as_fd(), &[0], None)).is_err() {
                    return self.machine.close(id);
                }
                (key, socket)
            }
            _ => match self.events_file() {
                Ok((key, here, there)) => {
                    let attached = keyed(wire::ATTACHED, key);
                    if send(socket.as_fd(), &attached, Some(there.as_fd())).is_err() {
                        return self.machine.close(id);
                    }
                    (key, here)
                }
                Err(errno) => {
                    let _ = send(socket.as_fd(), &failure(errno), None);
                    return self.machine.close(id);
                }
            },
        };
        self.keep(key, File { socket: kept, id, node: Some(node) });
    }

    /// Hears of files of the GPIO chip that were closed before a call was made, which may have come in the same turn: a
    /// line that a program let go is free.
    fn hear_ends(&mut self) {
        loop {
            let gpio: Vec<_> =
                self.files.iter().filter(|(_, file)| !matches!(file.node, Some(Node::Bus(_)))).collect();
            let mut polled: Vec<_> =
                gpio.iter().map(|(_, file)| PollFd::new(&file.socket, PollFlags::empty())).collect();
            if polled.is_empty() || !matches!(poll(&mut polled, Some(&Timespec::default())), Ok(1..)) {
                return;
            }
            let is_gone = polled.iter().map(|file| file.revents().contains(PollFlags::HUP));
            let gone: Vec<u64> =
                gpio.iter().zip(is_gone).filter(|(_, is_gone)| *is_gone).map(|((key, _), _)| **key).collect();
            if gone.is_empty() {
                return;
            }
            // What a program wrote there by itself is read first, and there is only so much of it.
            gone.into_iter().for_each(|key| self.ready(key));
        }
    }

    fn keep(&mut self, key: u64, file: File) {
        self.keys.insert(file.id, key);
        self.files.insert(key, file);
    }

    /// A file that the program reads by itself: its key, this side's end and the program's.
    fn events_file(&mut self) -> Result<(u64, OwnedFd, OwnedFd), Errno> {
        let there = socket()?;
        connect(&there, &self.events_at)?;
        let here = accept_with(&self.events, SocketFlags::CLOEXEC | SocketFlags::NONBLOCK)?;
        let key = self.key();
        self.watch(here.as_fd(), key, epoll::EventFlags::IN)?;
        Ok((key, here, there))
    }

    /// A program asks for something over a connection for calls.
    fn request(&mut self, conversation: &mut Conversation, header: Header, data: Vec<u8>) {
        let Header { kind, extra: request, value, at, len } = header;
        let known = u32::try_from(value).ok().and_then(|key| Some((key, self.files.get(&u64::from(key))?)));
        let Some((key, file)) = known else {
            return conversation.say(failure(Errno::BADF));
        };
        let call = match kind {
            wire::READ => Call::Read { at, len },
            wire::WRITE => Call::Write { at, len },
            wire::IOCTL => Call::Ioctl { request, argument: at },
            wire::FSTAT => return conversation.say(self.paths.status(file.node).emit()),
            _ => return conversation.say(failure(Errno::NOSYS)),
        };
        conversation.begin(call, key, at, data);
    }

    /// Tries the call with what is known of the program's memory. How long it takes until it returns.
    fn attempt(&mut self, conversation: &mut Conversation) -> Duration {
        let Some((call, key)) = conversation.call else { return Duration::ZERO };
        if self.files.get(&u64::from(key)).is_some_and(|file| !matches!(file.node, Some(Node::Bus(_)))) {
            self.hear_ends();
        }
        // Another thread may have closed it.
        let Some(file) = self.files.get(&u64::from(key)).map(|file| file.id) else {
            conversation.end(-i64::from(Errno::BADF.raw_os_error()));
            return Duration::ZERO;
        };
        self.catch_up();
        let reply = self.machine.call(file, call, &mut conversation.memory);
        if let Some((at, len)) = conversation.memory.take_missing() {
            if let Ok(Answer::File { file, .. }) = reply.outcome {
                // A device that gives a file although it was refused memory.
                self.machine.close(file);
            }
            conversation.want(at, len);
            return Duration::ZERO;
        }
        match reply.outcome {
            Ok(Answer::Number(number)) => conversation.end(number),
            Ok(Answer::File { file: id, at }) => match self.events_file() {
                Ok((key, socket, there)) => {
                    self.keep(key, File { socket, id, node: None });
                    conversation.end_with_file(at, key as u32, there);
                }
                Err(errno) => {
                    self.machine.close(id);
                    conversation.end(-i64::from(errno.raw_os_error()));
                }
            },
            Err(errno) => conversation.end(-i64::from(errno.raw_os_error())),
        }
        reply.after
    }

    fn return_what_is_due(&mut self) {
        while let Some(entry) = self.later.first_entry() {
            let (due, key) = *entry.key();
            if due > Instant::now() {
                return;
            }
            let conversation = entry.remove();
            self.go_on(key, conversation);
        }
    }

    /// Sends what can be sent and does what is asked for, until there is something to wait for.
    fn go_on(&mut self, key: u64, mut conversation: Conversation) {
        // A program that always has something to say is to let others have their turn.
        for _ in 0..TURN {
            let next = match conversation.proceed() {
                Ok(next) => next,
                // The program is gone, or does not keep to the rules.
                Err(_) => return,
            };
            match next {
                Next::Wait(waits) => return self.wait(key, conversation, waits),
                Next::Attempt => {}
                Next::Request(header, data) => self.request(&mut conversation, header, data),
            }
            let after = self.attempt(&mut conversation);
            if !after.is_zero() {
                if conversation.waits.take().is_some() {
                    let _ = epoll::delete(&self.epoll, &conversation.socket);
                }
                self.later.insert((Instant::now() + after, key), conversation);
                return;
            }
        }
        // There may be something to be sent; if not, this comes to the same.
        self.wait(key, conversation, Waits::ToWrite);
    }

    fn wait(&mut self, key: u64, mut conversation: Conversation, waits: Waits) {
        let flags = match waits {
            Waits::ToRead => epoll::EventFlags::IN,
            Waits::ToWrite => epoll::EventFlags::OUT,
        };
        let watched = match conversation.waits {
            Some(before) if before == waits => Ok(()),
            Some(_) => {
                let data = epoll::EventData::new_u64(key);
                epoll::modify(&self.epoll, &conversation.socket, data, flags)
            }
            None => self.watch(conversation.socket.as_fd(), key, flags),
        };
        if watched.is_ok() {
            conversation.waits = Some(waits);
            self.conversations.insert(key, conversation);
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

fn socket() -> Result<OwnedFd, Errno> {
    socket_with(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)
}

fn listening(at: &SocketAddrUnix) -> Result<OwnedFd, Errno> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(AddressFamily::UNIX, SocketType::SEQPACKET, flags, None)?;
    bind(&socket, at)?;
    listen(&socket, BACKLOG)?;
    Ok(socket)
}

/// A message about a file with this key.
fn keyed(kind: u32, key: u64) -> Vec<u8> {
    Header { kind, extra: key as u32, ..Header::default() }.emit().to_vec()
}

fn failure(errno: Errno) -> Vec<u8> {
    message(wire::DONE, -i64::from(errno.raw_os_error()), 0, &[])
}

/// Sends a whole message, with a file if there is one, without waiting.
pub(super) fn send(to: BorrowedFd<'_>, bytes: &[u8], file: Option<BorrowedFd<'_>>) -> Result<(), Errno> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    let files: Vec<_> = file.into_iter().collect();
    if !files.is_empty() {
        control.push(SendAncillaryMessage::ScmRights(&files));
    }
    let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
    sendmsg(to, &[IoSlice::new(bytes)], &mut control, flags).map(drop)
}

/// Receives a whole message, without waiting. `None` at the end. What is no message of ours has a header of zeros.
pub(super) fn receive(from: BorrowedFd<'_>) -> Result<Option<(Header, Vec<u8>)>, Errno> {
    let mut bytes = [0; HEADER + DATA_MAX];
    let (_, got) = recv(from, &mut bytes, RecvFlags::DONTWAIT)?;
    if got == 0 {
        return Ok(None);
    }
    let got = bytes.get(..got).unwrap_or_default();
    let header = Header::parse(got).unwrap_or_default();
    Ok(Some((header, got.get(HEADER..).unwrap_or_default().to_vec())))
}
