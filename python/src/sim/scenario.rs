//! Scripted scenes as files.

use std::path::PathBuf;

use mlsensor_host::Report;
use mlsensor_host::source::{quoted, scenario, shipped_scenarios};
use mlsensor_sim::{Scenario, digest};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::assumptions::PyAssumptions;
use super::detection::PyDetection;
use super::sensor::PySimSensor;
use super::timeline::PyTimeline;
use crate::errors;
use crate::time::{Seconds, seconds};

/// A scripted scene, with all that a run of it needs.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, eq, from_py_object, name = "Scenario", module = "mlsensor.sim")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PyScenario(Scenario);

#[pymethods]
impl PyScenario {
    /// The scenarios that come with the package: names, and the texts of their files.
    #[classattr]
    #[pyo3(name = "SHIPPED")]
    fn shipped(py: Python<'_>) -> PyResult<Py<PyAny>> {
        let texts = PyDict::new(py);
        for (name, text) in Scenario::SHIPPED {
            texts.set_item(name, text)?;
        }
        Ok(py.import("types")?.getattr("MappingProxyType")?.call1((texts,))?.unbind())
    }

    /// A scenario that comes with the package.
    #[staticmethod]
    fn named(name: &str) -> PyResult<PyScenario> {
        Scenario::named(name).map(PyScenario).ok_or_else(|| {
            errors::refused(Report {
                what: format!("there is no scenario {name:?} in this package"),
                likely: format!("the shipped scenarios are {}", shipped_scenarios()),
                run: "python3 -c 'from mlsensor.sim import Scenario; print(*Scenario.SHIPPED)'".to_owned(),
                code: "MLSENSOR-SCENARIO".to_owned(),
            })
        })
    }

    /// Reads a scenario file.
    #[staticmethod]
    fn from_file(py: Python<'_>, path: PathBuf) -> PyResult<PyScenario> {
        // A path is never the name of a scenario that comes with the package.
        let path = if path.components().count() == 1 { PathBuf::from(".").join(path) } else { path };
        let name = path.to_string_lossy().into_owned();
        py.detach(|| scenario(&name)).map(PyScenario).map_err(errors::refused)
    }

    /// Reads the text of a scenario file.
    #[staticmethod]
    fn parse(text: &str) -> PyResult<PyScenario> {
        Scenario::parse(text).map(PyScenario).map_err(|error| {
            let line = text.lines().nth(error.line.saturating_sub(1)).unwrap_or_default();
            errors::refused(Report {
                what: format!("cannot read the scenario: {error}"),
                likely: format!("the format does not allow this there: {}", quoted(line.trim())),
                run: "python3 -c 'from mlsensor.sim import Scenario; print(Scenario.SHIPPED[\"walk_up\"])'"
                    .to_owned(),
                code: "MLSENSOR-SCENARIO".to_owned(),
            })
        })
    }

    /// One sentence for the reader.
    #[getter]
    fn about(&self) -> &str {
        &self.0.about
    }

    /// How long it goes on, in seconds.
    #[getter]
    fn duration(&self) -> f64 {
        seconds(self.0.duration)
    }

    /// The seed for all that is left to chance.
    #[getter]
    const fn seed(&self) -> u64 {
        self.0.seed
    }

    /// How well the sensor sees.
    #[getter]
    fn detection(&self) -> PyDetection {
        PyDetection(self.0.detection.clone())
    }

    /// Who walks where, and what happens to the sensor.
    #[getter]
    fn timeline(&self) -> PyTimeline {
        PyTimeline(self.0.timeline.clone())
    }

    /// The same scene, but for these.
    #[pyo3(signature = (*, duration = None, seed = None, detection = None))]
    fn replace(
        &self,
        duration: Option<Seconds>,
        seed: Option<u64>,
        detection: Option<PyDetection>,
    ) -> PyScenario {
        let mut scenario = self.0.clone();
        scenario.duration = duration.map_or(scenario.duration, |Seconds(duration)| duration);
        scenario.seed = seed.unwrap_or(scenario.seed);
        scenario.detection = detection.map_or(scenario.detection, |PyDetection(detection)| detection);
        PyScenario(scenario)
    }

    /// A sensor in front of this scene, at its beginning: on a bus of its own, or on this one.
    #[pyo3(signature = (bus = None, *, assumptions = None))]
    fn sensor(
        &self,
        py: Python<'_>,
        bus: Option<&Bound<'_, PyAny>>,
        assumptions: Option<PyAssumptions>,
    ) -> PyResult<PySimSensor> {
        PySimSensor::in_scene(py, bus, self.0.seed, self.0.sensor(), assumptions, self.timeline())
    }

    /// One number for all that a sensor in front of this scene says, to see whether it says the same elsewhere.
    fn digest(&self, py: Python<'_>) -> u64 {
        py.detach(|| digest(&mut self.0.sensor(), self.0.duration))
    }

    fn __repr__(&self) -> String {
        format!("<Scenario: {}>", self.0.about)
    }
}
