//! Which paths there are beside the real ones, and where the links among them lead: no I/O.

use std::collections::{BTreeMap, VecDeque};
use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};

use super::Seen;
use crate::virtual_bus::Node;

/// So many links are followed on a path, as by the kernel.
const LINKS_MAX: u32 = 40;

/// The directory of all simulated devices in sysfs.
const HOME: &str = "/sys/devices/platform/mlsensor";

/// What is at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    Device(Node),
    File(String),
    /// Relative, as the kernel's.
    Link(PathBuf),
    Directory,
}

/// All paths that are ours, with the directories on the way to them.
#[derive(Debug)]
pub(super) struct Tree {
    entries: BTreeMap<PathBuf, Entry>,
}

/// A path without `.`, `..` and links of ours.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    /// Whether a link of ours was on the way.
    is_by_link: bool,
}

impl Found {
    /// What is really at this path: the kernel finds it by itself, unless a link of ours was on the way.
    pub(super) fn unless_direct(self) -> Seen {
        if self.is_by_link { Seen::Real(self.path) } else { Seen::NotOurs }
    }
}

impl Tree {
    pub(super) fn new(nodes: impl Iterator<Item = Node>) -> Tree {
        let mut tree = Tree { entries: BTreeMap::new() };
        for node in nodes {
            tree.add(Path::new(&node.path()), Entry::Device(node));
            match node {
                Node::Bus(number) => tree.add_bus(number),
                Node::GpioChip => tree.add_chip(),
            }
        }
        tree
    }

    /// What sysfs tells of a bus: of its adapter, and of its device.
    fn add_bus(&mut self, number: u32) {
        let name = format!("mlsensor simulated bus {number}\n");
        let adapter = format!("{HOME}/i2c-{number}");
        self.add_file(&adapter, "name", &name);
        self.add_file(&adapter, "uevent", "");
        self.add_link(&format!("{adapter}/subsystem"), "/sys/bus/i2c");
        self.add_link(&format!("/sys/bus/i2c/devices/i2c-{number}"), &adapter);

        let device = format!("{adapter}/i2c-dev/i2c-{number}");
        self.add_file(&device, "name", &name);
        self.add_link(&format!("{device}/device"), &adapter);
        self.add_link(&format!("{device}/subsystem"), "/sys/class/i2c-dev");
        self.add_link(&format!("/sys/class/i2c-dev/i2c-{number}"), &device);
        self.add_numbers(&device, Node::Bus(number), &format!("i2c-{number}"));
    }

    fn add_chip(&mut self) {
        let device = format!("{HOME}/gpiochip0");
        self.add_link(&format!("{device}/subsystem"), "/sys/bus/gpio");
        self.add_link("/sys/bus/gpio/devices/gpiochip0", &device);
        self.add_numbers(&device, Node::GpioChip, "gpiochip0");
    }

    fn add_numbers(&mut self, device: &str, node: Node, name: &str) {
        let (major, minor) = node.numbers();
        self.add_file(device, "dev", &format!("{major}:{minor}\n"));
        self.add_file(device, "uevent", &format!("MAJOR={major}\nMINOR={minor}\nDEVNAME={name}\n"));
        self.add_link(&format!("/sys/dev/char/{major}:{minor}"), device);
    }

    fn add_file(&mut self, directory: &str, name: &str, text: &str) {
        self.add(&Path::new(directory).join(name), Entry::File(text.to_owned()));
    }

    fn add_link(&mut self, path: &str, target: &str) {
        let up = Path::new(path).components().count().saturating_sub(2);
        let relative = "../".repeat(up) + target.trim_start_matches('/');
        self.add(Path::new(path), Entry::Link(relative.into()));
        // What a link of ours leads to is there, if not really, then as a directory of ours.
        self.entries.entry(target.into()).or_insert(Entry::Directory);
        self.add_ways_to(Path::new(target));
    }

    fn add(&mut self, path: &Path, entry: Entry) {
        self.add_ways_to(path);
        self.entries.insert(path.to_owned(), entry);
    }

    fn add_ways_to(&mut self, path: &Path) {
        for way in path.ancestors().skip(1) {
            self.entries.entry(way.to_owned()).or_insert(Entry::Directory);
        }
    }

    pub(super) fn get(&self, path: &Path) -> Option<&Entry> {
        self.entries.get(path)
    }

    /// All of them, directories before what is in them.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&Path, &Entry)> {
        self.entries.iter().map(|(path, entry)| (&**path, entry))
    }

    /// The names of what is in a directory.
    pub(super) fn names_in<'a>(&'a self, directory: &'a Path) -> impl Iterator<Item = &'a OsStr> {
        let is_in = move |path: &&PathBuf| path.parent() == Some(directory);
        self.entries.keys().filter(is_in).filter_map(|path| path.file_name())
    }

    /// The last entry on the way to a path.
    pub(super) fn nearest<'a>(&self, path: &'a Path) -> &'a Path {
        path.ancestors().find(|way| self.entries.contains_key(*way)).unwrap_or(Path::new("/"))
    }

    /// Whether a path can lead to something of ours: tells quickly that most do not.
    pub(super) fn may_hold(&self, path: &Path) -> bool {
        let mut components = path.components();
        components.next() == Some(Component::RootDir)
            && components.next().is_some_and(|first| match first {
                Component::Normal(name) => self.entries.contains_key(&Path::new("/").join(name)),
                _ => true,
            })
            || path.components().any(|component| component == Component::ParentDir)
    }

    /// Follows the links of ours on a path, and its `..`.
    pub(super) fn resolve(&self, path: &Path, follows: bool) -> Found {
        let mut found = Found { path: PathBuf::from("/"), is_by_link: false };
        let mut links = 0;
        let mut left: VecDeque<OsString> = path.components().filter_map(name).collect();
        while let Some(name) = left.pop_front() {
            if name == ".." {
                found.path.pop();
                continue;
            }
            let next = found.path.join(&name);
            match self.entries.get(&next) {
                Some(Entry::Link(target)) if (follows || !left.is_empty()) && links < LINKS_MAX => {
                    links += 1;
                    found.is_by_link = true;
                    target.components().rev().filter_map(self::name).for_each(|name| left.push_front(name));
                }
                _ => found.path = next,
            }
        }
        found
    }
}

fn name(component: Component<'_>) -> Option<OsString> {
    match component {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        _ => None,
    }
}
