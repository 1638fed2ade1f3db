//! Exit codes and signals pass through.

use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;

use rustix::process::{Pid, Signal, kill_process};

use crate::{finish, finish_child, sh, sim_run, text};

#[test]
fn the_exit_code_is_the_programs() {
    for code in [0, 7, 255] {
        assert_eq!(sh(&["--quiet"], &format!("exit {code}")).status.code(), Some(code));
    }
}

#[test]
fn a_program_that_a_signal_kills_looks_like_one() {
    for (name, signal) in [("SEGV", 11), ("TERM", 15), ("KILL", 9), ("INT", 2)] {
        let status = sh(&["--quiet"], &format!("kill -{name} $$")).status;
        assert_eq!((status.code(), status.signal()), (None, Some(signal)), "{name}");
    }
}

#[test]
fn signals_to_the_command_reach_the_program() {
    for (name, signal) in [
        ("TERM", Signal::TERM),
        ("INT", Signal::INT),
        ("HUP", Signal::HUP),
        ("QUIT", Signal::QUIT),
        ("USR1", Signal::USR1),
    ] {
        let mut command = sim_run(&["--quiet"]);
        let script = format!("trap 'echo got {name}; kill $!; exit 5' {name}; sleep 1000 & echo ready; wait");
        let mut child = command.args(["sh", "-c", &script]).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        kill_process(Pid::from_child(&child), signal).unwrap();
        output.read_line(&mut line).unwrap();
        assert_eq!(line, format!("ready\ngot {name}\n"));
        assert_eq!(child.wait().unwrap().code(), Some(5), "{name}");
    }
}

#[test]
fn a_program_that_does_not_exist_is_127_and_one_that_cannot_run_126() {
    for (program, code, likely) in
        [("/nonexistent/program", 127, "mistyped"), ("/etc/passwd", 126, "executed")]
    {
        let mut command = sim_run(&["--quiet"]);
        command.arg(program);
        let output = finish(command);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{said}");
        let parts: Vec<&str> = said.lines().filter_map(|line| line.split(':').next()).collect();
        assert_eq!(parts, ["error", "likely", "run", "code"], "{said}");
        assert!(said.contains(likely) && said.contains(program), "{said}");
    }
}

#[test]
fn the_mask_of_signals_is_as_it_was() {
    let mut command = sim_run(&["--quiet"]);
    command.args(["grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"]);
    let with = text(&finish_child(command.spawn().unwrap()).stdout);
    let blocked = with.lines().find(|line| line.starts_with("SigBlk")).unwrap();
    assert!(blocked.ends_with("0000000000000000"), "{with}");
}
