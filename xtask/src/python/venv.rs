//! An environment of Python's: a folder with programs and packages of exact versions.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::Interpreter;
use crate::{
    call::Call,
    failure::Failure,
    project::{self, Project},
};

pub(crate) struct Venv {
    folder: PathBuf,
}

impl Venv {
    /// Makes it, or takes it as it is if it was made of the same. `packages` is what pip is told to install, and
    /// `requirements` the file that says in which versions.
    pub(crate) fn make(
        project: &Project,
        folder: &Path,
        interpreter: &Interpreter,
        requirements: &str,
        packages: &[&str],
    ) -> Result<Self, Failure> {
        let venv = Venv { folder: folder.to_owned() };
        let requirements = project::read(&project.root.join(requirements))?;
        let made_of = format!("{}\n{interpreter}\n{packages:?}\n{requirements}", folder.display());
        let stamp = folder.join("made-of");
        if fs::read_to_string(&stamp).is_ok_and(|text| text == made_of) && venv.runs(project) {
            println!("{interpreter}, in {}", folder.display());
            return Ok(venv);
        }
        Call::new(project, &interpreter.program, &interpreter.program.to_string_lossy(), "-m venv --clear")
            .arg(folder)
            .run("XTASK-PYTHON-VENV", "the folder cannot be written, or this Python has no `ensurepip`")?;
        venv.pip(project).args(packages).run("XTASK-PYTHON-PYPI", "PyPI cannot be reached")?;
        fs::write(&stamp, made_of).map_err(|error| Failure::io(&stamp, &error))?;
        Ok(venv)
    }

    fn runs(&self, project: &Project) -> bool {
        self.run(project, "python", "-m pip --version").succeeds()
    }

    /// `pip install`, without what it has to install.
    pub(crate) fn pip(&self, project: &Project) -> Call {
        self.run(project, "python", "-m pip install --quiet --disable-pip-version-check")
    }

    /// Installs a wheel, whatever of it was there.
    pub(crate) fn install(&self, project: &Project, wheel: &Path) -> Result<(), Failure> {
        self.pip(project)
            .args(["--no-index", "--no-deps", "--force-reinstall"])
            .arg(wheel)
            .run("XTASK-PYTHON-INSTALL", "the wheel is not for this Python, or not for this processor")
    }

    /// One of its programs.
    pub(crate) fn run(&self, project: &Project, program: &str, arguments: &str) -> Call {
        let program = self.program(program);
        Call::new(project, &program, &program.to_string_lossy(), arguments)
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.programs().join(name)
    }

    pub(crate) fn programs(&self) -> PathBuf {
        self.folder.join("bin")
    }
}
