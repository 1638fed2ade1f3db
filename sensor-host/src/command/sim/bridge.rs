//! `mlsensor sim bridge`: a simulated sensor for firmware in an emulator.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::Report;
use crate::command_line::exit;
use crate::report::say;
use crate::source;
use crate::virtual_bus::assume::assume;
use crate::virtual_bus::emulator::{self, Emulated, Fifos, Traffic};
use crate::virtual_bus::setup;
use clap::Args;

use super::options::create;

/// Firmware has said something by then, on a machine that is busy with other things, too.
const SILENCE: Duration = Duration::from_secs(20);

#[derive(Debug, Args)]
#[command(after_help = include_str!("bridge.help.txt"))]
pub(crate) struct Arguments {
    /// What the sensor sees: a scenario by its name or file
    #[arg(long, value_name = "NAME|FILE", default_value = "walk_up")]
    scenario: String,
    /// The seed for all that is left to chance, instead of the scenario's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Something that goes wrong, such as `gone:30`, `all-ones@1%`, `frozen:8@t=5s`; can be given several times
    #[arg(long, value_name = "SPEC")]
    fault: Vec<String>,
    /// How the sensor answers an open question, such as `past_the_end=zeros`; several times
    #[arg(long, value_name = "NAME=ANSWER")]
    assume: Vec<String>,
    /// Write the traffic of the bus to a file, as a recording
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Where to make the FIFOs i2c.req and i2c.rsp: the emulator's working folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// Say nothing but errors
    #[arg(long)]
    quiet: bool,
    /// The emulator and its arguments, behind `--`; without it, one that is started elsewhere is waited for
    #[arg(last = true, value_name = "PROGRAM")]
    program: Vec<OsString>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<u8, Report> {
    let mut bridge = arguments.emulated()?.bridge(arguments.traffic()?);
    let fifos = Fifos::make(&arguments.folder)?;
    let Some((name, rest)) = arguments.program.split_first() else {
        if !arguments.quiet {
            say(format_args!(
                "mlsensor: waiting for firmware, whose emulator is to run in {}",
                arguments.folder.display()
            ));
        }
        let has_ended = emulator::serve(&mut bridge, &fifos)?;
        return Ok(if has_ended { exit::SUCCESS } else { exit::INTERRUPTED });
    };
    let fifos = if arguments.quiet { fifos } else { fifos.with_hint_after(SILENCE) };
    let mut command = Command::new(name);
    command.args(rest);
    let ended = emulator::run(&mut bridge, &fifos, command);
    // A signal may end this process too, and then nothing is dropped.
    drop(fifos);
    match ended {
        Ok(ended) => Ok(ended.leave()),
        Err(not_run) => {
            say(not_run.report);
            Ok(not_run.exit_code)
        }
    }
}

impl Arguments {
    fn emulated(&self) -> Result<Emulated, Report> {
        let name = self.scenario.strip_prefix("sim:").unwrap_or(&self.scenario);
        let mut emulated = Emulated::new(name, source::scenario(name)?);
        emulated.seed = self.seed;
        emulated.faults = self.fault.iter().map(|text| setup::fault(text)).collect::<Result<_, _>>()?;
        self.assume.iter().try_for_each(|text| assume(text, &mut emulated.assumptions))?;
        Ok(emulated)
    }

    fn traffic(&self) -> Result<Option<Traffic>, Report> {
        let Some(path) = &self.record else { return Ok(None) };
        Ok(Some(Traffic::new(path.clone(), Box::new(create(path)?))))
    }
}
