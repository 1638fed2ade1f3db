//! The command, as the entry point of the package runs it.

use std::ffi::OsString;

use pyo3::prelude::*;

/// Runs the command with these words; gives its exit code.
#[pyfunction]
pub(crate) fn run_command(py: Python<'_>, words: Vec<OsString>) -> u8 {
    py.detach(|| mlsensor_host::command::run(&words))
}
