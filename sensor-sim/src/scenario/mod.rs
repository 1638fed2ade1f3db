//! Scripted scenes as files.

mod file;
mod limits;
mod path;

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;
use core::ops::Range;
use core::time::Duration;

use crate::{Detection, SimSensor, Timeline};

/// A scripted scene, with all that a run of it needs.
///
/// # The file
/// ```toml
/// about = "One sentence for the reader."
/// duration_s = 20.0            # how long it goes on
/// seed = 1                     # for all that is left to chance; 0 if absent
/// sensor_height_m = 1.4        # over the floor; 1.4 if absent
///
/// [settings]                   # registers when it starts, by the names of `Config`; power-on settings if absent
/// id_enabled = true
///
/// [detection]                  # how well the sensor sees, by the names of `Detection`; like hardware if absent
/// facing_flip_permille = 250
///
/// [[person]]                   # any number, there from their first key point to their last
/// who = 1                      # faces of the same `who` are the same person's; 1, 2, 3 ... if absent
/// eye_height_m = 1.6           # over the floor; 1.6 if absent
/// path = [                     # straight from point to point; what a point does not say is as it was before
///     { at_s = 0.0, distance_m = 4.0, bearing_deg = -10.0, heading_deg = 0.0 },
///     { at_s = 5.0, distance_m = 1.0 },
///     { at_s = 8.0, heading_deg = 90.0 },
///     { at_s = 9.0, right_m = 3.0, ahead_m = 1.0 },
/// ]
///
/// [[event]]                    # what happens to the sensor
/// at_s = 2.0
/// write = [0x04, 0]            # a register and its value, as if over the bus
///
/// [[event]]
/// at_s = 10.0
/// power = "off"                # or "on"
/// ```
/// Bearings are off the lens axis, negative to the sensor's left. A heading of 0 faces the sensor, 90 is a profile,
/// 180 the back of the head.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scenario {
    /// One sentence for the reader.
    pub about: String,
    /// How long it goes on.
    pub duration: Duration,
    /// The seed for all that is left to chance.
    pub seed: u64,
    /// How well the sensor sees.
    pub detection: Detection,
    /// Who walks where, and what happens to the sensor.
    pub timeline: Timeline,
}

macro_rules! shipped {
    ($($name:literal),*) => {
        &[$(($name, include_str!(concat!("../../scenarios/", $name, ".toml")))),*]
    };
}

impl Scenario {
    /// The scenarios that come with the crate: name and file.
    pub const SHIPPED: &'static [(&'static str, &'static str)] = shipped![
        "walk_up",
        "two_people",
        "turn_away",
        "label_and_return",
        "flicker",
        "crowd",
        "empty_room",
        "desk"
    ];

    /// A scenario that comes with the crate.
    ///
    /// ```
    /// use mlsensor_sim::Scenario;
    ///
    /// let scenario = Scenario::named("walk_up").ok_or("no such scenario")?;
    /// let sensor = scenario.sensor();
    /// # let _ = sensor;
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn named(name: &str) -> Option<Scenario> {
        let (_, text) = Scenario::SHIPPED.iter().find(|(shipped, _)| *shipped == name)?;
        Scenario::parse(text).ok()
    }

    /// Reads a scenario file.
    ///
    /// # Errors
    /// [`ScenarioError`]: what is wrong with the file, and on which line.
    pub fn parse(text: &str) -> Result<Scenario, ScenarioError> {
        let at = |span: Option<Range<usize>>, what: String| ScenarioError { line: line_of(text, span), what };
        let file: file::File =
            toml::from_str(text).map_err(|error| at(error.span(), error.message().to_owned()))?;
        file.scenario(text).map_err(|(span, what)| at(span, what))
    }

    /// A sensor in front of this scene, at its beginning.
    #[must_use]
    pub fn sensor(&self) -> SimSensor {
        SimSensor::new()
            .with_detection(self.detection.clone())
            .with_seed(self.seed)
            .with_timeline(self.timeline.clone())
    }
}

/// Where in the text something is wrong, and what.
type Wrong = (Option<Range<usize>>, String);

/// The number of the line, from 1, on which the span begins.
fn line_of(text: &str, span: Option<Range<usize>>) -> usize {
    let begin = span.map_or(0, |span| span.start);
    text.bytes().take(begin).filter(|&byte| byte == b'\n').count() + 1
}

/// What is wrong with a scenario file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScenarioError {
    /// The line's number, from 1.
    pub line: usize,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl core::error::Error for ScenarioError {}
