//! Values whose fields the simulator's own tables name, and nothing here: keyword arguments, attributes, `repr` and
//! `pickle` for all of them.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyDict, PyTuple, PyType};
use pyo3::{IntoPyObjectExt, PyClass};

/// A value of named fields.
pub(super) trait Fields: PyClass + Sync + Sized {
    /// The name of the class.
    const CLASS: &'static str;

    /// The names of the fields, in order.
    fn names() -> Vec<&'static str>;

    /// What a field is about, for a reader.
    fn about(name: &'static str) -> String;

    /// The value of a field.
    fn value<'py>(&self, py: Python<'py>, name: &'static str) -> PyResult<Bound<'py, PyAny>>;

    /// Changes a field.
    fn change(&mut self, name: &'static str, value: &Bound<'_, PyAny>) -> PyResult<()>;
}

/// Changes the fields that the keyword arguments name.
pub(super) fn change_all<T: Fields>(value: &mut T, changes: Option<&Bound<'_, PyDict>>) -> PyResult<()> {
    for (name, new) in changes.into_iter().flatten() {
        let name: String = name.extract()?;
        let Some(known) = T::names().into_iter().find(|known| *known == name) else {
            return Err(PyTypeError::new_err(format!("{} has no field '{name}'", T::CLASS)));
        };
        value.change(known, &new)?;
    }
    Ok(())
}

/// The fields that differ from those of another value, by their names.
fn differences<'py, T: Fields>(py: Python<'py>, value: &T, from: &T) -> PyResult<Bound<'py, PyDict>> {
    let words = PyDict::new(py);
    for name in T::names() {
        let field = value.value(py, name)?;
        if !field.eq(from.value(py, name)?)? {
            words.set_item(name, field)?;
        }
    }
    Ok(words)
}

/// The value as Python: `Detection(jitter_units=3)`.
pub(super) fn shown<T: Fields>(py: Python<'_>, value: &T, usual: &T) -> PyResult<String> {
    let mut words = Vec::new();
    for (name, field) in differences(py, value, usual)? {
        let class = field.get_type();
        let is_member = class.getattr("__members__").is_ok();
        let text = if is_member { field.str()?.to_string() } else { field.repr()?.to_string() };
        words.push(format!("{name}={text}"));
    }
    Ok(format!("{}({})", T::CLASS, words.join(", ")))
}

/// What makes the value again, for every protocol of `pickle`.
pub(super) fn reduced<'py, T: Fields>(
    py: Python<'py>,
    value: &T,
    usual: &T,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
    let make = py.import("copyreg")?.getattr("__newobj_ex__")?;
    let words = differences(py, value, usual)?;
    Ok((make, (py.get_type::<T>(), PyTuple::empty(py), words).into_pyobject(py)?))
}

/// Gives the class a read-only attribute for each field.
pub(super) fn add_attributes<T: Fields>(class: &Bound<'_, PyType>) -> PyResult<()> {
    let py = class.py();
    let property = py.import("builtins")?.getattr("property")?;
    for name in T::names() {
        let get =
            move |arguments: &Bound<'_, PyTuple>, _: Option<&Bound<'_, PyDict>>| -> PyResult<Py<PyAny>> {
                let this = arguments.get_item(0)?.cast_into::<T>()?;
                let this = this.try_borrow()?;
                Ok(this.value(arguments.py(), name)?.unbind())
            };
        let get = PyCFunction::new_closure(py, None, None, get)?;
        let about = T::about(name).into_bound_py_any(py)?;
        class.setattr(name, property.call1((get, py.None(), py.None(), about))?)?;
    }
    Ok(())
}
