//! The event loop that serves all programs.

use std::collections::BTreeMap;
use std::io::{IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::event::{Timespec, epoll};
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketAddrUnix, SocketFlags, SocketType, accept_with, bind, connect,
    listen, recvmsg, sendmsg, socket_with,
};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, wait};

use super::conversation::{Conversation, Waits, message};
use super::paths::{Paths, Told};
use super::place::Place;
use super::wire::{self, DATA_MAX, HEADER, Header};
use crate::virtual_bus::seccomp::guard::{Line, Word};
use crate::virtual_bus::seccomp::sys;
use crate::virtual_bus::{Access, Answer, Call, Errno, FileId, Machine, Node};

/// How many connections may wait to be accepted. The kernel may cut it.
const BACKLOG: i32 = 4096;
/// How many events are taken from the kernel at once.
const EVENTS_AT_ONCE: usize = 64;

/// What the event loop knows the sockets of itself by.
const CALLS: u64 = 0;
const EVENTS: u64 = 1;
const SIGNALS: u64 = 2;
const GUARD: u64 = 3;
const FIRST: u64 = 4;

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
    /// Calls that are being made.
    calls: u32,
    /// Whether no program has it open any more.
    is_hung_up: bool,
}

/// The server.
#[derive(Debug)]
pub(super) struct Server<'a> {
    machine: &'a mut Machine,
    paths: Paths,
    epoll: OwnedFd,
    calls: OwnedFd,
    events: OwnedFd,
    events_at: SocketAddrUnix,
    /// Given up when there are no files left, to accept a connection and refuse it.
    spare: Option<OwnedFd>,
    next: u64,
    /// Connections that have not said what they want.
    new: BTreeMap<u64, OwnedFd>,
    files: BTreeMap<u64, File>,
    keys: BTreeMap<FileId, u64>,
    conversations: BTreeMap<u64, Conversation>,
    /// Calls that return later.
    later: BTreeMap<(Instant, u64), Conversation>,
}

impl<'a> Server<'a> {
    /// A server that can be connected to from now on.
    pub(super) fn listen(machine: &'a mut Machine, paths: Paths, place: &Place) -> Result<Server<'a>, Errno> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let calls_at = SocketAddrUnix::new(place.socket(wire::CALLS))?;
        let events_at = SocketAddrUnix::new(place.socket(wire::EVENTS))?;
        let (calls, events) = (listening(&calls_at)?, listening(&events_at)?);
        let spare = Some(socket()?);
        epoll::add(&epoll, &calls, epoll::EventData::new_u64(CALLS), epoll::EventFlags::IN)?;
        epoll::add(&epoll, &events, epoll::EventData::new_u64(EVENTS), epoll::EventFlags::IN)?;
        Ok(Server {
            machine,
            paths,
            epoll,
            calls,
            events,
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
                    CALLS => self.accept(),
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
                        None if has_ended => drop(epoll::delete(&self.epoll, guard)),
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

    fn accept(&mut self) {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        match accept_with(&self.calls, flags) {
            Ok(socket) => {
                let key = self.key();
                if self.watch(socket.as_fd(), key, epoll::EventFlags::IN).is_ok() {
                    self.new.insert(key, socket);
                }
            }
            Err(Errno::MFILE | Errno::NFILE) => {
                // It would be accepted in vain again and again.
                drop(self.spare.take());
                if let Ok(socket) = accept_with(&self.calls, flags) {
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
        } else if self.files.contains_key(&key) {
            self.request(key);
        } else if let Some(conversation) = self.conversations.remove(&key) {
            self.go_on(key, conversation);
        }
    }

    /// A connection says what it wants. What is not understood is hung up.
    fn first_request(&mut self, key: u64, socket: OwnedFd) {
        let (header, path, _) = match receive(socket.as_fd()) {
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
        let (key, socket) = match node {
            Node::Bus(_) => {
                // Besides the answer there is always something to be read: so a bus looks ready to whoever waits for it,
                // as a real one does.
                let opened = send(socket.as_fd(), &message(wire::OPENED, 0, 0, &[]), None);
                if opened.and_then(|()| send(socket.as_fd(), &[0], None)).is_err() {
                    return self.machine.close(id);
                }
                (key, socket)
            }
            _ => match self.events_file() {
                Ok((key, here, there)) => {
                    let sent = send(socket.as_fd(), &message(wire::ATTACHED, 0, 0, &[]), Some(there.as_fd()));
                    if sent.is_err() {
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
        self.keep(key, File { socket, id, node: Some(node), calls: 0, is_hung_up: false });
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

    /// A program makes a call on a file, or nobody has it open any more.
    fn request(&mut self, key: u64) {
        let Some(file) = self.files.get_mut(&key) else { return };
        match receive(file.socket.as_fd()) {
            Ok(Some((header, data, Some(socket)))) => self.begin(key, header, data, socket),
            // Not the library's: a program that writes to the socket by itself.
            Ok(Some((_, _, None))) => {}
            Err(Errno::AGAIN | Errno::INTR) => {}
            // What was not read by the program. The end comes behind it.
            Err(Errno::CONNRESET) => {}
            Ok(None) | Err(_) => {
                file.is_hung_up = true;
                let _ = epoll::delete(&self.epoll, &file.socket);
                self.close_if_unused(key);
            }
        }
    }

    fn close_if_unused(&mut self, key: u64) {
        if self.files.get(&key).is_some_and(|file| file.is_hung_up && file.calls == 0) {
            if let Some(file) = self.files.remove(&key) {
                self.keys.remove(&file.id);
                self.machine.close(file.id);
            }
        }
    }

    fn begin(&mut self, key: u64, header: Header, data: Vec<u8>, socket: OwnedFd) {
        let Some(file) = self.files.get_mut(&key) else { return };
        let Header { kind, extra: request, at, len, .. } = header;
        let call = match kind {
            wire::READ => Call::Read { at, len },
            wire::WRITE => Call::Write { at, len },
            wire::IOCTL => Call::Ioctl { request, argument: at },
            wire::FSTAT => {
                let _ = send(socket.as_fd(), &self.paths.status(file.node).emit(), None);
                return;
            }
            _ => return,
        };
        file.calls += 1;
        let mut conversation = Conversation::new(socket, key, call);
        if !data.is_empty() {
            conversation.memory.add(at, Some(data));
        }
        let key = self.key();
        self.attempt(key, conversation);
    }

    /// Tries the call with what is known of the program's memory.
    fn attempt(&mut self, key: u64, mut conversation: Conversation) {
        let Some(file) = self.files.get(&conversation.file) else { return };
        let reply = self.machine.call(file.id, conversation.call, &mut conversation.memory);
        if let Some((at, len)) = conversation.memory.take_missing() {
            if let Ok(Answer::File { file, .. }) = reply.outcome {
                // A device that gives a file although it was refused memory.
                self.machine.close(file);
            }
            conversation.want(at, len);
            return self.go_on(key, conversation);
        }
        match reply.outcome {
            Ok(Answer::Number(number)) => conversation.end(number, None),
            Ok(Answer::File { file, at }) => match self.events_file() {
                Ok((key, socket, there)) => {
                    self.keep(key, File { socket, id: file, node: None, calls: 0, is_hung_up: false });
                    conversation.end(0, Some((at, there)));
                }
                Err(errno) => {
                    self.machine.close(file);
                    conversation.end(-i64::from(errno.raw_os_error()), None);
                }
            },
            Err(errno) => conversation.end(-i64::from(errno.raw_os_error()), None),
        }
        if reply.after.is_zero() {
            self.go_on(key, conversation);
        } else {
            self.later.insert((Instant::now() + reply.after, key), conversation);
        }
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

    /// Sends what can be sent and takes what came, until there is something to wait for.
    fn go_on(&mut self, key: u64, mut conversation: Conversation) {
        let file = conversation.file;
        match conversation.proceed() {
            Ok(None) => return self.attempt(key, conversation),
            Ok(Some(Waits::ForNothing)) | Err(_) => {}
            Ok(Some(waits)) => {
                let flags = match waits {
                    Waits::ToWrite => epoll::EventFlags::OUT,
                    _ => epoll::EventFlags::IN,
                };
                let data = epoll::EventData::new_u64(key);
                let watched = if conversation.is_watched {
                    epoll::modify(&self.epoll, &conversation.socket, data, flags)
                } else {
                    epoll::add(&self.epoll, &conversation.socket, data, flags)
                };
                if watched.is_ok() {
                    conversation.is_watched = true;
                    self.conversations.insert(key, conversation);
                    return;
                }
            }
        }
        // It is over, or the program is gone.
        drop(conversation);
        if let Some(file) = self.files.get_mut(&file) {
            file.calls = file.calls.saturating_sub(1);
        }
        self.close_if_unused(file);
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

/// What came with a message.
type Received = (Header, Vec<u8>, Option<OwnedFd>);

/// Receives a whole message, without waiting. `None` at the end. What is no message of ours has a header of zeros.
pub(super) fn receive(from: BorrowedFd<'_>) -> Result<Option<Received>, Errno> {
    let mut bytes = [0; HEADER + DATA_MAX];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let flags = RecvFlags::DONTWAIT | RecvFlags::CMSG_CLOEXEC;
    let got = recvmsg(from, &mut [IoSliceMut::new(&mut bytes)], &mut control, flags)?;
    let file = control.drain().find_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut files) => files.next(),
        _ => None,
    });
    if got.bytes == 0 {
        return Ok(None);
    }
    let got = bytes.get(..got.bytes).unwrap_or_default();
    let header = Header::parse(got).unwrap_or_default();
    Ok(Some((header, got.get(HEADER..).unwrap_or_default().to_vec(), file)))
}
