//! Pan and tilt toward somebody.

use mlsensor::behavior::{AimConfig, Mount};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMappingProxy, PyType};

use super::axis::AxisConfig;
use super::direction::{Direction, View};
use super::lock::Locked;
use super::number::Id;
use super::settings::{preset, settings, shown, written};
use super::tracker::Tracker;
use super::value::value;
use crate::enums::Member;
use crate::time::Seconds;

/// What a head is doing. A frozen value.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, module = "mlsensor.behavior")]
#[derive(Debug, Clone)]
pub(crate) enum AimState {
    /// It keeps to somebody: to the track with this number.
    Following {
        /// The number of the track.
        track: u16,
    },
    /// Nobody is there, and it stays as it is.
    Holding {},
    /// Nobody is there, and it goes to its rest, or is there.
    Returning {},
    /// Nobody is there, and it looks for somebody.
    Searching {},
    /// Readings fail: it does not move.
    Blind {},
}

impl From<mlsensor::behavior::AimState> for AimState {
    fn from(state: mlsensor::behavior::AimState) -> AimState {
        use mlsensor::behavior::AimState as Driver;
        match state {
            Driver::Following(track) => AimState::Following { track: track.get() },
            Driver::Holding => AimState::Holding {},
            Driver::Returning => AimState::Returning {},
            Driver::Searching => AimState::Searching {},
            Driver::Blind => AimState::Blind {},
        }
    }
}

value!(enum AimState ["Following"] {});

/// Whom to follow, of several: `Choice.Largest()`, `Choice.Nearest()` or `Choice.Person(id)`. A frozen
/// value.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, from_py_object, module = "mlsensor.behavior")]
#[derive(Debug, Clone)]
pub(crate) enum Choice {
    /// The one with the largest face: mostly who is nearest to the sensor.
    Largest {},
    /// The one who is nearest to where the head points already.
    Nearest {},
    /// The person with this id, as soon as recognition has told them from others; until then, and while
    /// they are not there, the largest.
    Person {
        /// The id, 0 to 7.
        id: Id,
    },
}

impl From<mlsensor::behavior::Choice> for Choice {
    fn from(choice: mlsensor::behavior::Choice) -> Choice {
        use mlsensor::behavior::Choice as Driver;
        match choice {
            Driver::Largest => Choice::Largest {},
            Driver::Nearest => Choice::Nearest {},
            Driver::Person(id) => Choice::Person { id: Id(id) },
        }
    }
}

impl From<Choice> for mlsensor::behavior::Choice {
    fn from(choice: Choice) -> Self {
        match choice {
            Choice::Largest {} => Self::Largest,
            Choice::Nearest {} => Self::Nearest,
            Choice::Person { id } => Self::Person(id.0),
        }
    }
}

value!(enum Choice ["Person"] {});

/// What to do when nobody is there any more: `WhenLost.Hold()`, `WhenLost.Return(after)` or
/// `WhenLost.Search(after)`. A frozen value.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, from_py_object, module = "mlsensor.behavior")]
#[derive(Debug, Clone)]
pub(crate) enum WhenLost {
    /// Stay as it is.
    Hold {},
    /// Stay for so many seconds, and then go back to rest.
    Return {
        /// How long to stay, in seconds.
        after: Seconds,
    },
    /// Stay for so many seconds, and then look for somebody, slowly, from one limit of the pan to the
    /// other. A sensor that stands fixed goes back to rest instead.
    Search {
        /// How long to stay, in seconds.
        after: Seconds,
    },
}

impl From<mlsensor::behavior::WhenLost> for WhenLost {
    fn from(when: mlsensor::behavior::WhenLost) -> WhenLost {
        use mlsensor::behavior::WhenLost as Driver;
        match when {
            Driver::Hold => WhenLost::Hold {},
            Driver::Return(after) => WhenLost::Return { after: Seconds(after) },
            Driver::Search(after) => WhenLost::Search { after: Seconds(after) },
        }
    }
}

impl From<WhenLost> for mlsensor::behavior::WhenLost {
    fn from(when: WhenLost) -> Self {
        match when {
            WhenLost::Hold {} => Self::Hold,
            WhenLost::Return { after } => Self::Return(after.0),
            WhenLost::Search { after } => Self::Search(after.0),
        }
    }
}

value!(enum WhenLost ["Return", "Search"] {});

settings!(AimConfig {
    pan: AxisConfig,
    tilt: AxisConfig,
    mount: Member<Mount>,
    latency: Seconds,
    latency_uncertainty: Seconds,
    choice: Choice,
    keep_for: Seconds,
    when_lost: WhenLost,
    rest: Direction,
});

const D: AimConfig = AimConfig::DEFAULT;

/// Turns a pan/tilt toward somebody, without hunting. It goes by a `Tracker`.
///
/// Call `update` every 0.05 s or more often, also between readings, and take one `view` for every reading,
/// before `Tracker.update_from`. All times in seconds, not below 0; `ConfigError` otherwise.
///
/// * `pan`: the axis that turns to the sides.
/// * `tilt`: the axis that turns up and down. -30 to 45 degrees unless changed.
/// * `mount`: where the sensor sits. On the head unless changed.
/// * `latency` (0.27): from the picture to the reading.
/// * `latency_uncertainty` (0.07): by how much the latency may be wrong.
/// * `choice`: whom to follow. The largest face unless changed.
/// * `keep_for` (4): how long a target is kept though another would be chosen now.
/// * `when_lost`: what to do when nobody is there any more. Return after 10 s unless changed.
/// * `rest`: where the head points when it rests. Straight ahead unless changed.
///
/// Threads: any number may use it; each call is whole.
#[pyclass(frozen, module = "mlsensor.behavior")]
pub(crate) struct Aim(Locked<mlsensor::behavior::Aim>);

#[pymethods]
impl Aim {
    /// The settings that it has unless they are changed.
    #[classattr]
    #[pyo3(name = "DEFAULTS")]
    fn defaults(py: Python<'_>) -> PyResult<Bound<'_, PyMappingProxy>> {
        shown(py, &AimConfig::DEFAULT)
    }

    /// The settings for a program that reads by `Cadence`, just after each inference.
    #[classattr]
    #[pyo3(name = "WITH_CADENCE")]
    fn cadence(py: Python<'_>) -> PyResult<Bound<'_, PyMappingProxy>> {
        shown(py, &AimConfig::WITH_CADENCE)
    }

    /// For a program that reads by `Cadence`: with the settings `WITH_CADENCE`, but for the changes.
    #[classmethod]
    #[pyo3(signature = (**changes))]
    fn with_cadence<'py>(
        class: &Bound<'py, PyType>,
        changes: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        preset(class, &AimConfig::WITH_CADENCE, changes)
    }

    /// The settings for a sensor that runs recognition, as `Choice.Person` needs: its results are older.
    #[classattr]
    #[pyo3(name = "WITH_RECOGNITION")]
    fn recognition(py: Python<'_>) -> PyResult<Bound<'_, PyMappingProxy>> {
        shown(py, &AimConfig::WITH_RECOGNITION)
    }

    /// For a sensor that runs recognition: with the settings `WITH_RECOGNITION`, but for the changes.
    #[classmethod]
    #[pyo3(signature = (**changes))]
    fn with_recognition<'py>(
        class: &Bound<'py, PyType>,
        changes: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        preset(class, &AimConfig::WITH_RECOGNITION, changes)
    }

    #[new]
    #[pyo3(
        signature = (
            *,
            pan = AxisConfig(D.pan),
            tilt = AxisConfig(D.tilt),
            mount = Member(D.mount),
            latency = Seconds(D.latency),
            latency_uncertainty = Seconds(D.latency_uncertainty),
            choice = Choice::from(D.choice),
            keep_for = Seconds(D.keep_for),
            when_lost = WhenLost::from(D.when_lost),
            rest = Direction(D.rest)
        ),
        text_signature = "(*, pan=..., tilt=..., mount=..., latency=0.27, latency_uncertainty=0.07, \
            choice=..., keep_for=4.0, when_lost=..., rest=...)"
    )]
    #[allow(clippy::too_many_arguments, reason = "keywords of Python, one a setting")]
    fn new(
        pan: AxisConfig,
        tilt: AxisConfig,
        mount: Member<Mount>,
        latency: Seconds,
        latency_uncertainty: Seconds,
        choice: Choice,
        keep_for: Seconds,
        when_lost: WhenLost,
        rest: Direction,
    ) -> Aim {
        let config = D
            .with_pan(pan.0)
            .with_tilt(tilt.0)
            .with_mount(mount.0)
            .with_latency(latency.0, latency_uncertainty.0)
            .with_choice(choice.into(), keep_for.0)
            .with_when_lost(when_lost.into())
            .with_rest(rest.0);
        Aim(Locked::new(mlsensor::behavior::Aim::new(config)))
    }

    /// From where the sensor looked when the picture was taken that is read now: for
    /// `Tracker.update_from`.
    fn view(&self, py: Python<'_>, now: Seconds) -> View {
        View(self.0.with(py, |aim| aim.view(now.0)))
    }

    /// Goes on, for the time since the last call; gives the angles to command now, with sense and bias of
    /// each axis.
    ///
    /// `now` is in seconds since any fixed moment, the same as for the tracker. A clock that is set back
    /// takes the past along.
    fn update(&self, py: Python<'_>, now: Seconds, tracker: &Tracker) -> Direction {
        Direction(self.0.with(py, |aim| tracker.lent(py, |tracker| aim.update(now.0, tracker))))
    }

    /// Where the head points: as commanded last, without sense and bias.
    #[getter]
    fn direction(&self, py: Python<'_>) -> Direction {
        Direction(self.0.with(py, |aim| aim.direction()))
    }

    /// The angles to command, with sense and bias of each axis.
    #[getter]
    fn angles(&self, py: Python<'_>) -> Direction {
        Direction(self.0.with(py, |aim| aim.angles()))
    }

    /// What it is doing, as of the latest update.
    #[getter]
    fn state(&self, py: Python<'_>) -> AimState {
        self.0.with(py, |aim| aim.state()).into()
    }

    /// The settings it was made with, by their keywords.
    #[getter]
    fn config<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
        shown(py, &self.0.with(py, |aim| *aim.config()))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (config, direction) = self.0.with(py, |aim| (*aim.config(), aim.direction()));
        Ok(format!("<Aim({}): {direction}>", written(py, &config)?))
    }
}
