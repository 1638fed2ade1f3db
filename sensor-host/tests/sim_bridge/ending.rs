//! Exit codes, signals, and what becomes of the FIFOs.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::process::{Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use super::command::Folder;
use super::{Fifos, bridge_with, finish, finish_child, left_in, text, waiting};
use mlsensor_bridge::Remote;

#[test]
fn a_program_that_never_opens_the_fifos_ends_as_it_would_alone() {
    for code in [0, 7, 255] {
        let folder = Folder::new();
        let output = finish(bridge_with(&folder, &[], &["sh", "-c", &format!("exit {code}")]));
        assert_eq!((output.status.code(), &*text(&output.stderr)), (Some(code), ""));
        assert_eq!(left_in(folder.path()), [""; 0]);
    }
    for (name, signal) in [("SEGV", 11), ("TERM", 15), ("KILL", 9)] {
        let folder = Folder::new();
        let status = finish(bridge_with(&folder, &[], &["sh", "-c", &format!("kill -{name} $$")])).status;
        assert_eq!((status.code(), status.signal()), (None, Some(signal)), "{name}");
        assert_eq!(left_in(folder.path()), [""; 0]);
    }
}

#[test]
fn a_program_that_opens_one_fifo_or_asks_and_does_not_listen_holds_nothing_up() {
    for script in [
        ": > i2c.req",
        ": < i2c.rsp",
        "printf '\\001\\001mlsensor' > i2c.req",
        // Answers of half a mebibyte, which nobody reads.
        "(printf '\\001\\001mlsensor'; for i in 1 2 3 4 5 6 7 8; do printf '\\006\\142\\001\\000\\000\\000\\000\\000\\000\\000\\000\\377\\377\\000\\000'; done) > i2c.req",
    ] {
        let folder = Folder::new();
        let program = format!("{script}; exit 3");
        let output = finish(bridge_with(&folder, &[], &["sh", "-c", &program]));
        assert_eq!(output.status.code(), Some(3), "{script}: {}", text(&output.stderr));
        assert_eq!(left_in(folder.path()), [""; 0]);
    }
}

#[test]
fn input_and_output_are_the_programs_own() {
    let folder = Folder::new();
    let mut command = bridge_with(&folder, &[], &["cat"]);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"through and through").unwrap();
    let Output { status, stdout, stderr } = finish_child(child);
    assert_eq!((status.code(), &*text(&stdout), &*text(&stderr)), (Some(0), "through and through", ""));
}

#[test]
fn a_second_firmware_of_a_program_goes_on_where_the_first_one_ended() {
    let folder = Folder::new();
    let script = format!("{0} 7000; {0} pin", super::firmware(&[]).join(" "));
    let output = finish(bridge_with(&folder, &[], &["sh", "-c", &script]));
    let said = text(&output.stdout);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines, ["0 1 22000000000", "0 1", "0 1 22000000000", "0 1"], "{}", text(&output.stderr));
}

#[test]
fn what_speaks_otherwise_is_refused_and_the_exit_code_says_so() {
    for (sent, what) in [
        ("0123456789", "no hello"),
        ("\\001\\001mlsensor\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377", "no request"),
        ("\\001\\011mlsensor", "version 9"),
        ("\\001\\001mlsen", "in the middle"),
    ] {
        let folder = Folder::new();
        // It listens until there is nothing more to hear.
        let script = format!("cat i2c.rsp > heard & printf '{sent}' > i2c.req; wait; rm heard");
        let Output { status, stderr, .. } = finish(bridge_with(&folder, &[], &["sh", "-c", &script]));
        let said = text(&stderr);
        assert_eq!(status.code(), Some(125), "{said}");
        assert!(said.contains(what) && said.ends_with("code: MLSENSOR-BRIDGE\n"), "{said}");
        assert_eq!(said.lines().count(), 4, "{said}");
        assert_eq!(left_in(folder.path()), [""; 0]);
    }
}

#[test]
fn a_program_that_fails_itself_after_it_was_refused_keeps_its_exit_code() {
    let folder = Folder::new();
    let script = "printf 0123456789 > i2c.req; exit 4";
    let output = finish(bridge_with(&folder, &[], &["sh", "-c", script]));
    assert_eq!(output.status.code(), Some(4));
    assert!(text(&output.stderr).contains("no hello"));
}

#[test]
fn a_program_that_cannot_be_run_is_told_and_nothing_is_left() {
    for (program, code) in [("/nonexistent/program", 127), ("/etc/passwd", 126)] {
        let folder = Folder::new();
        let output = finish(bridge_with(&folder, &[], &[program]));
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.lines().count() == 4 && said.ends_with("code: MLSENSOR-SIM-PROGRAM\n"), "{said}");
        assert_eq!(left_in(folder.path()), [""; 0]);
    }
}

#[test]
fn a_file_that_is_there_already_is_left_alone() {
    for name in ["i2c.req", "i2c.rsp"] {
        let folder = Folder::new();
        folder.with(name, "mine");
        let output = finish(bridge_with(&folder, &[], &["true"]));
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.ends_with(&format!("run: rm ./{name}\ncode: MLSENSOR-BRIDGE-FIFO\n")), "{said}");
        assert_eq!(left_in(folder.path()), [name]);
        assert_eq!(fs::read_to_string(folder.file(name)).unwrap(), "mine");
    }
}

#[test]
fn both_fifos_that_a_killed_one_left_are_named_at_once() {
    let folder = Folder::new();
    folder.with("i2c.req", "");
    folder.with("i2c.rsp", "");
    let said = text(&finish(bridge_with(&folder, &[], &["true"])).stderr);
    assert!(said.contains("\nrun: rm ./i2c.req ./i2c.rsp\n"), "{said}");
}

#[test]
fn signals_to_the_command_reach_the_program_and_what_it_then_does_is_its_own() {
    for (name, signal) in [("TERM", Signal::TERM), ("INT", Signal::INT), ("USR1", Signal::USR1)] {
        let folder = Folder::new();
        let script = format!(
            "import signal, sys\n\
             signal.pthread_sigmask(signal.SIG_BLOCK, {{signal.SIG{name}}})\n\
             print('ready', flush=True)\n\
             signal.sigwait({{signal.SIG{name}}})\n\
             print('got', flush=True)\n\
             sys.exit(5)"
        );
        let mut child = bridge_with(&folder, &[], &["python3", "-c", &script]).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut said = String::new();
        output.read_line(&mut said).unwrap();
        kill_process(Pid::from_child(&child), signal).unwrap();
        output.read_line(&mut said).unwrap();
        assert_eq!(said, "ready\ngot\n", "{name}");
        assert_eq!(finish_child(child).status.code(), Some(5), "{name}");
        assert_eq!(left_in(folder.path()), [""; 0]);
    }
}

#[test]
fn a_program_that_a_signal_to_the_command_ends_leaves_nothing_behind() {
    let folder = Folder::new();
    let mut child = bridge_with(&folder, &[], &["sh", "-c", "echo ready; exec sleep 1000"]).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(finish_child(child).status.signal(), Some(15));
    assert_eq!(left_in(folder.path()), [""; 0]);
}

#[test]
fn an_interrupt_ends_the_wait_for_firmware_and_a_conversation_with_it() {
    for talks in [false, true] {
        let folder = Folder::new();
        let (child, _) = waiting(&folder, &[]);
        let remote = talks.then(|| Remote::connect(Fifos::open(folder.path())).unwrap());
        kill_process(Pid::from_child(&child), Signal::INT).unwrap();
        assert_eq!(finish_child(child).status.code(), Some(130));
        assert_eq!(left_in(folder.path()), [""; 0]);
        if let Some(remote) = remote {
            assert!(remote.now().is_err());
        }
    }
}

#[test]
fn firmware_that_is_gone_in_the_middle_of_a_request_is_told_without_a_program_too() {
    use std::io::Write as _;

    let folder = Folder::new();
    let (child, _) = waiting(&folder, &[]);
    let mut fifos = Fifos::open(folder.path());
    fifos.requests.write_all(b"\x01\x01mlsensor\x06\x62").unwrap();
    drop(fifos);
    let output = finish_child(child);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(left_in(folder.path()), [""; 0]);
}

#[test]
fn quiet_is_quiet() {
    let folder = Folder::new();
    let mut command = super::bridge(&folder, &["--quiet"]);
    let child = command.spawn().unwrap();
    // It is ready as soon as the FIFOs are there, and nothing says so: firmware tries until it can.
    while left_in(folder.path()).len() < 2 {
        std::thread::yield_now();
    }
    drop(Remote::connect(Fifos::open(folder.path())).unwrap());
    let output = finish_child(child);
    assert_eq!((output.status.code(), &*text(&output.stderr)), (Some(0), ""));
}
