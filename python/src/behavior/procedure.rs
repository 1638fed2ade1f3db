//! What a procedure asks of whoever runs it: send, wait, read, until it is over.

use mlsensor::behavior::{PowerStep, Step as Driver};
use pyo3::prelude::*;

use super::command::Command;
use super::value::value;
use crate::time::Seconds;

/// What a procedure wants next. Ask with `step(now)`, do it, report, ask again. A frozen value.
///
/// * `Send(command)`: send the command now, once, and report with `sent(now, was_ok)`.
/// * `Wait(seconds)`: let that much time pass, or some of it.
/// * `Read()`: read now, once, and report with `update(now, faces_or_none)`.
/// * `Over(outcome)`: nothing: it stays over.
///
/// To ask twice does no harm: the answer is the same until something is reported, or time passes.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, module = "mlsensor.behavior")]
#[derive(Debug)]
pub(crate) enum Step {
    /// Send this command now, once.
    Send {
        /// The command.
        command: Command,
    },
    /// Nothing to do for so many seconds; never 0.
    Wait {
        /// For how long, in seconds.
        seconds: Seconds,
    },
    /// Read now, once.
    Read {},
    /// It is over, with this outcome.
    Over {
        /// How it ended.
        outcome: Py<PyAny>,
    },
}

value!(enum Step ["Send", "Wait", "Over"] {});

impl Step {
    /// Of a procedure that ends.
    pub(super) fn of<T>(step: Driver<T>, outcome: impl FnOnce(T) -> PyResult<Py<PyAny>>) -> PyResult<Step> {
        Ok(match step {
            Driver::Send(command) => Step::Send { command: Command::from(command) },
            Driver::Wait(wait) => Step::Wait { seconds: Seconds(wait) },
            Driver::Read => Step::Read {},
            Driver::Over(over) => Step::Over { outcome: outcome(over)? },
        })
    }
}

impl From<PowerStep> for Step {
    fn from(step: PowerStep) -> Step {
        match step {
            PowerStep::Send(command) => Step::Send { command: Command::from(command) },
            PowerStep::Wait(wait) => Step::Wait { seconds: Seconds(wait) },
            PowerStep::Read => Step::Read {},
        }
    }
}
