//! One face.

use pyo3::prelude::*;
use pyo3::types::PyType;

use super::whole::{Whole, refused};
use super::{Bounds, Identity, bounds, identity, plain};

const LIKELY: &str = "a confidence is 0 to 100";

/// One face of one packet.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(module = "mlsensor", frozen, eq, hash, from_py_object)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Face(pub(crate) mlsensor::Face);

impl From<mlsensor::Face> for Face {
    fn from(face: mlsensor::Face) -> Self {
        Face(face)
    }
}

impl From<Face> for mlsensor::Face {
    fn from(value: Face) -> Self {
        value.0
    }
}

pub(super) fn repr(face: &mlsensor::Face) -> String {
    let bounds = bounds::repr(face.bounds());
    let identity = face.identity().map_or_else(|| "None".to_owned(), identity::repr);
    let is_facing = if face.is_facing() { "True" } else { "False" };
    let confidence = face.confidence();
    format!("Face(bounds={bounds}, confidence={confidence}, identity={identity}, is_facing={is_facing})")
}

#[pymethods]
impl Face {
    #[new]
    #[pyo3(signature = (bounds, confidence, identity = None, is_facing = false))]
    fn new(bounds: Bounds, confidence: Whole, identity: Option<Identity>, is_facing: bool) -> PyResult<Self> {
        let confidence = confidence.within("confidence", 0, 100, LIKELY)?;
        let face = mlsensor::Face::new(bounds.0, confidence, identity.map(|identity| identity.0), is_facing);
        face.map(Face).map_err(|error| refused(error, LIKELY))
    }

    #[classattr]
    fn __match_args__() -> (&'static str, &'static str, &'static str, &'static str) {
        ("bounds", "confidence", "identity", "is_facing")
    }

    /// Where the face is.
    #[getter]
    fn bounds(&self) -> Bounds {
        Bounds(self.0.bounds())
    }

    /// How sure the sensor is that this is a face, 0 to 100. All that was ever published is 63 to 99.
    #[getter]
    fn confidence(&self) -> u8 {
        self.0.confidence()
    }

    /// Whom the sensor takes it for; None if it does not know, or recognition is off.
    #[getter]
    fn identity(&self) -> Option<Identity> {
        self.0.identity().map(Identity)
    }

    /// Whether the head points at the sensor: the pose of the head, not the gaze of the eyes.
    #[getter]
    fn is_facing(&self) -> bool {
        self.0.is_facing()
    }

    /// The face as a dictionary that `json` can write, as the command prints it.
    fn as_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        plain(py, &self.0)
    }

    fn __repr__(&self) -> String {
        repr(&self.0)
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    #[allow(
        clippy::type_complexity,
        reason = "what pickle asks for: a class, and the arguments that make the same again"
    )]
    fn __reduce__<'py>(&self, py: Python<'py>) -> (Bound<'py, PyType>, (Bounds, u8, Option<Identity>, bool)) {
        (py.get_type::<Face>(), (self.bounds(), self.confidence(), self.identity(), self.is_facing()))
    }
}
