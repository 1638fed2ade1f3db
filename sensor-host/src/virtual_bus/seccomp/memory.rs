//! The memory of a process that waits for an answer.

use std::os::fd::BorrowedFd;

use rustix::io::Errno;

use super::super::Memory;
use super::sys;

/// The longest path that the kernel takes, with its end.
const LONGEST_PATH: usize = 4096;

/// The memory of a process that waits for an answer.
///
/// # Guarantees
/// Nothing is written to a process that no longer waits, whose number may be another's by now.
pub(super) struct Waiting<'a> {
    pub(super) listener: BorrowedFd<'a>,
    pub(super) id: u64,
    pub(super) thread: u32,
}

impl Waiting<'_> {
    /// The path at this address: what is before the first NUL.
    ///
    /// # Errors
    /// `EFAULT`, `ENAMETOOLONG`; `EPERM` if the memory of this process may not be read.
    pub(super) fn path(&self, at: u64) -> Result<Vec<u8>, Errno> {
        let mut path = Vec::new();
        let mut chunk = [0; 256];
        while path.len() < LONGEST_PATH {
            // Not across the end of a page: the next one may not be there.
            let from = at.checked_add(path.len() as u64).ok_or(Errno::FAULT)?;
            let left = usize::try_from(4096 - from % 4096).unwrap_or(1).min(chunk.len());
            let room = chunk.get_mut(..left).ok_or(Errno::FAULT)?;
            let count = sys::read_memory(self.thread, from, room)?;
            let read = room.get(..count).ok_or(Errno::FAULT)?;
            if let Some(end) = read.iter().position(|&byte| byte == 0) {
                path.extend(read.iter().take(end));
                return Ok(path);
            }
            if count == 0 {
                return Err(Errno::FAULT);
            }
            path.extend(read);
        }
        Err(Errno::NAMETOOLONG)
    }
}

impl Waiting<'_> {
    /// Writes so much of a text as there is room for: how much that is.
    ///
    /// # Errors
    /// `EFAULT`, and `EINVAL` for no room.
    pub(super) fn write_cut(&mut self, at: u64, room: u64, text: &[u8]) -> Result<i64, Errno> {
        let room = usize::try_from(room as u32 as i32).unwrap_or(0);
        if room == 0 {
            return Err(Errno::INVAL);
        }
        let text = text.get(..room).unwrap_or(text);
        self.write(at, text).map(|()| text.len() as i64)
    }
}

impl Memory for Waiting<'_> {
    fn read(&mut self, at: u64, into: &mut [u8]) -> Result<(), Errno> {
        match sys::read_memory(self.thread, at, into) {
            Ok(count) if count == into.len() => Ok(()),
            _ => Err(Errno::FAULT),
        }
    }

    fn write(&mut self, at: u64, bytes: &[u8]) -> Result<(), Errno> {
        if !sys::is_waiting(self.listener, self.id) {
            return Err(Errno::FAULT);
        }
        match sys::write_memory(self.thread, at, bytes) {
            Ok(count) if count == bytes.len() => Ok(()),
            _ => Err(Errno::FAULT),
        }
    }
}
