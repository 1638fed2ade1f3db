//! A session: the supervisor on the clock of any source, at any speed.

use std::time::Duration;

use mlsensor::{Command, Config, Mode, PersonId};
use mlsensor_host::session::{Session, Turn};
use mlsensor_host::source::{AnyBus, Opening, Source, SourceName};
use mlsensor_host::supervisor::{Settings, State, Update};
use mlsensor_sim::{Attached, Direction, Person, SimBus, SimSensor};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Somebody in front of a sensor, and a session on its bus that ends at a time.
fn session(end: Duration) -> (Session<AnyBus>, Attached<SimSensor>, SimBus) {
    let (bus, sensor) = SimBus::with_sensor(SimSensor::new());
    sensor.set_scene([Person::at(1.0, 0.0)]);
    let source = Source::of_bus(&bus, "a test", &Opening::default());
    let session = Session::new(source.bus, source.clock, Settings::default()).until(Some(end));
    (session, sensor, bus)
}

/// The next reading; whatever else there is to say before it is passed over.
fn reading(session: &mut Session<AnyBus>) -> Option<mlsensor::Faces> {
    loop {
        match session.next() {
            Turn::Update(Update::Live(reading)) => return Some(*reading.faces()),
            Turn::Update(_) => {}
            _ => return None,
        }
    }
}

#[test]
fn it_reads_until_its_end_and_no_longer() {
    let (mut session, _sensor, bus) = session(ms(3000));
    let mut readings = 0;
    while let Some(faces) = reading(&mut session) {
        assert_eq!(faces.count(), 1);
        readings += 1;
    }
    // It settles for half a second, and then there is a result each 140 ms at least.
    assert!(readings >= 17, "{readings}");
    assert_eq!((session.next(), bus.now()), (Turn::End, ms(3000)));
    session.set_end(None);
    assert!(matches!(session.next(), Turn::Update(_)));
}

#[test]
fn a_turn_waits_for_nothing_but_the_bus() {
    let (mut session, _sensor, bus) = session(ms(60_000));
    let mut waits = 0;
    while bus.now() < ms(5000) {
        let before = bus.now();
        if let Turn::Wait(until) = session.turn() {
            assert_eq!((bus.now(), session.due()), (before, Some(until)));
            assert!(until > before);
            waits += 1;
            bus.advance(until - before);
        } else {
            assert!(bus.now() - before < ms(10), "a transfer or four");
        }
    }
    assert!(waits > 10);
}

#[test]
fn what_was_set_is_set_again_when_the_sensor_comes_back_and_what_is_done_once_is_not() {
    let (mut session, sensor, bus) = session(ms(60_000));
    assert!(reading(&mut session).is_some());
    session.send(Command::EnableId(true)).unwrap();
    session.send(Command::DebugMode(false)).unwrap();
    session.send(Command::LabelNextId(PersonId::ALL[3])).unwrap();
    sensor.power_off();
    assert!(matches!(session.next(), Turn::Update(update) if update.faces().is_none()));
    bus.advance(ms(2000));
    sensor.power_on();
    bus.start_log();
    assert!(reading(&mut session).is_some());
    let log = bus.take_log().transfers.into_iter();
    let written = log.filter(|transfer| transfer.direction == Direction::Write && transfer.error.is_none());
    let written: Vec<_> = written.map(|transfer| transfer.bytes).collect();
    assert_eq!(written, [[0x01, 0x01], [0x02, 0x01], [0x07, 0x00]]);
    assert_eq!(sensor.with(|sensor| sensor.config()), Config::POWER_ON.with_id_enabled(true).with_led(false));
}

#[test]
fn a_sensor_in_standby_gives_nothing_that_is_shown() {
    let (mut session, _sensor, _bus) = session(ms(20_000));
    assert!(reading(&mut session).is_some());
    session.configure(&Config::POWER_ON.with_mode(Mode::Standby)).unwrap();
    let mut states = Vec::new();
    while let Turn::Update(update) = session.next() {
        states.push(update.state());
    }
    assert_eq!(states.last(), Some(&State::Stale));
    assert!(states.iter().rposition(|state| *state == State::Live).is_none_or(|last| last < 5), "{states:?}");
}

#[test]
fn a_recording_is_read_as_it_was_recorded() {
    let file = std::env::temp_dir().join(format!("mlsensor-session-{}", std::process::id()));
    // Four faces, as in the driver's golden bytes, typed by hand; then nothing answers; then a packet that is all zeros.
    let four = "00 00 21 00 04 5f 11 22 33 44 61 07 01 50 56 66 77 88 02 03 01 48 99 a0 ab b1 64 05 01 \
                3f c0 c8 d2 fe 32 06 01 4d 6b";
    let zeros = "00 ".repeat(39);
    std::fs::write(&file, format!("0.5 {four}\n0.7 ! nack\n0.9 {}\n", zeros.trim())).unwrap();
    let name = SourceName::Recorded(file.display().to_string());
    let source = name.open(&Opening::default()).unwrap();
    std::fs::remove_file(&file).unwrap();
    let mut session = Session::new(source.bus, source.clock, Settings::default());
    let mut seen = Vec::new();
    while let Turn::Update(update) = session.next() {
        seen.push((update.faces().map(mlsensor::Faces::count), update.trouble().map(ToString::to_string)));
    }
    let counts: Vec<_> = seen.iter().map(|(count, _)| *count).collect();
    assert_eq!(counts, [Some(4), None, None], "{seen:?}");
    assert!(seen[1].1.is_some() && seen[2].1.is_some(), "{seen:?}");
    assert_eq!(session.next(), Turn::End);
}

#[test]
fn one_read_that_fails_does_not_say_that_there_is_no_sensor() {
    let (bus, sensor) = SimBus::with_sensor(SimSensor::new());
    let mut source = Source::of_bus(&bus, "a test", &Opening::default());
    bus.advance(ms(500));
    sensor.power_off();
    bus.start_log();
    assert!(source.find(0x62).is_err());
    assert_eq!(bus.take_log().transfers.len(), 3);
    // It answers again before the second try.
    let file = std::env::temp_dir().join(format!("mlsensor-find-{}", std::process::id()));
    std::fs::write(&file, "0.1 ! nack\n0.2 00 00 21 00 04 5f 11 22 33 44 61 07 01 50 56 66 77 88 02 03 01 48 99 a0 ab b1 64 05 01 3f c0 c8 d2 fe 32 06 01 4d 6b\n").unwrap();
    let mut source = SourceName::Recorded(file.display().to_string()).open(&Opening::default()).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(source.find(0x62), Ok(()));
}
