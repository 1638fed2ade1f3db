//! Values as dictionaries and lists.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use serde::Serialize;

/// The value as Python's own dictionaries, lists, numbers and texts, with the names under which the command prints it.
pub(crate) fn plain<'py>(py: Python<'py>, value: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    static LOADS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    // By way of a text: the names and their order are those that `serde` has, and nothing is written twice.
    let text = serde_json::to_string(value).map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
    LOADS.import(py, "json", "loads")?.call1((text,))
}
