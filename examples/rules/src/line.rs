//! A line of a transcript, for people.

use core::fmt::{self, Write};
use core::time::Duration;

/// One event: when, what, why, what was set to which value, and what the sensor reported then. It is shown as one line
/// in columns, with nothing behind its last word.
///
/// ```
/// # use core::time::Duration;
/// use mlsensor_example_rules::line::Line;
///
/// let line = Line::new(Duration::from_millis(6361), "fan on").why("faced for 0.6 s").value("speed_percent", &44);
/// assert_eq!(line.to_string(), "   6.361 s  fan on    faced for 0.6 s: speed 44 %");
/// ```
#[derive(Clone, Copy)]
pub struct Line<'a> {
    at: Duration,
    event: &'a str,
    why: &'a str,
    value: Option<(&'a str, &'a dyn fmt::Display)>,
    report: Option<&'a dyn fmt::Display>,
}

/// How wide the column of the event is, and that of the reason.
const EVENT: usize = 8;
const WHY: usize = 34;

impl<'a> Line<'a> {
    /// What happened, and when, from the start.
    #[must_use]
    pub const fn new(at: Duration, event: &'a str) -> Line<'a> {
        Line { at, event, why: "", value: None, report: None }
    }

    /// Why it happened; may be empty.
    #[must_use]
    pub const fn why(self, why: &'a str) -> Line<'a> {
        Line { why, ..self }
    }

    /// What was set to which value. A name that ends in `_percent` is shown without that, and its value with the sign.
    #[must_use]
    pub const fn value(self, name: &'a str, value: &'a dyn fmt::Display) -> Line<'a> {
        Line { value: Some((name, value)), ..self }
    }

    /// What the sensor reported.
    #[must_use]
    pub const fn report(self, report: &'a dyn fmt::Display) -> Line<'a> {
        Line { report: Some(report), ..self }
    }
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = Columns { out: f, length: 0, spaces: 0 };
        write!(line, "{:4}.{:03} s  ", self.at.as_secs(), self.at.subsec_millis())?;
        let event = line.length;
        line.write_str(self.event)?;
        line.pad_to(event.saturating_add(EVENT));
        line.write_str("  ")?;
        let why = line.length;
        line.write_str(self.why)?;
        if let Some((name, value)) = self.value {
            line.write_str(if self.why.is_empty() { "" } else { ": " })?;
            match name.strip_suffix("_percent") {
                Some(name) => write!(line, "{name} {value} %")?,
                None => {
                    for word in name.split('_') {
                        write!(line, "{word} ")?;
                    }
                    write!(line, "{value}")?;
                }
            }
        }
        line.pad_to(why.saturating_add(WHY));
        line.write_str("  ")?;
        self.report.map_or(Ok(()), |report| write!(line, "{report}"))
    }
}

impl fmt::Debug for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Line({self})")
    }
}

/// Writes a line, and keeps spaces back until something follows them.
struct Columns<'a, 'b> {
    out: &'a mut fmt::Formatter<'b>,
    /// In characters, with the spaces that are kept back.
    length: usize,
    spaces: usize,
}

impl Columns<'_, '_> {
    fn pad_to(&mut self, length: usize) {
        self.spaces = self.spaces.saturating_add(length.saturating_sub(self.length));
        self.length = self.length.max(length);
    }
}

impl Write for Columns<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|c| {
            self.length = self.length.saturating_add(1);
            if c == ' ' {
                self.spaces = self.spaces.saturating_add(1);
                return Ok(());
            }
            for _ in 0..core::mem::take(&mut self.spaces) {
                self.out.write_char(' ')?;
            }
            self.out.write_char(c)
        })
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::ToString;

    use super::*;

    const AT: Duration = Duration::from_micros(1_999_999);

    #[test]
    fn columns_begin_where_they_should_and_nothing_is_behind_the_last_word() {
        let full = Line::new(AT, "fan on").why("faced").value("speed_percent", &44).report(&"nobody ");
        let expected = "   1.999 s  fan on    faced: speed 44 %                   nobody";
        assert_eq!(full.to_string(), expected);
        let bare = Line { why: "", value: None, report: None, ..full };
        assert_eq!(bare.to_string(), "   1.999 s  fan on");
    }

    #[test]
    fn a_value_has_its_name_with_or_without_a_reason() {
        let line = Line::new(AT, "on").value("would_run", &"a \"b\"");
        assert_eq!(line.to_string(), "   1.999 s  on        would run a \"b\"");
        assert_eq!(line.why("away").to_string(), "   1.999 s  on        away: would run a \"b\"");
    }

    #[test]
    fn what_is_too_long_for_its_column_shifts_the_next_one() {
        let line = Line::new(Duration::from_secs(12_345), "interrupted").why("é").report(&"nobody");
        let column = " ".repeat(WHY - 1);
        assert_eq!(line.to_string(), std::format!("12345.000 s  interrupted  é{column}  nobody"));
    }
}
