//! Which numbers a scenario file may hold, and where those stand that it may not.

use alloc::format;
use alloc::string::{String, ToString};
use core::ops::{Range, RangeInclusive};
use core::time::Duration;

use toml::Spanned;
use toml::de::DeTable;

use super::Wrong;
use crate::scene::thousandths;
use crate::{Detection, DetectionError};

/// The longest scenario, in seconds: a week.
const LONGEST_S: f64 = 7.0 * 24.0 * 3600.0;

/// A number that its field may hold; `kind` says which those are.
pub(super) fn within(
    field: &str,
    value: &Spanned<f64>,
    range: RangeInclusive<f64>,
    kind: &str,
) -> Result<f64, Wrong> {
    let number = *value.get_ref();
    if range.contains(&number) {
        Ok(number)
    } else {
        Err((Some(value.span()), format!("{field} is no {kind}")))
    }
}

pub(super) fn time(field: &str, value: &Spanned<f64>) -> Result<Duration, Wrong> {
    let seconds = within(field, value, 0.0..=LONGEST_S, "time from 0 to a week, in seconds")?;
    Ok(Duration::from_millis((seconds * 1000.0 + 0.5) as u64))
}

/// In millimetres.
pub(super) fn height(field: &str, value: &Spanned<f64>) -> Result<i32, Wrong> {
    within(field, value, 0.0..=100.0, "height from 0 to 100").map(thousandths)
}

pub(super) fn one_line(field: &str, value: &Spanned<String>) -> Result<(), Wrong> {
    let what = match value.get_ref().chars().find(|character| character.is_control()) {
        None => return Ok(()),
        Some('\n' | '\r') => format!("{field} is more than one line"),
        Some(other) => format!("{field} has a control character, {}", other.escape_default()),
    };
    Err((Some(value.span()), what))
}

/// Rates that are none would not do what they say.
pub(super) fn check_detection(detection: &Detection, text: &str) -> Result<(), Wrong> {
    let wrong = |wrong: DetectionError| (span_of(text, "detection", wrong.field), wrong.to_string());
    detection.check().map_err(wrong)
}

/// Where a field of a table stands.
fn span_of(text: &str, table: &str, field: &str) -> Option<Range<usize>> {
    let document = DeTable::parse(text).ok()?;
    let table = document.get_ref().get(table)?.get_ref().as_table()?;
    table.get_key_value(field).map(|(key, _)| key.span())
}
