//! `mlsensor read`: readings as they come.

use std::io;
use std::time::Duration;

use crate::Report;
use crate::command_line::{Failure, exit};
use crate::recording::Header;
use crate::session::Turn;
use crate::source::{Source, SourceName, Stop};
use crate::supervisor::{Pace, State, Update};
use clap::Args;
use mlsensor::Mode;

use crate::command::choice::Choice;
use crate::command::events::{End, NoReading, Opened, Reading, Remark};
use crate::command::output::{Output, OutputArgs};
use crate::command::probe;
use crate::command::replay;
use crate::command::session::Session;
use crate::command::source_options::{self, SimArgs, TimeArgs};

/// Prints readings as they come, with their age and what they are worth.
#[derive(Debug, Args)]
#[command(after_help = include_str!("read.help.txt"))]
pub(crate) struct Arguments {
    /// Where to read; see `mlsensor --help`. Without it, the only bus that has a sensor
    source: Option<SourceName>,
    #[command(flatten)]
    supervision: Supervision,
    /// End after so many readings
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), conflicts_with = "once")]
    count: Option<u64>,
    /// Print one reading alone, and end
    #[arg(long)]
    once: bool,
    #[command(flatten)]
    time: TimeArgs,
    #[command(flatten)]
    sim: SimArgs,
    #[command(flatten)]
    format: OutputArgs,
}

/// Options for how a sensor is read.
#[derive(Debug, Args)]
pub(crate) struct Supervision {
    /// Read this often, in milliseconds, instead of just after each inference, and print each reading, new or not
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(10..=500))]
    every: Option<u64>,
    /// Wait for a sensor that is not there yet, instead of ending
    #[arg(long)]
    wait: bool,
    #[command(flatten)]
    choice: Choice,
    /// Write nothing to the sensor. Otherwise it is set to take pictures, since one in standby gives an old result for ever
    #[arg(long, conflicts_with_all = ["id", "persist", "led"])]
    as_is: bool,
}

/// When to end.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Limits {
    pub(crate) count: Option<u64>,
    /// One reading is all that is printed.
    pub(crate) once: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let output = arguments.format.open();
    let limits = Limits { count: arguments.count.or(arguments.once.then_some(1)), once: arguments.once };
    let name = source(arguments.source.as_ref(), "read")?;
    if name.is_recorded() {
        arguments.supervision.refuse_for(&name)?;
        return replay::recorded(&name, arguments.time, arguments.sim, limits, output);
    }
    let stop = Stop::new();
    stop.on_signals()?;
    let source = source_options::open(&name, arguments.time, arguments.sim, &stop)?;
    begin(&source, limits, output)?;
    let session = arguments.supervision.session(source, io::sink(), &Header::default())?;
    let session = session.until(arguments.time.duration);
    supervise(session, &arguments.supervision, limits, output)
}

/// The source of this name, or the only bus that has a sensor.
pub(crate) fn source(named: Option<&SourceName>, program: &str) -> Result<SourceName, Failure> {
    named.map_or_else(|| probe::only_sensor(program), |name| Ok(name.clone()))
}

/// Prints what is read.
pub(crate) fn begin(source: &Source, limits: Limits, output: Output) -> Result<(), Failure> {
    if limits.once {
        return Ok(());
    }
    output.event(&Opened::of(source))?;
    source.remarks.iter().try_for_each(|text| output.event(&Remark { text }))
}

impl Supervision {
    /// Begins to read a source.
    pub(crate) fn session<W: io::Write>(
        &self,
        source: Source,
        to: W,
        header: &Header,
    ) -> Result<Session<W>, Failure> {
        let mode = if self.as_is { None } else { Some(Mode::Continuous) };
        let pace = self.every.map(|ms| Pace::Every(Duration::from_millis(ms)));
        Ok(Session::begin(source, self.choice.commands(mode), pace, (to, header))?)
    }

    /// Whether a sensor that is not there is waited for.
    pub(crate) const fn waits(&self) -> bool {
        self.wait
    }

    /// Whether a reading is printed that is of no new inference.
    const fn prints_each(&self) -> bool {
        self.every.is_some()
    }

    /// The readings of a recording are as they were recorded.
    pub(crate) fn refuse_for(&self, name: &SourceName) -> Result<(), Failure> {
        if self.every.is_none() && self.choice.commands(None).is_empty() {
            return Ok(());
        }
        Err(Failure::WrongOptions(Report {
            what: format!("{name} is read as it was recorded"),
            likely: "--every and settings are for a sensor".to_owned(),
            run: format!("mlsensor read {}", crate::source::quoted(&name.to_string())),
            code: "MLSENSOR-OPTION".to_owned(),
        }))
    }
}

/// Prints what a supervised sensor gives, until the end.
fn supervise<W: io::Write>(
    mut session: Session<W>,
    supervision: &Supervision,
    limits: Limits,
    output: Output,
) -> Result<u8, Failure> {
    let mut counts = Counts::default();
    let mut has_been_there = supervision.waits();
    loop {
        let update = match session.next()? {
            Turn::Update(update) => update,
            Turn::End => return counts.end("end", limits, output),
            Turn::Done | Turn::Wait(_) => continue,
            Turn::Interrupted => return counts.end("interrupted", limits, output),
        };
        if update.state() == State::Absent && !has_been_there {
            return Err(Failure::Report(session.report()));
        }
        has_been_there |= update.reading().is_some();
        // To find out when the sensor makes results, it is read more often than it makes any.
        if update.reading().is_some_and(|reading| !reading.is_fresh()) && !supervision.prints_each() {
            continue;
        }
        counts.update(&update, session.now(), limits, output)?;
        if limits.count.is_some_and(|count| counts.readings >= count) {
            return counts.end("count", limits, output);
        }
    }
}

/// What was printed.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) readings: u64,
    pub(crate) no_readings: u64,
}

impl Counts {
    fn update(
        &mut self,
        update: &Update,
        now: Duration,
        limits: Limits,
        output: Output,
    ) -> Result<(), Failure> {
        if let Some(reading) = update.reading() {
            self.readings += 1;
            return output.event(&Reading {
                at_s: reading.at(),
                state: "live",
                age_ms: millis(reading.age()),
                fresh: reading.is_fresh(),
                frozen: reading.is_frozen(),
                faces: reading.faces(),
            });
        }
        let (Update::Missed(outage) | Update::Stale(outage) | Update::Absent(outage)) = update else {
            return Ok(());
        };
        self.no_readings += 1;
        let trouble = update.trouble().map(ToString::to_string);
        self.no_reading(
            &NoReading {
                at_s: outage.at,
                state: state(update.state()),
                age_ms: outage.last_reading.map(|last| millis(now.saturating_sub(last))),
                trouble: trouble.as_deref(),
                errno: update.trouble().and_then(|trouble| trouble.cause.errno()),
            },
            limits,
            output,
        )
    }

    /// Prints that there is none.
    pub(crate) fn no_reading(
        &self,
        event: &NoReading<'_>,
        limits: Limits,
        output: Output,
    ) -> Result<(), Failure> {
        if limits.once { Ok(()) } else { output.event(event) }
    }

    /// Prints the end.
    pub(crate) fn end(&self, why: &'static str, limits: Limits, output: Output) -> Result<u8, Failure> {
        if !limits.once {
            output.event(&End { why, readings: self.readings, no_readings: self.no_readings })?;
        }
        match why {
            "interrupted" => Err(Failure::Interrupted),
            _ if limits.once && self.readings == 0 => Err(Failure::Report(Report {
                what: format!("no reading came: {} times none", self.no_readings),
                likely: "the scene, the recording or the time ended before one was good".to_owned(),
                run: "the same without --once".to_owned(),
                code: "MLSENSOR-NO-READING".to_owned(),
            })),
            _ => Ok(exit::SUCCESS),
        }
    }
}

const fn state(state: State) -> &'static str {
    match state {
        State::Live => "live",
        State::Stale => "stale",
        State::Absent => "absent",
    }
}

pub(crate) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
