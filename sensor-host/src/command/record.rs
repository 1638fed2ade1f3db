//! `mlsensor record`: what goes over a bus, written down as it happens.

use std::time::SystemTime;

use crate::Report;
use crate::command_line::{Failure, exit};
use crate::recording::Header;
use crate::source::{SourceName, Stop, quoted};
use crate::supervisor::State;
use clap::Args;

use crate::command::events::{Opened, Recorded, Remark};
use crate::command::find;
use crate::command::output::{Output, OutputArgs};
use crate::command::read::Supervision;
use crate::command::session::Session;
use crate::command::source_options::{self, SimArgs, TimeArgs};
use crate::command::target::{Target, TargetArgs};
use crate::session::Turn;

/// Reads a sensor, and writes everything that goes over the bus into a file, line by line.
#[derive(Debug, Args)]
#[command(after_help = include_str!("record.help.txt"))]
pub(crate) struct Arguments {
    /// Where to read; see `mlsensor --help`. Without it, the only bus that has a sensor
    source: Option<SourceName>,
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    supervision: Supervision,
    #[command(flatten)]
    time: TimeArgs,
    #[command(flatten)]
    sim: SimArgs,
    #[command(flatten)]
    format: OutputArgs,
}

pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let output = arguments.format.open();
    let output = if arguments.target.is_standard_output() { output.on_standard_error() } else { output };
    let (named, mut time, waits) = (arguments.source.as_ref(), arguments.time, arguments.supervision.waits());
    let name = match waits {
        true => find::source_or_wait(named, "record", &mut time, Some(output))?,
        false => find::source(named, "record")?,
    };
    if let SourceName::Recorded(file) = &name {
        return Err(Failure::WrongOptions(Report {
            what: format!("{name} is a recording already"),
            likely: "a bus was meant, or the trace of a logic analyser".to_owned(),
            run: format!("mlsensor replay {}", quoted(file)),
            code: "MLSENSOR-OPTION".to_owned(),
        }));
    }
    let stop = Stop::new();
    let source = source_options::open_or_wait(&name, waits, time, arguments.sim, &stop)?;
    let target = Target::create(&arguments.target)?;
    stop.on_signals()?;
    output.event(&Opened::of(&source))?;
    source.remarks.iter().try_for_each(|text| output.event(&Remark { text }))?;
    // A simulated bus has no date: what is recorded of it is the same each time.
    let begun = name.is_bus().then(|| SystemTime::now().checked_sub(source.clock.now())).flatten();
    let header = Header { source: name.to_string(), begun };
    let place = target.place().clone();
    let session =
        arguments.supervision.session(source, target, &header).map_err(|failure| match failure {
            // Nothing of use was written.
            Failure::Output(error) => {
                place.discard();
                place.failure(error)
            }
            failure => failure,
        })?;
    record(session.until(time.duration), waits, output)
}

fn record(mut session: Session<Target>, waits: bool, output: Output) -> Result<u8, Failure> {
    let mut has_been_there = waits;
    let why = loop {
        match session.next() {
            Ok(Turn::Update(update)) if update.state() == State::Absent && !has_been_there => {
                session.target().place().discard();
                return Err(Failure::Report(session.report()));
            }
            Ok(Turn::Update(update)) if update.reading().is_some() => {
                has_been_there = true;
                let target = session.target_mut();
                target.keep().map_err(|error| target.place().failure(error))?;
            }
            Ok(Turn::Update(_)) => {}
            Ok(Turn::Done | Turn::Wait(_)) => {}
            Ok(Turn::End) => break "to the end",
            Ok(Turn::Interrupted) => break "interrupted",
            Err(Failure::Output(error)) => return Err(session.target().place().failure(error)),
            Err(failure) => return Err(failure),
        }
    };
    let (target, transfers) = (session.target(), session.transfers());
    let about = match target.is_kept() {
        true => why.to_owned(),
        false => format!("{why}; no reading came, so what was in the file before is in it still"),
    };
    let transfers = if target.is_kept() { transfers - target.left_out() } else { 0 };
    output.event(&Recorded { file: target.place().name(), transfers, about })?;
    if why == "interrupted" { Err(Failure::Interrupted) } else { Ok(exit::SUCCESS) }
}
