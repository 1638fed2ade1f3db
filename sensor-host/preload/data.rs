//! Calls on open files.

use core::ffi::{c_int, c_ulong, c_void};

use crate::process::{self, File, behind, returns};
use crate::sys::{self, Piece, Raw};
use crate::talk;
use crate::wire::{self, Header};

/// A read or write on a virtual file, or `None` for what is the kernel's.
fn transfer(kind: u32, fd: c_int, at: *const c_void, len: usize) -> Option<Raw> {
    let file = process::file(fd)?;
    if file == File::Events && kind == wire::READ {
        return truncates(fd, len).then_some(sys::EINVAL);
    }
    let request = Header { kind, at: at.addr() as u64, len: len as u64, ..Header::default() };
    let sent_along = if kind == wire::WRITE { request.len } else { 0 };
    Some(talk::call(fd, request, sent_along).result())
}

/// Whether the next record is longer than the buffer: the kernel's GPIO lines refuse that, a socket would cut it.
fn truncates(fd: c_int, len: usize) -> bool {
    const MSG_PEEK_AND_TRUNC: usize = 0x22;
    const RECVFROM: usize = sys::RECVFROM;
    // SAFETY: no byte is written.
    let size = unsafe { sys::call(RECVFROM, [fd as usize, 0, 0, MSG_PEEK_AND_TRUNC, 0, 0]) };
    // An error is left to the read itself.
    usize::try_from(size).is_ok_and(|size| size > len)
}

/// Several transfers, as the kernel makes of a vector for a device that knows none.
///
/// # Safety
/// The pieces are an array, as `readv` wants it.
unsafe fn transfers(kind: u32, fd: c_int, pieces: *const Piece, count: c_int) -> Option<Raw> {
    if process::file(fd)? == File::Events && kind == wire::READ {
        return None;
    }
    let Some(count) = usize::try_from(count).ok().filter(|&count| count <= 1024) else {
        return Some(sys::EINVAL);
    };
    let first = pieces.addr();
    // As the kernel does, which takes over the whole array before it looks at the first piece.
    let halves = 0..count * 2;
    if !halves.into_iter().all(|half| sys::is_readable(first.wrapping_add(half * size_of::<Piece>() / 2))) {
        return Some(sys::EFAULT);
    }
    let mut total = 0;
    for i in 0..count {
        // SAFETY: the array has so many, and they can be read, wherever they begin.
        let piece = unsafe { pieces.wrapping_add(i).read_unaligned() };
        let done = transfer(kind, fd, piece.at, piece.len)?;
        if done < 0 {
            return Some(if total > 0 { total } else { done });
        }
        total += done;
        if done as usize != piece.len {
            break;
        }
    }
    Some(total)
}

type Transfer = unsafe extern "C" fn(c_int, *mut c_void, usize) -> isize;
type TransferAt = unsafe extern "C" fn(c_int, *mut c_void, usize, i64) -> isize;
type Transfers = unsafe extern "C" fn(c_int, *const Piece, c_int) -> isize;

/// # Safety
/// As of the C library's `read`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn read(fd: c_int, to: *mut c_void, len: usize) -> isize {
    match transfer(wire::READ, fd, to, len) {
        Some(result) => returns(result),
        // SAFETY: the caller's own arguments.
        None => unsafe {
            match behind!(c"read", Transfer) {
                Some(read) => read(fd, to, len),
                None => returns(sys::call(sys::READ, [fd as usize, to as usize, len, 0, 0, 0])),
            }
        },
    }
}

/// # Safety
/// As of the C library's `write`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn write(fd: c_int, from: *const c_void, len: usize) -> isize {
    match transfer(wire::WRITE, fd, from, len) {
        Some(result) => returns(result),
        // SAFETY: the caller's own arguments.
        None => unsafe {
            match behind!(c"write", Transfer) {
                Some(write) => write(fd, from.cast_mut(), len),
                None => returns(sys::call(sys::WRITE, [fd as usize, from as usize, len, 0, 0, 0])),
            }
        },
    }
}

/// # Safety
/// As of the C library's `__read_chk`, which is `read` with the size of the buffer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __read_chk(fd: c_int, to: *mut c_void, len: usize, size: usize) -> isize {
    process::refuse_overflow(len, size);
    // SAFETY: the caller's own arguments.
    unsafe { read(fd, to, len) }
}

/// Devices without a position read as ever, wherever a program wants to begin.
macro_rules! at_a_position {
    ($($name:ident $literal:literal $kind:ident $number:ident;)*) => {$(
        /// # Safety
        /// As of the C library's function of this name.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(fd: c_int, at: *mut c_void, len: usize, position: i64) -> isize {
            if position < 0 && process::file(fd) == Some(File::Calls) {
                return returns(sys::EINVAL);
            }
            match transfer(wire::$kind, fd, at, len) {
                Some(result) => returns(result),
                // SAFETY: the caller's own arguments.
                None => unsafe {
                    match behind!($literal, TransferAt) {
                        Some(behind) => behind(fd, at, len, position),
                        None => {
                            let arguments = [fd as usize, at as usize, len, position as usize, 0, 0];
                            returns(sys::call(sys::$number, arguments))
                        }
                    }
                },
            }
        }
    )*};
}

at_a_position! {
    pread c"pread" READ PREAD64;
    pread64 c"pread64" READ PREAD64;
    pwrite c"pwrite" WRITE PWRITE64;
    pwrite64 c"pwrite64" WRITE PWRITE64;
}

macro_rules! of_vectors {
    ($($name:ident $literal:literal $kind:ident $number:ident;)*) => {$(
        /// # Safety
        /// As of the C library's function of this name.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(fd: c_int, pieces: *const Piece, count: c_int) -> isize {
            // SAFETY: the caller's own arguments.
            unsafe {
                match transfers(wire::$kind, fd, pieces, count) {
                    Some(result) => returns(result),
                    None => match behind!($literal, Transfers) {
                        Some(behind) => behind(fd, pieces, count),
                        None => {
                            let arguments = [fd as usize, pieces as usize, count as usize, 0, 0, 0];
                            returns(sys::call(sys::$number, arguments))
                        }
                    },
                }
            }
        }
    )*};
}

of_vectors! {
    readv c"readv" READ READV;
    writev c"writev" WRITE WRITEV;
}

/// The flags of `preadv2` are about files that have a cache, and refused by devices.
macro_rules! of_vectors_at_a_position {
    ($($name:ident $literal:literal $kind:ident ($($flags:ident)?);)*) => {$(
        /// # Safety
        /// As of the C library's function of this name.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(
            fd: c_int, pieces: *const Piece, count: c_int, position: i64, $($flags: c_int)?
        ) -> isize {
            type Next = unsafe extern "C" fn(c_int, *const Piece, c_int, i64, $(of_vectors_at_a_position!($flags))?) -> isize;
            let flags: c_int = 0 $(+ $flags)?;
            // SAFETY: the caller's own arguments.
            unsafe {
                if process::file(fd) == Some(File::Calls) {
                    // Those with flags take -1 for the position that the file has, of which a device has none.
                    if position < if stringify!($($flags)?).is_empty() { 0 } else { -1 } {
                        return returns(sys::EINVAL);
                    }
                    if flags != 0 {
                        return returns(sys::EOPNOTSUPP);
                    }
                }
                match (transfers(wire::$kind, fd, pieces, count), behind!($literal, Next)) {
                    (Some(result), _) => returns(result),
                    (None, Some(behind)) => behind(fd, pieces, count, position, $($flags)?),
                    (None, None) => returns(sys::ENOSYS),
                }
            }
        }
    )*};
    ($flags:ident) => { c_int };
}

of_vectors_at_a_position! {
    preadv c"preadv" READ ();
    preadv64 c"preadv64" READ ();
    preadv2 c"preadv2" READ (flags);
    preadv64v2 c"preadv64v2" READ (flags);
    pwritev c"pwritev" WRITE ();
    pwritev64 c"pwritev64" WRITE ();
    pwritev2 c"pwritev2" WRITE (flags);
    pwritev64v2 c"pwritev64v2" WRITE (flags);
}

/// How much an ioctl certainly reads at its argument: sent along, it need not be asked for.
const fn surely_read(request: u32) -> u64 {
    const WRITES: u32 = 1 << 30;
    match request {
        // I2C_RDWR and I2C_SMBUS, whose numbers do not tell.
        0x707 | 0x720 => 16,
        request if request & WRITES != 0 => (request >> 16 & 0x3FFF) as u64,
        _ => 0,
    }
}

/// `ioctl` takes its last argument as one of many, which on the processors that this is built for comes in the same
/// register as one that is named.
///
/// # Safety
/// As of the C library's `ioctl`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ioctl(fd: c_int, request: c_ulong, argument: *mut c_void) -> c_int {
    // FIONCLEX, FIOCLEX, FIONBIO and FIOASYNC are about the file itself: no device sees them.
    let is_of_device = !matches!(request as u32, 0x5450 | 0x5451 | 0x5421 | 0x5452);
    if is_of_device && process::file(fd).is_some() {
        let request = Header {
            kind: wire::IOCTL,
            extra: request as u32,
            at: argument.addr() as u64,
            ..Header::default()
        };
        return returns(talk::call(fd, request, surely_read(request.extra)).result()) as c_int;
    }
    // SAFETY: the caller's own arguments.
    unsafe {
        match behind!(c"ioctl", unsafe extern "C" fn(c_int, c_ulong, *mut c_void) -> c_int) {
            Some(ioctl) => ioctl(fd, request, argument),
            None => {
                let arguments = [fd as usize, request as usize, argument as usize, 0, 0, 0];
                returns(sys::call(sys::IOCTL, arguments)) as c_int
            }
        }
    }
}
