//! `mlsensor config`: sets a sensor.

use crate::Report;
use crate::command_line::{Failure, exit};
use crate::source::{SourceName, Stop};
use clap::{ArgGroup, Args, ValueEnum};
use mlsensor::Mode;
use mlsensor::person_sensor::ADDRESS;

use crate::command::choice::Choice;
use crate::command::events::{Opened, Remark, Sent};
use crate::command::output::OutputArgs;
use crate::command::source_options::{self, SimArgs, TimeArgs};

/// Sets a sensor: only what is named, and only what proved to be a Person Sensor.
#[derive(Debug, Args)]
#[command(
    after_help = include_str!("config.help.txt"),
    group = ArgGroup::new("settings").required(true).multiple(true).args(["mode", "id", "persist", "led"])
)]
pub(crate) struct Arguments {
    /// The sensor's bus; see `mlsensor --help`
    source: SourceName,
    /// Take no pictures, or take them one after the other
    #[arg(long, value_name = "standby|continuous", hide_possible_values = true)]
    mode: Option<ModeName>,
    #[command(flatten)]
    choice: Choice,
    #[command(flatten)]
    format: OutputArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ModeName {
    /// No inference, lowest power
    Standby,
    /// One inference after the other
    Continuous,
}

impl From<ModeName> for Mode {
    fn from(name: ModeName) -> Mode {
        match name {
            ModeName::Standby => Mode::Standby,
            ModeName::Continuous => Mode::Continuous,
        }
    }
}

const NO_READ_BACK: &str = "the sensor cannot be asked what it is set to: this was sent and acknowledged, and a loss of power undoes it";

pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let name = &arguments.source;
    if name.is_recorded() {
        return Err(Failure::WrongOptions(Report {
            what: format!("{name} cannot be set: it is a recording"),
            likely: "a bus was meant".to_owned(),
            run: "mlsensor probe".to_owned(),
            code: "MLSENSOR-OPTION".to_owned(),
        }));
    }
    let output = arguments.format.open();
    let mut source = source_options::open(name, TimeArgs::default(), SimArgs::default(), &Stop::new())?;
    output.event(&Opened::of(&source))?;
    for text in &source.remarks {
        output.event(&Remark { text })?;
    }
    // Only what proved to be a Person Sensor is written to.
    source.find(ADDRESS).map_err(Report::from)?;
    for command in arguments.choice.commands(arguments.mode.map(Mode::from)) {
        source.set(command).map_err(Report::from)?;
        output.event(&Sent::of(command))?;
    }
    output.event(&Remark { text: NO_READ_BACK })?;
    Ok(exit::SUCCESS)
}
