//! What a program sees of paths: the simulated devices in `/dev`, and what sysfs tells of them.
//!
//! Programs list `/dev` to find a GPIO chip, and `/sys/class/i2c-dev` to find buses. So there is a private directory with
//! real files, directories and links in it, which stands in for those directories: what is there really is there too, by
//! links, and the simulated devices beside it. Front ends ask [`VirtualFiles::lookup`] for each path, and open or stat
//! what they are told instead.
//!
//! # Guarantees
//! * A simulated device hides a real one of the same name, with all that sysfs tells of it; everything else stays visible.
//! * Nothing outside of the private directory is changed. It is for its owner alone, gone when this is dropped, and if a
//!   process was killed, the next one sweeps it away.
//! * Any path ends in an answer.
//!
//! A link that a program makes itself, and that leads to a simulated device, is not followed: it leads to what is really
//! there.

mod mirror;
#[cfg(test)]
mod tests;
mod tree;

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::Node;
use mirror::Mirror;
pub(super) use mirror::make as private_directory;
use tree::{Entry, Tree};

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// A simulated device.
    Device(Node),
    /// This path, which is to be opened, read or looked at instead. It may not exist: then the one that was asked for
    /// does not either.
    Real(PathBuf),
    /// What it always leads to.
    NotOurs,
}

/// What `stat` tells of a simulated device. Its times are those of [`DeviceStat::seconds`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceStat {
    /// `st_mode`: a character device that its owner and its group may read and write.
    pub mode: u32,
    /// `st_rdev`: major and minor.
    pub numbers: (u32, u32),
    /// `st_dev`: major and minor of the file system of `/dev`.
    pub file_system: (u32, u32),
    /// `st_ino`.
    pub inode: u64,
    /// `st_uid`.
    pub user: u32,
    /// `st_gid`.
    pub group: u32,
    /// `st_atime`, `st_mtime` and `st_ctime`: when the devices were made, in seconds since 1970.
    pub seconds: i64,
}

/// The files that a program sees beside the real ones.
#[derive(Debug)]
pub struct VirtualFiles {
    tree: Tree,
    mirror: Mirror,
    file_system: (u32, u32),
    owner: (u32, u32),
    seconds: i64,
}

impl VirtualFiles {
    /// Makes the files of these devices, in a private directory in the directory for temporary files.
    ///
    /// # Errors
    /// If the directory cannot be made or filled.
    pub fn new(nodes: impl Iterator<Item = Node>) -> io::Result<VirtualFiles> {
        VirtualFiles::beside(Path::new("/"), &std::env::temp_dir(), nodes)
    }

    /// The same beside other files than those of the root directory, and with the private directory in another one.
    ///
    /// # Errors
    /// If the directory cannot be made or filled.
    pub fn beside(real: &Path, parent: &Path, nodes: impl Iterator<Item = Node>) -> io::Result<VirtualFiles> {
        let tree = Tree::new(nodes);
        let mirror = Mirror::new(&tree, real, parent)?;
        let made = std::fs::metadata(mirror.root())?;
        let device = std::fs::metadata(real.join("dev")).map_or(made.dev(), |dev| dev.dev());
        let file_system = (rustix::fs::major(device), rustix::fs::minor(device));
        Ok(VirtualFiles { tree, mirror, file_system, owner: (made.uid(), made.gid()), seconds: made.mtime() })
    }

    /// What an absolute path leads to. If it ends in a link, `follows` says whether that is followed, as most calls do;
    /// `lstat`, `readlink` and an open with `O_NOFOLLOW` do not.
    #[must_use]
    pub fn lookup(&self, path: &Path, follows: bool) -> Seen {
        if !self.tree.may_hold(path) {
            return Seen::NotOurs;
        }
        let found = self.tree.resolve(path, follows);
        match self.tree.get(&found.path) {
            Some(Entry::Device(node)) => Seen::Device(*node),
            Some(Entry::Directory) if self.mirror.is_mirrored(&found.path) => {
                self.mirror.refresh(&self.tree, &found.path);
                Seen::Real(self.mirror.place(&found.path))
            }
            Some(Entry::Directory) if self.mirror.is_shared(&found.path) => found.unless_direct(),
            Some(_) => Seen::Real(self.mirror.place(&found.path)),
            None if self.mirror.is_shared(self.tree.nearest(&found.path)) => found.unless_direct(),
            None => Seen::Real(self.mirror.place(&found.path)),
        }
    }

    /// The path that a program knows a file of the private directory by: such as `/dev` for the directory that it was
    /// given when it opened that. `None` for all other files.
    #[must_use]
    pub fn virtual_path_of(&self, real: &Path) -> Option<PathBuf> {
        Some(Path::new("/").join(real.strip_prefix(self.mirror.root()).ok()?))
    }

    /// The private directory.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.mirror.root()
    }

    /// What `stat` tells of a device: it belongs to who runs this, so that a program that looks at rights is content.
    #[must_use]
    pub fn stat(&self, node: Node) -> DeviceStat {
        let (major, minor) = node.numbers();
        DeviceStat {
            mode: rustix::fs::FileType::CharacterDevice.as_raw_mode() | 0o660,
            numbers: (major, minor),
            file_system: self.file_system,
            // Far from those that devtmpfs gives, which counts from 1.
            inode: 0x6D6C_0000_0000 | u64::from(major) << 20 | u64::from(minor & 0xF_FFFF),
            user: self.owner.0,
            group: self.owner.1,
            seconds: self.seconds,
        }
    }
}
