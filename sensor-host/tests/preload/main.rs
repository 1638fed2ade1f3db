//! Unchanged programs on a simulated bus: `mlsensor sim run -- PROGRAM`, by a library that is loaded into them.
//!
//! `program.c` of the tests of the other route is used here too, but linked dynamically.
#![cfg(all(target_os = "linux", target_env = "gnu", any(target_arch = "x86_64", target_arch = "aarch64")))]

mod bus;
mod ending;
mod files;
mod hostile;
#[path = "../packet_line/mod.rs"]
mod packet_line;
mod paths;

use packet_line::is_packet;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, mpsc};
use std::time::Duration;

/// Only against hanging: nothing is measured by it.
const PATIENCE: Duration = Duration::from_secs(120);

/// Nobody is there: each packet is the same.
const EMPTY: &[&str] = &["--scenario", "empty_room"];

/// `mlsensor sim run` with these options, and then `--`.
fn sim_run(options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlsensor"));
    command.args(["sim", "run", "--quiet", "--route", "preload"]).args(options).arg("--");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A program from its source, built once.
fn built(source: &str, name: &str, options: &[&str]) -> PathBuf {
    static BUILT: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
    let mut built = BUILT.lock().unwrap();
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    if !built.contains(&path) {
        let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests").join(source);
        let mut cc = Command::new("cc");
        cc.args(["-O1", "-w", "-o"]).arg(&path).arg(source).arg("-lpthread").args(options);
        let output = cc.output().expect("a C compiler");
        assert!(output.status.success(), "{}", text(&output.stderr));
        built.push(path.clone());
    }
    path
}

/// The program of this folder.
fn program() -> PathBuf {
    built("preload/program.c", "by-library", &[])
}

/// The program of the other route's tests.
fn shared_program() -> PathBuf {
    built("sim_run/program.c", "by-calls", &[])
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
fn prints(options: &[&str], program: impl Into<PathBuf>, arguments: &[&str]) -> String {
    let mut command = sim_run(options);
    command.arg(program.into()).args(arguments);
    let Output { status, stdout, stderr } = finish(command);
    let (stdout, stderr) = (text(&stdout), text(&stderr));
    assert!(status.success() && stderr.is_empty(), "{status}\n{stdout}{stderr}");
    stdout
}

/// What a mode of the program of this folder prints.
fn does(options: &[&str], mode: &str) -> String {
    prints(options, program(), &[mode])
}

/// What a Python script prints.
fn python(script: &str) -> String {
    prints(EMPTY, "python3", &["-c", script])
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn input_and_output_are_the_programs_own() {
    let mut child = sim_run(&[]).arg("cat").stdin(Stdio::piped()).spawn().unwrap();
    let bytes: Vec<u8> = (0..1_u32 << 18).flat_map(u32::to_be_bytes).collect();
    let mut input = child.stdin.take().unwrap();
    let sent = bytes.clone();
    let sender = std::thread::spawn(move || input.write_all(&sent));
    let output = finish_child(child);
    sender.join().unwrap().unwrap();
    assert!(output.stdout == bytes, "a mebibyte went through unchanged");
}

#[test]
fn other_libraries_that_the_user_loads_into_programs_are_loaded_too() {
    let library = built("preload/library.c", "library.so", &["-shared", "-fPIC"]);
    let mut command = sim_run(&[]);
    command.arg(program()).arg("waits").env("LD_PRELOAD", &library);
    // It says so when it is loaded, in the command itself too, and opens the bus by the next library, which is ours.
    let output = finish(command);
    assert!(text(&output.stdout).ends_with("poll 1 errno 0\n1\n"), "{output:?}");
    let said = text(&output.stderr);
    assert!(said.lines().filter(|line| *line == "the user's library is here").count() >= 2, "{said}");
}

#[test]
fn how_long_a_read_takes_is_a_figure() {
    // Not asserted, for it is the machine's: `cargo test -p mlsensor-host how_long -- --nocapture` shows it.
    let printed = does(EMPTY, "latency");
    assert!(printed.starts_with("median ") && printed.ends_with(" us\n"), "{printed}");
    println!("a 39-byte read by the library: {printed}");
}
