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
use crate::command::find;
use crate::command::output::{Output, OutputArgs};
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
    #[command(flatten)]
    end: EndArgs,
    #[command(flatten)]
    time: TimeArgs,
    #[command(flatten)]
    sim: SimArgs,
    #[command(flatten)]
    format: OutputArgs,
}

/// When to end.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct EndArgs {
    /// End after so many readings
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), conflicts_with = "once")]
    count: Option<u64>,
    /// Print one reading alone, and end
    #[arg(long)]
    once: bool,
}

impl EndArgs {
    /// After how many readings.
    const fn readings(self) -> Option<u64> {
        if self.once { Some(1) } else { self.count }
    }
}

/// How often to read.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct PaceArgs {
    /// Read this often, in milliseconds, instead of just after each inference, and print each reading, new or not. A recording
    /// was read as it was: it is judged by this, as one that was made with it
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(10..=500))]
    every: Option<u64>,
}

/// Options for how a sensor is read.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct Supervision {
    #[command(flatten)]
    pace: PaceArgs,
    /// Wait for a sensor that is not there yet, or a bus, instead of ending
    #[arg(long)]
    wait: bool,
    #[command(flatten)]
    choice: Choice,
    /// Write nothing to the sensor. Otherwise it is set to take pictures, since one in standby gives an old result for ever
    #[arg(long, conflicts_with_all = ["id", "persist", "led"])]
    as_is: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let Arguments { source: named, supervision, end, time, sim, format } = arguments;
    let (mut time, output) = (*time, format.open());
    let name = match supervision.waits() {
        true => find::source_or_wait(named.as_ref(), "read", &mut time, (!end.once).then_some(output))?,
        false => find::source(named.as_ref(), "read")?,
    };
    let supervision = if name.is_recorded() { supervision.replaying(&name)? } else { *supervision };
    read(&name, &supervision, *end, time, *sim, output)
}

/// Prints the readings of a source.
pub(crate) fn read(
    name: &SourceName,
    supervision: &Supervision,
    end: EndArgs,
    time: TimeArgs,
    sim: SimArgs,
    output: Output,
) -> Result<u8, Failure> {
    let stop = Stop::new();
    let source = source_options::open_or_wait(name, supervision.waits(), time, sim, &stop)?;
    // Before this, a signal ends the program by itself: a file may be a pipe that nobody writes to.
    stop.on_signals()?;
    if !end.once {
        output.event(&Opened::of(&source))?;
        source.remarks.iter().try_for_each(|text| output.event(&Remark { text }))?;
    }
    let session = supervision.session(source, io::sink(), &Header::default())?;
    supervise(session.until(time.duration), supervision, end, output)
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
        let pace = self.pace.every.map(|ms| Pace::Every(Duration::from_millis(ms)));
        Ok(Session::begin(source, self.choice.commands(mode), pace, (to, header))?)
    }

    /// Whether a sensor that is not there is waited for.
    pub(crate) const fn waits(&self) -> bool {
        self.wait
    }

    /// Whether a reading is printed that is of no new inference.
    const fn prints_each(&self) -> bool {
        self.pace.every.is_some()
    }

    /// How a recording is read. It is in the file for good: nothing is set, and what comes at its begin is told like the rest.
    pub(crate) fn of_recording(pace: PaceArgs) -> Supervision {
        Supervision { pace, wait: true, as_is: true, ..Supervision::default() }
    }

    /// The same of a recording, whose settings are as they were.
    fn replaying(&self, name: &SourceName) -> Result<Supervision, Failure> {
        if self.choice.commands(None).is_empty() {
            return Ok(Supervision::of_recording(self.pace));
        }
        Err(Failure::WrongOptions(Report {
            what: format!("{name} is read as it was recorded"),
            likely: "settings are for a sensor".to_owned(),
            run: format!("mlsensor read {}", crate::source::quoted(&name.to_string())),
            code: "MLSENSOR-OPTION".to_owned(),
        }))
    }
}

/// Prints what a supervised sensor gives, until the end.
fn supervise<W: io::Write>(
    mut session: Session<W>,
    supervision: &Supervision,
    end: EndArgs,
    output: Output,
) -> Result<u8, Failure> {
    let mut counts = Counts::default();
    let mut has_been_there = supervision.waits();
    loop {
        let update = match session.next()? {
            Turn::Update(update) => update,
            Turn::End => return counts.end("end", &session, end, output),
            Turn::Done | Turn::Wait(_) => continue,
            Turn::Interrupted => return counts.end("interrupted", &session, end, output),
        };
        if update.state() == State::Absent && !has_been_there {
            return Err(Failure::Report(session.report()));
        }
        has_been_there |= update.reading().is_some();
        // To find out when the sensor makes results, it is read more often than it makes any.
        if update.reading().is_some_and(|reading| !reading.is_fresh()) && !supervision.prints_each() {
            continue;
        }
        counts.update(&update, end, output)?;
        if end.readings().is_some_and(|count| counts.readings >= count) {
            return counts.end("count", &session, end, output);
        }
    }
}

/// What was printed.
#[derive(Debug, Default)]
struct Counts {
    readings: u64,
    no_readings: u64,
}

impl Counts {
    fn update(&mut self, update: &Update, end: EndArgs, output: Output) -> Result<(), Failure> {
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
        if end.once {
            return Ok(());
        }
        let trouble = update.trouble().map(ToString::to_string);
        output.event(&NoReading {
            at_s: outage.at,
            state: state(update.state()),
            age_ms: outage.last_reading.map(|last| millis(outage.at.saturating_sub(last))),
            trouble: trouble.as_deref(),
            errno: update.trouble().and_then(|trouble| trouble.cause.errno()),
        })
    }

    /// Prints the end.
    fn end<W: io::Write>(
        &self,
        why: &'static str,
        session: &Session<W>,
        end: EndArgs,
        output: Output,
    ) -> Result<u8, Failure> {
        let Counts { readings, no_readings } = *self;
        if !end.once {
            output.event(&End { why, readings, no_readings, counters: session.counters() })?;
        }
        match why {
            "interrupted" => Err(Failure::Interrupted),
            _ if end.once && readings == 0 => Err(Failure::Report(Report {
                what: format!("no reading came: {no_readings} times none"),
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

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
