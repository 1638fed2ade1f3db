//! Children, and what becomes of processes when others end.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command};

use rustix::process::{Pid, Signal, kill_process};

use crate::{does, finish_child, is_packet, sh, sim_run, text};

#[test]
fn children_have_the_files_of_their_parents_and_open_their_own() {
    let printed = does(&[], &["fork"]);
    let lines: Vec<&str> = printed.lines().collect();
    for (line, name) in lines.iter().zip(["child", "own", "parent"]) {
        is_packet(line, name);
    }
    assert_eq!(lines.len(), 3);
}

#[test]
fn a_file_survives_exec_unless_it_is_closed_by_it() {
    is_packet(does(&[], &["exec"]).trim(), "number");
    assert_eq!(does(&[], &["closed-on-exec"]), "number -1 errno 9\n");
}

/// A program that runs until it is killed, with a child of its own, and its standard output, which ends when both have.
fn running() -> (Child, BufReader<ChildStdout>) {
    let mut command = sim_run(&["--quiet"]);
    // The shell goes on to say so when the other one runs.
    command.args(["sh", "-c", "sleep 1000 & trap '' TERM; echo ready; wait; sleep 1000"]);
    let mut child = command.spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    (child, output)
}

fn pid(child: &Child) -> Pid {
    Pid::from_child(child)
}

/// The process that answers: the only child of the one that was started.
fn supervisor(child: &Child) -> Pid {
    let output = Command::new("pgrep").args(["-P", &child.id().to_string()]).output().unwrap();
    Pid::from_raw(text(&output.stdout).trim().parse().unwrap()).unwrap()
}

/// Waits until every process that could print is gone.
fn wait_for_silence(mut output: BufReader<ChildStdout>) {
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
}

#[test]
fn a_supervisor_that_is_killed_takes_the_program_with_it_and_it_is_said() {
    let (child, output) = running();
    kill_process(supervisor(&child), Signal::KILL).unwrap();
    wait_for_silence(output);
    let ended = finish_child(child);
    assert_eq!(ended.status.code(), Some(125));
    assert!(text(&ended.stderr).contains("code: MLSENSOR-SIM-ABANDONED"), "{ended:?}");
}

#[test]
fn a_guard_that_is_killed_takes_the_program_with_it_and_it_is_said() {
    let (child, output) = running();
    kill_process(pid(&child), Signal::KILL).unwrap();
    wait_for_silence(output);
    // The supervisor, which has the other end of this, says it and ends too.
    let said = text(&finish_child(child).stderr);
    assert!(said.contains("code: MLSENSOR-SIM-ABANDONED"), "{said}");
}

#[test]
fn if_both_are_killed_at_once_the_program_is_killed_too() {
    let mut command = sim_run(&["--quiet"]);
    let mut child = command.args(["sh", "-c", "echo ready; exec sleep 1000"]).spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut String::new()).unwrap();
    let (guard, supervisor) = (pid(&child), supervisor(&child));
    // So that neither can see that the other is gone.
    kill_process(guard, Signal::STOP).unwrap();
    kill_process(supervisor, Signal::KILL).unwrap();
    kill_process(guard, Signal::KILL).unwrap();
    wait_for_silence(output);
    finish_child(child);
}

#[test]
fn what_a_program_leaves_behind_keeps_its_bus() {
    // The command ends with the shell; the child goes on with the bus when it is told to.
    let fifo = std::env::temp_dir().join(format!("mlsensor-fifo-{}", std::process::id()));
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let script =
        format!("(read line < {0}; test -c /dev/i2c-1; echo device $?) & echo left; exit 3", fifo.display());
    let mut command = sim_run(&["--quiet"]);
    let mut child = command.args(["sh", "-c", &script]).spawn().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    assert_eq!(child.wait().unwrap().code(), Some(3));
    std::fs::write(&fifo, "go\n").unwrap();
    let lines: Vec<String> = output.lines().map(Result::unwrap).collect();
    std::fs::remove_file(&fifo).unwrap();
    assert_eq!(lines, ["left", "device 0"]);
}

#[test]
fn one_simulation_in_another_is_refused_or_goes_another_way() {
    let mlsensor = env!("CARGO_BIN_EXE_mlsensor");
    let output =
        sh(&["--quiet"], &format!("{mlsensor} sim run --quiet --route seccomp -- echo inner; echo $?"));
    assert_eq!(text(&output.stdout), "125\n");
    let said = text(&output.stderr);
    assert!(said.contains("sim run") && said.contains("code: MLSENSOR-SIM-SECCOMP"), "{said}");
}
