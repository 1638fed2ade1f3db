//! Somebody has faced the sensor for a while.

use mlsensor::behavior::{AttentionConfig, Outcome};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMappingProxy, PyType};

use super::lock::Locked;
use super::look::Look;
use super::settings::{preset, settings, shown, written};
use super::tracker::Tracker;
use super::value::value;
use crate::enums::Member;
use crate::time::Seconds;

/// A look begins, or is over: `Began`, `Ended` or `Lost`. A frozen value.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, module = "mlsensor.behavior")]
#[derive(Debug, Clone)]
pub(crate) enum AttentionEvent {
    /// Somebody has faced the sensor for long enough: this look begins.
    Began {
        /// Who looks, and from where.
        look: Look,
    },
    /// They have turned away, or gone: `look.last_faced` says when.
    Ended {
        /// Who looked, and from where.
        look: Look,
    },
    /// There were no more readings while somebody looked: whether they still do is not known.
    Lost {
        /// Who looked, and from where.
        look: Look,
    },
}

impl From<mlsensor::behavior::AttentionEvent> for AttentionEvent {
    fn from(event: mlsensor::behavior::AttentionEvent) -> AttentionEvent {
        use mlsensor::behavior::AttentionEvent as Driver;
        match event {
            Driver::Began(look) => AttentionEvent::Began { look: Look::from(look) },
            Driver::Ended(look) => AttentionEvent::Ended { look: Look::from(look) },
            Driver::Lost(look) => AttentionEvent::Lost { look: Look::from(look) },
        }
    }
}

value!(enum AttentionEvent ["Began", "Ended", "Lost"] {
    /// The outcome from this event on.
    #[getter]
    fn outcome(&self) -> Member<Outcome> {
        Member(match self {
            AttentionEvent::Began { .. } => Outcome::Present,
            AttentionEvent::Ended { .. } => Outcome::Absent,
            AttentionEvent::Lost { .. } => Outcome::Unknown,
        })
    }
});

settings!(AttentionConfig {
    hold: Seconds,
    flicker: Seconds,
    release: Seconds,
    rearm: Seconds,
    stale_after: Seconds
});

const D: AttentionConfig = AttentionConfig::DEFAULT;

/// Tells when somebody has faced the sensor for long enough, who, and when that is over. It goes by a
/// `Tracker`.
///
/// All times in seconds, not below 0; `ConfigError` otherwise.
///
/// * `hold` (0.6): how long somebody must face the sensor.
/// * `flicker` (0.3): while that time runs, the longest gap between two packets in which the same person
///   faces it.
/// * `release` (2): not faced for this long, the look is over.
/// * `rearm` (0): how long after the end of a look nobody can begin another one.
/// * `stale_after` (1.5): after this long without a reading nothing is known. More than twice the time
///   between readings.
///
/// Threads: any number may use it; each call is whole.
#[pyclass(frozen, module = "mlsensor.behavior")]
pub(crate) struct Attention(Locked<mlsensor::behavior::Attention>);

#[pymethods]
impl Attention {
    /// The settings that it has unless they are changed.
    #[classattr]
    #[pyo3(name = "DEFAULTS")]
    fn defaults(py: Python<'_>) -> PyResult<Bound<'_, PyMappingProxy>> {
        shown(py, &AttentionConfig::DEFAULT)
    }

    /// The settings for a sensor that runs recognition, whose inferences take up to 0.265 s.
    #[classattr]
    #[pyo3(name = "WITH_RECOGNITION")]
    fn recognition(py: Python<'_>) -> PyResult<Bound<'_, PyMappingProxy>> {
        shown(py, &AttentionConfig::WITH_RECOGNITION)
    }

    /// For a sensor that runs recognition: with the settings `WITH_RECOGNITION`, but for the changes.
    #[classmethod]
    #[pyo3(signature = (**changes))]
    fn with_recognition<'py>(
        class: &Bound<'py, PyType>,
        changes: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        preset(class, &AttentionConfig::WITH_RECOGNITION, changes)
    }

    #[new]
    #[pyo3(
        signature = (
            *,
            hold = Seconds(D.hold),
            flicker = Seconds(D.flicker),
            release = Seconds(D.release),
            rearm = Seconds(D.rearm),
            stale_after = Seconds(D.stale_after)
        ),
        text_signature = "(*, hold=0.6, flicker=0.3, release=2.0, rearm=0.0, stale_after=1.5)"
    )]
    fn new(
        hold: Seconds,
        flicker: Seconds,
        release: Seconds,
        rearm: Seconds,
        stale_after: Seconds,
    ) -> Attention {
        let config = D
            .with_hold(hold.0)
            .with_flicker(flicker.0)
            .with_release(release.0)
            .with_rearm(rearm.0)
            .with_stale_after(stale_after.0);
        Attention(Locked::new(mlsensor::behavior::Attention::new(config)))
    }

    /// Takes what the tracker has concluded, after its update, at the same `now` (seconds).
    ///
    /// Gives whether a look begins or is over, or None if nothing is new.
    fn update(&self, py: Python<'_>, now: Seconds, tracker: &Tracker) -> Option<AttentionEvent> {
        let event = self.0.with(py, |attention| tracker.lent(py, |tracker| attention.update(now.0, tracker)));
        event.map(AttentionEvent::from)
    }

    /// Whether somebody has the attention, as of the latest update: present, absent or unknown.
    #[getter]
    fn outcome(&self, py: Python<'_>) -> Member<Outcome> {
        Member(self.0.with(py, |attention| attention.outcome()))
    }

    /// The look that lasts, or None.
    #[getter]
    fn look(&self, py: Python<'_>) -> Option<Look> {
        self.0.with(py, |attention| attention.look().copied()).map(Look::from)
    }

    /// The settings it was made with, by their keywords.
    #[getter]
    fn config<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
        shown(py, &self.0.with(py, |attention| *attention.config()))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (config, outcome) = self.0.with(py, |attention| (*attention.config(), attention.outcome()));
        Ok(format!("<Attention({}): {outcome}>", written(py, &config)?))
    }
}
