//! One table of cases for both shells: what happens, and what must come of it.

use std::time::Duration;

use embedded_hal::i2c::ErrorKind;
use mlsensor::{Config, Mode, PacketError};
use mlsensor_host::supervisor::{Cause, Counters, Pace, Settings, State, Trouble, Update};
use mlsensor_sim::{
    Assumptions, Fault, FaultKind, LookalikeKind, Nonsense, Person, ProbingWhileBooting, SimSensor,
};

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

fn cases() -> Vec<Case> {
    vec![
        CALM,
        Case {
            name: "by a timer",
            settings: SETTINGS.with_pace(Pace::Every(ms(200))),
            check: |_, run| {
                // 20 s less 0.5 s to settle.
                assert!((97..=99).contains(&run.counters.readings), "{}", run.counters.readings);
                let late = run.updates.iter().filter(|(at, _)| at.as_millis() % 200 > 10).count();
                assert!(late <= 1, "{late}");
            },
            ..CALM
        },
        Case {
            name: "a bus that is absent at the start",
            script: |bench| {
                bench.set_open_errno(Some(2));
                bench.at(ms(5000), |bench| bench.set_open_errno(None));
            },
            check: |bench, run| {
                assert_eq!(run.states(), [State::Absent, State::Live]);
                let absent = &run.updates[0].1;
                assert_eq!(absent.trouble().and_then(|trouble| trouble.cause.errno()), Some(2));
                assert_eq!(absent.faces(), None);
                assert_eq!(polls_until_live(bench, run, ms(5000)), 2);
                // 0.1, 0.2, 0.4, 0.8, 1.6, 2 and less, and 0.5 s to settle.
                assert!(run.reading_after(ms(5000)) < ms(7600));
                assert!((4..=8).contains(&run.counters.not_opened), "{}", run.counters.not_opened);
                assert_eq!((run.counters.opened, run.counters.configured), (1, 1));
            },
            ..CALM
        },
        Case {
            name: "a slow start",
            sensor: || {
                let mut sensor = SimSensor::new();
                sensor.set_scene([Person::at(1.0, 0.0)]);
                sensor.power_off();
                sensor
            },
            script: |bench| bench.at(ms(300), |bench| bench.sensor(SimSensor::power_on)),
            check: |bench, run| {
                assert_eq!(run.states(), [State::Absent, State::Live]);
                assert!(
                    run.causes()
                        .all(|cause| matches!(cause, Cause::Bus { kind: ErrorKind::NoAcknowledge(_), .. }))
                );
                // It is silent for 2.5 s.
                assert_eq!(polls_until_live(bench, run, ms(2800)), 2);
                assert!(run.reading_after(ms(2800)) < ms(2800 + 2000 + 600));
                // What it gave before its first inference was not shown: there was somebody all the time.
                assert!(
                    run.updates
                        .iter()
                        .all(|(_, update)| update.faces().is_none_or(|faces| faces.count() == 1))
                );
                assert_eq!(bench.sensor(|sensor| sensor.config()), AWAY);
            },
            ..CALM
        },
        Case {
            name: "a burst of missing acknowledgements",
            script: |bench| bench.at(ms(10_000), |bench| bench.faults.inject(Fault::Gone(3))),
            check: |bench, run| {
                assert_eq!(run.states(), [State::Live]);
                assert_eq!((run.counters.missed, run.counters.retries), (3, 0));
                assert_eq!(run.counters.bus_errors.no_acknowledge, 3);
                let missed: Vec<_> =
                    run.updates.iter().filter(|(_, update)| matches!(update, Update::Missed(_))).collect();
                assert_eq!(missed.len(), 3);
                assert!(missed.iter().all(|(_, update)| update.faces().is_none()));
                assert_eq!((run.counters.opened, run.counters.configured), (1, 1));
                let clear = missed.last().unwrap().0 + Duration::from_micros(1);
                assert_eq!(polls_until_live(bench, run, clear), 1);
            },
            ..CALM
        },
        Case {
            name: "arbitration lost, twice in a row",
            script: |bench| {
                bench.at(ms(10_000), |bench| {
                    bench.faults.inject(Fault::ArbitrationLoss);
                    bench.faults.inject(Fault::ArbitrationLoss);
                });
            },
            check: |_, run| {
                assert!(run.updates.iter().all(|(_, update)| update.faces().is_some()));
                assert_eq!((run.counters.missed, run.counters.retries), (0, 2));
                assert_eq!(run.counters.bus_errors.arbitration_loss, 2);
            },
            ..CALM
        },
        Case {
            name: "arbitration lost, without retries",
            settings: SETTINGS.with_retries(0),
            script: |bench| bench.at(ms(10_000), |bench| bench.faults.inject(Fault::ArbitrationLoss)),
            check: |_, run| assert_eq!((run.counters.missed, run.counters.retries), (1, 0)),
            ..CALM
        },
        Case {
            name: "gone for three seconds, and back with defaults",
            script: |bench| {
                bench.at(ms(5000), |bench| bench.sensor(SimSensor::power_off));
                bench.at(ms(8000), |bench| bench.sensor(SimSensor::power_on));
                bench.at(ms(10_400), |bench| assert_eq!(bench.sensor(|s| s.config()), Config::POWER_ON));
            },
            check: |bench, run| {
                assert_eq!(run.states(), [State::Live, State::Stale, State::Absent, State::Live]);
                let stale = run.first(State::Stale);
                // The last reading is 140 ms old at most when it goes, and lives for three intervals.
                assert!(stale > ms(5000 + 250) && stale < ms(5000 + 460), "{stale:?}");
                assert!(run.first(State::Absent) < ms(6500));
                assert_eq!(polls_until_live(bench, run, ms(10_500)), 2);
                assert!(run.reading_after(ms(10_500)) < ms(10_500 + 2000 + 600));
                assert_eq!(bench.sensor(|sensor| sensor.config()), AWAY);
                assert_eq!((run.counters.outages, run.counters.recoveries), (1, 1));
                assert_eq!(run.counters.reconfigured(), 1);
                assert!(run.counters.reopened() >= 1);
            },
            ..CALM
        },
        Case {
            name: "gone for as short as a reset, if one is feared",
            settings: SETTINGS.with_may_have_restarted(ms(300)),
            script: |bench| {
                bench.at(ms(5000), |bench| bench.faults.set_rate(FaultKind::NackAddress, 1_000_000));
                bench.at(ms(5600), |bench| {
                    bench.faults.set_rate(FaultKind::NackAddress, 0);
                    bench.sensor(|sensor| sensor.write(&[7, 1]));
                });
            },
            check: |bench, run| {
                assert_eq!(bench.sensor(|sensor| sensor.config()), AWAY);
                assert_eq!(polls_until_live(bench, run, ms(5600)), 2);
            },
            ..CALM
        },
        Case {
            name: "frozen",
            script: |bench| bench.at(ms(5000), |bench| bench.faults.inject(Fault::Frozen(255))),
            until: ms(60_000),
            check: |_, run| {
                assert_eq!(run.counters.frozen, 1);
                let mut readings =
                    run.updates.iter().filter_map(|(at, update)| Some((at, update.reading()?)));
                let (at, reading) = readings.find(|(_, reading)| reading.is_frozen()).unwrap();
                assert!(*at > ms(14_700) && *at < ms(15_400), "{at:?}");
                assert!(reading.same_for() >= ms(10_000));
                let (at, _) = readings.find(|(_, reading)| !reading.is_frozen()).unwrap();
                assert!(*at > ms(20_000));
                assert!(readings.all(|(_, reading)| !reading.is_frozen()));
            },
            ..CALM
        },
        Case {
            name: "an empty room, which is the same for ever",
            sensor: SimSensor::new,
            until: ms(60_000),
            check: |_, run| {
                assert_eq!(run.counters.frozen, 0);
                assert!(run.updates.iter().all(|(_, update)| !update.reading().unwrap().is_frozen()));
                assert!(run.updates.last().unwrap().1.reading().unwrap().same_for() > ms(50_000));
            },
            ..CALM
        },
        Case {
            name: "nonsense under a checksum that is right",
            script: |bench| {
                bench.at(ms(5000), |bench| {
                    for found in 0..100 {
                        bench.faults.inject(Fault::Nonsense(Nonsense::FaceCount(5 + found)));
                    }
                });
            },
            until: ms(200_000),
            check: |bench, run| {
                assert_eq!(run.states(), [State::Live, State::Stale, State::Absent, State::Live]);
                assert_eq!(run.counters.refused.content, 100);
                assert!(
                    run.causes().all(|cause| matches!(cause, Cause::Packet(PacketError::FaceCount { .. })))
                );
                assert_eq!(writes(bench), 8);
            },
            ..CALM
        },
        Case {
            name: "another part from the start",
            script: |bench| {
                bench.socket.with(|socket| socket.plug(LookalikeKind::ALL[0]));
                for (i, kind) in LookalikeKind::ALL.iter().enumerate() {
                    bench.at(ms(1000 + 5000 * i as u64), |bench| {
                        bench.socket.with(|socket| socket.plug(*kind))
                    });
                }
            },
            until: ms(30_000),
            check: |bench, run| {
                assert_eq!(run.states(), [State::Absent]);
                assert_eq!((writes(bench), run.counters.configured), (0, 0));
                let refused = run.counters.refused;
                assert_eq!(refused.total() + run.counters.bus_errors.no_acknowledge, run.counters.reads);
                assert!(
                    refused.undriven_bus > 0 && refused.data_length + refused.checksum > 0,
                    "{refused:?}"
                );
                // 30 s at 1.5 s and more.
                assert!(run.counters.reads < 60, "{}", run.counters.reads);
            },
            ..CALM
        },
        Case {
            name: "another part in its place for a while",
            script: |bench| {
                bench.at(ms(5000), |bench| bench.socket.with(|socket| socket.plug(LookalikeKind::Co2Sensor)));
                bench.at(ms(15_000), |bench| bench.socket.with(|socket| socket.pull()));
            },
            until: ms(30_000),
            check: |bench, run| {
                assert_eq!(bench.socket.with(|socket| socket.bytes_written_to_others()), 0);
                assert_eq!(run.states(), [State::Live, State::Stale, State::Absent, State::Live]);
                assert_eq!(polls_until_live(bench, run, ms(15_000)), 2);
            },
            ..CALM
        },
        Case {
            name: "standby",
            settings: SETTINGS.with_config(AWAY.with_mode(Mode::Standby)),
            order: Some((ms(10_000), AWAY)),
            check: |bench, run| {
                assert_eq!(run.states(), [State::Stale, State::Live]);
                assert!(run.first(State::Live) > ms(10_500));
                assert!(run.updates[0].1.trouble().is_none());
                assert_eq!(bench.sensor(|sensor| sensor.config()), AWAY);
            },
            ..CALM
        },
        Case {
            name: "other settings while it runs",
            order: Some((ms(10_000), AWAY.with_led(true))),
            check: |bench, run| {
                assert_eq!(run.states(), [State::Live]);
                assert_eq!(bench.sensor(|sensor| sensor.config()), AWAY.with_led(true));
                assert_eq!(run.counters.configured, 2);
            },
            ..CALM
        },
        Case {
            name: "settings that are lost without a silence",
            settings: SETTINGS.with_reapply_every(Some(ms(10_000))),
            script: |bench| bench.at(ms(5000), |bench| bench.faults.inject(Fault::Reset)),
            until: ms(15_000),
            check: |bench, run| {
                assert_eq!(run.states(), [State::Live]);
                assert_eq!(bench.sensor(|sensor| sensor.config()), AWAY);
                assert_eq!(run.counters.configured, 2);
                assert_eq!(bench.faults.counts().of(FaultKind::Reset), 1);
            },
            ..CALM
        },
        Case {
            name: "settings that do not get through",
            script: |bench| bench.faults.inject(Fault::NackData),
            check: |bench, run| {
                // It befell the probe, as a missing acknowledgement, and the write after that.
                assert_eq!(run.counters.missed, 1);
                assert_eq!(bench.sensor(|sensor| sensor.config()), AWAY);
            },
            ..CALM
        },
        Case {
            name: "writes that are refused",
            script: |bench| {
                bench.faults.set_rate(FaultKind::NackData, 1_000_000);
                bench.at(ms(5000), |bench| bench.faults.set_rate(FaultKind::NackData, 0));
            },
            check: |bench, run| {
                assert_eq!(run.states(), [State::Absent, State::Live]);
                assert!(matches!(
                    run.updates[0].1.trouble(),
                    Some(Trouble { doing: mlsensor_host::supervisor::Doing::Configuring, .. })
                ));
                assert_eq!(writes(bench) as u64, run.counters.not_configured + 4);
                assert_eq!(polls_until_live(bench, run, ms(5000)), 2);
                assert_eq!(bench.sensor(|sensor| sensor.config()), AWAY);
            },
            ..CALM
        },
        Case {
            name: "a data line that is held low after a probe while it boots",
            sensor: || {
                let mut assumptions = Assumptions::default();
                assumptions.probing_while_booting = ProbingWhileBooting::HoldsDataLow;
                let mut sensor = SimSensor::new().with_assumptions(assumptions);
                sensor.set_scene([Person::at(1.0, 0.0)]);
                sensor
            },
            script: |bench| {
                bench.at(ms(3000), |bench| bench.sensor(SimSensor::power_off));
                bench.at(ms(5000), |bench| bench.sensor(SimSensor::power_on));
            },
            check: |_, run| {
                assert_eq!(run.states(), [State::Live, State::Stale, State::Absent, State::Live]);
                assert!(
                    run.causes().any(|cause| cause.to_string() == "the data line is held low")
                        || run.counters.missed > 2
                );
            },
            ..CALM
        },
        Case {
            name: "reads that hang for longer than a reading lives",
            script: |bench| {
                bench.at(ms(5000), |bench| bench.set_hangs(ms(800)));
                bench.at(ms(12_000), |bench| bench.set_hangs(Duration::ZERO));
            },
            check: |_, run| {
                assert_eq!(run.states(), [State::Live, State::Stale, State::Live]);
                assert!(run.counters.late >= 5, "{}", run.counters.late);
                assert!(
                    run.updates.iter().all(|(_, update)| update.reading().is_none_or(|r| r.age() < ms(420)))
                );
            },
            ..CALM
        },
        Case {
            name: "a bus that goes away and comes back as another file",
            script: |bench| {
                bench.at(ms(5000), |bench| {
                    bench.set_open_errno(Some(2));
                    bench.sensor(SimSensor::power_off);
                });
                bench.at(ms(9000), |bench| {
                    bench.set_open_errno(None);
                    bench.sensor(SimSensor::power_on);
                });
            },
            check: |bench, run| {
                assert_eq!(run.states(), [State::Live, State::Stale, State::Absent, State::Live]);
                assert_eq!(bench.sensor(|sensor| sensor.config()), AWAY);
                assert!(run.counters.not_opened >= 2);
            },
            ..CALM
        },
    ]
}

#[test]
fn each_case_comes_out_as_it_must_in_both_shells_alike() {
    let failed: Vec<&str> = cases()
        .into_iter()
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
