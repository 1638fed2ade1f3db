//! The command `mlsensor`. One file a subcommand.

mod options;
mod sim;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mlsensor_host::Report;

/// ML sensors: read them, record them, and run any program on a simulated one.
#[derive(Debug, Parser)]
#[command(name = "mlsensor", version, propagate_version = true, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// A simulated sensor for any program, unchanged
    #[command(subcommand)]
    Sim(sim::Command),
}

fn main() -> ExitCode {
    let arguments: Arguments = match options::parse() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let outcome = match arguments.command {
        Command::Sim(command) => sim::run(command),
    };
    outcome.unwrap_or_else(|report: Report| {
        eprintln!("{report}");
        ExitCode::FAILURE
    })
}
