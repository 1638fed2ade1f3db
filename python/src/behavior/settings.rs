//! The settings of a behaviour as keyword arguments: their names and their values, taken from the
//! driver.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMappingProxy, PyType};

/// Says which keyword of Python carries which field of a configuration, and as what.
pub(super) trait Settings {
    /// The fields, by their names in Python.
    fn keywords<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>>;
}

/// `settings!(PresenceConfig { arrive_after: Time, ... })`, or `min_deg = min_millideg: Degrees` where
/// the names differ.
macro_rules! settings {
    ($config:ty { $($(($keyword:literal))? $field:ident: $kind:ty),+ $(,)? }) => {
        impl $crate::behavior::settings::Settings for $config {
            fn keywords<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, pyo3::types::PyDict>> {
                let keywords = pyo3::types::PyDict::new(py);
                $(
                    let names: &[&str] = &[$($keyword,)? stringify!($field)];
                    keywords.set_item(names[0], <$kind>::from(self.$field))?;
                )+
                Ok(keywords)
            }
        }
    };
}
pub(super) use settings;

/// As a mapping that nobody can change.
pub(super) fn shown<'py>(py: Python<'py>, config: &impl Settings) -> PyResult<Bound<'py, PyMappingProxy>> {
    Ok(PyMappingProxy::new(py, config.keywords(py)?.as_mapping()))
}

/// An object of the class with these settings, but for the changes.
pub(super) fn preset<'py>(
    class: &Bound<'py, PyType>,
    config: &impl Settings,
    changes: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let keywords = config.keywords(class.py())?;
    if let Some(changes) = changes {
        keywords.update(changes.as_mapping())?;
    }
    class.call((), Some(&keywords))
}

/// As it would be written: `Presence(arrive_after=0.6, ...)`.
pub(super) fn written(py: Python<'_>, config: &impl Settings) -> PyResult<String> {
    let words = config.keywords(py)?.iter().map(|(name, value)| {
        let is_member = value.is_instance(&py.import("enum")?.getattr("Enum")?)?;
        Ok(format!("{name}={}", if is_member { value.str()? } else { value.repr()? }))
    });
    Ok(words.collect::<PyResult<Vec<_>>>()?.join(", "))
}
