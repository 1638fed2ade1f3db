//! When to read next.

use mlsensor::behavior::{CadenceConfig, Freshness, Lock};
use pyo3::prelude::*;
use pyo3::types::PyMappingProxy;

use super::lock::Locked;
use super::settings::{settings, shown, written};
use crate::enums::Member;
use crate::time::Seconds;
use crate::values::Faces;

settings!(CadenceConfig {
    fastest: Seconds,
    slowest: Seconds,
    unlearned: Seconds,
    search_step: Seconds,
    least_gap: Seconds,
});

const D: CadenceConfig = CadenceConfig::DEFAULT;

/// Finds out when the sensor publishes its results, and says when to read: so that each inference is read
/// once, and soon.
///
/// All times in seconds, not below 0; `ConfigError` otherwise. What contradicts each other is brought into
/// its range.
///
/// * `fastest` (0.04): the shortest period that a sensor may have, 0.008 to 5.
/// * `slowest` (0.5): the longest period that a sensor may have, `fastest` to 10; also the longest that two
///   reads are ever apart.
/// * `unlearned` (0.14): how far reads are apart as long as no period is known.
/// * `search_step` (0.01): how far reads are apart while the period is searched, `least_gap` to `fastest`.
/// * `least_gap` (0.005): the least time from the start of a read to the start of the next, 0.001 to
///   `fastest`.
///
/// Threads: any number may use it; each call is whole.
#[pyclass(frozen, module = "mlsensor.behavior")]
pub(crate) struct Cadence {
    config: CadenceConfig,
    cadence: Locked<mlsensor::behavior::Cadence>,
}

#[pymethods]
impl Cadence {
    /// The settings that it has unless they are changed.
    #[classattr]
    #[pyo3(name = "DEFAULTS")]
    fn defaults(py: Python<'_>) -> PyResult<Bound<'_, PyMappingProxy>> {
        shown(py, &CadenceConfig::DEFAULT)
    }

    #[new]
    #[pyo3(
        signature = (
            *,
            fastest = Seconds(D.fastest),
            slowest = Seconds(D.slowest),
            unlearned = Seconds(D.unlearned),
            search_step = Seconds(D.search_step),
            least_gap = Seconds(D.least_gap)
        ),
        text_signature = "(*, fastest=0.04, slowest=0.5, unlearned=0.14, search_step=0.01, least_gap=0.005)"
    )]
    fn new(
        fastest: Seconds,
        slowest: Seconds,
        unlearned: Seconds,
        search_step: Seconds,
        least_gap: Seconds,
    ) -> Cadence {
        let config = D
            .with_fastest(fastest.0)
            .with_slowest(slowest.0)
            .with_unlearned(unlearned.0)
            .with_search_step(search_step.0)
            .with_least_gap(least_gap.0);
        Cadence { config, cadence: Locked::new(mlsensor::behavior::Cadence::new(config)) }
    }

    /// A read is done: it *started* at `now`, in seconds since any fixed moment, and gave these faces, or
    /// None.
    ///
    /// Gives whether it is of a new inference. The clock is one that is never set.
    #[pyo3(signature = (now, faces))]
    fn read_done(&self, py: Python<'_>, now: Seconds, faces: Option<&Faces>) -> Member<Freshness> {
        let reading = faces.map(|faces| &faces.0);
        Member(self.cadence.with(py, |cadence| cadence.read_done(now.0, reading)))
    }

    /// The level of the presence pin changed at `now`: a result was published just then.
    ///
    /// An edge within `least_gap` of the one before is taken for bouncing, and what an edge says is learned
    /// when the read that follows it finds something new. If again and again it does not, edges are hardly
    /// heeded.
    ///
    /// A line that may be left open needs a resistor that pulls it down: else it picks up the mains.
    fn pin_changed(&self, py: Python<'_>, now: Seconds) {
        self.cadence.with(py, |cadence| cadence.pin_changed(now.0));
    }

    /// The time at which to read next, in seconds; now or before now means at once.
    #[getter]
    fn next_read(&self, py: Python<'_>) -> Seconds {
        Seconds(self.cadence.with(py, |cadence| cadence.next_read()))
    }

    /// The period of the results in seconds, or None until it is known.
    #[getter]
    fn period(&self, py: Python<'_>) -> Option<Seconds> {
        self.cadence.with(py, |cadence| cadence.period()).map(Seconds)
    }

    /// When the latest result that was read, or announced by the pin, became readable, as well as that is
    /// known.
    ///
    /// In seconds; None before the first change.
    #[getter]
    fn published(&self, py: Python<'_>) -> Option<Seconds> {
        self.cadence.with(py, |cadence| cadence.published()).map(Seconds)
    }

    /// How well the cadence is known.
    #[getter]
    fn lock(&self, py: Python<'_>) -> Member<Lock> {
        Member(self.cadence.with(py, |cadence| cadence.lock()))
    }

    /// The settings it was made with, by their keywords.
    #[getter]
    fn config<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
        shown(py, &self.config)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let lock = self.cadence.with(py, |cadence| cadence.lock());
        Ok(format!("<Cadence({}): {lock}>", written(py, &self.config)?))
    }
}
