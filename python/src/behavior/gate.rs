//! Which faces count.

use pyo3::prelude::*;

use super::number::{Whole, outside};
use super::value::value;
use crate::values::{Face, Faces};

/// Which faces count at all: the others are as if they were not there. A frozen value.
///
/// `Gate(min_confidence=0, min_width=0)`
///
/// * `min_confidence`: the least confidence, 0 to 100.
/// * `min_width`: the least width in view units, 0 to 255. Width times distance is about 20 unit-metres: 20
///   lets through faces up to about 1 m.
///
/// A false face is told from a true one by its not lasting, not by its confidence: a gate costs range.
///
/// Raises `ConfigError` for what is out of its range.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, from_py_object, module = "mlsensor.behavior")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gate(mlsensor::behavior::Gate);

impl From<mlsensor::behavior::Gate> for Gate {
    fn from(gate: mlsensor::behavior::Gate) -> Gate {
        Gate(gate)
    }
}

impl From<Gate> for mlsensor::behavior::Gate {
    fn from(Gate(gate): Gate) -> Self {
        gate
    }
}

const OPEN: mlsensor::behavior::Gate = mlsensor::behavior::Gate::OPEN;

value!(Gate ["min_confidence", "min_width"] {
    #[new]
    #[pyo3(
        signature = (min_confidence = Whole(OPEN.min_confidence), min_width = Whole(OPEN.min_width)),
        text_signature = "(min_confidence=0, min_width=0)"
    )]
    fn new(min_confidence: Whole<u8>, min_width: Whole<u8>) -> PyResult<Gate> {
        if min_confidence.0 > 100 {
            return Err(outside(&min_confidence.0.to_string(), "a confidence", 0, 100));
        }
        Ok(Gate(OPEN.with_min_confidence(min_confidence.0).with_min_width(min_width.0)))
    }

    /// The least confidence, 0 to 100.
    #[getter]
    fn min_confidence(&self) -> u8 {
        self.0.min_confidence
    }

    /// The least width in view units, 0 to 255.
    #[getter]
    fn min_width(&self) -> u8 {
        self.0.min_width
    }

    /// Whether this face counts.
    fn admits(&self, face: &Face) -> bool {
        self.0.admits(&face.0)
    }

    /// The faces that count, in their order.
    fn admitted(&self, faces: &Faces) -> Vec<Face> {
        self.0.admitted(&faces.0).map(|face| Face::from(*face)).collect()
    }
});
