//! How programs end, and what becomes of them when the supervisor does.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

use rustix::event::{PollFd, PollFlags};
use rustix::process::{Pid, Signal, kill_process};

use crate::{built, finish, finish_child, program, sim_run, text};

#[test]
fn exit_codes_and_signals_are_the_programs() {
    for code in [0, 7, 255] {
        let mut command = sim_run(&[]);
        command.args(["sh", "-c", &format!("exit {code}")]);
        assert_eq!(finish(command).status.code(), Some(code));
    }
    for (name, signal) in [("SEGV", 11), ("TERM", 15), ("KILL", 9)] {
        let mut command = sim_run(&[]);
        command.args(["sh", "-c", &format!("kill -{name} $$")]);
        let status = finish(command).status;
        assert_eq!((status.code(), status.signal()), (None, Some(signal)), "{name}");
    }
}

#[test]
fn signals_to_the_command_reach_the_program() {
    let mut command = sim_run(&[]);
    // KILL: the child may still be the shell, with its trap, and would take TERM for nothing.
    command.args(["sh", "-c", "trap 'echo got; kill -KILL $!; exit 5' TERM; sleep 1000 & echo ready; wait"]);
    let mut child = command.spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    output.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\ngot\n");
    assert_eq!(child.wait().unwrap().code(), Some(5));
}

#[test]
fn programs_that_would_not_see_the_bus_are_refused() {
    let program = built("preload/program.c", "static", &["-static"]);
    let script = std::env::temp_dir().join(format!("mlsensor-script-{}", std::process::id()));
    std::fs::write(&script, format!("#!{}\n", program.display())).unwrap();
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    for path in [&program, &script] {
        let mut command = sim_run(&[]);
        command.arg(path).arg("waits");
        let output = finish(command);
        let said = text(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(125), 0), "{said}");
        let parts: Vec<&str> = said.lines().filter_map(|line| line.split(':').next()).collect();
        assert_eq!(parts, ["error", "likely", "run", "code"], "{said}");
        assert!(said.contains("statically linked") && said.contains("MLSENSOR-SIM-PRELOAD"), "{said}");
    }
    std::fs::remove_file(script).unwrap();
}

#[test]
fn a_program_that_does_not_exist_is_127() {
    let mut command = sim_run(&[]);
    command.arg("/nonexistent/program");
    let output = finish(command);
    assert_eq!(output.status.code(), Some(127));
    assert!(text(&output.stderr).contains("code: MLSENSOR-SIM-PROGRAM"), "{output:?}");
}

/// The process that answers: the only child of the one that was started.
fn supervisor(guard: u32) -> Pid {
    let output = Command::new("pgrep").args(["-P", &guard.to_string()]).output().unwrap();
    Pid::from_raw(text(&output.stdout).trim().parse().unwrap()).unwrap()
}

#[test]
fn a_supervisor_that_is_killed_takes_all_programs_with_it_and_it_is_said() {
    let mut command = sim_run(&[]);
    let mut child = command.args(["sh", "-c", "sleep 1000 & echo ready; wait"]).spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    kill_process(supervisor(child.id()), Signal::KILL).unwrap();
    // Until all are gone that could write to it.
    output.read_to_string(&mut line).unwrap();
    let ended = finish_child(child);
    assert_eq!((line.as_str(), ended.status.code()), ("ready\n", Some(125)));
    assert!(text(&ended.stderr).contains("code: MLSENSOR-SIM-ABANDONED"), "{ended:?}");
}

#[test]
fn a_program_that_nobody_could_end_ends_with_a_line_when_it_asks() {
    // The guard is stopped, so it cannot kill; and a shell in between has no such request of the kernel's.
    let mut command = sim_run(&[]);
    command.args(["sh", "-c", "exec 3<&0; \"$0\" until-killed <&3 & wait"]).arg(program());
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    assert_eq!(line, "read 39 errno 0\n");
    let guard = Pid::from_child(&child);
    kill_process(guard, Signal::STOP).unwrap();
    kill_process(supervisor(child.id()), Signal::KILL).unwrap();
    child.stdin.take().unwrap().write_all(b"!").unwrap();
    let (mut said, mut errors) = (String::new(), BufReader::new(child.stderr.take().unwrap()));
    errors.read_line(&mut said).unwrap();
    assert!(said.starts_with("mlsensor: the simulated bus is gone"), "{said}");
    kill_process(guard, Signal::CONT).unwrap();
    // It ends too, and nothing was printed by anybody.
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    errors.read_to_string(&mut said).unwrap();
    assert_eq!((rest.as_str(), child.wait().unwrap().code()), ("", Some(125)));
}

#[test]
fn what_a_program_leaves_behind_keeps_its_bus_and_nothing_is_left_then() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = sim_run(&[]);
    command.args(["sh", "-c", "(read word; test -c /dev/i2c-1; echo device $?) <&3 & exit 3"]);
    // The shell gives a child in the background no standard input of its own.
    command.env("TMPDIR", folder.path());
    let script = "exec 3<&0; exec \"$0\" \"$@\"";
    let mut outer = Command::new("sh");
    outer.args(["-c", script]).arg(command.get_program()).args(command.get_args());
    outer.env("TMPDIR", folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = outer.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = child.stdout.take().unwrap();
    let mut errors = child.stderr.take().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(3));
    input.write_all(b"go\n").unwrap();
    let mut printed = String::new();
    output.read_to_string(&mut printed).unwrap();
    assert_eq!(printed, "device 0\n");
    let mut said = String::new();
    errors.read_to_string(&mut said).unwrap();
    // The supervisor has the shell's file 3, the other end of this, until it ends.
    rustix::event::poll(&mut [PollFd::new(&input, PollFlags::empty())], None).unwrap();
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert!(said.is_empty() && left.is_empty(), "{said}{left:?}");
}

#[test]
fn who_reads_what_is_said_does_not_wait_for_what_the_program_left_behind() {
    let mut command = sim_run(&[]);
    command.args(["sh", "-c", "exec 3<&0; (read word) <&3 >/dev/null 2>&1 & exit 3"]);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    // Until all that had its standard output and error has let go of them.
    assert_eq!(finish_child(child).status.code(), Some(3));
    // Somebody still reads.
    input.write_all(b"go\n").unwrap();
}
