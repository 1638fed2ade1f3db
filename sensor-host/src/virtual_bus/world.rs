//! Buses, pins and time: the simulator as a machine has it.

use std::collections::BTreeMap;
use std::time::Duration;

use mlsensor_sim::{Attached, FaultInjector, SimBus, SimSensor};

use super::adapter::Adapter;
use super::real_time::{Clock, Stamp};

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

/// The simulated hardware of a machine.
pub struct World {
    clock: Box<dyn Clock>,
    buses: BTreeMap<u32, (SimBus, Adapter)>,
    /// What drives each line of the GPIO chip, and its level when it was looked at last.
    lines: BTreeMap<u32, (Attached<SimSensor>, bool)>,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").field("buses", &self.buses).finish_non_exhaustive()
    }
}

impl World {
    /// A machine without buses.
    #[must_use]
    pub fn new(clock: Box<dyn Clock>) -> World {
        World { clock, buses: BTreeMap::new(), lines: BTreeMap::new() }
    }

    /// Adds the bus `/dev/i2c-NUMBER`, with this sensor on it, its presence pin wired to a line of the GPIO chip.
    pub fn add(&mut self, number: u32, sensor: SimSensor, line: u32, seed: u64) {
        // Transfers take no simulated time: it is real time that passes while they are made.
        let bus = SimBus::with_bit_rate(u32::MAX);
        let sensor = bus.attach(sensor);
        self.buses.insert(number, (bus.clone(), Adapter::new(FaultInjector::new(bus, seed))));
        self.lines.insert(line, (sensor, false));
    }

    /// The adapter of a bus.
    pub fn adapter(&mut self, number: u32) -> Option<&mut Adapter> {
        self.buses.get_mut(&number).map(|(_, adapter)| adapter)
    }

    /// The numbers of the buses.
    pub fn buses(&self) -> impl Iterator<Item = u32> + '_ {
        self.buses.keys().copied()
    }

    /// The lines of the GPIO chip that something drives, and their names.
    pub fn lines(&self) -> impl Iterator<Item = (u32, &str)> + '_ {
        self.lines.keys().map(|&line| (line, ""))
    }

    /// Whether a line is high; `None` if nothing drives it.
    #[must_use]
    pub fn level(&self, line: u32) -> Option<bool> {
        self.lines.get(&line).map(|(sensor, _)| sensor.presence())
    }

    /// What the clocks of programs show now.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        self.clock.stamp(self.clock.now())
    }

    /// What the clocks of programs show at a moment of simulated time.
    #[must_use]
    pub fn stamp_of(&self, simulated: Duration) -> Stamp {
        self.clock.stamp(simulated)
    }

    /// Lets simulated time pass until now, and tells which lines changed meanwhile, in order of time.
    pub fn catch_up(&mut self) -> Vec<Edge> {
        let now = self.clock.now();
        let mut edges = Vec::new();
        for (bus, _) in self.buses.values() {
            while bus.now() < now {
                let left = now.saturating_sub(bus.now());
                bus.advance(bus.next_event().map_or(left, |next| next.min(left)));
                for (&line, (sensor, was_high)) in &mut self.lines {
                    let is_high = sensor.presence();
                    if is_high != *was_high {
                        *was_high = is_high;
                        edges.push(Edge { line, is_high, at: bus.now() });
                    }
                }
            }
        }
        edges.sort_by_key(|edge| edge.at);
        edges
    }

    /// How long it really takes until something happens by itself.
    #[must_use]
    pub fn wake_in(&self) -> Option<Duration> {
        let now = self.clock.now();
        let next = self.buses.values().filter_map(|(bus, _)| {
            let at = bus.now().saturating_add(bus.next_event()?);
            Some(at.saturating_sub(now))
        });
        next.min().map(|simulated| self.clock.real(simulated))
    }
}
