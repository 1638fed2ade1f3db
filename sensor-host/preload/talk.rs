//! The library's side of what [`wire`](crate::wire) describes.

use core::ffi::{c_char, c_int};

use crate::line::{Line, connect};
use crate::path::Path;
use crate::process::{self, Address};
use crate::sys::{self, Piece, Raw};
use crate::wire::{self, DATA_MAX, HEADER, Header, PATH_MAX, STATUS_LEN, Status};

/// What the supervisor said about a path.
#[allow(clippy::large_enum_variant, reason = "there is no heap to put a path on")]
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

    /// The same, so that nothing but a folder will do.
    fn into_folder(mut self) -> Text {
        let end = self.0.iter_mut().take(PATH_MAX).find(|byte| **byte == 0);
        end.into_iter().for_each(|end| *end = b'/');
        self
    }

    pub(crate) fn as_ptr(&self) -> *const c_char {
        self.0.as_ptr().cast()
    }
}

/// Asks about a path. What is opened has this `close_on_exec`.
pub(crate) fn ask(kind: u32, extra: u32, path: &Path, close_on_exec: c_int) -> Said {
    let Some(address) = Address::of(wire::CALLS) else { return Said::Native };
    let fd = match connect(&address, close_on_exec) {
        Ok(fd) => fd,
        // Behind `chroot` there is nothing of ours.
        Err(sys::ENOENT) => return Said::Native,
        Err(errno) => return Said::Result(errno),
    };
    let (is_folder, request_flags) = (path.must_be_folder(), extra);
    let extra = match kind {
        wire::OPEN if is_folder => (extra | sys::O_DIRECTORY as u32) & !(sys::O_NOFOLLOW as u32),
        wire::LOOK if is_folder => 1,
        _ => extra,
    };
    let request = Header { kind, extra, ..Header::default() }.emit();
    was_sent(sys::send(fd, &[Piece::of(&request), Piece::of(path.bytes())]));
    let (mut header, mut data) = ([0; HEADER], [0; STATUS_LEN + PATH_MAX]);
    let into = [Piece::of_mut(&mut header), Piece::of_mut(&mut data)];
    // SAFETY: the pieces are this function's own.
    let (got, attached) = unsafe { sys::receive(fd, &into, 0) };
    if is_closed(got) {
        return Said::Result(sys::EBADF);
    }
    let answer = Header::parse(&header).filter(|_| got >= HEADER as Raw);
    match answer {
        Some(Header { kind: wire::OPENED, extra, .. }) => {
            return Said::Result(opened(fd, extra, request_flags) as Raw);
        }
        Some(Header { kind: wire::ATTACHED, extra, .. }) if attached >= 0 => {
            // So that the new file has the lowest free number.
            let arguments = [attached as usize, fd as usize, close_on_exec as usize, 0, 0, 0];
            // SAFETY: both numbers are this function's own.
            let moved = unsafe { sys::call(sys::DUP3, arguments) };
            sys::close(attached);
            if moved >= 0 {
                opened(fd, extra, request_flags);
            }
            return Said::Result(moved);
        }
        _ => sys::close(fd),
    }
    match answer {
        Some(Header { kind: wire::NATIVE, .. }) => Said::Native,
        Some(Header { kind: wire::DONE, value, .. }) => Said::Result(value as Raw),
        Some(Header { kind: wire::STATUS, .. }) => {
            let status = Status::parse(&data).unwrap_or_else(|| process::gone());
            if is_folder { Said::Result(sys::ENOTDIR) } else { Said::Device(status) }
        }
        Some(Header { kind: wire::INSTEAD, .. }) => {
            let text = Text::of(data.get(..got as usize - HEADER).unwrap_or(&data));
            Said::Instead(if is_folder { text.into_folder() } else { text })
        }
        _ => process::gone(),
    }
}

/// After a message that could not be sent nobody answers, and the process ends; unless the connection is over: what is received
/// from it then says why. A supervisor that has no files left says so, and hangs up before it was asked anything.
fn was_sent(sent: Raw) {
    if sent < 0 && sent != sys::EPIPE && sent != sys::ECONNRESET && !is_closed(sent) {
        process::gone();
    }
}

/// Whether the program has closed the number, by another thread that closes all that it does not know. It may be used anew.
fn is_closed(result: Raw) -> bool {
    matches!(result, sys::EBADF | sys::ENOTSOCK)
}

/// Makes of a socket an open file of this key. The first one brings a connection for calls with it: a program may go to
/// where it cannot make one, by `chroot` for instance, and keeps what it has open.
fn opened(fd: c_int, key: u32, flags: u32) -> c_int {
    sys::set_key(fd, key);
    if flags & sys::O_NONBLOCK as u32 != 0 {
        sys::set_flags(fd, sys::O_NONBLOCK);
    }
    process::has_a_file();
    if let Ok(line) = Line::take() {
        line.give_back();
    }
    fd
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
pub(crate) fn call(fd: c_int, mut request: Header, sent_along: u64) -> Outcome {
    let line = match Line::take() {
        Ok(line) => line,
        Err(errno) => return Outcome::Result(errno),
    };
    request.value = i64::from(sys::key(fd));
    let header = request.emit();
    let pieces = [Piece::of(&header), place_of(request.at, sent_along)];
    let mut sent = sys::send(line.fd, &pieces);
    if sent == sys::EFAULT {
        // The supervisor decides what comes of memory that is not there.
        sent = sys::send(line.fd, &pieces[..1]);
    }
    was_sent(sent);
    let outcome = converse(line.fd, &request);
    match outcome {
        // It was hung up, or it is not there any more.
        Outcome::Result(sys::ENFILE | sys::EBADF) => line.give_up(),
        _ => line.give_back(),
    }
    outcome
}

/// A place in the program's memory, as much of it as a message can fill. No place at all is nowhere: an address that
/// cannot be one would be refused even if nothing went there.
fn place_of(at: u64, len: u64) -> Piece {
    let len = len.min(DATA_MAX as u64);
    Piece::of_program(if len == 0 { 0 } else { at }, len)
}

/// The header of the message that is to be received next; none if the connection was closed.
fn peek(line: c_int) -> Option<Header> {
    let mut header = [0; HEADER];
    // SAFETY: the header is this function's own.
    let (got, _) = unsafe { sys::receive(line, &[Piece::of_mut(&mut header)], sys::MSG_PEEK) };
    let message = Header::parse(&header).filter(|_| got == HEADER as Raw);
    if message.is_none() && !is_closed(got) {
        process::gone();
    }
    message
}

fn converse(line: c_int, request: &Header) -> Outcome {
    // What is read has a place already: so the first message need not be looked at before it is received.
    let mut place = (request.kind == wire::READ).then(|| place_of(request.at, request.len));
    let mut has_faulted = false;
    loop {
        let (mut header, mut data) = ([0; HEADER], [0; STATUS_LEN]);
        let into = place.take().unwrap_or_else(|| match peek(line) {
            Some(Header { kind: wire::STATUS, .. }) => Piece::of_mut(&mut data),
            Some(Header { kind: wire::PUT | wire::DONE, at, len, .. }) => place_of(at, len),
            _ => place_of(0, 0),
        });
        // SAFETY: the program asked for its memory to be written there.
        let (mut got, mut attached) = unsafe { sys::receive(line, &[Piece::of_mut(&mut header), into], 0) };
        if matches!(got, sys::EFAULT | sys::EINVAL) && header == [0; HEADER] {
            // An address that cannot be one is refused before the message is touched: it is there yet.
            has_faulted = true;
            // SAFETY: the header is this function's own.
            (got, attached) = unsafe { sys::receive(line, &[Piece::of_mut(&mut header)], 0) };
        }
        if is_closed(got) {
            return Outcome::Result(sys::EBADF);
        }
        let Some(message) = Header::parse(&header).filter(|_| got == sys::EFAULT || got >= HEADER as Raw)
        else {
            process::gone()
        };
        match (message.kind, got) {
            (wire::PUT, sys::EFAULT) => has_faulted = true,
            (wire::PUT, 0..) => {}
            (wire::WANT, 0..) => lend(line, message.at, message.len),
            (wire::DONE, sys::EFAULT) => return Outcome::Result(sys::EFAULT),
            (wire::DONE, 0..) if has_faulted && message.value >= 0 => {
                if attached >= 0 {
                    sys::close(attached);
                }
                return Outcome::Result(sys::EFAULT);
            }
            (wire::DONE, 0..) => {
                if attached >= 0 {
                    sys::set_key(attached, message.extra);
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
fn lend(line: c_int, at: u64, len: u64) {
    let have = Header { kind: wire::HAVE, at, len, ..Header::default() }.emit();
    let fault = Header { kind: wire::FAULT, at, len, ..Header::default() }.emit();
    let mut sent = sys::EFAULT;
    if len <= DATA_MAX as u64 {
        sent = sys::send(line, &[Piece::of(&have), place_of(at, len)]);
    }
    if sent == sys::EFAULT {
        sent = sys::send(line, &[Piece::of(&fault)]);
    }
    was_sent(sent);
}
