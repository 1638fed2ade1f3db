//! A trapped call, with its arguments, from what the kernel says of it.

use std::os::fd::AsRawFd;

use rustix::fs::{AtFlags, CWD};

use super::calls::{ARCH, F_DUPFD_CLOEXEC, F_GETFL, LOCKS, Shape, TABLE};
use super::named::{self, Change};
use super::sys::Notification;

/// A path of the program, and how it is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PathAt {
    /// The directory that a relative path begins at, as a file number or `AT_FDCWD`.
    pub(super) directory: i32,
    /// The address of the path.
    pub(super) at: u64,
    /// A symbolic link at its end is followed.
    pub(super) follows: bool,
    /// An empty path means the directory's number itself.
    pub(super) may_be_empty: bool,
}

impl PathAt {
    fn here(at: u64, follows: bool) -> PathAt {
        PathAt { directory: CWD.as_raw_fd(), at, follows, may_be_empty: false }
    }

    fn from(directory: u64, at: u64, flags: u64) -> PathAt {
        let flags = AtFlags::from_bits_retain(flags as u32);
        PathAt {
            directory: directory as i32,
            at,
            follows: !flags.contains(AtFlags::SYMLINK_NOFOLLOW),
            may_be_empty: flags.contains(AtFlags::EMPTY_PATH),
        }
    }
}

/// What is asked about a file that a path or a number names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    /// A `struct stat`, to this address.
    Stat { at: u64 },
    /// A `struct statx`, to this address.
    Statx { at: u64 },
    /// May it be read (4), written (2), executed (1)?
    Access { mode: u64 },
    /// Where does this symbolic link lead? So many bytes of it, to this address.
    ReadLink { at: u64, len: u64 },
    /// An extended attribute.
    Attribute,
    /// The names of its extended attributes.
    Attributes,
}

/// Where a duplicate of a file goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// The lowest number from here on.
    From(u32),
    /// This number. An equal number is an error for `dup3`, and no change for `dup2`.
    Exactly { number: u32, may_be_equal: bool },
}

/// A trapped call, with its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trapped {
    Open {
        path: PathAt,
        flags: u32,
    },
    OpenHow {
        path: PathAt,
        how: u64,
        size: u64,
    },
    Look {
        path: PathAt,
        question: Question,
    },
    LookAtFile {
        number: u32,
        question: Question,
    },
    Read {
        number: u32,
        at: u64,
        len: u64,
        position: Option<i64>,
    },
    Write {
        number: u32,
        at: u64,
        len: u64,
        position: Option<i64>,
    },
    ReadVector {
        number: u32,
        at: u64,
        count: u64,
        flags: u64,
        position: Option<i64>,
    },
    WriteVector {
        number: u32,
        at: u64,
        count: u64,
        flags: u64,
        position: Option<i64>,
    },
    Ioctl {
        number: u32,
        request: u32,
        argument: u64,
    },
    Duplicate {
        number: u32,
        target: Target,
        closes_on_exec: bool,
    },
    /// The flags of an open file.
    Flags {
        number: u32,
    },
    /// A range of a file is to be locked: a `struct flock` at this address.
    Lock {
        number: u32,
        at: u64,
    },
    Seek {
        number: u32,
    },
    /// The path of the working directory.
    WorkingDirectory {
        at: u64,
        len: u64,
    },
    /// What paths name is to be changed.
    Change {
        paths: [Option<PathAt>; 2],
        change: Change,
        /// Where an answer goes.
        buffer: u64,
    },
    /// The program wants io_uring, whose calls no filter sees.
    Uring,
    /// A 32-bit program opens this path.
    OtherOpen {
        path: PathAt,
    },
}

/// What a notification is about. `None` for a call that is not in the table.
pub(super) fn decode(notification: &Notification) -> Option<Trapped> {
    let [a, b, c, d, e, f] = notification.arguments;
    if notification.arch != ARCH {
        return Some(match u32::try_from(notification.number).ok()? {
            5 | 8 => Trapped::OtherOpen { path: PathAt::here(u64::from(a as u32), true) },
            _ => Trapped::OtherOpen { path: PathAt::from(a, u64::from(b as u32), 0) },
        });
    }
    let number = u32::try_from(notification.number).ok()?;
    let Some((_, shape)) = TABLE.iter().find(|(known, _)| *known == number) else {
        let (paths, change) = named::decode(number, notification.arguments)?;
        return Some(Trapped::Change { paths, change, buffer: b });
    };
    let file = a as u32;
    let open = |path: PathAt, flags: u64| Trapped::Open {
        path: PathAt { follows: flags as i32 & libc::O_NOFOLLOW == 0, ..path },
        flags: flags as u32,
    };
    let look = |path, question| Trapped::Look { path, question };
    Some(match shape {
        Shape::Read | Shape::Write => {
            let has_position = [libc::SYS_pread64 as u32, libc::SYS_pwrite64 as u32].contains(&number);
            let position = has_position.then_some(d as i64);
            match shape {
                Shape::Read => Trapped::Read { number: file, at: b, len: c, position },
                _ => Trapped::Write { number: file, at: b, len: c, position },
            }
        }
        Shape::ReadVector | Shape::WriteVector => {
            let with_flags = [libc::SYS_preadv2 as u32, libc::SYS_pwritev2 as u32].contains(&number);
            let flags = if with_flags { f & 0xffff_ffff } else { 0 };
            let has_position = [libc::SYS_preadv as u32, libc::SYS_pwritev as u32].contains(&number);
            // With flags, -1 stands for none.
            let position = (has_position || with_flags && d as i64 != -1).then_some(d as i64);
            match shape {
                Shape::ReadVector => Trapped::ReadVector { number: file, at: b, count: c, flags, position },
                _ => Trapped::WriteVector { number: file, at: b, count: c, flags, position },
            }
        }
        Shape::Ioctl => Trapped::Ioctl { number: file, request: b as u32, argument: c },
        Shape::FileStat => Trapped::LookAtFile { number: file, question: Question::Stat { at: b } },
        Shape::Dup => Trapped::Duplicate { number: file, target: Target::From(0), closes_on_exec: false },
        #[cfg(target_arch = "x86_64")]
        Shape::Dup2 => {
            let target = Target::Exactly { number: b as u32, may_be_equal: true };
            Trapped::Duplicate { number: file, target, closes_on_exec: false }
        }
        Shape::Dup3 => {
            let target = Target::Exactly { number: b as u32, may_be_equal: false };
            Trapped::Duplicate { number: file, target, closes_on_exec: c as i32 & libc::O_CLOEXEC != 0 }
        }
        Shape::Control if b as u32 == F_GETFL => Trapped::Flags { number: file },
        Shape::Control if LOCKS.contains(&(b as u32)) => Trapped::Lock { number: file, at: c },
        Shape::Seek => Trapped::Seek { number: file },
        Shape::WorkingDirectory => Trapped::WorkingDirectory { at: a, len: b },
        Shape::Control => {
            let closes_on_exec = b as u32 == F_DUPFD_CLOEXEC;
            Trapped::Duplicate { number: file, target: Target::From(c as u32), closes_on_exec }
        }
        Shape::OpenAt => open(PathAt::from(a, b, 0), c),
        Shape::OpenAt2 => Trapped::OpenHow { path: PathAt::from(a, b, 0), how: c, size: d },
        #[cfg(target_arch = "x86_64")]
        Shape::Open => open(PathAt::here(a, true), b),
        #[cfg(target_arch = "x86_64")]
        Shape::Create => open(PathAt::here(a, true), (libc::O_CREAT | libc::O_WRONLY | libc::O_TRUNC) as u64),
        #[cfg(target_arch = "x86_64")]
        Shape::Stat => look(PathAt::here(a, true), Question::Stat { at: b }),
        #[cfg(target_arch = "x86_64")]
        Shape::LinkStat => look(PathAt::here(a, false), Question::Stat { at: b }),
        #[cfg(target_arch = "x86_64")]
        Shape::Access => look(PathAt::here(a, true), Question::Access { mode: b }),
        #[cfg(target_arch = "x86_64")]
        Shape::ReadLink => look(PathAt::here(a, false), Question::ReadLink { at: b, len: c }),
        Shape::ReadLinkAt => {
            let flags = u64::from(libc::AT_SYMLINK_NOFOLLOW as u32);
            look(PathAt::from(a, b, flags), Question::ReadLink { at: c, len: d })
        }
        Shape::StatAt => look(PathAt::from(a, b, d), Question::Stat { at: c }),
        Shape::Statx => look(PathAt::from(a, b, c), Question::Statx { at: e }),
        Shape::AccessAt => look(PathAt::from(a, b, 0), Question::Access { mode: c }),
        Shape::AccessAt2 => look(PathAt::from(a, b, d), Question::Access { mode: c }),
        Shape::Attribute => look(PathAt::here(a, true), Question::Attribute),
        Shape::LinkAttribute => look(PathAt::here(a, false), Question::Attribute),
        Shape::Attributes => look(PathAt::here(a, true), Question::Attributes),
        Shape::LinkAttributes => look(PathAt::here(a, false), Question::Attributes),
        Shape::Uring => Trapped::Uring,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::calls::OTHER_ARCH;
    use super::*;

    fn any_number() -> impl Strategy<Value = i32> {
        let known =
            TABLE.iter().map(|(number, _)| *number).chain(named::TABLE.iter().map(|(number, ..)| *number));
        let known: Vec<i32> = known.map(|number| number as i32).collect();
        prop_oneof![9 => prop::sample::select(known), 1 => any::<i32>()]
    }

    proptest! {
        /// The filter asks about these, with whatever arguments: each is understood as something.
        #[test]
        fn any_call_of_the_tables_is_understood_whatever_its_arguments(
            number in any_number(),
            arch in prop::sample::select(vec![ARCH, OTHER_ARCH]),
            arguments in any::<[u64; 6]>(),
        ) {
            let trapped = decode(&Notification { id: 1, thread: 1, arch, number, arguments });
            let is_known = TABLE.iter().any(|(known, _)| *known == number as u32)
                || named::TABLE.iter().any(|(known, ..)| *known == number as u32);
            prop_assert_eq!(trapped.is_some(), number >= 0 && (arch == OTHER_ARCH || is_known));
        }
    }

    #[test]
    fn a_call_with_two_paths_names_both() {
        let asked = |number: i64, arguments| {
            decode(&Notification { id: 1, thread: 1, arch: ARCH, number: number as i32, arguments })
        };
        let at = |directory: i32, at| Some(PathAt { directory, at, follows: false, may_be_empty: false });
        let paths = [at(5, 0x1000), at(-100, 0x2000)];
        let here = -100_i64 as u64;
        let change = Trapped::Change { paths, change: Change::Gone, buffer: 0x1000 };
        assert_eq!(asked(libc::SYS_renameat2, [5, 0x1000, here, 0x2000, 1, 0]), Some(change));
        // What is made is the last.
        let made =
            |buffer| Some(Trapped::Change { paths: [at(5, 0x1000), None], change: Change::Made, buffer });
        assert_eq!(asked(libc::SYS_symlinkat, [0x2000, 5, 0x1000, 0, 0, 0]), made(5));
        assert_eq!(asked(libc::SYS_linkat, [here, 0x2000, 5, 0x1000, 0, 0]), made(0x2000));
    }
}
