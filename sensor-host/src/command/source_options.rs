//! Options that say where readings come from, and how long.

use std::time::Duration;

use crate::command_line::{Failure, seconds};
use crate::source::{Opening, Source, SourceName, Stop};
use clap::Args;

/// How time passes.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct TimeArgs {
    /// Let the time of a scene or a recording pass as real time does, instead of at once
    #[arg(long, conflicts_with = "speed")]
    realtime: bool,
    /// Let it pass this many times as fast as real time, 0.001 to 1000
    #[arg(long, value_name = "FACTOR", value_parser = speed)]
    speed: Option<f64>,
    /// End after this many seconds
    #[arg(long = "for", value_name = "SECONDS", value_parser = seconds)]
    pub(crate) duration: Option<Duration>,
}

impl TimeArgs {
    fn speed(self) -> Option<f64> {
        if self.realtime { Some(1.0) } else { self.speed }
    }
}

/// Options for a simulated sensor.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct SimArgs {
    /// Let chance fall otherwise than the scene says
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

/// Opens a source.
pub(crate) fn open(name: &SourceName, time: TimeArgs, sim: SimArgs, stop: &Stop) -> Result<Source, Failure> {
    open_or_wait(name, false, time, sim, stop)
}

/// Opens a source. A bus that is not there yet may be waited for.
pub(crate) fn open_or_wait(
    name: &SourceName,
    waits: bool,
    time: TimeArgs,
    sim: SimArgs,
    stop: &Stop,
) -> Result<Source, Failure> {
    let opening = Opening::default().with_seed(sim.seed).with_speed(time.speed()).with_stop(stop.clone());
    let opening = opening.with_wait(waits);
    name.open(&opening).map_err(|error| Failure::Report(error.report()))
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(speed @ 0.001..=1000.0) => Ok(speed),
        Ok(_) => Err("not between 0.001 and 1000".to_owned()),
        Err(_) => Err("no number".to_owned()),
    }
}
