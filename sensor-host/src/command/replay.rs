//! `mlsensor replay`: the readings of a recording.

use std::time::Duration;

use crate::command_line::Failure;
use crate::source::{AnyBusError, SourceName, Stop};
use crate::supervisor::Settings;
use clap::Args;
use mlsensor::{Error, PersonSensor};

use crate::command::events::{NoReading, Reading};
use crate::command::output::{Output, OutputArgs};
use crate::command::read::{self, Counts, Limits, millis};
use crate::command::source_options::{self, SimArgs, TimeArgs};

/// Prints the readings of a recording, as they were: it is `mlsensor read replay:FILE`.
#[derive(Debug, Args)]
#[command(after_help = include_str!("replay.help.txt"))]
pub(crate) struct Arguments {
    /// The recording
    file: String,
    #[command(flatten)]
    time: TimeArgs,
    #[command(flatten)]
    format: OutputArgs,
}

pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let name = SourceName::Recorded(arguments.file.clone());
    recorded(&name, arguments.time, SimArgs::default(), Limits::default(), arguments.format.open())
}

/// One inference of a v1.0 board (Datasheet): the same faces again within this time were most likely read before.
const INFERENCE: Duration = Duration::from_millis(140);

/// Prints the readings of a recording, each at its time. They are in the file for good: none is tried again, and none is old when
/// it comes.
pub(crate) fn recorded(
    name: &SourceName,
    time: TimeArgs,
    sim: SimArgs,
    limits: Limits,
    output: Output,
) -> Result<u8, Failure> {
    let stop = Stop::new();
    stop.on_signals()?;
    let mut source = source_options::open(name, time, sim, &stop)?;
    read::begin(&source, limits, output)?;
    let supervision = Settings::default();
    let (mut counts, mut latest, mut since) = (Counts::default(), None, None);
    let end = time.duration.map(|duration| source.clock.now() + duration);
    while let Some(at) = source.clock.due(Duration::ZERO).filter(|at| end.is_none_or(|end| *at <= end)) {
        if source.clock.pass_until(at).is_none() || stop.is_requested() {
            break;
        }
        let outcome = PersonSensor::new(&mut source.bus).read();
        source.clock.reading_done();
        let error = match outcome {
            Ok(faces) => {
                counts.readings += 1;
                latest = Some(at);
                let fresh = since
                    .is_none_or(|(before, since)| before != faces || at.saturating_sub(since) >= INFERENCE);
                if fresh {
                    since = Some((faces, at));
                }
                let (state, frozen) = ("live", false);
                output.event(&Reading { at_s: at, state, age_ms: 0, fresh, frozen, faces: &faces })?;
                if limits.count.is_some_and(|count| counts.readings >= count) {
                    return counts.end("count", limits, output);
                }
                continue;
            }
            Err(Error::I2c(AnyBusError::Ended | AnyBusError::Stopped)) => break,
            Err(error) => error,
        };
        counts.no_readings += 1;
        let age = latest.map(|latest| at.saturating_sub(latest));
        let is_lost = age.is_none_or(|age| age >= supervision.may_have_restarted);
        let trouble = match error {
            Error::I2c(error) => error.to_string(),
            Error::Packet(error) => error.to_string(),
        };
        let event = NoReading {
            at_s: at,
            state: if is_lost { "absent" } else { "stale" },
            age_ms: age.map(millis),
            trouble: Some(&trouble),
            errno: None,
        };
        counts.no_reading(&event, limits, output)?;
    }
    let why = if stop.is_requested() { "interrupted" } else { "end" };
    counts.end(why, limits, output)
}
