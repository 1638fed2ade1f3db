//! What a program asks of an open file, as data.

use std::time::Duration;

use super::{Errno, FileId};

/// The memory of the program that asks. Addresses are the program's: none of them can be trusted.
pub trait Memory {
    /// Copies from the program.
    ///
    /// # Errors
    /// `EFAULT`, if not all of it can be read.
    fn read(&mut self, at: u64, into: &mut [u8]) -> Result<(), Errno>;

    /// Copies to the program.
    ///
    /// # Errors
    /// `EFAULT`, if not all of it can be written.
    fn write(&mut self, at: u64, bytes: &[u8]) -> Result<(), Errno>;

    /// Whether the program has pointers and `long`s of 32 bits, which decides the layout of what it passes. A front end
    /// that serves programs of both kinds has to say.
    fn is_32_bit(&self) -> bool {
        cfg!(target_pointer_width = "32")
    }
}

/// What a file was opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Access {
    /// `read` is allowed.
    pub reads: bool,
    /// `write` is allowed.
    pub writes: bool,
}

impl Access {
    /// Both.
    pub const BOTH: Access = Access { reads: true, writes: true };

    /// As the flags of `open` say: `O_RDONLY` (0), `O_WRONLY` (1), `O_RDWR` (2), or 3, which Linux takes for neither.
    /// Whatever they say, an ioctl is allowed.
    #[must_use]
    pub const fn from_flags(flags: u32) -> Access {
        Access { reads: matches!(flags & 3, 0 | 2), writes: matches!(flags & 3, 1 | 2) }
    }
}

/// A system call on an open file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// `read(fd, at, len)`.
    Read {
        /// Where the bytes go.
        at: u64,
        /// How many at most.
        len: u64,
    },
    /// `write(fd, at, len)`.
    Write {
        /// Where the bytes are.
        at: u64,
        /// How many.
        len: u64,
    },
    /// `ioctl(fd, request, argument)`.
    Ioctl {
        /// The request's number.
        request: u32,
        /// A number, or an address.
        argument: u64,
    },
}

/// What a call comes to, if it is no error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It returns this number.
    Number(i64),
    /// It returns 0, and the program gets a new file: the front end puts its number, an `i32`, at this address.
    File {
        /// The new file.
        file: FileId,
        /// Where its number is to be written.
        at: u64,
    },
}

/// What a call comes to, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reply {
    /// What it returns. What it writes to the program's memory is there already.
    pub outcome: Result<Answer, Errno>,
    /// How long it really takes until it returns: as long as the transfer does on the wire. Zero, unless the world has
    /// a bit rate. Other calls are not to wait for it.
    pub after: Duration,
}

impl From<Result<Answer, Errno>> for Reply {
    /// At once.
    fn from(outcome: Result<Answer, Errno>) -> Reply {
        Reply { outcome, after: Duration::ZERO }
    }
}
