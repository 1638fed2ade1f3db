//! What a source is called, everywhere.

use std::fmt;
use std::str::FromStr;

use mlsensor_sim::Scenario;

use crate::Report;

/// The name of a source: where readings come from.
///
/// | name | source |
/// |---|---|
/// | `/dev/i2c-1`, or any path from the root | that bus of the system |
/// | `1` | the bus `/dev/i2c-1` |
/// | `sim:walk_up` | the simulated sensor in front of a scene that comes with it |
/// | `sim:my_room.toml` | the same, with a scene of your own |
/// | `replay:packets.txt` | a recording |
///
/// Its text is what it was made from, but for `1`, which is `/dev/i2c-1`. A path that begins with `/` and ends with
/// `.toml` is refused: that is a scene whose `sim:` was forgotten, and not a bus.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SourceName {
    /// A bus of the system, by its path.
    Bus(String),
    /// The simulated sensor, by the name or the file of its scene.
    Simulated(String),
    /// A recording, by its file.
    Recorded(String),
}

impl SourceName {
    /// Whether it names a bus of the system.
    #[must_use]
    pub const fn is_bus(&self) -> bool {
        matches!(self, SourceName::Bus(_))
    }

    /// Whether it names a recording.
    #[must_use]
    pub const fn is_recorded(&self) -> bool {
        matches!(self, SourceName::Recorded(_))
    }
}

impl Default for SourceName {
    /// The simulated sensor; a person walks up.
    fn default() -> SourceName {
        SourceName::Simulated("walk_up".to_owned())
    }
}

impl fmt::Display for SourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SourceName::Bus(path) => f.write_str(path),
            SourceName::Simulated(scene) => write!(f, "sim:{scene}"),
            SourceName::Recorded(file) => write!(f, "replay:{file}"),
        }
    }
}

impl FromStr for SourceName {
    type Err = SourceNameError;

    fn from_str(text: &str) -> Result<SourceName, SourceNameError> {
        let found = match text.split_once(':') {
            Some(("sim", scene)) if !scene.is_empty() => Some(SourceName::Simulated(scene.to_owned())),
            Some(("replay", file)) if !file.is_empty() => Some(SourceName::Recorded(file.to_owned())),
            _ if is_scene_file(text) => None,
            _ if text.starts_with('/') => Some(SourceName::Bus(text.to_owned())),
            _ => number(text).map(bus),
        };
        found.ok_or_else(|| SourceNameError { name: text.to_owned(), meant: meant(text) })
    }
}

fn bus(number: u32) -> SourceName {
    SourceName::Bus(format!("/dev/i2c-{number}"))
}

fn number(text: &str) -> Option<u32> {
    // A sign is none of a bus.
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn is_scene_file(text: &str) -> bool {
    text.ends_with(".toml")
}

/// What was most likely meant by what names no source.
fn meant(text: &str) -> Option<SourceName> {
    let word = text.trim();
    let (scheme, rest) = word.split_once(':').unwrap_or(("", word));
    let rest = rest.trim();
    let lower = scheme.trim().to_ascii_lowercase();
    if rest.is_empty() {
        return ["sim", "simulated", "scenario"].contains(&&*lower).then(SourceName::default);
    }
    let short = rest.trim_start_matches('/');
    let short = short.strip_prefix("dev/").unwrap_or(short);
    let short = short.strip_prefix("i2c").unwrap_or(short).trim_start_matches(['-', '/', ' ']);
    match &*lower {
        "sim" | "simulated" | "simulator" | "scenario" | "scene" => {
            Some(SourceName::Simulated(scene(rest).map_or_else(|| rest.to_owned(), str::to_owned)))
        }
        "replay" | "recording" | "recorded" | "record" | "rec" | "file" if is_scene_file(rest) => {
            Some(SourceName::Simulated(rest.to_owned()))
        }
        "replay" | "recording" | "recorded" | "record" | "rec" | "file" => {
            Some(SourceName::Recorded(rest.to_owned()))
        }
        "" | "bus" | "i2c" | "linux" => {
            let as_bus = number(short).map(bus);
            as_bus.or_else(|| Some(SourceName::Simulated(scene(rest)?.to_owned()))).or_else(|| file(rest))
        }
        _ => None,
    }
}

/// The scene that comes with the simulator whose name is the most like this word.
fn scene(word: &str) -> Option<&'static str> {
    let word = word.strip_suffix(".toml").unwrap_or(word).to_ascii_lowercase().replace(['-', ' '], "_");
    let names = Scenario::SHIPPED.iter().map(|&(name, _)| (strsim::damerau_levenshtein(name, &word), name));
    names.filter(|&(distance, _)| distance <= 2).min().map(|(_, name)| name)
}

/// A file, by its ending.
fn file(word: &str) -> Option<SourceName> {
    let (_, ending) = word.rsplit_once('.')?;
    match ending {
        "toml" => Some(SourceName::Simulated(word.to_owned())),
        "recording" | "txt" | "log" | "rec" | "csv" => Some(SourceName::Recorded(word.to_owned())),
        _ => None,
    }
}

/// A word that names no source.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceNameError {
    /// The word.
    pub name: String,
    /// What was most likely meant.
    pub meant: Option<SourceName>,
}

impl SourceNameError {
    /// What is to be told to the user of this program.
    #[must_use]
    pub fn report(&self, program: &str) -> Report {
        let (likely, run) = match &self.meant {
            Some(meant) => {
                (format!("{meant} was meant"), format!("{program} {}", super::quoted(&meant.to_string())))
            }
            None => {
                let likely = "a bus is a path or a number, and the others begin with sim: or replay:";
                (likely.to_owned(), format!("{program} sim:walk_up"))
            }
        };
        Report { what: self.to_string(), likely, run, code: "MLSENSOR-SOURCE".to_owned() }
    }
}

impl fmt::Display for SourceNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.name {
            "" => f.write_str("an empty word names no source"),
            name => write!(f, "there is no source called {name}"),
        }
    }
}

impl std::error::Error for SourceNameError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_way_to_name_a_source_is_understood() {
        for (text, expected) in [
            ("/dev/i2c-1", SourceName::Bus("/dev/i2c-1".into())),
            ("/dev/by-person/door:left", SourceName::Bus("/dev/by-person/door:left".into())),
            ("1", SourceName::Bus("/dev/i2c-1".into())),
            ("007", SourceName::Bus("/dev/i2c-7".into())),
            ("sim:walk_up", SourceName::Simulated("walk_up".into())),
            ("sim:my room.toml", SourceName::Simulated("my room.toml".into())),
            ("sim:a:b", SourceName::Simulated("a:b".into())),
            ("replay:/tmp/a.txt", SourceName::Recorded("/tmp/a.txt".into())),
        ] {
            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
        assert_eq!(SourceName::default().to_string(), "sim:walk_up");
    }

    /// A word that names none, and what was meant by it.
    const MEANT: [(&str, &str); 21] = [
        ("walk_up", "sim:walk_up"),
        ("walkup", "sim:walk_up"),
        ("Walk-Up", "sim:walk_up"),
        ("desk.toml", "sim:desk"),
        ("scenario:crowds", "sim:crowd"),
        ("simulated:room.toml", "sim:room.toml"),
        ("room.toml", "sim:room.toml"),
        ("/tmp/room.toml", "sim:/tmp/room.toml"),
        ("replay :room.toml", "sim:room.toml"),
        ("sim:", "sim:walk_up"),
        ("i2c-1", "/dev/i2c-1"),
        ("dev/i2c-3", "/dev/i2c-3"),
        ("i2c1", "/dev/i2c-1"),
        ("bus:1", "/dev/i2c-1"),
        (" 1", "/dev/i2c-1"),
        ("packets.txt", "replay:packets.txt"),
        ("./loose_wire.recording", "replay:./loose_wire.recording"),
        ("recording:a.txt", "replay:a.txt"),
        ("", ""),
        ("+1", ""),
        ("4294967296", ""),
    ];

    #[test]
    fn a_word_that_names_no_source_brings_what_was_meant() {
        for (text, meant) in MEANT {
            let error = text.parse::<SourceName>().unwrap_err();
            assert_eq!(
                error.meant.as_ref().map(SourceName::to_string).unwrap_or_default(),
                meant,
                "{text:?}"
            );
        }
    }

    #[test]
    fn the_report_has_a_command_that_can_be_run() {
        let report = |text: &str| text.parse::<SourceName>().unwrap_err().report("fan");
        let walk_up = report("walk_up");
        assert_eq!(walk_up.what, "there is no source called walk_up");
        assert_eq!((&*walk_up.likely, &*walk_up.run), ("sim:walk_up was meant", "fan sim:walk_up"));
        assert_eq!(report("my room.toml").run, "fan 'sim:my room.toml'");
        assert_eq!(report("door").run, "fan sim:walk_up");
        assert_eq!(report("").code, "MLSENSOR-SOURCE");
    }

    proptest! {
        #[test]
        fn a_name_is_the_same_after_a_trip_through_text(text in "(/dev/|sim:|replay:|)[a-z0-9:./ -]{0,12}") {
            if let Ok(name) = text.parse::<SourceName>() {
                prop_assert_eq!(name.to_string().parse(), Ok(name));
            }
        }

        #[test]
        fn what_is_said_to_be_meant_is_understood(text in "(sim|bus|replay|file|i2c)?[:-]?[ -~]{0,12}") {
            if let Err(SourceNameError { meant: Some(meant), .. }) = text.parse::<SourceName>() {
                prop_assert_eq!(meant.to_string().parse(), Ok(meant));
            }
        }
    }
}
