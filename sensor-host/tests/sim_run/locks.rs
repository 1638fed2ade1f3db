//! Locks of the bus, by which programs share one, and what is refused where a call on the bus is not followed.

use crate::{prints, sh, text};

/// Prints the errno of each call, 0 for none.
const ERRNO: &str = "import fcntl, os, struct, sys\n\
    def errno(call, *arguments):\n\
    \ttry: call(*arguments)\n\
    \texcept OSError as error: return error.errno\n\
    \treturn 0\n";

#[test]
fn a_program_that_locks_the_bus_before_it_uses_it_runs() {
    assert_eq!(prints(&[], "flock", &["-n", "/dev/i2c-1", "echo", "locked"]), "locked\n");
    assert_eq!(prints(&[], "flock", &["-s", "/dev/i2c-1", "echo", "shared"]), "shared\n");
}

#[test]
fn a_bus_that_was_moved_to_a_low_number_is_locked_there_too() {
    let script = "exec 9<>/dev/i2c-1; flock -n 9 && flock -u 9 && flock -s 9 && echo locked";
    assert_eq!(prints(&[], "sh", &["-c", script]), "locked\n");
}

#[test]
fn a_lock_excludes_who_has_the_same_file_open_and_ends_with_it() {
    let script = "exec 9<>/dev/i2c-1; flock -n 9 || echo free\n\
        exec 8<&9; flock -n 8 && echo same; exec 8<&-; flock -n 9 && echo still";
    assert_eq!(prints(&[], "sh", &["-c", script]), "same\nstill\n");
}

#[test]
fn each_kind_of_lock_needs_what_it_needs_on_hardware() {
    let script = ERRNO.to_owned()
        + "kinds = [fcntl.LOCK_SH, fcntl.LOCK_EX, fcntl.LOCK_SH | fcntl.LOCK_NB, fcntl.LOCK_EX | fcntl.LOCK_NB, fcntl.LOCK_UN]\n\
        for mode in [os.O_RDWR, os.O_RDONLY, os.O_WRONLY]:\n\
        \tbus = os.open('/dev/i2c-1', mode)\n\
        \tprint([errno(fcntl.flock, bus, kind) for kind in kinds], [errno(fcntl.lockf, bus, kind) for kind in kinds])\n\
        bus = os.open('/dev/i2c-1', os.O_RDWR)\n\
        lock = lambda kind, whence: struct.pack('hhqqi4x', kind, whence, 0, 0, 0)\n\
        for command in [fcntl.F_SETLK, fcntl.F_SETLKW, 37, 38]:\n\
        \tprint([errno(fcntl.fcntl, bus, command, lock(kind, whence)) for kind, whence in\n\
        \t\t[(fcntl.F_WRLCK, 0), (fcntl.F_RDLCK, 2), (fcntl.F_UNLCK, 1), (fcntl.F_WRLCK, 3), (7, 0)]], end=' ')\n\
        print(errno(fcntl.fcntl, bus, fcntl.F_SETLK, 8))\n\
        asked = struct.unpack('hhqqi4x', fcntl.fcntl(bus, fcntl.F_GETLK, lock(fcntl.F_WRLCK, 0)))\n\
        print(asked[0] == fcntl.F_UNLCK)";
    let expected = "[0, 0, 0, 0, 0] [0, 0, 0, 0, 0]\n\
        [0, 0, 0, 0, 0] [0, 9, 0, 9, 0]\n\
        [0, 0, 0, 0, 0] [9, 0, 9, 0, 0]\n\
        [0, 0, 0, 22, 22] [0, 0, 0, 22, 22] [0, 0, 0, 22, 22] [0, 0, 0, 22, 22] 14\n\
        True\n";
    assert_eq!(prints(&[], "python3", &["-c", &script]), expected);
}

#[test]
fn other_files_are_locked_as_ever() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lock");
    let script = "f = open(sys.argv[1], 'w')\n\
        print(errno(fcntl.flock, f, 6), errno(fcntl.flock, open(sys.argv[1]), 6), errno(fcntl.lockf, f, 6))\n\
        print(errno(fcntl.lockf, open(sys.argv[1]), 6))";
    let script = ERRNO.to_owned() + script;
    assert_eq!(prints(&[], "python3", &["-c", &script, path.to_str().unwrap()]), "0 11 0\n9\n");
}

#[test]
fn a_way_to_the_bus_that_is_not_seen_through_refuses_to_read_and_to_write() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("numbers");
    let link = link.display();
    let script = format!(
        "exec 3<>/dev/i2c-1; ln -s /proc/self/fd {link}\n\
        printf '\\7\\0' >{link}/3; echo write $?; printf '\\7\\0' >>{link}/3; echo append $?\n\
        printf '\\7\\0' 1<>{link}/3; echo both $?; head -c 39 {link}/3; echo read $?\n\
        head -c 39 <&3; echo moved $?; dd if=/dev/zero of={link}/3 count=1 2>&- ; echo dd $?"
    );
    let output = sh(&["--quiet"], &script);
    let expected = "write 2\nappend 2\nboth 2\nread 1\nmoved 1\ndd 1\n";
    assert_eq!(text(&output.stdout), expected, "{}", text(&output.stderr));
}

#[test]
fn an_interpreter_that_has_the_bus_as_its_standard_input_starts_and_uses_it() {
    let script = "import subprocess, sys\n\
        child = 'import fcntl, os, stat, sys; fcntl.ioctl(0, 0x703, 0x62); print(stat.S_ISCHR(os.fstat(0).st_mode))'\n\
        sys.exit(subprocess.run([sys.executable, '-c', child], stdin=open('/dev/i2c-1', 'r+b', buffering=0)).returncode)";
    assert_eq!(prints(&[], "python3", &["-c", script]), "True\n");
}
