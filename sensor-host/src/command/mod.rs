//! The command `mlsensor`, for its own program and for the entry point of the Python package. One file a subcommand.

mod choice;
mod config;
mod events;
mod find;
mod held;
mod import;
mod output;
mod probe;
mod read;
mod record;
mod replay;
mod session;
mod sim;
mod source_options;
mod target;

use std::ffi::OsString;

use clap::{Parser, Subcommand};

use crate::command_line;
use crate::report;

/// ML sensors: find them, read them, record them, and run any program on a simulated one.
#[derive(Debug, Parser)]
#[command(
    name = "mlsensor",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    after_help = include_str!("main.help.txt")
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Readings as they come, with their age and what they are worth
    Read(read::Arguments),
    /// What is at the sensor's address, of one bus or of each; writes nothing
    Probe(probe::Arguments),
    /// Writes what goes over a bus into a file, line by line
    Record(record::Arguments),
    /// The readings of a recording, as `read replay:FILE`
    Replay(replay::Arguments),
    /// Turns the trace of a logic analyser into a recording
    Import(import::Arguments),
    /// Sets a sensor
    Config(config::Arguments),
    /// A simulated sensor for any program, unchanged
    #[command(subcommand)]
    Sim(sim::Command),
}

/// Runs the command with these words, without its own name; gives the exit code. To be called from a process with one
/// thread.
#[must_use]
pub fn run(words: &[OsString]) -> u8 {
    let arguments: Arguments = match command_line::parse_words(words) {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let outcome = match arguments.command {
        Command::Read(arguments) => read::run(&arguments),
        Command::Probe(arguments) => probe::run(&arguments),
        Command::Record(arguments) => record::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Config(arguments) => config::run(&arguments),
        Command::Sim(command) => sim::run(command),
    };
    outcome.unwrap_or_else(|failure| {
        let code = failure.exit_code();
        if let Some(report) = failure.report() {
            report::say(report);
        }
        code
    })
}
