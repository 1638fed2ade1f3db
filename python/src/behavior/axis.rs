//! One axis of a pan/tilt, and its servo.

use mlsensor::behavior::{AxisConfig as Driver, Sense};
use pyo3::prelude::*;
use pyo3::types::PyMappingProxy;

use super::number::{Degrees, Magnitude, Whole};
use super::settings::{settings, shown};
use super::value::value;
use crate::enums::Member;
use crate::errors;

settings!(Driver {
    ("min_deg") min_millideg: Degrees,
    ("max_deg") max_millideg: Degrees,
    sense: Member<Sense>,
    ("bias_deg") bias_millideg: Degrees,
    ("dead_band_deg") dead_band_millideg: Magnitude,
    ("slew_deg_per_s") slew_millideg_per_s: Magnitude,
});

const D: Driver = Driver::DEFAULT;
const HALF_TURN: i32 = 180_000;

/// One axis of a pan/tilt: its limits, and how it moves. A frozen value. All angles in degrees, seen from
/// the mount.
///
/// * `min_deg` (-90), `max_deg` (90): how far it goes to the left, or down, and to the right, or up: -180 to
///   180.
/// * `sense`: which way it turns for a positive angle.
/// * `bias_deg` (0): what is added to every commanded angle: how far the horn was put on askew.
/// * `dead_band_deg` (2.5): how far off the target it may rest, not below 0.
/// * `slew_deg_per_s` (120): how fast it may turn, in degrees a second, not below 0.
///
/// Raises `ConfigError` for what is out of its range, or limits that are the wrong way round.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, from_py_object, module = "mlsensor.behavior")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct AxisConfig(pub(super) Driver);

impl From<Driver> for AxisConfig {
    fn from(config: Driver) -> AxisConfig {
        AxisConfig(config)
    }
}

value!(degrees AxisConfig ["min_deg", "max_deg", "sense", "bias_deg", "dead_band_deg", "slew_deg_per_s"] {
    /// The settings that it has unless they are changed.
    #[classattr]
    #[pyo3(name = "DEFAULTS")]
    fn defaults(py: Python<'_>) -> PyResult<Bound<'_, PyMappingProxy>> {
        shown(py, &Driver::DEFAULT)
    }

    #[new]
    #[pyo3(
        signature = (
            min_deg = Degrees(D.min_millideg),
            max_deg = Degrees(D.max_millideg),
            sense = Member(D.sense),
            bias_deg = Degrees(D.bias_millideg),
            dead_band_deg = Magnitude(D.dead_band_millideg),
            slew_deg_per_s = Magnitude(D.slew_millideg_per_s)
        ),
        text_signature = "(min_deg=-90.0, max_deg=90.0, sense=..., bias_deg=0.0, dead_band_deg=2.5, \
            slew_deg_per_s=120.0)"
    )]
    fn new(
        min_deg: Degrees,
        max_deg: Degrees,
        sense: Member<Sense>,
        bias_deg: Degrees,
        dead_band_deg: Magnitude,
        slew_deg_per_s: Magnitude,
    ) -> PyResult<AxisConfig> {
        if min_deg.0 < -HALF_TURN || max_deg.0 > HALF_TURN || min_deg.0 > max_deg.0 {
            let [min, max] = [min_deg.0, max_deg.0].map(|limit| f64::from(limit) / 1000.0);
            return Err(errors::config(
                &format!("an axis cannot go from {min} to {max} degrees"),
                "the limits are within -180 to 180, the lower one first",
            ));
        }
        let config = D
            .with_range(min_deg.0, max_deg.0)
            .with_sense(sense.0)
            .with_bias(bias_deg.0)
            .with_dead_band(dead_band_deg.0)
            .with_slew(slew_deg_per_s.0);
        Ok(AxisConfig(config))
    }

    /// How far it goes to the left, or down, in degrees.
    #[getter]
    fn min_deg(&self) -> Degrees {
        Degrees(self.0.min_millideg)
    }

    /// How far it goes to the right, or up, in degrees.
    #[getter]
    fn max_deg(&self) -> Degrees {
        Degrees(self.0.max_millideg)
    }

    /// Which way it turns for a positive angle.
    #[getter]
    fn sense(&self) -> Member<Sense> {
        Member(self.0.sense)
    }

    /// What is added to every commanded angle, in degrees.
    #[getter]
    fn bias_deg(&self) -> Degrees {
        Degrees(self.0.bias_millideg)
    }

    /// How far off the target it may rest, in degrees.
    #[getter]
    fn dead_band_deg(&self) -> Magnitude {
        Magnitude(self.0.dead_band_millideg)
    }

    /// How fast it may turn, in degrees a second.
    #[getter]
    fn slew_deg_per_s(&self) -> Magnitude {
        Magnitude(self.0.slew_millideg_per_s)
    }
});

settings!(mlsensor::behavior::Servo {
    center_us: Whole<u16>,
    us_per_90_deg: Whole<u16>,
    min_us: Whole<u16>,
    max_us: Whole<u16>,
});

const SERVO: mlsensor::behavior::Servo = mlsensor::behavior::Servo::DEFAULT;

/// A hobby servo: what pulse brings it to which angle. A frozen value. All pulses in microseconds, 0 to
/// 65535.
///
/// * `center_us` (1500): the pulse for an angle of 0.
/// * `us_per_90_deg` (1000): how much longer the pulse is for 90 degrees. Turn a servo by hand-made pulses
///   before you trust it.
/// * `min_us` (500), `max_us` (2500): the shortest and the longest pulse to send.
///
/// Raises `ConfigError` for what is out of its range, or stops that are the wrong way round.
///
/// Threads: a frozen value, which any thread may use.
#[pyclass(frozen, from_py_object, module = "mlsensor.behavior")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Servo(mlsensor::behavior::Servo);

value!(Servo ["center_us", "us_per_90_deg", "min_us", "max_us"] {
    /// The settings that it has unless they are changed.
    #[classattr]
    #[pyo3(name = "DEFAULTS")]
    fn defaults(py: Python<'_>) -> PyResult<Bound<'_, PyMappingProxy>> {
        shown(py, &SERVO)
    }

    #[new]
    #[pyo3(
        signature = (
            center_us = Whole(SERVO.center_us),
            us_per_90_deg = Whole(SERVO.us_per_90_deg),
            min_us = Whole(SERVO.min_us),
            max_us = Whole(SERVO.max_us)
        ),
        text_signature = "(center_us=1500, us_per_90_deg=1000, min_us=500, max_us=2500)"
    )]
    fn new(
        center_us: Whole<u16>,
        us_per_90_deg: Whole<u16>,
        min_us: Whole<u16>,
        max_us: Whole<u16>,
    ) -> PyResult<Servo> {
        if min_us.0 > max_us.0 {
            return Err(errors::config(
                &format!("a servo cannot go from {} to {} microseconds", min_us.0, max_us.0),
                "the shortest pulse comes first",
            ));
        }
        Ok(Servo(SERVO.with_pulses(center_us.0, us_per_90_deg.0).with_stops(min_us.0, max_us.0)))
    }

    /// The pulse for an angle of 0, in microseconds.
    #[getter]
    fn center_us(&self) -> u16 {
        self.0.center_us
    }

    /// How much longer the pulse is for 90 degrees, in microseconds.
    #[getter]
    fn us_per_90_deg(&self) -> u16 {
        self.0.us_per_90_deg
    }

    /// The shortest pulse to send, in microseconds.
    #[getter]
    fn min_us(&self) -> u16 {
        self.0.min_us
    }

    /// The longest pulse to send, in microseconds.
    #[getter]
    fn max_us(&self) -> u16 {
        self.0.max_us
    }

    /// The pulse for an angle in degrees, in microseconds: never shorter than `min_us`, nor longer than
    /// `max_us`.
    ///
    /// Angles count in whole tenths of a degree, and for no more than a full turn.
    fn pulse_us(&self, angle_deg: Degrees) -> u16 {
        self.0.pulse_us(angle_deg.0)
    }
});
