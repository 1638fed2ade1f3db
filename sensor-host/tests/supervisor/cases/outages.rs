//! The table of cases: a sensor that is gone, late, or frozen.

use std::time::Duration;

use embedded_hal::i2c::ErrorKind;
use mlsensor::Config;
use mlsensor_host::supervisor::{Cause, Pace, State, Update};
use mlsensor_sim::{Fault, FaultKind, Person, SimSensor};

use super::{AWAY, CALM, Case, SETTINGS, polls_until_live};
use crate::bench::ms;

pub(super) fn cases() -> Vec<Case> {
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
    ]
}
