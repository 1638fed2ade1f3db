//! Does every source do as it says: what is sent when it is opened and prepared, what its time is, what is wrong with it?

use std::time::Duration;

use embedded_hal::digital::InputPin as _;
use mlsensor::{Config, PersonSensor};
use mlsensor_host::linux::Retry;
use mlsensor_host::source::{Opening, Source, SourceName, Stop};

fn open(name: &str, opening: &Opening) -> Source {
    name.parse::<SourceName>().unwrap().open(opening).unwrap()
}

/// A recording of these lines, for this test alone.
fn recording(name: &str, text: &str) -> (String, std::path::PathBuf) {
    let file = std::env::temp_dir().join(format!("mlsensor-sources-{}-{name}", std::process::id()));
    std::fs::write(&file, text).unwrap();
    (format!("replay:{}", file.display()), file)
}

#[test]
fn of_a_simulated_sensor_only_recognition_is_set_and_opening_sends_nothing() {
    for (id_enabled, sent) in [(false, vec![]), (true, vec![vec![0x02, 0x01]])] {
        let mut source = open("sim:walk_up", &Opening::default());
        let bus = source.bus.simulated().unwrap().clone();
        assert_eq!(bus.now(), Duration::ZERO, "nothing was sent that would have taken time");
        bus.start_log();
        source.prepare(&Config::POWER_ON.with_id_enabled(id_enabled).with_led(false)).unwrap();
        let log: Vec<Vec<u8>> = bus.take_log().transfers.into_iter().map(|transfer| transfer.bytes).collect();
        assert_eq!(log, sent);
    }
}

#[test]
fn a_seed_is_another_run_of_a_scene() {
    let run = |seed| {
        let source = open("sim:flicker", &Opening::default().with_seed(seed));
        let (mut sensor, mut clock) = (PersonSensor::new(source.bus), source.clock);
        let read = |tenth: u64| {
            clock.pass_until(Duration::from_millis(tenth * 100)).unwrap();
            sensor.read_packet().unwrap()
        };
        (1..300).map(read).collect::<Vec<_>>()
    };
    assert_eq!(run(None), run(None));
    assert_eq!(run(Some(5)), run(Some(5)));
    assert_ne!(run(Some(5)), run(Some(6)));
}

#[test]
fn a_recording_gives_its_readings_at_their_times_and_then_ends() {
    let (name, file) = recording("times", "3.5 00 01\n4.0 62 r ! nack-address\n");
    let mut source = open(&name, &Opening::default());
    std::fs::remove_file(file).unwrap();
    source.prepare(&Config::POWER_ON).unwrap();
    assert!(source.sim.is_none() && source.pin(None).unwrap().is_none() && !source.clock.has_begun());
    let mut sensor = PersonSensor::new(source.bus);
    assert_eq!(source.clock.due(Duration::ZERO), Some(Duration::from_millis(3500)));
    assert_eq!(&sensor.read_packet().unwrap()[..3], [0x00, 0x01, 0xFF]);
    source.clock.reading_done();
    assert_eq!(source.clock.due(Duration::ZERO), Some(Duration::from_secs(4)));
    for (words, retry) in [
        ("recorded: The device did not acknowledge its address", Retry::AfterMs(140)),
        ("the recording has ended", Retry::Never),
    ] {
        let Err(mlsensor::Error::I2c(error)) = sensor.read_packet() else { panic!("no error: {words}") };
        assert_eq!((error.to_string().as_str(), error.retry()), (words, retry));
        source.clock.reading_done();
    }
    assert_eq!(source.clock.due(Duration::ZERO), None);
}

#[test]
fn the_simulated_pin_is_high_while_somebody_is_seen() {
    let mut source = open("sim:walk_up", &Opening::default());
    let mut pin = source.pin(None).unwrap().unwrap();
    assert!(pin.is_low().unwrap());
    source.clock.pass_until(Duration::from_secs(10)).unwrap();
    assert!(pin.is_high().unwrap() && !pin.is_low().unwrap());
}

#[test]
fn a_source_that_was_stopped_sends_nothing_more() {
    let stop = Stop::new();
    let mut source = open("sim:walk_up", &Opening::default().with_stop(stop.clone()).with_speed(Some(0.001)));
    stop.request();
    assert_eq!(
        source.clock.pass_until(Duration::from_secs(20)),
        Some(()),
        "without the hours that it would take"
    );
    let bus = source.bus.simulated().unwrap().clone();
    bus.start_log();
    assert!(PersonSensor::new(source.bus).read().is_err());
    assert_eq!(bus.take_log().transfers.len(), 0);
}

#[test]
fn what_is_wrong_with_a_file_is_told_in_four_parts() {
    for (name, what, code) in [
        ("sim:no_such", "cannot read scenario no_such: ", "MLSENSOR-FILE"),
        ("sim:walk_up.toml", "cannot read scenario walk_up.toml: ", "MLSENSOR-FILE"),
        ("replay:no_such", "cannot read recording no_such: ", "MLSENSOR-FILE"),
    ] {
        let error = name.parse::<SourceName>().unwrap().open(&Opening::default()).unwrap_err();
        let report = error.report();
        assert!(report.what.starts_with(what), "{report}");
        assert_eq!((&*report.code, error.retry()), (code, Retry::Never));
        assert_eq!(report.to_string().lines().count(), 4, "{report}");
    }
}
