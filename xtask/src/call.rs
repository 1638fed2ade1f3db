//! Other programs, called so that a reader of the log can repeat every one of them.

use std::{
    env,
    ffi::OsStr,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use crate::{failure::Failure, project::Project};

/// Settings of the caller's shell that would change what a check checks: some beat the flags that a step sets, others
/// turn lints off, or a stable compiler into one that is not. A cargo config counts as before.
const NOT_INHERITED: [&str; 5] =
    ["CARGO_ENCODED_RUSTFLAGS", "CARGO_ENCODED_RUSTDOCFLAGS", "RUSTFLAGS", "RUSTDOCFLAGS", "RUSTC_BOOTSTRAP"];

/// One call of one program, with the text to type to repeat it.
pub(crate) struct Call {
    command: Command,
    shown: String,
    settings: String,
}

impl Call {
    /// `program`, with arguments that hold no spaces.
    pub(crate) fn new(project: &Project, program: impl AsRef<OsStr>, name: &str, arguments: &str) -> Self {
        let mut command = Command::new(program);
        command.current_dir(&project.root).stdin(Stdio::null());
        for name in NOT_INHERITED {
            command.env_remove(name);
        }
        let call = Call { command, shown: name.into(), settings: String::new() };
        arguments.split_whitespace().fold(call, |call, argument| call.arg(argument))
    }

    /// The cargo that runs this program.
    pub(crate) fn cargo(project: &Project, arguments: &str) -> Self {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Call::new(project, cargo, "cargo", arguments)
    }

    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        let argument = argument.as_ref();
        self.shown.push(' ');
        self.shown.push_str(&quoted(&argument.to_string_lossy()));
        self.command.arg(argument);
        self
    }

    pub(crate) fn args<A: AsRef<OsStr>>(self, arguments: impl IntoIterator<Item = A>) -> Self {
        arguments.into_iter().fold(self, Call::arg)
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        let value = value.as_ref();
        self.settings.push_str(&format!("{name}={} ", quoted(&value.to_string_lossy())));
        self.command.env(name, value);
        self
    }

    /// Runs it in this folder, and not in that of the checkout.
    pub(crate) fn folder(mut self, folder: &Path) -> Self {
        self.settings.insert_str(0, &format!("cd {} && ", quoted(&folder.to_string_lossy())));
        self.command.current_dir(folder);
        self
    }

    /// Everything that cargo makes goes to this folder.
    pub(crate) fn target_dir(self, folder: &Path) -> Self {
        self.env("CARGO_TARGET_DIR", folder)
    }

    /// Runs it with its output on the terminal.
    pub(crate) fn run(mut self, code: &'static str, likely: &str) -> Result<(), Failure> {
        let typed = self.typed();
        println!("$ {typed}");
        match self.command.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(Failure::new(code, format!("`{}`: {status}", self.shown), likely, typed)),
            Err(error) => Err(self.does_not_start(&error)),
        }
    }

    /// Begins to run it, its output for who begins it.
    pub(crate) fn start(mut self) -> Result<Child, Failure> {
        println!("$ {}", self.typed());
        self.command.stdout(Stdio::piped()).spawn().map_err(|error| self.does_not_start(&error))
    }

    /// Runs it in silence, and gives its output, whatever came of it.
    pub(crate) fn output(mut self) -> Result<Output, Failure> {
        self.command.output().map_err(|error| self.does_not_start(&error))
    }

    /// Runs it in silence, and tells whether it could and did succeed.
    pub(crate) fn succeeds(self) -> bool {
        self.output().is_ok_and(|output| output.status.success())
    }

    /// Runs it in silence, and gives what it printed, if it succeeded.
    pub(crate) fn printed(self) -> Option<String> {
        let output = self.output().ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// What to type to repeat it.
    pub(crate) fn typed(&self) -> String {
        format!("{}{}", self.settings, self.shown)
    }

    fn does_not_start(&self, error: &std::io::Error) -> Failure {
        let what = format!("`{}` does not start: {error}", self.shown);
        Failure::new("XTASK-START", what, "the program is not installed", self.typed())
    }
}

/// A word as a shell takes it for one.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=+./:,@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.into();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(program: &str, arguments: &str) -> Call {
        Call::new(&Project::find(), program, program, arguments)
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_fails_fails_the_step() {
        assert!(call("true", "").run("XTASK-TEST", "").is_ok());
        let failure = call("false", "-x").run("XTASK-TEST", "it always does").unwrap_err();
        assert_eq!(
            (failure.code, &*failure.run, &*failure.likely),
            ("XTASK-TEST", "false -x", "it always does")
        );
        assert!(call("true", "").succeeds() && !call("false", "").succeeds());
        assert!(call("true", "").printed().is_some() && call("false", "").printed().is_none());
    }

    #[test]
    fn a_program_that_is_not_there_fails_the_step() {
        assert_eq!(call("no-such-program", "").run("XTASK-TEST", "").unwrap_err().code, "XTASK-START");
    }

    #[test]
    fn what_to_type_survives_a_shell() {
        let typed = call("cargo", "fmt").arg("my room").arg("it's").arg("").env("A", "-D w").typed();
        assert_eq!(typed, r"A='-D w' cargo fmt 'my room' 'it'\''s' ''");
    }

    #[test]
    fn flags_of_the_shell_are_not_inherited_and_those_of_a_step_are_set() {
        let plain = call("cargo", "build");
        for name in ["CARGO_ENCODED_RUSTFLAGS", "CARGO_ENCODED_RUSTDOCFLAGS", "RUSTFLAGS", "RUSTDOCFLAGS"] {
            assert!(plain.command.get_envs().any(|setting| setting == (name.as_ref(), None)), "{name}");
        }
        let set = plain.env("RUSTFLAGS", "-Dwarnings");
        let flags = (OsStr::new("RUSTFLAGS"), Some(OsStr::new("-Dwarnings")));
        assert!(set.command.get_envs().any(|setting| setting == flags));
    }
}
