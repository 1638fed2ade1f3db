//! Directions, how fast they change, and from where the sensor looks.

use pyo3::prelude::*;

use super::number::{Degrees, Magnitude};
use super::value::value;

/// A direction in the room: where a face is, or where a pan/tilt points. A frozen value.
///
/// `Direction(pan_deg=0.0, tilt_deg=0.0)`
///
/// Degrees, kept to a thousandth. Zero is straight ahead of the mount; pan is positive to the sensor's own
/// right, tilt is positive upward.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, from_py_object, module = "mlsensor.behavior")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Direction(pub(crate) mlsensor::behavior::Direction);

impl From<mlsensor::behavior::Direction> for Direction {
    fn from(direction: mlsensor::behavior::Direction) -> Direction {
        Direction(direction)
    }
}

impl From<Direction> for mlsensor::behavior::Direction {
    fn from(Direction(direction): Direction) -> Self {
        direction
    }
}

const AHEAD: mlsensor::behavior::Direction = mlsensor::behavior::Direction::AHEAD;

value!(degrees Direction ["pan_deg", "tilt_deg"] {
    #[new]
    #[pyo3(
        signature = (pan_deg = Degrees(AHEAD.pan_millideg), tilt_deg = Degrees(AHEAD.tilt_millideg)),
        text_signature = "(pan_deg=0.0, tilt_deg=0.0)"
    )]
    fn new(pan_deg: Degrees, tilt_deg: Degrees) -> Direction {
        Direction(mlsensor::behavior::Direction::new(pan_deg.0, tilt_deg.0))
    }

    /// To the right (negative: to the left), in degrees.
    #[getter]
    fn pan_deg(&self) -> Degrees {
        Degrees(self.0.pan_millideg)
    }

    /// Up (negative: down), in degrees.
    #[getter]
    fn tilt_deg(&self) -> Degrees {
        Degrees(self.0.tilt_millideg)
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }
});

/// How fast a direction changes, in degrees a second. A frozen value.
///
/// `Velocity(pan_deg_per_s=0.0, tilt_deg_per_s=0.0)`
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, from_py_object, module = "mlsensor.behavior")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Velocity(mlsensor::behavior::Velocity);

impl From<mlsensor::behavior::Velocity> for Velocity {
    fn from(velocity: mlsensor::behavior::Velocity) -> Velocity {
        Velocity(velocity)
    }
}

value!(degrees Velocity ["pan_deg_per_s", "tilt_deg_per_s"] {
    #[new]
    #[pyo3(
        signature = (pan_deg_per_s = Degrees(0), tilt_deg_per_s = Degrees(0)),
        text_signature = "(pan_deg_per_s=0.0, tilt_deg_per_s=0.0)"
    )]
    fn new(pan_deg_per_s: Degrees, tilt_deg_per_s: Degrees) -> Velocity {
        Velocity(mlsensor::behavior::Velocity {
            pan_millideg_per_s: pan_deg_per_s.0,
            tilt_millideg_per_s: tilt_deg_per_s.0,
        })
    }

    /// To the right (negative: to the left), in degrees a second.
    #[getter]
    fn pan_deg_per_s(&self) -> Degrees {
        Degrees(self.0.pan_millideg_per_s)
    }

    /// Up (negative: down), in degrees a second.
    #[getter]
    fn tilt_deg_per_s(&self) -> Degrees {
        Degrees(self.0.tilt_millideg_per_s)
    }
});

/// From where the sensor looked when a picture was taken: for a sensor that rides on a pan/tilt. A frozen
/// value.
///
/// `View(direction=Direction(), uncertainty_deg=0.0)`: as it is, a sensor that stands still and looks
/// straight ahead.
///
/// * `direction`: where the lens axis pointed.
/// * `uncertainty_deg`: by how much that may be wrong, in degrees, not below 0.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, from_py_object, module = "mlsensor.behavior")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct View(pub(super) mlsensor::behavior::View);

const STILL: mlsensor::behavior::View = mlsensor::behavior::View::STILL;

value!(degrees View ["direction", "uncertainty_deg"] {
    #[new]
    #[pyo3(
        signature = (
            direction = Direction(STILL.direction),
            uncertainty_deg = Magnitude(STILL.uncertainty_millideg)
        ),
        text_signature = "(direction=..., uncertainty_deg=0.0)"
    )]
    fn new(direction: Direction, uncertainty_deg: Magnitude) -> View {
        View(mlsensor::behavior::View {
            direction: direction.0,
            uncertainty_millideg: uncertainty_deg.0,
        })
    }

    /// Where the lens axis pointed.
    #[getter]
    fn direction(&self) -> Direction {
        Direction(self.0.direction)
    }

    /// By how much that may be wrong, in degrees.
    #[getter]
    fn uncertainty_deg(&self) -> Magnitude {
        Magnitude(self.0.uncertainty_millideg)
    }
});
