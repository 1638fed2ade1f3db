//! Paths, links and directories.

use std::process::Command;

use crate::{does, python, text};

#[test]
fn a_slash_behind_a_device_is_not_a_directory() {
    let printed = python(
        "import os\n\
         acts = [os.stat, os.lstat, lambda path: os.open(path, os.O_RDWR), os.listdir]\n\
         def errno(act, path):\n\
         \x20   try: return act(path) and 0\n\
         \x20   except OSError as error: return error.errno\n\
         for path in ('/dev/i2c-1/', '/dev/i2c-1/.', '/sys/class/i2c-dev/i2c-1/name/'):\n\
         \x20   print([errno(act, path) for act in acts], os.access(path, os.R_OK))\n\
         print('name' in os.listdir('/sys/class/i2c-dev/i2c-1/'), os.path.islink('/sys/class/i2c-dev/i2c-1/'))",
    );
    assert_eq!(printed, format!("{0}\n{0}\n{0}\nTrue False\n", "[20, 20, 20, 20] False"));
}

#[test]
fn links_that_somebody_made_lead_to_the_bus() {
    let printed = python(
        "import os, tempfile\n\
         def errno(path, flags):\n\
         \x20   try: return os.open(path, flags) and 0\n\
         \x20   except OSError as error: return error.errno\n\
         with tempfile.TemporaryDirectory() as folder:\n\
         \x20   os.chdir(folder)\n\
         \x20   links = {'absolute': '/dev/i2c-1', 'chain': 'absolute', 'relative': '../' * 20 + 'dev/i2c-1', 'list': '/dev',\n\
         \x20       'loop': 'loop', 'nothing': '/nothing', 'other': '/dev/null'}\n\
         \x20   for name, target in links.items(): os.symlink(target, name)\n\
         \x20   for name in ('absolute', 'chain', 'relative'):\n\
         \x20       print(os.fstat(os.open(name, os.O_RDWR)).st_rdev, os.path.realpath(name), os.stat(name).st_rdev, os.path.islink(name))\n\
         \x20   file = open('absolute', 'rb', 0)\n\
         \x20   print(os.fstat(file.fileno()).st_rdev, 'i2c-1' in os.listdir('list'), os.access('chain', os.R_OK))\n\
         \x20   print(errno('absolute', os.O_NOFOLLOW), errno('absolute', os.O_CREAT | os.O_EXCL), errno('absolute/', 0))\n\
         \x20   print(errno('loop', 0), errno('nothing', 0), errno('none', 0), os.stat('other') == os.stat('/dev/null'))\n\
         \x20   os.chdir('/')",
    );
    let line = "22785 /dev/i2c-1 22785 True\n";
    assert_eq!(printed, format!("{}22785 True True\n40 17 20\n40 2 2 True\n", line.repeat(3)));
}

#[test]
fn names_with_wildcards_are_found() {
    let expected = "glob 0 errno 0\n1 /dev/i2c-1\nmore 0 errno 0\n2 /sys/bus/gpio/devices/gpiochip0\n\
        others 0 errno 0\n1 /etc/passwd\n";
    assert_eq!(does(&[], "glob"), expected);
}

#[test]
fn a_program_that_goes_into_a_directory_of_devices_is_told_that_it_is_there() {
    let printed = python(
        "import os\n\
         dev = os.open('/dev', os.O_RDONLY)\n\
         print(os.stat('null', dir_fd=dev, follow_symlinks=False) == os.lstat('/dev/null'))\n\
         os.fchdir(dev)\n\
         print(os.getcwd(), os.stat('i2c-1').st_rdev, 'i2c-1' in os.listdir())\n\
         os.fchdir(os.open('/etc', os.O_RDONLY))\n\
         print(os.getcwd())",
    );
    assert_eq!(printed, "True\n/dev 22785 True\n/etc\n");
}

#[test]
fn a_program_in_another_root_has_no_bus_but_the_one_it_has_open() {
    if rustix::process::geteuid().is_root() {
        let printed = python(
            "import os, tempfile\n\
             file = os.open('/dev/i2c-1', os.O_RDWR)\n\
             fcntl = __import__('fcntl')\n\
             fcntl.ioctl(file, 0x703, 0x62)\n\
             folder = tempfile.mkdtemp()\n\
             os.mkdir(folder + '/dev')\n\
             os.chroot(folder)\n\
             os.chdir('/')\n\
             try: os.open('/dev/i2c-1', os.O_RDWR)\n\
             except OSError as error: print(error.errno, os.path.exists('/dev/i2c-1'), os.listdir('/dev'))\n\
             print(len(os.read(file, 39)))\n\
             os.rmdir('/dev')",
        );
        assert_eq!(printed, "2 False []\n39\n");
    }
}

#[test]
fn paths_lead_to_the_bus_however_they_are_written() {
    let printed = python(
        "import os\n\
         is_bus = lambda *a, **k: os.stat(*a, **k).st_rdev == os.makedev(89, 1)\n\
         dev = os.open('/dev', os.O_RDONLY | os.O_DIRECTORY)\n\
         print(is_bus('/dev/../dev//./i2c-1'), is_bus('i2c-1', dir_fd=dev), is_bus('/home/../dev/i2c-1'))\n\
         print(os.stat('null', dir_fd=dev) == os.stat('/dev/null'))\n\
         print('i2c-1' in os.listdir('/dev'), 'null' in os.listdir('/dev'), 'i2c-1' in os.listdir(dev))\n\
         os.chdir('/dev')\n\
         print(is_bus('i2c-1'), os.access('i2c-1', os.R_OK | os.W_OK), os.access('i2c-1', os.X_OK))\n\
         print(os.path.realpath('/dev/./i2c-1'), os.path.islink('/dev/i2c-1'))\n\
         os.chdir('/sys/bus')\n\
         print(os.path.realpath('gpio/devices/gpiochip0'), os.listdir('/sys/class/i2c-dev'))\n\
         print(os.readlink('/sys/dev/char/89:1'), open('/sys/dev/char/89:1/dev').read().strip())",
    );
    let expected = "True True True\nTrue\nTrue True True\nTrue True False\n/dev/i2c-1 False\n\
        /sys/devices/platform/mlsensor/gpiochip0 ['i2c-1']\n\
        ../../../sys/devices/platform/mlsensor/i2c-1/i2c-dev/i2c-1 89:1\n";
    assert_eq!(printed, expected);
}

#[test]
fn other_files_are_untouched() {
    let script = "import hashlib, os, tempfile\n\
        with tempfile.TemporaryDirectory() as folder:\n\
        \x20   path = os.path.join(folder, 'file')\n\
        \x20   open(path, 'wb').write(bytes(range(256)) * 100)\n\
        \x20   print(hashlib.sha256(open(path, 'rb').read()).hexdigest(), oct(os.stat(path).st_mode))\n\
        \x20   print(os.path.exists(path + 'x'), os.listdir(folder), os.access(path, os.X_OK))\n\
        print(sorted(os.listdir('/dev')) == sorted(os.listdir('/dev')), os.path.realpath('/proc/self/fd'))";
    let plain = text(&Command::new("python3").args(["-c", script]).output().unwrap().stdout);
    let (with, plain) = (python(script), plain);
    // The last word names the process.
    let head = |text: &str| text.rsplit_once(' ').unwrap().0.to_owned();
    assert_eq!(head(&with), head(&plain));
}
