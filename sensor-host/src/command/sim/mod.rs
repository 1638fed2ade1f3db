//! `mlsensor sim`: a simulated sensor for any program.

mod attach;
mod bridge;
mod options;
mod run;
mod stop;
mod usbredir;

use crate::Report;
use crate::command_line::Failure;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Runs a program, unchanged, with a /dev/i2c-1 that is simulated
    Run(run::Arguments),
    /// A simulated sensor for firmware in an emulator such as QEMU, in virtual time
    Bridge(bridge::Arguments),
    /// A simulated bus of this machine's own kernel, for every program; needs root
    Attach(attach::Arguments),
    /// A simulated bus for a virtual machine of QEMU
    Usbredir(usbredir::Arguments),
}

/// The codes of options that are understood, but not with that value.
const WRONG_OPTIONS: [&str; 5] = [
    "MLSENSOR-OPTION",
    "MLSENSOR-SIM-FAULT",
    "MLSENSOR-SIM-ERRNO",
    "MLSENSOR-SIM-WITH",
    "MLSENSOR-SIM-ASSUME",
];

pub(crate) fn run(command: Command) -> Result<u8, Failure> {
    let outcome = match command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Bridge(arguments) => bridge::run(&arguments),
        Command::Attach(arguments) => attach::run(&arguments),
        Command::Usbredir(arguments) => usbredir::run(&arguments),
    };
    outcome.map_err(|report: Report| {
        if WRONG_OPTIONS.contains(&&*report.code) { Failure::WrongOptions(report) } else { report.into() }
    })
}
