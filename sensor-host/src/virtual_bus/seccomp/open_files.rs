//! The files that the program has open: what the kernel has in their place, and which file of the machine that stands for.
//!
//! For a bus it is a directory without a name (`unlinked.rs`). For files of the GPIO chip, which give events, it is one of
//! two connected sockets that keep records apart.

use std::collections::HashMap;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use rustix::event::epoll;
use rustix::fs::{OFlags, fstat, inotify};
use rustix::io::Errno;
use rustix::net::sockopt::{set_socket_send_buffer_size, set_socket_send_buffer_size_force};
use rustix::net::{AddressFamily, SendFlags, SocketFlags, SocketType, send, socketpair};

use super::super::gpio::Queue;
use super::super::{FileId, Node};
use super::sys;
use super::unlinked::Names;

/// Room for the most events that a program can ask for, 1024, with what the kernel takes for each besides.
const MOST_WAITING: usize = 1 << 20;

/// An open file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OpenFile {
    pub(super) id: FileId,
    pub(super) kind: Kind,
    /// The flags that it was opened with.
    pub(super) opened: OFlags,
}

impl OpenFile {
    /// It was opened for its path: to be named and looked at, and for nothing else.
    pub(super) fn is_path_alone(&self) -> bool {
        self.opened.contains(OFlags::PATH)
    }
}

/// What an open file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A device that was opened.
    Device(Node),
    /// Lines of the GPIO chip.
    Line,
}

/// Our end of a file that gives events.
#[derive(Debug)]
struct Events {
    file: OpenFile,
    ours: OwnedFd,
    /// How much of the kernel's memory a record takes until it is read, as soon as that is known.
    record: Option<usize>,
}

/// All open files.
#[derive(Debug)]
pub(super) struct OpenFiles {
    /// What the directories in the place of buses are called.
    names: Names,
    next: u64,
    /// Buses, by the number in their name.
    buses: HashMap<u64, OpenFile>,
    /// Tells of buses that nobody has open any more. Without it they are kept, which takes memory and nothing else.
    watch: Option<OwnedFd>,
    by_watch: HashMap<i32, u64>,
    /// Files that give events, by the number of their socket.
    events: HashMap<u64, Events>,
    by_id: HashMap<FileId, u64>,
}

impl OpenFiles {
    pub(super) fn new() -> OpenFiles {
        let watch = inotify::init(inotify::CreateFlags::CLOEXEC | inotify::CreateFlags::NONBLOCK).ok();
        OpenFiles {
            names: Names::new(),
            next: 0,
            buses: HashMap::new(),
            watch,
            by_watch: HashMap::new(),
            events: HashMap::new(),
            by_id: HashMap::new(),
        }
    }

    /// What is ready to be read when a bus is closed.
    pub(super) fn watch(&self) -> Option<BorrowedFd<'_>> {
        self.watch.as_ref().map(AsFd::as_fd)
    }

    /// Makes the file that the program is to be given.
    ///
    /// # Errors
    /// The kernel's: `EMFILE`, `ENOBUFS`...
    pub(super) fn add(&mut self, file: OpenFile, epoll: BorrowedFd<'_>) -> Result<OwnedFd, Errno> {
        match file.kind {
            Kind::Device(Node::Bus(_)) => self.add_bus(file),
            Kind::Device(Node::GpioChip) | Kind::Line => self.add_events(file, epoll),
        }
    }

    fn add_bus(&mut self, file: OpenFile) -> Result<OwnedFd, Errno> {
        let number = self.next;
        // A flag of the open file such as `O_NONBLOCK` is kept by the kernel.
        let theirs = self.names.make(number, file.opened.intersection(OFlags::NONBLOCK))?;
        let watched = self.watch.as_ref().and_then(|watch| {
            inotify::add_watch(watch, in_proc(&theirs), inotify::WatchFlags::DELETE_SELF).ok()
        });
        self.by_watch.extend(watched.map(|watched| (watched, number)));
        self.next += 1;
        self.buses.insert(number, file);
        Ok(theirs)
    }

    /// Two connected sockets: what we write, the program reads, polls or waits for as for a device's events.
    fn add_events(&mut self, file: OpenFile, epoll: BorrowedFd<'_>) -> Result<OwnedFd, Errno> {
        let (theirs, ours) =
            socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
        rustix::fs::fcntl_setfl(&theirs, OFlags::RDWR | file.opened.intersection(OFlags::NONBLOCK))?;
        let socket = fstat(&theirs)?.st_ino;
        // Always told: the hang-up. Input: what a program writes to a line, which is thrown away.
        let wanted = epoll::EventFlags::IN | epoll::EventFlags::RDHUP;
        epoll::add(epoll, &ours, epoll::EventData::new_u64(socket), wanted)?;
        // Without the right to more, the system's limit stays.
        let _ = set_socket_send_buffer_size_force(&ours, MOST_WAITING)
            .or_else(|_| set_socket_send_buffer_size(&ours, MOST_WAITING));
        self.by_id.insert(file.id, socket);
        self.events.insert(socket, Events { file, ours, record: None });
        Ok(theirs)
    }

    /// The file behind a link in `/proc/PID/fd`, if it is one of ours.
    pub(super) fn at(&self, link: &[u8]) -> Option<OpenFile> {
        if let Some(socket) = number_between(link, b"socket:[", b"]") {
            return self.events.get(&socket).map(|events| events.file);
        }
        self.buses.get(&self.names.number(link)?).copied()
    }

    /// Lets the program read a record. As with a real device, what does not fit is lost.
    pub(super) fn send(&mut self, id: FileId, bytes: &[u8], queue: Option<Queue>) {
        let socket = self.by_id.get(&id);
        let (Some(events), Some(queue)) = (socket.and_then(|socket| self.events.get_mut(socket)), queue)
        else {
            return;
        };
        let unread = sys::unread(events.ours.as_fd());
        if events.record.is_some_and(|record| unread / record >= queue.most) {
            return;
        }
        let _ = send(&events.ours, bytes, SendFlags::DONTWAIT | SendFlags::NOSIGNAL);
        if unread == 0 {
            // Nothing, if the program was so fast that it has read it already.
            let record = Some(sys::unread(events.ours.as_fd())).filter(|record| *record != 0);
            events.record = events.record.or(record);
        }
    }

    /// Something happened to a socket: the file that nobody has open any more, if that is it.
    pub(super) fn notice(
        &mut self,
        socket: u64,
        flags: epoll::EventFlags,
        epoll: BorrowedFd<'_>,
    ) -> Option<FileId> {
        if flags.intersects(epoll::EventFlags::HUP | epoll::EventFlags::ERR) {
            let Events { file, .. } = self.events.remove(&socket)?;
            self.by_id.remove(&file.id);
            return Some(file.id);
        }
        let mut thrown_away = [0; 512];
        if let Some(events) = self.events.get(&socket) {
            if flags.contains(epoll::EventFlags::RDHUP) {
                // The program has said (`shutdown`) that it writes nothing more, which would be told for ever.
                let data = epoll::EventData::new_u64(socket);
                let _ = epoll::modify(epoll, &events.ours, data, epoll::EventFlags::empty());
            }
            let _ = rustix::net::recv(&events.ours, &mut thrown_away, rustix::net::RecvFlags::DONTWAIT);
        }
        None
    }

    /// The buses that nobody has open any more.
    pub(super) fn closed(&mut self) -> Vec<FileId> {
        let mut closed = Vec::new();
        let mut room = [MaybeUninit::uninit(); 4096];
        let Some(watch) = &self.watch else { return closed };
        let mut reader = inotify::Reader::new(watch, &mut room);
        while let Ok(event) = reader.next() {
            let number = self.by_watch.remove(&event.wd());
            closed.extend(number.and_then(|number| self.buses.remove(&number)).map(|file| file.id));
        }
        closed
    }
}

fn in_proc(file: &OwnedFd) -> String {
    format!("/proc/self/fd/{}", file.as_raw_fd())
}

/// `socket:[123]`, as a link in `/proc/PID/fd` reads: 123.
fn number_between(text: &[u8], before: &[u8], after: &[u8]) -> Option<u64> {
    let digits = text.strip_prefix(before)?.strip_suffix(after)?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
#[path = "open_files_tests.rs"]
mod tests;
