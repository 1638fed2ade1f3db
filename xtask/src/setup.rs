//! What a machine needs before anything else can run.

use crate::{call::Call, failure::Failure, project::Project};

pub(crate) fn run(project: &Project) -> Result<(), Failure> {
    let needed = [
        (
            "rustfmt",
            Call::cargo(project, "fmt --version"),
            "rustup component add rustfmt",
            "XTASK-NO-RUSTFMT",
        ),
        (
            "clippy",
            Call::cargo(project, "clippy --version"),
            "rustup component add clippy",
            "XTASK-NO-CLIPPY",
        ),
        (
            "a C compiler, which links programs",
            Call::new(project, "cc", "cc", "--version"),
            "sudo apt-get install gcc libc6-dev",
            "XTASK-NO-CC",
        ),
    ];
    for (name, call, cure, code) in needed {
        let Some(version) = call.printed() else {
            let what = format!("there is no {name}");
            return Err(Failure::new(code, what, "it was never installed here", cure));
        };
        println!("{}", version.lines().next().unwrap_or(name));
    }
    cxx(project)
}

/// The C++ compiler, which builds the fuzzer's engine: installed, if that is possible without asking.
fn cxx(project: &Project) -> Result<(), Failure> {
    let version = || Call::new(project, "c++", "c++", "--version").printed();
    let mut found = version();
    let root = || Call::new(project, "id", "id", "-u").printed().is_some_and(|id| id.trim() == "0");
    if found.is_none() && Call::new(project, "apt-get", "apt-get", "--version").succeeds() && root() {
        let likely = "the package server cannot be reached";
        Call::new(project, "apt-get", "apt-get", "-qq update").run("XTASK-NO-CXX", likely)?;
        Call::new(project, "apt-get", "apt-get", "-qq install -y --no-install-recommends g++")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .run("XTASK-NO-CXX", likely)?;
        found = version();
    }
    let Some(version) = found else {
        return Err(Failure::new(
            "XTASK-NO-CXX",
            "there is no C++ compiler, which builds the fuzzer's engine",
            "it was never installed here, and only root could install it",
            "sudo apt-get install g++",
        ));
    };
    println!("{}", version.lines().next().unwrap_or("c++"));
    Ok(())
}
