//! `mlsensor sim`: a simulated sensor for any program.

mod options;
mod run;

use std::process::ExitCode;

use clap::Subcommand;
use mlsensor_host::Report;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Runs a program, unchanged, with a /dev/i2c-1 that is simulated
    Run(run::Arguments),
}

pub(crate) fn run(command: Command) -> Result<ExitCode, Report> {
    match command {
        Command::Run(arguments) => run::run(&arguments),
    }
}
