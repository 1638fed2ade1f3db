//! Unchanged programs on a simulated bus: `mlsensor sim run -- PROGRAM`, by trapped system calls.
#![cfg(target_os = "linux")]

mod bus;
mod ending;
mod files;
mod locks;
#[path = "../packet_line/mod.rs"]
mod packet_line;
mod path_calls;
mod processes;
mod refused;
mod scarce;

use packet_line::is_packet;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc;
use std::time::Duration;

/// Only against hanging: nothing is measured by it.
const PATIENCE: Duration = Duration::from_secs(120);

/// `mlsensor sim run` with these options, and then `--`.
fn sim_run(options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlsensor"));
    command.args(["sim", "run", "--route", "seccomp"]).args(options).arg("--");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The program of program.c, linked statically, which is built once.
fn program() -> PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("program-{}", std::process::id()));
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sim_run/program.c");
        let cc =
            Command::new("cc").args(["-static", "-O1", "-o"]).arg(&path).args([source, "-lpthread"]).output();
        let cc = cc.expect("a C compiler");
        assert!(cc.status.success(), "{}", String::from_utf8_lossy(&cc.stderr));
        path
    };
    PROGRAM.get_or_init(build).clone()
}

/// Runs to the end.
fn finish(mut command: Command) -> Output {
    finish_child(command.spawn().unwrap())
}

fn finish_child(child: Child) -> Output {
    let pid = child.id();
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || send.send(child.wait_with_output()));
    receive.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("process {pid} hangs")).unwrap()
}

/// Runs a program, which must succeed and say nothing on stderr: what it printed.
fn prints(options: &[&str], program: &str, arguments: &[&str]) -> String {
    let mut command = sim_run(&[&["--quiet"], options].concat());
    command.arg(program).args(arguments);
    let Output { status, stdout, stderr } = finish(command);
    let (stdout, stderr) = (text(&stdout), text(&stderr));
    assert!(status.success() && stderr.is_empty(), "{status}\n{stdout}{stderr}");
    stdout
}

/// What a mode of program.c prints.
fn does(options: &[&str], arguments: &[&str]) -> String {
    prints(options, program().to_str().unwrap(), arguments)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A shell's script.
fn sh(options: &[&str], script: &str) -> Output {
    let mut command = sim_run(options);
    command.args(["sh", "-c", script]);
    finish(command)
}

#[test]
fn input_and_output_are_the_programs_own() {
    let mut command = sim_run(&[]);
    let mut child = command.arg("cat").stdin(Stdio::piped()).spawn().unwrap();
    let bytes: Vec<u8> = (0..1_u32 << 18).flat_map(u32::to_be_bytes).collect();
    let mut input = child.stdin.take().unwrap();
    let sent = bytes.clone();
    let sender = std::thread::spawn(move || input.write_all(&sent));
    let output = finish_child(child);
    sender.join().unwrap().unwrap();
    assert!(output.stdout == bytes, "a mebibyte went through unchanged");
    // One line says what is simulated, and where.
    let said = text(&output.stderr);
    assert!(
        said.starts_with("mlsensor: ") && said.contains("/dev/i2c-1") && said.lines().count() == 1,
        "{said}"
    );
}
