//! What a program asks of an open file, as data.

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
