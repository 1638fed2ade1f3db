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

/// What came of reading a sensor: faces, or why there are none.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, module = "mlsensor")]
pub(crate) struct Update {
    pub(super) update: supervisor::Update,
    /// What went wrong last, as the bus has it.
    pub(super) trouble: Option<Error<AnyI2cError>>,
    /// The name of the source.
    pub(super) name: String,
}

#[pymethods]
impl Update {
    #[classattr]
    const fn __match_args__() -> (&'static str, &'static str) {
        ("state", "faces")
    }

    /// Whether the sensor is live, stale or absent.
    #[getter]
    fn state(&self) -> Member<State> {
        Member(self.update.state())
    }

    /// When this was read or found, in seconds of the source.
    #[getter]
    fn at(&self) -> f64 {
        use supervisor::Update::{Absent, Live, Missed, Stale};
        seconds(match &self.update {
            Live(reading) => reading.at(),
            Missed(outage) | Stale(outage) | Absent(outage) => outage.at,
        })
    }

    /// The faces of a reading; `None` if there is none, which is not "nobody".
    #[getter]
    fn faces(&self) -> Option<Faces> {
        self.update.faces().copied().map(Faces::from)
    }

    /// The reading, if this is one.
    #[getter]
    fn reading(&self) -> Option<Reading> {
        self.update.reading().copied().map(Reading)
    }

    /// What went wrong last, if something did: it is not raised.
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
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, module = "mlsensor")]
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
    #[classattr]
    const fn __match_args__() -> (&'static str, &'static str) {
        ("faces", "at")
    }

    /// The faces.
    #[getter]
    fn faces(&self) -> Faces {
        Faces::from(*self.0.faces())
    }

    /// When the read began, in seconds of the source.
    #[getter]
    fn at(&self) -> f64 {
        seconds(self.0.at())
    }

    /// How many seconds before this was handed out the read began. What the sensor itself needs comes on top.
    #[getter]
    fn age(&self) -> f64 {
        seconds(self.0.age())
    }

    /// Whether it is of an inference that was not read before, surely or most likely.
    #[getter]
    fn is_fresh(&self) -> bool {
        self.0.is_fresh()
    }

    /// The same, and how sure that is.
    #[getter]
    fn freshness(&self) -> Member<mlsensor::behavior::Freshness> {
        Member(self.0.freshness())
    }

    /// When the sensor had the result, in seconds of the source, as well as that is known.
    #[getter]
    fn published(&self) -> Option<f64> {
        self.0.published().map(seconds)
    }

    /// Whether the same faces, to the bit, have been there for suspiciously long.
    #[getter]
    fn is_frozen(&self) -> bool {
        self.0.is_frozen()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<{}>", self.text(py)?))
    }
}
