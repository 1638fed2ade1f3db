//! `mlsensor replay`: the readings of a recording.

use crate::command_line::Failure;
use crate::source::SourceName;
use clap::Args;

use crate::command::output::OutputArgs;
use crate::command::read::{self, EndArgs, PaceArgs, Supervision};
use crate::command::source_options::{SimArgs, TimeArgs};

/// Prints the readings of a recording, as they were: it is `mlsensor read replay:FILE`.
#[derive(Debug, Args)]
#[command(after_help = include_str!("replay.help.txt"))]
pub(crate) struct Arguments {
    /// The recording; - is standard input
    file: String,
    #[command(flatten)]
    pace: PaceArgs,
    #[command(flatten)]
    end: EndArgs,
    #[command(flatten)]
    time: TimeArgs,
    #[command(flatten)]
    format: OutputArgs,
}

pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let name = SourceName::Recorded(arguments.file.clone());
    let supervision = Supervision::of_recording(arguments.pace);
    read::read(
        &name,
        &supervision,
        arguments.end,
        arguments.time,
        SimArgs::default(),
        arguments.format.open(),
    )
}
