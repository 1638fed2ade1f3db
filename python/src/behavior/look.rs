//! Who looks, and from where.

use pyo3::prelude::*;

use super::direction::Direction;
use super::number::{Id, Whole};
use super::value::value;
use crate::time::Seconds;
use crate::values::Bounds;

/// Somebody who faces the sensor and has its attention. A frozen value. Times are in seconds.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, from_py_object, module = "mlsensor.behavior")]
#[derive(Debug, Clone)]
pub(crate) struct Look {
    /// The number of the track of the person who looks. The track may have ended before the look does.
    #[pyo3(get)]
    track: u16,
    /// Since when the sensor was faced: the first sighting of it, earlier than the event by `hold` at
    /// least.
    #[pyo3(get)]
    since: Seconds,
    /// When the sensor was last faced.
    #[pyo3(get)]
    last_faced: Seconds,
    /// Where the face is in the picture, smoothed; where it was last, if its track has ended.
    #[pyo3(get)]
    bounds: Bounds,
    /// In which direction the face is from the mount, smoothed.
    #[pyo3(get)]
    direction: Direction,
    /// Who it is, 0 to 7, by the votes of many packets; None if too few agree, or recognition is off.
    #[pyo3(get)]
    identity: Option<Id>,
}

impl From<mlsensor::behavior::Look> for Look {
    fn from(look: mlsensor::behavior::Look) -> Look {
        Look {
            track: look.track().get(),
            since: Seconds(look.since()),
            last_faced: Seconds(look.last_faced()),
            bounds: Bounds::from(look.bounds()),
            direction: Direction(look.direction()),
            identity: look.identity().map(Id),
        }
    }
}

value!(Look ["track", "since", "last_faced", "bounds", "direction", "identity"] {
    #[new]
    #[pyo3(signature = (track, since, last_faced, bounds, direction, identity = None))]
    fn new(
        track: Whole<u16>,
        since: Seconds,
        last_faced: Seconds,
        bounds: Bounds,
        direction: Direction,
        identity: Option<Id>,
    ) -> Look {
        Look { track: track.0, since, last_faced, bounds, direction, identity }
    }

    /// For how long the sensor was faced, from the first sighting to the last, in seconds.
    #[getter]
    fn lasted(&self) -> Seconds {
        Seconds(self.last_faced.0.saturating_sub(self.since.0))
    }

    /// How far away the face is, in metres, which is rough; None if it is too small to tell.
    #[getter]
    fn distance_m(&self) -> Option<f64> {
        self.bounds.0.distance_mm().map(|mm| f64::from(mm) / 1000.0)
    }
});
