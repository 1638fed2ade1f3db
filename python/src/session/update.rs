//! What a supervised sensor gives.

use mlsensor::Error;
use mlsensor_host::supervisor::{self, State};
use pyo3::prelude::*;

use super::bus::AnyI2cError;
use super::trouble;
use crate::enums::{Member, python_enum};
use crate::time::seconds;
use crate::values::Faces;

python_enum!(State: State { LIVE = Live, STALE = Stale, ABSENT = Absent });
python_enum!(Freshness: mlsensor::behavior::Freshness { NEW = New, PRESUMED = Presumed, REPEATED = Repeated, NO_READING = NoReading });

/// What a supervised sensor gives.
#[pyclass(frozen, module = "mlsensor._native")]
pub(crate) struct Update {
    pub(super) update: supervisor::Update,
    /// What went wrong last, as the bus has it.
    pub(super) trouble: Option<Error<AnyI2cError>>,
    /// The name of the source.
    pub(super) name: String,
}

#[pymethods]
impl Update {
    #[getter]
    fn state(&self) -> Member<State> {
        Member(self.update.state())
    }

    #[getter]
    fn at(&self) -> f64 {
        use supervisor::Update::{Absent, Live, Missed, Stale};
        seconds(match &self.update {
            Live(reading) => reading.at(),
            Missed(outage) | Stale(outage) | Absent(outage) => outage.at,
        })
    }

    #[getter]
    fn faces(&self) -> Option<Faces> {
        self.update.faces().copied().map(Faces::from)
    }

    #[getter]
    fn reading(&self) -> Option<Reading> {
        self.update.reading().copied().map(Reading)
    }

    #[getter]
    fn error(&self) -> Option<PyErr> {
        self.update.trouble()?;
        let error = self.trouble.as_ref()?;
        Some(match self.update.state() {
            State::Absent => trouble::absent(&self.name, error),
            _ => trouble::of_sensor(&self.name, error),
        })
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        if let Some(reading) = self.update.reading() {
            return Ok(format!("<{}>", Reading(*reading).text(py)?));
        }
        let trouble =
            self.update.trouble().map_or_else(|| "nothing is known".to_owned(), ToString::to_string);
        Ok(format!("<Update at {:.3} s, {}: {trouble}>", self.at(), self.update.state()))
    }
}

/// Faces, and how much they are worth.
#[pyclass(frozen, module = "mlsensor._native")]
#[derive(Clone, Copy)]
pub(crate) struct Reading(supervisor::Reading);

impl Reading {
    fn text(self, py: Python<'_>) -> PyResult<String> {
        let faces = Bound::new(py, self.faces())?.repr()?.to_string();
        let fresh = if self.is_fresh() { "fresh" } else { "read before" };
        Ok(format!("Reading at {:.3} s, {fresh}: {faces}", self.at()))
    }
}

#[pymethods]
impl Reading {
    #[getter]
    fn faces(&self) -> Faces {
        Faces::from(*self.0.faces())
    }

    #[getter]
    fn at(&self) -> f64 {
        seconds(self.0.at())
    }

    #[getter]
    fn age(&self) -> f64 {
        seconds(self.0.age())
    }

    #[getter]
    fn is_fresh(&self) -> bool {
        self.0.is_fresh()
    }

    #[getter]
    fn freshness(&self) -> Member<mlsensor::behavior::Freshness> {
        Member(self.0.freshness())
    }

    #[getter]
    fn published(&self) -> Option<f64> {
        self.0.published().map(seconds)
    }

    #[getter]
    fn is_frozen(&self) -> bool {
        self.0.is_frozen()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<{}>", self.text(py)?))
    }
}
