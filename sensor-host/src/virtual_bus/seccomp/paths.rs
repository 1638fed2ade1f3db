//! From a path of the program to a simulated device: relative paths, other names of `/dev`, and symbolic links.
//!
//! Links of the program's own are followed if they are the last component, or if all that is before a device's name leads
//! to `/dev`.

use std::ffi::{OsStr, OsString};
use std::fs::Metadata;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, readlinkat, stat};

use super::super::Node;
use super::super::files::{Seen, VirtualFiles};
use super::calls::AT_FDCWD;
use super::trapped::PathAt;
use super::unlinked;

/// Links that lead on to links are followed so often, as the kernel does.
const MOST_LINKS: usize = 40;

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// A simulated device.
    Device {
        /// Which.
        node: Node,
        /// The path ended in a symbolic link.
        by_link: bool,
    },
    /// A file that stands in for what the path names.
    Instead(PathBuf),
    /// A file that is open, through its number in `/proc`: perhaps one of ours.
    OpenFile {
        /// What the link of that number says.
        link: Vec<u8>,
    },
    /// A device, as if it were a directory.
    NotDirectory,
    /// What is really there, beside files of ours: a listing of those shows a link to it.
    Beside(PathBuf),
    /// Nothing of ours.
    Other,
}

/// `i2c-1`, `gpiochip0`: whether this is the name of a device as they are simulated.
fn is_device_name(name: &[u8]) -> bool {
    [&b"i2c-"[..], b"gpiochip"].iter().any(|prefix| {
        name.strip_prefix(*prefix).is_some_and(|n| !n.is_empty() && n.iter().all(u8::is_ascii_digit))
    })
}

/// Whether a directory is `/dev`, by whatever name.
fn is_dev(directory: &Path) -> bool {
    if directory.as_os_str() == "/dev" {
        return true;
    }
    match (stat(directory), stat("/dev")) {
        (Ok(a), Ok(b)) => (a.st_dev, a.st_ino) == (b.st_dev, b.st_ino),
        _ => false,
    }
}

/// Whether a link of `/proc/PID/fd` may be that of a file of ours: none of these is a path that leads anywhere.
fn is_of_open_file(link: &[u8]) -> bool {
    link.starts_with(b"socket:[") || unlinked::may_be(link)
}

/// The same path, absolute, and with what it says of the program itself named.
fn absolute(files: &VirtualFiles, thread: u32, root: &Path, path: &[u8], directory: i32) -> Option<PathBuf> {
    for (prefix, place) in [(&b"/proc/self/"[..], ""), (b"/proc/thread-self/", ""), (b"/dev/fd/", "fd/")] {
        if let Some(rest) = path.strip_prefix(prefix) {
            return Some(Path::new(&format!("/proc/{thread}/{place}")).join(OsStr::from_bytes(rest)));
        }
    }
    let path = Path::new(OsStr::from_bytes(path));
    if path.is_absolute() {
        return Some(root.join(path.strip_prefix("/").unwrap_or(path)));
    }
    let base = base_of(thread, directory)?;
    let base = files.virtual_path_of(&base).unwrap_or(base);
    base.is_absolute().then(|| base.join(path))
}

/// The directory that a thread's relative paths begin at.
fn base(thread: u32, directory: i32) -> String {
    if directory as u32 == AT_FDCWD {
        format!("/proc/{thread}/cwd")
    } else {
        format!("/proc/{thread}/fd/{directory}")
    }
}

/// The same, by its own path.
fn base_of(thread: u32, directory: i32) -> Option<PathBuf> {
    let base = readlinkat(CWD, base(thread, directory), Vec::with_capacity(256)).ok()?;
    Some(OsString::from_vec(base.into_bytes()).into())
}

/// Whether the kernel, left alone, finds by a thread's path what stands in for it, or the directory that it stands in for.
pub(super) fn is_found_by_kernel(
    files: &VirtualFiles,
    thread: u32,
    path: &[u8],
    at: PathAt,
    instead: &Path,
) -> bool {
    let by_kernel = match path.first() {
        Some(b'/') => absolute(files, thread, &root(thread), path, at.directory),
        _ => Some(Path::new(&base(thread, at.directory)).join(OsStr::from_bytes(path))),
    };
    let look = |path: &Path| if at.follows { path.metadata() } else { path.symlink_metadata() }.ok();
    let same = |a: &Metadata, b: &Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
    by_kernel.as_deref().and_then(look).is_some_and(|found| {
        let stands_in_for = || files.virtual_path_of(instead).as_deref().and_then(look);
        look(instead).is_some_and(|instead| same(&found, &instead))
            || found.is_dir() && stands_in_for().is_some_and(|directory| same(&found, &directory))
    })
}

/// The root directory of a thread: another one after `chroot`.
fn root(thread: u32) -> PathBuf {
    let root = readlinkat(CWD, format!("/proc/{thread}/root"), Vec::with_capacity(256));
    root.map_or_else(|_| "/".into(), |root| OsString::from_vec(root.into_bytes()).into())
}

/// What a path of a thread leads to.
pub(super) fn find(files: &VirtualFiles, thread: u32, path: &[u8], at: PathAt) -> Found {
    let found = find_below(Path::new("/"), files, thread, path, at);
    if found == Found::Other {
        return found;
    }
    // Looked at only now: most paths lead elsewhere.
    let root = root(thread);
    if root == Path::new("/") { found } else { find_below(&root, files, thread, path, at) }
}

/// The same, for a thread with this root directory.
fn find_below(root: &Path, files: &VirtualFiles, thread: u32, path: &[u8], at: PathAt) -> Found {
    if path.is_empty() {
        return Found::Other;
    }
    let Some(mut reached) = absolute(files, thread, root, path, at.directory) else {
        return Found::Other;
    };
    let mut by_link = false;
    for _ in 0..MOST_LINKS {
        match files.lookup(&reached, at.follows) {
            Seen::Device(_) if path.ends_with(b"/") || path.ends_with(b"/.") => return Found::NotDirectory,
            Seen::Device(node) => return Found::Device { node, by_link },
            Seen::Real(instead) => return Found::Instead(instead),
            Seen::NotOurs => {}
        }
        let (Some(name), Some(parent)) = (reached.file_name(), reached.parent()) else {
            return Found::Other;
        };
        if is_device_name(name.as_bytes()) && is_dev(parent) {
            return match files.lookup(&Path::new("/dev").join(name), at.follows) {
                Seen::Device(node) => Found::Device { node, by_link },
                _ => Found::Other,
            };
        }
        if !at.follows && !reached.starts_with("/proc") {
            let is_beside = || files.virtual_path_of(&base_of(thread, at.directory)?);
            return if !path.starts_with(b"/") && is_beside().is_some() {
                Found::Beside(reached)
            } else {
                Found::Other
            };
        }
        let Ok(link) = readlinkat(CWD, &reached, Vec::with_capacity(256)) else {
            return Found::Other;
        };
        let link = link.as_bytes();
        if is_of_open_file(link) {
            return Found::OpenFile { link: link.to_owned() };
        } else if !at.follows {
            return Found::Other;
        }
        by_link = true;
        reached = match link.first() {
            Some(b'/') => match absolute(files, thread, root, link, 0) {
                Some(reached) => reached,
                None => return Found::Other,
            },
            _ => parent.join(OsStr::from_bytes(link)),
        };
    }
    Found::Other
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_names_of_devices_are_looked_at() {
        for (name, is) in [
            (&b"i2c-1"[..], true),
            (b"i2c-", false),
            (b"i2c-1x", false),
            (b"gpiochip0", true),
            (b"gpiochip", false),
            (b"i2c", false),
            (b"", false),
        ] {
            assert_eq!(is_device_name(name), is, "{}", String::from_utf8_lossy(name));
        }
    }

    #[test]
    fn links_and_other_names_of_the_directory_lead_to_the_device() {
        let thread = std::process::id();
        let folder = std::env::temp_dir().join(format!("mlsensor-paths-{thread}"));
        std::fs::create_dir_all(&folder).unwrap();
        let files = VirtualFiles::new([Node::Bus(7)].into_iter()).unwrap();
        let here = |path: &Path, follows| {
            let at = PathAt { directory: AT_FDCWD as i32, at: 0, follows, may_be_empty: false };
            find(&files, thread, path.as_os_str().as_bytes(), at)
        };
        let link = |name: &str, target: &str| {
            let path = folder.join(name);
            let _ = std::fs::remove_file(&path);
            std::os::unix::fs::symlink(target, &path).unwrap();
            path
        };
        let device = |by_link| Found::Device { node: Node::Bus(7), by_link };

        assert_eq!(here(Path::new("/dev/i2c-7"), true), device(false));
        assert_eq!(here(Path::new("/dev/../dev/./i2c-7"), true), device(false));
        assert_eq!(here(&link("bus", "/dev/i2c-7"), true), device(true));
        assert_eq!(here(&link("bus2", "bus"), true), device(true));
        assert_eq!(here(&folder.join("bus"), false), Found::Other, "lstat sees the link itself");
        assert_eq!(here(&link("dir", "/dev").join("i2c-7"), false), device(false));
        assert_eq!(here(&link("loop", "loop"), true), Found::Other);
        assert_eq!(here(&folder.join("i2c-7"), true), Found::Other, "another directory");
        assert_eq!(here(Path::new("/dev/i2c-8"), true), Found::Other, "no such bus");
        assert_eq!(here(Path::new("/dev/i2c-7/"), true), Found::NotDirectory);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    fn any_path() -> impl Strategy<Value = Vec<u8>> {
        let known = [
            "", ".", "..", "dev", "i2c-7", "sys", "class", "i2c-dev", "bus", "proc", "self", "fd", "0", "cwd",
        ];
        let name = prop_oneof![
            9 => prop::sample::select(known.to_vec()).prop_map(|name| name.as_bytes().to_vec()),
            1 => prop::collection::vec(1_u8.., 0..300),
        ];
        prop::collection::vec(name, 0..12).prop_map(|names| names.join(&b'/'))
    }

    #[test]
    fn any_path_ends_in_an_answer() {
        let files = VirtualFiles::new([Node::Bus(7)].into_iter()).unwrap();
        let thread = std::process::id();
        let directory = prop_oneof![Just(AT_FDCWD as i32), 0..10, any::<i32>()];
        proptest!(|(path in any_path(), directory in directory, follows in any::<bool>())| {
            let at = PathAt { directory, at: 0, follows, may_be_empty: false };
            let found = find(&files, thread, &path, at);
            if let Found::Instead(instead) = &found {
                is_found_by_kernel(&files, thread, &path, at, instead);
            }
            if let Found::Device { .. } = found {
                prop_assert!(path.ends_with(b"i2c-7") || path.contains(&b'.'), "{path:?}");
            }
        });
    }
}
