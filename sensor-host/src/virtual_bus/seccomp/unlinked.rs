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

#[cfg(test)]
mod tests {
    use std::os::fd::AsRawFd;

    use super::*;

    fn link(file: &OwnedFd) -> Vec<u8> {
        let path = format!("/proc/self/fd/{}", file.as_raw_fd());
        rustix::fs::readlink(path, Vec::new()).unwrap().into_bytes()
    }

    #[test]
    fn a_directory_is_known_by_its_number_wherever_it_was_made_and_leaves_nothing_there() {
        let folder = tempfile::tempdir().unwrap();
        let names = Names::new();
        let made = make_in(folder.path(), &format!("{}7", names.prefix()), OFlags::NONBLOCK).unwrap();
        assert_eq!((names.number(&link(&made)), may_be(&link(&made))), (Some(7), true));
        assert_eq!((Names::new().number(&link(&made)), folder.path().read_dir().unwrap().count()), (None, 0));
        let usual = names.make(8, OFlags::empty()).unwrap();
        assert_eq!((names.number(&link(&usual)), may_be(&link(&usual))), (Some(8), true));
    }

    #[test]
    fn a_directory_that_has_its_name_still_is_none_of_these() {
        let names = Names::new();
        let path = format!("/dev/shm/{}7", names.prefix());
        assert_eq!((names.number(path.as_bytes()), may_be(path.as_bytes())), (None, false));
        assert!(!may_be(b"/tmp/another (deleted)") && !may_be(b""));
    }
}
