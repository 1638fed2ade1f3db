//! What a sensor is set to.

use mlsensor::Config as Settings;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use super::plain;
use crate::enums::{Member, PythonEnum};

/// The settings of a sensor. Without arguments: how it powers on.
///
/// No way to read them back is documented, and a sensor that lost power forgets them.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(module = "mlsensor", frozen, eq, hash, from_py_object)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Config(pub(crate) Settings);

impl From<Settings> for Config {
    fn from(settings: Settings) -> Self {
        Config(settings)
    }
}

impl From<Config> for Settings {
    fn from(value: Config) -> Self {
        value.0
    }
}

const fn word(on: bool) -> &'static str {
    if on { "True" } else { "False" }
}

#[pymethods]
impl Config {
    #[new]
    // The text is what `help` shows; a test holds it to `POWER_ON`.
    #[pyo3(
        signature = (
            *,
            mode = Member(Settings::POWER_ON.mode),
            id_enabled = Settings::POWER_ON.id_enabled,
            persist_ids = Settings::POWER_ON.persist_ids,
            led = Settings::POWER_ON.led,
        ),
        text_signature = "(*, mode=..., id_enabled=False, persist_ids=True, led=True)"
    )]
    fn new(mode: Member<mlsensor::Mode>, id_enabled: bool, persist_ids: bool, led: bool) -> Self {
        let settings = Settings::POWER_ON.with_mode(mode.0).with_id_enabled(id_enabled);
        Config(settings.with_persist_ids(persist_ids).with_led(led))
    }

    /// None: settings are matched by their names.
    #[classattr]
    fn __match_args__(py: Python<'_>) -> Bound<'_, PyTuple> {
        PyTuple::empty(py)
    }

    /// Whether the sensor looks by itself.
    #[getter]
    fn mode(&self) -> Member<mlsensor::Mode> {
        Member(self.0.mode)
    }

    /// Whether recognition runs.
    #[getter]
    fn id_enabled(&self) -> bool {
        self.0.id_enabled
    }

    /// Whether labels outlast a loss of power.
    #[getter]
    fn persist_ids(&self) -> bool {
        self.0.persist_ids
    }

    /// Whether the indicator LED is on.
    #[getter]
    fn led(&self) -> bool {
        self.0.led
    }

    /// The same settings, but for these.
    #[pyo3(signature = (**changes))]
    fn replace(&self, changes: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let mut settings = self.0;
        for (name, value) in changes.into_iter().flatten() {
            match name.extract::<String>()?.as_str() {
                "mode" => settings.mode = value.extract::<Member<mlsensor::Mode>>()?.0,
                "id_enabled" => settings.id_enabled = value.extract()?,
                "persist_ids" => settings.persist_ids = value.extract()?,
                "led" => settings.led = value.extract()?,
                name => {
                    return Err(PyTypeError::new_err(format!("Config has no setting '{name}'")));
                }
            }
        }
        Ok(Config(settings))
    }

    /// As `replace`, for `copy.replace` (Python 3.13).
    #[pyo3(signature = (**changes))]
    fn __replace__(&self, changes: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        self.replace(changes)
    }

    /// The settings as a dictionary that `json` can write.
    fn as_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        plain(py, &self.0)
    }

    fn __repr__(&self) -> String {
        let mut modes = mlsensor::Mode::MEMBERS.iter();
        let mode = modes.find(|(_, mode)| *mode == self.0.mode).map_or("", |(name, _)| *name);
        let (id_enabled, persist_ids) = (word(self.0.id_enabled), word(self.0.persist_ids));
        let led = word(self.0.led);
        format!("Config(mode=Mode.{mode}, id_enabled={id_enabled}, persist_ids={persist_ids}, led={led})")
    }

    /// By way of `copyreg.__newobj_ex__`, which every protocol of pickle knows: there are keyword arguments alone.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let settings = PyDict::new(py);
        settings.set_item("mode", self.mode())?;
        settings.set_item("id_enabled", self.id_enabled())?;
        settings.set_item("persist_ids", self.persist_ids())?;
        settings.set_item("led", self.led())?;
        let make = py.import("copyreg")?.getattr("__newobj_ex__")?;
        Ok((make, (py.get_type::<Config>(), PyTuple::empty(py), settings).into_pyobject(py)?))
    }
}
