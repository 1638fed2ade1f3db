//! `mlsensor sim run`: runs a program on a simulated bus.

use std::ffi::OsString;
use std::process::Command;

use crate::Report;
use crate::report::say;
use crate::virtual_bus::Errno;
use crate::virtual_bus::launch::{self, Launch, Route};
use clap::Args;

#[derive(Debug, Args)]
#[command(after_help = include_str!("run.help.txt"))]
pub(crate) struct Arguments {
    #[command(flatten)]
    options: super::options::MachineOptions,

    /// How the program is brought to the bus: auto, seccomp or preload
    #[arg(long, value_name = "ROUTE", default_value_t)]
    route: Route,

    /// Say nothing but errors
    #[arg(long)]
    quiet: bool,

    /// Take it that the kernel refuses to trap system calls, with this errno
    #[arg(long, value_name = "ERRNO", hide = true, value_parser = clap::value_parser!(i32).range(1..=133))]
    refused: Option<i32>,

    /// The program and its arguments, behind `--`
    #[arg(last = true, required = true, value_name = "PROGRAM")]
    program: Vec<OsString>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<u8, Report> {
    let machine = arguments.options.machine()?;
    let (name, rest) = arguments.program.split_first().ok_or_else(|| Report {
        what: "no program is named".to_owned(),
        likely: "it is missing behind --".to_owned(),
        run: "mlsensor sim run --help".to_owned(),
        code: "MLSENSOR-OPTION".to_owned(),
    })?;
    let mut command = Command::new(name);
    command.args(rest);
    if !arguments.quiet {
        let paths: Vec<String> = machine.nodes().map(|node| node.path()).collect();
        say(format_args!("mlsensor: simulated here: {}", paths.join(", ")));
    }
    let launch = Launch {
        route: arguments.route,
        is_quiet: arguments.quiet,
        refused: arguments.refused.map(Errno::from_raw_os_error),
    };
    match launch::run(machine, command, launch) {
        Ok(ended) => Ok(ended.leave()),
        Err(not_run) => {
            say(not_run.report);
            Ok(not_run.exit_code)
        }
    }
}
