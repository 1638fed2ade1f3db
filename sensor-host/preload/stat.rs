//! What a file is, and whether there is one.

use core::ffi::{c_char, c_int, c_uint, c_void};

use crate::path::Path;
use crate::process::{self, behind, returns};
use crate::sys::{self, AT_FDCWD, Raw};
use crate::talk::{self, Outcome, Said};
use crate::wire::{self, Header, Status};

pub(crate) const AT_SYMLINK_NOFOLLOW: c_int = 0x100;
const AT_EMPTY_PATH: c_int = 0x1000;

/// The offsets in a `struct stat` of what a device has of its own.
mod offset {
    pub(crate) const FILE_SYSTEM: usize = 0;
    pub(crate) const INODE: usize = 8;
    #[cfg(target_arch = "x86_64")]
    pub(crate) const MODE: usize = 24;
    #[cfg(target_arch = "x86_64")]
    pub(crate) const USER: usize = 28;
    #[cfg(target_arch = "x86_64")]
    pub(crate) const NUMBERS: usize = 40;
    #[cfg(target_arch = "aarch64")]
    pub(crate) const MODE: usize = 16;
    #[cfg(target_arch = "aarch64")]
    pub(crate) const USER: usize = 24;
    #[cfg(target_arch = "aarch64")]
    pub(crate) const NUMBERS: usize = 32;
    /// Three times, of which each has seconds and nanoseconds.
    pub(crate) const TIMES: usize = 72;
}

/// The offsets in a `struct statx` of what a device has of its own.
mod extended {
    pub(crate) const USER: usize = 20;
    pub(crate) const MODE: usize = 28;
    pub(crate) const INODE: usize = 32;
    /// Four times, of which each has seconds, nanoseconds and four bytes more.
    pub(crate) const TIMES: usize = 64;
    pub(crate) const NUMBERS: usize = 128;
    pub(crate) const FILE_SYSTEM: usize = 136;
}

/// What is virtual at a path, or in an open file.
///
/// # Safety
/// As of `fstatat`.
pub(crate) unsafe fn look(folder: c_int, path: *const c_char, flags: c_int) -> Said {
    // SAFETY: as the caller says; with AT_EMPTY_PATH a null path is an empty one.
    if flags & AT_EMPTY_PATH != 0 && (path.is_null() || unsafe { *path } == 0) {
        return look_at_file(folder);
    }
    let follows = flags & AT_SYMLINK_NOFOLLOW == 0;
    // SAFETY: as the caller says.
    let Some(path) = (unsafe { Path::asked_for(folder, path, follows) }) else { return Said::Native };
    talk::ask(wire::LOOK, u32::from(follows), &path, sys::O_CLOEXEC)
}

fn look_at_file(fd: c_int) -> Said {
    if process::file(fd).is_none() {
        return Said::Native;
    }
    match talk::call(fd, Header { kind: wire::FSTAT, ..Header::default() }, 0) {
        Outcome::Device(status) => Said::Device(status),
        Outcome::Result(result) => Said::Result(result),
    }
}

/// Fills a `struct stat`: as of /dev/null, but for what a device has of its own. The kernel writes it first, so a wrong
/// address is its EFAULT.
///
/// # Safety
/// `into` is the program's.
unsafe fn fill(status: Status, into: *mut c_void) -> Raw {
    // SAFETY: the path ends with a zero; `into` is the caller's.
    let filled = unsafe { kernel_says(AT_FDCWD, c"/dev/null".as_ptr(), into, 0) };
    if filled < 0 {
        return filled;
    }
    // SAFETY: the kernel wrote a whole structure there just now.
    unsafe {
        into.byte_add(offset::FILE_SYSTEM).cast::<u64>().write_unaligned(device(status.file_system));
        into.byte_add(offset::INODE).cast::<u64>().write_unaligned(status.inode);
        into.byte_add(offset::MODE).cast::<u32>().write_unaligned(status.mode);
        into.byte_add(offset::USER).cast::<[u32; 2]>().write_unaligned([status.user, status.group]);
        into.byte_add(offset::NUMBERS).cast::<u64>().write_unaligned(device(status.numbers));
        into.byte_add(offset::TIMES).cast::<[[i64; 2]; 3]>().write_unaligned([[status.seconds, 0]; 3]);
    }
    0
}

/// Fills a `struct statx` in the same way.
///
/// # Safety
/// `into` is the program's.
unsafe fn fill_extended(status: Status, mask: c_uint, into: *mut c_void) -> Raw {
    // SAFETY: the path ends with a zero; `into` is the caller's.
    let filled = unsafe { kernel_says_more(AT_FDCWD, c"/dev/null".as_ptr(), 0, mask, into) };
    if filled < 0 {
        return filled;
    }
    let pair = |(major, minor): (u32, u32)| [major, minor];
    // SAFETY: the kernel wrote a whole structure there just now.
    unsafe {
        into.byte_add(extended::USER).cast::<[u32; 2]>().write_unaligned([status.user, status.group]);
        into.byte_add(extended::MODE).cast::<u16>().write_unaligned(status.mode as u16);
        into.byte_add(extended::INODE).cast::<u64>().write_unaligned(status.inode);
        into.byte_add(extended::TIMES).cast::<[[i64; 2]; 4]>().write_unaligned([[status.seconds, 0]; 4]);
        into.byte_add(extended::NUMBERS).cast::<[u32; 2]>().write_unaligned(pair(status.numbers));
        into.byte_add(extended::FILE_SYSTEM).cast::<[u32; 2]>().write_unaligned(pair(status.file_system));
    }
    0
}

/// A device's numbers as one, as the C library's `makedev` does it.
const fn device((major, minor): (u32, u32)) -> u64 {
    let (major, minor) = (major as u64, minor as u64);
    (minor & 0xFF) | (major & 0xFFF) << 8 | (minor & !0xFF) << 12 | (major & !0xFFF) << 32
}

/// # Safety
/// As of the C library's `fstatat`.
unsafe fn kernel_says(folder: c_int, path: *const c_char, into: *mut c_void, flags: c_int) -> Raw {
    let arguments = [folder as usize, path as usize, into as usize, flags as usize, 0, 0];
    // SAFETY: as the caller says.
    unsafe { sys::call(sys::NEWFSTATAT, arguments) }
}

type Stat = unsafe extern "C" fn(*const c_char, *mut c_void) -> c_int;
type StatFd = unsafe extern "C" fn(c_int, *mut c_void) -> c_int;
type StatAt = unsafe extern "C" fn(c_int, *const c_char, *mut c_void, c_int) -> c_int;
type OldStat = unsafe extern "C" fn(c_int, *const c_char, *mut c_void) -> c_int;
type OldStatFd = unsafe extern "C" fn(c_int, c_int, *mut c_void) -> c_int;
type OldStatAt = unsafe extern "C" fn(c_int, c_int, *const c_char, *mut c_void, c_int) -> c_int;

/// A function of the family of `stat`: its arguments, which of them say what, and the C library's own.
macro_rules! stat_family {
    ($($name:ident $literal:literal ($($argument:ident: $type:ty),*): $next:ty,
        $folder:expr, $path:expr, $flags:expr, $into:expr;)*) => {$(
        /// # Safety
        /// As of the C library's function of this name.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($argument: $type),*) -> c_int {
            // SAFETY: the caller's own arguments.
            unsafe {
                match look($folder, $path, $flags) {
                    Said::Device(status) => returns(fill(status, $into)) as c_int,
                    Said::Instead(path) => {
                        returns(kernel_says(AT_FDCWD, path.as_ptr(), $into, $flags)) as c_int
                    }
                    Said::Result(errno) => returns(errno) as c_int,
                    Said::Native => match behind!($literal, $next) {
                        Some(behind) => behind($($argument),*),
                        None => returns(kernel_says($folder, $path, $into, $flags)) as c_int,
                    },
                }
            }
        }
    )*};
}

// Those with an x are what programs call that were built with a glibc before 2.33: Python wheels, for instance.
stat_family! {
    stat c"stat" (path: *const c_char, into: *mut c_void): Stat, AT_FDCWD, path, 0, into;
    stat64 c"stat64" (path: *const c_char, into: *mut c_void): Stat, AT_FDCWD, path, 0, into;
    lstat c"lstat" (path: *const c_char, into: *mut c_void): Stat, AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, into;
    lstat64 c"lstat64" (path: *const c_char, into: *mut c_void): Stat, AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, into;
    fstat c"fstat" (fd: c_int, into: *mut c_void): StatFd, fd, c"".as_ptr(), AT_EMPTY_PATH, into;
    fstat64 c"fstat64" (fd: c_int, into: *mut c_void): StatFd, fd, c"".as_ptr(), AT_EMPTY_PATH, into;
    fstatat c"fstatat" (folder: c_int, path: *const c_char, into: *mut c_void, flags: c_int): StatAt,
        folder, path, flags, into;
    fstatat64 c"fstatat64" (folder: c_int, path: *const c_char, into: *mut c_void, flags: c_int): StatAt,
        folder, path, flags, into;
    __xstat c"__xstat" (version: c_int, path: *const c_char, into: *mut c_void): OldStat, AT_FDCWD, path, 0, into;
    __xstat64 c"__xstat64" (version: c_int, path: *const c_char, into: *mut c_void): OldStat, AT_FDCWD, path, 0, into;
    __lxstat c"__lxstat" (version: c_int, path: *const c_char, into: *mut c_void): OldStat,
        AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, into;
    __lxstat64 c"__lxstat64" (version: c_int, path: *const c_char, into: *mut c_void): OldStat,
        AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, into;
    __fxstat c"__fxstat" (version: c_int, fd: c_int, into: *mut c_void): OldStatFd,
        fd, c"".as_ptr(), AT_EMPTY_PATH, into;
    __fxstat64 c"__fxstat64" (version: c_int, fd: c_int, into: *mut c_void): OldStatFd,
        fd, c"".as_ptr(), AT_EMPTY_PATH, into;
    __fxstatat c"__fxstatat" (version: c_int, folder: c_int, path: *const c_char, into: *mut c_void, flags: c_int):
        OldStatAt, folder, path, flags, into;
    __fxstatat64 c"__fxstatat64"
        (version: c_int, folder: c_int, path: *const c_char, into: *mut c_void, flags: c_int):
        OldStatAt, folder, path, flags, into;
}

/// # Safety
/// As of the C library's `statx`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn statx(
    folder: c_int,
    path: *const c_char,
    flags: c_int,
    mask: c_uint,
    into: *mut c_void,
) -> c_int {
    type Next = unsafe extern "C" fn(c_int, *const c_char, c_int, c_uint, *mut c_void) -> c_int;
    // SAFETY: the caller's own arguments.
    unsafe {
        match look(folder, path, flags) {
            Said::Device(status) => returns(fill_extended(status, mask, into)) as c_int,
            Said::Instead(path) => {
                returns(kernel_says_more(AT_FDCWD, path.as_ptr(), flags, mask, into)) as c_int
            }
            Said::Result(errno) => returns(errno) as c_int,
            Said::Native => match behind!(c"statx", Next) {
                Some(statx) => statx(folder, path, flags, mask, into),
                None => returns(kernel_says_more(folder, path, flags, mask, into)) as c_int,
            },
        }
    }
}

/// # Safety
/// As of the C library's `statx`.
unsafe fn kernel_says_more(
    folder: c_int,
    path: *const c_char,
    flags: c_int,
    mask: c_uint,
    into: *mut c_void,
) -> Raw {
    let arguments = [folder as usize, path as usize, flags as usize, mask as usize, into as usize, 0];
    // SAFETY: as the caller says.
    unsafe { sys::call(sys::STATX, arguments) }
}

/// Whether a program may use what is virtual at a path, or `None` for what is the kernel's. No device can be executed;
/// all else may be done.
///
/// # Safety
/// As of `faccessat`.
unsafe fn may(folder: c_int, path: *const c_char, how: c_int, flags: c_int) -> Option<Raw> {
    const X_OK: c_int = 1;
    // SAFETY: as the caller says.
    match unsafe { look(folder, path, flags) } {
        Said::Device(_) => Some(if how & X_OK != 0 { sys::EACCES } else { 0 }),
        // SAFETY: the path ends with a zero.
        Said::Instead(path) => Some(unsafe { kernel_allows(AT_FDCWD, path.as_ptr(), how) }),
        Said::Result(errno) => Some(errno),
        Said::Native => None,
    }
}

/// # Safety
/// As of `faccessat`.
unsafe fn kernel_allows(folder: c_int, path: *const c_char, how: c_int) -> Raw {
    // SAFETY: as the caller says.
    unsafe { sys::call(sys::FACCESSAT, [folder as usize, path as usize, how as usize, 0, 0, 0]) }
}

macro_rules! access_family {
    ($($name:ident $literal:literal;)*) => {$(
        /// # Safety
        /// As of the C library's function of this name.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(path: *const c_char, how: c_int) -> c_int {
            // SAFETY: the caller's own arguments.
            unsafe {
                match may(AT_FDCWD, path, how, 0) {
                    Some(result) => returns(result) as c_int,
                    None => match behind!($literal, unsafe extern "C" fn(*const c_char, c_int) -> c_int) {
                        Some(behind) => behind(path, how),
                        None => returns(kernel_allows(AT_FDCWD, path, how)) as c_int,
                    },
                }
            }
        }
    )*};
}

access_family! {
    access c"access";
    euidaccess c"euidaccess";
    eaccess c"eaccess";
}

/// # Safety
/// As of the C library's `faccessat`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn faccessat(folder: c_int, path: *const c_char, how: c_int, flags: c_int) -> c_int {
    type Next = unsafe extern "C" fn(c_int, *const c_char, c_int, c_int) -> c_int;
    // SAFETY: the caller's own arguments.
    unsafe {
        match may(folder, path, how, flags) {
            Some(result) => returns(result) as c_int,
            None => match behind!(c"faccessat", Next) {
                Some(behind) => behind(folder, path, how, flags),
                None => returns(kernel_allows(folder, path, how)) as c_int,
            },
        }
    }
}
