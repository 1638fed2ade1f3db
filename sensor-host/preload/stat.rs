//! What a file is, and whether there is one.

use core::ffi::{c_char, c_int, c_uint, c_void};

use crate::path::Path;
use crate::process::{self, behind, returns};
use crate::sys::{self, AT_FDCWD, Raw};
use crate::talk::{self, Said};
use crate::wire::{self, Header};

const AT_SYMLINK_NOFOLLOW: c_int = 0x100;
const AT_EMPTY_PATH: c_int = 0x1000;

/// A `struct stat` as far as it is changed here: the offsets of its fields.
#[cfg(target_arch = "x86_64")]
mod offset {
    pub(crate) const INODE: usize = 8;
    pub(crate) const LINKS: usize = 16;
    pub(crate) const MODE: usize = 24;
    pub(crate) const DEVICE: usize = 40;
    pub(crate) const SIZE: usize = 48;
}

/// A `struct stat` as far as it is changed here: the offsets of its fields.
#[cfg(target_arch = "aarch64")]
mod offset {
    pub(crate) const INODE: usize = 8;
    pub(crate) const MODE: usize = 16;
    pub(crate) const LINKS: usize = 20;
    pub(crate) const DEVICE: usize = 32;
    pub(crate) const SIZE: usize = 48;
}

/// What is virtual at a path, or `None` for what is the kernel's.
///
/// # Safety
/// As of `fstatat`.
unsafe fn status(folder: c_int, path: *const c_char, flags: c_int) -> Option<Result<Header, Raw>> {
    // SAFETY: as the caller says; with AT_EMPTY_PATH a null path is an empty one.
    if flags & AT_EMPTY_PATH != 0 && (path.is_null() || unsafe { *path } == 0) {
        return status_of_file(folder);
    }
    // SAFETY: as the caller says.
    let path = unsafe { Path::asked_for(folder, path) }?;
    let follow = u32::from(flags & AT_SYMLINK_NOFOLLOW == 0);
    match talk::ask(wire::STAT, follow, &path, sys::O_CLOEXEC) {
        Said::Status(status) => Some(Ok(status)),
        Said::Result(result) => Some(Err(result)),
        _ => None,
    }
}

fn status_of_file(fd: c_int) -> Option<Result<Header, Raw>> {
    process::file(fd)?;
    Some(talk::call(fd, Header { kind: wire::FSTAT, ..Header::default() }, 0))
}

/// Fills a `struct stat`: as of /dev/null, but for what the supervisor says. The kernel writes it first, so a wrong
/// address is its EFAULT.
///
/// # Safety
/// `into` is the program's.
unsafe fn fill(said: Result<Header, Raw>, into: *mut c_void) -> Raw {
    let said = match said {
        Ok(said) => said,
        Err(errno) => return errno,
    };
    let arguments = [AT_FDCWD as usize, c"/dev/null".as_ptr() as usize, into as usize, 0, 0, 0];
    // SAFETY: the path ends with a zero, the kernel checks the other.
    let filled = unsafe { sys::call(sys::NEWFSTATAT, arguments) };
    if filled < 0 {
        return filled;
    }
    let (major, minor) = ((said.at >> 32) as u32, said.at as u32);
    // SAFETY: the kernel wrote a whole structure there just now.
    unsafe {
        into.byte_add(offset::MODE).cast::<u32>().write_unaligned(said.value as u32);
        into.byte_add(offset::DEVICE).cast::<u64>().write_unaligned(device(major, minor));
        into.byte_add(offset::INODE).cast::<u64>().write_unaligned(u64::from(said.extra));
        into.byte_add(offset::LINKS).cast::<u32>().write_unaligned(1);
        into.byte_add(offset::SIZE).cast::<u64>().write_unaligned(said.len);
    }
    0
}

/// A device's numbers as one, as the C library's `makedev` does it.
const fn device(major: u32, minor: u32) -> u64 {
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
                match status($folder, $path, $flags) {
                    Some(said) => returns(fill(said, $into)) as c_int,
                    None => match behind!($literal, $next) {
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
    const LINKS: usize = 16;
    const MODE: usize = 28;
    const INODE: usize = 32;
    const SIZE: usize = 40;
    const DEVICE_MAJOR: usize = 128;
    const DEVICE_MINOR: usize = 132;
    // SAFETY: the caller's own arguments.
    let said = match unsafe { status(folder, path, flags) } {
        Some(Ok(said)) => said,
        Some(Err(errno)) => return returns(errno) as c_int,
        None => {
            let arguments =
                [folder as usize, path as usize, flags as usize, mask as usize, into as usize, 0];
            // SAFETY: the caller's own arguments.
            return returns(unsafe { sys::call(sys::STATX, arguments) }) as c_int;
        }
    };
    let null = c"/dev/null".as_ptr() as usize;
    // SAFETY: the path ends with a zero, the kernel checks the other.
    let filled = unsafe { sys::call(sys::STATX, [AT_FDCWD as usize, null, 0, mask as usize, into as usize, 0]) };
    if filled < 0 {
        return returns(filled) as c_int;
    }
    // SAFETY: the kernel wrote a whole structure there just now.
    unsafe {
        into.byte_add(LINKS).cast::<u32>().write_unaligned(1);
        into.byte_add(MODE).cast::<u16>().write_unaligned(said.value as u16);
        into.byte_add(INODE).cast::<u64>().write_unaligned(u64::from(said.extra));
        into.byte_add(SIZE).cast::<u64>().write_unaligned(said.len);
        into.byte_add(DEVICE_MAJOR).cast::<u32>().write_unaligned((said.at >> 32) as u32);
        into.byte_add(DEVICE_MINOR).cast::<u32>().write_unaligned(said.at as u32);
    }
    0
}

/// Whether a program may use what is virtual at a path, or `None` for what is the kernel's. Nothing virtual can be
/// executed; all else may be done.
///
/// # Safety
/// As of `faccessat`.
unsafe fn may(folder: c_int, path: *const c_char, how: c_int, flags: c_int) -> Option<Raw> {
    const X_OK: c_int = 1;
    const S_IFMT: i64 = 0o170000;
    const S_IFDIR: i64 = 0o040000;
    // SAFETY: as the caller says.
    let said = unsafe { status(folder, path, flags) }?;
    Some(match said {
        Ok(said) if how & X_OK != 0 && said.value & S_IFMT != S_IFDIR => sys::EACCES,
        Ok(_) => 0,
        Err(errno) => errno,
    })
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
                        None => {
                            let arguments = [AT_FDCWD as usize, path as usize, how as usize, 0, 0, 0];
                            returns(sys::call(sys::FACCESSAT, arguments)) as c_int
                        }
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
                None => {
                    let arguments = [folder as usize, path as usize, how as usize, 0, 0, 0];
                    returns(sys::call(sys::FACCESSAT, arguments)) as c_int
                }
            },
        }
    }
}
