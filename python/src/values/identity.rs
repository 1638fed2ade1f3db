//! Whom the sensor takes a face for.

use mlsensor::PersonId;
use pyo3::prelude::*;
use pyo3::types::PyType;

use super::plain;
use super::whole::{Whole, refused};

const LIKELY: &str = "the sensor has eight labels, 0 to 7; who is not recognised has no identity at all";

/// Whom the sensor takes a face for, and how sure it is.
///
/// `id` is a label, 0 to 7, that this one sensor was taught; it is opaque, and two faces of one packet may have the same.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(module = "mlsensor", frozen, eq, hash, from_py_object)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Identity(pub(crate) mlsensor::Identity);

impl From<mlsensor::Identity> for Identity {
    fn from(identity: mlsensor::Identity) -> Self {
        Identity(identity)
    }
}

impl From<Identity> for mlsensor::Identity {
    fn from(value: Identity) -> Self {
        value.0
    }
}

pub(super) fn repr(identity: mlsensor::Identity) -> String {
    format!("Identity(id={}, confidence={})", identity.id(), identity.confidence())
}

/// A label from a number.
pub(crate) fn person_id(id: Whole) -> PyResult<PersonId> {
    PersonId::new(id.within("id", 0, 7, LIKELY)?).map_err(|error| refused(error, LIKELY))
}

#[pymethods]
impl Identity {
    #[new]
    fn new(id: Whole, confidence: Whole) -> PyResult<Self> {
        let confidence = confidence.within("id confidence", 1, 100, LIKELY)?;
        let identity = mlsensor::Identity::new(person_id(id)?, confidence);
        identity.map(Identity).map_err(|error| refused(error, LIKELY))
    }

    #[classattr]
    fn __match_args__() -> (&'static str, &'static str) {
        ("id", "confidence")
    }

    /// The label, 0 to 7.
    #[getter]
    fn id(&self) -> u8 {
        self.0.id().get()
    }

    /// How sure the sensor is of it, 1 to 100.
    #[getter]
    fn confidence(&self) -> u8 {
        self.0.confidence()
    }

    /// Both as a dictionary that `json` can write, as the command prints them.
    fn as_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        plain(py, &self.0)
    }

    fn __repr__(&self) -> String {
        repr(self.0)
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> (Bound<'py, PyType>, (u8, u8)) {
        (py.get_type::<Identity>(), (self.id(), self.confidence()))
    }
}
