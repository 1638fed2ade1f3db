//! Do the events of a timeline reach the sensor when they should, and only then?

use std::time::Duration;

use mlsensor::{Command, Mode};
use mlsensor_sim::{Assumptions, Direction, Event, SimSensor, Timeline};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

const LED_OFF: Event = Event::Command(Command::DebugMode(false));
const LED_ON: Event = Event::Command(Command::DebugMode(true));

/// An empty room in which these things happen.
fn scripted(events: &[(u64, Event)]) -> Timeline {
    events.iter().fold(Timeline::new(vec![]), |timeline, &(at, event)| timeline.with_event(ms(at), event))
}

#[test]
fn events_happen_in_the_order_of_their_times_and_at_one_time_in_the_order_in_which_they_were_given() {
    let standby = Event::Command(Command::Mode(Mode::Standby));
    let timeline = scripted(&[(3000, standby), (1000, LED_OFF), (2000, LED_OFF), (2000, LED_ON)]);
    let mut sensor = SimSensor::new().with_timeline(timeline);
    let mut at = |at: u64| {
        sensor.advance(ms(at) - sensor.now());
        (sensor.config().led, sensor.config().mode)
    };
    assert_eq!(at(999), (true, Mode::Continuous));
    assert_eq!(at(1000), (false, Mode::Continuous));
    assert_eq!(at(2000), (true, Mode::Continuous));
    assert_eq!(at(2999), (true, Mode::Continuous));
    assert_eq!(at(3000), (true, Mode::Standby));
}

#[test]
fn a_command_reaches_no_sensor_that_boots_or_has_no_power() {
    let boots = [(0, Event::PowerOff), (100, LED_OFF), (200, Event::PowerOn), (2699, LED_OFF)];
    let mut sensor = SimSensor::new().with_timeline(scripted(&boots));
    sensor.advance(ms(5000));
    assert!(sensor.config().led);
    let is_back = [&boots[..], &[(2700, LED_OFF)]].concat();
    let mut sensor = SimSensor::new().with_timeline(scripted(&is_back));
    sensor.advance(ms(5000));
    assert!(!sensor.config().led, "2.5 s after the power came");
}

#[test]
fn another_timeline_is_gone_through_from_its_own_first_event() {
    let first = scripted(&[(100, LED_OFF), (200, LED_ON)]);
    let mut sensor = SimSensor::new().with_timeline(first);
    sensor.advance(ms(1000));
    assert!(sensor.config().led);
    let mut sensor = sensor.with_timeline(scripted(&[(2000, LED_OFF)]));
    sensor.advance(ms(999));
    assert!(sensor.config().led, "its time zero is when the sensor was made");
    sensor.advance(ms(1));
    assert!(!sensor.config().led);
}

/// A sensor that begins to erase at 1 s, for a second in which it is off the bus.
fn erasing_at_one_second() -> SimSensor {
    let mut assumptions = Assumptions::default();
    assumptions.erasing = ms(1000);
    let timeline = scripted(&[(1000, Event::Command(Command::EraseIds))]);
    let mut sensor = SimSensor::new().with_assumptions(assumptions).with_timeline(timeline);
    sensor.advance(ms(999));
    sensor
}

#[test]
fn a_sensor_that_goes_silent_during_a_read_drives_no_more_of_it() {
    let mut sensor = erasing_at_one_second();
    assert!(sensor.start(0x62, Direction::Read));
    assert_eq!([(); 3].map(|()| sensor.read_byte()), [0x00, 0x00, 0x21]);
    sensor.advance(ms(1));
    assert_eq!([(); 36].map(|()| sensor.read_byte()), [0xFF; 36]);
    sensor.stop();
}

#[test]
fn a_sensor_that_goes_silent_during_a_write_acknowledges_no_more_of_it() {
    let mut sensor = erasing_at_one_second();
    assert!(sensor.start(0x62, Direction::Write));
    assert!(sensor.write_byte(0x07));
    sensor.advance(ms(1));
    assert!(!sensor.write_byte(0x00));
    sensor.stop();
    sensor.advance(ms(2000));
    assert!(sensor.config().led, "half a command is none");
}
