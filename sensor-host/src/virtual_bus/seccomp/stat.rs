//! What `stat` and `statx` say of a simulated device, and of a file that stands in for another one.

use std::fs::Metadata;
use std::mem::offset_of;
use std::os::unix::fs::MetadataExt;

use rustix::fs::{StatFs, major, makedev, minor};

use super::super::files::DeviceStat;

const BLOCK_SIZE: u32 = 4096;
/// `STATX_BASIC_STATS`.
const BASIC: u32 = 0x7ff;

/// What both say, by the names of `stat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Facts {
    file_system: u64,
    inode: u64,
    links: u32,
    mode: u32,
    user: u32,
    group: u32,
    device: u64,
    size: u64,
    blocks: u64,
    seconds: i64,
}

impl From<DeviceStat> for Facts {
    fn from(stat: DeviceStat) -> Facts {
        Facts {
            file_system: makedev(stat.file_system.0, stat.file_system.1),
            inode: stat.inode,
            links: 1,
            mode: stat.mode,
            user: stat.user,
            group: stat.group,
            device: makedev(stat.numbers.0, stat.numbers.1),
            seconds: stat.seconds,
            ..Facts::default()
        }
    }
}

impl From<&Metadata> for Facts {
    fn from(file: &Metadata) -> Facts {
        Facts {
            file_system: file.dev(),
            inode: file.ino(),
            links: u32::try_from(file.nlink()).unwrap_or(u32::MAX),
            mode: file.mode(),
            user: file.uid(),
            group: file.gid(),
            device: file.rdev(),
            size: file.size(),
            blocks: file.blocks(),
            seconds: file.mtime(),
        }
    }
}

/// Writes the fields of a structure of the kernel's by their offsets, so that what is between them is zero.
macro_rules! lay_out {
    ($structure:ty { $($field:ident: $value:expr),* $(,)? }) => {{
        let mut bytes = vec![0; size_of::<$structure>()];
        $(
            let value = $value.to_ne_bytes();
            let at = offset_of!($structure, $field);
            if let Some(room) = bytes.get_mut(at..at + value.len()) {
                room.copy_from_slice(&value);
            }
        )*
        bytes
    }};
}

impl Facts {
    /// Of a line of the GPIO chip: an anonymous inode of the kernel has no type.
    pub(super) fn of_line() -> Facts {
        Facts { mode: 0o600, links: 1, ..Facts::default() }
    }

    /// A `struct stat`.
    pub(super) fn stat(&self) -> Vec<u8> {
        lay_out!(libc::stat {
            st_dev: self.file_system,
            st_ino: self.inode,
            st_nlink: libc::nlink_t::from(self.links),
            st_mode: self.mode,
            st_uid: self.user,
            st_gid: self.group,
            st_rdev: self.device,
            st_size: self.size,
            st_blksize: (BLOCK_SIZE as libc::blksize_t),
            st_blocks: self.blocks,
            st_atime: self.seconds,
            st_mtime: self.seconds,
            st_ctime: self.seconds,
        })
    }

    /// A `struct statx`.
    pub(super) fn statx(&self) -> Vec<u8> {
        let mut bytes = lay_out!(libc::statx {
            stx_mask: BASIC,
            stx_blksize: BLOCK_SIZE,
            stx_nlink: self.links,
            stx_uid: self.user,
            stx_gid: self.group,
            stx_mode: (self.mode as u16),
            stx_ino: self.inode,
            stx_size: self.size,
            stx_blocks: self.blocks,
            stx_rdev_major: major(self.device),
            stx_rdev_minor: minor(self.device),
            stx_dev_major: major(self.file_system),
            stx_dev_minor: minor(self.file_system),
        });
        for at in [
            offset_of!(libc::statx, stx_atime),
            offset_of!(libc::statx, stx_mtime),
            offset_of!(libc::statx, stx_ctime),
        ] {
            // A time begins with its seconds.
            if let Some(room) = bytes.get_mut(at..at + 8) {
                room.copy_from_slice(&self.seconds.to_ne_bytes());
            }
        }
        bytes
    }
}

/// A `struct statfs`.
pub(super) fn file_system(found: &StatFs) -> Vec<u8> {
    lay_out!(libc::statfs {
        f_type: found.f_type,
        f_bsize: found.f_bsize,
        f_blocks: found.f_blocks,
        f_bfree: found.f_bfree,
        f_bavail: found.f_bavail,
        f_files: found.f_files,
        f_ffree: found.f_ffree,
        f_namelen: found.f_namelen,
        f_frsize: found.f_frsize,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kernel is the oracle: what is said of a file is what `stat` says of it.
    #[test]
    fn a_file_that_stands_in_is_described_as_the_kernel_does() {
        for path in ["/dev/null", "/etc/passwd", "/proc"] {
            let facts = Facts::from(&std::fs::metadata(path).unwrap());
            let bytes = facts.stat();
            let stat = rustix::fs::stat(path).unwrap();
            let u64_at = |at: usize| u64::from_ne_bytes(bytes[at..at + 8].try_into().unwrap());
            let u32_at = |at: usize| u32::from_ne_bytes(bytes[at..at + 4].try_into().unwrap());
            assert_eq!(u64_at(offset_of!(libc::stat, st_dev)), stat.st_dev, "{path}");
            assert_eq!(u64_at(offset_of!(libc::stat, st_ino)), stat.st_ino, "{path}");
            assert_eq!(u64_at(offset_of!(libc::stat, st_rdev)), stat.st_rdev, "{path}");
            assert_eq!(u32_at(offset_of!(libc::stat, st_mode)), stat.st_mode, "{path}");

            let bytes = facts.statx();
            let u16_at = |at: usize| u16::from_ne_bytes(bytes[at..at + 2].try_into().unwrap());
            let u32_at = |at: usize| u32::from_ne_bytes(bytes[at..at + 4].try_into().unwrap());
            let all = rustix::fs::StatxFlags::BASIC_STATS;
            let statx = rustix::fs::statx(rustix::fs::CWD, path, rustix::fs::AtFlags::empty(), all).unwrap();
            assert_eq!(u16_at(offset_of!(libc::statx, stx_mode)), statx.stx_mode, "{path}");
            assert_eq!(u32_at(offset_of!(libc::statx, stx_rdev_major)), statx.stx_rdev_major, "{path}");
            assert_eq!(u32_at(offset_of!(libc::statx, stx_rdev_minor)), statx.stx_rdev_minor, "{path}");
            assert_eq!(u32_at(offset_of!(libc::statx, stx_dev_minor)), statx.stx_dev_minor, "{path}");
        }
    }
}
