//! Where links lead.

use core::ffi::{c_char, c_int};

use crate::path::Path;
use crate::process::{self, behind, returns};
use crate::stat::{AT_SYMLINK_NOFOLLOW, look};
use crate::sys::{self, AT_FDCWD, Raw};
use crate::talk::{self, Said, Text};
use crate::wire;

/// # Safety
/// As of `readlinkat`.
unsafe fn kernel_reads(folder: c_int, path: *const c_char, to: *mut c_char, len: usize) -> Raw {
    let arguments = [folder as usize, path as usize, to as usize, len, 0, 0];
    // SAFETY: as the caller says.
    unsafe { sys::call(sys::READLINKAT, arguments) }
}

/// A link as it is read, or `None` for what is the kernel's.
///
/// # Safety
/// As of `readlinkat`.
unsafe fn read(folder: c_int, path: *const c_char, to: *mut c_char, len: usize) -> Option<Raw> {
    // SAFETY: as the caller says; the other path ends with a zero.
    unsafe {
        match look(folder, path, AT_SYMLINK_NOFOLLOW) {
            Said::Native => None,
            Said::Instead(path) => Some(kernel_reads(AT_FDCWD, path.as_ptr(), to, len)),
            Said::Device(_) => Some(sys::EINVAL),
            Said::Result(errno) => Some(errno),
        }
    }
}

/// # Safety
/// As of the C library's `readlink`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn readlink(path: *const c_char, to: *mut c_char, len: usize) -> isize {
    type Next = unsafe extern "C" fn(*const c_char, *mut c_char, usize) -> isize;
    // SAFETY: the caller's own arguments.
    unsafe {
        match read(AT_FDCWD, path, to, len) {
            Some(result) => returns(result),
            None => match behind!(c"readlink", Next) {
                Some(readlink) => readlink(path, to, len),
                None => returns(kernel_reads(AT_FDCWD, path, to, len)),
            },
        }
    }
}

/// # Safety
/// As of the C library's `readlinkat`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn readlinkat(
    folder: c_int,
    path: *const c_char,
    to: *mut c_char,
    len: usize,
) -> isize {
    type Next = unsafe extern "C" fn(c_int, *const c_char, *mut c_char, usize) -> isize;
    // SAFETY: the caller's own arguments.
    unsafe {
        match read(folder, path, to, len) {
            Some(result) => returns(result),
            None => match behind!(c"readlinkat", Next) {
                Some(readlinkat) => readlinkat(folder, path, to, len),
                None => returns(kernel_reads(folder, path, to, len)),
            },
        }
    }
}

/// # Safety
/// As of the C library's `__readlink_chk`, which is `readlink` with the size of the buffer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __readlink_chk(
    path: *const c_char,
    to: *mut c_char,
    len: usize,
    size: usize,
) -> isize {
    process::refuse_overflow(len, size);
    // SAFETY: the caller's own arguments.
    unsafe { readlink(path, to, len) }
}

/// # Safety
/// As of the C library's `__readlinkat_chk`, which is `readlinkat` with the size of the buffer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __readlinkat_chk(
    folder: c_int,
    path: *const c_char,
    to: *mut c_char,
    len: usize,
    size: usize,
) -> isize {
    process::refuse_overflow(len, size);
    // SAFETY: the caller's own arguments.
    unsafe { readlinkat(folder, path, to, len) }
}

unsafe extern "C" {
    fn strdup(text: *const c_char) -> *mut c_char;
    fn strcpy(to: *mut c_char, text: *const c_char) -> *mut c_char;
}

/// The path without links that a program knows a device by, or a file that it was told to use instead.
///
/// # Safety
/// As of `readlink`.
unsafe fn known_as(path: *const c_char) -> Option<Text> {
    // SAFETY: as the caller says.
    let path = unsafe { Path::asked_for(AT_FDCWD, path, true) }?;
    match talk::ask(wire::NAME, 0, &path, sys::O_CLOEXEC) {
        Said::Instead(text) => Some(text),
        _ => None,
    }
}

/// # Safety
/// As of the C library's `realpath`: `to` is null, or has room for any path.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn realpath(path: *const c_char, to: *mut c_char) -> *mut c_char {
    type Next = unsafe extern "C" fn(*const c_char, *mut c_char) -> *mut c_char;
    let refused = |errno| {
        returns(errno);
        core::ptr::null_mut()
    };
    let Some(behind) = behind!(c"realpath", Next) else { return refused(sys::ENOSYS) };
    // SAFETY: the caller's own arguments; other paths end with a zero. What a file is known by is shorter than the path
    // of the file that stands in for it, which has the former behind the name of a directory.
    unsafe {
        match look(AT_FDCWD, path, 0) {
            Said::Native => behind(path, to),
            Said::Result(errno) => refused(errno),
            Said::Device(_) => match known_as(path) {
                Some(name) if to.is_null() => strdup(name.as_ptr()),
                Some(name) => strcpy(to, name.as_ptr()),
                None => refused(sys::ENOENT),
            },
            Said::Instead(path) => {
                let resolved = behind(path.as_ptr(), to);
                // Null is known as nothing.
                if let Some(name) = known_as(resolved) {
                    strcpy(resolved, name.as_ptr());
                }
                resolved
            }
        }
    }
}

/// # Safety
/// As of the C library's `__realpath_chk`, which is `realpath` with the size of the buffer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __realpath_chk(path: *const c_char, to: *mut c_char, size: usize) -> *mut c_char {
    /// As the C library does: a smaller one might be too small for some path.
    const PATH_MAX: usize = 4096;
    process::refuse_overflow(PATH_MAX, size);
    // SAFETY: the caller's own arguments.
    unsafe { realpath(path, to) }
}

/// # Safety
/// As of the C library's `canonicalize_file_name`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn canonicalize_file_name(path: *const c_char) -> *mut c_char {
    // SAFETY: the caller's own argument.
    unsafe { realpath(path, core::ptr::null_mut()) }
}
