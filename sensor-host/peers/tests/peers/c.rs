//! C programs: one that is linked to the C library as usual, and one that holds it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{NOBODY, ROUTES, Sim, here};

fn compile(name: &str, options: &[&str]) -> PathBuf {
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let source = here("c").join("read.c");
    let status = Command::new("cc").args(options).arg("-o").arg(&program).arg(source).status().unwrap();
    assert!(status.success());
    program
}

fn expected() -> String {
    format!("39 errno 0: {NOBODY}\n40 errno 0: {NOBODY} ff\n-1 errno 121:\n")
}

#[test]
fn a_program_reads_39_bytes_40_bytes_and_an_absent_address() {
    let program = compile("read", &["-O1"]);
    for route in ROUTES {
        Sim::new(route, "empty_room").run(&program, &[]).printed(&expected());
    }
}

#[test]
fn a_static_program_has_the_bus_too() {
    let program = compile("read_static", &["-O1", "-static"]);
    Sim::new("seccomp", "empty_room").run(&program, &[]).printed(&expected());
}

#[test]
fn a_static_program_is_refused_where_it_would_not_see_the_bus() {
    let program = compile("read_static_refused", &["-O1", "-static"]);
    // Not through `timeout`, which is no static program.
    let mut sim = Sim::new("preload", "empty_room");
    let output = sim.command.arg("--").arg(&program).output().unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.stdout.is_empty() && complaints.contains("static"), "{complaints}");
    assert_ne!(output.status.code(), Some(0));
}
