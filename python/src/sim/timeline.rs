//! A scripted scene over virtual time.

use std::time::Duration;

use mlsensor::Command;
use mlsensor_sim::{Event, KeyPoint, Timeline, Walk};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::person::PyPerson;
use super::range::height_mm;
use super::scene::person_of;
use crate::errors;
use crate::time::Seconds;

/// A scripted scene over virtual time: who walks where, and what happens to the sensor.
///
/// A walk is a list of moments and people: ``[(0.0, Person(4.0)), (6.0, Person(1.0))]``. Between two of them somebody goes in
/// a straight line, and nobody is there before the first and after the last.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, eq, from_py_object, name = "Timeline", module = "mlsensor.sim")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PyTimeline(pub(super) Timeline);

fn key_point(point: &Bound<'_, PyAny>) -> PyResult<KeyPoint> {
    let (Seconds(at), person): (Seconds, Bound<'_, PyAny>) = point.extract()?;
    Ok(KeyPoint::new(at, person_of(&person)?.person()))
}

fn walk(points: &Bound<'_, PyAny>) -> PyResult<Walk> {
    let points: Vec<KeyPoint> =
        points.try_iter()?.map(|point| key_point(&point?)).collect::<PyResult<_>>()?;
    if points.is_empty() {
        return Err(errors::config("a walk without a point", "a walk needs at least one moment and person"));
    }
    Ok(Walk::new(points))
}

impl PyTimeline {
    fn with(&self, Seconds(at): Seconds, event: Event) -> PyTimeline {
        PyTimeline(self.0.clone().with_event(at, event))
    }

    pub(super) fn at(&self, now: Duration) -> impl Iterator<Item = PyPerson> + '_ {
        self.0.people(now).map(PyPerson::of)
    }
}

#[pymethods]
impl PyTimeline {
    #[new]
    #[pyo3(signature = (walks, *, sensor_height_m = None))]
    fn new(walks: &Bound<'_, PyAny>, sensor_height_m: Option<f64>) -> PyResult<PyTimeline> {
        let walks: Vec<Walk> = walks.try_iter()?.map(|points| walk(&points?)).collect::<PyResult<_>>()?;
        let mut timeline = Timeline::new(walks);
        if let Some(height) = sensor_height_m {
            timeline.sensor_height_mm = height_mm("sensor_height_m", height)?;
        }
        Ok(PyTimeline(timeline))
    }

    /// The height of the sensor over the floor, in metres.
    #[getter]
    fn sensor_height_m(&self) -> f64 {
        f64::from(self.0.sensor_height_mm) / 1000.0
    }

    /// Who is there at a moment, in seconds from its start.
    fn people<'py>(&self, py: Python<'py>, at: Seconds) -> PyResult<Bound<'py, PyTuple>> {
        let people: Vec<PyPerson> = self.at(at.0).collect();
        PyTuple::new(py, people)
    }

    /// The same, and a register of the sensor is written at this moment, as if over the bus.
    fn with_write(&self, at: Seconds, register: u8, value: u8) -> PyResult<PyTimeline> {
        let command = Command::parse([register, value]).map_err(|error| {
            errors::config(&error.to_string(), "a command is a register, 1 to 7, and its value")
        })?;
        Ok(self.with(at, Event::Command(command)))
    }

    /// The same, and the sensor loses its power at this moment.
    fn with_power_off(&self, at: Seconds) -> PyTimeline {
        self.with(at, Event::PowerOff)
    }

    /// The same, and the sensor gets power at this moment.
    fn with_power_on(&self, at: Seconds) -> PyTimeline {
        self.with(at, Event::PowerOn)
    }

    fn __repr__(&self) -> String {
        let walks = self.0.walks.len();
        format!("<Timeline of {walks} {}>", if walks == 1 { "walk" } else { "walks" })
    }
}
