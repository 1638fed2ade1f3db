//! The library's side of what [`wire`](crate::wire) describes.

use core::ffi::{c_char, c_int};
use core::sync::atomic::{
    AtomicI32,
    Ordering::{Acquire, Relaxed, Release},
};

use crate::path::Path;
use crate::process::{self, Address, File};
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
    let Some(address) = Address::of(wire::CALLS) else { return Said::Native };
    let fd = match connect(&address, close_on_exec) {
        Ok(fd) => fd,
        Err(errno) => return Said::Result(errno),
    };
    let request = Header { kind, extra, ..Header::default() }.emit();
    if sys::send(fd, &[Piece::of(&request), Piece::of(path.bytes())]) < 0 {
        process::gone();
    }
    let (mut header, mut data) = ([0; HEADER], [0; STATUS_LEN + PATH_MAX]);
    let into = [Piece::of_mut(&mut header), Piece::of_mut(&mut data)];
    // SAFETY: the pieces are this function's own.
    let (got, attached) = unsafe { sys::receive(fd, &into, 0) };
    let answer = Header::parse(&header).filter(|_| got >= HEADER as Raw);
    match answer {
        Some(Header { kind: wire::OPENED, extra, .. }) => {
            sys::set_key(fd, extra);
            process::has_a_file();
            return Said::Result(fd as Raw);
        }
        Some(Header { kind: wire::ATTACHED, extra, .. }) if attached >= 0 => {
            sys::set_key(attached, extra);
            process::has_a_file();
            // So that the new file has the lowest free number.
            let arguments = [attached as usize, fd as usize, close_on_exec as usize, 0, 0, 0];
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

/// A new connection to a socket of the supervisor.
fn connect((address, len): &(Address, usize), close_on_exec: c_int) -> Result<c_int, Raw> {
    let arguments = [sys::AF_UNIX as usize, (sys::SEQPACKET | close_on_exec) as usize, 0, 0, 0, 0];
    // SAFETY: no pointers.
    let socket = unsafe { sys::call(sys::SOCKET, arguments) };
    if socket < 0 {
        return Err(socket);
    }
    loop {
        let arguments = [socket as usize, &raw const *address as usize, *len, 0, 0, 0];
        // SAFETY: the kernel reads the address.
        match unsafe { sys::call(sys::CONNECT, arguments) } {
            0.. => return Ok(socket as c_int),
            sys::EINTR => {}
            sys::ECONNREFUSED | sys::ENOENT => process::gone(),
            // A program that gave up its rights may not get there any more, for instance.
            errno => {
                sys::close(socket as c_int);
                return Err(errno);
            }
        }
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
pub(crate) fn call(fd: c_int, mut request: Header, sent_along: u64) -> Outcome {
    let line = match Line::take() {
        Ok(line) => line,
        Err(errno) => return Outcome::Result(errno),
    };
    request.value = i64::from(sys::key(fd));
    let header = request.emit();
    let pieces = [Piece::of(&header), Piece::of_program(request.at, sent_along.min(DATA_MAX as u64))];
    let mut sent = sys::send(line.fd, &pieces);
    if sent == sys::EFAULT {
        // The supervisor decides what comes of memory that is not there.
        sent = sys::send(line.fd, &pieces[..1]);
    }
    if sent < 0 {
        process::gone();
    }
    let outcome = converse(line.fd, &request);
    line.give_back();
    outcome
}

fn converse(line: c_int, request: &Header) -> Outcome {
    // What is read has a place already: so the first message need not be looked at before it is received.
    let mut place = (request.kind == wire::READ).then_some((request.at, request.len));
    let mut has_faulted = false;
    loop {
        let (mut header, mut data) = ([0; HEADER], [0; STATUS_LEN]);
        let (at, len) = match place.take() {
            Some(place) => place,
            None => {
                // SAFETY: the header is this function's own.
                let (got, _) = unsafe { sys::receive(line, &[Piece::of_mut(&mut header)], sys::MSG_PEEK) };
                let Some(message) = Header::parse(&header).filter(|_| got == HEADER as Raw) else {
                    process::gone()
                };
                (message.at, if matches!(message.kind, wire::PUT | wire::DONE) { message.len } else { 0 })
            }
        };
        let is_status = Header::parse(&header).is_some_and(|header| header.kind == wire::STATUS);
        let into = if is_status { Piece::of_mut(&mut data) } else { Piece::of_program(at, len) };
        // SAFETY: the program asked for its memory to be written there.
        let (got, attached) = unsafe { sys::receive(line, &[Piece::of_mut(&mut header), into], 0) };
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
        sent = sys::send(line, &[Piece::of(&have), Piece::of_program(at, len)]);
    }
    if sent == sys::EFAULT {
        sent = sys::send(line, &[Piece::of(&fault)]);
    }
    if sent < 0 {
        process::gone();
    }
}

/// A connection that calls are made over.
struct Line {
    fd: c_int,
    /// Where it is kept for the next call; none, if all places were taken.
    place: Option<&'static Place>,
}

/// Where a connection is kept between two calls: making a new one takes longer than a call.
struct Place {
    /// The process that uses it now, or 0.
    taken_by: AtomicI32,
    /// The process that connected: a child has a copy of this, but must not take part in the conversation.
    process: AtomicI32,
    fd: AtomicI32,
}

/// As many calls at once can use a connection that is kept.
static PLACES: [Place; 32] =
    [const { Place { taken_by: AtomicI32::new(0), process: AtomicI32::new(0), fd: AtomicI32::new(-1) } }; 32];

/// Far from the numbers that programs expect for their files.
const LOWEST_NUMBER: usize = 500;

impl Line {
    /// A connection that nobody else uses now: a handler of a signal that calls in the middle of a call has its own.
    fn take() -> Result<Line, Raw> {
        // SAFETY: no pointers.
        let this = unsafe { sys::call(sys::GETPID, [0; 6]) } as i32;
        for place in &PLACES {
            // In a child, what a thread of its parent had taken is free: that thread is not in the child.
            let user = place.taken_by.load(Relaxed);
            if user == this || place.taken_by.compare_exchange(user, this, Acquire, Relaxed).is_err() {
                continue;
            }
            let fd = place.fd.load(Relaxed);
            // The program may have closed all that it does not know, and used the number anew.
            if place.process.load(Relaxed) == this && process::look(fd) == Some(File::Talk) {
                return Ok(Line { fd, place: Some(place) });
            }
            place.fd.store(-1, Relaxed);
            let fd = Line::connect().inspect_err(|_| place.taken_by.store(0, Release))?;
            for other in &PLACES {
                if other.fd.load(Relaxed) == fd {
                    other.fd.store(-1, Relaxed);
                }
            }
            place.process.store(this, Relaxed);
            place.fd.store(fd, Relaxed);
            return Ok(Line { fd, place: Some(place) });
        }
        Ok(Line { fd: Line::connect()?, place: None })
    }

    fn connect() -> Result<c_int, Raw> {
        const F_DUPFD_CLOEXEC: usize = 1030;
        let Some(address) = Address::of(wire::TALKS) else { process::gone() };
        let low = connect(&address, sys::O_CLOEXEC)?;
        // SAFETY: no pointers.
        let high = unsafe { sys::call(sys::FCNTL, [low as usize, F_DUPFD_CLOEXEC, LOWEST_NUMBER, 0, 0, 0]) };
        if high < 0 {
            // So many files this program may not have.
            return Ok(low);
        }
        sys::close(low);
        Ok(high as c_int)
    }

    fn give_back(self) {
        match self.place {
            Some(place) => place.taken_by.store(0, Release),
            None => sys::close(self.fd),
        }
    }
}
