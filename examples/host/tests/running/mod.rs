//! A program that runs in real time. Nothing here waits for a time: only for what the program says.

use std::io::{BufRead, BufReader, Read, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};

pub(crate) struct Running {
    child: Child,
    transcript: BufReader<ChildStdout>,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Running {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let transcript = BufReader::new(child.stdout.take().unwrap());
        Running { child, transcript }
    }

    /// Reads on until a line has this text, and gives that line.
    pub(crate) fn until(&mut self, text: &str) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(self.transcript.read_line(&mut line).unwrap(), 0, "it ended before it said {text}");
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Types a line.
    #[allow(dead_code, reason = "each test file uses a part of this")]
    pub(crate) fn type_line(&mut self, line: impl AsRef<[u8]>) {
        let line = [line.as_ref(), b"\n"].concat();
        self.child.stdin.as_mut().unwrap().write_all(&line).unwrap();
    }

    /// Sends Ctrl-C, and gives the rest of the transcript and the exit code.
    pub(crate) fn interrupt(mut self) -> (String, Option<i32>) {
        let kill = format!("kill -INT {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        let mut rest = String::new();
        self.transcript.read_to_string(&mut rest).unwrap();
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
