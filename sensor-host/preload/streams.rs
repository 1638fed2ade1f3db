//! Streams of the C library (`FILE`), which read and write by calls that no library can stand in for: so a stream on a
//! device is one whose functions are this library's.

use core::ffi::{c_char, c_int, c_void};
use core::sync::atomic::{
    AtomicI32, AtomicUsize,
    Ordering::{Acquire, Relaxed, Release},
};

use crate::data;
use crate::process::{self, behind, returns};
use crate::stat::look;
use crate::sys::{self, AT_FDCWD, O_CLOEXEC, Raw};
use crate::talk::Said;

type Stream = *mut c_void;

#[repr(C)]
struct Functions {
    read: unsafe extern "C" fn(*mut c_void, *mut c_void, usize) -> isize,
    write: unsafe extern "C" fn(*mut c_void, *const c_void, usize) -> isize,
    seek: Option<unsafe extern "C" fn()>,
    close: unsafe extern "C" fn(*mut c_void) -> c_int,
}

unsafe extern "C" fn reads(cookie: *mut c_void, to: *mut c_void, len: usize) -> isize {
    // SAFETY: the buffer is the C library's.
    unsafe { data::read(cookie.addr() as c_int, to, len) }
}

unsafe extern "C" fn writes(cookie: *mut c_void, from: *const c_void, len: usize) -> isize {
    // SAFETY: the buffer is the C library's. It takes 0, not -1, for an error.
    unsafe { data::write(cookie.addr() as c_int, from, len).max(0) }
}

unsafe extern "C" fn closes(cookie: *mut c_void) -> c_int {
    let fd = cookie.addr() as c_int;
    for known in &KNOWN {
        if known.fd.load(Relaxed) == fd {
            known.stream.store(0, Release);
        }
    }
    sys::close(fd);
    0
}

/// Streams on devices, and their numbers: `fileno` does not know them, but programs want ioctls on them.
static KNOWN: [Known; 16] = [const { Known { stream: AtomicUsize::new(0), fd: AtomicI32::new(-1) } }; 16];

struct Known {
    stream: AtomicUsize,
    fd: AtomicI32,
}

/// Being entered.
const TAKEN: usize = usize::MAX;

/// A stream on a device that was opened. Closes it if there can be none.
fn stream(fd: c_int, mode: *const c_char) -> Stream {
    type Make = unsafe extern "C" fn(*mut c_void, *const c_char, Functions) -> Stream;
    let known = KNOWN.iter().find(|known| known.stream.compare_exchange(0, TAKEN, Acquire, Relaxed).is_ok());
    let (Some(known), Some(make)) = (known, behind!(c"fopencookie", Make)) else {
        sys::close(fd);
        return refused(sys::EMFILE);
    };
    let functions = Functions { read: reads, write: writes, seek: None, close: closes };
    let cookie = core::ptr::without_provenance_mut(fd as usize);
    // SAFETY: the functions live for ever; the mode is the caller's.
    let stream = unsafe { make(cookie, mode, functions) };
    if stream.is_null() {
        known.stream.store(0, Release);
        sys::close(fd);
    } else {
        known.fd.store(fd, Relaxed);
        known.stream.store(stream.addr(), Release);
    }
    stream
}

fn refused(errno: Raw) -> Stream {
    returns(errno);
    core::ptr::null_mut()
}

/// The flags of `open` that a mode such as `r+` stands for.
///
/// # Safety
/// The mode is a string.
unsafe fn flags(mode: *const c_char) -> c_int {
    // SAFETY: as the caller says.
    let mode = unsafe { core::ffi::CStr::from_ptr(mode) }.to_bytes();
    let mode = mode.split(|&byte| byte == b',').next().unwrap_or_default();
    let access = match mode.first() {
        _ if mode.contains(&b'+') => 2,
        Some(b'r') => 0,
        _ => 1,
    };
    access | if mode.contains(&b'e') { O_CLOEXEC } else { 0 }
}

macro_rules! opening {
    ($($name:ident $literal:literal;)*) => {$(
        /// # Safety
        /// As of the C library's function of this name.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(path: *const c_char, mode: *const c_char) -> Stream {
            type Next = unsafe extern "C" fn(*const c_char, *const c_char) -> Stream;
            let Some(behind) = behind!($literal, Next) else { return refused(sys::ENOSYS) };
            // SAFETY: the caller's own arguments; the other path ends with a zero.
            unsafe {
                match look(AT_FDCWD, path, 0) {
                    Said::Native => behind(path, mode),
                    Said::Instead(path) => behind(path.as_ptr(), mode),
                    Said::Result(errno) => refused(errno),
                    Said::Device(_) => match crate::open::opens(AT_FDCWD, path, flags(mode), 0) {
                        Some(fd @ 0..) => stream(fd as c_int, mode),
                        Some(errno) => refused(errno),
                        None => refused(sys::ENOENT),
                    },
                }
            }
        }
    )*};
}

opening! {
    fopen c"fopen";
    fopen64 c"fopen64";
}

macro_rules! number {
    ($($name:ident $literal:literal;)*) => {$(
        /// # Safety
        /// As of the C library's function of this name.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(stream: Stream) -> c_int {
            if process::may_have_files() {
                let is_this = |known: &&Known| known.stream.load(Acquire) == stream.addr();
                if let Some(known) = KNOWN.iter().find(is_this) {
                    return known.fd.load(Relaxed);
                }
            }
            match behind!($literal, unsafe extern "C" fn(Stream) -> c_int) {
                // SAFETY: the caller's own argument.
                Some(behind) => unsafe { behind(stream) },
                None => returns(sys::ENOSYS) as c_int,
            }
        }
    )*};
}

number! {
    fileno c"fileno";
    fileno_unlocked c"fileno_unlocked";
}
