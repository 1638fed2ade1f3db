//! `mlsensor replay`: the readings of a recording.

use std::process::ExitCode;

use clap::Args;
use mlsensor_host::command_line::Failure;
use mlsensor_host::source::SourceName;

use crate::output::OutputArgs;
use crate::read;
use crate::source_options::{SimArgs, TimeArgs};

/// Prints the readings of a recording, as they were: it is `mlsensor read replay:FILE`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The recording
    file: String,
    #[command(flatten)]
    time: TimeArgs,
    #[command(flatten)]
    format: OutputArgs,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let name = SourceName::Recorded(arguments.file.clone());
    read::recorded(
        &name,
        arguments.time,
        SimArgs::default(),
        read::Limits::default(),
        arguments.format.open(),
    )
}
