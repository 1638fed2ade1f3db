//! Other parts that answer at the sensor's address.

use mlsensor_sim::{Attached, Lookalike, LookalikeKind};
use pyo3::prelude::*;

use super::bus::PySimBus;
use super::place::Place;
use crate::enums::Member;

/// Another part at 0x62: to see that a program does not take it for a Person Sensor, and never writes to it.
///
/// Threads: it may be used from any; each call is a whole.
#[pyclass(frozen, name = "Lookalike", module = "mlsensor.sim")]
pub(crate) struct PyLookalike {
    bus: Py<PySimBus>,
    kind: LookalikeKind,
    part: Attached<Lookalike>,
}

#[pymethods]
impl PyLookalike {
    #[new]
    #[pyo3(signature = (kind, bus = None))]
    fn new(
        py: Python<'_>,
        kind: Member<LookalikeKind>,
        bus: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<PyLookalike> {
        let place = Place::from_any(py, bus, 0)?;
        let part = place.attach(py, Lookalike::new(kind.0));
        Ok(PyLookalike { bus: place.bus(py), kind: kind.0, part })
    }

    /// The bus that it is on.
    #[getter]
    fn bus(&self, py: Python<'_>) -> Py<PySimBus> {
        self.bus.clone_ref(py)
    }

    /// Which other part it is.
    #[getter]
    const fn kind(&self) -> Member<LookalikeKind> {
        Member(self.kind)
    }

    /// How many bytes it was sent: 0, if the program is as careful as it should be.
    #[getter]
    fn bytes_written(&self, py: Python<'_>) -> u64 {
        py.detach(|| self.part.with(|part| part.bytes_written()))
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        format!("<Lookalike {:?}, {} bytes written>", self.kind, self.bytes_written(py))
    }
}
