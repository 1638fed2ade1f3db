//! What `stat` and `statx` say of a simulated device: a character device that its owner and group may use.

use std::mem::offset_of;

use rustix::fs::{major, makedev, minor};

use super::super::Node;

/// `S_IFCHR` and `0660`: who runs the program may use the device.
const MODE: u32 = 0o020_660;
const BLOCK_SIZE: u32 = 4096;
/// `STATX_BASIC_STATS`.
const BASIC: u32 = 0x7ff;

/// Who a device belongs to, and where it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Owner {
    pub(super) user: u32,
    pub(super) group: u32,
    /// The file system of `/dev`.
    pub(super) file_system: u64,
}

/// A number of a file in `/dev` that no other file has.
fn inode(node: Node) -> u64 {
    let (major, minor) = node.numbers();
    1 << 40 | u64::from(major) << 20 | u64::from(minor)
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

/// A `struct stat`.
pub(super) fn stat(node: Node, owner: Owner) -> Vec<u8> {
    let (major, minor) = node.numbers();
    let links: libc::nlink_t = 1;
    lay_out!(libc::stat {
        st_dev: owner.file_system,
        st_ino: inode(node),
        st_nlink: links,
        st_mode: MODE,
        st_uid: owner.user,
        st_gid: owner.group,
        st_rdev: makedev(major, minor),
        st_blksize: BLOCK_SIZE,
    })
}

/// A `struct statx`.
pub(super) fn statx(node: Node, owner: Owner) -> Vec<u8> {
    let (node_major, node_minor) = node.numbers();
    lay_out!(libc::statx {
        stx_mask: BASIC,
        stx_blksize: BLOCK_SIZE,
        stx_nlink: 1_u32,
        stx_uid: owner.user,
        stx_gid: owner.group,
        stx_mode: (MODE as u16),
        stx_ino: inode(node),
        stx_rdev_major: node_major,
        stx_rdev_minor: node_minor,
        stx_dev_major: major(owner.file_system),
        stx_dev_minor: minor(owner.file_system),
    })
}
