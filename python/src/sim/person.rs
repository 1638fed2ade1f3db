//! Somebody in front of the sensor.

use std::hash::{Hash, Hasher};

use mlsensor_sim::Person;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::range::{height_mm, within};

/// How a place was said: so it is shown again.
#[derive(Debug, Clone, Copy)]
enum Place {
    Polar { distance_m: f64, bearing_deg: f64 },
    Across { right_m: f64, ahead_m: f64 },
}

/// Somebody in front of the sensor, facing it unless ``heading_deg`` says otherwise.
///
/// ``Person(0.8, -10)`` is 0.8 m away and 10 degrees to the sensor's left, with eyes 1.6 m over the floor. Distances are 0 to
/// 1000 m, angles -3600 to 3600 degrees, heights 0 to 100 m; else ConfigError. Two are equal if the sensor could not tell
/// them apart: places are kept to the millimetre.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, eq, hash, from_py_object, name = "Person", module = "mlsensor.sim")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct PyPerson {
    person: Person,
    place: Place,
    known_as: Option<u32>,
}

/// Two are the same if the sensor could not tell them apart, however it was said where they are.
impl PartialEq for PyPerson {
    fn eq(&self, other: &PyPerson) -> bool {
        self.person == other.person
    }
}

impl Eq for PyPerson {}

impl Hash for PyPerson {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.person.hash(state);
    }
}

impl PyPerson {
    pub(super) const fn person(&self) -> Person {
        self.person
    }

    /// One that the simulator made, such as somebody half way.
    pub(super) fn of(person: Person) -> PyPerson {
        let (right_m, ahead_m) = (metres(person.right_mm), metres(person.ahead_mm));
        let known_as = (person.who != 0).then_some(person.who);
        PyPerson { person, place: Place::Across { right_m, ahead_m }, known_as }
    }

    /// As Python.
    pub(super) fn shown(&self) -> String {
        let mut text = match self.place {
            Place::Polar { distance_m, bearing_deg } => format!("Person({distance_m:?}, {bearing_deg:?}"),
            Place::Across { right_m, ahead_m } => format!("Person.across({right_m:?}, {ahead_m:?}"),
        };
        let usual = Person::at(0.0, 0.0);
        if self.person.heading_millideg != 0 {
            text += &format!(", heading_deg={:?}", self.heading_deg());
        }
        if self.person.eye_height_mm != usual.eye_height_mm {
            text += &format!(", eye_height_m={:?}", self.eye_height_m());
        }
        if let Some(known_as) = self.known_as {
            text += &format!(", known_as={known_as}");
        }
        text + ")"
    }

    fn at(
        place: Place,
        heading_deg: f64,
        eye_height_m: Option<f64>,
        known_as: Option<u32>,
    ) -> PyResult<PyPerson> {
        let person = match place {
            Place::Polar { distance_m, bearing_deg } => Person::at(distance_m, bearing_deg),
            Place::Across { right_m, ahead_m } => {
                let mut person = Person::at(0.0, 0.0);
                (person.right_mm, person.ahead_mm) = (thousandths(right_m), thousandths(ahead_m));
                person
            }
        };
        let heading_deg = within("heading_deg", heading_deg, -3600.0..=3600.0, "degrees")?;
        let mut person = person.with_heading(heading_deg).known_as(known_as.unwrap_or(0));
        if let Some(height) = eye_height_m {
            person.eye_height_mm = height_mm("eye_height_m", height)?;
        }
        Ok(PyPerson { person, place, known_as })
    }
}

fn metres(millimetres: i32) -> f64 {
    f64::from(millimetres) / 1000.0
}

/// Of a number that is known to be small.
fn thousandths(value: f64) -> i32 {
    (value * 1000.0).round() as i32
}

#[pymethods]
impl PyPerson {
    #[classattr]
    #[pyo3(name = "__match_args__")]
    const MATCH_ARGS: (&'static str, &'static str, &'static str, &'static str, &'static str) =
        ("distance_m", "bearing_deg", "heading_deg", "eye_height_m", "known_as");

    #[new]
    #[pyo3(signature = (distance_m, bearing_deg = 0.0, heading_deg = 0.0, eye_height_m = None, known_as = None))]
    fn new(
        distance_m: f64,
        bearing_deg: f64,
        heading_deg: f64,
        eye_height_m: Option<f64>,
        known_as: Option<u32>,
    ) -> PyResult<PyPerson> {
        let distance_m = within("distance_m", distance_m, 0.0..=1000.0, "metres")?;
        let bearing_deg = within("bearing_deg", bearing_deg, -3600.0..=3600.0, "degrees")?;
        PyPerson::at(Place::Polar { distance_m, bearing_deg }, heading_deg, eye_height_m, known_as)
    }

    /// Somebody so many metres to the right of the sensor's line of sight (negative: to its left) and ahead of it.
    #[staticmethod]
    #[pyo3(signature = (right_m, ahead_m, heading_deg = 0.0, eye_height_m = None, known_as = None))]
    fn across(
        right_m: f64,
        ahead_m: f64,
        heading_deg: f64,
        eye_height_m: Option<f64>,
        known_as: Option<u32>,
    ) -> PyResult<PyPerson> {
        let right_m = within("right_m", right_m, -1000.0..=1000.0, "metres")?;
        let ahead_m = within("ahead_m", ahead_m, -1000.0..=1000.0, "metres")?;
        PyPerson::at(Place::Across { right_m, ahead_m }, heading_deg, eye_height_m, known_as)
    }

    /// How far from the sensor, along the floor, in metres.
    #[getter]
    fn distance_m(&self) -> f64 {
        match self.place {
            Place::Polar { distance_m, .. } => distance_m,
            Place::Across { right_m, ahead_m } => right_m.hypot(ahead_m),
        }
    }

    /// How far to the right of straight ahead, in degrees; negative is the sensor's left.
    #[getter]
    fn bearing_deg(&self) -> f64 {
        match self.place {
            Place::Polar { bearing_deg, .. } => bearing_deg,
            Place::Across { right_m, ahead_m } => right_m.atan2(ahead_m).to_degrees(),
        }
    }

    /// How far to the right of straight ahead, in metres; negative is the sensor's left.
    #[getter]
    fn right_m(&self) -> f64 {
        metres(self.person.right_mm)
    }

    /// How far straight ahead of the sensor, in metres.
    #[getter]
    fn ahead_m(&self) -> f64 {
        metres(self.person.ahead_mm)
    }

    /// How far the head is turned from the sensor, in degrees: 0 faces it, 90 is a profile.
    #[getter]
    fn heading_deg(&self) -> f64 {
        metres(self.person.heading_millideg)
    }

    /// The height of the eyes over the floor, in metres.
    #[getter]
    fn eye_height_m(&self) -> f64 {
        metres(self.person.eye_height_mm)
    }

    /// Who it is to recognition. The sensor never learns this; all whose number is the same are one person.
    #[getter]
    const fn known_as(&self) -> Option<u32> {
        self.known_as
    }

    /// The same person, but for these: `person.replace(heading_deg=90)`. What a place leaves out stays as it was.
    #[pyo3(signature = (**changes))]
    fn replace<'py>(
        slf: &Bound<'py, Self>,
        changes: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let this = slf.get();
        let (words, polar) = (PyDict::new(slf.py()), matches!(this.place, Place::Polar { .. }));
        let across = |name: &str| changes.map_or(Ok(false), |changes| changes.contains(name));
        if (polar || across("distance_m")? || across("bearing_deg")?)
            && !across("right_m")?
            && !across("ahead_m")?
        {
            words.set_item("distance_m", this.distance_m())?;
            words.set_item("bearing_deg", this.bearing_deg())?;
        } else {
            words.set_item("right_m", this.right_m())?;
            words.set_item("ahead_m", this.ahead_m())?;
        }
        words.set_item("heading_deg", this.heading_deg())?;
        words.set_item("eye_height_m", this.eye_height_m())?;
        words.set_item("known_as", this.known_as)?;
        if let Some(changes) = changes {
            words.update(changes.as_mapping())?;
        }
        let class = slf.get_type();
        if words.contains("right_m")? {
            class.call_method("across", (), Some(&words))
        } else {
            class.call((), Some(&words))
        }
    }

    fn __repr__(&self) -> String {
        self.shown()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, PersonArguments)> {
        let this = slf.get();
        let (maker, first, second) = match this.place {
            Place::Polar { distance_m, bearing_deg } => (slf.get_type().into_any(), distance_m, bearing_deg),
            Place::Across { right_m, ahead_m } => (slf.get_type().getattr("across")?, right_m, ahead_m),
        };
        Ok((maker, (first, second, this.heading_deg(), this.eye_height_m(), this.known_as)))
    }
}

type PersonArguments = (f64, f64, f64, f64, Option<u32>);
