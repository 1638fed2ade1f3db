//! Locks of a bus by `fcntl` (`lockf`).
//!
//! `flock`, and a lock for readers, the kernel gives on what is in the place of a bus. A lock for writers it gives only on
//! a file that is open to be written, which that never is. Nobody else has the same one open, so there is nothing that
//! could be locked against: such a lock is there as soon as it is asked for.

use std::mem::offset_of;

use rustix::io::Errno;

use super::super::{Access, Memory, Node};
use super::answers::{Desk, Outcome};
use super::open_files::Kind;
use super::sys::Notification;

impl Desk {
    /// Locks a range of a file, as the `struct flock` at this address says.
    pub(super) fn lock(&self, asked: &Notification, number: u32, at: u64) -> Outcome {
        let Some(file) = self.file(asked, number) else {
            return Outcome::Kernel;
        };
        if !matches!(file.kind, Kind::Device(Node::Bus(_))) {
            return Outcome::Kernel;
        } else if file.is_path_alone() {
            return Err(Errno::BADF).into();
        }
        let mut bytes = [0; size_of::<libc::flock>()];
        if let Err(errno) = self.waiting(asked).read(at, &mut bytes) {
            return Err(errno).into();
        }
        let number_at = |at: usize| bytes.get(at..at + 2)?.try_into().ok().map(i16::from_ne_bytes);
        let kind = number_at(offset_of!(libc::flock, l_type)).map(i32::from);
        let whence = number_at(offset_of!(libc::flock, l_whence)).map(i32::from);
        let access = Access::from_flags(file.opened.bits());
        match kind {
            Some(libc::F_RDLCK) if !access.reads => Err(Errno::BADF).into(),
            Some(libc::F_WRLCK) if !access.writes => Err(Errno::BADF).into(),
            Some(libc::F_WRLCK) => match whence {
                Some(libc::SEEK_SET | libc::SEEK_CUR | libc::SEEK_END) => Ok(0).into(),
                _ => Err(Errno::INVAL).into(),
            },
            _ => Outcome::Kernel,
        }
    }
}
