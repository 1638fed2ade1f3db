//! The tables of a scenario file, and what becomes of them.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use mlsensor::{Command, Config};
use serde::Deserialize;
use toml::Spanned;

use super::limits::{check_detection, height, one_line, time};
use super::path::Point;
use super::{Scenario, Wrong};
use crate::{Detection, Event, Person, Timeline, Walk};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    about: Spanned<String>,
    duration_s: Spanned<f64>,
    #[serde(default)]
    seed: u64,
    sensor_height_m: Option<Spanned<f64>>,
    #[serde(default)]
    settings: Config,
    #[serde(default)]
    detection: Detection,
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
struct EventEntry {
    at_s: Spanned<f64>,
    write: Option<Spanned<[u8; 2]>>,
    power: Option<Power>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Power {
    Off,
    On,
}

impl File {
    pub(super) fn scenario(self, text: &str) -> Result<Scenario, Wrong> {
        one_line("about", &self.about)?;
        let duration = time("duration_s", &self.duration_s)?;
        check_detection(&self.detection, text)?;
        let mut walks = Vec::new();
        for (number, entry) in (1..).zip(self.person) {
            walks.push(entry.walk(number)?);
        }
        let mut timeline = Timeline::new(walks);
        if let Some(value) = self.sensor_height_m {
            timeline.sensor_height_mm = height("sensor_height_m", &value)?;
        }
        for command in self.settings.commands() {
            timeline = timeline.with_event(Duration::ZERO, Event::Command(command));
        }
        for entry in self.event {
            let at = time("at_s", &entry.at_s)?;
            timeline = timeline.with_event(at, entry.event()?);
        }
        let (about, seed, detection) = (self.about.into_inner(), self.seed, self.detection);
        Ok(Scenario { about, duration, seed, detection, timeline })
    }
}

impl PersonEntry {
    fn walk(self, number: u32) -> Result<Walk, Wrong> {
        let mut person = Person::at(0.0, 0.0).known_as(self.who.unwrap_or(number));
        if let Some(value) = self.eye_height_m {
            person.eye_height_mm = height("eye_height_m", &value)?;
        }
        super::path::walk(person, self.path)
    }
}

impl EventEntry {
    fn event(&self) -> Result<Event, Wrong> {
        match (&self.write, &self.power) {
            (Some(write), None) => match Command::parse(*write.get_ref()) {
                Ok(command) => Ok(Event::Command(command)),
                Err(error) => Err((Some(write.span()), error.to_string())),
            },
            (None, Some(Power::Off)) => Ok(Event::PowerOff),
            (None, Some(Power::On)) => Ok(Event::PowerOn),
            _ => Err((Some(self.at_s.span()), "an event needs either write or power".to_owned())),
        }
    }
}
