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
mod person;
mod range;
mod scene;
mod sensor;

use pyo3::prelude::*;
use pyo3::types::PySequence;

pub(crate) use assumptions::{PyAssumptions, PyQuestion};
pub(crate) use bus::PySimBus;
pub(crate) use detection::PyDetection;
pub(crate) use fault::{PyFault, PyFaultCounts};
pub(crate) use person::PyPerson;
pub(crate) use scene::PyScene;
pub(crate) use sensor::PySimSensor;

/// Completes the classes, once.
pub(crate) fn init(py: Python<'_>) -> PyResult<()> {
    fields::add_attributes::<PyAssumptions>(&py.get_type::<PyAssumptions>())?;
    fields::add_attributes::<PyDetection>(&py.get_type::<PyDetection>())?;
    PySequence::register::<PyScene>(py)
}
