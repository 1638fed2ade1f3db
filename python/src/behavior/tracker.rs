//! Stable numbers for faces.

use mlsensor::behavior::{Outcome, TrackerConfig};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMappingProxy, PyTuple, PyType};

use super::direction::{Direction, View};
use super::gate::Gate;
use super::lock::Locked;
use super::number::Whole;
use super::settings::{preset, settings, shown, written};
use super::track::Track;
use crate::enums::Member;
use crate::time::Seconds;
use crate::values::Faces;

settings!(TrackerConfig {
    birth_after: Seconds,
    tolerated_gap: Seconds,
    death_after: Seconds,
    stale_after: Seconds,
    gate: Gate,
});

const D: TrackerConfig = TrackerConfig::DEFAULT;

/// Follows up to eight people through the packets, of which each holds up to four faces, and gives each a
/// number that stays.
///
/// All times in seconds, not below 0; `ConfigError` otherwise.
///
/// * `birth_after` (0.4): how long a face must have been seen to be a track. Four different packets it takes
///   in any case.
/// * `tolerated_gap` (0.3): the longest gap between two sightings of a face that is no track yet.
/// * `death_after` (1.5): how long a track lives without a sighting.
/// * `stale_after` (1.5): after this long without a reading nothing is known. More than twice the time
///   between readings.
/// * `gate`: which faces count. All, unless changed.
///
/// Threads: any number may use it; each call is whole.
#[pyclass(frozen, module = "mlsensor.behavior")]
pub(crate) struct Tracker(Locked<mlsensor::behavior::Tracker>);

impl Tracker {
    /// Lends what it knows, for a moment.
    pub(super) fn lent<R>(&self, py: Python<'_>, take: impl FnOnce(&mlsensor::behavior::Tracker) -> R) -> R {
        self.0.with(py, |tracker| take(tracker))
    }

    fn found(&self, py: Python<'_>, id: Whole<u16>) -> Option<mlsensor::behavior::Track> {
        self.lent(py, |tracker| tracker.tracks().find(|track| track.id().get() == id.0).copied())
    }
}

#[pymethods]
impl Tracker {
    /// The settings that it has unless they are changed.
    #[classattr]
    #[pyo3(name = "DEFAULTS")]
    fn defaults(py: Python<'_>) -> PyResult<Bound<'_, PyMappingProxy>> {
        shown(py, &TrackerConfig::DEFAULT)
    }

    /// The settings for a sensor that runs recognition, whose inferences take up to 0.265 s.
    #[classattr]
    #[pyo3(name = "WITH_RECOGNITION")]
    fn recognition(py: Python<'_>) -> PyResult<Bound<'_, PyMappingProxy>> {
        shown(py, &TrackerConfig::WITH_RECOGNITION)
    }

    /// For a sensor that runs recognition: with the settings `WITH_RECOGNITION`, but for the changes.
    #[classmethod]
    #[pyo3(signature = (**changes))]
    fn with_recognition<'py>(
        class: &Bound<'py, PyType>,
        changes: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        preset(class, &TrackerConfig::WITH_RECOGNITION, changes)
    }

    #[new]
    #[pyo3(
        signature = (
            *,
            birth_after = Seconds(D.birth_after),
            tolerated_gap = Seconds(D.tolerated_gap),
            death_after = Seconds(D.death_after),
            stale_after = Seconds(D.stale_after),
            gate = Gate::from(D.gate)
        ),
        text_signature = "(*, birth_after=0.4, tolerated_gap=0.3, death_after=1.5, stale_after=1.5, gate=...)"
    )]
    fn new(
        birth_after: Seconds,
        tolerated_gap: Seconds,
        death_after: Seconds,
        stale_after: Seconds,
        gate: Gate,
    ) -> Tracker {
        let config = D
            .with_birth_after(birth_after.0)
            .with_tolerated_gap(tolerated_gap.0)
            .with_death_after(death_after.0)
            .with_stale_after(stale_after.0)
            .with_gate(gate.into());
        Tracker(Locked::new(mlsensor::behavior::Tracker::new(config)))
    }

    /// Takes a reading of a sensor that stands still, or None if there is none: never "nobody".
    ///
    /// `now` is when the reading was made, in seconds since any fixed moment. A clock that is set back takes
    /// the past along.
    #[pyo3(signature = (now, faces))]
    fn update(&self, py: Python<'_>, now: Seconds, faces: Option<&Faces>) {
        let reading = faces.map(|faces| &faces.0);
        self.0.with(py, |tracker| tracker.update(now.0, reading));
    }

    /// Takes a reading of a sensor that rides on a pan/tilt, or None.
    ///
    /// `view` is where it looked when the picture was taken, some 0.2 s before it can be read: `Aim.view`
    /// remembers that.
    #[pyo3(signature = (now, view, faces))]
    fn update_from(&self, py: Python<'_>, now: Seconds, view: View, faces: Option<&Faces>) {
        let reading = faces.map(|faces| &faces.0);
        self.0.with(py, |tracker| tracker.update_from(now.0, view.0, reading));
    }

    /// The tracks as of the latest update, 8 at most. Their order means nothing.
    #[getter]
    fn tracks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let tracks: Vec<Track> = self.lent(py, |tracker| tracker.tracks().map(Track::from).collect());
        PyTuple::new(py, tracks)
    }

    /// The track with this number, or None if it has ended.
    fn get(&self, py: Python<'_>, id: Whole<u16>) -> Option<Track> {
        self.found(py, id).as_ref().map(Track::from)
    }

    /// In which direction the track with this number is at a moment, if it goes on as it moved: for half a
    /// second at most.
    ///
    /// None if the track has ended.
    fn direction_at(&self, py: Python<'_>, id: Whole<u16>, now: Seconds) -> Option<Direction> {
        self.found(py, id).map(|track| Direction(track.direction_at(now.0)))
    }

    /// Whether there is a track, as of the latest update: present, absent or unknown.
    #[getter]
    fn outcome(&self, py: Python<'_>) -> Member<Outcome> {
        Member(self.lent(py, |tracker| tracker.outcome()))
    }

    /// When the last reading came that was not a repetition of the one before it, in seconds; None if
    /// none did.
    #[getter]
    fn last_reading(&self, py: Python<'_>) -> Option<Seconds> {
        self.lent(py, |tracker| tracker.last_reading()).map(Seconds)
    }

    /// When the last reading came, repetition or not, in seconds; None if none did.
    #[getter]
    fn last_heard(&self, py: Python<'_>) -> Option<Seconds> {
        self.lent(py, |tracker| tracker.last_heard()).map(Seconds)
    }

    /// The settings it was made with, by their keywords.
    #[getter]
    fn config<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
        shown(py, &self.lent(py, |tracker| *tracker.config()))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (config, outcome) = self.lent(py, |tracker| (*tracker.config(), tracker.outcome()));
        Ok(format!("<Tracker({}): {outcome}>", written(py, &config)?))
    }
}
