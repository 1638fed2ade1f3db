//! One table of cases for both shells: what happens, and what must come of it.

mod others;
mod outages;

use std::time::Duration;

use mlsensor::Config;
use mlsensor_host::supervisor::{Cause, Counters, Settings, State};
use mlsensor_sim::{Person, SimSensor};

use crate::bench::{Bench, Seen, ms};
use crate::drive::{self, Order, Run};

/// Away from the power-on settings, all but the mode.
const AWAY: Config = Config::POWER_ON.with_id_enabled(true).with_persist_ids(false).with_led(false);

struct Case {
    name: &'static str,
    settings: Settings,
    sensor: fn() -> SimSensor,
    script: fn(&Bench),
    order: Order,
    until: Duration,
    check: fn(&Bench, &Run),
}

/// A sensor that runs, with somebody in front of it, and nothing that befalls it.
const CALM: Case = Case {
    name: "calm",
    settings: SETTINGS,
    sensor: person,
    script: |_| {},
    order: None,
    until: ms(20_000),
    check: |bench, run| {
        let Counters { reads, ok, readings, opened, configured, .. } = run.counters;
        assert_eq!((ok, readings, opened, configured), (reads, reads - 1, 1, 1));
        assert_eq!(run.first(State::Live), run.updates[0].0);
        assert!(run.updates.iter().all(|(_, update)| update.faces().is_some_and(|faces| faces.count() == 1)));
        assert!((130..=150).contains(&run.counters.fresh), "{}", run.counters.fresh);
        assert_eq!(bench.sensor(|sensor| sensor.config()), AWAY);
    },
};

const SETTINGS: Settings = Settings::DEFAULT.with_config(AWAY).with_seed(7);

fn person() -> SimSensor {
    let mut sensor = SimSensor::new().with_detection(mlsensor_sim::Detection::default()).with_seed(3);
    sensor.set_scene([Person::at(1.0, 0.0)]);
    // It has run for a while.
    sensor.advance(ms(5000));
    sensor
}

impl Run {
    /// When it was in this state first.
    fn first(&self, state: State) -> Duration {
        self.first_after(state, Duration::ZERO)
    }

    /// When it was in this state first, from a time on.
    fn first_after(&self, state: State, from: Duration) -> Duration {
        let found = self.updates.iter().find(|(at, update)| *at >= from && update.state() == state);
        found.unwrap_or_else(|| panic!("never {state} after {from:?}: {:#?}", self.counters)).0
    }

    /// The first reading from a time on.
    fn reading_after(&self, from: Duration) -> Duration {
        let found = self.updates.iter().find(|(at, update)| *at >= from && update.faces().is_some());
        found.unwrap_or_else(|| panic!("no reading after {from:?}: {:#?}", self.counters)).0
    }

    fn states(&self) -> Vec<State> {
        let mut states: Vec<State> = self.updates.iter().map(|(_, update)| update.state()).collect();
        states.dedup();
        states
    }

    fn causes(&self) -> impl Iterator<Item = &Cause> {
        self.updates.iter().filter_map(|(_, update)| Some(&update.trouble()?.cause))
    }
}

/// How many reads were begun from `from` on, up to the one that gave the first reading after it.
fn polls_until_live(bench: &Bench, run: &Run, from: Duration) -> usize {
    let live = run.reading_after(from);
    let is_read = |seen: &Seen| matches!(seen, Seen::Read { at, .. } if *at >= from && *at < live);
    bench.log().iter().filter(|seen| is_read(seen)).count()
}

fn writes(bench: &Bench) -> usize {
    bench.log().iter().filter(|seen| matches!(seen, Seen::Write { .. })).count()
}

#[test]
fn each_case_comes_out_as_it_must_in_both_shells_alike() {
    let failed: Vec<&str> = outages::cases()
        .into_iter()
        .chain(others::cases())
        .filter(|case| std::panic::catch_unwind(|| run(case)).is_err())
        .map(|case| case.name)
        .collect();
    assert!(failed.is_empty(), "{failed:?}");
}

fn run(case: &Case) {
    let drive = |shell: fn(&Bench, Settings, Duration, Order) -> Run| {
        let bench = Bench::new((case.sensor)(), 1);
        (case.script)(&bench);
        let run = shell(&bench, case.settings, case.until, case.order);
        (case.check)(&bench, &run);
        // Each read is counted once. (Writes that fail are counted with them.)
        let Counters { reads, ok, refused, bus_errors, not_configured, .. } = run.counters;
        assert_eq!(reads + not_configured, ok + refused.total() + bus_errors.total());
        let seen = bench.log().iter().filter(|seen| matches!(seen, Seen::Read { .. })).count();
        assert_eq!(reads, seen as u64);
        (run, bench.log())
    };
    let _blocking = drive(drive::blocking);
    #[cfg(feature = "tokio")]
    assert!(drive(drive::asynch) == _blocking, "{}: the shells differ", case.name);
}
