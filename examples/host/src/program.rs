//! What every example does besides deciding: reads until the end or Ctrl-C, and remarks on what it sees.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use mlsensor::Config;
use mlsensor::behavior::Direction;
use mlsensor_example_rules::counts::Counts;
use mlsensor_example_rules::sight::{Observer, Sight};

use crate::commands::{Commands, Failed};
use crate::log::{Event, Log, Value};
use crate::options;
use crate::reader::Reader;
use crate::screen::Screen;
use mlsensor_host::Report;
use mlsensor_host::command_line::exit;
use mlsensor_host::report::say;
use mlsensor_host::source::Stop;

pub use crate::options::Options;
pub use crate::reading::{Reading, Trouble, Turn};
pub use mlsensor_host::command_line::Failure;

/// A program that reads a sensor.
pub struct Program {
    pub(crate) reader: Reader,
    pub(crate) log: Log,
    observer: Observer,
    pub(crate) now: Duration,
    counts: Counts,
    pub(crate) stop: Stop,
    setup: Setup,
    commands: Commands,
    /// The events whose last commands failed, and when that was seen.
    failed: BTreeMap<String, Duration>,
    has_failed: bool,
}

/// What a program asks for besides readings. `Default` asks for nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Setup {
    /// Show pictures, if standard output is a terminal. Time then passes as for who looks at them.
    pub draws: bool,
    /// What is printed besides what the program itself says.
    pub talk: Talk,
    /// Let the sensor recognise people.
    pub recognition: bool,
    /// Run commands, instead of only naming them.
    pub really: bool,
}

/// What is printed besides what a program itself says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Talk {
    /// The source, what changes in what the sensor reports, and the end.
    #[default]
    Everything,
    /// The source and the end.
    BeginAndEnd,
    /// Nothing.
    Nothing,
}

impl Program {
    /// Opens the source and prints what it is. From now on Ctrl-C ends the readings, not the process.
    ///
    /// # Errors
    /// A report in four parts.
    pub fn start(options: &Options, setup: Setup) -> Result<Program, Failure> {
        let stop = Stop::new();
        stop.on_signals()?;
        let config = Config::POWER_ON.with_id_enabled(setup.recognition);
        let mut reader = Reader::open(&options.source, config, stop.clone())?;
        let screen = if setup.draws && !options.json { Screen::of_stdout() } else { None };
        let log = match screen {
            Some(screen) => {
                reader.clock.live_from_now_on();
                Log::Screen(screen)
            }
            None if options.json => Log::Json,
            None => Log::Text,
        };
        let mut program = Program {
            reader,
            log,
            observer: Observer::default(),
            now: Duration::ZERO,
            counts: Counts::default(),
            stop,
            setup,
            commands: Commands::default(),
            failed: BTreeMap::new(),
            has_failed: false,
        };
        if setup.talk != Talk::Nothing {
            let about = program.reader.about.clone();
            program.event("start", &about, None)?;
        }
        Ok(program)
    }

    /// The next reading, remarked on if something has changed; `None` at the end, or after Ctrl-C.
    ///
    /// # Errors
    /// If standard output takes nothing any more.
    pub fn read(&mut self) -> Result<Option<Reading>, Failure> {
        loop {
            match self.next(None)? {
                Some(Turn::Reading(reading)) => return Ok(Some(reading)),
                Some(Turn::Wake(_)) => {}
                None => return Ok(None),
            }
        }
    }

    /// The next reading, remarked on if something has changed, or the moment `wake`, if that is sooner; `None` at the
    /// end, or after Ctrl-C.
    ///
    /// # Errors
    /// If standard output takes nothing any more.
    pub fn next(&mut self, wake: Option<Duration>) -> Result<Option<Turn>, Failure> {
        let Some(turn) = self.reader.next(wake).filter(|_| !self.stop.is_requested()) else {
            let end = self.reader.clock.end().filter(|_| !self.stop.is_requested());
            self.now = end.unwrap_or(self.now);
            return Ok(None);
        };
        self.now = match &turn {
            Turn::Reading(reading) => reading.at,
            Turn::Wake(now) => *now,
        };
        let failures = self.commands.failures();
        self.report(failures)?;
        let Turn::Reading(reading) = &turn else { return Ok(Some(turn)) };
        match reading.faces {
            Ok(_) => self.counts.add_reading(),
            Err(Trouble::Packet(_)) => self.counts.add_refused(),
            Err(Trouble::Bus(_)) => self.counts.add_lost(),
        }
        let remark = self.observer.observe(reading.at, reading.faces()).map(Sight::word);
        if let (Some(remark), Talk::Everything) = (remark, self.setup.talk) {
            self.event(remark, "", Some(reading))?;
        }
        Ok(Some(turn))
    }

    /// Prints an event, why it is one, and what the sensor reported.
    ///
    /// # Errors
    /// If standard output takes nothing any more.
    pub fn event(&mut self, event: &str, why: &str, reading: Option<&Reading>) -> Result<(), Failure> {
        Ok(self.log.event(&Event { at: self.now, event, why, value: None, reading })?)
    }

    /// Prints an event that sets something to a value, such as `("speed_percent", 40)`.
    ///
    /// # Errors
    /// If standard output takes nothing any more.
    pub fn event_with(
        &mut self,
        event: &str,
        (name, value): (&'static str, impl Into<Value>),
        why: &str,
        reading: Option<&Reading>,
    ) -> Result<(), Failure> {
        let value = Some((name, value.into()));
        Ok(self.log.event(&Event { at: self.now, event, why, value, reading })?)
    }

    /// Prints an event and runs a command because of it, if there is one, with these variables in its environment. A
    /// dry run only says which.
    ///
    /// A command that fails ends nothing: that is reported, and the program's exit code is then 1.
    ///
    /// # Errors
    /// If standard output takes nothing any more.
    pub fn run(
        &mut self,
        event: &str,
        why: &str,
        command: Option<&str>,
        variables: &[(&str, String)],
    ) -> Result<(), Failure> {
        let Some(command) = command else { return self.event(event, why, None) };
        let name = if self.setup.really { "runs" } else { "would_run" };
        self.event_with(event, (name, command), why, None)?;
        if self.setup.really {
            self.failed.remove(event);
            let failure = self.commands.start(event, command, variables).err();
            self.report(failure)?;
        }
        Ok(())
    }

    /// Whether the last command for such an event failed, and was seen to so long ago.
    #[must_use]
    pub fn failed_before(&self, event: &str, time: Duration) -> bool {
        self.failed.get(event).is_some_and(|at| self.now.saturating_sub(*at) >= time)
    }

    fn report(&mut self, failures: impl IntoIterator<Item = Failed>) -> Result<(), Failure> {
        for Failed { event, report } in failures {
            self.failed.insert(event, self.now);
            self.has_failed = true;
            self.event("failed", &report.what, None)?;
            say(report);
        }
        Ok(())
    }

    /// Whether the sensor is a simulated one.
    #[must_use]
    pub fn is_simulated(&self) -> bool {
        self.reader.is_simulated()
    }

    /// Whether readings come just after each inference, and not some time later.
    pub(crate) const fn reads_by_cadence(&self) -> bool {
        self.reader.reads_by_cadence()
    }

    /// Turns the simulated sensor, as the head does that it sits on. A real one is turned by what it sits on.
    pub(crate) fn point(&self, direction: Direction) {
        self.reader.point(direction);
    }

    /// The time of the latest turn, from the start.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.now
    }

    /// Whether time passes as for the user, so that what is typed comes at the right time.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.reader.clock.is_live()
    }

    /// Whether there is a terminal that shows pictures in their place.
    #[must_use]
    pub fn draws(&self) -> bool {
        matches!(self.log, Log::Screen(_))
    }

    /// Shows a picture: in the place of the last one on a terminal, after it elsewhere.
    ///
    /// # Errors
    /// If standard output takes nothing any more.
    pub fn show(&mut self, picture: String) -> Result<(), Failure> {
        match &mut self.log {
            Log::Screen(screen) => Ok(screen.show(picture)?),
            Log::Text | Log::Json => Ok(write!(io::stdout().lock(), "{picture}")?),
        }
    }

    /// Shows a picture on a terminal, and draws it only then.
    ///
    /// # Errors
    /// If standard output takes nothing any more.
    pub fn paint(&mut self, picture: impl FnOnce() -> String) -> Result<(), Failure> {
        if self.draws() { self.show(picture()) } else { Ok(()) }
    }

    /// Why it ends: because the scene did, or because of Ctrl-C.
    #[must_use]
    pub fn why_it_ends(&self) -> &'static str {
        if self.stop.is_requested() { "interrupted" } else { "the end" }
    }

    /// Ends without what it was to print.
    ///
    /// # Errors
    /// Always: a report in four parts, or that it was interrupted.
    pub fn end_in_vain(self, what: &str, likely: &str) -> Result<ExitCode, Failure> {
        if self.stop.is_requested() {
            return Err(Failure::Interrupted);
        }
        Err(Failure::Report(Report {
            what: format!("{what}: there were {}", self.counts),
            likely: likely.to_owned(),
            run: "watch --help".to_owned(),
            code: "MLSENSOR-OPTION".to_owned(),
        }))
    }

    /// Prints the end, and what it brings about, if anything.
    ///
    /// # Errors
    /// If standard output takes nothing any more.
    pub fn end(mut self, event: Option<&str>) -> Result<ExitCode, Failure> {
        if let Some(event) = event {
            self.event(event, self.why_it_ends(), None)?;
        }
        let failures = self.commands.finish();
        self.report(failures)?;
        self.event("end", &self.counts.to_string(), None)?;
        Ok(match (self.stop.is_requested(), self.has_failed) {
            (true, _) => ExitCode::from(exit::INTERRUPTED),
            (false, true) => ExitCode::FAILURE,
            (false, false) => ExitCode::SUCCESS,
        })
    }
}

/// Runs a program with the options it was given; prints what is wrong with them, or what it failed for.
pub fn run<A: Parser>(program: impl FnOnce(&A) -> Result<ExitCode, Failure>) -> ExitCode {
    let arguments = match options::parse() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    program(&arguments).unwrap_or_else(|failure| {
        let code = failure.exit_code().into();
        if let Some(report) = failure.report() {
            say(report);
        }
        code
    })
}
