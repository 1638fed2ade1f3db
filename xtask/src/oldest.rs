//! Do the crates build with the oldest Rust that they promise? Clippy knows when a function became stable, but not
//! which language the compiler of that time understands, nor what a dependency asks for.

use crate::{call::Call, failure::Failure, project::Project, steps::Done};

/// The promise: `rust-version` in the workspace's Cargo.toml.
const OLDEST: &str = env!("CARGO_PKG_RUST_VERSION");

pub(crate) fn run(project: &Project) -> Result<Done, Failure> {
    // The cargo on the path: only that of rustup understands `+`, and the one that runs this is behind it.
    let cargo = |arguments: &str| Call::new(project, "cargo", "cargo", &format!("+{OLDEST} {arguments}"));
    // Whether it is there is only asked: rustup must not fetch it for that.
    let version = cargo("--version").env("RUSTUP_AUTO_INSTALL", "0").printed();
    if !version.is_some_and(|version| is_oldest(&version)) {
        return Ok(Done::NotRun(format!(
            "there is no Rust {OLDEST} here: rustup toolchain install {OLDEST} --profile minimal"
        )));
    }
    cargo("check --locked -p mlsensor -p mlsensor-bridge -p mlsensor-sim -p mlsensor-host -p mlsensor-python --all-features").run(
        "XTASK-OLDEST",
        "something is newer than the Rust that is promised: the language, the standard library, or a dependency",
    )?;
    Ok(Done::Passed)
}

/// Whether what `cargo --version` printed is of the promised version, and not of what else answers to `cargo`.
fn is_oldest(printed: &str) -> bool {
    let after = printed.strip_prefix("cargo ").and_then(|version| version.strip_prefix(OLDEST));
    after.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_is_not_taken_for_the_oldest() {
        assert!(is_oldest(&format!("cargo {OLDEST}.1 (d73d2caf9 2024-12-31)\n")));
        for other in [format!("cargo {OLDEST}0.0"), "cargo 0.1.0".into(), OLDEST.into(), String::new()] {
            assert!(!is_oldest(&other), "{other}");
        }
    }

    #[test]
    fn continuous_integration_installs_the_oldest_before_it_tests() {
        let workflow = include_str!("../../.github/workflows/ci.yml");
        let installed = workflow.find(&format!("rustup toolchain install {OLDEST} "));
        let tested = workflow.find("run: cargo xtask test");
        assert!(installed.unwrap() < tested.unwrap());
    }
}
