//! Scripted scenes as files.
//!
//! # The file
//! ```toml
//! about = "One sentence for the reader."
//! duration_s = 20.0            # how long it goes on
//! seed = 1                     # for all that is left to chance; 0 if absent
//! sensor_height_m = 1.4        # over the floor; 1.4 if absent
//!
//! [settings]                   # registers when it starts, by the names of `Config`; power-on settings if absent
//! id_enabled = true
//!
//! [detection]                  # how well the sensor sees, by the names of `Detection`; like hardware if absent
//! facing_flip_permille = 250
//!
//! [[person]]                   # any number, there from their first key point to their last
//! who = 1                      # faces of the same `who` are the same person's; 1, 2, 3 ... if absent
//! eye_height_m = 1.6           # over the floor; 1.6 if absent
//! path = [                     # straight from point to point; what a point does not say is as it was before
//!     { at_s = 0.0, distance_m = 4.0, bearing_deg = -10.0, heading_deg = 0.0 },
//!     { at_s = 5.0, distance_m = 1.0 },
//!     { at_s = 8.0, heading_deg = 90.0 },
//!     { at_s = 9.0, right_m = 3.0, ahead_m = 1.0 },
//! ]
//!
//! [[event]]                    # what happens to the sensor
//! at_s = 2.0
//! write = [0x04, 0]            # a register and its value, as if over the bus
//!
//! [[event]]
//! at_s = 10.0
//! power = "off"                # or "on"
//! ```
//! Bearings are off the lens axis, negative to the sensor's left. A heading of 0 faces the sensor, 90 is a profile,
//! 180 the back of the head.

use core::fmt;
use core::ops::Range;
use core::time::Duration;

use mlsensor::{Command, Config};
use serde::Deserialize;
use toml::Spanned;

use crate::scene::thousandths;
use crate::{Detection, Event, KeyPoint, Person, SimSensor, Timeline, Walk};

/// The longest scenario, in seconds: a week.
const LONGEST_S: f64 = 7.0 * 24.0 * 3600.0;

/// A scripted scene, with all that a run of it needs.
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
        &[$(($name, include_str!(concat!("../scenarios/", $name, ".toml")))),*]
    };
}

impl Scenario {
    /// The scenarios that come with the crate: name and file.
    pub const SHIPPED: &'static [(&'static str, &'static str)] =
        shipped!["walk_up", "two_people", "turn_away", "label_and_return", "flicker", "crowd", "empty_room"];

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
        let file: File =
            toml::from_str(text).map_err(|error| at(error.span(), error.message().to_owned()))?;
        file.scenario().map_err(|(span, what)| at(span, what))
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

type Wrong = (Option<Range<usize>>, String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    about: String,
    duration_s: Spanned<f64>,
    #[serde(default)]
    seed: u64,
    sensor_height_m: Option<Spanned<f64>>,
    #[serde(default)]
    settings: Config,
    detection: Option<Spanned<Detection>>,
    #[serde(default)]
    person: Vec<PersonEntry>,
    #[serde(default)]
    event: Vec<EventEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonEntry {
    who: Option<u32>,
    eye_height_m: Option<Spanned<f64>>,
    path: Spanned<Vec<Spanned<Point>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Point {
    at_s: f64,
    distance_m: Option<f64>,
    bearing_deg: Option<f64>,
    right_m: Option<f64>,
    ahead_m: Option<f64>,
    heading_deg: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventEntry {
    at_s: Spanned<f64>,
    write: Option<[u8; 2]>,
    power: Option<Power>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Power {
    Off,
    On,
}

impl File {
    fn scenario(self) -> Result<Scenario, Wrong> {
        let duration = seconds(&self.duration_s)?;
        if let Some(detection) = &self.detection {
            check_detection(detection)?;
        }
        let mut walks = Vec::new();
        for (number, entry) in (1..).zip(self.person) {
            walks.push(entry.walk(number)?);
        }
        let mut timeline = Timeline::new(walks);
        if let Some(height) = self.sensor_height_m {
            timeline.sensor_height_mm = metres("sensor_height_m", &height)?;
        }
        for command in self.settings.commands() {
            timeline = timeline.with_event(Duration::ZERO, Event::Command(command));
        }
        for entry in self.event {
            let at = seconds(&entry.at_s)?;
            timeline = timeline.with_event(at, entry.event()?);
        }
        let detection = self.detection.map(Spanned::into_inner).unwrap_or_default();
        let (about, seed) = (self.about, self.seed);
        Ok(Scenario { about, duration, seed, detection, timeline })
    }
}

impl PersonEntry {
    fn walk(self, number: u32) -> Result<Walk, Wrong> {
        let mut person = Person::at(0.0, 0.0).known_as(self.who.unwrap_or(number));
        if let Some(height) = self.eye_height_m {
            person.eye_height_mm = metres("eye_height_m", &height)?;
        }
        let mut place = None;
        let mut points: Vec<KeyPoint> = Vec::new();
        let path = self.path.span();
        for point in self.path.into_inner() {
            let span = point.span();
            let wrong = |what: &str| (Some(span.clone()), what.to_owned());
            let point = point.into_inner();
            let at = point.at().ok_or_else(|| wrong("at_s is no time from 0 to a week"))?;
            if points.last().is_some_and(|last| last.at > at) {
                return Err(wrong("at_s is earlier than that of the point before"));
            }
            place = Some(point.place(place).map_err(wrong)?);
            if let Some(heading) = point.heading_deg {
                if heading.is_nan() || heading.abs() > 3600.0 {
                    return Err(wrong("heading_deg is no angle from -3600 to 3600"));
                }
                person.heading_millideg = thousandths(heading);
            }
            if let Some(place) = place {
                points.push(KeyPoint::new(at, place.person(person)));
            }
        }
        if points.is_empty() {
            return Err((Some(path), "a path needs at least one point".to_owned()));
        }
        Ok(Walk::new(points))
    }
}

/// Where somebody stands, in the words of the file.
#[derive(Clone, Copy)]
enum Place {
    Polar { distance_m: f64, bearing_deg: f64 },
    Across { right_m: f64, ahead_m: f64 },
}

impl Place {
    fn person(self, like: Person) -> Person {
        let (right_mm, ahead_mm) = match self {
            Place::Polar { distance_m, bearing_deg } => {
                let there = Person::at(distance_m, bearing_deg);
                (there.right_mm, there.ahead_mm)
            }
            Place::Across { right_m, ahead_m } => (thousandths(right_m), thousandths(ahead_m)),
        };
        Person { right_mm, ahead_mm, ..like }
    }
}

impl Point {
    fn at(&self) -> Option<Duration> {
        let is_time = (0.0..=LONGEST_S).contains(&self.at_s);
        is_time.then(|| Duration::from_millis((self.at_s * 1000.0 + 0.5) as u64))
    }

    /// The place that this point names, with what it leaves out as it was before.
    fn place(&self, before: Option<Place>) -> Result<Place, &'static str> {
        let polar = self.distance_m.is_some() || self.bearing_deg.is_some();
        let across = self.right_m.is_some() || self.ahead_m.is_some();
        let place = match (polar, across, before) {
            (true, true, _) => return Err("distance_m and bearing_deg do not go with right_m and ahead_m"),
            (false, false, Some(before)) => before,
            (false, false, None) => return Err("the first point of a path needs a place"),
            (true, false, before) => {
                let (distance_m, bearing_deg) = match before {
                    Some(Place::Polar { distance_m, bearing_deg }) => (Some(distance_m), Some(bearing_deg)),
                    _ => (None, Some(0.0)),
                };
                Place::Polar {
                    distance_m: self.distance_m.or(distance_m).ok_or("distance_m is missing")?,
                    bearing_deg: self.bearing_deg.or(bearing_deg).unwrap_or(0.0),
                }
            }
            (false, true, before) => {
                let (right_m, ahead_m) = match before {
                    Some(Place::Across { right_m, ahead_m }) => (Some(right_m), Some(ahead_m)),
                    _ => (None, None),
                };
                Place::Across {
                    right_m: self.right_m.or(right_m).ok_or("right_m is missing")?,
                    ahead_m: self.ahead_m.or(ahead_m).ok_or("ahead_m is missing")?,
                }
            }
        };
        let within = |value: f64, most: f64| (-most..=most).contains(&value);
        match place {
            Place::Polar { distance_m, .. } if !(0.0..=100.0).contains(&distance_m) => {
                Err("distance_m is no length from 0 to 100")
            }
            Place::Polar { bearing_deg, .. } if !within(bearing_deg, 180.0) => {
                Err("bearing_deg is no angle from -180 to 180")
            }
            Place::Across { right_m, ahead_m } if !(within(right_m, 100.0) && within(ahead_m, 100.0)) => {
                Err("right_m and ahead_m are no lengths from -100 to 100")
            }
            _ => Ok(place),
        }
    }
}

impl EventEntry {
    fn event(&self) -> Result<Event, Wrong> {
        let wrong = |what: String| (Some(self.at_s.span()), what);
        match (self.write, &self.power) {
            (Some(pair), None) => {
                let command = Command::parse(pair).map_err(|error| wrong(error.to_string()))?;
                Ok(Event::Command(command))
            }
            (None, Some(Power::Off)) => Ok(Event::PowerOff),
            (None, Some(Power::On)) => Ok(Event::PowerOn),
            _ => Err(wrong("an event needs either write or power".to_owned())),
        }
    }
}

fn seconds(value: &Spanned<f64>) -> Result<Duration, Wrong> {
    if !(0.0..=LONGEST_S).contains(value.get_ref()) {
        return Err((Some(value.span()), "this is no time from 0 to a week, in seconds".to_owned()));
    }
    Ok(Duration::from_millis((value.get_ref() * 1000.0 + 0.5) as u64))
}

fn metres(name: &str, value: &Spanned<f64>) -> Result<i32, Wrong> {
    if !(0.0..=100.0).contains(value.get_ref()) {
        return Err((Some(value.span()), format!("{name} is no height from 0 to 100")));
    }
    Ok(thousandths(*value.get_ref()))
}

/// Rates that are none would not do what they say.
fn check_detection(detection: &Spanned<Detection>) -> Result<(), Wrong> {
    let wrong = |what: &str| Err((Some(detection.span()), what.to_owned()));
    let d = detection.get_ref();
    let rates =
        [d.split_permille, d.facing_flip_permille, d.identity_wrong_permille, d.identity_missed_permille];
    if d.miss_permille.iter().chain(&rates).any(|&rate| rate > 1000) {
        return wrong("a rate in permille is above 1000");
    }
    if d.false_burst_per_million > 1_000_000 {
        return wrong("false_burst_per_million is above 1000000");
    }
    if [d.turned_from_deg, d.turned_gone_deg, d.facing_within_deg].iter().any(|&angle| angle > 180) {
        return wrong("an angle in degrees is above 180");
    }
    let [fewest, most] = d.false_burst_inferences;
    let [low, high] = d.identity_confidence;
    if fewest == 0 || fewest > most || low == 0 || low > high || high > 100 || d.jitter_units > 127 {
        return wrong("a range of [detection] is empty, or beyond what a packet can say");
    }
    Ok(())
}
