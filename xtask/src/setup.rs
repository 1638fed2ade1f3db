//! What a machine needs before anything else can run.

use crate::{apt, call::Call, failure::Failure, project::Project};

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
    if found.is_none() {
        apt::need(project, "XTASK-NO-CXX", "the fuzzer's engine is built by a C++ compiler", &["g++"])?;
        found = version();
    }
    let Some(version) = found else {
        return Err(Failure::new(
            "XTASK-NO-CXX",
            "there is no C++ compiler, which builds the fuzzer's engine",
            "the package g++ is installed, but no `c++` is on the path",
            "c++ --version",
        ));
    };
    println!("{}", version.lines().next().unwrap_or("c++"));
    Ok(())
}
