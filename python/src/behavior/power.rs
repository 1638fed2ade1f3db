//! To let the sensor sleep while nobody is there.

use mlsensor::behavior as driver;
use mlsensor::behavior::PowerConfig;
use pyo3::prelude::*;
use pyo3::types::PyMappingProxy;

use super::current::{CurrentEstimate, CurrentFigures};
use super::gate::Gate;
use super::lock::Locked;
use super::procedure::Step;
use super::settings::{settings, shown, written};
use crate::enums::Member;
use crate::time::Seconds;
use crate::values::Faces;

settings!(PowerConfig {
    period: Seconds,
    capture_wait: Seconds,
    read_every: Seconds,
    stay_awake: Seconds,
    glance: Seconds,
    confirm: Seconds,
    gate: Gate,
});

const D: PowerConfig = PowerConfig::DEFAULT;

/// The duty cycle of a sensor: single shots while nobody is there, continuous mode from a face until
/// nobody was seen for a while.
///
/// It says when the sensor is awake, and **not** whether somebody is there: feed another behaviour with its
/// readings. It does no I/O: ask `step(now)` what to do, do it, and report. It is never over.
///
/// All times in seconds, not below 0; `ConfigError` otherwise.
///
/// * `period` (2): from single shot to single shot while nobody is there.
/// * `capture_wait` (0.5): from the trigger of a shot to the read of its result.
/// * `read_every` (0.2): from reading to reading in continuous mode. At least 0.01 whatever is set.
/// * `stay_awake` (10): how long nobody must be seen before somebody who was there has left.
/// * `glance` (1): how long nobody must be seen before it was a false face.
/// * `confirm` (1.2): from the first sighting to a later one before it is no false face.
/// * `gate`: which faces count. All, unless changed.
///
/// Threads: any number may use it; each call is whole.
#[pyclass(frozen, module = "mlsensor.behavior")]
pub(crate) struct Power(Locked<driver::Power>);

#[pymethods]
impl Power {
    /// The settings that it has unless they are changed.
    #[classattr]
    #[pyo3(name = "DEFAULTS")]
    fn defaults(py: Python<'_>) -> PyResult<Bound<'_, PyMappingProxy>> {
        shown(py, &PowerConfig::DEFAULT)
    }

    #[new]
    #[pyo3(
        signature = (
            *,
            period = Seconds(D.period),
            capture_wait = Seconds(D.capture_wait),
            read_every = Seconds(D.read_every),
            stay_awake = Seconds(D.stay_awake),
            glance = Seconds(D.glance),
            confirm = Seconds(D.confirm),
            gate = Gate::from(D.gate)
        ),
        text_signature = "(*, period=2.0, capture_wait=0.5, read_every=0.2, stay_awake=10.0, \
            glance=1.0, confirm=1.2, gate=...)"
    )]
    fn new(
        period: Seconds,
        capture_wait: Seconds,
        read_every: Seconds,
        stay_awake: Seconds,
        glance: Seconds,
        confirm: Seconds,
        gate: Gate,
    ) -> Power {
        let config = D
            .with_period(period.0)
            .with_capture_wait(capture_wait.0)
            .with_read_every(read_every.0)
            .with_stay_awake(stay_awake.0)
            .with_glance(glance.0, confirm.0)
            .with_gate(gate.into());
        Power(Locked::new(driver::Power::new(config)))
    }

    /// What to do at `now`, in seconds since any fixed moment: send, read or wait.
    fn step(&self, py: Python<'_>, now: Seconds) -> Step {
        self.0.with(py, |power| power.step(now.0)).into()
    }

    /// The command of the latest `Step.Send` was sent, or that failed.
    ///
    /// A command that failed is sent again with the next cycle, or the next reading.
    fn sent(&self, py: Python<'_>, now: Seconds, was_ok: bool) {
        self.0.with(py, |power| power.sent(now.0, was_ok));
    }

    /// A read was done, or it failed: then `faces` is None, never "nobody". Readings that were not
    /// asked for are ignored.
    #[pyo3(signature = (now, faces))]
    fn update(&self, py: Python<'_>, now: Seconds, faces: Option<&Faces>) {
        let reading = faces.map(|faces| &faces.0);
        self.0.with(py, |power| power.update(now.0, reading));
    }

    /// Whether a face has woken the sensor. It says nothing about who is there: a false face wakes it
    /// too.
    #[getter]
    fn is_awake(&self, py: Python<'_>) -> bool {
        self.0.with(py, |power| power.is_awake())
    }

    /// The mode in which the sensor should be now: for the `Config` of one that came back.
    #[getter]
    fn mode(&self, py: Python<'_>) -> Member<mlsensor::Mode> {
        Member(self.0.with(py, |power| power.mode()))
    }

    /// How many single shots were triggered.
    #[getter]
    fn shots(&self, py: Python<'_>) -> u32 {
        self.0.with(py, |power| power.shots())
    }

    /// The average current up to the latest call of `step`, `sent` or `update`: an estimate, from
    /// figures that are published unless you give your own.
    #[pyo3(signature = (figures = CurrentFigures::PUBLISHED), text_signature = "($self, figures=...)")]
    fn estimate(&self, py: Python<'_>, figures: CurrentFigures) -> CurrentEstimate {
        self.0.with(py, |power| power.estimate(&figures.0)).into()
    }

    /// The average current in a room in which nobody ever is, with these settings: for planning. An
    /// estimate.
    #[pyo3(signature = (figures = CurrentFigures::PUBLISHED), text_signature = "($self, figures=...)")]
    fn estimate_empty_room(&self, py: Python<'_>, figures: CurrentFigures) -> CurrentEstimate {
        self.0.with(py, |power| power.config().estimate_empty_room(&figures.0)).into()
    }

    /// The settings it was made with, by their keywords.
    #[getter]
    fn config<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
        shown(py, &self.0.with(py, |power| *power.config()))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (config, is_awake) = self.0.with(py, |power| (*power.config(), power.is_awake()));
        let state = if is_awake { "awake" } else { "asleep" };
        Ok(format!("<Power({}): {state}>", written(py, &config)?))
    }
}
