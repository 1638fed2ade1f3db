//! Scenarios and recordings from files, and what is wrong with those that are none.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use mlsensor::person_sensor::ADDRESS;
use mlsensor_sim::{Direction, Recording, Scenario, Transfer};

use crate::Report;

/// The names of the scenarios that come with the simulator.
#[must_use]
pub fn shipped_scenarios() -> String {
    let names: Vec<&str> = Scenario::SHIPPED.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}

/// A shipped scenario by its name, or one from a file.
///
/// # Errors
/// A report in four parts.
pub fn scenario(name: &str) -> Result<Scenario, Report> {
    if let Some(scenario) = Scenario::named(name) {
        return Ok(scenario);
    }
    let meant = Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let missing = match Scenario::named(meant) {
        Some(_) => format!("the shipped scenario is called {meant}, without an ending"),
        None => format!("the shipped scenarios are {}", shipped_scenarios()),
    };
    parse_scenario(name, &read("scenario", name, missing)?)
}

fn parse_scenario(name: &str, text: &str) -> Result<Scenario, Report> {
    Scenario::parse(text).map_err(|error| Report {
        what: format!("cannot read scenario {name}: {error}"),
        likely: "the file is not as the format wants it on that line".to_owned(),
        run: format!("sed -n {}p {}", error.line, quoted(name)),
        code: "MLSENSOR-SCENARIO".to_owned(),
    })
}

/// A recording from a file, with at least one read of the sensor in it.
///
/// # Errors
/// A report in four parts.
pub fn recording(name: &str) -> Result<Recording, Report> {
    parse_recording(name, &read("recording", name, "the path is wrong".to_owned())?)
}

fn parse_recording(name: &str, text: &str) -> Result<Recording, Report> {
    let recording = Recording::parse(text).map_err(|error| Report {
        what: format!("cannot read recording {name}: {error}"),
        likely: "a line is no time in seconds followed by bytes of two hexadecimal digits".to_owned(),
        run: format!("sed -n {}p {}", error.line, quoted(name)),
        code: "MLSENSOR-RECORDING".to_owned(),
    })?;
    if reads(&recording).next().is_none() {
        return Err(Report {
            what: format!("recording {name} holds no read of a Person Sensor"),
            likely: "nothing was recorded, or it is of another address than 0x62".to_owned(),
            run: format!("head {}", quoted(name)),
            code: "MLSENSOR-RECORDING".to_owned(),
        });
    }
    Ok(recording)
}

/// The reads of the sensor in a recording.
pub(super) fn reads(recording: &Recording) -> impl Iterator<Item = &Transfer> {
    let is_read = |transfer: &&Transfer| transfer.address == ADDRESS && transfer.direction == Direction::Read;
    recording.transfers.iter().filter(is_read)
}

fn read(what: &str, name: &str, missing: String) -> Result<String, Report> {
    fs::read_to_string(name).map_err(|error| Report {
        what: format!("cannot read {what} {name}: {error}"),
        likely: match error.kind() {
            ErrorKind::NotFound => missing,
            ErrorKind::PermissionDenied => "this user may not read the file".to_owned(),
            ErrorKind::InvalidData => format!("the file is no text, so it is no {what}"),
            ErrorKind::IsADirectory => "this is a folder: name a file in it".to_owned(),
            _ => "the device that holds the file has trouble".to_owned(),
        },
        run: format!("ls -l {}", quoted(name)),
        code: "MLSENSOR-FILE".to_owned(),
    })
}

/// A name as a shell takes it for one word.
#[must_use]
pub fn quoted(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,:@%".contains(c);
    if !name.is_empty() && name.chars().all(is_plain) {
        return name.to_owned();
    }
    format!("'{}'", name.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_to_run_survives_odd_names() {
        assert_eq!(quoted("a/b-1.toml"), "a/b-1.toml");
        assert_eq!(quoted("my room.toml"), "'my room.toml'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn the_line_that_is_wrong_can_be_looked_at() {
        let scenario =
            parse_scenario("my room.toml", "duration_s = 1.0\nseed = 1\ncolour = 7\n").unwrap_err();
        assert_eq!((&*scenario.run, &*scenario.code), ("sed -n 3p 'my room.toml'", "MLSENSOR-SCENARIO"));
        let recording = parse_recording("a.txt", "0.1 00 00\n0.2 0g\n").unwrap_err();
        assert_eq!((&*recording.run, &*recording.code), ("sed -n 2p a.txt", "MLSENSOR-RECORDING"));
    }

    #[test]
    fn a_recording_without_a_read_of_the_sensor_is_refused() {
        assert_eq!(parse_recording("a.txt", "0.1 62 r 00\n").unwrap().transfers.len(), 1);
        for other in ["0.1 61 r 00\n", "0.1 62 w 01\n", "0.1 61 r 00\n0.2 62 w 01\n", ""] {
            let report = parse_recording("a.txt", other).unwrap_err();
            assert_eq!(report.what, "recording a.txt holds no read of a Person Sensor");
            assert_eq!((&*report.run, &*report.code), ("head a.txt", "MLSENSOR-RECORDING"));
        }
    }

    #[test]
    fn the_shipped_scenarios_are_listed() {
        let shipped = shipped_scenarios();
        assert!(shipped.split(", ").all(|name| scenario(name).is_ok()), "{shipped}");
        assert_eq!(shipped.split(", ").count(), Scenario::SHIPPED.len());
    }

    #[test]
    fn a_shipped_name_with_an_ending_is_understood() {
        let report = scenario("walk_up.toml").unwrap_err();
        assert!(report.likely.contains("is called walk_up"), "{report}");
    }
}
