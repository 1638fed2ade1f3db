//! The library's side of what [`wire`](crate::wire) describes.

use core::ffi::{c_char, c_int};

use crate::path::Path;
use crate::process::{self, Address};
use crate::sys::{self, Piece, Raw};
use crate::wire::{self, DATA_MAX, HEADER, Header, PATH_MAX, STATUS_LEN, Status};

/// What the supervisor said about a path.
pub(crate) enum Said {
    /// Nothing virtual is there.
    Native,
    /// The result, or an errno.
    Result(Raw),
    /// A device is there.
    Device(Status),
    /// This is to be used instead; or this is what a device or a file is known by.
    Instead(Text),
}

/// A path with a final zero.
pub(crate) struct Text([u8; PATH_MAX + 1]);

impl Text {
    /// A copy that ends where the path is full: the supervisor sends none that is longer.
    fn of(bytes: &[u8]) -> Text {
        let mut text = [0; PATH_MAX + 1];
        for (to, from) in text.iter_mut().take(PATH_MAX).zip(bytes) {
            *to = *from;
        }
        Text(text)
    }

    pub(crate) fn as_ptr(&self) -> *const c_char {
        self.0.as_ptr().cast()
    }
}

/// Asks about a path. What is opened has this `close_on_exec`.
pub(crate) fn ask(kind: u32, extra: u32, path: &Path, close_on_exec: c_int) -> Said {
    let Some((address, len)) = Address::of(wire::CALLS) else { return Said::Native };
    let arguments = [sys::AF_UNIX as usize, (5 | close_on_exec) as usize, 0, 0, 0, 0];
    // SAFETY: no pointers.
    let socket = unsafe { sys::call(sys::SOCKET, arguments) };
    if socket < 0 {
        return Said::Result(socket);
    }
    let fd = socket as c_int;
    loop {
        // SAFETY: the kernel reads the address.
        match unsafe { sys::call(sys::CONNECT, [socket as usize, &raw const address as usize, len, 0, 0, 0]) }
        {
            0.. => break,
            sys::EINTR => {}
            _ => process::gone(),
        }
    }
    let request = Header { kind, extra, ..Header::default() }.emit();
    if sys::send(fd, &[Piece::of(&request), Piece::of(path.bytes())], None) < 0 {
        process::gone();
    }
    let (mut header, mut data) = ([0; HEADER], [0; STATUS_LEN + PATH_MAX]);
    let into = [Piece::of_mut(&mut header), Piece::of_mut(&mut data)];
    // SAFETY: the pieces are this function's own. (Nothing but the supervisor holds the other end.)
    let (got, attached) = unsafe { sys::receive(fd, &into, 0) };
    let answer = Header::parse(&header).filter(|_| got >= HEADER as Raw);
    match answer {
        Some(Header { kind: wire::OPENED, .. }) => {
            process::has_a_file();
            return Said::Result(socket);
        }
        Some(Header { kind: wire::ATTACHED, .. }) if attached >= 0 => {
            process::has_a_file();
            // So that the new file has the lowest free number.
            let arguments = [attached as usize, socket as usize, close_on_exec as usize, 0, 0, 0];
            // SAFETY: both numbers are this function's own.
            let moved = unsafe { sys::call(sys::DUP3, arguments) };
            sys::close(attached);
            return Said::Result(moved);
        }
        _ => sys::close(fd),
    }
    match answer {
        Some(Header { kind: wire::NATIVE, .. }) => Said::Native,
        Some(Header { kind: wire::DONE, value, .. }) => Said::Result(value as Raw),
        Some(Header { kind: wire::STATUS, .. }) => {
            Status::parse(&data).map_or_else(|| process::gone(), Said::Device)
        }
        Some(Header { kind: wire::INSTEAD, .. }) => {
            Said::Instead(Text::of(data.get(..got as usize - HEADER).unwrap_or(&data)))
        }
        _ => process::gone(),
    }
}

/// What came of a call on a virtual file.
pub(crate) enum Outcome {
    Result(Raw),
    Device(Status),
}

impl Outcome {
    /// The result; `EFAULT`, which it cannot be, for a status.
    pub(crate) fn result(self) -> Raw {
        match self {
            Outcome::Result(result) => result,
            Outcome::Device(_) => sys::EFAULT,
        }
    }
}

/// Makes a call on a virtual file, and answers the supervisor's questions until it is over.
pub(crate) fn call(fd: c_int, request: Header, sent_along: u64) -> Outcome {
    let (here, there) = match sys::pair() {
        Ok(pair) => pair,
        Err(errno) => return Outcome::Result(errno),
    };
    let header = request.emit();
    let pieces = [Piece::of(&header), Piece::of_program(request.at, sent_along.min(DATA_MAX as u64))];
    let mut sent = sys::send(fd, &pieces, Some(there));
    if sent == sys::EFAULT {
        // The supervisor decides what comes of memory that is not there.
        sent = sys::send(fd, &pieces[..1], Some(there));
    }
    sys::close(there);
    let answer = match sent {
        sys::EPIPE | sys::ECONNRESET | sys::ENOTCONN => process::gone(),
        0.. => converse(fd, here),
        // Another thread closed the file, or too many files are on their way.
        errno => Outcome::Result(errno),
    };
    sys::close(here);
    answer
}

fn converse(fd: c_int, here: c_int) -> Outcome {
    let mut has_faulted = false;
    loop {
        let mut header = [0; HEADER];
        // SAFETY: the header is this function's own.
        let (got, _) = unsafe { sys::receive(here, &[Piece::of_mut(&mut header)], sys::MSG_PEEK) };
        if got == sys::EAGAIN {
            // A child of another thread may hold the other end open: the file tells for sure.
            if sys::is_hung_up(fd) {
                process::gone();
            }
            continue;
        }
        let Some(message) = Header::parse(&header).filter(|_| got == HEADER as Raw) else { process::gone() };
        let mut data = [0; STATUS_LEN];
        let into = match message.kind {
            wire::PUT | wire::DONE => Piece::of_program(message.at, message.len),
            _ => Piece::of_mut(&mut data),
        };
        // SAFETY: the program asked for its memory to be written there.
        let (got, attached) = unsafe { sys::receive(here, &[Piece::of_mut(&mut header), into], 0) };
        match (message.kind, got) {
            (wire::PUT, sys::EFAULT) => has_faulted = true,
            (wire::PUT, 0..) => {}
            (wire::WANT, 0..) => lend(here, message.at, message.len),
            (wire::DONE, sys::EFAULT) => return Outcome::Result(sys::EFAULT),
            (wire::DONE, 0..) if has_faulted && message.value >= 0 => {
                if attached >= 0 {
                    sys::close(attached);
                }
                return Outcome::Result(sys::EFAULT);
            }
            (wire::DONE, 0..) => {
                if attached >= 0 {
                    process::has_a_file();
                    let at: *mut c_int = core::ptr::with_exposed_provenance_mut(message.at as usize);
                    // SAFETY: the kernel wrote there just now, by the `PUT` before.
                    unsafe { at.write_unaligned(attached) };
                }
                return Outcome::Result(message.value as Raw);
            }
            (wire::STATUS, 0..) => {
                return Status::parse(&data).map_or_else(|| process::gone(), Outcome::Device);
            }
            _ => process::gone(),
        }
    }
}

/// Sends the supervisor some of the program's memory, or that there is none.
fn lend(here: c_int, at: u64, len: u64) {
    let have = Header { kind: wire::HAVE, at, len, ..Header::default() }.emit();
    let fault = Header { kind: wire::FAULT, at, len, ..Header::default() }.emit();
    let mut sent = sys::EFAULT;
    if len <= DATA_MAX as u64 {
        sent = sys::send(here, &[Piece::of(&have), Piece::of_program(at, len)], None);
    }
    if sent == sys::EFAULT {
        sent = sys::send(here, &[Piece::of(&fault)], None);
    }
    if sent < 0 {
        process::gone();
    }
}
