//! Is every figure what it must be, and does docs/behavior.md say what is measured?

use std::collections::BTreeSet;
use std::sync::LazyLock;

use mlsensor_figures::{Bound, Page, Row, Unit, measure, tables};

/// Measured once, for all tests.
static ROWS: LazyLock<Vec<Row>> = LazyLock::new(measure);

#[test]
fn every_figure_is_what_it_must_be() {
    let broken: Vec<String> = ROWS.iter().filter(|row| !row.holds()).map(Row::to_string).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_page_says_what_is_measured() {
    let page = Page::read().unwrap();
    let (on_the_page, measured) = (page.figures().unwrap(), tables(&ROWS));
    let missing: Vec<&str> = measured.lines().filter(|line| !on_the_page.contains(line)).collect();
    let missing = missing.join("\n");
    assert!(
        on_the_page == measured,
        "`cargo run -p mlsensor-figures -- --write` writes it; these lines are not there:\n{missing}"
    );
}

#[test]
fn every_bound_has_a_reason_and_every_figure_its_own_name() {
    let mut names = BTreeSet::new();
    for row in ROWS.iter() {
        assert!(!row.because.is_empty(), "{row}");
        assert!(names.insert((row.behavior, row.scene, row.what, &row.how)), "twice: {row}");
        assert!(row.figure.is_finite(), "{row}");
    }
}

#[test]
fn every_behavior_has_figures_and_a_section() {
    let page = Page::read().unwrap();
    let measured: BTreeSet<&str> = ROWS.iter().map(|row| row.behavior).collect();
    let module = include_str!("../../src/behavior/mod.rs");
    // "| [`Enroll`], [`Erase`] | what they answer |"
    let table = module.lines().filter_map(|line| line.strip_prefix("//! | [`")?.split_once(" | "));
    let behaviors: BTreeSet<&str> =
        table.flat_map(|(names, _)| names.split("], [")).map(|name| name.trim_matches(['`', ']'])).collect();
    assert_eq!(measured, behaviors, "the table of behaviours in sensor-driver/src/behavior/mod.rs");
    for name in behaviors {
        assert!(page.text().contains(&format!("\n## {name}\n")), "docs/behavior.md has no section {name}");
    }
}

#[test]
fn a_figure_is_judged_as_it_is_shown() {
    let mut row = Row {
        behavior: "Aim",
        scene: "",
        what: "",
        how: String::new(),
        figure: 2.04,
        unit: Unit::Degrees,
        bound: Bound::AtMost(2.0),
        because: "",
    };
    assert!(row.holds());
    assert_eq!((row.shown(), row.shown_bound()), ("2.0°".to_owned(), "≤ 2°".to_owned()));
    row.figure = 2.06;
    assert!(!row.holds());
    row.bound = Bound::AtLeast(2.1);
    assert!(row.holds());
    row.figure = f64::NAN;
    assert!(!row.holds());
}
