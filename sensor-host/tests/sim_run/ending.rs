//! Exit codes and signals pass through.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

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

/// A program that says when it is ready for a signal, waits for it, says that it got it, and leaves with 5. The signal
/// is blocked until it is waited for, so that none is missed.
fn waits_for(name: &str) -> [String; 3] {
    let script = format!(
        "import signal, sys\n\
         signal.pthread_sigmask(signal.SIG_BLOCK, {{signal.SIG{name}}})\n\
         print('ready', flush=True)\n\
         signal.sigwait({{signal.SIG{name}}})\n\
         print('got {name}' + ' again' * (signal.SIG{name} in signal.sigpending()), flush=True)\n\
         sys.exit(5)"
    );
    ["python3".to_owned(), "-c".to_owned(), script]
}

#[test]
fn signals_to_the_command_reach_the_program() {
    for (name, signal) in [
        ("TERM", Signal::TERM),
        ("INT", Signal::INT),
        ("HUP", Signal::HUP),
        ("QUIT", Signal::QUIT),
        ("USR1", Signal::USR1),
        ("USR2", Signal::USR2),
    ] {
        let mut command = sim_run(&["--quiet"]);
        let mut child = command.args(waits_for(name)).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        kill_process(Pid::from_child(&child), signal).unwrap();
        output.read_line(&mut line).unwrap();
        assert_eq!(line, format!("ready\ngot {name}\n"));
        assert_eq!(finish_child(child).status.code(), Some(5), "{name}");
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

#[test]
fn an_interrupt_from_a_terminal_reaches_the_program_once_and_is_waited_for() {
    // Python has a terminal to offer; the program has the time to say what it got before it ends.
    let script = "import os, pty, sys\n\
        pid, terminal = pty.fork()\n\
        if pid == 0: os.execv(sys.argv[1], sys.argv[1:])\n\
        seen = b''\n\
        while b'ready' not in seen: seen += os.read(terminal, 100)\n\
        os.write(terminal, b'\\x03')\n\
        try:\n\
        \twhile True:\n\
        \t\tmore = os.read(terminal, 100)\n\
        \t\tif not more: break\n\
        \t\tseen += more\n\
        except OSError: pass\n\
        print(seen.count(b'got INT'), seen.count(b'again'), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))";
    let mut command = Command::new("python3");
    command.args(["-c", script, env!("CARGO_BIN_EXE_mlsensor"), "sim", "run", "--quiet", "--"]);
    command.args(waits_for("INT"));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = finish(command);
    assert_eq!(text(&output.stdout), "1 0 5\n", "{output:?}");
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
