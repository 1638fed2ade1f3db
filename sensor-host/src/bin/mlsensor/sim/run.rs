//! `mlsensor sim run`: runs a program on a simulated bus.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use clap::Args;
use mlsensor_host::Report;
use mlsensor_host::virtual_bus::launch::{self, Route};
use mlsensor_host::virtual_bus::real_time::RealTime;
use mlsensor_host::virtual_bus::{Machine, World};
use mlsensor_sim::Scenario;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// What happens in front of the sensor
    #[arg(long, value_name = "NAME", default_value = "walk_up")]
    scenario: String,

    /// How the program is brought to the bus: auto, seccomp or preload
    #[arg(long, value_name = "ROUTE", default_value_t)]
    route: Route,

    /// Say nothing but errors
    #[arg(long)]
    quiet: bool,

    /// The program and its arguments, behind `--`
    #[arg(last = true, required = true, value_name = "PROGRAM")]
    program: Vec<OsString>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Report> {
    let scenario = Scenario::named(&arguments.scenario).ok_or_else(|| Report {
        what: format!("no scenario is called {}", arguments.scenario),
        likely: "a word is mistyped".to_owned(),
        run: "mlsensor sim run --help".to_owned(),
        code: "MLSENSOR-SCENARIO".to_owned(),
    })?;
    let mut world = World::new(Box::new(RealTime::new(1.0)));
    world.add(1, scenario.sensor(), 17, 1);
    if !arguments.quiet {
        eprintln!("mlsensor: /dev/i2c-1 is simulated, with a Person Sensor at 0x62 ({})", arguments.scenario);
    }
    let (name, rest) = arguments.program.split_first().ok_or_else(|| Report {
        what: "no program is named".to_owned(),
        likely: "it is missing behind --".to_owned(),
        run: "mlsensor sim run --help".to_owned(),
        code: "MLSENSOR-OPTION".to_owned(),
    })?;
    let mut command = Command::new(name);
    command.args(rest);
    match launch::run(Machine::new(world), command, arguments.route, arguments.quiet) {
        Ok(ended) => Ok(ended.leave()),
        Err(not_run) => {
            eprintln!("{}", not_run.report);
            Ok(ExitCode::from(not_run.exit_code))
        }
    }
}
