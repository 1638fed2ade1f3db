//! Of what was asked of a sensor, what is sent to it again when it comes back?

use std::time::Duration;

use mlsensor::{Command, Mode};
use mlsensor_host::session::{Session, Turn};
use mlsensor_host::source::{Opening, Source};
use mlsensor_host::supervisor::{Settings, Update};
use mlsensor_sim::{Direction, SimBus, SimSensor};

#[test]
fn of_what_was_set_twice_the_latest_is_sent_again_and_nothing_else() {
    let (bus, sensor) = SimBus::with_sensor(SimSensor::new());
    let source = Source::of_bus(&bus, "a test", &Opening::default());
    let mut session = Session::new(source.bus, source.clock, Settings::default());
    session.set_end(Some(Duration::from_secs(60)));
    let live = |turn: Turn| matches!(turn, Turn::Update(Update::Live(_)));
    while !live(session.next()) {}
    for command in [
        Command::EnableId(true),
        Command::DebugMode(false),
        Command::EnableId(false),
        Command::PersistIds(false),
        Command::DebugMode(true),
        Command::EnableId(true),
        Command::Mode(Mode::Continuous),
    ] {
        session.send(command).unwrap();
    }
    sensor.power_off();
    assert!(!live(session.next()));
    bus.advance(Duration::from_secs(2));
    sensor.power_on();
    bus.start_log();
    while !live(session.next()) {}
    let log = bus.take_log().transfers.into_iter();
    let written = log.filter(|transfer| transfer.direction == Direction::Write && transfer.error.is_none());
    let written: Vec<Vec<u8>> = written.map(|transfer| transfer.bytes).collect();
    // In the order in which they were asked for last.
    assert_eq!(written, [[0x05, 0x00], [0x07, 0x01], [0x02, 0x01], [0x01, 0x01]]);
}
