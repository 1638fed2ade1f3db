//! The simulator: sensors, scenes and faults on a bus in virtual time, as a test of a Python program needs them.
//!
//! # Guarantees
//! * What a program reads goes through the faults of its bus: [`PySimBus::i2c`] is the way for everything that is a
//!   program's, and the handles of the test go around it.
//! * No lock is held while Python is called.

mod assumptions;
mod bus;
mod detection;
mod fault;
mod fields;
mod lookalike;
mod person;
mod place;
mod range;
mod recording;
mod scenario;
mod scene;
mod sensor;
mod tca9548a;
mod timeline;

use pyo3::prelude::*;
use pyo3::types::PySequence;

pub(crate) use assumptions::{PyAssumptions, PyQuestion};
pub(crate) use bus::PySimBus;
pub(crate) use detection::PyDetection;
pub(crate) use fault::{PyFault, PyFaultCounts};
pub(crate) use lookalike::PyLookalike;
pub(crate) use person::PyPerson;
pub(crate) use recording::{PyRecording, PyTransfer};
pub(crate) use scenario::PyScenario;
pub(crate) use scene::PyScene;
pub(crate) use sensor::PySimSensor;
pub(crate) use tca9548a::{PySegment, PyTca9548a};
pub(crate) use timeline::PyTimeline;

/// Completes the classes, once.
pub(crate) fn init(py: Python<'_>) -> PyResult<()> {
    fields::add_attributes::<PyAssumptions>(&py.get_type::<PyAssumptions>())?;
    fields::add_attributes::<PyDetection>(&py.get_type::<PyDetection>())?;
    PySequence::register::<PyScene>(py)
}
