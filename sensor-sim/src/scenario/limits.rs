//! Which numbers a scenario file may hold, and where those stand that it may not.

use core::ops::{Range, RangeInclusive};
use core::time::Duration;

use toml::Spanned;
use toml::de::DeTable;

use super::Wrong;
use crate::Detection;
use crate::scene::thousandths;

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
    let wrong =
        |field: &str, what: &str| Err((span_of(text, "detection", field), format!("{field} is {what}")));
    let d = detection;
    let greatest = [
        ("miss_permille", d.miss_permille.into_iter().max().unwrap_or(0), 1000),
        ("turned_from_deg", d.turned_from_deg, 180),
        ("turned_gone_deg", d.turned_gone_deg, 180),
        ("split_permille", d.split_permille, 1000),
        ("facing_within_deg", d.facing_within_deg, 180),
        ("facing_flip_permille", d.facing_flip_permille, 1000),
        ("false_burst_per_million", d.false_burst_per_million, 1_000_000),
        ("jitter_units", d.jitter_units, 127),
        ("identity_wrong_permille", d.identity_wrong_permille, 1000),
        ("identity_missed_permille", d.identity_missed_permille, 1000),
    ];
    if let Some((field, _, most)) = greatest.into_iter().find(|(_, value, most)| value > most) {
        return wrong(field, &format!("above {most}"));
    }
    let [fewest, most] = d.false_burst_inferences;
    if fewest == 0 || fewest > most {
        return wrong("false_burst_inferences", "no range from 1 on");
    }
    let [low, high] = d.identity_confidence;
    if low == 0 || low > high || high > 100 {
        return wrong("identity_confidence", "no range within 1 to 100");
    }
    Ok(())
}

/// Where a field of a table stands.
fn span_of(text: &str, table: &str, field: &str) -> Option<Range<usize>> {
    let document = DeTable::parse(text).ok()?;
    let table = document.get_ref().get(table)?.get_ref().as_table()?;
    table.get_key_value(field).map(|(key, _)| key.span())
}
