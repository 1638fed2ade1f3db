//! Buses, pins and time: the simulator as a machine has it.
//!
//! # Guarantees
//! * An edge carries the simulated time of what caused it, however late it is asked for.
//! * One [`World::catch_up`] does a bounded amount of work. A machine that was stopped for an hour catches up in several, and
//!   calls get their turn in between.

use std::collections::BTreeMap;
use std::time::Duration;

use mlsensor_sim::{Attached, FaultControl, FaultInjector, SimBus, SimSensor, Transfer};

use super::adapter::Adapter;
use super::errno::Style;
use super::fault_spec::Action;
use super::lines::Lines;
use super::real_time::{Clock, Stamp};
use super::{Answer, Edge, Errno, Replayed, Reply};

/// How many events one [`World::catch_up`] lives through at most.
const MOST_EVENTS: u32 = 1000;

/// The shortest time.
const MOMENT: Duration = Duration::from_nanos(1);

/// A bus of a world.
#[derive(Debug, Clone)]
pub struct Wiring {
    /// Which adapter drives it.
    pub style: Style,
    /// How fast it is, in hertz; `None` for a bus on which transfers take no time.
    pub bit_rate_hz: Option<u32>,
    /// The seed of the faults that chance brings.
    pub seed: u64,
    /// The addresses that a driver of the kernel holds.
    pub claimed: Vec<u16>,
}

impl Default for Wiring {
    /// A Raspberry Pi's, on which transfers take no time.
    fn default() -> Wiring {
        Wiring { style: Style::Pi, bit_rate_hz: None, seed: 0, claimed: Vec::new() }
    }
}

#[derive(Debug)]
struct Bus {
    bus: SimBus,
    adapter: Adapter,
    faults: FaultControl,
}

/// Something that is to happen.
#[derive(Debug)]
struct Plan {
    at: Duration,
    bus: u32,
    action: Action,
}

/// What takes note of the traffic.
type Log = Box<dyn FnMut(&Transfer) + Send>;

/// The simulated hardware of a machine.
pub struct World {
    clock: Box<dyn Clock>,
    /// Until when everything has been lived through.
    reached: Duration,
    buses: BTreeMap<u32, Bus>,
    lines: Lines,
    /// The sensors of each bus, for what happens to their power.
    sensors: Vec<(u32, Attached<SimSensor>)>,
    /// The earliest last.
    plans: Vec<Plan>,
    log: Option<(u32, Log)>,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World")
            .field("reached", &self.reached)
            .field("buses", &self.buses)
            .finish_non_exhaustive()
    }
}

impl World {
    /// A machine without buses.
    #[must_use]
    pub fn new(clock: Box<dyn Clock>) -> World {
        World {
            clock,
            reached: Duration::ZERO,
            buses: BTreeMap::new(),
            lines: Lines::default(),
            sensors: Vec::new(),
            plans: Vec::new(),
            log: None,
        }
    }

    /// Adds the bus `/dev/i2c-NUMBER`, with this sensor on it, its presence pin wired to a line of the GPIO chip.
    pub fn add(&mut self, number: u32, sensor: SimSensor, line: u32, seed: u64) {
        let bus = self.add_bus(number, Wiring { seed, ..Wiring::default() });
        let sensor = bus.attach(sensor);
        self.add_sensor(number, &sensor);
        self.add_line(line, format!("GPIO{line}"), sensor);
    }

    /// Adds the bus `/dev/i2c-NUMBER`, in the place of one that has this number. Its handle, to attach things to it.
    pub fn add_bus(&mut self, number: u32, wiring: Wiring) -> SimBus {
        let bus = SimBus::with_bit_rate(wiring.bit_rate_hz.unwrap_or(u32::MAX));
        let faulty = FaultInjector::new(bus.clone(), wiring.seed);
        let faults = faulty.control();
        let adapter = Adapter::new(faulty, bus.clone(), &wiring);
        self.buses.insert(number, Bus { bus: bus.clone(), adapter, faults });
        bus
    }

    /// A sensor on a bus loses its power and gets it back as plans for this bus say.
    pub fn add_sensor(&mut self, number: u32, sensor: &Attached<SimSensor>) {
        self.sensors.push((number, sensor.clone()));
    }

    /// Wires the presence pin of a sensor to a line of the GPIO chip.
    pub fn add_line(&mut self, line: u32, name: String, sensor: Attached<SimSensor>) {
        self.lines.add(line, name, Box::new(sensor));
    }

    /// Wires the presence pin of a recorded sensor to a line of the GPIO chip.
    pub fn add_replayed_line(&mut self, line: u32, name: String, replayed: Attached<Replayed>) {
        self.lines.add(line, name, Box::new(replayed));
    }

    /// Lets something happen on a bus; at once, if the time for it is over.
    pub fn plan(&mut self, at: Duration, bus: u32, action: Action) {
        if at <= self.reached {
            self.act(bus, action);
        } else {
            let place = self.plans.partition_point(|plan| plan.at > at);
            self.plans.insert(place, Plan { at, bus, action });
        }
    }

    /// Lets something take note of the traffic of a bus from now on.
    pub fn log(&mut self, bus: u32, log: impl FnMut(&Transfer) + Send + 'static) {
        if let Some(logged) = self.buses.get(&bus) {
            logged.bus.start_log();
            self.log = Some((bus, Box::new(log)));
        }
    }

    /// The adapter of a bus.
    pub fn adapter(&mut self, number: u32) -> Option<&mut Adapter> {
        self.buses.get_mut(&number).map(|bus| &mut bus.adapter)
    }

    /// Does something with the adapter of a bus, and tells how long it really takes.
    pub fn with_adapter(
        &mut self,
        number: u32,
        with: impl FnOnce(&mut Adapter) -> Result<Answer, Errno>,
    ) -> Reply {
        let Some(bus) = self.buses.get_mut(&number) else {
            return Err(Errno::NODEV).into();
        };
        let begin = bus.bus.now();
        let outcome = with(&mut bus.adapter);
        let (end, ends) = (bus.bus.now(), bus.adapter.ends());
        self.lines.note_edges(|pin| pin.changed_at(begin, end));
        self.write_log();
        let after = match ends {
            Some(ends) => self.clock.real(ends.saturating_sub(self.clock.now())),
            None => Duration::ZERO,
        };
        Reply { outcome, after }
    }

    /// The numbers of the buses.
    pub fn buses(&self) -> impl Iterator<Item = u32> + '_ {
        self.buses.keys().copied()
    }

    /// The lines of the GPIO chip that something drives, and their names.
    pub fn lines(&self) -> impl Iterator<Item = (u32, &str)> + '_ {
        self.lines.names()
    }

    /// Whether a line is high; `None` if nothing drives it.
    #[must_use]
    pub fn level(&self, line: u32) -> Option<bool> {
        self.lines.level(line)
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

    /// Lets simulated time pass until now, and tells which lines changed meanwhile, in order of time. If very much was
    /// missed, it ends earlier, and [`wake_in`](Self::wake_in) is zero.
    pub fn catch_up(&mut self) -> Vec<Edge> {
        let now = self.clock.now();
        for _ in 0..MOST_EVENTS {
            if self.reached >= now {
                break;
            }
            self.step(self.next_event().unwrap_or(now).min(now));
        }
        self.lines.take_edges()
    }

    /// How long it really takes until something happens by itself.
    #[must_use]
    pub fn wake_in(&self) -> Option<Duration> {
        if self.lines.has_edges() {
            return Some(Duration::ZERO);
        }
        let next = self.next_event()?;
        Some(self.clock.real(next.saturating_sub(self.clock.now())))
    }

    /// When something happens by itself, in simulated time.
    fn next_event(&self) -> Option<Duration> {
        let of_bus = |bus: &Bus| Some(bus.bus.now().saturating_add(bus.bus.next_event()?));
        let plan = self.plans.last().map(|plan| plan.at);
        let next = self.buses.values().filter_map(of_bus).chain(plan).min()?;
        // What happens now was just lived through, or is so with the next moment.
        Some(next.max(self.reached.saturating_add(MOMENT)))
    }

    /// Lives through everything until then, of which there is at most one event.
    fn step(&mut self, until: Duration) {
        for Bus { bus, .. } in self.buses.values() {
            // A bus with a transfer on it is ahead.
            bus.advance(until.saturating_sub(bus.now()));
        }
        self.reached = until;
        while self.plans.last().is_some_and(|plan| plan.at <= until) {
            let Some(plan) = self.plans.pop() else { break };
            self.act(plan.bus, plan.action);
        }
        self.lines.note_edges(|_| until);
    }

    fn act(&mut self, number: u32, action: Action) {
        let sensors = self.sensors.iter().filter(|(bus, _)| *bus == number).map(|(_, sensor)| sensor);
        match action {
            Action::PowerOff => sensors.for_each(Attached::power_off),
            Action::PowerOn => sensors.for_each(Attached::power_on),
            Action::Inject(fault, times) => {
                if let Some(bus) = self.buses.get(&number) {
                    (0..times).for_each(|_| bus.faults.inject(fault));
                }
            }
            Action::Rate(kind, per_million) => {
                if let Some(bus) = self.buses.get(&number) {
                    bus.faults.set_rate(kind, per_million);
                }
            }
        }
    }

    fn write_log(&mut self) {
        let Some((number, log)) = &mut self.log else { return };
        if let Some(Bus { bus, .. }) = self.buses.get(number) {
            bus.take_log().transfers.iter().for_each(log);
            bus.start_log();
        }
    }
}
