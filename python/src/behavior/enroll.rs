//! To label somebody with an id, and to know that it worked.

use mlsensor::behavior::{EnrollConfig, Step as Driver};
use pyo3::prelude::*;
use pyo3::types::PyMappingProxy;

use super::enroll_outcome::{EnrollProgress, Enrolled, GaveUp};
use super::gate::Gate;
use super::lock::Locked;
use super::number::{Id, Whole};
use super::procedure::Step;
use super::settings::{settings, shown, written};
use crate::time::Seconds;
use crate::values::Faces;

settings!(EnrollConfig {
    settle: Seconds,
    label_wait: Seconds,
    read_every: Seconds,
    count_every: Seconds,
    verify_packets: Whole<u8>,
    verify_needed: Whole<u8>,
    verify_others: Whole<u8>,
    attempts: Whole<u8>,
    guide_timeout: Seconds,
    away: Seconds,
    longest_pause: Seconds,
    longest_silence: Seconds,
    stillness_percent: Whole<u8>,
    gate: Gate,
    relabel: bool,
});

const D: EnrollConfig = EnrollConfig::DEFAULT;

/// The procedure that gives one id, 0 to 7, to the one person in front of the sensor, and makes sure of
/// it.
///
/// It does no I/O: ask `step(now)` what to do, do it, and report. It ends with `Step.Over(outcome)`, an
/// `Enrolled` or a `GaveUp`. The sensor is left in continuous mode with recognition on. Nobody else may
/// command it meanwhile. An id that somebody else holds is overwritten: the sensor cannot be asked whether it
/// is in use.
///
/// Times in seconds, not below 0; counts 0 to 255; `ConfigError` otherwise.
///
/// * `settle` (1): for how long one face must have been there, alone, facing and still, before a label is
///   sent.
/// * `label_wait` (1): how long a command takes to show in the readings, at the most.
/// * `read_every` (0.1): from reading to reading. At least 0.01 whatever is set.
/// * `count_every` (0.3): from one reading that is counted to the next: longer than an inference.
/// * `verify_packets` (6): how many readings are counted to find out who it is. At least 1 whatever is set.
/// * `verify_needed` (4): how many of these must say the id.
/// * `verify_others` (1): how many of these may say another id.
/// * `attempts` (3): how many labels are sent at the most. At least 1 whatever is set.
/// * `guide_timeout` (30): how long to guide the user to the right place, each time.
/// * `away` (2): after a label was sent, how long nobody may be in view before it is given up.
/// * `longest_pause` (0.5): the longest time from reading to reading. After a longer one, whoever is there
///   counts as somebody else.
/// * `longest_silence` (2): how long to go without a reading before it is given up.
/// * `stillness_percent` (50): how far a face that holds still may move, in percent of its width.
/// * `gate`: the least width and confidence. A width of 14 unless changed, about 1.4 m.
/// * `relabel` (False): whether to label somebody who is recognised as another id: that id would most likely
///   be lost.
///
/// Threads: any number may use it; each call is whole.
#[pyclass(frozen, module = "mlsensor.behavior")]
pub(crate) struct Enroll(Locked<mlsensor::behavior::Enroll>);

#[pymethods]
impl Enroll {
    /// The settings that it has unless they are changed.
    #[classattr]
    #[pyo3(name = "DEFAULTS")]
    fn defaults(py: Python<'_>) -> PyResult<Bound<'_, PyMappingProxy>> {
        shown(py, &EnrollConfig::DEFAULT)
    }

    #[new]
    #[pyo3(
        signature = (
            id,
            *,
            settle = Seconds(D.settle),
            label_wait = Seconds(D.label_wait),
            read_every = Seconds(D.read_every),
            count_every = Seconds(D.count_every),
            verify_packets = Whole(D.verify_packets),
            verify_needed = Whole(D.verify_needed),
            verify_others = Whole(D.verify_others),
            attempts = Whole(D.attempts),
            guide_timeout = Seconds(D.guide_timeout),
            away = Seconds(D.away),
            longest_pause = Seconds(D.longest_pause),
            longest_silence = Seconds(D.longest_silence),
            stillness_percent = Whole(D.stillness_percent),
            gate = Gate::from(D.gate),
            relabel = D.relabel
        ),
        text_signature = "(id, *, settle=1.0, label_wait=1.0, read_every=0.1, count_every=0.3, \
            verify_packets=6, verify_needed=4, verify_others=1, attempts=3, guide_timeout=30.0, \
            away=2.0, longest_pause=0.5, longest_silence=2.0, stillness_percent=50, gate=..., \
            relabel=False)"
    )]
    #[allow(clippy::too_many_arguments, reason = "keywords of Python, one a setting")]
    fn new(
        id: Id,
        settle: Seconds,
        label_wait: Seconds,
        read_every: Seconds,
        count_every: Seconds,
        verify_packets: Whole<u8>,
        verify_needed: Whole<u8>,
        verify_others: Whole<u8>,
        attempts: Whole<u8>,
        guide_timeout: Seconds,
        away: Seconds,
        longest_pause: Seconds,
        longest_silence: Seconds,
        stillness_percent: Whole<u8>,
        gate: Gate,
        relabel: bool,
    ) -> Enroll {
        let config = D
            .with_settle(settle.0)
            .with_label_wait(label_wait.0)
            .with_reading(read_every.0, count_every.0)
            .with_verification(verify_packets.0, verify_needed.0, verify_others.0)
            .with_attempts(attempts.0)
            .with_guide_timeout(guide_timeout.0)
            .with_away(away.0)
            .with_silence(longest_pause.0, longest_silence.0)
            .with_stillness_percent(stillness_percent.0)
            .with_gate(gate.into())
            .with_relabel(relabel);
        Enroll(Locked::new(mlsensor::behavior::Enroll::with_config(id.0, config)))
    }

    /// What to do at `now`, in seconds since any fixed moment. The first call begins the procedure.
    fn step(&self, py: Python<'_>, now: Seconds) -> PyResult<Step> {
        let step: Driver<_> = self.0.with(py, |enroll| enroll.step(now.0));
        Step::of(step, |outcome| match outcome {
            Ok(enrolled) => Ok(Py::new(py, Enrolled::from(enrolled))?.into_any()),
            Err(gave_up) => Ok(Py::new(py, GaveUp::try_from(gave_up)?)?.into_any()),
        })
    }

    /// The command of the latest `Step.Send` was sent, or that failed.
    fn sent(&self, py: Python<'_>, now: Seconds, was_ok: bool) {
        self.0.with(py, |enroll| enroll.sent(now.0, was_ok));
    }

    /// A read was done, or it failed: then `faces` is None, never "nobody".
    #[pyo3(signature = (now, faces))]
    fn update(&self, py: Python<'_>, now: Seconds, faces: Option<&Faces>) {
        let reading = faces.map(|faces| &faces.0);
        self.0.with(py, |enroll| enroll.update(now.0, reading));
    }

    /// What to tell the user now.
    #[getter]
    fn progress(&self, py: Python<'_>) -> PyResult<EnrollProgress> {
        self.0.with(py, |enroll| enroll.progress()).try_into()
    }

    /// The id that is given, 0 to 7.
    #[getter]
    fn id(&self, py: Python<'_>) -> Id {
        Id(self.0.with(py, |enroll| enroll.id()))
    }

    /// How long it can take at the most, in seconds that the caller lets pass.
    #[getter]
    fn longest(&self, py: Python<'_>) -> Seconds {
        Seconds(self.0.with(py, |enroll| enroll.config().longest()))
    }

    /// The settings it was made with, by their keywords.
    #[getter]
    fn config<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
        shown(py, &self.0.with(py, |enroll| *enroll.config()))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (id, config, progress) =
            self.0.with(py, |enroll| (enroll.id(), *enroll.config(), enroll.progress()));
        Ok(format!("<Enroll({id}, {}): {progress}>", written(py, &config)?))
    }
}
