//! A simulated Person Sensor on a simulated bus.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mlsensor::PersonId;
use mlsensor_sim::{Attached, FaultKind, SimSensor};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

use super::assumptions::PyAssumptions;
use super::bus::PySimBus;
use super::detection::PyDetection;
use super::fault::{PyFault, PyFaultCounts};
use super::place::Place;
use super::scene::PyScene;
use super::timeline::PyTimeline;
use crate::behavior::Direction;
use crate::enums::Member;
use crate::errors;
use crate::time::{Seconds, seconds};
use crate::values::{Config, Face, Faces, Whole};

/// What was put in front of the sensor last.
enum Shown {
    Scene(PyScene),
    Timeline(PyTimeline),
    Faces,
}

/// A simulated Person Sensor in virtual time, on a simulated bus: the one that is given, or one of its own.
///
/// In front of it is an empty room. It sees as well as the optics allow (``Detection.ideal()``), unless a ``detection`` says
/// otherwise. ``bus`` is a `SimBus`, or a segment of a `Tca9548a`; ``timeline`` is a scripted scene that begins now; ``seed``
/// is that of all that is left to chance, on a bus of its own also of the faults.
///
/// Threads: it may be used from any; each call is a whole. Let one thread alone let time pass.
#[pyclass(frozen, weakref, name = "SimSensor", module = "mlsensor.sim")]
pub(crate) struct PySimSensor {
    pub(crate) bus: Py<PySimBus>,
    sensor: Attached<SimSensor>,
    /// The time of the bus at which the sensor was made: its own clock begins then.
    begin: Duration,
    shown: Mutex<Shown>,
}

impl PySimSensor {
    /// A sensor in front of this scene, on a bus of its own or on the one that an argument names.
    pub(super) fn in_scene(
        py: Python<'_>,
        bus: Option<&Bound<'_, PyAny>>,
        fault_seed: u64,
        sensor: SimSensor,
        assumptions: Option<PyAssumptions>,
        timeline: PyTimeline,
    ) -> PyResult<PySimSensor> {
        let place = Place::from_any(py, bus, fault_seed)?;
        Ok(PySimSensor::put(py, &place, sensor, assumptions, Shown::Timeline(timeline)))
    }

    fn put(
        py: Python<'_>,
        place: &Place,
        mut sensor: SimSensor,
        assumptions: Option<PyAssumptions>,
        shown: Shown,
    ) -> PySimSensor {
        if let Some(PyAssumptions(assumptions)) = assumptions {
            sensor = sensor.with_assumptions(assumptions);
        }
        let bus = place.bus(py);
        let begin = py.detach(|| bus.get().bus().now());
        let sensor = place.attach(py, sensor);
        PySimSensor { bus, sensor, begin, shown: Mutex::new(shown) }
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A time of the sensor's clock by that of the bus, in seconds.
    fn on_the_bus(&self, at: Duration) -> f64 {
        seconds(self.begin.saturating_add(at))
    }

    /// Looks at the sensor, or changes it, while detached: a transfer of another thread may hold it.
    fn with<R: Send>(&self, py: Python<'_>, with: impl FnOnce(&mut SimSensor) -> R + Send) -> R {
        py.detach(|| self.sensor.with(with))
    }
}

#[pymethods]
impl PySimSensor {
    #[new]
    #[pyo3(signature = (bus = None, *, seed = 0, assumptions = None, detection = None, timeline = None))]
    fn new(
        py: Python<'_>,
        bus: Option<&Bound<'_, PyAny>>,
        seed: u64,
        assumptions: Option<PyAssumptions>,
        detection: Option<PyDetection>,
        timeline: Option<PyTimeline>,
    ) -> PyResult<PySimSensor> {
        let mut sensor = SimSensor::new().with_seed(seed);
        if let Some(PyDetection(detection)) = detection {
            sensor = sensor.with_detection(detection);
        }
        let mut shown = Shown::Scene(PyScene::new(Vec::new()));
        if let Some(timeline) = timeline {
            sensor = sensor.with_timeline(timeline.0.clone());
            shown = Shown::Timeline(timeline);
        }
        let place = Place::from_any(py, bus, seed)?;
        Ok(PySimSensor::put(py, &place, sensor, assumptions, shown))
    }

    /// The bus that it is on: in front of the multiplexer, if it is behind one.
    #[getter(bus)]
    fn py_bus(&self, py: Python<'_>) -> Py<PySimBus> {
        self.bus.clone_ref(py)
    }

    /// The virtual time of the bus, in seconds.
    #[getter]
    fn now(&self, py: Python<'_>) -> f64 {
        seconds(py.detach(|| self.bus.get().bus().now()))
    }

    /// Lets so many seconds of virtual time pass, for everything on the bus.
    ///
    /// Sensors that are open on it and listened to are read at their times on the way, and their callbacks run in this
    /// thread. Where a callback lets time pass itself, it only passes: the readers follow when the callback is over.
    fn advance(&self, py: Python<'_>, seconds: Seconds) -> PyResult<()> {
        self.bus.get().let_pass(py, seconds.0)
    }

    /// Who is in front of the sensor now. Set it to people, in any iterable, or to a `Scene`.
    ///
    /// In front of a timeline it is who is there at this moment; with `show_faces` it is empty.
    #[getter]
    fn scene(&self, py: Python<'_>) -> PyScene {
        let now = self.with(py, |sensor| sensor.now());
        match &*self.shown() {
            Shown::Scene(scene) => scene.clone(),
            Shown::Timeline(PyTimeline(timeline)) => {
                PyScene::of(timeline.people(now), timeline.sensor_height_mm)
            }
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

    /// Makes the sensor report exactly these faces from its next inference on, past optics and detection.
    ///
    /// A result that is under way is published before; after 0.4 s of virtual time it is these faces that are read.
    fn show_faces(&self, py: Python<'_>, faces: &Faces) {
        let faces = faces.0;
        self.with(py, |sensor| sensor.show_faces(faces));
        *self.shown() = Shown::Faces;
    }

    /// Turns the sensor, as a pan/tilt does: its next picture is taken from there. People stay where they are.
    fn point(&self, py: Python<'_>, direction: Direction) {
        self.with(py, |sensor| sensor.point(direction.into()));
    }

    /// Where the sensor looks; straight ahead, unless it was turned.
    #[getter]
    fn direction(&self, py: Python<'_>) -> Direction {
        self.with(py, |sensor| sensor.direction()).into()
    }

    /// What the registers hold: a look that a real sensor does not allow.
    #[getter]
    fn config(&self, py: Python<'_>) -> Config {
        self.with(py, |sensor| sensor.config()).into()
    }

    /// Each face of the latest result, and who it is: a look that a real sensor does not allow.
    ///
    /// Who is the `known_as` of the person, 0 if that is not said, and `None` for a face that is nobody's and for one of
    /// `show_faces`.
    #[getter]
    fn truth(&self, py: Python<'_>) -> Vec<(Face, Option<u32>)> {
        let truth = self.with(py, |sensor| sensor.truth());
        truth.into_iter().map(|(face, who)| (face.into(), who)).collect()
    }

    /// How it answers the questions that are open about the sensor.
    #[getter]
    fn assumptions(&self, py: Python<'_>) -> PyAssumptions {
        PyAssumptions(self.with(py, |sensor| sensor.assumptions().clone()))
    }

    /// Takes its power away: it acknowledges nothing, and what it does not keep is lost.
    fn power_off(&self, py: Python<'_>) {
        self.with(py, SimSensor::power_off);
    }

    /// Gives it power: it boots first, for `Assumptions.power_up_silence` seconds.
    fn power_on(&self, py: Python<'_>) {
        self.with(py, SimSensor::power_on);
    }

    /// The level of its presence pin (TP1).
    #[getter]
    fn presence(&self, py: Python<'_>) -> bool {
        self.with(py, |sensor| sensor.presence())
    }

    /// Whether its indicator LED is lit.
    #[getter]
    fn led(&self, py: Python<'_>) -> bool {
        self.with(py, |sensor| sensor.led())
    }

    /// The latest result, as a read would give it: 39 bytes.
    #[getter]
    fn result<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let packet = self.with(py, |sensor| *sensor.result());
        PyBytes::new(py, &packet)
    }

    /// How many results it has published: the frame counter that a real one lacks.
    #[getter]
    fn results(&self, py: Python<'_>) -> u64 {
        self.with(py, |sensor| sensor.results())
    }

    /// When the picture behind the latest result was taken, in seconds of `now`; `None` if there is none.
    #[getter]
    fn exposed_at(&self, py: Python<'_>) -> Option<f64> {
        self.with(py, |sensor| sensor.exposed_at()).map(|at| self.on_the_bus(at))
    }

    /// Since when the latest result can be read, in seconds of `now`; `None` if there is none.
    #[getter]
    fn published_at(&self, py: Python<'_>) -> Option<f64> {
        self.with(py, |sensor| sensor.published_at()).map(|at| self.on_the_bus(at))
    }

    /// Who was given a label, 0 to 7, as the `known_as` of the person: a real sensor does not tell.
    fn labelled(&self, py: Python<'_>, id: Whole) -> PyResult<Option<u32>> {
        let id: u8 = id.within("person id", 0, 7, "labels are 0 to 7")?;
        let id =
            PersonId::new(id).map_err(|error| errors::config(&error.to_string(), "labels are 0 to 7"))?;
        Ok(self.with(py, |sensor| sensor.labelled(id)))
    }

    /// As `SimBus.inject`, on its bus.
    #[pyo3(signature = (*faults))]
    fn inject(&self, faults: &Bound<'_, PyTuple>) -> PyResult<()> {
        self.bus.get().inject_all(faults)
    }

    /// As `SimBus.set_fault_rate`, on its bus.
    fn set_fault_rate(&self, kind: Member<FaultKind>, per_million: Whole) -> PyResult<()> {
        self.bus.get().set_fault_rate(kind, per_million)
    }

    /// As `SimBus.latest_fault`, on its bus.
    #[getter]
    fn latest_fault(&self) -> Option<PyFault> {
        self.bus.get().latest_fault()
    }

    /// As `SimBus.fault_counts`, on its bus.
    fn fault_counts(&self) -> PyFaultCounts {
        self.bus.get().fault_counts()
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        format!("<SimSensor at {:.3} s, {} results>", self.now(py), self.results(py))
    }
}
