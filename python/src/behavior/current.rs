//! What the sensor may draw on average: an estimate.

use mlsensor::behavior as driver;
use pyo3::prelude::*;
use pyo3::types::PyMappingProxy;

use super::enroll_outcome::unknown;
use super::number::Whole;
use super::settings::{settings, shown};
use super::value::value;
use crate::time::Seconds;

settings!(driver::CurrentFigures { active_ua: Whole<u32>, standby_ua: Option<u32>, shot: Seconds });

const PUBLISHED: driver::CurrentFigures = driver::CurrentFigures::PUBLISHED;

/// What the sensor draws. As it is, the published figures: measure yours if it matters. A frozen value.
///
/// * `active_ua` (40000): while it captures and infers, in microamperes.
/// * `standby_ua` (None): in standby, in microamperes. None: nobody has published it.
/// * `shot` (0.14): how long a single shot draws the active current, in seconds.
///
/// Raises `ConfigError` for what is out of its range.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, from_py_object, module = "mlsensor.behavior")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct CurrentFigures(pub(super) driver::CurrentFigures);

impl CurrentFigures {
    pub(super) const PUBLISHED: CurrentFigures = CurrentFigures(PUBLISHED);
}

value!(CurrentFigures ["active_ua", "standby_ua", "shot"] {
    /// The published figures.
    #[classattr]
    #[pyo3(name = "DEFAULTS")]
    fn defaults(py: Python<'_>) -> PyResult<Bound<'_, PyMappingProxy>> {
        shown(py, &PUBLISHED)
    }

    #[new]
    #[pyo3(
        signature = (
            active_ua = Whole(PUBLISHED.active_ua),
            standby_ua = PUBLISHED.standby_ua.map(Whole),
            shot = Seconds(PUBLISHED.shot)
        ),
        text_signature = "(active_ua=40000, standby_ua=None, shot=0.14)"
    )]
    fn new(active_ua: Whole<u32>, standby_ua: Option<Whole<u32>>, shot: Seconds) -> CurrentFigures {
        let figures = PUBLISHED.with_active_ua(active_ua.0).with_shot(shot.0);
        CurrentFigures(standby_ua.map_or(figures, |standby| figures.with_standby_ua(standby.0)))
    }

    /// While it captures and infers, in microamperes.
    #[getter]
    fn active_ua(&self) -> u32 {
        self.0.active_ua
    }

    /// In standby, in microamperes; None if it is not known.
    #[getter]
    fn standby_ua(&self) -> Option<u32> {
        self.0.standby_ua
    }

    /// How long a single shot draws the active current, in seconds.
    #[getter]
    fn shot(&self) -> Seconds {
        Seconds(self.0.shot)
    }
});

/// An estimate of the average current. A frozen value; `str(estimate)` says that it is one.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, module = "mlsensor.behavior")]
#[derive(Debug, Clone)]
pub(crate) struct CurrentEstimate {
    /// The average, in microamperes.
    #[pyo3(get)]
    average_ua: Whole<u32>,
    /// Whether the current in standby is left out, because it is not known.
    #[pyo3(get)]
    is_lower_bound: bool,
    /// The share of the time in which the sensor captured and inferred, in permille.
    #[pyo3(get)]
    active_permille: Whole<u16>,
}

impl From<driver::CurrentEstimate> for CurrentEstimate {
    fn from(estimate: driver::CurrentEstimate) -> CurrentEstimate {
        CurrentEstimate {
            average_ua: Whole(estimate.average_ua),
            is_lower_bound: estimate.is_lower_bound,
            active_permille: Whole(estimate.active_permille),
        }
    }
}

value!(CurrentEstimate ["average_ua", "is_lower_bound", "active_permille"] {
    #[new]
    fn new(average_ua: Whole<u32>, is_lower_bound: bool, active_permille: Whole<u16>) -> CurrentEstimate {
        CurrentEstimate { average_ua, is_lower_bound, active_permille }
    }

    fn __str__(&self) -> PyResult<String> {
        // Only the driver can make one, and it reads what it writes.
        let plain = serde_json::json!({
            "average_ua": self.average_ua.0,
            "is_lower_bound": self.is_lower_bound,
            "active_permille": self.active_permille.0,
        });
        let estimate: Result<driver::CurrentEstimate, _> = serde_json::from_value(plain);
        estimate.map(|estimate| estimate.to_string()).map_err(|error| unknown(&error))
    }
});
