//! Running a program on a simulated machine, by the route that this system allows.

use std::fmt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::str::FromStr;

use super::seccomp::Refusal;
use super::{Errno, Machine, preload, seccomp};
use crate::Report;
use crate::report::say;
use crate::source::quoted;

/// As `env`, `timeout` and shells have it: the program that runs another failed itself.
const FAILED: u8 = 125;
/// The program is there, but cannot be run.
const NOT_EXECUTABLE: u8 = 126;
/// There is no such program.
const NOT_FOUND: u8 = 127;

/// How a program is brought to the simulated bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Route {
    /// By trapped system calls where the kernel allows it, else by a library.
    #[default]
    Auto,
    /// By trapped system calls: any 64-bit program.
    Seccomp,
    /// By a library that is loaded into it: programs that are linked with the system's C library.
    Preload,
}

impl FromStr for Route {
    type Err = String;

    fn from_str(text: &str) -> Result<Route, String> {
        match text {
            "auto" => Ok(Route::Auto),
            "seccomp" => Ok(Route::Seccomp),
            "preload" => Ok(Route::Preload),
            _ => Err("auto, seccomp or preload".to_owned()),
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Route::Auto => "auto",
            Route::Seccomp => "seccomp",
            Route::Preload => "preload",
        })
    }
}

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It left, with this code.
    Exited(u8),
    /// A signal killed it.
    Killed(i32),
}

impl Ended {
    /// From the number that `wait` gives.
    #[must_use]
    pub fn from_status(status: i32) -> Ended {
        let status = ExitStatus::from_raw(status);
        match status.signal() {
            Some(signal) => Ended::Killed(signal),
            None => Ended::Exited(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(FAILED)),
        }
    }

    /// The code to leave with; if a signal killed the program, this process dies by it, as if it had been the program.
    #[must_use]
    pub fn leave(self) -> u8 {
        match self {
            Ended::Exited(code) => code,
            Ended::Killed(signal) => {
                seccomp::sys::die_by(signal);
                u8::try_from(128 + signal).unwrap_or(u8::MAX)
            }
        }
    }
}

/// A program was not run, or not to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRun {
    /// Why.
    pub report: Report,
    /// The code to leave with.
    pub exit_code: u8,
}

impl NotRun {
    /// The program could not be started.
    #[must_use]
    pub fn of(program: &str, error: &std::io::Error) -> NotRun {
        use std::io::ErrorKind;
        if let Some(libc::EMFILE | libc::ENFILE | libc::EAGAIN | libc::ENOMEM) = error.raw_os_error() {
            return NotRun::system(program, "start it", error);
        }
        let (word, is_path) = (quoted(program), program.contains('/'));
        let (exit_code, likely, run) = match error.kind() {
            ErrorKind::NotFound if program.is_empty() => {
                (NOT_FOUND, "the word that should name it is empty", "mlsensor sim run --help".to_owned())
            }
            ErrorKind::NotFound if is_path && Path::new(program).exists() => (
                NOT_FOUND,
                "it is there; what is not is the interpreter that its first line names (#!), or its loader",
                format!("file {word}"),
            ),
            ErrorKind::NotFound if is_path => (NOT_FOUND, "its path is mistyped", format!("ls -l {word}")),
            ErrorKind::NotFound if program.starts_with("qemu-system-") => (
                NOT_FOUND,
                "QEMU is not installed, or has no emulator of this name",
                "sudo apt-get install qemu-system-arm qemu-system-misc".to_owned(),
            ),
            ErrorKind::NotFound => (
                NOT_FOUND,
                "its name is mistyped, or it is not installed; one of this folder begins with ./",
                format!("command -v {word}"),
            ),
            ErrorKind::PermissionDenied if is_path => {
                (NOT_EXECUTABLE, "it is no program, or may not be executed", format!("ls -ld {word}"))
            }
            ErrorKind::PermissionDenied => (
                NOT_EXECUTABLE,
                "it may not be executed, or is in no folder of PATH that may be read",
                format!("command -v {word}"),
            ),
            _ => (NOT_EXECUTABLE, "it is no program of this system", format!("file {word}")),
        };
        let report = Report {
            what: format!("cannot run {word}: {error}"),
            likely: likely.to_owned(),
            run,
            code: "MLSENSOR-SIM-PROGRAM".to_owned(),
        };
        NotRun { report, exit_code }
    }

    /// The system refused something that has nothing to do with the program.
    #[must_use]
    pub fn system(program: &str, what: &str, error: &std::io::Error) -> NotRun {
        let (likely, run) = match error.raw_os_error() {
            Some(libc::EMFILE) => ("the limit of open files is too low here: 1024 is good", "ulimit -n 1024"),
            _ => ("the system is out of something, or a sandbox forbids it", "ulimit -a"),
        };
        let report = Report {
            what: format!("cannot run {program} on a simulated bus: cannot {what}: {error}"),
            likely: likely.to_owned(),
            run: run.to_owned(),
            code: "MLSENSOR-SIM-RUN".to_owned(),
        };
        NotRun { report, exit_code: FAILED }
    }

    /// System calls cannot be trapped here.
    #[must_use]
    pub fn refused(refusal: &Refusal) -> NotRun {
        let report = Report {
            what: format!("system calls cannot be trapped here: {}", refusal.errno),
            likely: refusal.why.clone(),
            run: "mlsensor sim run --route preload -- PROGRAM".to_owned(),
            code: "MLSENSOR-SIM-SECCOMP".to_owned(),
        };
        NotRun { report, exit_code: FAILED }
    }

    /// One of the two processes that simulate the bus is gone.
    #[must_use]
    pub fn abandoned(program: &str) -> NotRun {
        let report = Report {
            what: format!("mlsensor was killed while {program} ran on its bus: {program} was killed too"),
            likely: "somebody used kill -9, or the system is out of memory".to_owned(),
            run: "dmesg | tail".to_owned(),
            code: "MLSENSOR-SIM-ABANDONED".to_owned(),
        };
        NotRun { report, exit_code: FAILED }
    }

    /// For another process of this program.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let Report { what, likely, run, code } = &self.report;
        let mut bytes = vec![self.exit_code];
        bytes.extend([what, likely, run, code].map(|text| text.replace('\0', "")).join("\0").into_bytes());
        bytes
    }

    /// From another process of this program.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<NotRun> {
        let (&exit_code, text) = bytes.split_first()?;
        let mut parts = std::str::from_utf8(text).ok()?.split('\0').map(str::to_owned);
        let (what, likely, run, code) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        Some(NotRun { report: Report { what, likely, run, code }, exit_code })
    }
}

/// How a program is to be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Launch {
    /// The route.
    pub route: Route,
    /// Only errors are said.
    pub is_quiet: bool,
    /// Takes it that the kernel refuses to trap system calls, with this errno, without asking it.
    pub refused: Option<Errno>,
}

/// Runs a program on a simulated machine until it has ended.
///
/// To be called from a process with one thread.
///
/// # Errors
/// What kept the program from running, or from running to its end.
pub fn run(machine: Machine, command: Command, launch: Launch) -> Result<Ended, NotRun> {
    let Launch { route, is_quiet, refused } = launch;
    if route == Route::Preload {
        return preload::run(machine, command, is_quiet);
    }
    match refused.map_or_else(seccomp::check, |errno| Err(Refusal::from_errno(errno))) {
        Ok(()) => seccomp::run(machine, command, is_quiet),
        Err(refusal) if route == Route::Seccomp => Err(NotRun::refused(&refusal)),
        Err(refusal) => {
            if !is_quiet {
                say(format_args!("mlsensor: {refusal}: a library in the program stands in (LD_PRELOAD)"));
            }
            preload::run(machine, command, is_quiet)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};

    use super::*;

    #[test]
    fn a_system_that_is_out_of_something_says_nothing_of_the_program() {
        for errno in [libc::EMFILE, libc::ENFILE, libc::EAGAIN, libc::ENOMEM] {
            let NotRun { report, exit_code } = NotRun::of("true", &Error::from_raw_os_error(errno));
            assert_eq!((exit_code, &*report.code), (125, "MLSENSOR-SIM-RUN"), "{report}");
            let is_of_files = errno == libc::EMFILE;
            assert_eq!(
                report.run == "ulimit -n 1024" && report.likely.contains("limit"),
                is_of_files,
                "{report}"
            );
        }
    }

    #[test]
    fn why_a_program_was_not_started_depends_on_what_it_was_called_by() {
        let here = std::env::current_exe().unwrap();
        let here = here.to_str().unwrap();
        for (program, kind, code, likely, run) in [
            ("nope", ErrorKind::NotFound, 127, "begins with ./", "command -v nope"),
            (
                "qemu-system-arm",
                ErrorKind::NotFound,
                127,
                "QEMU is not installed",
                "sudo apt-get install qemu-",
            ),
            ("./no pe", ErrorKind::NotFound, 127, "path is mistyped", "ls -l './no pe'"),
            (here, ErrorKind::NotFound, 127, "interpreter", "file "),
            ("", ErrorKind::NotFound, 127, "is empty", "mlsensor sim run --help"),
            ("./it's", ErrorKind::PermissionDenied, 126, "may not be executed", "ls -ld './it'\\''s'"),
            ("nope", ErrorKind::PermissionDenied, 126, "PATH", "command -v nope"),
            ("./nope", ErrorKind::InvalidData, 126, "no program of this system", "file ./nope"),
        ] {
            let NotRun { report, exit_code } = NotRun::of(program, &Error::from(kind));
            assert_eq!(exit_code, code, "{report}");
            assert!(report.likely.contains(likely) && report.run.starts_with(run), "{report}");
        }
    }
}
