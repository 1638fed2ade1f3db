//! A table of figures, to and from the text of a page.

use std::fmt;

pub(super) const COLUMNS: [&str; 5] = [
    "`mlsensor`, blocking",
    "`mlsensor`, async",
    "`person-sensor` 0.3.1, async",
    "bus alone, blocking",
    "bus alone, async",
];

pub(super) const FLASH_READ: &str = "flash of the read path, bytes";
pub(super) const FLASH_READ_LOUD: &str = "the same, with a panic handler that prints, bytes";
pub(super) const FLASH_REGISTERS: &str = "flash of reading and every register, bytes";
pub(super) const FLASH_WHOLE: &str = "flash of every method, bytes";
pub(super) const RAM: &str = "static RAM, bytes";
pub(super) const SENSOR: &str = "the sensor's value beside its bus, bytes";
pub(super) const FUTURE: &str = "the future of a read, bytes";
pub(super) const RESULT: &str = "the result of a read, bytes";
pub(super) const STACK: &str = "stack of a read, bytes";
pub(super) const FACES: [&str; 5] = [
    "instructions of a read: nobody",
    "instructions of a read: one face",
    "instructions of a read: two faces",
    "instructions of a read: three faces",
    "instructions of a read: four faces",
];
pub(super) const CHECKSUM: &str = "instructions of a read: wrong checksum";
pub(super) const LENGTH: &str = "instructions of a read: the same, and the data length wrong";
/// Reads whose count of instructions may depend on nothing in the packet.
pub(super) const EVEN: [&str; 7] = [FACES[0], FACES[1], FACES[2], FACES[3], FACES[4], CHECKSUM, LENGTH];

pub(super) const LABELS: [&str; 16] = [
    FLASH_READ,
    FLASH_READ_LOUD,
    FLASH_REGISTERS,
    FLASH_WHOLE,
    RAM,
    SENSOR,
    FUTURE,
    RESULT,
    STACK,
    FACES[0],
    FACES[1],
    FACES[2],
    FACES[3],
    FACES[4],
    CHECKSUM,
    LENGTH,
];

/// A figure; two numbers if it depends on what is in the packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub least: u64,
    pub most: u64,
}

/// None where there is no such thing: blocking code has no future.
pub(super) type Cell = Option<Range>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub label: String,
    pub cells: [Cell; COLUMNS.len()],
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub title: String,
    pub rows: Vec<Row>,
}

impl Range {
    pub(super) const fn exactly(number: u64) -> Self {
        Range { least: number, most: number }
    }

    /// Both numbers within a twentieth of the other's, and as constant as that.
    pub(super) fn is_near(self, expected: Range) -> bool {
        let near = |number: u64, expected: u64| number.abs_diff(expected) * 20 <= expected;
        let as_constant = expected.least != expected.most || self.least == self.most;
        near(self.least, expected.least) && near(self.most, expected.most) && as_constant
    }

    fn parse(text: &str) -> Option<Self> {
        let (least, most) = text.split_once(" to ").unwrap_or((text, text));
        Some(Range { least: least.parse().ok()?, most: most.parse().ok()? })
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.least == self.most {
            true => write!(f, "{}", self.least),
            false => write!(f, "{} to {}", self.least, self.most),
        }
    }
}

impl Table {
    pub(super) fn cell(&self, label: &str, column: usize) -> Cell {
        *self.rows.iter().find(|row| row.label == label)?.cells.get(column)?
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "### {}\n", self.title)?;
        writeln!(f, "| | {} |\n|---|{}", COLUMNS.join(" | "), "---|".repeat(COLUMNS.len()))?;
        for row in &self.rows {
            let cells = row.cells.map(|cell| cell.map_or_else(String::new, |range| range.to_string()));
            writeln!(f, "| {} | {} |", row.label, cells.join(" | "))?;
        }
        Ok(())
    }
}

/// Every table of this text, or the line that is none.
pub(super) fn parse(text: &str) -> Result<Vec<Table>, String> {
    let mut tables: Vec<Table> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("### ") {
            tables.push(Table { title: title.into(), rows: Vec::new() });
        }
        let of_table = line.strip_prefix("| ").filter(|rest| !rest.starts_with('|'));
        if let (Some(row), Some(table)) = (of_table, tables.last_mut()) {
            table.rows.push(parse_row(row).ok_or_else(|| line.to_owned())?);
        }
    }
    Ok(tables)
}

fn parse_row(row: &str) -> Option<Row> {
    let mut words = row.strip_suffix(" |")?.split(" | ");
    let label = words.next()?.to_owned();
    let mut cells = [None; COLUMNS.len()];
    for cell in &mut cells {
        let text = words.next()?.trim();
        *cell = if text.is_empty() { None } else { Some(Range::parse(text)?) };
    }
    words.next().is_none().then_some(Row { label, cells })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let cells = [Some(Range { least: 7, most: 9 }), None, Some(Range::exactly(0)), None, None];
        Table { title: "M0, `s`".into(), rows: vec![Row { label: STACK.into(), cells }] }
    }

    #[test]
    fn a_table_that_was_written_can_be_read() {
        let text = format!("\n{}\n{}", table(), table());
        assert_eq!(parse(&text), Ok(vec![table(), table()]));
        assert_eq!(table().cell(STACK, 0), Some(Range { least: 7, most: 9 }));
        assert_eq!((table().cell(STACK, 1), table().cell(RAM, 0)), (None, None));
    }

    #[test]
    fn a_line_that_was_changed_by_hand_is_no_figure() {
        for bad in ["| a | 1 | 2 | 3 | 4 |", "| a | 1 | 2 | x | 4 | 5 |", "| a | 1 | 2 | 3 | 4 | 5 | 6 |"] {
            assert_eq!(parse(&format!("### T\n{bad}\n")), Err(bad.into()), "{bad}");
        }
    }

    #[test]
    fn a_figure_may_be_a_twentieth_more_or_less() {
        let near = |number, expected| Range::exactly(number).is_near(Range::exactly(expected));
        assert!(near(105, 100) && near(95, 100) && near(0, 0));
        assert!(!near(106, 100) && !near(94, 100) && !near(1, 0));
    }

    #[test]
    fn what_was_constant_must_stay_so() {
        let (constant, not) = (Range::exactly(1000), Range { least: 1000, most: 1001 });
        assert!(!not.is_near(constant) && constant.is_near(not));
    }
}
