//! The simulator as a module of WebAssembly, and the programs for the RP2040, as they were built, on an emulated one with
//! that simulator on its bus: both in Node.

use std::path::Path;

use crate::{
    apt,
    call::Call,
    failure::Failure,
    project::{self, Project},
    toolchain::Mcu,
};

use super::build::{self, THUMBV6M, WASM32};

/// The profile of the workspace that the module is handed out in.
const WASM_PROFILE: &str = "wasm";

/// Where the emulated chip is, with what it takes from npm.
const EMULATED: &str = "examples/firmware/emulated";

/// Where tests for Node are.
const TESTS: [&str; 2] = ["sensor-sim/wasm/tests", "examples/firmware/emulated/tests"];

/// The first Node that reports on tests in lines for people. Debian bookworm has 18.19 and later.
const OLDEST_NODE: (u32, u32) = (18, 15);

pub(super) fn run(project: &Project, mcu: &Mcu) -> Result<(), Failure> {
    need_node(project)?;
    build::build(project, mcu, "mlsensor-firmware-rp2040", THUMBV6M)?;
    let wasm = format!(
        "rustc --locked --package mlsensor-sim-wasm --lib --crate-type cdylib --profile {WASM_PROFILE} --target {WASM32}"
    );
    mcu.equip(Call::cargo(project, &wasm))
        .run("XTASK-WASM-BUILD", "the simulator uses something that WebAssembly does not have")?;
    let module = mcu.release(WASM32).with_file_name(WASM_PROFILE).join("mlsensor_sim_wasm.wasm");
    // Exactly what the lock says, and no programs of packages are run.
    Call::new(project, "npm", "npm", "ci --ignore-scripts --no-audit --no-fund --loglevel=error")
        .folder(&project.root.join(EMULATED))
        .run(
            "XTASK-NPM",
            "the registry of npm cannot be reached, or package-lock.json is not that of package.json",
        )?;
    let mut tests = Vec::new();
    for folder in TESTS {
        let files = project::files(&project.root.join(folder))?;
        tests.extend(files.into_iter().filter(|file| is_test(file)));
    }
    Call::new(project, "node", "node", "--test --test-reporter=spec")
        .env("MLSENSOR_SIM_WASM", &module)
        .env("MLSENSOR_FIRMWARE", mcu.release(THUMBV6M))
        .args(tests)
        .run("XTASK-EMULATED", "a program does something else than expected; where it should, EXPECT=write writes transcripts anew")
}

fn is_test(file: &Path) -> bool {
    file.to_string_lossy().ends_with(".test.mjs")
}

/// Node and npm: those that are there, else those of Debian.
fn need_node(project: &Project) -> Result<(), Failure> {
    let what = "the simulator in WebAssembly runs in Node";
    for (name, package) in [("node", "nodejs"), ("npm", "npm")] {
        if !Call::new(project, name, name, "--version").succeeds() {
            apt::need(project, "XTASK-NO-NODE", what, &[package])?;
        }
    }
    let said = Call::new(project, "node", "node", "--version").printed().unwrap_or_default();
    match version(&said) {
        Some(found) if found >= OLDEST_NODE => Ok(()),
        _ => Err(Failure::new(
            "XTASK-NODE-OLD",
            format!("node is {}, and not {}.{} or later", said.trim(), OLDEST_NODE.0, OLDEST_NODE.1),
            "the first node on the path is an old one",
            "node --version",
        )),
    }
}

/// The first two numbers of what `node --version` prints.
fn version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.trim().strip_prefix('v')?.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(version("v18.19.0\n") >= Some(OLDEST_NODE));
        assert!(version("v22.2.0\n") >= Some(OLDEST_NODE));
        assert!(version("v18.9.1\n") < Some(OLDEST_NODE));
        assert!(version("v9.11.2\n") < Some(OLDEST_NODE));
        assert_eq!([version(""), version("18.19.0"), version("v18"), version("vx.y")], [None; 4]);
    }

    #[test]
    fn every_folder_of_tests_holds_some() {
        let project = Project::find();
        for folder in TESTS {
            let files = project::files(&project.root.join(folder)).unwrap();
            assert!(files.iter().any(|file| is_test(file)), "{folder}");
        }
    }
}
