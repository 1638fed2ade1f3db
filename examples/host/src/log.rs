//! A line an event: for people, or as JSON.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::time::Duration;

use mlsensor::Faces;
use serde::Serialize;

use crate::source::{Reading, Trouble};

/// Prints events to standard output.
#[derive(Debug)]
pub(crate) struct Log {
    json: bool,
}

/// One event of a transcript.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event<'a> {
    /// When, from the start.
    pub(crate) at: Duration,
    /// What.
    pub(crate) event: &'a str,
    /// Why; may be empty.
    pub(crate) why: &'a str,
    /// What was set, and to which value.
    pub(crate) value: Option<(&'static str, u8)>,
    /// What the sensor reported.
    pub(crate) reading: Option<&'a Reading>,
}

#[derive(Serialize)]
struct Line<'a> {
    at_s: f64,
    event: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    why: &'a str,
    #[serde(flatten)]
    value: BTreeMap<&'static str, u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    faces: Option<&'a Faces>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
}

impl Log {
    /// A log for people, or of JSON objects.
    pub(crate) const fn new(json: bool) -> Log {
        Log { json }
    }

    /// Prints one event: when, what, why, and what the sensor reported.
    ///
    /// # Errors
    /// If standard output takes nothing any more.
    pub(crate) fn event(&self, event: &Event<'_>) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out, "{}", if self.json { json(event)? } else { text(event) })
    }
}

fn json(event: &Event<'_>) -> io::Result<String> {
    let line = Line {
        // Whole milliseconds, as in the text.
        at_s: event.at.as_millis() as f64 / 1000.0,
        event: &event.event.replace(' ', "_"),
        why: event.why,
        value: event.value.into_iter().collect(),
        faces: event.reading.and_then(|reading| reading.faces.as_ref().ok()),
        trouble: event.reading.and_then(|reading| reading.faces.as_ref().err()).map(Trouble::to_string),
    };
    Ok(serde_json::to_string(&line)?)
}

fn text(event: &Event<'_>) -> String {
    let (seconds, millis) = (event.at.as_secs(), event.at.subsec_millis());
    let why = match event.value {
        Some((name, value)) => match name.strip_suffix("_percent") {
            Some(name) => format!("{}: {name} {value} %", event.why),
            None => format!("{}: {name} {value}", event.why),
        },
        None => event.why.to_owned(),
    };
    let report = match event.reading.map(|reading| &reading.faces) {
        Some(Ok(faces)) => faces.to_string(),
        Some(Err(trouble)) => trouble.to_string(),
        None => String::new(),
    };
    let line = format!("{seconds:4}.{millis:03} s  {:<8}  {why:<34}  {report}", event.event);
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_json_tell_the_same_millisecond() {
        for (micros, in_text, in_json) in [
            (0, "   0.000 s", r#""at_s":0.0,"#),
            (11_800_000, "  11.800 s", r#""at_s":11.8,"#),
            (1_000_600, "   1.000 s", r#""at_s":1.0,"#),
            (1_999_999, "   1.999 s", r#""at_s":1.999,"#),
        ] {
            let at = Duration::from_micros(micros);
            let event = Event { at, event: "fan on", why: "", value: None, reading: None };
            assert!(text(&event).starts_with(in_text), "{}", text(&event));
            assert!(json(&event).unwrap().contains(in_json), "{}", json(&event).unwrap());
        }
    }
}
