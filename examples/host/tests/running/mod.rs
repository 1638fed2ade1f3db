//! A program that runs in real time. Nothing here waits for a time: only for what the program says.

use std::io::{BufRead, BufReader, Read, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::{self, JoinHandle};

pub(crate) struct Running {
    child: Child,
    /// `None` once its reader has left.
    transcript: Option<BufReader<ChildStdout>>,
}

#[allow(dead_code, reason = "each test file uses a part of this")]
impl Running {
    pub(crate) fn start(command: &mut Command) -> Running {
        Running::start_with(command, Stdio::inherit())
    }

    /// With its standard error going there.
    pub(crate) fn start_with(command: &mut Command, errors: Stdio) -> Running {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(errors);
        let mut child = command.spawn().unwrap();
        let transcript = child.stdout.take().map(BufReader::new);
        Running { child, transcript }
    }

    /// Reads on until a line has this text, and gives that line.
    pub(crate) fn until(&mut self, text: &str) -> String {
        self.text_until(text).lines().last().unwrap_or_default().to_owned() + "\n"
    }

    /// Reads on until a line has this text, and gives all that was read.
    pub(crate) fn text_until(&mut self, text: &str) -> String {
        let transcript = self.transcript.as_mut().unwrap();
        let mut read = String::new();
        loop {
            let begin = read.len();
            assert_ne!(transcript.read_line(&mut read).unwrap(), 0, "no {text} to the end of {read}");
            if read[begin..].contains(text) {
                return read;
            }
        }
    }

    /// What it says on standard error, once it has ended.
    pub(crate) fn errors(&mut self) -> JoinHandle<String> {
        let mut errors = self.child.stderr.take().unwrap();
        thread::spawn(move || {
            let mut text = String::new();
            errors.read_to_string(&mut text).unwrap();
            text
        })
    }

    /// Reads no more, and waits until it has ended.
    pub(crate) fn leave(mut self) {
        self.transcript = None;
        self.child.wait().unwrap();
    }

    /// Types a line.
    pub(crate) fn type_line(&mut self, line: impl AsRef<[u8]>) {
        let line = [line.as_ref(), b"\n"].concat();
        self.child.stdin.as_mut().unwrap().write_all(&line).unwrap();
    }

    /// Sends Ctrl-C, and gives the rest of the transcript and the exit code.
    pub(crate) fn interrupt(self) -> (String, Option<i32>) {
        self.end_by("INT")
    }

    /// Sends a signal, and gives the rest of the transcript and the exit code.
    pub(crate) fn end_by(mut self, signal: &str) -> (String, Option<i32>) {
        let kill = format!("kill -{signal} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        let mut rest = String::new();
        self.transcript.as_mut().unwrap().read_to_string(&mut rest).unwrap();
        (rest, self.child.wait().unwrap().code())
    }
}

/// A test that fails leaves no program behind.
impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
