//! What a program is given in the place of a bus: a directory of its own, which has no name any more.
//!
//! It was chosen because
//! * the kernel takes it as it takes a real bus: `poll` and `select` find it ready, `epoll` refuses it (`EPERM`), `flock`
//!   locks it;
//! * the kernel refuses to read it (`EISDIR`) and to write it (`EBADF`), at once and without a signal, and to open it again
//!   to be written (`EISDIR`): where a call is not trapped, because the file was moved to a number out of the range or is
//!   reached by a link that is not seen through, it fails rather than hang or pretend;
//! * its name in `/proc` is its own while it lives, whatever number the program knows it by: duplicates, children and
//!   files that were passed on are the same file by construction;
//! * it can be watched (inotify), which tells when the last of them is closed, however that came about.

use std::hash::{BuildHasher, RandomState};
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, Mode, OFlags, mkdirat, open, unlinkat};
use rustix::io::Errno;

/// What all names begin with.
const MARK: &[u8] = b"mlsensor-bus:";
/// What the kernel says of a file without a name.
const DELETED: &[u8] = b" (deleted)";

/// The names of one supervisor: another one's begin with something else.
#[derive(Debug)]
pub(super) struct Names {
    own: u64,
}

impl Names {
    pub(super) fn new() -> Names {
        Names { own: RandomState::new().hash_one(0) }
    }

    fn prefix(&self) -> String {
        format!("mlsensor-bus:{:016x}:", self.own)
    }

    /// Makes a directory that is known by this number, opened with these flags besides.
    ///
    /// # Errors
    /// The kernel's: `EMFILE`, `ENOSPC`...
    pub(super) fn make(&self, number: u64, flags: OFlags) -> Result<OwnedFd, Errno> {
        let name = format!("{}{number}", self.prefix());
        // In memory, if the system has a place for that.
        make_in(Path::new("/dev/shm"), &name, flags).or_else(|_| make_in(&std::env::temp_dir(), &name, flags))
    }

    /// The number of the directory that a link in `/proc/PID/fd` leads to, if it is one of these.
    pub(super) fn number(&self, link: &[u8]) -> Option<u64> {
        let digits = name_in(link)?.strip_prefix(self.prefix().as_bytes())?;
        std::str::from_utf8(digits).ok()?.parse().ok()
    }
}

/// Whether a link in `/proc/PID/fd` may lead to such a directory, of whatever supervisor.
pub(super) fn may_be(link: &[u8]) -> bool {
    name_in(link).is_some_and(|name| name.starts_with(MARK))
}

/// The name that a file had, of which the kernel says that it has none any more.
fn name_in(link: &[u8]) -> Option<&[u8]> {
    link.strip_suffix(DELETED)?.rsplit(|&byte| byte == b'/').next()
}

fn make_in(folder: &Path, name: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
    let path = folder.join(name);
    mkdirat(CWD, &path, Mode::RWXU)?;
    let opened = open(&path, flags | OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty());
    let gone = unlinkat(CWD, &path, AtFlags::REMOVEDIR);
    opened.and_then(|file| gone.map(|()| file))
}
