//! The Python package: packed, built from what was packed, installed, and held to its types and its tests.

mod interpreters;
mod venv;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::{
    call::Call,
    failure::Failure,
    project::{self, Project},
};
use interpreters::Interpreter;
pub(crate) use interpreters::main as main_interpreter;
pub(crate) use venv::Venv;

/// The folder of the package.
pub(crate) const PACKAGE: &str = "python";

/// Its programs. There, its checks are those of the package.
const EXAMPLES: &str = "examples/python";

/// What the package is tested with, each in a version that was tried.
pub(crate) const REQUIREMENTS: &str = "python/requirements-test.txt";

/// What a test imports. Other Pythons than the main one have no more than that.
pub(crate) const TESTED_WITH: &str = "pytest hypothesis gpiozero";

/// From the folder of the checkout, and not of the package: there Python would take what is written for what is installed.
pub(crate) const TEST_OPTIONS: &str =
    "--quiet -p no:cacheprovider --config-file python/pyproject.toml python/tests";

const TYPES: &str = "the types do not fit; the line is named above";

pub(crate) fn run(project: &Project) -> Result<(), Failure> {
    let main = interpreters::main(project)?;
    let folder = project.target.join("python");
    let venv = Venv::make(project, &folder.join("venv"), &main, REQUIREMENTS, &["-r", REQUIREMENTS])?;
    let sdist = pack(project, &venv, &folder)?;
    let wheel = build(project, &venv, &folder, &sdist)?;
    venv.install(project, &wheel)?;
    style(project, &venv)?;
    types(project, &venv)?;
    venv.run(project, "mlsensor", "--version")
        .run("XTASK-PYTHON-COMMAND", "the entry point of the package does not find the command")?;
    test(project, &venv)?;
    for (which, interpreter) in interpreters::others(project, &main) {
        let Some(interpreter) = interpreter else {
            println!("not run: there is no other Python here that is the {which} that the package is for");
            continue;
        };
        println!("\nThe tests with {interpreter}, the {which} here that the package is for:");
        let packages: Vec<&str> = ["-c", REQUIREMENTS].into_iter().chain(TESTED_WITH.split(' ')).collect();
        let folder = folder.join(format!("venv-{which}"));
        let venv = Venv::make(project, &folder, &interpreter, REQUIREMENTS, &packages)?;
        venv.install(project, &wheel)?;
        test(project, &venv)?;
    }
    Ok(())
}

/// Packs the source; unpacks it again, as whoever builds it finds it.
fn pack(project: &Project, venv: &Venv, folder: &Path) -> Result<PathBuf, Failure> {
    let packed = folder.join("sdist");
    empty(&packed)?;
    venv.run(project, "maturin", "sdist --manifest-path")
        .arg(format!("{PACKAGE}/Cargo.toml"))
        .arg("--out")
        .arg(&packed)
        .run("XTASK-PYTHON-SDIST", "a file that the package needs is excluded, or lies outside of a crate")?;
    let archive = only(&packed, ".tar.gz")?;
    // All files as new as now: cargo looks at the time to know what changed, and maturin packs a time that is always the same.
    Call::new(project, "tar", "tar", "--extract --gzip --touch --strip-components=1 --directory")
        .arg(&packed)
        .arg("--file")
        .arg(&archive)
        .run("XTASK-PYTHON-SDIST", "the archive is broken")?;
    println!("{}: {} kB", project::stem(&archive), size(&archive)? / 1000);
    Ok(packed)
}

/// Builds the wheel, as pip does it on a machine for which there is no ready-made one.
fn build(project: &Project, venv: &Venv, folder: &Path, source: &Path) -> Result<PathBuf, Failure> {
    let wheels = folder.join("wheels");
    empty(&wheels)?;
    let path = env::var("PATH").unwrap_or_default();
    venv.run(project, "python", "-m pip wheel --quiet --no-deps")
        .args(["--no-build-isolation", "--wheel-dir"])
        .arg(&wheels)
        .arg(source)
        .target_dir(&project.target)
        // pip would find the programs of a venv that is active.
        .env("PATH", format!("{}:{path}", venv.programs().display()))
        .run("XTASK-PYTHON-BUILD", "something in it does not compile; what did is said above")?;
    let wheel = only(&wheels, ".whl")?;
    println!("{}: {} kB", wheel.file_name().unwrap_or_default().to_string_lossy(), size(&wheel)? / 1000);
    Ok(wheel)
}

fn style(project: &Project, venv: &Venv) -> Result<(), Failure> {
    for (arguments, likely) in [
        ("check", "ruff says above what to write instead"),
        ("format --check", "the code was not formatted: run the command without --check"),
    ] {
        venv.run(project, "ruff", arguments)
            .args(["--config", "python/pyproject.toml"])
            .args(checked(project))
            .run("XTASK-PYTHON-STYLE", likely)?;
    }
    Ok(())
}

fn types(project: &Project, venv: &Venv) -> Result<(), Failure> {
    let config = format!("{PACKAGE}/pyproject.toml");
    venv.run(project, "mypy", "")
        .args(["--config-file", &config])
        .arg("--cache-dir")
        .arg(project.target.join("python/mypy"))
        .args(typed(project))
        .run("XTASK-PYTHON-TYPES", TYPES)?;
    venv.run(project, "pyright", "--project")
        .arg(PACKAGE)
        .arg("--pythonpath")
        .arg(venv.program("python"))
        .run("XTASK-PYTHON-TYPES", TYPES)?;
    // This looks for the package in the Python that PATH names, and in no other.
    let path = env::var("PATH").unwrap_or_default();
    venv.run(project, "pyright", "--verifytypes mlsensor --ignoreexternal")
        .env("PATH", format!("{}:{path}", venv.programs().display()))
        .run("XTASK-PYTHON-TYPES", "something that is public has no type, or not a whole one")?;
    let stubtest =
        venv.run(project, "python", "-m mypy.stubtest mlsensor").args(["--mypy-config-file", &config]);
    let allowed = format!("{PACKAGE}/stubtest-allowed.txt");
    let stubtest = if project.root.join(&allowed).is_file() {
        stubtest.args(["--allowlist", &allowed])
    } else {
        stubtest
    };
    stubtest.run("XTASK-PYTHON-STUBS", "the stub says other things than the native module")
}

fn test(project: &Project, venv: &Venv) -> Result<(), Failure> {
    venv.run(project, "pytest", TEST_OPTIONS)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .run("XTASK-PYTHON-TESTS", "a test that is named above does not hold any more")
}

/// Where there is Python, as far as it is there.
fn checked(project: &Project) -> Vec<&'static str> {
    [PACKAGE, EXAMPLES].into_iter().filter(|folder| project.root.join(folder).is_dir()).collect()
}

/// The same, as mypy wants it: programs that are no modules of a package, and nothing that was made.
fn typed(project: &Project) -> Vec<String> {
    let of_package =
        ["mlsensor", "tests", "build_backend", "benchmarks"].map(|name| format!("{PACKAGE}/{name}"));
    let all = of_package.into_iter().chain([EXAMPLES.to_owned()]);
    all.filter(|folder| project.root.join(folder).is_dir()).collect()
}

/// The one file of a folder with this ending.
pub(crate) fn only(folder: &Path, ending: &str) -> Result<PathBuf, Failure> {
    let mut files = project::files(folder)?;
    files.retain(|file| file.to_string_lossy().ends_with(ending));
    match <[PathBuf; 1]>::try_from(files) {
        Ok([file]) => Ok(file),
        Err(files) => Err(Failure::new(
            "XTASK-PYTHON-MADE",
            format!("{} holds {} files that end with {ending}", folder.display(), files.len()),
            "what makes them has other names for them now",
            format!("ls {}", folder.display()),
        )),
    }
}

/// Makes the folder, with nothing in it.
pub(crate) fn empty(folder: &Path) -> Result<(), Failure> {
    // It may not be there.
    let _ = fs::remove_dir_all(folder);
    project::make_folder(folder)
}

fn size(file: &Path) -> Result<u64, Failure> {
    fs::metadata(file).map(|data| data.len()).map_err(|error| Failure::io(file, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_and_no_other_has_the_ending() {
        let folder = Project::find().target.join("xtask-test-only");
        empty(&folder).unwrap();
        assert_eq!(only(&folder, ".whl").unwrap_err().code, "XTASK-PYTHON-MADE");
        fs::write(folder.join("a.whl"), "").unwrap();
        fs::write(folder.join("a.txt"), "").unwrap();
        assert_eq!(only(&folder, ".whl").unwrap(), folder.join("a.whl"));
        fs::write(folder.join("b.whl"), "").unwrap();
        assert_eq!(only(&folder, ".whl").unwrap_err().code, "XTASK-PYTHON-MADE");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_a_test_imports_has_a_version() {
        let requirements = include_str!("../../../python/requirements-test.txt");
        for name in TESTED_WITH.split(' ') {
            assert!(requirements.lines().any(|line| line.starts_with(&format!("{name}=="))), "{name}");
        }
    }
}
