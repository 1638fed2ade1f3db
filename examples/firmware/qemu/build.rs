//! The memory of the board, for every program that uses this crate.

use std::env;
use std::fs;
use std::path::PathBuf;

/// The board of each processor, as QEMU calls it.
const BOARDS: [(&str, &str); 4] = [
    ("thumbv6m-none-eabi", "microbit"),
    ("thumbv7m-none-eabi", "lm3s6965evb"),
    ("thumbv7em-none-eabihf", "netduinoplus2"),
    ("riscv32imc-unknown-none-elf", "virt"),
];

fn main() {
    let target = env::var("TARGET").unwrap();
    let Some((_, board)) = BOARDS.iter().find(|(of, _)| *of == target) else {
        panic!("there is no board for {target}: use --target with one of {BOARDS:?}");
    };
    let memory = format!("boards/{board}.x");
    let out = PathBuf::from(env::var("OUT_DIR").unwrap());
    fs::copy(&memory, out.join("memory.x")).unwrap();
    println!("cargo:rustc-link-search={}", out.display());
    println!("cargo:rustc-link-arg-bins=-Tlink.x");
    println!("cargo:rerun-if-changed={memory}");
    println!("cargo:rerun-if-changed=build.rs");
}
