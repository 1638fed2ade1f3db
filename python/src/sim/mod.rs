//! The simulator: sensors, scenes and faults on a bus in virtual time, as a test of a Python program needs them.
//!
//! # Guarantees
//! * What a program reads goes through the faults of its bus: [`PySimBus::i2c`] is the way for everything that is a
//!   program's, and the handles of the test go around it.
//! * No lock is held while Python is called.

mod bus;
mod fault;
mod person;
mod range;
mod scene;
mod sensor;

pub(crate) use bus::PySimBus;
pub(crate) use fault::{PyFault, PyFaultCounts};
pub(crate) use person::PyPerson;
pub(crate) use scene::PyScene;
pub(crate) use sensor::PySimSensor;
