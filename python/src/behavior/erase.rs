//! To erase all ids, and to know that it worked.

use mlsensor::behavior as driver;
use mlsensor::behavior::EraseConfig;
use pyo3::prelude::*;
use pyo3::types::PyMappingProxy;

use super::enroll_outcome::unknown;
use super::lock::Locked;
use super::number::{Id, Whole};
use super::procedure::Step;
use super::settings::{settings, shown, written};
use super::value::value;
use crate::time::Seconds;
use crate::values::Faces;

/// What is done now. A frozen value; `str(progress)` is a sentence for the user.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, module = "mlsensor.behavior")]
#[derive(Debug, Clone)]
pub(crate) enum EraseProgress {
    /// The sensor gives no readings.
    NoReading {},
    /// It looks who is recognised now.
    Preparing {},
    /// The command was sent: the sensor is left alone.
    Erasing {},
    /// Nobody is in view to check with.
    NobodyInView {},
    /// So many of so many readings with somebody in view are checked.
    Checking {
        /// How many were checked.
        checked: Whole<u8>,
        /// How many are to be checked.
        of: Whole<u8>,
    },
}

impl TryFrom<driver::EraseProgress> for EraseProgress {
    type Error = PyErr;

    fn try_from(progress: driver::EraseProgress) -> PyResult<EraseProgress> {
        use driver::EraseProgress as Driver;
        Ok(match progress {
            Driver::NoReading => EraseProgress::NoReading {},
            Driver::Preparing => EraseProgress::Preparing {},
            Driver::Erasing => EraseProgress::Erasing {},
            Driver::NobodyInView => EraseProgress::NobodyInView {},
            Driver::Checking { checked, of } => {
                EraseProgress::Checking { checked: Whole(checked), of: Whole(of) }
            }
            other => return Err(unknown(&other)),
        })
    }
}

value!(enum EraseProgress [] {
    fn __str__(&self) -> String {
        match self {
            EraseProgress::NoReading {} => driver::EraseProgress::NoReading,
            EraseProgress::Preparing {} => driver::EraseProgress::Preparing,
            EraseProgress::Erasing {} => driver::EraseProgress::Erasing,
            EraseProgress::NobodyInView {} => driver::EraseProgress::NobodyInView,
            EraseProgress::Checking { checked, of } => {
                driver::EraseProgress::Checking { checked: checked.0, of: of.0 }
            }
        }
        .to_string()
    }
});

/// All ids were erased, as far as it could be checked. A frozen value.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, module = "mlsensor.behavior")]
#[derive(Debug, Clone)]
pub(crate) struct Erased {
    /// Whether enough readings with somebody in view said no id. If not, nobody was there to check
    /// with.
    #[pyo3(get)]
    is_verified: bool,
    /// How many readings with somebody in view there were after the command.
    #[pyo3(get)]
    checked: Whole<u8>,
    /// Whether anybody in view was recognised before: then `is_verified` is a proof, if it is the same
    /// person.
    #[pyo3(get)]
    was_recognised: bool,
    /// How often the command was sent.
    #[pyo3(get)]
    commands_sent: Whole<u8>,
}

impl From<driver::Erased> for Erased {
    fn from(erased: driver::Erased) -> Erased {
        Erased {
            is_verified: erased.is_verified,
            checked: Whole(erased.checked),
            was_recognised: erased.was_recognised,
            commands_sent: Whole(erased.commands_sent),
        }
    }
}

value!(Erased ["is_verified", "checked", "was_recognised", "commands_sent"] {
    #[new]
    fn new(is_verified: bool, checked: Whole<u8>, was_recognised: bool, commands_sent: Whole<u8>) -> Erased {
        Erased { is_verified, checked, was_recognised, commands_sent }
    }
});

/// Erasing gave up. A frozen value; `str(not_erased)` says why in a sentence.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, module = "mlsensor.behavior")]
#[derive(Debug, Clone)]
pub(crate) enum NotErased {
    /// There was no reading for too long: the bus fails, or what comes are no packets of this sensor.
    NoReading {
        /// How often the command was sent, those times included when the transfer failed.
        commands_sent: Whole<u8>,
    },
    /// Somebody is recognised after the last attempt, as this id.
    StillKnown {
        /// The id, 0 to 7.
        id: Id,
    },
}

impl TryFrom<driver::NotErased> for NotErased {
    type Error = PyErr;

    fn try_from(reason: driver::NotErased) -> PyResult<NotErased> {
        Ok(match reason {
            driver::NotErased::NoReading { commands_sent } => {
                NotErased::NoReading { commands_sent: Whole(commands_sent) }
            }
            driver::NotErased::StillKnown(id) => NotErased::StillKnown { id: Id(id) },
            other => return Err(unknown(&other)),
        })
    }
}

value!(enum NotErased ["StillKnown"] {
    fn __str__(&self) -> String {
        match self {
            NotErased::NoReading { commands_sent } => {
                driver::NotErased::NoReading { commands_sent: commands_sent.0 }
            }
            NotErased::StillKnown { id } => driver::NotErased::StillKnown(id.0),
        }
        .to_string()
    }
});

settings!(EraseConfig {
    before: Seconds,
    after: Seconds,
    read_every: Seconds,
    verify_packets: Whole<u8>,
    verify_recognised: Whole<u8>,
    look_for: Seconds,
    attempts: Whole<u8>,
    longest_silence: Seconds,
});

const D: EraseConfig = EraseConfig::DEFAULT;

/// The procedure that erases all ids, and makes sure of it as far as somebody is there to check with.
///
/// It does no I/O: ask `step(now)` what to do, do it, and report. It ends with `Step.Over(outcome)`, an
/// `Erased` or a `NotErased`. The sensor is left in continuous mode with recognition on. Nobody else may
/// command it meanwhile.
///
/// Times in seconds, not below 0; counts 0 to 255; `ConfigError` otherwise.
///
/// * `before` (1): how long nothing is sent before.
/// * `after` (1): how long the sensor is left alone after.
/// * `read_every` (0.3): from reading to reading: longer than an inference. At least 0.01 whatever is set.
/// * `verify_packets` (6): how many readings with a face must be of strangers. With 0 nothing is checked.
/// * `verify_recognised` (0): how many of the readings may say an id all the same.
/// * `look_for` (5): how long to look for somebody to check with.
/// * `attempts` (3): how often the command is sent at the most. At least 1 whatever is set.
/// * `longest_silence` (2): how long to go without a reading before it is given up.
///
/// Threads: any number may use it; each call is whole.
#[pyclass(frozen, module = "mlsensor.behavior")]
pub(crate) struct Erase(Locked<driver::Erase>);

#[pymethods]
impl Erase {
    /// The settings that it has unless they are changed.
    #[classattr]
    #[pyo3(name = "DEFAULTS")]
    fn defaults(py: Python<'_>) -> PyResult<Bound<'_, PyMappingProxy>> {
        shown(py, &EraseConfig::DEFAULT)
    }

    #[new]
    #[pyo3(
        signature = (
            *,
            before = Seconds(D.before),
            after = Seconds(D.after),
            read_every = Seconds(D.read_every),
            verify_packets = Whole(D.verify_packets),
            verify_recognised = Whole(D.verify_recognised),
            look_for = Seconds(D.look_for),
            attempts = Whole(D.attempts),
            longest_silence = Seconds(D.longest_silence)
        ),
        text_signature = "(*, before=1.0, after=1.0, read_every=0.3, verify_packets=6, \
            verify_recognised=0, look_for=5.0, attempts=3, longest_silence=2.0)"
    )]
    #[allow(clippy::too_many_arguments, reason = "keywords of Python, one a setting")]
    fn new(
        before: Seconds,
        after: Seconds,
        read_every: Seconds,
        verify_packets: Whole<u8>,
        verify_recognised: Whole<u8>,
        look_for: Seconds,
        attempts: Whole<u8>,
        longest_silence: Seconds,
    ) -> Erase {
        let config = D
            .with_pauses(before.0, after.0)
            .with_read_every(read_every.0)
            .with_verification(verify_packets.0, verify_recognised.0)
            .with_look_for(look_for.0)
            .with_attempts(attempts.0)
            .with_longest_silence(longest_silence.0);
        Erase(Locked::new(driver::Erase::new(config)))
    }

    /// What to do at `now`, in seconds since any fixed moment. The first call begins the procedure.
    fn step(&self, py: Python<'_>, now: Seconds) -> PyResult<Step> {
        let step: driver::Step<_> = self.0.with(py, |erase| erase.step(now.0));
        Step::of(step, |outcome| match outcome {
            Ok(erased) => Ok(Py::new(py, Erased::from(erased))?.into_any()),
            Err(reason) => Ok(NotErased::try_from(reason)?.into_pyobject(py)?.into_any().unbind()),
        })
    }

    /// The command of the latest `Step.Send` was sent, or that failed.
    fn sent(&self, py: Python<'_>, now: Seconds, was_ok: bool) {
        self.0.with(py, |erase| erase.sent(now.0, was_ok));
    }

    /// A read was done, or it failed: then `faces` is None, never "nobody". Readings that were not
    /// asked for are ignored.
    #[pyo3(signature = (now, faces))]
    fn update(&self, py: Python<'_>, now: Seconds, faces: Option<&Faces>) {
        let reading = faces.map(|faces| &faces.0);
        self.0.with(py, |erase| erase.update(now.0, reading));
    }

    /// What to tell the user now.
    #[getter]
    fn progress(&self, py: Python<'_>) -> PyResult<EraseProgress> {
        self.0.with(py, |erase| erase.progress()).try_into()
    }

    /// How long it can take at the most, in seconds that the caller lets pass.
    #[getter]
    fn longest(&self, py: Python<'_>) -> Seconds {
        Seconds(self.0.with(py, |erase| erase.config().longest()))
    }

    /// The settings it was made with, by their keywords.
    #[getter]
    fn config<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
        shown(py, &self.0.with(py, |erase| *erase.config()))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (config, progress) = self.0.with(py, |erase| (*erase.config(), erase.progress()));
        Ok(format!("<Erase({}): {progress}>", written(py, &config)?))
    }
}
