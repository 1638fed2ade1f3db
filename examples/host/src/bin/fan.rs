//! A fan that turns on when somebody faces it, and off when they look away for a while.

use std::process::ExitCode;

use clap::Parser;
use mlsensor_example_rules::fan::FanRule;
use mlsensor_examples::fan_output::{Fan, FanArgs};
use mlsensor_examples::program::{self, Failure, Options, Program, Setup};

/// Turns on a fan when somebody faces the sensor. Without options it runs on a simulated sensor, so no hardware is
/// needed: a person walks up, faces it, turns away and leaves.
#[derive(Parser)]
#[command(name = "fan", version, after_help = include_str!("fan.help.txt"))]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    fan: FanArgs,
}

fn main() -> ExitCode {
    program::run(drive)
}

fn drive(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut fan = Fan::open(&arguments.fan)?;
    let mut program = Program::start(&arguments.options, Setup::default())?;
    let mut rule = FanRule::default();
    while let Some(reading) = program.read()? {
        let news = rule.decide(reading.at, reading.faces());
        let speed = rule.speed();
        fan.set(speed)?;
        if let Some((event, why)) = news {
            program.event_with(event, ("speed_percent", speed), why, Some(&reading))?;
        }
    }
    fan.set(0)?;
    program.end((rule.speed() > 0).then_some("fan off"))
}
