//! The files that the program has open: which socket stands for which file of the machine.
//!
//! What a program is given for a bus is a socket that listens, and to which ours has connected. It was chosen because
//! * the kernel refuses to read or write it (`ENOTCONN`), at once and without a signal: where a call is not trapped,
//!   because the file was moved to a number out of the range, it fails rather than hang or pretend;
//! * its number in `/proc` is unique while it lives, whatever number the program knows it by: duplicates, children and
//!   files that were passed on are the same file by construction;
//! * our end hears when the last of them is closed, however that came about.

use std::collections::HashMap;
use std::io::Write;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;

use rustix::event::epoll;
use rustix::fs::fstat;
use rustix::io::Errno;
use rustix::net::{
    AddressFamily, SocketAddrUnix, SocketFlags, SocketType, bind, connect, getsockname, listen, socket_with,
};

use super::super::{FileId, Node};

/// An open file.
#[derive(Debug)]
pub(super) struct OpenFile {
    pub(super) id: FileId,
    pub(super) kind: Kind,
    ours: Ours,
}

/// What an open file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A device that was opened.
    Device(Node),
    /// Lines of the GPIO chip.
    Line,
}

#[derive(Debug)]
enum Ours {
    /// Only tells of the end.
    Bus(OwnedFd),
    /// Carries events to the program.
    Events(UnixStream),
}

impl AsFd for Ours {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Ours::Bus(socket) => socket.as_fd(),
            Ours::Events(socket) => socket.as_fd(),
        }
    }
}

/// All open files, by the number of their socket.
#[derive(Debug, Default)]
pub(super) struct OpenFiles {
    by_socket: HashMap<u64, OpenFile>,
    by_id: HashMap<FileId, u64>,
}

impl OpenFiles {
    /// Makes the file that the program is to be given.
    ///
    /// # Errors
    /// The kernel's: `EMFILE`, `ENOBUFS`...
    pub(super) fn add(&mut self, id: FileId, kind: Kind, epoll: BorrowedFd<'_>) -> Result<OwnedFd, Errno> {
        let (theirs, ours) = match kind {
            Kind::Device(Node::Bus(_)) => bus()?,
            Kind::Device(Node::GpioChip) | Kind::Line => events()?,
        };
        let socket = fstat(&theirs)?.st_ino;
        // Always told: the hang-up. Input: what a program writes to a line, which is thrown away.
        epoll::add(epoll, &ours, epoll::EventData::new_u64(socket), epoll::EventFlags::IN)?;
        self.by_id.insert(id, socket);
        self.by_socket.insert(socket, OpenFile { id, kind, ours });
        Ok(theirs)
    }

    /// The file behind a socket.
    pub(super) fn get(&self, socket: u64) -> Option<&OpenFile> {
        self.by_socket.get(&socket)
    }

    /// Lets the program read these bytes. As with a real device, what does not fit is lost.
    pub(super) fn send(&mut self, id: FileId, bytes: &[u8]) {
        let socket = self.by_id.get(&id);
        if let Some(OpenFile { ours: Ours::Events(ours), .. }) =
            socket.and_then(|s| self.by_socket.get_mut(s))
        {
            let _ = ours.write(bytes);
        }
    }

    /// Something happened to a socket: the file that nobody has open any more, if that is it.
    pub(super) fn notice(&mut self, socket: u64, flags: epoll::EventFlags) -> Option<FileId> {
        if flags.intersects(epoll::EventFlags::HUP | epoll::EventFlags::ERR) {
            let file = self.by_socket.remove(&socket)?;
            self.by_id.remove(&file.id);
            return Some(file.id);
        }
        let mut thrown_away = [0; 512];
        if let Some(file) = self.by_socket.get(&socket) {
            let _ = rustix::io::read(&file.ours, &mut thrown_away);
        }
        None
    }
}

/// A socket for the program that can be neither read nor written, and one for us that hangs up when it is closed.
fn bus() -> Result<(OwnedFd, Ours), Errno> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let theirs = socket_with(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
    // Without a name the kernel chooses one, outside of the file system.
    bind(&theirs, &SocketAddrUnix::new_unnamed())?;
    listen(&theirs, 0)?;
    let ours = socket_with(AddressFamily::UNIX, SocketType::SEQPACKET, flags, None)?;
    connect(&ours, &getsockname(&theirs)?)?;
    Ok((theirs, Ours::Bus(ours)))
}

/// Two connected sockets: what we write, the program reads, polls or waits for as for a device's events.
fn events() -> Result<(OwnedFd, Ours), Errno> {
    let pair = UnixStream::pair().and_then(|(theirs, ours)| {
        ours.set_nonblocking(true)?;
        Ok((OwnedFd::from(theirs), Ours::Events(ours)))
    });
    pair.map_err(|error| error.raw_os_error().map_or(Errno::IO, Errno::from_raw_os_error))
}
