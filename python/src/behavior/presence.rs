//! Somebody is here, or nobody is.

use mlsensor::behavior::{Outcome, PresenceConfig};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMappingProxy, PyType};

use super::gate::Gate;
use super::lock::Locked;
use super::settings::{preset, settings, shown, written};
use super::value::value;
use crate::enums::Member;
use crate::time::Seconds;
use crate::values::Faces;

/// A change of what `Presence` concludes: `Arrived`, `Left` or `Lost`. A frozen value.
///
/// Times are those that `update` was given, in seconds.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, module = "mlsensor.behavior")]
#[derive(Debug, Clone)]
pub(crate) enum PresenceEvent {
    /// Somebody is here now.
    ///
    /// * `first_seen`: when the sensor first saw what became the arrival.
    /// * `was`: the outcome before. Absent: somebody came. Unknown: somebody is here, who may have been here
    ///   before; do not greet twice.
    Arrived {
        /// When the sensor first saw what became the arrival.
        first_seen: Seconds,
        /// The outcome before.
        was: Member<Outcome>,
    },
    /// Nobody is here now.
    ///
    /// * `last_seen`: when a face was last seen; None if never.
    /// * `was`: the outcome before. Unknown: nobody is here, and there may have been nobody before.
    Left {
        /// When a face was last seen, if ever.
        last_seen: Option<Seconds>,
        /// The outcome before.
        was: Member<Outcome>,
    },
    /// Nothing is known now: readings stay away.
    ///
    /// * `was`: the outcome before.
    Lost {
        /// The outcome before.
        was: Member<Outcome>,
    },
}

impl From<mlsensor::behavior::PresenceEvent> for PresenceEvent {
    fn from(event: mlsensor::behavior::PresenceEvent) -> PresenceEvent {
        use mlsensor::behavior::PresenceEvent as Driver;
        match event {
            Driver::Arrived { first_seen, was } => {
                PresenceEvent::Arrived { first_seen: Seconds(first_seen), was: Member(was) }
            }
            Driver::Left { last_seen, was } => {
                PresenceEvent::Left { last_seen: last_seen.map(Seconds), was: Member(was) }
            }
            Driver::Lost { was } => PresenceEvent::Lost { was: Member(was) },
        }
    }
}

impl PresenceEvent {
    fn driver(&self) -> mlsensor::behavior::PresenceEvent {
        use mlsensor::behavior::PresenceEvent as Driver;
        match self {
            PresenceEvent::Arrived { first_seen, was } => {
                Driver::Arrived { first_seen: first_seen.0, was: was.0 }
            }
            PresenceEvent::Left { last_seen, was } => {
                Driver::Left { last_seen: last_seen.map(|seen| seen.0), was: was.0 }
            }
            PresenceEvent::Lost { was } => Driver::Lost { was: was.0 },
        }
    }
}

value!(enum PresenceEvent [] {
    /// The outcome from this event on.
    #[getter]
    fn outcome(&self) -> Member<Outcome> {
        Member(self.driver().outcome())
    }
});

settings!(PresenceConfig {
    arrive_after: Seconds,
    leave_after: Seconds,
    tolerated_gap: Seconds,
    stale_after: Seconds,
    gate: Gate,
});

const D: PresenceConfig = PresenceConfig::DEFAULT;

/// Tells whether somebody is here.
///
/// All times in seconds, not below 0; `ConfigError` otherwise.
///
/// * `arrive_after` (0.6): a face is an arrival once it was seen for so long. 0.6 is longer than a burst of
///   three false faces.
/// * `leave_after` (2): nobody is here once readings saw no face for so long.
/// * `tolerated_gap` (0.3): an arrival goes on if a face that was missed is seen again so soon.
/// * `stale_after` (1.5): nothing is known once there was no reading for so long. More than twice the time
///   between readings.
/// * `gate`: which faces count. All, unless changed.
///
/// Threads: any number may use it; each call is whole.
#[pyclass(frozen, module = "mlsensor.behavior")]
pub(crate) struct Presence(Locked<mlsensor::behavior::Presence>);

#[pymethods]
impl Presence {
    /// The settings that it has unless they are changed.
    #[classattr]
    #[pyo3(name = "DEFAULTS")]
    fn defaults(py: Python<'_>) -> PyResult<Bound<'_, PyMappingProxy>> {
        shown(py, &PresenceConfig::DEFAULT)
    }

    /// The settings for a sensor that runs recognition, whose inferences take almost twice as long.
    #[classattr]
    #[pyo3(name = "WITH_RECOGNITION")]
    fn recognition(py: Python<'_>) -> PyResult<Bound<'_, PyMappingProxy>> {
        shown(py, &PresenceConfig::WITH_RECOGNITION)
    }

    /// For a sensor that runs recognition: with the settings `WITH_RECOGNITION`, but for the changes.
    #[classmethod]
    #[pyo3(signature = (**changes))]
    fn with_recognition<'py>(
        class: &Bound<'py, PyType>,
        changes: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        preset(class, &PresenceConfig::WITH_RECOGNITION, changes)
    }

    #[new]
    #[pyo3(
        signature = (
            *,
            arrive_after = Seconds(D.arrive_after),
            leave_after = Seconds(D.leave_after),
            tolerated_gap = Seconds(D.tolerated_gap),
            stale_after = Seconds(D.stale_after),
            gate = Gate::from(D.gate)
        ),
        text_signature = "(*, arrive_after=0.6, leave_after=2.0, tolerated_gap=0.3, stale_after=1.5, \
            gate=...)"
    )]
    fn new(
        arrive_after: Seconds,
        leave_after: Seconds,
        tolerated_gap: Seconds,
        stale_after: Seconds,
        gate: Gate,
    ) -> Presence {
        let config = D
            .with_arrive_after(arrive_after.0)
            .with_leave_after(leave_after.0)
            .with_tolerated_gap(tolerated_gap.0)
            .with_stale_after(stale_after.0)
            .with_gate(gate.into());
        Presence(Locked::new(mlsensor::behavior::Presence::new(config)))
    }

    /// Takes a reading, or None if there is none: a read failed, or time passes. None is never "nobody".
    ///
    /// `now` is when the reading was made, in seconds since any fixed moment. Time that goes backward counts
    /// as no time.
    ///
    /// Gives the change of the outcome, or None if it is as it was.
    #[pyo3(signature = (now, faces))]
    fn update(&self, py: Python<'_>, now: Seconds, faces: Option<&Faces>) -> Option<PresenceEvent> {
        let reading = faces.map(|faces| &faces.0);
        self.0.with(py, |presence| presence.update(now.0, reading)).map(PresenceEvent::from)
    }

    /// Whether somebody is here, as of the latest update: present, absent or unknown.
    #[getter]
    fn outcome(&self, py: Python<'_>) -> Member<Outcome> {
        Member(self.0.with(py, |presence| presence.outcome()))
    }

    /// The time of the update with which the outcome became what it is, in seconds; 0 before the first
    /// update.
    #[getter]
    fn since(&self, py: Python<'_>) -> Seconds {
        Seconds(self.0.with(py, |presence| presence.since()))
    }

    /// When a face that counts was last seen, a false one too, in seconds; None if never.
    #[getter]
    fn last_seen(&self, py: Python<'_>) -> Option<Seconds> {
        self.0.with(py, |presence| presence.last_seen()).map(Seconds)
    }

    /// The settings it was made with, by their keywords.
    #[getter]
    fn config<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
        shown(py, &self.0.with(py, |presence| *presence.config()))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (config, outcome) = self.0.with(py, |presence| (*presence.config(), presence.outcome()));
        Ok(format!("<Presence({}): {outcome}>", written(py, &config)?))
    }
}
