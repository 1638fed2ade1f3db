//! Everybody in front of a sensor, at one moment.

use mlsensor_sim::{Person, Scene};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use super::person::PyPerson;
use super::range::height_mm;

/// Everybody in front of a sensor at one moment, and how high it hangs: a sequence of `Person`.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, eq, hash, sequence, from_py_object, name = "Scene", module = "mlsensor.sim")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct PyScene {
    people: Vec<PyPerson>,
    sensor_height_mm: i32,
}

impl PyScene {
    pub(super) fn new(people: Vec<PyPerson>) -> PyScene {
        PyScene { people, sensor_height_mm: Scene::empty().sensor_height_mm }
    }

    pub(super) fn of(people: impl Iterator<Item = Person>, sensor_height_mm: i32) -> PyScene {
        PyScene { people: people.map(PyPerson::of).collect(), sensor_height_mm }
    }

    pub(super) fn scene(&self) -> Scene {
        let people: Vec<Person> = self.people.iter().map(PyPerson::person).collect();
        let mut scene = Scene::from(people);
        scene.sensor_height_mm = self.sensor_height_mm;
        scene
    }

    /// A scene, or people in any iterable.
    pub(super) fn from_any(object: &Bound<'_, PyAny>) -> PyResult<PyScene> {
        if let Ok(scene) = object.cast::<PyScene>() {
            return Ok(scene.get().clone());
        }
        people(object).map(PyScene::new)
    }
}

/// The people in any iterable.
fn people(object: &Bound<'_, PyAny>) -> PyResult<Vec<PyPerson>> {
    object.try_iter()?.map(|person| person_of(&person?)).collect()
}

pub(super) fn person_of(object: &Bound<'_, PyAny>) -> PyResult<PyPerson> {
    match object.cast::<PyPerson>() {
        Ok(person) => Ok(*person.get()),
        Err(_) => {
            let given = object.get_type().name()?;
            Err(PyTypeError::new_err(format!("a mlsensor.sim.Person is wanted, not {given}")))
        }
    }
}

#[pymethods]
impl PyScene {
    #[classattr]
    #[pyo3(name = "__match_args__")]
    const MATCH_ARGS: (&'static str,) = ("people",);

    #[new]
    #[pyo3(signature = (people = None, *, sensor_height_m = None))]
    fn py_new(people: Option<&Bound<'_, PyAny>>, sensor_height_m: Option<f64>) -> PyResult<PyScene> {
        let mut scene = PyScene::new(people.map_or(Ok(Vec::new()), self::people)?);
        if let Some(height) = sensor_height_m {
            scene.sensor_height_mm = height_mm("sensor_height_m", height)?;
        }
        Ok(scene)
    }

    /// Who is there.
    #[getter]
    fn people<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.people.iter().copied())
    }

    /// The height of the sensor over the floor, in metres.
    #[getter]
    fn sensor_height_m(&self) -> f64 {
        f64::from(self.sensor_height_mm) / 1000.0
    }

    fn __len__(&self) -> usize {
        self.people.len()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.people(py)?.try_iter().map(Bound::into_any)
    }

    fn __getitem__<'py>(&self, py: Python<'py>, index: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.people(py)?.as_any().get_item(index)
    }

    fn __contains__(&self, person: &Bound<'_, PyAny>) -> bool {
        person.cast::<PyPerson>().is_ok_and(|person| self.people.contains(person.get()))
    }

    fn __repr__(&self) -> String {
        let people: Vec<String> = self.people.iter().map(PyPerson::shown).collect();
        let mut text = format!("Scene([{}]", people.join(", "));
        if self.sensor_height_mm != Scene::empty().sensor_height_mm {
            text += &format!(", sensor_height_m={:?}", self.sensor_height_m());
        }
        text + ")"
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let words = PyDict::new(py);
        words.set_item("sensor_height_m", self.sensor_height_m())?;
        let make = py.import("copyreg")?.getattr("__newobj_ex__")?;
        Ok((make, (py.get_type::<PyScene>(), (self.people(py)?,), words).into_pyobject(py)?))
    }
}
