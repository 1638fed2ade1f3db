//! Where on a bus something is put: on the bus itself, or behind a multiplexer.

use mlsensor_sim::{Attached, Target};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use super::bus::PySimBus;
use super::tca9548a::PySegment;

/// Where on a bus something is put.
pub(super) enum Place {
    Bus(Py<PySimBus>),
    Segment(Py<PySegment>),
}

impl Place {
    /// What an argument names: a bus, a segment, or nothing, which is a new bus.
    pub(super) fn from_any(
        py: Python<'_>,
        place: Option<&Bound<'_, PyAny>>,
        fault_seed: u64,
    ) -> PyResult<Place> {
        let Some(place) = place else {
            let bus = PySimBus::make(mlsensor_sim::SimBus::DEFAULT_BIT_RATE_HZ, fault_seed);
            return Ok(Place::Bus(Py::new(py, bus)?));
        };
        if let Ok(bus) = place.cast::<PySimBus>() {
            return Ok(Place::Bus(bus.clone().unbind()));
        }
        if let Ok(segment) = place.cast::<PySegment>() {
            return Ok(Place::Segment(segment.clone().unbind()));
        }
        let given = place.get_type().name()?;
        Err(PyTypeError::new_err(format!("a SimBus or a segment of a Tca9548a is wanted, not {given}")))
    }

    /// The bus in front.
    pub(super) fn bus(&self, py: Python<'_>) -> Py<PySimBus> {
        match self {
            Place::Bus(bus) => bus.clone_ref(py),
            Place::Segment(segment) => segment.get().bus().clone_ref(py),
        }
    }

    /// Puts a target there.
    pub(super) fn attach<T: Target + Send + 'static>(&self, py: Python<'_>, target: T) -> Attached<T> {
        match self {
            Place::Bus(bus) => {
                let bus = bus.get().bus();
                py.detach(|| bus.attach(target))
            }
            Place::Segment(segment) => segment.get().attach(py, target),
        }
    }
}
