//! Calls that change what a path names, or ask where it is, and open nothing: `chmod`, `rename`, `statfs` and their kind.
//!
//! A simulated device can be changed by nobody, and nothing takes its place. Rights, owners and times may be set, as on
//! hardware the scripts that set a machine up do; they stay as they are.

use rustix::fs::{AtFlags, CWD};
use rustix::io::Errno;
use std::os::fd::AsRawFd;
use std::path::Path;

use super::super::Memory;
use super::answers::{Desk, Outcome};
use super::paths::Found;
use super::stat;
use super::sys::Notification;
use super::trapped::PathAt;

/// What is to happen to what a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// It gets other rights, another owner or other times.
    Facts,
    /// It is cut to a length.
    Length,
    /// It is made.
    Made,
    /// It goes away, or something else takes its name.
    Gone,
    /// Nothing: its file system is asked for.
    FileSystem,
}

/// Which arguments of a call are a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// The first.
    #[cfg(target_arch = "x86_64")]
    First,
    /// The first; a link at its end is followed.
    Followed,
    /// The first two.
    #[cfg(target_arch = "x86_64")]
    Both,
    /// The second. The first is what it is to be, or is to lead to.
    #[cfg(target_arch = "x86_64")]
    Second,
    /// The second, from a directory on.
    At,
    /// The same; a link at its end is followed.
    FollowedAt,
    /// The same, as the flags say which are this argument.
    FlagsAt(usize),
    /// The second and the fourth, each from a directory on.
    BothAt,
    /// The third, from a directory on. The first is what it is to lead to.
    ThirdAt,
    /// The fourth, from a directory on. The second is what it is to be.
    FourthAt,
}

/// The calls.
pub(super) const TABLE: &[(u32, Which, Change)] = &[
    (libc::SYS_fchmodat as u32, Which::FollowedAt, Change::Facts),
    // fchmodat2: no name for it in the library yet; the number is the same on all architectures.
    (452, Which::FlagsAt(3), Change::Facts),
    (libc::SYS_fchownat as u32, Which::FlagsAt(4), Change::Facts),
    (libc::SYS_utimensat as u32, Which::FlagsAt(3), Change::Facts),
    (libc::SYS_truncate as u32, Which::Followed, Change::Length),
    (libc::SYS_statfs as u32, Which::Followed, Change::FileSystem),
    (libc::SYS_mknodat as u32, Which::At, Change::Made),
    (libc::SYS_mkdirat as u32, Which::At, Change::Made),
    (libc::SYS_symlinkat as u32, Which::ThirdAt, Change::Made),
    (libc::SYS_linkat as u32, Which::FourthAt, Change::Made),
    (libc::SYS_unlinkat as u32, Which::At, Change::Gone),
    (libc::SYS_renameat as u32, Which::BothAt, Change::Gone),
    (libc::SYS_renameat2 as u32, Which::BothAt, Change::Gone),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_chmod as u32, Which::Followed, Change::Facts),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_chown as u32, Which::Followed, Change::Facts),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_lchown as u32, Which::First, Change::Facts),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_utime as u32, Which::Followed, Change::Facts),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_utimes as u32, Which::Followed, Change::Facts),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_futimesat as u32, Which::FollowedAt, Change::Facts),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_mknod as u32, Which::First, Change::Made),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_mkdir as u32, Which::First, Change::Made),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_symlink as u32, Which::Second, Change::Made),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_link as u32, Which::Second, Change::Made),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_unlink as u32, Which::First, Change::Gone),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_rmdir as u32, Which::First, Change::Gone),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_rename as u32, Which::Both, Change::Gone),
];

/// The paths that a call of the table names, and what is to happen to them. `None` for a call that is not in it.
pub(super) fn decode(number: u32, arguments: [u64; 6]) -> Option<([Option<PathAt>; 2], Change)> {
    let (_, which, change) = *TABLE.iter().find(|(known, ..)| *known == number)?;
    let [a, b, c, d, ..] = arguments;
    let at = |directory: u64, at: u64, follows| {
        Some(PathAt { directory: directory as i32, at, follows, may_be_empty: false })
    };
    let here = |path, follows| at(CWD.as_raw_fd() as u64, path, follows);
    let paths = match which {
        #[cfg(target_arch = "x86_64")]
        Which::First => [here(a, false), None],
        Which::Followed => [here(a, true), None],
        #[cfg(target_arch = "x86_64")]
        Which::Both => [here(a, false), here(b, false)],
        #[cfg(target_arch = "x86_64")]
        Which::Second => [here(b, false), None],
        Which::At => [at(a, b, false), None],
        Which::FollowedAt => [at(a, b, true), None],
        Which::FlagsAt(index) => {
            let flags = AtFlags::from_bits_retain(arguments.get(index).copied().unwrap_or(0) as u32);
            [at(a, b, !flags.contains(AtFlags::SYMLINK_NOFOLLOW)), None]
        }
        Which::BothAt => [at(a, b, false), at(c, d, false)],
        Which::ThirdAt => [at(b, c, false), None],
        Which::FourthAt => [at(c, d, false), None],
    };
    Some((paths, change))
}

impl Desk {
    pub(super) fn change(
        &mut self,
        asked: &Notification,
        paths: [Option<PathAt>; 2],
        change: Change,
        buffer: u64,
    ) -> Outcome {
        for path in paths.into_iter().flatten() {
            let home = match self.find(asked, path) {
                Found::Device { .. } => "/dev",
                Found::NotDirectory => return Err(Errno::NOTDIR).into(),
                Found::OpenFile { link } if path.follows && self.files.at(&link).is_some() => "/dev",
                Found::Instead(instead)
                    if change == Change::FileSystem && !self.is_found_by_kernel(asked, path, &instead) =>
                {
                    "/sys"
                }
                _ => continue,
            };
            return match change {
                Change::Facts => Ok(0),
                Change::Length => Err(Errno::INVAL),
                Change::Made => Err(Errno::EXIST),
                Change::Gone => Err(Errno::PERM),
                Change::FileSystem => rustix::fs::statfs(Path::new(home))
                    .and_then(|found| self.waiting(asked).write(buffer, &stat::file_system(&found)))
                    .map(|()| 0),
            }
            .into();
        }
        Outcome::Kernel
    }
}
