//! Where the kernel refuses to trap system calls: another route, or an error.

use std::process::{Command, Output, Stdio};

use crate::{finish, is_packet, text};

fn refused(route: &str, errno: i32, script: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlsensor"));
    command.args([
        "sim",
        "run",
        "--route",
        route,
        "--refused",
        &errno.to_string(),
        "--",
        "python3",
        "-c",
        script,
    ]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    finish(command)
}

const READ: &str = "import fcntl\n\
    f = open('/dev/i2c-1', 'rb', buffering=0)\n\
    fcntl.ioctl(f, 0x703, 0x62)\n\
    print('read 39', f.read(39).hex())";

#[test]
fn a_library_stands_in_and_it_is_said_in_one_line() {
    for errno in [1, 16, 22, 38] {
        let output = refused("auto", errno, READ);
        is_packet(text(&output.stdout).trim(), "read");
        let said = text(&output.stderr);
        let lines = said.lines().filter(|line| line.contains("LD_PRELOAD")).count();
        assert_eq!((lines, said.lines().count()), (1, 2), "{said}");
    }
}

#[test]
fn who_wants_trapped_calls_alone_is_told_why_there_are_none() {
    let output = refused("seccomp", 22, READ);
    assert_eq!(output.status.code(), Some(125));
    let said = text(&output.stderr);
    assert!(said.contains("code: MLSENSOR-SIM-SECCOMP") && said.contains("5.14"), "{said}");
    assert_eq!(text(&output.stdout), "");
}
