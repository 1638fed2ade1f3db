//! One person, as far as a tracker can tell.

use pyo3::prelude::*;

use super::direction::{Direction, Velocity};
use super::number::{Id, Whole};
use super::value::value;
use crate::time::Seconds;
use crate::values::{Bounds, Face};

/// One person who is followed through the packets, as of one update of the tracker. A frozen value. Times
/// are in seconds.
///
/// Where somebody will be soon only the tracker knows: `Tracker.direction_at`.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, from_py_object, module = "mlsensor.behavior")]
#[derive(Debug, Clone)]
pub(crate) struct Track {
    /// Its number, 1 to 65535. It means nothing beyond this tracker, and nothing about who somebody is.
    #[pyo3(get)]
    id: u16,
    /// The face as it was last reported, unsmoothed.
    #[pyo3(get)]
    face: Face,
    /// Where the face is in the picture, smoothed over the last packets: as of its last sighting.
    #[pyo3(get)]
    bounds: Bounds,
    /// In which direction the face is from the mount, smoothed: as of its last sighting.
    #[pyo3(get)]
    direction: Direction,
    /// How fast the direction changes.
    #[pyo3(get)]
    velocity: Velocity,
    /// When it was first seen.
    #[pyo3(get)]
    first_seen: Seconds,
    /// When it was last seen: in the packet that was read then for the first time.
    #[pyo3(get)]
    last_seen: Seconds,
    /// Whether the latest reading saw it; if not, it is where it was last seen, or has moved on.
    #[pyo3(get)]
    is_seen: bool,
    /// Who it is, 0 to 7, by the votes of many packets; None if too few agree, or recognition is off.
    #[pyo3(get)]
    identity: Option<Id>,
}

impl From<&mlsensor::behavior::Track> for Track {
    fn from(track: &mlsensor::behavior::Track) -> Track {
        Track {
            id: track.id().get(),
            face: Face(*track.face()),
            bounds: Bounds(track.bounds()),
            direction: Direction(track.direction()),
            velocity: Velocity::from(track.velocity()),
            first_seen: Seconds(track.first_seen()),
            last_seen: Seconds(track.last_seen()),
            is_seen: track.is_seen(),
            identity: track.identity().map(Id),
        }
    }
}

value!(Track [
    "id", "face", "bounds", "direction", "velocity", "first_seen", "last_seen", "is_seen", "identity"
] {
    #[new]
    #[pyo3(signature = (
        id, face, bounds, direction, velocity, first_seen, last_seen, is_seen = true, identity = None
    ))]
    #[allow(clippy::too_many_arguments, reason = "the fields of a value, as pickle hands them back")]
    fn new(
        id: Whole<u16>,
        face: Face,
        bounds: Bounds,
        direction: Direction,
        velocity: Velocity,
        first_seen: Seconds,
        last_seen: Seconds,
        is_seen: bool,
        identity: Option<Id>,
    ) -> Track {
        Track { id: id.0, face, bounds, direction, velocity, first_seen, last_seen, is_seen, identity }
    }

    /// Whether the head pointed at the sensor when it was last seen. This flickers: `Attention` does
    /// not.
    #[getter]
    fn is_facing(&self) -> bool {
        self.face.0.is_facing()
    }

    /// How long before `now` it was first seen, in seconds; 0 for what lies ahead.
    fn age(&self, now: Seconds) -> Seconds {
        Seconds(now.0.saturating_sub(self.first_seen.0))
    }
});
