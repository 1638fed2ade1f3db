//! Packages of a Debian-like system: installed if this is run as root, named if not.

use crate::{call::Call, failure::Failure, project::Project};

/// Sees to it that these packages are installed. `what` needs them.
///
/// # Errors
/// Which are missing, and the command that installs them.
pub(crate) fn need(
    project: &Project,
    code: &'static str,
    what: &str,
    packages: &[&str],
) -> Result<(), Failure> {
    let missing = missing(project, packages);
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    if !has_apt(project) || !is_root(project) {
        return Err(Failure::new(
            code,
            format!("{what}: not installed: {names}"),
            "they were never installed here, and only root could install them",
            format!("sudo apt-get install -y --no-install-recommends {names}"),
        ));
    }
    let likely = "the package server cannot be reached";
    Call::new(project, "apt-get", "apt-get", "-qq update").run(code, likely)?;
    Call::new(project, "apt-get", "apt-get", "-qq install -y --no-install-recommends")
        .args(&missing)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .run(code, likely)
}

fn missing<'a>(project: &Project, packages: &[&'a str]) -> Vec<&'a str> {
    packages.iter().copied().filter(|package| !is_installed(project, package)).collect()
}

fn is_installed(project: &Project, package: &str) -> bool {
    let asked = Call::new(project, "dpkg-query", "dpkg-query", "--show --showformat=${db:Status-Status}");
    asked.arg(package).printed().is_some_and(|status| status.trim() == "installed")
}

pub(crate) fn has_apt(project: &Project) -> bool {
    Call::new(project, "apt-get", "apt-get", "--version").succeeds()
}

pub(crate) fn is_root(project: &Project) -> bool {
    Call::new(project, "id", "id", "-u").printed().is_some_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_that_does_not_exist_is_missing() {
        let project = Project::find();
        assert_eq!(missing(&project, &["no-such-package-anywhere"]), ["no-such-package-anywhere"]);
    }
}
