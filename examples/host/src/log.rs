//! A line an event: for people, as JSON, or below a picture.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::time::Duration;

use mlsensor::Faces;
use mlsensor_example_rules::line::Line as TextLine;
use serde::Serialize;

use crate::reading::{Reading, Trouble};
use crate::screen::Screen;

/// Prints events to standard output.
pub(crate) enum Log {
    /// For people.
    Text,
    /// A JSON object a line.
    Json,
    /// For people, below a picture that is always the latest.
    Screen(Screen),
}

/// What an event set something to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
}

impl From<u8> for Value {
    fn from(number: u8) -> Value {
        Value::Number(number.into())
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Value {
        Value::Number(number.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Number(number) => number.fmt(f),
            Value::Text(text) => f.write_str(text),
        }
    }
}

/// One event of a transcript.
#[derive(Debug, Clone)]
pub(crate) struct Event<'a> {
    /// When, from the start.
    pub(crate) at: Duration,
    /// What.
    pub(crate) event: &'a str,
    /// Why; may be empty.
    pub(crate) why: &'a str,
    /// What was set, and to which value.
    pub(crate) value: Option<(&'static str, Value)>,
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
    value: BTreeMap<&'static str, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    faces: Option<&'a Faces>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
}

impl Log {
    /// Prints one event: when, what, why, and what the sensor reported.
    ///
    /// # Errors
    /// If standard output takes nothing any more.
    pub(crate) fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        match self {
            Log::Text => writeln!(io::stdout().lock(), "{}", text(event)),
            Log::Json => writeln!(io::stdout().lock(), "{}", json(event)?),
            Log::Screen(screen) => screen.event(text(event)),
        }
    }
}

fn json(event: &Event<'_>) -> io::Result<String> {
    let line = Line {
        // Whole milliseconds, as in the text.
        at_s: event.at.as_millis() as f64 / 1000.0,
        event: &event.event.replace(' ', "_"),
        why: event.why,
        value: event.value.clone().into_iter().collect(),
        faces: event.reading.and_then(|reading| reading.faces.as_ref().ok()),
        trouble: event.reading.and_then(|reading| reading.faces.as_ref().err()).map(Trouble::to_string),
    };
    Ok(serde_json::to_string(&line)?)
}

fn text(event: &Event<'_>) -> String {
    let mut line = TextLine::new(event.at, event.event).why(event.why);
    if let Some((name, value)) = &event.value {
        line = line.value(name, value);
    }
    match event.reading.map(|reading| &reading.faces) {
        Some(Ok(faces)) => line.report(faces).to_string(),
        Some(Err(trouble)) => line.report(trouble).to_string(),
        None => line.to_string(),
    }
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

    #[test]
    fn a_value_is_told_with_its_name_and_in_json_as_what_it_is() {
        for (why, value, in_text, in_json) in [
            ("faced", ("speed_percent", Value::from(40)), "faced: speed 40 %", r#""speed_percent":40"#),
            (
                "away",
                ("would_run", Value::from("a \"b\"")),
                "away: would run a \"b\"",
                r#""would_run":"a \"b\"""#,
            ),
            ("", ("id", Value::from(3)), "id 3", r#""id":3"#),
        ] {
            let event = Event { at: Duration::ZERO, event: "on", why, value: Some(value), reading: None };
            assert!(text(&event).ends_with(in_text), "{}", text(&event));
            assert!(json(&event).unwrap().contains(in_json), "{}", json(&event).unwrap());
        }
    }
}
