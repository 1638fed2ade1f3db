//! What all values of the behaviours have in common, whatever their fields: they compare, hash, print,
//! pickle and match by the names in `__match_args__`.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyType};

/// The methods of a value with these fields: `value!(Gate ["min_confidence", "min_width"] { ... })`,
/// the braces holding its own methods. Of an enumeration with data: `value!(enum WhenLost ["Return",
/// "Search"] { ... })`, the brackets holding the variants that *are* what they hold, as the driver's
/// serde has it.
macro_rules! value {
    (enum $class:ident [$($wrapper:literal),*] { $($methods:tt)* }) => {
        $crate::behavior::value::value!(@ $class {
            $($methods)*

            /// As plain data for `json`: the name of the variant, and what it holds. Times are in
            /// seconds.
            fn as_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, pyo3::types::PyDict>> {
                $crate::behavior::value::tagged(slf.as_any(), &[$($wrapper),*])
            }
        });
    };
    (degrees $class:ident [$($field:literal),*] { $($methods:tt)* }) => {
        $crate::behavior::value::value!(@ $class {
            $($methods)*

            #[classattr]
            fn __match_args__(py: Python<'_>) -> PyResult<Bound<'_, pyo3::types::PyTuple>> {
                $crate::behavior::value::names(py, &[$($field),*])
            }

            /// As plain data for `json`, as the driver writes it: whole thousandths of a degree.
            fn as_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                $crate::values::plain(py, &self.0)
            }
        });
    };
    ($class:ident [$($field:literal),*] { $($methods:tt)* }) => {
        $crate::behavior::value::value!(@ $class {
            $($methods)*

            #[classattr]
            fn __match_args__(py: Python<'_>) -> PyResult<Bound<'_, pyo3::types::PyTuple>> {
                $crate::behavior::value::names(py, &[$($field),*])
            }

            /// As plain data for `json`. Times are in seconds.
            fn as_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, pyo3::types::PyDict>> {
                $crate::behavior::value::plain_fields(slf.as_any())
            }
        });
    };
    (@ $class:ident { $($methods:tt)* }) => {
        #[pyo3::pymethods]
        impl $class {
            $($methods)*

            fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
                $crate::behavior::value::repr(slf.as_any())
            }

            fn __eq__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
                $crate::behavior::value::equal(slf.as_any(), other)
            }

            fn __hash__(slf: &Bound<'_, Self>) -> PyResult<isize> {
                $crate::behavior::value::hash(slf.as_any())
            }

            fn __reduce__<'py>(
                slf: &Bound<'py, Self>,
            ) -> PyResult<(Bound<'py, pyo3::types::PyType>, Bound<'py, pyo3::types::PyTuple>)> {
                $crate::behavior::value::reduce(slf.as_any())
            }
        }
    };
}
pub(super) use value;

/// For `__match_args__`.
pub(super) fn names<'py>(py: Python<'py>, names: &[&str]) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(py, names)
}

/// The names of the fields, and what they hold.
fn fields<'py>(value: &Bound<'py, PyAny>) -> PyResult<Vec<(String, Bound<'py, PyAny>)>> {
    let names: Vec<String> = value.get_type().getattr("__match_args__")?.extract()?;
    names.into_iter().map(|name| value.getattr(name.as_str()).map(|field| (name, field))).collect()
}

fn held<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(value.py(), fields(value)?.into_iter().map(|(_, field)| field))
}

fn is_member(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    value.is_instance(&value.py().import("enum")?.getattr("Enum")?)
}

/// As it would be written in a program.
pub(super) fn repr(value: &Bound<'_, PyAny>) -> PyResult<String> {
    let written = fields(value)?.into_iter().map(|(name, field)| {
        // The `repr` of a member of an enumeration is none that Python can read.
        let written = if is_member(&field)? { field.str()? } else { field.repr()? };
        Ok(format!("{name}={written}"))
    });
    Ok(format!("{}({})", value.get_type().qualname()?, written.collect::<PyResult<Vec<_>>>()?.join(", ")))
}

/// Two values are equal if they are of one class and hold the same.
pub(super) fn equal(value: &Bound<'_, PyAny>, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
    let py = value.py();
    if !value.get_type().is(other.get_type()) {
        return Ok(py.NotImplemented());
    }
    Ok(held(value)?.eq(held(other)?)?.into_pyobject(py)?.to_owned().into_any().unbind())
}

pub(super) fn hash(value: &Bound<'_, PyAny>) -> PyResult<isize> {
    (value.get_type(), held(value)?).into_pyobject(value.py())?.hash()
}

/// How to make it again: for `pickle` and `copy`.
pub(super) fn reduce<'py>(value: &Bound<'py, PyAny>) -> PyResult<(Bound<'py, PyType>, Bound<'py, PyTuple>)> {
    Ok((value.get_type(), held(value)?))
}

fn plain<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    if is_member(value)? {
        value.getattr("value")
    } else if value.hasattr("as_dict")? {
        value.call_method0("as_dict")
    } else {
        Ok(value.clone())
    }
}

/// The fields as plain data.
pub(super) fn plain_fields<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(value.py());
    for (name, field) in fields(value)? {
        dict.set_item(name, plain(&field)?)?;
    }
    Ok(dict)
}

/// The name of the variant, as the driver's serde writes it, and what it holds.
pub(super) fn tagged<'py>(value: &Bound<'py, PyAny>, wrappers: &[&str]) -> PyResult<Bound<'py, PyDict>> {
    let name = value.get_type().qualname()?.to_string();
    let variant = name.rsplit('.').next().unwrap_or_default();
    let content = match fields(value)?.first() {
        Some((_, field)) if wrappers.contains(&variant) => plain(field)?,
        _ => plain_fields(value)?.into_any(),
    };
    let dict = PyDict::new(value.py());
    dict.set_item(snake_case(variant), content)?;
    Ok(dict)
}

fn snake_case(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push('_');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}
