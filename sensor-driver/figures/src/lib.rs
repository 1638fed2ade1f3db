//! How well each behaviour does: closed loops on the simulator, in virtual time.
//!
//! `cargo run -p mlsensor-figures` prints what docs/behavior.md says; with `-- --write` it writes it there.
//!
//! # Guarantees
//! The same figures on every machine: chance is seeded, time is virtual, and what decides is in integers. Floating point
//! divides sums and prints the result, rounded to the decimals of its unit.

mod aim;
mod attention;
mod cadence;
mod enroll;
mod erase;
mod page;
mod pan_tilt;
mod power;
mod presence;
mod reader;
mod sample;
mod tracker;

use std::fmt;
use std::thread;

pub use page::{Page, PageError, tables};

/// One figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Of which behaviour: the name of its section.
    pub behavior: &'static str,
    /// What goes on in front of the sensor.
    pub scene: &'static str,
    /// What was measured.
    pub what: &'static str,
    /// In which way it was read, or done otherwise. Empty if there is but one.
    pub how: String,
    /// What came out.
    pub figure: f64,
    /// In what.
    pub unit: Unit,
    /// What it must be.
    pub bound: Bound,
    /// Why it must be so.
    pub because: &'static str,
}

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A whole number.
    Count,
    /// How often.
    PerHour,
    /// How often.
    PerMinute,
    /// How many of each.
    PerInference,
    /// How many of each.
    PerPerson,
    /// A time.
    Seconds,
    /// A time.
    Milliseconds,
    /// An angle.
    Degrees,
    /// A way.
    DegreesPerMinute,
    /// A share.
    Percent,
    /// A current.
    Milliamperes,
}

impl Unit {
    /// With how many decimals a figure is shown and judged.
    #[must_use]
    pub const fn decimals(self) -> usize {
        match self {
            Unit::Count | Unit::Milliseconds => 0,
            Unit::PerInference | Unit::PerPerson | Unit::Seconds => 2,
            _ => 1,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Unit::Count => "",
            Unit::PerHour => " an hour",
            Unit::PerMinute => " a minute",
            Unit::PerInference => " an inference",
            Unit::PerPerson => " a person",
            Unit::Seconds => " s",
            Unit::Milliseconds => " ms",
            Unit::Degrees => "°",
            Unit::DegreesPerMinute => "° a minute",
            Unit::Percent => " %",
            Unit::Milliamperes => " mA",
        }
    }

    /// A figure as it is shown.
    #[must_use]
    pub fn shown(self, figure: f64) -> String {
        format!("{:.*}{}", self.decimals(), figure, self.name())
    }
}

/// What a figure must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// This, or less.
    AtMost(f64),
    /// This, or more: of what is measured to compare with, and is said to be worse.
    AtLeast(f64),
}

impl Bound {
    const fn limit(self) -> f64 {
        match self {
            Bound::AtMost(limit) | Bound::AtLeast(limit) => limit,
        }
    }
}

impl Row {
    /// The figure as it is shown, with its unit.
    #[must_use]
    pub fn shown(&self) -> String {
        self.unit.shown(self.figure)
    }

    /// The bound as it is shown.
    #[must_use]
    pub fn shown_bound(&self) -> String {
        let limit = self.bound.limit();
        let sign = match self.bound {
            Bound::AtMost(0.0) => "",
            Bound::AtMost(_) => "≤ ",
            Bound::AtLeast(_) => "≥ ",
        };
        // A bound has only the decimals that it needs.
        format!("{sign}{limit}{}", self.unit.name())
    }

    /// Whether the figure, as it is shown, is what it must be.
    #[must_use]
    pub fn holds(&self) -> bool {
        let scale = 10_f64.powi(self.unit.decimals() as i32);
        let shown = (self.figure * scale).round() / scale;
        match self.bound {
            Bound::AtMost(limit) => shown <= limit,
            Bound::AtLeast(limit) => shown >= limit,
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Row { behavior, scene, what, how, because, .. } = self;
        let (figure, bound) = (self.shown(), self.shown_bound());
        write!(f, "{behavior}, {scene}: {what}, {how}: {figure}, must be {bound}: {because}")
    }
}

/// Measures everything, in the order of the page.
#[must_use]
pub fn measure() -> Vec<Row> {
    let behaviors: &[fn() -> Vec<Row>] = &[
        presence::rows,
        attention::figures,
        tracker::rows,
        aim::rows,
        cadence::figures,
        enroll::figures,
        erase::figures,
        power::figures,
    ];
    thread::scope(|scope| {
        let running: Vec<_> = behaviors.iter().map(|rows| scope.spawn(rows)).collect();
        running.into_iter().flat_map(|rows| rows.join().expect("a measurement panicked")).collect()
    })
}
