//! Programs that know nothing of mlsensor, unchanged, on a simulated bus.

use crate::{apt, call::Call, failure::Failure, project::Project};

pub(crate) const PACKAGE: &str = "sensor-host/peers";

const PACKAGES: [&str; 7] =
    ["i2c-tools", "gpiod", "python3", "python3-venv", "python3-smbus", "libc6-dev", "sigrok-cli"];

/// The test of the host crate whose program is one of [`PACKAGES`].
const DECODED_BY_SIGROK: &str = "a_scenario_on_the_wires_is_decoded_by_sigrok_and_imported_as_it_was";

/// What PyPI brings, in the versions that were tried.
const FROM_PYPI: [&str; 2] = ["smbus2==0.6.1", "gpiod==2.5.0"];

pub(crate) fn run(project: &Project) -> Result<(), Failure> {
    apt::need(project, "XTASK-NO-PEERS", "the programs that are tried on a simulated bus", &PACKAGES)?;
    let venv = project.target.join("peers/venv");
    let python = venv.join("bin/python3");
    // Debian's own Python, which the package python3-venv belongs to.
    let system = Call::new(project, "/usr/bin/python3", "/usr/bin/python3", "-m venv").arg(&venv);
    system.run("XTASK-PEERS-VENV", "the folder target/peers cannot be written")?;
    Call::new(
        project,
        &python,
        &python.to_string_lossy(),
        "-m pip install --quiet --disable-pip-version-check",
    )
    .args(FROM_PYPI)
    .run("XTASK-PEERS-PYPI", "PyPI cannot be reached")?;
    let built = "something above does not compile";
    Call::cargo(project, "build --locked -p mlsensor-host --bin mlsensor")
        .target_dir(&project.target)
        .run("XTASK-PEERS-BUILD", built)?;
    Call::cargo(project, &format!("test --locked --manifest-path {PACKAGE}/Cargo.toml"))
        .target_dir(&project.target.join("peers"))
        .env("MLSENSOR", project.target.join("debug/mlsensor"))
        .env("PEERS_PYTHON", &python)
        .run(
            "XTASK-PEERS",
            "a program does not find on the simulated bus what it would find on a real one",
        )?;
    Call::cargo(project, "test --locked -p mlsensor-host --test import_sigrok -- --ignored --exact")
        .arg(DECODED_BY_SIGROK)
        .target_dir(&project.target)
        .run("XTASK-PEERS", "what sigrok-cli decodes is not imported as it was")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn continuous_integration_installs_what_the_programs_are_in() {
        let workflow = include_str!("../../.github/workflows/ci.yml");
        let installed = workflow.lines().find(|line| line.contains("apt-get install")).unwrap();
        for package in PACKAGES {
            assert!(installed.split(' ').any(|word| word == package), "{package}");
        }
    }

    #[test]
    fn the_test_that_is_run_by_its_name_exists() {
        let tests = include_str!("../../sensor-host/tests/import_sigrok.rs");
        assert!(tests.contains(&format!("fn {DECODED_BY_SIGROK}()")));
    }
}
