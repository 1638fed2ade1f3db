//! Commands of the user's choice: run beside the program, or only named.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{io, thread};

use mlsensor_host::Report;

/// How long a command may go on after the program has ended before nothing more is said about it.
const PATIENCE: Duration = Duration::from_secs(2);

/// One that runs: for which event, what, and its process.
#[derive(Debug)]
struct Running {
    event: String,
    command: String,
    child: Child,
}

/// What went wrong with the command of an event.
pub(crate) struct Failed {
    pub(crate) event: String,
    pub(crate) report: Report,
}

/// Commands that run. A locker may run for as long as the screen is locked, so nothing waits for one.
#[derive(Debug, Default)]
pub(crate) struct Commands {
    running: Vec<Running>,
}

impl Commands {
    /// Starts a command in a shell, with these variables in its environment.
    ///
    /// It has no standard input; what it prints goes to standard error; and Ctrl-C does not end it, for that would
    /// unlock a screen.
    pub(crate) fn start(
        &mut self,
        event: &str,
        command: &str,
        variables: &[(&str, String)],
    ) -> Result<(), Failed> {
        let mut shell = shell(command);
        shell.envs(variables.iter().map(|(name, value)| (*name, value)));
        shell.stdin(Stdio::null()).stdout(io::stderr());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut shell, 0);
        let child = shell.spawn().map_err(|error| failed(event, command, &error.to_string()))?;
        self.running.push(Running { event: event.to_owned(), command: command.to_owned(), child });
        Ok(())
    }

    /// What went wrong with the commands that have ended since.
    pub(crate) fn failures(&mut self) -> Vec<Failed> {
        let mut failures = Vec::new();
        self.running.retain_mut(|Running { event, command, child }| {
            let ended = match child.try_wait() {
                Ok(None) => return true,
                Ok(Some(status)) => (!status.success()).then(|| in_words(status)),
                Err(error) => Some(error.to_string()),
            };
            failures.extend(ended.map(|what| failed(event, command, &what)));
            false
        });
        failures
    }

    /// Gives the commands a moment to end; those that do not, go on.
    pub(crate) fn finish(&mut self) -> Vec<Failed> {
        let begin = Instant::now();
        let mut failures = self.failures();
        while !self.running.is_empty() && begin.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(5));
            failures.extend(self.failures());
        }
        failures
    }
}

fn shell(command: &str) -> Command {
    let (program, option) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut shell = Command::new(program);
    shell.args([option, command]);
    shell
}

fn in_words(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("it ended with exit code {code}"),
        None => "it was ended by a signal".to_owned(),
    }
}

fn failed(event: &str, command: &str, what: &str) -> Failed {
    let report = Report {
        what: format!("the command {command} failed: {what}"),
        likely: "it is mistyped, not installed, or not allowed here: what it printed says more".to_owned(),
        run: command.to_owned(),
        code: "MLSENSOR-COMMAND".to_owned(),
    };
    Failed { event: event.to_owned(), report }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn outcome(command: &str) -> Vec<String> {
        let mut commands = Commands::default();
        commands.start("lock", command, &[("MLSENSOR_ID", "5".to_owned())]).ok().unwrap();
        commands.finish().into_iter().map(|failed| failed.report.what).collect()
    }

    #[test]
    fn a_command_that_fails_is_reported_with_how() {
        assert_eq!(outcome("exit 3"), ["the command exit 3 failed: it ended with exit code 3"]);
        assert_eq!(outcome("kill -9 $$"), ["the command kill -9 $$ failed: it was ended by a signal"]);
        assert_eq!(outcome("no-such-command-here 2>&-").len(), 1);
    }

    #[test]
    fn a_command_knows_its_variables() {
        assert_eq!(outcome("test \"$MLSENSOR_ID\" = 5"), [""; 0]);
    }
}
