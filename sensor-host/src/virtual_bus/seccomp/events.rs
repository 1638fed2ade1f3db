//! Reads of the GPIO chip's events.
//!
//! The socket that the program has in the place of a line gives one record for each read. Here a read gets what a real
//! line gives: as many whole records as there are and as fit, and an error if not even one fits. If none is there, the
//! kernel does the read, for it can wait, and can be interrupted; then it gives one.

use std::os::fd::OwnedFd;

use rustix::io::Errno;
use rustix::net::{RecvFlags, recv};

use super::super::{Access, Memory};
use super::answers::{Desk, Outcome};
use super::open_files::OpenFile;
use super::sys::Notification;

/// No record is longer.
const LONGEST: usize = 288;

impl Desk {
    pub(super) fn read_events(
        &mut self,
        asked: &Notification,
        number: u32,
        file: OpenFile,
        at: u64,
        len: u64,
    ) -> Outcome {
        if file.is_path_alone() || !Access::from_flags(file.opened.bits()).reads {
            return Err(Errno::BADF).into();
        }
        let Some(queue) = self.machine.queue(file.id) else {
            return Err(Errno::INVAL).into();
        };
        let room = usize::try_from(len).unwrap_or(usize::MAX).min(queue.record * queue.most);
        let is_short = room < queue.record;
        if is_short && queue.is_checked_first {
            return Err(Errno::INVAL).into();
        }
        let Ok(copy) = self.copy_of(asked, number) else {
            return Outcome::Kernel;
        };
        if is_short {
            return match next(&copy, RecvFlags::PEEK) {
                Some(_) => Err(Errno::INVAL).into(),
                None => Outcome::Kernel,
            };
        }
        let mut bytes = Vec::new();
        while bytes.len() + queue.record <= room {
            match next(&copy, RecvFlags::empty()) {
                Some(record) => bytes.extend(record),
                None => break,
            }
        }
        if bytes.is_empty() {
            return Outcome::Kernel;
        }
        self.waiting(asked).write(at, &bytes).map(|()| bytes.len() as i64).into()
    }
}

/// The next record, if there is one.
fn next(file: &OwnedFd, flags: RecvFlags) -> Option<Vec<u8>> {
    let mut bytes = vec![0; LONGEST];
    let (_, count) = recv(file, bytes.as_mut_slice(), flags | RecvFlags::DONTWAIT).ok()?;
    bytes.truncate(count);
    (count != 0).then_some(bytes)
}
