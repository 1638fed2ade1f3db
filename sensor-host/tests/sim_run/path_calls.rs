//! Calls that name a device or a directory by a path, and do not open it to use it.

use std::process::Command;

use crate::{finish, prints, sim_run, text};

/// Prints the errno of each call, 0 for none.
const ERRNO: &str = "import os, stat\n\
    def errno(call):\n\
    \ttry: call()\n\
    \texcept OSError as error: return error.errno\n\
    \treturn 0\n";

#[test]
fn a_file_that_is_open_for_its_path_alone_leads_on_to_the_devices() {
    let script = "import os, stat\n\
        here = os.O_PATH | os.O_CLOEXEC\n\
        for path in ['/dev', '/sys/bus', '/sys/bus/gpio', '/sys/class', '/sys/class/i2c-dev', '/sys/dev/char',\n\
                     '/sys/devices/platform', '/sys/class/i2c-dev/i2c-1/name', '/sys/class/i2c-dev/i2c-1']:\n\
        \tos.close(os.open(path, here))\n\
        walk = lambda begin, *names: [begin := os.open(name, here | os.O_NOFOLLOW, dir_fd=begin) for name in names][-1]\n\
        root = os.open('/', here)\n\
        dev = walk(root, 'dev')\n\
        null = os.fstat(walk(dev, 'null'))\n\
        print(stat.S_ISCHR(null.st_mode), null.st_rdev == os.stat('/dev/null').st_rdev)\n\
        print(stat.S_ISCHR(os.stat('i2c-1', dir_fd=dev).st_mode), 'i2c-1' in os.listdir(os.open('.', 0, dir_fd=dev)))\n\
        bus = walk(root, 'sys', 'class', 'i2c-dev')\n\
        print(os.read(os.open('i2c-1/name', 0, dir_fd=bus), 100))";
    let expected = "True True\nTrue True\nb'mlsensor simulated bus 1\\n'\n";
    assert_eq!(prints(&[], "python3", &["-c", script]), expected);
}

#[test]
fn udev_tells_of_other_devices_what_it_tells_without_a_simulation() {
    let Ok(without) = Command::new("udevadm").args(["info", "/dev/null"]).output() else { return };
    let mut command = sim_run(&["--quiet"]);
    command.args(["udevadm", "info", "/dev/null"]);
    let with = finish(command);
    assert_eq!((text(&with.stdout), text(&with.stderr)), (text(&without.stdout), text(&without.stderr)));
}

#[test]
fn a_device_keeps_its_name_and_its_rights_may_be_set() {
    let script = ERRNO.to_owned()
        + "bus = '/dev/i2c-1'\n\
        print([errno(call) for call in [\n\
        \tlambda: os.chmod(bus, 0o666), lambda: os.chown(bus, 0, 0), lambda: os.lchown(bus, 0, 0),\n\
        \tlambda: os.chown('i2c-1', 0, 0, dir_fd=os.open('/dev', 0)), lambda: os.utime(bus),\n\
        \tlambda: os.truncate(bus, 0), lambda: os.mknod(bus, 0o600 | stat.S_IFCHR, os.makedev(89, 1)),\n\
        \tlambda: os.rename(bus, '/dev/i2c-9'), lambda: os.rename('/etc/hostname', bus), lambda: os.unlink(bus)]])\n\
        print(os.statvfs(bus)[0] == os.statvfs('/dev')[0], os.statvfs('/sys/class/i2c-dev/i2c-1/name').f_blocks)\n\
        print(stat.S_ISCHR(os.stat(bus).st_mode))";
    let expected = "[0, 0, 0, 0, 0, 22, 17, 1, 1, 1]\nTrue 0\nTrue\n";
    assert_eq!(prints(&[], "python3", &["-c", &script]), expected);
}

#[test]
fn nothing_is_made_by_the_name_of_a_device() {
    // Should one be made, it is gone before anything is asserted: that would be in the real /dev.
    let script = ERRNO.to_owned()
        + "bus, dev = '/dev/i2c-1', os.open('/dev', 0)\n\
        refused = [errno(call) for call in [\n\
        \tlambda: os.symlink('/dev/null', bus), lambda: os.symlink('/dev/null', 'i2c-1', dir_fd=dev),\n\
        \tlambda: os.link('/dev/null', bus), lambda: os.link('/dev/null', 'i2c-1', dst_dir_fd=dev),\n\
        \tlambda: os.mkdir(bus), lambda: os.mkdir('i2c-1', dir_fd=dev),\n\
        \tlambda: os.rmdir(bus), lambda: os.rmdir('i2c-1', dir_fd=dev), lambda: os.mkfifo(bus)]]\n\
        print(refused, stat.S_ISCHR(os.stat(bus).st_mode))";
    let expected = "[17, 17, 17, 17, 17, 17, 1, 1, 17] True\n";
    let mut command = sim_run(&["--quiet"]);
    command.args(["python3", "-c", &script]);
    let output = finish(command);
    let is_there = std::fs::symlink_metadata("/dev/i2c-1").is_ok_and(|told| !is_character_device(&told));
    if is_there {
        let _ = std::fs::remove_file("/dev/i2c-1").or_else(|_| std::fs::remove_dir("/dev/i2c-1"));
    }
    assert_eq!(
        (text(&output.stdout).as_str(), text(&output.stderr).as_str(), is_there),
        (expected, "", false)
    );
}

fn is_character_device(told: &std::fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_char_device(&told.file_type())
}

#[test]
fn files_that_are_none_of_ours_are_changed_as_ever() {
    let folder = tempfile::tempdir().unwrap();
    let script = ERRNO.to_owned()
        + "open('a', 'w').write('text')\n\
        os.chmod('a', 0o640); os.truncate('a', 2); os.utime('a', (1, 2)); os.rename('a', 'b')\n\
        told = os.stat('b')\n\
        print(oct(told.st_mode), told.st_mtime, told.st_size, os.statvfs('b').f_namemax)\n\
        os.symlink('/dev/i2c-1', 'link'); os.link('b', 'c'); os.mkdir('d')\n\
        print(os.readlink('link'), os.stat('c').st_nlink, sorted(os.listdir()))\n\
        os.unlink('link'); os.unlink('b'); os.unlink('c'); os.rmdir('d')\n\
        print(os.listdir(), errno(lambda: os.chmod('b', 0)), os.getcwd())";
    let mut command = sim_run(&["--quiet"]);
    command.current_dir(&folder).args(["python3", "-c", &script]);
    let folder = folder.path().canonicalize().unwrap();
    let output = finish(command);
    let expected =
        format!("0o100640 2.0 2 255\n/dev/i2c-1 2 ['b', 'c', 'd', 'link']\n[] 2 {}\n", folder.display());
    assert_eq!((text(&output.stdout), text(&output.stderr)), (expected, String::new()));
}

#[test]
fn what_stands_in_for_a_directory_is_not_seen() {
    let script = ERRNO.to_owned()
        + "print(errno(lambda: os.open('/dev/i2c-1/', 2)), errno(lambda: os.stat('/dev/i2c-1/')))\n\
        dev = os.open('/dev', os.O_RDONLY)\n\
        print(stat.S_ISCHR(os.stat('null', dir_fd=dev, follow_symlinks=False).st_mode))\n\
        os.fchdir(dev)\n\
        print(os.getcwd(), 'i2c-1' in os.listdir())";
    assert_eq!(prints(&[], "python3", &["-c", &script]), "20 20\nTrue\n/dev True\n");
}

#[test]
fn another_root_directory_has_no_bus() {
    // Nobody else may change it.
    if rustix::process::geteuid().is_root() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("dev")).unwrap();
        let script = ERRNO.to_owned()
            + &format!("os.chroot('{}'); os.chdir('/')\n", folder.path().display())
            + "print([errno(lambda: os.stat(path)) for path in ['/dev/i2c-1', 'dev/i2c-1', '/sys/class/i2c-dev']])\n\
            print(os.listdir('/'), os.listdir('/dev'))";
        let expected = "[2, 2, 2]\n['dev'] []\n";
        assert_eq!(prints(&[], "python3", &["-c", &script]), expected);
    }
}
