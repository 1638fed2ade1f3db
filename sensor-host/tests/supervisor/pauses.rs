//! A program that does something else for a while: what has changed meanwhile is noticed.

use mlsensor::Config;
use mlsensor_host::supervisor::{Pace, Settings, State, Supervisor, Update};
use mlsensor_sim::{LookalikeKind, SimSensor};

use crate::bench::{Bench, ms};

const AWAY: Config = Config::POWER_ON.with_led(false);

fn supervised() -> (Bench, Supervisor<Bench, Bench>) {
    let bench = Bench::new(SimSensor::new(), 1);
    let settings = Settings::default().with_config(AWAY);
    let mut supervisor = Supervisor::with_clock(bench.clone(), settings, bench.clone());
    assert_eq!(supervisor.next().state(), State::Live);
    (bench, supervisor)
}

#[test]
fn a_restart_while_nobody_reads_is_noticed_and_the_settings_are_written_again() {
    let (bench, mut supervisor) = supervised();
    bench.sensor(SimSensor::power_off);
    bench.sensor(SimSensor::power_on);
    bench.pass_until(bench.bus.now() + ms(3000));
    assert_eq!(bench.sensor(|sensor| sensor.config()), Config::POWER_ON);
    // What was live is not, and says so before anything else.
    assert_eq!(supervisor.next().state(), State::Stale);
    assert!(supervisor.next().faces().is_some());
    assert_eq!(bench.sensor(|sensor| sensor.config()), AWAY);
    assert_eq!(supervisor.counters().configured, 2);
}

#[test]
fn a_proof_does_not_last_while_parts_are_changed() {
    let (bench, mut supervisor) = supervised();
    supervisor.set_config(AWAY.with_id_enabled(true));
    // This reading is the proof; the settings would be written next.
    assert_eq!(supervisor.next().state(), State::Live);
    bench.socket.with(|socket| socket.plug(LookalikeKind::OtherPart));
    bench.pass_until(bench.bus.now() + ms(1000));
    for _ in 0..10 {
        assert_ne!(supervisor.next().state(), State::Live);
    }
    assert_eq!(bench.socket.with(|socket| socket.bytes_written_to_others()), 0);
    bench.socket.with(|socket| socket.pull());
    while supervisor.next().state() != State::Live {}
    assert_eq!(bench.sensor(|sensor| sensor.config()), AWAY.with_id_enabled(true));
}

#[test]
fn a_reading_is_stale_when_three_intervals_have_passed_and_not_before() {
    for (missed_intervals, lives) in [(None, ms(600)), (Some(5), ms(1000))] {
        let bench = Bench::new(SimSensor::new(), 1);
        let settings = Settings::default().with_pace(Pace::Every(ms(200)));
        let settings = missed_intervals.map_or(settings, |n| settings.with_missed_intervals(n));
        let mut supervisor = Supervisor::with_clock(bench.clone(), settings, bench.clone());
        let last = loop {
            if let Update::Live(reading) = supervisor.next() {
                break reading;
            }
        };
        bench.sensor(SimSensor::power_off);
        assert_eq!(last.stale_at() - last.at(), lives);
        let stale = loop {
            let update = supervisor.next();
            if update.state() != State::Live {
                break update;
            }
            assert!(bench.bus.now() < last.stale_at() && update.faces().is_none(), "{update:?}");
        };
        let Update::Stale(outage) = stale else { panic!("{stale:?}") };
        assert_eq!((outage.at, outage.last_reading), (last.stale_at(), Some(last.at())));
    }
}
