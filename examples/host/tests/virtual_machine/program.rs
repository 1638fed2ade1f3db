//! `mlsensor`, for the tests of the programs that it runs: those of another package have no path to the real one.

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    ExitCode::from(mlsensor_host::command::run(&words))
}
