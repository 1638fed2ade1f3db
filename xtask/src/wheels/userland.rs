//! Debian's Python of another processor, on this one: in an emulator, from a folder, without root and without a container.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use super::target::{Emulated, Target};
use crate::{
    call::Call,
    debian,
    failure::Failure,
    project::{self, Project},
    python::{self, REQUIREMENTS, TEST_OPTIONS, TESTED_WITH, Venv},
    shell::{quoted, script},
};

/// Tests that load a library of this machine into a program, or trap its system calls: no emulator can.
const NATIVE: [&str; 2] = ["tests/linux", "tests/test_troubles.py"];

/// Tests that start program after program: each start takes seconds there, and says little of the processor.
const OF_PROGRAMS: [&str; 11] = [
    "tests/test_build_backend.py",
    "tests/test_command.py",
    "tests/test_examples.py",
    "tests/test_examples_commands.py",
    "tests/test_examples_ends.py",
    "tests/test_examples_people.py",
    "tests/test_notebook.py",
    "tests/test_pages.py",
    "tests/test_recipes.py",
    "tests/test_sensor_environment.py",
    "tests/test_sensor_exit.py",
];

pub(super) struct Userland {
    /// The emulator alone.
    pub emulator: PathBuf,
    target: Target,
    /// Stand in for its Python and its command, for whoever calls them.
    programs: PathBuf,
    /// 11 of 3.11.
    minor: u8,
    /// Where the wheel is installed.
    site: PathBuf,
    /// Where the tests find what they are written with.
    tools: PathBuf,
}

impl Userland {
    /// Fetches it, if it is not there; or says why there is none.
    pub(super) fn fetch(
        project: &Project,
        folder: &Path,
        target: &Target,
        emulated: &Emulated,
    ) -> Result<Result<Self, String>, Failure> {
        let prefix = folder.join(emulated.debian);
        let fetching =
            Call::new(project, "sh", "sh", "xtask/wheels/userland.sh").arg(&prefix).arg(emulated.debian);
        if let Err(why) = debian::fetch(project, fetching, "XTASK-WHEELS-PACKAGES")? {
            return Ok(Err(why));
        }
        let root = prefix.join("root");
        let emulator = prefix.join("qemu/usr/bin").join(emulated.emulator);
        let of_target = folder.join(target.name);
        let [programs, site, tools] = ["bin", "site", "tools"].map(|name| of_target.join(name));
        project::make_folder(&programs)?;
        let names = project::files(&root.join("usr/bin"))?;
        let (minor, python) = names.iter().find_map(|path| Some((minor(path)?, path))).ok_or_else(|| {
            Failure::new(
                "XTASK-WHEELS-PYTHON",
                format!("there is no Python in {}", root.display()),
                "Debian's packages have another order",
                format!("ls {}/usr/bin", root.display()),
            )
        })?;
        // It takes itself for the program that was called, so that a test that calls Python calls this again.
        let text = format!(
            "export PYTHONHOME={root}/usr QEMU_CPU={} PYTHONDONTWRITEBYTECODE=1\n\
             export PYTHONPATH={}:{}\"${{PYTHONPATH:+:$PYTHONPATH}}\"\n\
             exec {} -L {root} -0 \"$0\" {} \"$@\"\n",
            emulated.processor,
            quoted(&site),
            quoted(&tools),
            quoted(&emulator),
            quoted(python),
            root = quoted(&root),
        );
        let stand_in = script(&programs.join("python3"), &text)?;
        script(&programs.join("mlsensor"), &format!("exec {} -m mlsensor \"$@\"\n", quoted(&stand_in)))?;
        Ok(Ok(Userland { emulator, target: *target, programs, minor, site, tools }))
    }

    /// Installs a wheel as pip would there, with what its tests import.
    pub(super) fn install(&self, project: &Project, venv: &Venv, wheel: &Path) -> Result<(), Failure> {
        let requirements = project::read(&project.root.join(REQUIREMENTS))?;
        let stamp = self.tools.join("made-of");
        let made_of = format!("{TESTED_WITH} {}\n{requirements}", self.minor);
        if !fs::read_to_string(&stamp).is_ok_and(|text| text == made_of) {
            python::empty(&self.tools)?;
            self.pip(project, venv, &self.tools)
                .args(["-c", REQUIREMENTS])
                .args(TESTED_WITH.split(' '))
                .run("XTASK-PYTHON-PYPI", "PyPI cannot be reached")?;
            fs::write(&stamp, made_of).map_err(|error| Failure::io(&stamp, &error))?;
        }
        python::empty(&self.site)?;
        self.pip(project, venv, &self.site)
            .args(["--no-index", "--no-deps"])
            .arg(wheel)
            .run("XTASK-WHEELS-INSTALL", "pip does not take a wheel of this name there")
    }

    /// pip, which believes that it is there.
    fn pip(&self, project: &Project, venv: &Venv, into: &Path) -> Call {
        venv.pip(project)
            .args(["--target".as_ref(), into])
            .args(["--platform", self.target.platform()])
            .args(["--python-version", &format!("3.{}", self.minor), "--implementation", "cp"])
            .args(["--abi", "abi3", "--abi", "none", "--only-binary=:all:"])
    }

    /// Runs the package's tests; all that can be run there, or without those that take minutes.
    pub(super) fn test(&self, project: &Project, all: bool) -> Result<(), Failure> {
        let left_out = if all { &[] } else { &OF_PROGRAMS[..] };
        println!("\nThe tests with Python 3.{} on {}, emulated:", self.minor, self.target.name);
        let path = env::var("PATH").unwrap_or_default();
        // -P: the package is to be found where it was installed, not where it is written.
        self.python(project, &format!("-m pytest {TEST_OPTIONS}"))
            .args(left_out.iter().chain(&NATIVE).map(|tests| format!("--ignore={}/{tests}", python::PACKAGE)))
            .env("PATH", format!("{}:{path}", self.programs.display()))
            .run("XTASK-WHEELS-TESTS", "what a test that is named above holds differs there")
    }

    /// Compares what simulated sensors show there and here: the scenarios that come with the simulator, by the command.
    pub(super) fn compare(&self, project: &Project) -> Result<(), Failure> {
        Call::cargo(project, "build --locked --quiet -p mlsensor-host --bin mlsensor")
            .target_dir(&project.target)
            .run("XTASK-WHEELS-BUILD", "the command `mlsensor` does not build")?;
        let mut count = 0;
        for scenario in project::files(&project.root.join("sensor-sim/scenarios"))? {
            let arguments = format!("read --json sim:{}", project::stem(&scenario));
            let here = Call::new(project, project.target.join("debug/mlsensor"), "mlsensor", &arguments);
            let there = self.python(project, &format!("-m mlsensor {arguments}"));
            let typed = there.typed();
            let (here, there) = (here.printed().unwrap_or_default(), there.printed().unwrap_or_default());
            // The last line says that the scene came to its end.
            if here != there || !here.contains("\"why\":\"end\"") {
                let differs = here.lines().zip(there.lines()).position(|(here, there)| here != there);
                let line = differs.unwrap_or(here.lines().count().min(there.lines().count())) + 1;
                return Err(Failure::new(
                    "XTASK-WHEELS-DIFFER",
                    format!("`{arguments}` prints another line {line} on {} than here", self.target.name),
                    "something in the simulator or in the driver depends on the processor",
                    typed,
                ));
            }
            count += 1;
        }
        println!("{count} scenarios are the same on {} as here, to the last byte", self.target.name);
        Ok(())
    }

    fn python(&self, project: &Project, arguments: &str) -> Call {
        let program = self.programs.join("python3");
        Call::new(project, &program, &program.to_string_lossy(), arguments)
    }
}

/// 11 of python3.11.
fn minor(path: &Path) -> Option<u8> {
    path.file_name()?.to_str()?.strip_prefix("python3.")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_there_exists() {
        let package = Project::find().root.join(python::PACKAGE);
        let [folder, file] = NATIVE;
        let tests = project::files(&package.join(folder)).unwrap();
        assert!(tests.iter().any(|file| project::stem(file).starts_with("test_")));
        assert!(OF_PROGRAMS.iter().chain([&file]).all(|tests| package.join(tests).is_file()));
    }

    #[test]
    fn a_program_that_is_called_like_python_is_told_from_it() {
        assert_eq!(minor(Path::new("/usr/bin/python3.11")), Some(11));
        for other in ["/usr/bin/python3", "/usr/bin/python3.11-config", "/usr/bin/pydoc3.11"] {
            assert_eq!(minor(Path::new(other)), None, "{other}");
        }
    }
}
