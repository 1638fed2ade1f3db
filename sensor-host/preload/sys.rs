//! System calls, as the kernel has them: the C library's own functions are what this library stands in for.

use core::arch::asm;
use core::ffi::{c_int, c_uint, c_void};

#[cfg(target_arch = "x86_64")]
mod number {
    pub(crate) const READ: usize = 0;
    pub(crate) const WRITE: usize = 1;
    pub(crate) const CLOSE: usize = 3;
    pub(crate) const RT_SIGPROCMASK: usize = 14;
    pub(crate) const IOCTL: usize = 16;
    pub(crate) const PREAD64: usize = 17;
    pub(crate) const PWRITE64: usize = 18;
    pub(crate) const READV: usize = 19;
    pub(crate) const WRITEV: usize = 20;
    pub(crate) const GETPID: usize = 39;
    pub(crate) const SOCKET: usize = 41;
    pub(crate) const CONNECT: usize = 42;
    pub(crate) const RECVFROM: usize = 45;
    pub(crate) const SENDMSG: usize = 46;
    pub(crate) const RECVMSG: usize = 47;
    pub(crate) const GETPEERNAME: usize = 52;
    pub(crate) const SETSOCKOPT: usize = 54;
    pub(crate) const GETSOCKOPT: usize = 55;
    pub(crate) const KILL: usize = 62;
    pub(crate) const FCNTL: usize = 72;
    pub(crate) const GETCWD: usize = 79;
    pub(crate) const CHDIR: usize = 80;
    pub(crate) const FCHDIR: usize = 81;
    pub(crate) const GETDENTS64: usize = 217;
    pub(crate) const EPOLL_CTL: usize = 233;
    pub(crate) const OPENAT: usize = 257;
    pub(crate) const NEWFSTATAT: usize = 262;
    pub(crate) const READLINKAT: usize = 267;
    pub(crate) const FACCESSAT: usize = 269;
    pub(crate) const DUP3: usize = 292;
    pub(crate) const STATX: usize = 332;
}

#[cfg(target_arch = "aarch64")]
mod number {
    pub(crate) const GETCWD: usize = 17;
    pub(crate) const EPOLL_CTL: usize = 21;
    pub(crate) const DUP3: usize = 24;
    pub(crate) const FCNTL: usize = 25;
    pub(crate) const IOCTL: usize = 29;
    pub(crate) const FACCESSAT: usize = 48;
    pub(crate) const CHDIR: usize = 49;
    pub(crate) const FCHDIR: usize = 50;
    pub(crate) const OPENAT: usize = 56;
    pub(crate) const CLOSE: usize = 57;
    pub(crate) const GETDENTS64: usize = 61;
    pub(crate) const READ: usize = 63;
    pub(crate) const WRITE: usize = 64;
    pub(crate) const READV: usize = 65;
    pub(crate) const WRITEV: usize = 66;
    pub(crate) const PREAD64: usize = 67;
    pub(crate) const PWRITE64: usize = 68;
    pub(crate) const READLINKAT: usize = 78;
    pub(crate) const NEWFSTATAT: usize = 79;
    pub(crate) const KILL: usize = 129;
    pub(crate) const RT_SIGPROCMASK: usize = 135;
    pub(crate) const GETPID: usize = 172;
    pub(crate) const SOCKET: usize = 198;
    pub(crate) const CONNECT: usize = 203;
    pub(crate) const GETPEERNAME: usize = 205;
    pub(crate) const RECVFROM: usize = 207;
    pub(crate) const SETSOCKOPT: usize = 208;
    pub(crate) const GETSOCKOPT: usize = 209;
    pub(crate) const SENDMSG: usize = 211;
    pub(crate) const RECVMSG: usize = 212;
    pub(crate) const STATX: usize = 291;
}

pub(crate) use number::*;

/// A result as the kernel gives it: negative is an errno.
pub(crate) type Raw = isize;

pub(crate) const AT_FDCWD: c_int = -100;
pub(crate) const O_CLOEXEC: c_int = 0o2000000;
pub(crate) const O_DIRECTORY: c_int = if cfg!(target_arch = "x86_64") { 0o200000 } else { 0o40000 };
pub(crate) const O_NOFOLLOW: c_int = if cfg!(target_arch = "x86_64") { 0o400000 } else { 0o100000 };
pub(crate) const O_NONBLOCK: c_int = 0o4000;
pub(crate) const F_GETFD: c_int = 1;
pub(crate) const F_GETFL: c_int = 3;
pub(crate) const EPERM: Raw = -1;
pub(crate) const EINTR: Raw = -4;
pub(crate) const EBADF: Raw = -9;
pub(crate) const ENOENT: Raw = -2;
pub(crate) const EACCES: Raw = -13;
pub(crate) const EFAULT: Raw = -14;
pub(crate) const ENOTDIR: Raw = -20;
pub(crate) const EINVAL: Raw = -22;
pub(crate) const ENFILE: Raw = -23;
pub(crate) const EMFILE: Raw = -24;
pub(crate) const EPIPE: Raw = -32;
pub(crate) const ENOSYS: Raw = -38;
pub(crate) const ENOTSOCK: Raw = -88;
pub(crate) const ECONNRESET: Raw = -104;
pub(crate) const ECONNREFUSED: Raw = -111;
pub(crate) const EOPNOTSUPP: Raw = -95;
pub(crate) const AF_UNIX: c_int = 1;
pub(crate) const SEQPACKET: c_int = 5;

/// Any system call.
///
/// # Safety
/// As the call's: the kernel checks pointers that it is given, but what it writes must not be borrowed.
#[cfg(target_arch = "x86_64")]
pub(crate) unsafe fn call(number: usize, [a, b, c, d, e, f]: [usize; 6]) -> Raw {
    let result;
    // SAFETY: the kernel's convention on this processor; the caller answers for what the call does.
    unsafe {
        asm!("syscall", inlateout("rax") number => result, in("rdi") a, in("rsi") b, in("rdx") c, in("r10") d,
            in("r8") e, in("r9") f, lateout("rcx") _, lateout("r11") _, options(nostack));
    }
    result
}

/// Any system call.
///
/// # Safety
/// As the call's: the kernel checks pointers that it is given, but what it writes must not be borrowed.
#[cfg(target_arch = "aarch64")]
pub(crate) unsafe fn call(number: usize, [a, b, c, d, e, f]: [usize; 6]) -> Raw {
    let result;
    // SAFETY: the kernel's convention on this processor; the caller answers for what the call does.
    unsafe {
        asm!("svc 0", in("x8") number, inlateout("x0") a => result, in("x1") b, in("x2") c, in("x3") d, in("x4") e,
            in("x5") f, options(nostack));
    }
    result
}

/// A piece of memory, as `readv` and `sendmsg` have it. The kernel checks it.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct Piece {
    pub(crate) at: *mut c_void,
    pub(crate) len: usize,
}

impl Piece {
    /// A part of the program's memory, whatever is there.
    pub(crate) const fn of_program(at: u64, len: u64) -> Piece {
        Piece { at: core::ptr::without_provenance_mut(at as usize), len: len as usize }
    }

    pub(crate) const fn of(bytes: &[u8]) -> Piece {
        Piece { at: bytes.as_ptr().cast_mut().cast(), len: bytes.len() }
    }

    pub(crate) const fn of_mut(bytes: &mut [u8]) -> Piece {
        Piece { at: bytes.as_mut_ptr().cast(), len: bytes.len() }
    }
}

#[repr(C)]
struct MessageHeader {
    name: *mut c_void,
    name_len: c_uint,
    pieces: *const Piece,
    piece_count: usize,
    control: *mut c_void,
    control_len: usize,
    flags: c_uint,
}

/// The control message that carries one file: `cmsghdr`, the number, and what aligns it.
#[repr(C)]
struct Rights {
    len: usize,
    level: c_int,
    kind: c_int,
    fd: c_int,
    padding: c_int,
}

const SOL_SOCKET: c_int = 1;
const SCM_RIGHTS: c_int = 1;
const MSG_NOSIGNAL: usize = 0x4000;
const MSG_CMSG_CLOEXEC: usize = 0x4000_0000;
/// Leaves the message where it is.
pub(crate) const MSG_PEEK: usize = 2;

/// Sends a message of some pieces. Waits, and is not interrupted.
pub(crate) fn send(fd: c_int, pieces: &[Piece]) -> Raw {
    let message = MessageHeader {
        name: core::ptr::null_mut(),
        name_len: 0,
        pieces: pieces.as_ptr(),
        piece_count: pieces.len(),
        control: core::ptr::null_mut(),
        control_len: 0,
        flags: 0,
    };
    loop {
        // SAFETY: the message and what it points to live as long as the call, which only reads; pieces of the
        // program's memory are checked by the kernel.
        let sent =
            unsafe { call(SENDMSG, [fd as usize, &raw const message as usize, MSG_NOSIGNAL, 0, 0, 0]) };
        if sent != EINTR {
            return sent;
        }
    }
}

/// Receives a message into some pieces, and a file with it (`-1` if there was none). Is not interrupted.
///
/// # Safety
/// What the pieces point to must not be borrowed elsewhere, unless it is the program's, which the kernel checks.
pub(crate) unsafe fn receive(fd: c_int, pieces: &[Piece], flags: usize) -> (Raw, c_int) {
    let mut rights = Rights { len: 0, level: 0, kind: 0, fd: -1, padding: 0 };
    let mut message = MessageHeader {
        name: core::ptr::null_mut(),
        name_len: 0,
        pieces: pieces.as_ptr(),
        piece_count: pieces.len(),
        control: (&raw mut rights).cast(),
        // A look leaves the file in the message: it would be given once more.
        control_len: if flags & MSG_PEEK == 0 { size_of::<Rights>() } else { 0 },
        flags: 0,
    };
    loop {
        // SAFETY: the message and its control buffer live as long as the call; for the pieces the caller answers.
        let got = unsafe {
            call(RECVMSG, [fd as usize, &raw mut message as usize, flags | MSG_CMSG_CLOEXEC, 0, 0, 0])
        };
        // Told once, of an end that has not read all: what it said before it hung up comes behind this.
        if got != EINTR && got != ECONNRESET {
            let has_file = got >= 0 && message.control_len >= 20 && rights.kind == SCM_RIGHTS;
            return (got, if has_file { rights.fd } else { -1 });
        }
    }
}

/// Whether there came more with a message than bytes.
///
/// # Safety
/// It is a `msghdr`.
pub(crate) unsafe fn has_control(message: *const c_void) -> bool {
    // SAFETY: as the caller says; the program's may be anywhere.
    unsafe { message.cast::<MessageHeader>().read_unaligned() }.control_len > 0
}

pub(crate) fn close(fd: c_int) {
    // SAFETY: only of numbers that this library got itself and gave to nobody.
    unsafe { call(CLOSE, [fd as usize, 0, 0, 0, 0, 0]) };
}

/// Whether there are eight bytes at an address. The kernel looks there first, and then refuses what it was asked for.
pub(crate) fn is_readable(at: usize) -> bool {
    const NOTHING: usize = usize::MAX;
    // SAFETY: the kernel only reads, for no set of signals is changed in a way that there is not.
    unsafe { call(RT_SIGPROCMASK, [NOTHING, at, 0, 8, 0, 0]) != EFAULT }
}

/// Sets the flags of an open file.
pub(crate) fn set_flags(fd: c_int, flags: c_int) {
    const F_SETFL: usize = 4;
    // SAFETY: no pointers.
    unsafe { call(FCNTL, [fd as usize, F_SETFL, flags as usize, 0, 0, 0]) };
}

/// Lets a socket carry a key.
pub(crate) fn set_key(fd: c_int, key: u32) {
    let option =
        [fd as usize, SOL_SOCKET as usize, SO_RCVLOWAT, &raw const key as usize, size_of::<u32>(), 0];
    // SAFETY: the kernel reads a number.
    unsafe { call(SETSOCKOPT, option) };
}

/// The key that a socket carries.
pub(crate) fn key(fd: c_int) -> u32 {
    let (mut key, mut len) = (0_u32, size_of::<u32>() as c_uint);
    let (key_at, len_at) = (&raw mut key as usize, &raw mut len as usize);
    // SAFETY: the kernel writes a number and its length.
    unsafe { call(GETSOCKOPT, [fd as usize, SOL_SOCKET as usize, SO_RCVLOWAT, key_at, len_at, 0]) };
    key
}

const SO_RCVLOWAT: usize = 18;
