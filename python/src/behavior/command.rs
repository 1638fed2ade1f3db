//! One register write, as the procedures ask for it.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::number::Id;
use super::value::value;
use crate::enums::Member;
use crate::errors;

/// One register write, by the guide's names. A frozen value; `bytes(command)` are the two bytes, register
/// then value.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, from_py_object, module = "mlsensor.behavior")]
#[derive(Debug, Clone)]
pub(crate) enum Command {
    /// Register 0x01. Power-on default: continuous.
    Mode {
        /// What the sensor is to do on its own.
        mode: Member<mlsensor::Mode>,
    },
    /// Register 0x02: run the recognition model, which makes inferences slower. Power-on default: off.
    EnableId {
        /// Whether it runs.
        on: bool,
    },
    /// Register 0x03: trigger one inference. Only in standby.
    SingleShot {},
    /// Register 0x04: label the next face as this person. Discarded if two camera frames pass with
    /// nobody.
    LabelNextId {
        /// The id, 0 to 7.
        id: Id,
    },
    /// Register 0x05: keep labels over a loss of power. Power-on default: on.
    PersistIds {
        /// Whether they are kept.
        on: bool,
    },
    /// Register 0x06: forget every label.
    EraseIds {},
    /// Register 0x07: the indicator LED. Power-on default: on.
    DebugMode {
        /// Whether the LED is on while the sensor sees a face.
        on: bool,
    },
}

impl From<mlsensor::Command> for Command {
    fn from(command: mlsensor::Command) -> Command {
        use mlsensor::Command as Driver;
        match command {
            Driver::Mode(mode) => Command::Mode { mode: Member(mode) },
            Driver::EnableId(on) => Command::EnableId { on },
            Driver::SingleShot => Command::SingleShot {},
            Driver::LabelNextId(id) => Command::LabelNextId { id: Id(id) },
            Driver::PersistIds(on) => Command::PersistIds { on },
            Driver::EraseIds => Command::EraseIds {},
            Driver::DebugMode(on) => Command::DebugMode { on },
        }
    }
}

impl From<&Command> for mlsensor::Command {
    fn from(command: &Command) -> Self {
        match command {
            Command::Mode { mode } => Self::Mode(mode.0),
            Command::EnableId { on } => Self::EnableId(*on),
            Command::SingleShot {} => Self::SingleShot,
            Command::LabelNextId { id } => Self::LabelNextId(id.0),
            Command::PersistIds { on } => Self::PersistIds(*on),
            Command::EraseIds {} => Self::EraseIds,
            Command::DebugMode { on } => Self::DebugMode(*on),
        }
    }
}

value!(enum Command ["Mode", "EnableId", "LabelNextId", "PersistIds", "DebugMode"] {
    /// Reads two bytes, register then value.
    ///
    /// Raises `ConfigError` for a register or a value that the guide does not have, and for more or fewer
    /// bytes.
    #[staticmethod]
    fn from_bytes(data: Vec<u8>) -> PyResult<Command> {
        let [register, value] = data[..] else {
            return Err(errors::config(
                &format!("a write of {} bytes is no command", data.len()),
                "it has two: the register, and the value",
            ));
        };
        let command = mlsensor::Command::parse([register, value]);
        command.map(Command::from).map_err(|error| {
            errors::config(&error.to_string(), "registers are 1 to 7, and a switch is 0 or 1")
        })
    }

    fn __bytes__<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &mlsensor::Command::from(self).emit())
    }

    fn __str__(&self) -> String {
        mlsensor::Command::from(self).to_string()
    }
});
