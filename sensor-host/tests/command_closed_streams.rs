//! What is said to nobody: a full or closed standard error changes no exit code, and ends nothing.
#![cfg(target_os = "linux")]

mod command;

use std::fs::File;
use std::process::Stdio;

use command::mlsensor;

/// The exit code with a standard error that takes nothing, and how much went to standard output.
fn unheard(arguments: &[&str]) -> (Option<i32>, usize) {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = mlsensor(arguments).stdout(Stdio::piped()).stderr(full).output().unwrap();
    (output.status.code(), output.stdout.len())
}

#[test]
fn errors_that_nobody_can_read_leave_the_exit_code_as_it_is() {
    for (arguments, code) in [
        (&["read", "nothing-like-it"][..], 2),
        (&["read", "replay:/nonexistent"], 1),
        (&["sim", "run", "--fault", "nothing-like-it", "--", "true"], 2),
        (&["sim", "run", "--", "/nonexistent/program"], 127),
        (&["sim", "run", "--", "sh", "-c", "exit 7"], 7),
        (&["sim", "run", "--refused", "1", "--", "sh", "-c", "exit 7"], 7),
    ] {
        assert_eq!(unheard(arguments), (Some(code), 0), "{arguments:?}");
    }
}

#[test]
fn a_recording_goes_on_when_nobody_can_read_what_is_said_beside_it() {
    let heard = mlsensor(&["record", "sim:walk_up"]).output().unwrap();
    assert!(heard.stdout.len() > 10_000 && !heard.stderr.is_empty(), "{heard:?}");
    assert_eq!(unheard(&["record", "sim:walk_up"]), (Some(0), heard.stdout.len()));
}
