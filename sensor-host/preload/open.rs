//! Opening files.

use core::ffi::{c_char, c_int, c_uint, c_void};

use crate::path::Path;
use crate::process::{self, behind, returns};
use crate::sys::{self, AT_FDCWD, O_CLOEXEC, O_NOFOLLOW, Raw};
use crate::talk::{self, Said};
use crate::wire;

const O_CREAT: c_int = 0o100;
const O_EXCL: c_int = 0o200;
const O_WRONLY: c_int = 1;
const O_TRUNC: c_int = 0o1000;

/// Opens what is virtual, or what stands in for it; `None` for what is the kernel's.
///
/// # Safety
/// As of `openat`.
pub(crate) unsafe fn opens(folder: c_int, path: *const c_char, flags: c_int, mode: c_uint) -> Option<Raw> {
    const CREATE_NEW: c_int = O_CREAT | O_EXCL;
    let follows = flags & O_NOFOLLOW == 0 && flags & CREATE_NEW != CREATE_NEW;
    // SAFETY: as the caller says.
    let path = unsafe { Path::asked_for(folder, path, follows) }?;
    match talk::ask(wire::OPEN, flags as u32, &path, flags & O_CLOEXEC) {
        Said::Result(result) => Some(result),
        // SAFETY: the path ends with a zero.
        Said::Instead(path) => Some(unsafe { kernel_opens(AT_FDCWD, path.as_ptr(), flags, mode) }),
        Said::Device(_) | Said::Native => None,
    }
}

type Open = unsafe extern "C" fn(*const c_char, c_int, c_uint) -> c_int;
type OpenAt = unsafe extern "C" fn(c_int, *const c_char, c_int, c_uint) -> c_int;

macro_rules! opening {
    ($($name:ident $literal:literal;)*) => {$(
        /// The mode is one of many arguments in C, and comes in the same register here.
        ///
        /// # Safety
        /// As of the C library's function of this name.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
            // SAFETY: the caller's own arguments.
            unsafe {
                match opens(AT_FDCWD, path, flags, mode) {
                    Some(result) => returns(result) as c_int,
                    None => match behind!($literal, Open) {
                        Some(behind) => behind(path, flags, mode),
                        None => returns(kernel_opens(AT_FDCWD, path, flags, mode)) as c_int,
                    },
                }
            }
        }
    )*};
}

macro_rules! opening_at {
    ($($name:ident $literal:literal;)*) => {$(
        /// The mode is one of many arguments in C, and comes in the same register here.
        ///
        /// # Safety
        /// As of the C library's function of this name.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(
            folder: c_int, path: *const c_char, flags: c_int, mode: c_uint,
        ) -> c_int {
            // SAFETY: the caller's own arguments.
            unsafe {
                match opens(folder, path, flags, mode) {
                    Some(result) => returns(result) as c_int,
                    None => match behind!($literal, OpenAt) {
                        Some(behind) => behind(folder, path, flags, mode),
                        None => returns(kernel_opens(folder, path, flags, mode)) as c_int,
                    },
                }
            }
        }
    )*};
}

// Those with a 2 are what a program that is built with _FORTIFY_SOURCE calls when it gives no mode.
opening! {
    open c"open";
    open64 c"open64";
    __open_2 c"__open_2";
    __open64_2 c"__open64_2";
}

opening_at! {
    openat c"openat";
    openat64 c"openat64";
    __openat_2 c"__openat_2";
    __openat64_2 c"__openat64_2";
}

/// # Safety
/// As of the C library's `creat`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creat(path: *const c_char, mode: c_uint) -> c_int {
    // SAFETY: the caller's own arguments.
    unsafe { open(path, O_CREAT | O_WRONLY | O_TRUNC, mode) }
}

/// # Safety
/// As of the C library's `creat64`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creat64(path: *const c_char, mode: c_uint) -> c_int {
    // SAFETY: the caller's own arguments.
    unsafe { open64(path, O_CREAT | O_WRONLY | O_TRUNC, mode) }
}

/// # Safety
/// As of `openat`.
unsafe fn kernel_opens(folder: c_int, path: *const c_char, flags: c_int, mode: c_uint) -> Raw {
    let arguments = [folder as usize, path as usize, flags as usize, mode as usize, 0, 0];
    // SAFETY: as the caller says.
    unsafe { sys::call(sys::OPENAT, arguments) }
}

/// A file may also come from another process, over a socket.
///
/// # Safety
/// As of the C library's `recvmsg`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn recvmsg(socket: c_int, message: *mut c_void, flags: c_int) -> isize {
    type Next = unsafe extern "C" fn(c_int, *mut c_void, c_int) -> isize;
    // SAFETY: the caller's own arguments.
    let got = unsafe {
        match behind!(c"recvmsg", Next) {
            Some(recvmsg) => recvmsg(socket, message, flags),
            None => {
                returns(sys::call(sys::RECVMSG, [socket as usize, message as usize, flags as usize, 0, 0, 0]))
            }
        }
    };
    // SAFETY: it was there to be received into.
    if got >= 0 && unsafe { sys::has_control(message) } {
        process::has_a_file();
    }
    got
}
