//! Programs that run beside this one: whatever they say, they do not outlive it, and nobody waits for them for ever.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, ExitStatus},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

use crate::{call::Call, failure::Failure, project::Project};

/// A line, and when it was said.
pub(super) type Said = (Duration, String);

/// A running program. It is killed when this is dropped.
pub(super) struct Running {
    child: Child,
    lines: Receiver<String>,
    begin: Instant,
    said: Vec<Said>,
    typed: String,
}

/// How much of what a program said is shown when something went wrong.
const SHOWN: usize = 60;

impl Running {
    pub(super) fn start(call: Call) -> Result<Self, Failure> {
        let typed = call.typed();
        let mut child = call.start()?;
        let (send, lines) = channel();
        if let Some(output) = child.stdout.take() {
            // It ends with the program, or when nobody wants its lines any more.
            thread::spawn(move || {
                for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
                    let line = String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned();
                    if send.send(line).is_err() {
                        break;
                    }
                }
            });
        }
        Ok(Running { child, lines, begin: Instant::now(), said: Vec::new(), typed })
    }

    /// All that it said so far, as far as it was read.
    pub(super) fn said(&self) -> &[Said] {
        &self.said
    }

    /// The next line, which must come.
    pub(super) fn line(&mut self, patience: Duration) -> Result<String, Failure> {
        match self.next(patience) {
            Ok(line) => Ok(line),
            Err(RecvTimeoutError::Timeout) => Err(self.failed("it says nothing any more")),
            Err(RecvTimeoutError::Disconnected) => Err(self.failed("it ended early")),
        }
    }

    /// Waits until it ends by itself, with success.
    pub(super) fn wait_for_end(&mut self, patience: Duration) -> Result<(), Failure> {
        loop {
            let left = patience.saturating_sub(self.begin.elapsed());
            match self.next(left) {
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => {
                    return Err(self.failed(&format!("it does not end within {} s", patience.as_secs())));
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let status = self.wait()?;
        if status.success() { Ok(()) } else { Err(self.failed(&status.to_string())) }
    }

    /// Asks it to end, as Ctrl-C does, and waits until it does, with success.
    pub(super) fn end(&mut self, project: &Project, patience: Duration) -> Result<(), Failure> {
        let id = self.child.id().to_string();
        Call::new(project, "kill", "kill", "-TERM").arg(id).output()?;
        self.begin = Instant::now();
        self.wait_for_end(patience)
    }

    /// A failure that shows the end of what it said.
    pub(super) fn failed(&self, what: &str) -> Failure {
        println!("What `{}` said last:", self.typed);
        for (when, line) in self.said.iter().skip(self.said.len().saturating_sub(SHOWN)) {
            println!("{:8.2} | {line}", when.as_secs_f32());
        }
        Failure::new("XTASK-GUEST", what, "see above", self.typed.clone())
    }

    fn next(&mut self, patience: Duration) -> Result<String, RecvTimeoutError> {
        let line = self.lines.recv_timeout(patience)?;
        self.said.push((self.begin.elapsed(), line.clone()));
        Ok(line)
    }

    fn wait(&mut self) -> Result<ExitStatus, Failure> {
        self.child.wait().map_err(|error| self.failed(&error.to_string()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended long ago.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// Only against hanging.
    const PATIENCE: Duration = Duration::from_secs(60);

    fn running(script: &str) -> Running {
        Running::start(Call::new(&Project::find(), "sh", "sh", "-c").arg(script)).unwrap()
    }

    #[test]
    fn what_a_program_says_is_kept() {
        let mut program = running("printf 'one\\r\\ntwo\\n'");
        assert_eq!(program.line(PATIENCE).unwrap(), "one");
        program.wait_for_end(PATIENCE).unwrap();
        let said: Vec<&str> = program.said().iter().map(|(_, line)| &**line).collect();
        assert_eq!(said, ["one", "two"]);
    }

    #[test]
    fn a_program_that_fails_or_hangs_is_a_failure() {
        assert!(running("exit 3").wait_for_end(PATIENCE).unwrap_err().what.contains('3'));
        assert!(running("exit 0").line(PATIENCE).is_err());
        assert!(running("exec sleep 1000").wait_for_end(Duration::ZERO).unwrap_err().what.contains("0 s"));
    }

    #[test]
    fn a_program_is_asked_to_end_and_may_say_what_it_makes_of_that() {
        let project = Project::find();
        let script = |exit| format!("trap 'exit {exit}' TERM; echo ready; while :; do sleep 0.01; done");
        for (exit, is_good) in [(0, true), (1, false)] {
            let mut program = running(&script(exit));
            program.line(PATIENCE).unwrap();
            assert_eq!(program.end(&project, PATIENCE).is_ok(), is_good);
        }
    }
}
