//! Builds the library of the front end by `LD_PRELOAD` (`preload/`) with the compiler and the linker that cargo uses, for
//! the crate embeds it. Where that is not possible the crate is built without, and says so when it is needed.

use std::env;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=preload");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(fuzzing)");
    let Some(out) = env::var_os("OUT_DIR") else { return };
    let library = Path::new(&out).join("libmlsensor_preload.so");
    let built = build(&library);
    if let Err(reason) = &built {
        println!("cargo::warning=`mlsensor sim run` is built without its route by LD_PRELOAD: {reason}");
        let _ = std::fs::write(&library, []);
    }
}

/// What the library has system calls and structures for.
const PROCESSORS: [&str; 2] = ["x86_64", "aarch64"];

fn build(library: &Path) -> Result<(), String> {
    let of_target = |name: &str| env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    if of_target("OS") != "linux" {
        // Nothing is lost: there is no such bus either.
        return std::fs::write(library, []).map_err(|error| error.to_string());
    }
    if !PROCESSORS.contains(&of_target("ARCH").as_str()) || of_target("POINTER_WIDTH") != "64" {
        return Err(format!("it knows {} only", PROCESSORS.join(" and ")));
    }
    let variable = |name: &str| env::var_os(name).ok_or(format!("cargo did not set {name}"));
    let mut rustc = Command::new(variable("RUSTC")?);
    rustc.args(["--crate-name", "mlsensor_preload", "--crate-type", "cdylib", "--edition", "2024"]);
    rustc.arg("--target").arg(variable("TARGET")?).arg("-o").arg(library).arg("preload/lib.rs");
    // It is put into other people's programs: small, without a C library of its own, and whole in one unit, which the
    // weak reference to `dlsym` needs.
    for option in
        ["opt-level=2", "panic=abort", "codegen-units=1", "strip=symbols", "target-feature=-crt-static"]
    {
        rustc.args(["-C", option]);
    }
    // These are words for a compiler that links, and so they are for a linker that is called by itself and understands
    // them; rustc would guess by its name that it does not, and break off.
    rustc.args(["-C", "linker-flavor=gcc"]);
    for argument in ["-nostdlib", "-nostartfiles", "-Wl,-z,nodelete"] {
        rustc.args(["-C", &format!("link-arg={argument}")]);
    }
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        let mut option = std::ffi::OsString::from("linker=");
        option.push(linker);
        rustc.arg("-C").arg(option);
    }
    let output = rustc.output().map_err(|error| format!("rustc does not start: {error}"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    for line in text.lines().filter(|line| line.starts_with("warning")) {
        println!("cargo::warning={line}");
    }
    if output.status.success() {
        return Ok(());
    }
    Err(text.lines().find(|line| line.starts_with("error")).unwrap_or("rustc failed").to_owned())
}
