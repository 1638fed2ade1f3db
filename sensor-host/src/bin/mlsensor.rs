//! The program `mlsensor`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    ExitCode::from(mlsensor_host::command::run(&words))
}
