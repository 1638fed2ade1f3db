//! Calls that name a device or a directory by a path, and do not open it to use it.

use std::process::Command;

use crate::{finish, prints, sim_run, text};

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
