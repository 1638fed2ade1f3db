//! Other programs, called so that a reader of the log can repeat every one of them.

use std::{
    env,
    ffi::OsStr,
    path::Path,
    process::{Command, Output, Stdio},
};

use crate::{failure::Failure, project::Project};

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

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=+./:,@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.into() } else { format!("'{word}'") }
}
