//! What a GPIO line is called.

use std::fmt;
use std::str::FromStr;

use crate::Report;

/// The name of a GPIO line: its own (`GPIO17`), or its place on a chip, which is named by its label (`pinctrl-rp1:17`).
///
/// Never by the number of a chip: these depend on the order in which drivers load, and the chip of a Raspberry Pi 5's
/// header has had three.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum LineName {
    /// The line's own name, as the board's device tree has it.
    Named(String),
    /// A place on a chip.
    Offset {
        /// The label of the chip.
        label: String,
        /// The place of the line, from 0.
        offset: u32,
    },
}

impl fmt::Display for LineName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LineName::Named(name) => f.write_str(name),
            LineName::Offset { label, offset } => write!(f, "{label}:{offset}"),
        }
    }
}

impl FromStr for LineName {
    type Err = LineNameError;

    /// A number behind the last colon is a place on a chip. A line whose own name looks like that cannot be named.
    fn from_str(text: &str) -> Result<LineName, LineNameError> {
        let error = || LineNameError { name: text.to_owned() };
        if text.trim().is_empty() || is_number(text) {
            return Err(error());
        }
        match text.rsplit_once(':') {
            Some((label, offset)) if is_number(offset) => {
                let is_label = !label.is_empty() && !is_chip_number(label);
                let offset = offset.parse().ok().filter(|_| is_label).ok_or_else(error)?;
                Ok(LineName::Offset { label: label.to_owned(), offset })
            }
            _ => Ok(LineName::Named(text.to_owned())),
        }
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_chip_number(label: &str) -> bool {
    let label = label.strip_prefix("/dev/").unwrap_or(label);
    is_number(label.strip_prefix("gpiochip").unwrap_or(label))
}

/// A word that names no GPIO line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LineNameError {
    /// The word.
    pub name: String,
}

impl fmt::Display for LineNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.name {
            "" => f.write_str("an empty word names no GPIO line"),
            name => write!(f, "{name} names no GPIO line"),
        }
    }
}

impl std::error::Error for LineNameError {}

impl From<LineNameError> for Report {
    fn from(error: LineNameError) -> Report {
        let number = error.name.rsplit(':').next().filter(|number| is_number(number));
        Report {
            what: error.to_string(),
            likely: match number {
                Some(number) => {
                    format!("GPIO{number} was meant; the numbers of chips change, so none is taken")
                }
                None => "a line is called as `gpioinfo` shows it, such as GPIO17, or LABEL:17".to_owned(),
            },
            run: "gpioinfo    (from the package gpiod)".to_owned(),
            code: "MLSENSOR-GPIO".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_named_by_its_name_or_by_a_label_and_a_place() {
        let named = |name: &str| Ok(LineName::Named(name.to_owned()));
        let offset = |label: &str, offset| Ok(LineName::Offset { label: label.to_owned(), offset });
        for (text, expected) in [
            ("GPIO17", named("GPIO17")),
            ("PERSON", named("PERSON")),
            ("a:b", named("a:b")),
            ("pinctrl-rp1:17", offset("pinctrl-rp1", 17)),
            ("1f00:gpio:3", offset("1f00:gpio", 3)),
        ] {
            assert_eq!(text.parse(), expected, "{text}");
            assert_eq!(text.parse::<LineName>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn the_number_of_a_chip_names_no_line_and_what_was_meant_is_told() {
        for text in ["17", "gpiochip0:17", "/dev/gpiochip4:17", "0:17", ":17"] {
            let report = Report::from(text.parse::<LineName>().unwrap_err());
            assert!(report.likely.starts_with("GPIO17 was meant"), "{text}: {report}");
        }
        for text in ["", " ", "gpio:99999999999"] {
            assert_eq!(Report::from(text.parse::<LineName>().unwrap_err()).code, "MLSENSOR-GPIO", "{text}");
        }
    }
}
