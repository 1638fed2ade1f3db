//! A table of comma-separated values with a line of titles, and its columns by title.

use csv::{Reader, ReaderBuilder, StringRecord};

use super::{Format, ImportError};

/// The titles by which each format is known. A table may have others besides, in any order.
const FORMATS: [(Format, &[&str]); 3] = [
    (Format::PulseViewTable, &["Sample", "Decoder", "Value"]),
    (Format::SaleaeTable, &["name", "type", "start_time", "address", "read", "data", "ack"]),
    (Format::SaleaeBytes, &["Address", "Data", "Read/Write", "ACK/NAK"]),
];

/// A table, row by row.
pub(super) struct Table<'a> {
    reader: Reader<&'a [u8]>,
    titles: StringRecord,
}

/// One row of a [`Table`].
pub(super) struct Row<'a> {
    titles: &'a StringRecord,
    values: StringRecord,
    /// The line it begins on, from 1.
    pub(super) line: u64,
}

impl<'a> Table<'a> {
    /// The table that a text is, and of which format, if its first line has the titles of one.
    pub(super) fn find(text: &'a str) -> Option<(Format, Table<'a>)> {
        let mut reader =
            ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let titles = reader.headers().ok()?.clone();
        let has = |wanted: &&str| titles.iter().any(|title| title == *wanted);
        let (format, _) = FORMATS.iter().find(|(_, wanted)| wanted.iter().all(&has))?;
        Some((*format, Table { reader, titles }))
    }

    /// The next row that is not empty; `None` behind the last.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>, ImportError> {
        let mut values = StringRecord::new();
        let line = |reader: &Reader<&[u8]>| reader.position().line();
        match self.reader.read_record(&mut values) {
            Ok(false) => Ok(None),
            Ok(true) => {
                let line = values.position().map_or_else(|| line(&self.reader), csv::Position::line);
                Ok(Some(Row { titles: &self.titles, values, line }))
            }
            Err(error) => {
                let line = error.position().map_or_else(|| line(&self.reader), csv::Position::line);
                Err(ImportError::at(line, error.to_string(), NOT_AS_EXPORTED))
            }
        }
    }
}

pub(super) const NOT_AS_EXPORTED: &str =
    "the file was changed after it was exported, or is cut off on that line";

impl Row<'_> {
    /// The value under a title; empty if there is none.
    pub(super) fn value(&self, title: &str) -> &str {
        let column = self.titles.iter().position(|known| known == title);
        column.and_then(|column| self.values.get(column)).unwrap_or_default()
    }

    pub(super) fn error(&self, what: impl Into<String>) -> ImportError {
        ImportError::at(self.line, what, NOT_AS_EXPORTED)
    }

    /// The byte under a title: `0x3C`, `60` or `0b0011 1100`, as analysers show numbers.
    pub(super) fn byte(&self, title: &str) -> Result<u8, ImportError> {
        let value = self.value(title);
        let number = match (value.strip_prefix("0x"), value.strip_prefix("0b")) {
            (Some(digits), _) => u8::from_str_radix(digits, 16),
            (_, Some(digits)) => u8::from_str_radix(&digits.replace(' ', ""), 2),
            _ => value.parse(),
        };
        // `from_str_radix` and `parse` take a plus sign, too.
        number.ok().filter(|_| !value.contains('+')).ok_or_else(|| {
            let what = format!("{value:?} under {title:?} is no byte, such as 0x3C or 60");
            ImportError::at(
                self.line,
                what,
                "numbers were exported as characters: export them as hexadecimal",
            )
        })
    }

    /// Seconds under a title, in nanoseconds. They may be negative: before the trigger.
    pub(super) fn nanos(&self, title: &str) -> Result<i64, ImportError> {
        let value = self.value(title);
        let seconds: Option<f64> = value.parse().ok();
        // An analyser counts from the trigger or the start of the capture: not for years.
        match seconds.filter(|seconds| seconds.abs() < 1e8) {
            Some(seconds) => Ok((seconds * 1e9).round() as i64),
            None => Err(ImportError::at(
                self.line,
                format!("{value:?} under {title:?} is no number of seconds"),
                "times were exported as dates: export them as seconds from the start of the capture",
            )),
        }
    }
}
