//! What is aimed for, and by how much it is met or missed.

use super::{
    OPT_LEVELS,
    table::{self, Table},
};

const BLOCKING: usize = 0;
const AWAITED: usize = 1;
const OTHER: usize = 2;

pub(super) const GOALS: [Goal; 8] = [
    Goal {
        text: "instructions of a read, async: at most those of `person-sensor`, 1.00",
        bound: 100,
        measure: |table| instructions(table, AWAITED),
    },
    Goal { text: "the same, blocking", bound: 100, measure: |table| instructions(table, BLOCKING) },
    Goal {
        text: "flash of the read path, async: at most 0.70 of that of `person-sensor`",
        bound: 70,
        measure: |table| flash(table, AWAITED, table::FLASH_READ),
    },
    Goal {
        text: "the same, blocking",
        bound: 70,
        measure: |table| flash(table, BLOCKING, table::FLASH_READ),
    },
    Goal {
        text: "the same, async, with a panic handler that prints",
        bound: 70,
        measure: |table| flash(table, AWAITED, table::FLASH_READ_LOUD),
    },
    Goal {
        text: "flash of reading and every register, async: at most 0.70 of that of `person-sensor`",
        bound: 70,
        measure: |table| flash(table, AWAITED, table::FLASH_REGISTERS),
    },
    Goal {
        text: "the same, blocking",
        bound: 70,
        measure: |table| flash(table, BLOCKING, table::FLASH_REGISTERS),
    },
    Goal {
        text: "numbers of faces, and kinds of damage, whose reads are not all as long: 0",
        bound: 0,
        measure: uneven,
    },
];

/// Something to stay below.
pub(super) struct Goal {
    pub text: &'static str,
    /// In hundredths.
    bound: u64,
    measure: fn(&Table) -> Option<u64>,
}

impl Goal {
    /// What was reached with each processor at the level that goals are for, in hundredths, and whether it is enough.
    /// None without a figure that it needs.
    pub(super) fn judge(&self, tables: &[Table]) -> Vec<(Option<u64>, bool)> {
        let [level, ..] = OPT_LEVELS;
        let of_level = tables.iter().filter(|table| table.title.ends_with(&format!("`{level}`")));
        of_level
            .map(|table| {
                let reached = (self.measure)(table);
                (reached, reached.is_some_and(|reached| reached <= self.bound))
            })
            .collect()
    }
}

/// The number of faces at which the ratio is worst, or a wrong checksum. A data length that is wrong besides makes the
/// driver look again, for another firmware: that it shall not do for nothing is no goal.
fn instructions(table: &Table, column: usize) -> Option<u64> {
    let ratio = |label: &&str| {
        let (ours, theirs) = (table.cell(label, column)?, table.cell(label, OTHER)?);
        hundredths(ours.most, theirs.most)
    };
    table::FACES.iter().chain(&[table::CHECKSUM]).map(ratio).collect::<Option<Vec<_>>>()?.into_iter().max()
}

fn flash(table: &Table, column: usize, label: &str) -> Option<u64> {
    let of = |column| table.cell(label, column).map(|flash| flash.most);
    hundredths(of(column)?, of(OTHER)?)
}

fn uneven(table: &Table) -> Option<u64> {
    let mut uneven = 0;
    for label in table::EVEN {
        for column in [BLOCKING, AWAITED] {
            let range = table.cell(label, column)?;
            uneven += if range.least == range.most { 0 } else { 100 };
        }
    }
    Some(uneven)
}

/// Rounded up: what is above a bound does not look as if it were at it.
fn hundredths(part: u64, whole: u64) -> Option<u64> {
    (part * 100).checked_add(whole.checked_sub(1)?)?.checked_div(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::firmware::figures::table::{Range, Row};

    fn tables(ours: u64, theirs: u64, most: u64) -> Vec<Table> {
        let row = |label: &&str| {
            let ours = Some(Range { least: ours, most: ours.max(most) });
            Row { label: (*label).into(), cells: [ours, ours, Some(Range::exactly(theirs)), None, None] }
        };
        let rows: Vec<Row> = table::LABELS.iter().map(row).collect();
        let table = |level| Table { title: format!("M0, opt-level `{level}`"), rows: rows.clone() };
        OPT_LEVELS.map(table).to_vec()
    }

    #[test]
    fn what_is_a_little_above_a_bound_misses_it() {
        let [fast, _, small, ..] = &GOALS;
        assert_eq!(fast.judge(&tables(1000, 1000, 0)), [(Some(100), true)]);
        assert_eq!(fast.judge(&tables(1001, 1000, 0)), [(Some(101), false)]);
        assert_eq!(small.judge(&tables(700, 1000, 0)), [(Some(70), true)]);
        assert_eq!(small.judge(&tables(701, 1000, 0)), [(Some(71), false)]);
    }

    /// Each goal looks at its own row and column, and of several reads at the worst.
    #[test]
    fn every_goal_looks_at_what_it_says() {
        let number = |label: &str, column: u64| {
            let row = table::LABELS.iter().position(|of| *of == label).unwrap() as u64;
            100 * (row + 1) + column
        };
        let row = |label: &&str| {
            let cell = |column| Some(Range::exactly(number(label, column)));
            Row { label: (*label).into(), cells: [cell(7), cell(13), Some(Range::exactly(1000)), None, None] }
        };
        let rows: Vec<Row> = table::LABELS.iter().map(row).collect();
        let tables =
            OPT_LEVELS.map(|level| Table { title: format!("M0, opt-level `{level}`"), rows: rows.clone() });
        let reached = GOALS.each_ref().map(|goal| goal.judge(&tables)[0].0.unwrap());
        // Whole hundredths, rounded up, of 1000.
        let of = |label, column| number(label, column).div_ceil(10);
        let expected = [
            of(table::CHECKSUM, 13),
            of(table::CHECKSUM, 7),
            of(table::FLASH_READ, 13),
            of(table::FLASH_READ, 7),
            of(table::FLASH_READ_LOUD, 13),
            of(table::FLASH_REGISTERS, 13),
            of(table::FLASH_REGISTERS, 7),
            0,
        ];
        assert_eq!(reached, expected);
    }

    #[test]
    fn one_read_that_takes_longer_is_enough_to_be_uneven() {
        let [.., even] = &GOALS;
        assert_eq!(even.judge(&tables(7, 9, 7)), [(Some(0), true)]);
        assert_eq!(even.judge(&tables(7, 9, 8)), [(Some(1400), false)]);
    }

    #[test]
    fn a_figure_that_is_missing_meets_no_goal() {
        let mut tables = tables(1, 9, 1);
        tables[0].rows.clear();
        assert!(GOALS.iter().all(|goal| goal.judge(&tables) == [(None, false)]));
    }
}
