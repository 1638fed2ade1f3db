//! Debian's packages, unpacked into a folder by a script, and what it means if there are none.

use std::fs;

use crate::{apt, call::Call, failure::Failure, project::Project};

/// Exit code of such a script where there are no packages.
const NONE_TO_BE_HAD: i32 = 3;

/// Why this machine has no such packages, if it cannot have any.
pub(crate) fn not_here() -> Option<String> {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    (!is_debian(&release)).then(|| "what it runs is made of Debian's packages, and this is no Debian".into())
}

fn is_debian(release: &str) -> bool {
    release.lines().any(|line| line == "ID=debian")
}

/// Runs the script, which does nothing if all is there; or says why there are no packages, which as root is a failure: a
/// machine that tests everything must be able to.
pub(crate) fn fetch(
    project: &Project,
    script: Call,
    code: &'static str,
) -> Result<Result<(), String>, Failure> {
    let typed = script.typed();
    println!("$ {typed}");
    let output = script.output()?;
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    if output.status.success() {
        return Ok(Ok(()));
    }
    if output.status.code() == Some(NONE_TO_BE_HAD) && !apt::is_root(project) {
        return Ok(Err(format!("its packages could not be fetched; `{typed}` says why")));
    }
    Err(Failure::new(
        code,
        format!("packages could not be fetched: {}", output.status),
        "no package server is in reach, or it is just being updated",
        typed,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_is_told_from_what_is_made_of_it() {
        assert!(is_debian("NAME=\"Debian GNU/Linux\"\nID=debian\nVERSION_ID=\"12\"\n"));
        assert!(!is_debian("NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\n") && !is_debian(""));
    }

    #[cfg(unix)]
    #[test]
    fn a_script_that_fails_otherwise_fails_whoever_runs_it() {
        let project = Project::find();
        let script = |code: u8| Call::new(&project, "sh", "sh", "-c").arg(format!("exit {code}"));
        assert_eq!(fetch(&project, script(0), "XTASK-TEST").unwrap(), Ok(()));
        assert_eq!(fetch(&project, script(1), "XTASK-TEST").unwrap_err().code, "XTASK-TEST");
    }
}
