//! `mlsensor sim run`: runs a program on a simulated bus.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Args;
use mlsensor_host::Report;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    options: super::options::Options,
    /// The program and its arguments, behind `--`
    #[arg(last = true, required = true, value_name = "PROGRAM")]
    program: Vec<OsString>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Report> {
    let _machine = arguments.options.machine()?;
    Err(Report {
        what: format!(
            "cannot run {}",
            arguments.program.first().map_or_else(String::new, |p| p.to_string_lossy().into_owned())
        ),
        likely: "this part is being built".to_owned(),
        run: "mlsensor --help".to_owned(),
        code: "MLSENSOR-SIM-RUN".to_owned(),
    })
}
