//! Connections to the supervisor.

use core::ffi::c_int;
use core::sync::atomic::{
    AtomicI32,
    Ordering::{Acquire, Relaxed, Release},
};

use crate::process::{self, Address, File};
use crate::sys::{self, Raw};
use crate::wire;

/// A new connection to a socket of the supervisor.
pub(crate) fn connect((address, len): &(Address, usize), close_on_exec: c_int) -> Result<c_int, Raw> {
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
            sys::ENOENT if process::has_another_root() => {
                sys::close(socket as c_int);
                return Err(sys::ENOENT);
            }
            sys::ECONNREFUSED | sys::ENOENT => process::gone(),
            // A program that gave up its rights may not get there any more, for instance.
            errno => {
                sys::close(socket as c_int);
                return Err(errno);
            }
        }
    }
}

/// A connection that calls are made over.
pub(crate) struct Line {
    pub(crate) fd: c_int,
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
    pub(crate) fn take() -> Result<Line, Raw> {
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

    /// Uses it no more: nobody answers there.
    pub(crate) fn give_up(self) {
        // The number may be another file's by now.
        if process::look(self.fd) == Some(File::Talk) {
            sys::close(self.fd);
        }
        if let Some(place) = self.place {
            place.fd.store(-1, Relaxed);
            place.taken_by.store(0, Release);
        }
    }

    pub(crate) fn give_back(self) {
        match self.place {
            Some(place) => place.taken_by.store(0, Release),
            None => sys::close(self.fd),
        }
    }
}
