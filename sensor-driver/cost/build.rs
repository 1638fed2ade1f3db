//! The programs that are run get the memory of a machine of QEMU; those that are weighed are never loaded.

use std::{env, fs, path::Path};

const RUN: [&str; 5] = ["run_bus", "run_bus_async", "run_read", "run_read_async", "run_read_other"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=link");
    println!("cargo:rerun-if-changed=build.rs");
    let memory = format!("link/{}.x", env::var("TARGET")?);
    if !Path::new(&memory).exists() {
        return Ok(());
    }
    let out = env::var("OUT_DIR")?;
    fs::copy(&memory, Path::new(&out).join("memory.x"))?;
    fs::copy("link/sections.x", Path::new(&out).join("sections.x"))?;
    for program in RUN {
        println!("cargo:rustc-link-arg-bin={program}=-L{out}");
        println!("cargo:rustc-link-arg-bin={program}=-Tsections.x");
    }
    Ok(())
}
