//! The Pythons of this machine.

use std::{fmt, path::PathBuf};

use crate::{apt, call::Call, failure::Failure, project::Project};

/// The oldest and the newest that the package is for: `requires-python`, and the last of its classifiers.
const OLDEST: u8 = 9;
const NEWEST: u8 = 14;

/// A Python that can make an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Interpreter {
    pub program: PathBuf,
    /// 11 of 3.11.
    pub minor: u8,
}

impl fmt::Display for Interpreter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Python 3.{} ({})", self.minor, self.program.display())
    }
}

/// The one that everything is checked with: the first on the path that is new enough and whole.
pub(crate) fn main(project: &Project) -> Result<Interpreter, Failure> {
    let candidates = ["python3", "/usr/bin/python3"];
    if let Some(found) = candidates.into_iter().find_map(|program| asked(project, program)) {
        return Ok(found);
    }
    let code = "XTASK-NO-PYTHON";
    apt::need(
        project,
        code,
        "a Python 3.9 or newer that makes environments",
        &["python3", "python3-pip", "python3-venv"],
    )?;
    asked(project, "/usr/bin/python3").ok_or_else(|| {
        Failure::new(
            code,
            "there is no Python 3.9 or newer that makes environments",
            "the system's Python is older: any newer one that is `python3` on the path will do",
            "python3 -c 'import sys, ensurepip, venv; print(sys.version)'",
        )
    })
}

/// The oldest and the newest that are here, unless they are the main one. What is older than the package is for, or newer
/// than it says, does not count.
pub(crate) fn others(project: &Project, main: &Interpreter) -> [(&'static str, Option<Interpreter>); 2] {
    let mut found: Vec<Interpreter> = Vec::new();
    for minor in OLDEST..=NEWEST {
        let mut candidates = vec![PathBuf::from(format!("python3.{minor}"))];
        candidates.extend(of_pyenv(project, minor));
        let is_it = |candidate: &PathBuf| asked(project, candidate).filter(|found| found.minor == minor);
        found.extend(candidates.iter().find_map(is_it));
    }
    let older = found.first().filter(|found| found.minor < main.minor).cloned();
    let newer = found.last().filter(|found| found.minor > main.minor).cloned();
    [("oldest", older), ("newest", newer)]
}

/// Pythons that pyenv has, on the path or not.
fn of_pyenv(project: &Project, minor: u8) -> Option<PathBuf> {
    let root = Call::new(project, "pyenv", "pyenv", "root").printed()?;
    let versions = Call::new(project, "pyenv", "pyenv", "versions --bare --skip-aliases").printed()?;
    let start = format!("3.{minor}.");
    let version = versions.lines().map(str::trim).rfind(|version| version.starts_with(&start))?;
    Some(PathBuf::from(root.trim()).join("versions").join(version).join(format!("bin/python3.{minor}")))
}

/// A Python that is new enough and can make an environment, by what it says of itself.
fn asked(project: &Project, program: impl Into<PathBuf>) -> Option<Interpreter> {
    let program = program.into();
    let asks = "import ensurepip, venv, sys; print(sys.version_info[0], sys.version_info[1], sys.executable)";
    let said = Call::new(project, &program, &program.to_string_lossy(), "-I -c")
        .arg(asks)
        .printed()
        .unwrap_or_default();
    told(&said)
}

fn told(said: &str) -> Option<Interpreter> {
    let mut words = said.trim().splitn(3, ' ');
    let (major, minor, program) = (words.next()?, words.next()?, words.next()?);
    let minor = minor.parse().ok()?;
    (major == "3" && minor >= OLDEST).then(|| Interpreter { program: program.into(), minor })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_python_that_is_too_old_or_silent_is_none() {
        let found = told("3 9 /my tools/python3\n").unwrap();
        assert_eq!((found.minor, found.program), (9, PathBuf::from("/my tools/python3")));
        for said in ["3 8 /usr/bin/python3", "2 7 /usr/bin/python", "", "3 eleven /usr/bin/python3"] {
            assert_eq!(told(said), None, "{said:?}");
        }
    }

    #[test]
    fn the_oldest_and_the_newest_are_those_that_the_package_names() {
        let package = include_str!("../../../python/pyproject.toml");
        assert!(package.contains(&format!("requires-python = \">=3.{OLDEST}\"")));
        let named = |minor| package.contains(&format!("\"Programming Language :: Python :: 3.{minor}\""));
        assert!((OLDEST..=NEWEST).all(named) && !named(NEWEST + 1) && !named(OLDEST - 1));
    }
}
