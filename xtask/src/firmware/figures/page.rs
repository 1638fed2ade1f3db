//! The figures on docs/performance.md, which is where they are kept: what is measured is compared with the page.

use std::{fmt::Write as _, fs, path::PathBuf};

use super::{
    MACHINES,
    goals::GOALS,
    table::{self, COLUMNS, Table},
};
use crate::{failure::Failure, project, project::Project};

const BEGIN: &str = "<!-- figures: written by `cargo xtask firmware figures` -->\n";
const END: &str = "<!-- end of figures -->\n";
const COMPILER: &str = "Compiler: ";
const MISSED: &str = ", missed";
/// As many differences as a person reads.
const SHOWN: usize = 6;
const WRITE: &str = "cargo xtask firmware figures";

pub(super) struct Page {
    path: PathBuf,
    text: String,
}

/// What stands between the marks.
pub(super) fn text(version: &str, tables: &[Table]) -> String {
    let mut text = format!("\n{COMPILER}{version}.\n\n");
    let names: Vec<&str> = MACHINES.iter().map(|machine| machine.title).collect();
    let _ = writeln!(text, "| goal | {} |\n|---|{}", names.join(" | "), "---|".repeat(names.len()));
    for line in goal_lines(tables) {
        text.push_str(&line);
    }
    for table in tables {
        let _ = write!(text, "\n{table}");
    }
    text.push('\n');
    text
}

fn goal_lines(tables: &[Table]) -> impl Iterator<Item = String> {
    GOALS.iter().map(|goal| {
        let cells = goal.judge(tables).into_iter().map(|(reached, met)| {
            let reached = reached
                .map_or_else(|| "?".into(), |reached| format!("{}.{:02}", reached / 100, reached % 100));
            format!("{reached}{} |", if met { "" } else { MISSED })
        });
        format!("| {} | {}\n", goal.text, cells.collect::<Vec<_>>().join(" "))
    })
}

impl Page {
    pub(super) fn read(project: &Project) -> Result<Self, Failure> {
        let path = project.root.join("docs/performance.md");
        Ok(Page { text: project::read(&path)?, path })
    }

    /// The parts before, between and behind the marks.
    fn parts(&self) -> Result<[&str; 3], Failure> {
        let parts = self.text.split_once(BEGIN).and_then(|(before, rest)| {
            let (figures, behind) = rest.split_once(END)?;
            Some([before, figures, behind])
        });
        parts.ok_or_else(|| {
            Failure::new(
                "XTASK-FIGURES-PAGE",
                format!("{} must hold these two lines:\n{BEGIN}{END}", self.path.display()),
                "a mark was deleted or changed",
                "git diff docs/performance.md",
            )
        })
    }

    pub(super) fn write(&self, version: &str, tables: &[Table]) -> Result<(), Failure> {
        let [before, _, behind] = self.parts()?;
        let text = [before, BEGIN, &text(version, tables), END, behind].concat();
        fs::write(&self.path, text).map_err(|error| Failure::io(&self.path, &error))?;
        println!("written: {}", self.path.display());
        Ok(())
    }

    /// Whether every goal that the page calls met is met by what was measured now.
    pub(super) fn holds_goals(&self, tables: &[Table]) -> Result<(), Failure> {
        let [_, figures, _] = self.parts()?;
        let lost = lost_goals(figures, tables);
        if lost.is_empty() {
            return Ok(());
        }
        Err(Failure::new(
            "XTASK-FIGURES-GOAL",
            format!("the page says that a goal is met, and it is not:\n  {}", lost.join("\n  ")),
            "the driver became larger or slower",
            WRITE,
        ))
    }

    /// Whether what was measured is what the page says, but for a twentieth.
    pub(super) fn compare(&self, version: &str, tables: &[Table]) -> Result<(), Failure> {
        let [_, figures, _] = self.parts()?;
        let expected = table::parse(figures).map_err(|line| {
            let what = format!("{}: no line of a table: {line}", self.path.display());
            Failure::new("XTASK-FIGURES-PAGE", what, "it was changed by hand", WRITE)
        })?;
        let differences = differences(&expected, tables);
        if differences.is_empty() {
            return Ok(());
        }
        let made_with = figures.lines().find_map(|line| line.strip_prefix(COMPILER)).unwrap_or_default();
        let likely = if made_with.trim_end_matches('.') == version {
            "the driver costs more or less than it did: if that is meant, write the page anew".to_owned()
        } else {
            format!("the page was made with {made_with} This is {version}: write the page anew")
        };
        let (shown, rest) = differences.split_at(differences.len().min(SHOWN));
        let mut what = format!("not what the page says, by more than 5 %:\n  {}", shown.join("\n  "));
        if !rest.is_empty() {
            let _ = write!(what, "\n  and {} more", rest.len());
        }
        Err(Failure::new("XTASK-FIGURES-DIFFER", what, likely, WRITE))
    }
}

fn lost_goals(figures: &str, tables: &[Table]) -> Vec<String> {
    let mut lost = Vec::new();
    // By place: two goals may have the same words.
    let said = figures.lines().skip_while(|line| !line.starts_with("| goal |")).skip(2);
    for (now, then) in goal_lines(tables).zip(said) {
        let cells = |line: &str| line.split('|').map(str::to_owned).collect::<Vec<_>>();
        let pairs = cells(&now).into_iter().zip(cells(then));
        if pairs.into_iter().any(|(now, then)| now.contains(MISSED) && !then.contains(MISSED)) {
            lost.push(format!("now {}, then {then}", now.trim()));
        }
    }
    lost
}

/// Every figure that is not near to what was expected, and every one that only one side has.
fn differences(expected: &[Table], measured: &[Table]) -> Vec<String> {
    let mut differences = Vec::new();
    for table in expected.iter().filter(|table| !measured.iter().any(|other| other.title == table.title)) {
        differences.push(format!("{}: only on the page", table.title));
    }
    for table in measured {
        let Some(of_page) = expected.iter().find(|other| other.title == table.title) else {
            differences.push(format!("{}: not on the page", table.title));
            continue;
        };
        for row in &table.rows {
            for (index, name) in COLUMNS.iter().enumerate() {
                let place = format!("{}, {}, {name}", table.title, row.label);
                match (table.cell(&row.label, index), of_page.cell(&row.label, index)) {
                    (Some(found), Some(expected)) if found.is_near(expected) => {}
                    (None, None) => {}
                    (found, expected) => {
                        let shown = |cell: table::Cell| {
                            cell.map_or_else(|| "nothing".to_owned(), |range| range.to_string())
                        };
                        differences.push(format!("{place}: {}, not {}", shown(found), shown(expected)));
                    }
                }
            }
        }
    }
    differences
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::firmware::figures::{
        OPT_LEVELS,
        table::{LABELS, Range, Row},
    };

    fn tables(ours: u64) -> Vec<Table> {
        let (ours, theirs) = (Some(Range::exactly(ours)), Some(Range::exactly(1000)));
        let row = |label: &&str| Row { label: (*label).into(), cells: [ours, ours, theirs, None, None] };
        let title =
            |level| MACHINES.iter().map(move |machine| format!("{}, opt-level `{level}`", machine.title));
        let table = |title| Table { title, rows: LABELS.iter().map(row).collect() };
        OPT_LEVELS.into_iter().flat_map(title).map(table).collect()
    }

    fn page(text: &str) -> Page {
        Page { path: "page.md".into(), text: format!("a\n{BEGIN}{text}{END}b\n") }
    }

    #[test]
    fn a_page_is_held_to_within_a_twentieth() {
        let page = page(&text("rustc 1.0", &tables(600)));
        assert!(page.compare("rustc 1.0", &tables(600)).is_ok());
        assert!(page.compare("rustc 1.0", &tables(630)).is_ok());
        let failure = page.compare("rustc 1.0", &tables(631)).unwrap_err();
        assert_eq!(failure.code, "XTASK-FIGURES-DIFFER");
        assert!(failure.what.contains("631, not 600") && !failure.likely.contains("This is"), "{failure}");
        let failure = page.compare("rustc 2.0", &tables(631)).unwrap_err();
        assert!(failure.likely.contains("made with rustc 1.0. This is rustc 2.0"), "{failure}");
    }

    #[test]
    fn a_figure_or_a_table_that_only_one_side_has_is_a_difference() {
        let page = page(&text("rustc 1.0", &tables(600)));
        let mut fewer = tables(600);
        fewer.pop();
        assert!(page.compare("rustc 1.0", &fewer).unwrap_err().what.contains("only on the page"));
        let mut no_figure = tables(600);
        no_figure[0].rows[3].cells[1] = None;
        assert!(page.compare("rustc 1.0", &no_figure).unwrap_err().what.contains("nothing, not 600"));
        let empty = self::page("\n");
        assert!(empty.compare("rustc 1.0", &tables(600)).unwrap_err().what.contains("not on the page"));
    }

    #[test]
    fn a_goal_that_is_met_on_the_page_must_stay_so_and_one_that_is_missed_may() {
        let met = page(&text("rustc 1.0", &tables(690)));
        assert!(met.holds_goals(&tables(700)).is_ok());
        assert_eq!(met.holds_goals(&tables(710)).unwrap_err().code, "XTASK-FIGURES-GOAL");
        let missed = page(&text("rustc 1.0", &tables(710)));
        assert!(missed.holds_goals(&tables(720)).is_ok() && missed.holds_goals(&tables(690)).is_ok());
        assert!(missed.holds_goals(&tables(1001)).is_err());
    }

    #[test]
    fn a_page_without_marks_is_refused() {
        let page = Page { path: "page.md".into(), text: "no marks".into() };
        assert_eq!(page.holds_goals(&tables(1)).unwrap_err().code, "XTASK-FIGURES-PAGE");
    }
}
