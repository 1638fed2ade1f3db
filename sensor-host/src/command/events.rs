//! The events that are printed. The fields of their JSON are described in docs/command.md, and stay as they are.

use std::fmt;
use std::time::Duration;

use crate::identify::Answer;
use crate::source::{Source, SourceName};
use crate::supervisor::Counters;
use mlsensor::{Command, Faces};
use serde::Serialize;

/// Where readings come from: the first line.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "source")]
pub(crate) struct Opened<'a> {
    pub(crate) source: String,
    pub(crate) about: &'a str,
}

impl<'a> Opened<'a> {
    pub(crate) fn of(source: &'a Source) -> Opened<'a> {
        Opened { source: source.name.to_string(), about: &source.about }
    }
}

impl fmt::Display for Opened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.source, self.about)
    }
}

/// Something to know about the source.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "remark")]
pub(crate) struct Remark<'a> {
    pub(crate) text: &'a str,
}

impl fmt::Display for Remark<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "note: {}", self.text)
    }
}

/// A reading.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "reading")]
pub(crate) struct Reading<'a> {
    #[serde(serialize_with = "seconds")]
    pub(crate) at_s: Duration,
    pub(crate) state: &'static str,
    pub(crate) age_ms: u64,
    pub(crate) fresh: bool,
    pub(crate) frozen: bool,
    pub(crate) faces: &'a Faces,
}

impl fmt::Display for Reading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Reading { at_s, state, age_ms, fresh, frozen, faces } = self;
        write!(f, "{} s  {state:<6}  {age_ms:>4} ms old  {faces}", in_text(*at_s))?;
        f.write_str(match (fresh, frozen) {
            (_, true) => "  (the very same for long: does the sensor hang?)",
            (false, false) => "  (read before)",
            (true, false) => "",
        })
    }
}

/// No reading: it does not mean that nobody is there.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "no_reading")]
pub(crate) struct NoReading<'a> {
    #[serde(serialize_with = "seconds")]
    pub(crate) at_s: Duration,
    pub(crate) state: &'static str,
    /// How long ago the latest reading was made.
    pub(crate) age_ms: Option<u64>,
    pub(crate) trouble: Option<&'a str>,
    pub(crate) errno: Option<i32>,
}

impl fmt::Display for NoReading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let age = self.age_ms.map_or_else(|| " ".repeat(11), |ms| format!("{ms:>4} ms old"));
        let trouble = self.trouble.unwrap_or("too much time has passed");
        write!(f, "{} s  {:<6}  {age}  no reading: {trouble}", in_text(self.at_s), self.state)
    }
}

/// What is at the sensor's address of a bus.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "probe")]
pub(crate) struct Probe<'a> {
    pub(crate) source: String,
    pub(crate) found: bool,
    /// The name of an [`Answer`], or `nothing`, or `error`.
    pub(crate) what: &'static str,
    pub(crate) about: String,
    pub(crate) faces: Option<&'a Faces>,
    pub(crate) errno: Option<i32>,
}

impl<'a> Probe<'a> {
    pub(crate) fn of(source: &SourceName, answer: &'a Answer) -> Probe<'a> {
        Probe {
            source: source.to_string(),
            found: answer.faces().is_some(),
            what: answer.name(),
            about: answer.to_string(),
            faces: answer.faces(),
            errno: None,
        }
    }
}

impl fmt::Display for Probe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.source, self.about)
    }
}

/// A setting that was sent.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "sent")]
pub(crate) struct Sent {
    pub(crate) register: u8,
    pub(crate) value: u8,
    pub(crate) what: String,
}

impl Sent {
    pub(crate) fn of(command: Command) -> Sent {
        let [register, value] = command.emit();
        Sent { register, value, what: command.to_string() }
    }
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sent {:02x} {:02x}: {}", self.register, self.value, self.what)
    }
}

/// The end, and what it was like.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "end")]
pub(crate) struct End<'a> {
    pub(crate) why: &'static str,
    pub(crate) readings: u64,
    pub(crate) no_readings: u64,
    pub(crate) counters: &'a Counters,
}

impl fmt::Display for End<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let End { why, readings, no_readings, .. } = self;
        write!(f, "{}: {readings} readings", why.replace('_', " "))?;
        match no_readings {
            0 => Ok(()),
            _ => write!(f, ", {no_readings} times none"),
        }
    }
}

/// A recording that was written.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "recorded")]
pub(crate) struct Recorded<'a> {
    pub(crate) file: &'a str,
    pub(crate) transfers: u64,
    pub(crate) about: String,
}

impl fmt::Display for Recorded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} transfers, {}", self.file, self.transfers, self.about)
    }
}

/// Seconds and the whole milliseconds that are over, as the JSON has them.
fn in_text(time: Duration) -> String {
    format!("{:5}.{:03}", time.as_secs(), time.subsec_millis())
}

/// Seconds of whole milliseconds, as the text has them.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn seconds<S: serde::Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_millis() as f64 / 1000.0)
}
