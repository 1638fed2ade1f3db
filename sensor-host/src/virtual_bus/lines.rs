//! The lines of the GPIO chip that parts drive, and when they changed.

use std::collections::BTreeMap;
use std::time::Duration;

use mlsensor_sim::{Attached, SimSensor};

use super::Replayed;

/// A change of a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// The line of the GPIO chip.
    pub line: u32,
    /// Whether it is high now.
    pub is_high: bool,
    /// When, in simulated time.
    pub at: Duration,
}

/// What drives a line of the GPIO chip.
pub(super) trait Pin: Send {
    fn is_high(&self) -> bool;

    /// When it changed, if it did so during a transfer.
    fn changed_at(&self, begin: Duration, end: Duration) -> Duration;
}

impl Pin for Attached<SimSensor> {
    fn is_high(&self) -> bool {
        self.presence()
    }

    /// When the sensor's result came up, or, if none did, at the end, by what was written.
    fn changed_at(&self, begin: Duration, end: Duration) -> Duration {
        let age = self.with(|sensor| Some(sensor.now().saturating_sub(sensor.published_at()?)));
        age.map(|age| end.saturating_sub(age)).filter(|&at| at > begin).unwrap_or(end)
    }
}

impl Pin for Attached<Replayed> {
    fn is_high(&self) -> bool {
        self.with(|replayed| replayed.presence())
    }

    fn changed_at(&self, begin: Duration, end: Duration) -> Duration {
        end.saturating_sub(self.with(|replayed| replayed.age())).max(begin)
    }
}

/// A line of the GPIO chip: what it is called, what drives it, and its level when it was looked at last.
struct Line {
    name: String,
    pin: Box<dyn Pin>,
    was_high: bool,
}

/// All lines that something drives.
#[derive(Default)]
pub(super) struct Lines {
    lines: BTreeMap<u32, Line>,
    /// What nobody was told of yet.
    edges: Vec<Edge>,
}

impl Lines {
    /// Wires a pin to a line, in the place of what drove it before.
    pub(super) fn add(&mut self, line: u32, name: String, pin: Box<dyn Pin>) {
        let was_high = pin.is_high();
        self.lines.insert(line, Line { name, pin, was_high });
    }

    pub(super) fn names(&self) -> impl Iterator<Item = (u32, &str)> + '_ {
        self.lines.iter().map(|(&line, wired)| (line, &*wired.name))
    }

    pub(super) fn level(&self, line: u32) -> Option<bool> {
        self.lines.get(&line).map(|wired| wired.pin.is_high())
    }

    /// Takes note of what changed; `at` says when.
    pub(super) fn note_edges(&mut self, at: impl Fn(&dyn Pin) -> Duration) {
        for (&line, wired) in &mut self.lines {
            let is_high = wired.pin.is_high();
            if is_high != wired.was_high {
                wired.was_high = is_high;
                self.edges.push(Edge { line, is_high, at: at(&*wired.pin) });
            }
        }
    }

    pub(super) fn has_edges(&self) -> bool {
        !self.edges.is_empty()
    }

    /// In order of time.
    pub(super) fn take_edges(&mut self) -> Vec<Edge> {
        let mut edges = std::mem::take(&mut self.edges);
        // A transfer may have been ahead of the others.
        edges.sort_by_key(|edge| edge.at);
        edges
    }
}
