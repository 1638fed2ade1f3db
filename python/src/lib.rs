//! The native module of the Python package: the driver, the simulator and the host code, bound and not written again.
//!
//! # Guarantees
//! * Values are frozen. What has a state holds it behind a lock that is taken while detached from the interpreter, and no
//!   lock is held while anything waits for time to pass.
//! * Every access to a bus and every wait detaches from the interpreter, once a call.
//! * Exceptions and enumerations are those of the package: see `errors.rs` and `enums.rs`.

#![deny(unsafe_code)]

mod behavior;
mod command;
mod enums;
mod errors;
mod mux;
mod pin;
mod session;
mod sim;
mod time;
mod values;
mod wire;

use pyo3::prelude::*;

/// What is public of it is in the package.
#[pymodule(gil_used = false)]
mod _native {
    use pyo3::prelude::*;
    use pyo3::types::PySequence;

    #[pymodule_export]
    use crate::behavior::{
        Aim, AimState, Attention, AttentionEvent, AxisConfig, Cadence, Choice, Command, CurrentEstimate,
        CurrentFigures, Direction, Enroll, EnrollProgress, Enrolled, Erase, EraseProgress, Erased, Gate,
        GaveUp, GaveUpReason, Look, NotErased, Power, Presence, PresenceEvent, Servo, Step, Track, Tracker,
        Velocity, View, WhenLost,
    };

    #[pymodule_export]
    use crate::command::run_command;
    #[pymodule_export]
    use crate::session::{Reading, Session, Update};
    #[pymodule_export]
    use crate::sim::{
        PyAssumptions, PyDetection, PyFault, PyFaultCounts, PyLookalike, PyPerson, PyQuestion, PyRecording,
        PyScenario, PyScene, PySegment, PySimBus, PySimSensor, PyTca9548a, PyTimeline, PyTransfer,
    };

    #[pymodule_export]
    use crate::values::{
        Bounds, Config, Face, Faces, Field, Identity, Oddity, PacketBits, bits_per_packet, crc16_mcrf4xx,
        oddities,
    };

    #[pymodule_export]
    const ADDRESS: u8 = mlsensor::person_sensor::ADDRESS;

    #[pymodule_export]
    const MAX_FACES: usize = mlsensor::person_sensor::MAX_FACES;

    #[pymodule_export]
    const PACKET_LEN: usize = mlsensor::person_sensor::PACKET_LEN;
    #[pymodule_export]
    use crate::mux::{Channel, Muxes};
    #[pymodule_export]
    use crate::pin::{Line, next_event};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("LAYOUT", crate::values::layout(module.py())?)?;
        // As a sequence, so that `case [face]:` matches.
        PySequence::register::<Faces>(module.py())?;
        crate::sim::init(module.py())?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        // Nobody imports `*` of it, and a stub would have to list everything twice.
        module.delattr("__all__")
    }
}
