//! Enumerations: in Python they are classes of `mlsensor._enums`, and their members are found by name.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

use crate::errors;

/// A Rust enumeration that is a class of `mlsensor._enums`.
pub(crate) trait PythonEnum: Copy + PartialEq + 'static {
    /// The name of the class.
    const NAME: &'static str;
    /// Its members.
    const MEMBERS: &'static [(&'static str, Self)];
    /// The class, once it was imported.
    fn class() -> &'static PyOnceLock<Py<PyType>>;
}

/// Names the members of a class: `python_enum!(Mode: mlsensor::Mode { STANDBY = Standby, CONTINUOUS = Continuous });`
macro_rules! python_enum {
    ($name:ident: $rust:path { $($member:ident = $variant:ident),+ $(,)? }) => {
        impl $crate::enums::PythonEnum for $rust {
            const NAME: &'static str = stringify!($name);
            const MEMBERS: &'static [(&'static str, Self)] = &[$((stringify!($member), <$rust>::$variant)),+];

            fn class() -> &'static pyo3::sync::PyOnceLock<pyo3::Py<pyo3::types::PyType>> {
                static CLASS: pyo3::sync::PyOnceLock<pyo3::Py<pyo3::types::PyType>> = pyo3::sync::PyOnceLock::new();
                &CLASS
            }
        }
    };
}
pub(crate) use python_enum;

/// A member of one of the enumerations, as an argument or a result: `Member(mlsensor::Mode::Standby)`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member<E>(pub(crate) E);

impl<E> From<E> for Member<E> {
    fn from(value: E) -> Member<E> {
        Member(value)
    }
}

impl<'py, E: PythonEnum> IntoPyObject<'py> for Member<E> {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let class = E::class().import(py, "mlsensor._enums", E::NAME)?;
        let mut members = E::MEMBERS.iter();
        let name = members.find(|(_, value)| *value == self.0).map_or("", |(name, _)| *name);
        class.getattr(name)
    }
}

impl<'py, E: PythonEnum> FromPyObject<'_, 'py> for Member<E> {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let class = E::class().import(object.py(), "mlsensor._enums", E::NAME)?;
        if !object.is_instance(class)? {
            let given = object.get_type().name()?;
            let message = format!("a member of mlsensor.{} is wanted, not {given}", E::NAME);
            return Err(pyo3::exceptions::PyTypeError::new_err(message));
        }
        let name: String = object.getattr("name")?.extract()?;
        let found = E::MEMBERS.iter().find(|(member, _)| *member == name);
        found.map(|(_, value)| Member(*value)).ok_or_else(|| {
            errors::config(
                &format!("{}.{name} is not known here", E::NAME),
                "the package and its native module differ",
            )
        })
    }
}

python_enum!(Mode: mlsensor::Mode { STANDBY = Standby, CONTINUOUS = Continuous });
