//! Our own code on the processor of the first Raspberry Pi and the Zero, an ARM1176. Debian has no Python for it, so what
//! runs are tests of the crates that the wheel is made of, built for the same processor and linked with a C library of
//! their own.

use std::{env, path::Path};

use super::compiler::Compiler;
use crate::{failure::Failure, project::Project, python::Venv};

const TARGET: &str = "arm-unknown-linux-musleabihf";

/// The parsers and the behaviours, scenes with their digests, and the values of the host crate.
const TESTS: [&str; 3] = [
    "-p mlsensor --features serde --lib --test golden --test on_simulator",
    "-p mlsensor-sim --lib --test scenarios --test registers",
    "-p mlsensor-host --lib",
];

/// `folder` is where it may build, `emulator` that of an ARM.
pub(super) fn test(project: &Project, venv: &Venv, folder: &Path, emulator: &Path) -> Result<(), Failure> {
    println!("\nTests of the crates on an ARM1176, emulated:");
    let compiler = Compiler::find(project, &folder.join("rust"), TARGET)?;
    let path = format!("{}:{}", venv.programs().display(), env::var("PATH").unwrap_or_default());
    let name = TARGET.to_uppercase().replace('-', "_");
    for tests in TESTS {
        let call = venv
            .run(project, "cargo-zigbuild", &format!("test --locked {tests} --target {TARGET}"))
            .target_dir(&folder.join("cargo"))
            // zig brings the C library, where Rust has none.
            .env("RUSTFLAGS", "-Clink-self-contained=no")
            .env(&format!("CARGO_TARGET_{name}_RUNNER"), format!("{} -cpu arm1176", emulator.display()))
            .env("PATH", &path);
        compiler
            .equip(call)
            .run("XTASK-WHEELS-ARMV6", "an instruction is not one of an ARMv6, or a test fails there")?;
    }
    Ok(())
}
