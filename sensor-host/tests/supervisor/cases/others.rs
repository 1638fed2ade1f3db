//! The table of cases: nonsense, other parts, settings, and buses that hang.

use std::time::Duration;

use mlsensor::{Mode, PacketError};
use mlsensor_host::supervisor::{Cause, Doing, State, Trouble};
use mlsensor_sim::{
    Assumptions, Fault, FaultKind, LookalikeKind, Nonsense, Person, ProbingWhileBooting, SimSensor,
};

use super::{AWAY, CALM, Case, SETTINGS, polls_until_live, writes};
use crate::bench::ms;

pub(super) fn cases() -> Vec<Case> {
    vec![
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
                    Some(Trouble { doing: Doing::Configuring, .. })
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
