//! A simulated Person Sensor on a simulated bus.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mlsensor::PersonId;
use mlsensor_sim::{Attached, FaultKind, SimSensor, Timeline};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

use super::assumptions::PyAssumptions;
use super::bus::PySimBus;
use super::detection::PyDetection;
use super::fault::{PyFault, PyFaultCounts};
use super::scene::PyScene;
use crate::enums::Member;
use crate::errors;
use crate::time::{Seconds, seconds};
use crate::values::{Config, Face, Faces};

/// What was put in front of the sensor last.
enum Shown {
    Scene(PyScene),
    Timeline(Timeline),
    Faces,
}

/// A simulated Person Sensor.
#[pyclass(frozen, weakref, name = "SimSensor", module = "mlsensor.sim")]
pub(crate) struct PySimSensor {
    bus: Py<PySimBus>,
    sensor: Attached<SimSensor>,
    shown: Mutex<Shown>,
}

impl PySimSensor {
    /// The bus that it is on.
    pub(crate) const fn bus(&self) -> &Py<PySimBus> {
        &self.bus
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the sensor, or changes it, while detached: a transfer of another thread may hold it.
    fn with<R: Send>(&self, py: Python<'_>, with: impl FnOnce(&mut SimSensor) -> R + Send) -> R {
        py.detach(|| self.sensor.with(with))
    }
}

#[pymethods]
impl PySimSensor {
    #[new]
    #[pyo3(signature = (bus = None, *, seed = 0, assumptions = None, detection = None))]
    fn new(
        py: Python<'_>,
        bus: Option<Bound<'_, PySimBus>>,
        seed: u64,
        assumptions: Option<PyAssumptions>,
        detection: Option<PyDetection>,
    ) -> PyResult<PySimSensor> {
        let mut sensor = SimSensor::new().with_seed(seed);
        if let Some(PyAssumptions(assumptions)) = assumptions {
            sensor = sensor.with_assumptions(assumptions);
        }
        if let Some(PyDetection(detection)) = detection {
            sensor = sensor.with_detection(detection);
        }
        let bus = match bus {
            Some(bus) => bus,
            None => Bound::new(py, PySimBus::make(mlsensor_sim::SimBus::DEFAULT_BIT_RATE_HZ, seed))?,
        };
        let on = bus.get().bus().clone();
        let sensor = py.detach(|| on.attach(sensor));
        let shown = Mutex::new(Shown::Scene(PyScene::new(Vec::new())));
        Ok(PySimSensor { bus: bus.unbind(), sensor, shown })
    }

    #[getter(bus)]
    fn py_bus(&self, py: Python<'_>) -> Py<PySimBus> {
        self.bus.clone_ref(py)
    }

    #[getter]
    fn now(&self, py: Python<'_>) -> f64 {
        seconds(py.detach(|| self.bus.get().bus().now()))
    }

    fn advance(&self, py: Python<'_>, seconds: Seconds) -> PyResult<()> {
        self.bus.get().let_pass(py, seconds.0)
    }

    #[getter]
    fn scene(&self, py: Python<'_>) -> PyScene {
        let now = self.with(py, |sensor| sensor.now());
        match &*self.shown() {
            Shown::Scene(scene) => scene.clone(),
            Shown::Timeline(timeline) => PyScene::of(timeline.people(now), timeline.sensor_height_mm),
            Shown::Faces => PyScene::new(Vec::new()),
        }
    }

    #[setter]
    fn set_scene(&self, py: Python<'_>, people: &Bound<'_, PyAny>) -> PyResult<()> {
        let scene = PyScene::from_any(people)?;
        let put = scene.scene();
        self.with(py, |sensor| sensor.set_scene(put));
        *self.shown() = Shown::Scene(scene);
        Ok(())
    }

    /// Makes the sensor report exactly these faces.
    fn show_faces(&self, py: Python<'_>, faces: &Faces) {
        let faces = faces.0;
        self.with(py, |sensor| sensor.show_faces(faces));
        *self.shown() = Shown::Faces;
    }

    #[getter]
    fn config(&self, py: Python<'_>) -> Config {
        self.with(py, |sensor| sensor.config()).into()
    }

    #[getter]
    fn truth(&self, py: Python<'_>) -> Vec<(Face, Option<u32>)> {
        let truth = self.with(py, |sensor| sensor.truth());
        truth.into_iter().map(|(face, who)| (face.into(), who)).collect()
    }

    #[getter]
    fn assumptions(&self, py: Python<'_>) -> PyAssumptions {
        PyAssumptions(self.with(py, |sensor| sensor.assumptions().clone()))
    }

    fn power_off(&self, py: Python<'_>) {
        self.with(py, SimSensor::power_off);
    }

    fn power_on(&self, py: Python<'_>) {
        self.with(py, SimSensor::power_on);
    }

    #[getter]
    fn presence(&self, py: Python<'_>) -> bool {
        self.with(py, |sensor| sensor.presence())
    }

    #[getter]
    fn led(&self, py: Python<'_>) -> bool {
        self.with(py, |sensor| sensor.led())
    }

    #[getter]
    fn result<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let packet = self.with(py, |sensor| *sensor.result());
        PyBytes::new(py, &packet)
    }

    #[getter]
    fn results(&self, py: Python<'_>) -> u64 {
        self.with(py, |sensor| sensor.results())
    }

    #[getter]
    fn exposed_at(&self, py: Python<'_>) -> Option<f64> {
        self.with(py, |sensor| sensor.exposed_at()).map(seconds)
    }

    #[getter]
    fn published_at(&self, py: Python<'_>) -> Option<f64> {
        self.with(py, |sensor| sensor.published_at()).map(seconds)
    }

    fn labelled(&self, py: Python<'_>, id: u8) -> PyResult<Option<u32>> {
        let id = PersonId::new(id).map_err(|_| {
            errors::config(&format!("there is no person id {id}"), "a person id is a number from 0 to 7")
        })?;
        Ok(self.with(py, |sensor| sensor.labelled(id)))
    }

    #[pyo3(signature = (*faults))]
    fn inject(&self, faults: &Bound<'_, PyTuple>) -> PyResult<()> {
        self.bus.get().inject_all(faults)
    }

    fn set_fault_rate(&self, kind: Member<FaultKind>, per_million: u32) -> PyResult<()> {
        self.bus.get().set_fault_rate(kind, per_million)
    }

    #[getter]
    fn latest_fault(&self) -> Option<PyFault> {
        self.bus.get().latest_fault()
    }

    fn fault_counts(&self) -> PyFaultCounts {
        self.bus.get().fault_counts()
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        format!("<SimSensor at {:.3} s, {} results>", self.now(py), self.results(py))
    }
}
