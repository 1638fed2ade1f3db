//! The tree beside a made-up machine, so that what the tests see does not depend on the one that they run on.

use std::fs;
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tempfile::TempDir;

use super::{Seen, VirtualFiles};
use crate::virtual_bus::Node;

struct Setup {
    files: VirtualFiles,
    real: TempDir,
    parent: TempDir,
}

/// A machine with a bus 1 and a bus 4 of its own, and without any GPIO chip.
fn setup() -> Setup {
    let (real, parent) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let dev = real.path().join("dev");
    fs::create_dir(&dev).unwrap();
    for name in ["null", "i2c-1", "i2c-4"] {
        fs::write(dev.join(name), "").unwrap();
    }
    for bus in ["i2c-1", "i2c-4"] {
        let device = real.path().join("sys/devices/platform/real").join(bus);
        fs::create_dir_all(device.join("power")).unwrap();
        fs::write(device.join("name"), "real\n").unwrap();
        let class = real.path().join("sys/class/i2c-dev");
        fs::create_dir_all(&class).unwrap();
        symlink(device, class.join(bus)).unwrap();
    }
    fs::create_dir(real.path().join("sys/bus")).unwrap();
    fs::create_dir_all(real.path().join("sys/dev/char")).unwrap();
    let files = files(&real, &parent);
    Setup { files, real, parent }
}

fn files(real: &TempDir, parent: &TempDir) -> VirtualFiles {
    let nodes = [Node::Bus(1), Node::Bus(7), Node::GpioChip].into_iter();
    VirtualFiles::beside(real.path(), parent.path(), nodes).unwrap()
}

impl Setup {
    fn lookup(&self, path: &str) -> Seen {
        self.files.lookup(Path::new(path), true)
    }

    fn real(&self, path: &str) -> PathBuf {
        match self.lookup(path) {
            Seen::Real(real) => real,
            seen => panic!("{path}: {seen:?}"),
        }
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.real(path)).unwrap()
    }

    fn list(&self, path: &str) -> Vec<String> {
        let names = fs::read_dir(self.real(path)).unwrap();
        let mut names: Vec<_> = names.map(|n| n.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// What `readlink` gives.
    fn target(&self, path: &str) -> PathBuf {
        match self.files.lookup(Path::new(path), false) {
            Seen::Real(real) => fs::read_link(real).unwrap(),
            seen => panic!("{path}: {seen:?}"),
        }
    }
}

#[test]
fn a_path_leads_to_a_simulated_device_however_it_is_written() {
    let setup = setup();
    let paths =
        ["/dev/i2c-1", "//dev//i2c-1", "/dev/./i2c-1", "/sys/../dev/i2c-1", "/home/me/../../dev/i2c-1"];
    for path in paths {
        assert_eq!(setup.lookup(path), Seen::Device(Node::Bus(1)), "{path}");
    }
    assert_eq!(setup.lookup("/dev/i2c-7"), Seen::Device(Node::Bus(7)));
    assert_eq!(setup.lookup("/dev/gpiochip0"), Seen::Device(Node::GpioChip));
    assert_eq!(setup.files.lookup(Path::new("/dev/i2c-1"), false), Seen::Device(Node::Bus(1)));
}

#[test]
fn everything_else_is_what_it_was() {
    let setup = setup();
    let paths = ["/", "/etc/passwd", "/dev/null", "/dev/i2c-4", "/dev/i2c-70", "/dev/gpiochip1", "/sys"];
    for path in paths.into_iter().chain(["/sys/class/i2c-dev/i2c-4/name", "/device", "dev/i2c-1", ""]) {
        assert_eq!(setup.lookup(path), Seen::NotOurs, "{path}");
    }
}

#[test]
fn dev_lists_real_and_simulated_devices() {
    let setup = setup();
    assert_eq!(setup.list("/dev"), ["gpiochip0", "i2c-1", "i2c-4", "i2c-7", "null"]);
    let dev = setup.real("/dev");
    assert_eq!(fs::read_link(dev.join("null")).unwrap(), setup.real.path().join("dev/null"));
    // Where the file system of the tests lets us, a listing shows the type too.
    let placeholder = fs::symlink_metadata(dev.join("i2c-1")).unwrap();
    assert!(placeholder.file_type().is_char_device() || placeholder.len() == 0);
}

#[test]
fn dev_is_never_stale() {
    let setup = setup();
    setup.list("/dev");
    fs::write(setup.real.path().join("dev/video0"), "").unwrap();
    fs::remove_file(setup.real.path().join("dev/i2c-4")).unwrap();
    fs::remove_file(setup.real.path().join("dev/i2c-1")).unwrap();
    assert_eq!(setup.list("/dev"), ["gpiochip0", "i2c-1", "i2c-7", "null", "video0"]);
}

#[test]
fn i2cdetect_finds_the_buses_and_their_names() {
    let setup = setup();
    assert_eq!(setup.list("/sys/class/i2c-dev"), ["i2c-1", "i2c-4", "i2c-7"]);
    assert_eq!(setup.text("/sys/class/i2c-dev/i2c-1/name"), "mlsensor simulated bus 1\n");
    assert_eq!(setup.text("/sys/class/i2c-dev/i2c-7/device/name"), "mlsensor simulated bus 7\n");
    assert_eq!(setup.text("/sys/class/i2c-dev/i2c-7/dev"), "89:7\n");
    assert_eq!(setup.text("/sys/bus/i2c/devices/i2c-7/name"), "mlsensor simulated bus 7\n");
}

#[test]
fn nothing_is_seen_of_a_real_bus_of_the_same_name() {
    let setup = setup();
    let hidden = setup.real("/sys/class/i2c-dev/i2c-1/power");
    assert!(!hidden.exists(), "{hidden:?}");
    let listed = setup.real("/sys/class/i2c-dev").join("i2c-1/name");
    assert_eq!(fs::read_to_string(listed).unwrap(), "mlsensor simulated bus 1\n", "by a directory's file");
    assert_eq!(fs::read_to_string(setup.real("/sys/class/i2c-dev").join("i2c-4/name")).unwrap(), "real\n");
}

#[test]
fn a_gpio_chip_is_what_libgpiod_takes_for_one() {
    let setup = setup();
    // Version 1 compares the numbers with those of stat, version 2 asks where the subsystem leads to.
    assert_eq!(setup.text("/sys/bus/gpio/devices/gpiochip0/dev"), "254:0\n");
    assert_eq!(setup.files.stat(Node::GpioChip).numbers, (254, 0));
    assert_eq!(real_path(&setup, "/sys/dev/char/254:0/subsystem"), Path::new("/sys/bus/gpio"));
    assert!(setup.real("/sys/bus/gpio").is_dir());
}

/// `realpath` of the C library: link by link.
fn real_path(setup: &Setup, path: &str) -> PathBuf {
    let mut done = PathBuf::from("/");
    let mut left: Vec<String> = path[1..].split('/').rev().map(str::to_owned).collect();
    while let Some(name) = left.pop() {
        if name == ".." {
            done.pop();
            continue;
        }
        done.push(&name);
        if let Seen::Real(real) = setup.files.lookup(&done, false) {
            if let Ok(target) = fs::read_link(&real) {
                done.pop();
                left.extend(target.to_str().unwrap().split('/').rev().map(str::to_owned));
            }
        }
    }
    done
}

#[test]
fn links_are_the_kernels_and_are_told_from_what_they_lead_to() {
    let setup = setup();
    let target = setup.target("/sys/class/i2c-dev/i2c-7");
    assert_eq!(target, Path::new("../../../sys/devices/platform/mlsensor/i2c-7/i2c-dev/i2c-7"));
    let subsystem = setup.lookup("/sys/class/i2c-dev/i2c-7/subsystem");
    assert_eq!(subsystem, setup.lookup("/sys/class/i2c-dev"));
}

#[test]
fn a_link_of_ours_leads_to_real_files_too() {
    let setup = setup();
    let found = setup.lookup("/sys/class/i2c-dev/i2c-7/subsystem/i2c-4/name");
    assert_eq!(found, Seen::Real("/sys/class/i2c-dev/i2c-4/name".into()));
}

#[test]
fn a_directory_with_all_of_ours_in_it_is_left_alone() {
    let (real, parent) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    fs::create_dir(real.path().join("dev")).unwrap();
    for name in ["i2c-1", "i2c-7", "gpiochip0"] {
        fs::write(real.path().join("dev").join(name), "").unwrap();
    }
    let files = files(&real, &parent);
    assert_eq!(files.lookup(Path::new("/dev"), true), Seen::NotOurs);
    assert_eq!(files.lookup(Path::new("/dev/i2c-1"), true), Seen::Device(Node::Bus(1)));
}

#[test]
fn a_directory_is_known_by_the_name_that_the_program_gave() {
    let setup = setup();
    assert_eq!(setup.files.virtual_path_of(&setup.real("/dev")), Some("/dev".into()));
    let name = setup.real("/sys/class/i2c-dev/i2c-1/name");
    let home = "/sys/devices/platform/mlsensor/i2c-1/i2c-dev/i2c-1/name";
    assert_eq!(setup.files.virtual_path_of(&name), Some(home.into()));
    assert_eq!(setup.files.virtual_path_of(Path::new("/dev")), None);
    assert_eq!(setup.files.virtual_path_of(setup.parent.path()), None);
}

#[test]
fn the_private_directory_is_private_and_ends_with_its_owner() {
    let setup = setup();
    let root = setup.files.root().to_owned();
    assert_eq!(fs::metadata(&root).unwrap().permissions().mode() & 0o777, 0o700);
    drop(setup.files);
    assert!(!root.exists());
    assert_eq!(fs::read_dir(setup.parent.path()).unwrap().count(), 0);
    assert!(setup.real.path().join("dev/null").exists(), "links were removed, not what they lead to");
}

#[test]
fn what_a_killed_process_left_behind_is_swept_away_and_nothing_else() {
    let setup = setup();
    let parent = setup.parent.path();
    let (left, others) = (parent.join("mlsensor-files-left"), parent.join("others"));
    for path in [&left, &others] {
        fs::create_dir_all(path.join("dev")).unwrap();
        symlink(setup.real.path().join("dev"), path.join("dev/link")).unwrap();
    }
    symlink(setup.real.path(), parent.join("mlsensor-files-link")).unwrap();
    let second = files(&setup.real, &setup.parent);
    assert!(!left.exists());
    assert!(others.exists());
    assert!(setup.files.root().exists(), "it is in use");
    assert_ne!(second.root(), setup.files.root());
    assert!(setup.real.path().join("dev/null").exists());
}

#[test]
fn a_device_looks_like_one_and_is_like_no_other() {
    let setup = setup();
    let (bus, chip) = (setup.files.stat(Node::Bus(7)), setup.files.stat(Node::GpioChip));
    assert_eq!(bus.mode, 0o020_660);
    assert_eq!(bus.numbers, (89, 7));
    assert_ne!(bus.inode, chip.inode);
    assert_ne!(bus.inode, setup.files.stat(Node::Bus(1)).inode);
    assert_eq!(bus.user, rustix::process::geteuid().as_raw());
    assert_eq!(bus.file_system, chip.file_system);
}

fn name() -> impl Strategy<Value = String> {
    let known = ["dev", "sys", "class", "i2c-dev", "i2c-1", "char", "254:0", "subsystem", "bus", "gpio"];
    prop_oneof![
        4 => proptest::sample::select(known.to_vec()).prop_map(str::to_owned),
        2 => proptest::sample::select(vec!["..", ".", "", "device", "devices"]).prop_map(str::to_owned),
        1 => "[a-z]{1,3}",
    ]
}

/// An independent oracle: the file system itself, where all of ours is laid out, links included.
#[test]
fn any_path_leads_to_where_the_file_system_says() {
    // Nothing is really there: all is ours.
    let (real, parent) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let files = files(&real, &parent);
    proptest!(|(names in proptest::collection::vec(name(), 0..9))| {
        // Above the root directory is the root directory, but not above the private one.
        let depth = |name: &String| match name.as_str() { "" | "." => 0, ".." => -1, _ => 1 };
        let depths = names.iter().map(depth).scan(0, |sum, step| { *sum += step; Some(*sum) });
        prop_assume!(depths.min() >= Some(0) || names.is_empty());
        let path = names.join("/");
        let seen = files.lookup(&Path::new("/").join(&path), true);
        match files.root().join(path.trim_start_matches('/')).canonicalize() {
            Ok(place) if place == files.root() => prop_assert_eq!(seen, Seen::NotOurs),
            Ok(place) => match seen {
                Seen::Real(found) => prop_assert_eq!(found, place),
                Seen::Device(node) => prop_assert_eq!(files.root().join(&node.path()[1..]), place),
                Seen::NotOurs => prop_assert!(false, "{} is ours", path),
            },
            // The kernel does not go back from what is not there.
            Err(_) if path.contains("..") => {}
            Err(_) => prop_assert!(!matches!(seen, Seen::Real(found) if found.exists())),
        }
    });
}

#[test]
fn no_path_is_too_odd() {
    let setup = setup();
    proptest!(|(path in "[/.a-z0-9:-]{0,80}", follows: bool)| {
        let _ = setup.files.lookup(Path::new(&path), follows);
        let _ = setup.files.virtual_path_of(Path::new(&path));
    });
}
