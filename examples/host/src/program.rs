//! What every example does besides deciding: reads until the end or Ctrl-C, and remarks on what it sees.

use std::io::{self, ErrorKind};
use std::process::ExitCode;
use std::time::Duration;

use crate::log::{Event, Log};
use crate::observer::{Observer, Sight};
use crate::report::Report;
use crate::source::{Reading, Source, SourceArgs, Trouble};
use crate::stop::Stop;

/// A program that was interrupted exits with this code, as shells expect.
const INTERRUPTED: u8 = 130;

/// A program that reads a sensor.
pub struct Program {
    source: Source,
    log: Log,
    observer: Observer,
    now: Duration,
    counts: Counts,
    stop: Stop,
}

/// What came of the readings.
#[derive(Debug, Default)]
struct Counts {
    all: u64,
    refused: u64,
    lost: u64,
}

impl Counts {
    fn add(&mut self, reading: &Reading) {
        self.all += 1;
        match reading.faces {
            Ok(_) => {}
            Err(Trouble::Packet(_)) => self.refused += 1,
            Err(Trouble::Bus(_)) => self.lost += 1,
        }
    }

    fn in_words(&self) -> String {
        let Counts { all, refused, lost } = self;
        let refused = if *refused > 0 { format!(", {refused} refused") } else { String::new() };
        let lost = if *lost > 0 { format!(", {lost} without an answer") } else { String::new() };
        format!("{all} readings{refused}{lost}")
    }
}

/// What ends a program early.
#[derive(Debug)]
pub enum Failure {
    /// An error for the user.
    Report(Report),
    /// Standard output takes nothing any more.
    Output(io::Error),
}

impl From<Report> for Failure {
    fn from(report: Report) -> Self {
        Failure::Report(report)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

impl Program {
    /// Opens the source and prints what it is. From now on Ctrl-C ends the readings, not the process.
    ///
    /// # Errors
    /// A report in four parts.
    pub fn start(args: &SourceArgs, json: bool) -> Result<Program, Failure> {
        let stop = Stop::new();
        stop.on_signals()?;
        let source = Source::open(args, stop.clone())?;
        let log = Log::new(json);
        let program = Program {
            source,
            log,
            observer: Observer::default(),
            now: Duration::ZERO,
            counts: Counts::default(),
            stop,
        };
        program.event("start", &program.source.name, None)?;
        Ok(program)
    }

    /// The next reading, remarked on if something has changed; `None` at the end, or after Ctrl-C.
    ///
    /// # Errors
    /// If standard output takes nothing any more.
    pub fn read(&mut self) -> Result<Option<Reading>, Failure> {
        let Some(reading) = self.source.read().filter(|_| !self.stop.is_requested()) else {
            return Ok(None);
        };
        self.now = reading.at;
        self.counts.add(&reading);
        let remark = self.observer.observe(&reading).map(|sight| match sight {
            Sight::Nobody => "left",
            Sight::Somebody => "seen",
            Sight::Facing => "facing",
            Sight::Unknown => "unknown",
        });
        if let Some(remark) = remark {
            self.event(remark, "", Some(&reading))?;
        }
        Ok(Some(reading))
    }

    /// Prints an event, why it is one, and what the sensor reported.
    fn event(&self, event: &str, why: &str, reading: Option<&Reading>) -> Result<(), Failure> {
        Ok(self.log.event(&Event { at: self.now, event, why, value: None, reading })?)
    }

    /// Prints an event that sets something to a value, such as `("speed_percent", 40)`.
    ///
    /// # Errors
    /// If standard output takes nothing any more.
    pub fn event_with(
        &self,
        event: &str,
        value: (&'static str, u8),
        why: &str,
        reading: &Reading,
    ) -> Result<(), Failure> {
        let reading = Some(reading);
        Ok(self.log.event(&Event { at: self.now, event, why, value: Some(value), reading })?)
    }

    /// Prints the end, and what it brings about, if anything.
    ///
    /// # Errors
    /// If standard output takes nothing any more.
    pub fn end(self, event: Option<&str>) -> Result<ExitCode, Failure> {
        let interrupted = self.stop.is_requested();
        let (why, code) = if interrupted {
            ("interrupted", ExitCode::from(INTERRUPTED))
        } else {
            ("the end", ExitCode::SUCCESS)
        };
        if let Some(event) = event {
            self.event(event, why, None)?;
        }
        self.event("end", &self.counts.in_words(), None)?;
        Ok(code)
    }
}

/// The exit code of a program, after its error was printed.
pub fn exit(outcome: Result<ExitCode, Failure>) -> ExitCode {
    match outcome {
        Ok(code) => code,
        Err(failure) => {
            if let Some(report) = failure.report() {
                eprintln!("{report}");
            }
            ExitCode::FAILURE
        }
    }
}

impl Failure {
    /// What is to be said of it. Nothing, if the reader of standard output has left: `fan | head` is no mistake.
    fn report(self) -> Option<Report> {
        match self {
            Failure::Report(report) => Some(report),
            Failure::Output(error) if error.kind() == ErrorKind::BrokenPipe => None,
            Failure::Output(error) => Some(Report {
                what: format!("cannot write to standard output: {error}"),
                likely: match error.kind() {
                    ErrorKind::StorageFull => "the disk that it goes to is full".to_owned(),
                    _ => "the file or device that it goes to has trouble, or is closed".to_owned(),
                },
                run: "df -h .".to_owned(),
                code: "MLSENSOR-OUTPUT".to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_of_a_reader_that_left_and_of_any_other_trouble_with_the_output_it_is() {
        let report = |kind: ErrorKind| Failure::from(io::Error::from(kind)).report();
        assert_eq!(report(ErrorKind::BrokenPipe), None);
        for kind in [ErrorKind::StorageFull, ErrorKind::PermissionDenied, ErrorKind::Other] {
            assert_eq!(report(kind).unwrap().code, "MLSENSOR-OUTPUT", "{kind}");
        }
        assert!(report(ErrorKind::StorageFull).unwrap().likely.contains("full"));
    }
}
