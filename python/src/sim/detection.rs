//! How well a simulated sensor sees, as keyword arguments: the fields are the simulator's.

use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

use mlsensor_sim::Detection;
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use serde_json::{Map, Value};

use super::fields::{self, Fields};
use crate::errors;

/// How well a simulated sensor sees; what is not said is as on hardware, as far as that is known.
///
/// ``Detection.ideal()`` sees all and invents nothing. Rates are in permille of inferences unless the name says otherwise.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, eq, hash, from_py_object, name = "Detection", module = "mlsensor.sim")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PyDetection(pub(super) Detection);

impl Hash for PyDetection {
    fn hash<H: Hasher>(&self, state: &mut H) {
        format!("{:?}", self.0).hash(state);
    }
}

fn table(detection: &Detection) -> Map<String, Value> {
    match serde_json::to_value(detection) {
        Ok(Value::Object(table)) => table,
        // It is a structure of numbers: it has no other form.
        _ => Map::new(),
    }
}

/// The names of the fields, which live as long as the module.
fn names() -> &'static [String] {
    static NAMES: OnceLock<Vec<String>> = OnceLock::new();
    NAMES.get_or_init(|| table(&Detection::default()).into_iter().map(|(name, _)| name).collect())
}

fn to_python<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    match value {
        Value::Bool(yes) => yes.into_bound_py_any(py),
        Value::Number(number) => number.as_u64().into_bound_py_any(py),
        Value::Array(values) => {
            let values: PyResult<Vec<_>> = values.iter().map(|value| to_python(py, value)).collect();
            Ok(PyTuple::new(py, values?)?.into_any())
        }
        _ => Ok(py.None().into_bound(py)),
    }
}

/// A value of the same form as this one.
fn from_python(like: &Value, value: &Bound<'_, PyAny>) -> PyResult<Value> {
    match like {
        Value::Bool(_) => value.extract().map(Value::Bool),
        Value::Array(values) => {
            let given: Vec<u64> = value.extract()?;
            if given.len() != values.len() {
                return Err(errors::config(
                    &format!("{} numbers where there are {}", given.len(), values.len()),
                    "a number is missing, or one is too many",
                ));
            }
            Ok(Value::from(given))
        }
        _ => value.extract::<u64>().map(Value::from),
    }
}

impl Fields for PyDetection {
    const CLASS: &'static str = "Detection";

    fn names() -> Vec<&'static str> {
        names().iter().map(String::as_str).collect()
    }

    fn about(_name: &'static str) -> String {
        String::new()
    }

    fn value<'py>(&self, py: Python<'py>, name: &'static str) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, table(&self.0).get(name).unwrap_or(&Value::Null))
    }

    fn change(&mut self, name: &'static str, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let mut table = table(&self.0);
        let Some(field) = table.get_mut(name) else { return Ok(()) };
        *field = from_python(field, value).map_err(|error| {
            if error.is_instance_of::<PyTypeError>(value.py()) {
                let wanted = match field {
                    Value::Bool(_) => "True or False",
                    Value::Array(_) => "a sequence of whole numbers",
                    _ => "a whole number",
                };
                return PyTypeError::new_err(format!("{name}: {wanted} is wanted"));
            }
            if error.is_instance_of::<pyo3::exceptions::PyOverflowError>(value.py()) {
                return errors::config(&format!("{name} is out of its range"), "it is below 0 or too large");
            }
            error
        })?;
        let changed: Detection = serde_json::from_value(Value::Object(table))
            .map_err(|error| errors::config(&format!("{name}: {error}"), "a number is out of its range"))?;
        self.0 = changed;
        Ok(())
    }
}

impl PyDetection {
    fn changed(mut self, changes: Option<&Bound<'_, PyDict>>) -> PyResult<PyDetection> {
        fields::change_all(&mut self, changes)?;
        // All of them first: of two edges of a range, each can be right with the other alone.
        match self.0.check() {
            Ok(()) => Ok(self),
            Err(error) => Err(errors::config(&error.to_string(), "a rate or an angle is out of its range")),
        }
    }
}

#[pymethods]
impl PyDetection {
    #[new]
    #[pyo3(signature = (**rates))]
    fn new(rates: Option<&Bound<'_, PyDict>>) -> PyResult<PyDetection> {
        PyDetection(Detection::default()).changed(rates)
    }

    /// A sensor that misses nobody, invents nobody and is never wrong: for tests of a program's own logic.
    #[staticmethod]
    fn ideal() -> PyDetection {
        PyDetection(Detection::ideal())
    }

    /// The same, but for these.
    #[pyo3(signature = (**changes))]
    fn replace(&self, changes: Option<&Bound<'_, PyDict>>) -> PyResult<PyDetection> {
        self.clone().changed(changes)
    }

    /// As `replace`, for `copy.replace` (Python 3.13).
    #[pyo3(signature = (**changes))]
    fn __replace__(&self, changes: Option<&Bound<'_, PyDict>>) -> PyResult<PyDetection> {
        self.replace(changes)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        fields::shown(py, self, &PyDetection(Detection::default()))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        fields::reduced(py, self, &PyDetection(Detection::default()))
    }
}
