//! Files, their numbers and their paths.

use std::process::Command;

use crate::{EMPTY, does, finish, is_packet, prints, python, shared_program, sim_run, text};

#[test]
fn duplicates_are_the_same_file() {
    let printed = prints(&[], shared_program(), &["duplicates"]);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[0], "flags 0 1 1");
    for (line, name) in lines[lines.len() - 3..].iter().zip(["dup", "fcntl", "dup3"]) {
        is_packet(line, name);
    }
}

#[test]
fn children_have_the_files_of_their_parents_and_open_their_own() {
    let printed = prints(&[], shared_program(), &["fork"]);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines.len(), 3, "{printed}");
    for (line, name) in lines.iter().zip(["child", "own", "parent"]) {
        is_packet(line, name);
    }
}

#[test]
fn a_file_survives_exec_unless_it_is_closed_by_it() {
    is_packet(prints(&[], shared_program(), &["exec"]).trim(), "number");
    assert_eq!(prints(&[], shared_program(), &["closed-on-exec"]), "number -1 errno 9\n");
}

#[test]
fn a_number_that_is_used_anew_is_not_mistaken() {
    let printed = prints(&[], shared_program(), &["recycled"]);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[..3], ["write 4 errno 0", "pipe 4 74657874", "other 1"]);
    is_packet(lines[3], "bus");
}

#[test]
fn a_file_that_another_process_passed_on_is_the_bus() {
    is_packet(prints(&[], shared_program(), &["passed"]).trim(), "passed");
}

#[test]
fn files_have_the_numbers_that_a_kernel_would_give() {
    assert_eq!(does(&[], "numbers"), "read 1 errno 0\n1 2 3\n");
}

#[test]
fn a_bus_is_always_ready() {
    assert_eq!(does(&[], "waits"), "poll 1 errno 0\n1\n");
}

#[test]
fn streams_of_the_c_library_read_the_bus_and_sysfs() {
    let expected = "ioctl 0 errno 0\nread 39, 33\nclosed -1 errno 9\nmlsensor simulated bus 1\n";
    assert_eq!(does(EMPTY, "stream"), expected);
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

#[test]
fn a_program_that_gives_up_its_rights_is_refused_its_bus() {
    if rustix::process::geteuid().is_root() {
        let mut command = sim_run(&[]);
        command.arg(shared_program()).arg("unprivileged");
        let output = finish(command);
        assert_eq!((text(&output.stdout).as_str(), output.status.code()), ("open 13\n", Some(1)));
    }
}
