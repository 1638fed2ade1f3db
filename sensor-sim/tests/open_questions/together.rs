//! Two answers that are no default do not add up to something that neither says.

use mlsensor_sim::person_sensor::{NextRead, ProbingWhileBooting};
use mlsensor_sim::{Assumptions, Direction, SimSensor};

use crate::{milliseconds_to_a_result, ms, read, seeing, send};

/// In front of one person, under answers that are changed here.
fn seeing_under(change: impl FnOnce(&mut Assumptions)) -> SimSensor {
    let mut assumptions = Assumptions::default();
    change(&mut assumptions);
    seeing(SimSensor::new().with_assumptions(assumptions))
}

#[test]
fn being_addressed_while_it_erases_is_not_being_addressed_while_it_boots() {
    let mut assumptions = Assumptions::default();
    assumptions.erasing = ms(1000);
    assumptions.probing_while_booting = ProbingWhileBooting::HoldsDataLow;
    let mut sensor = SimSensor::new().with_assumptions(assumptions);
    send(&mut sensor, [0x06, 0x01]);
    sensor.advance(ms(500));
    assert!(!sensor.read(&mut [0; 39]), "it erases");
    sensor.advance(ms(500));
    assert!(sensor.read(&mut [0; 39]), "and is back");
}

/// A START behind a STOP is no repeated one.
#[test]
fn a_read_goes_on_behind_a_stop_though_it_begins_anew_behind_a_repeated_start() {
    let mut sensor = seeing_under(|a| {
        (a.after_stop, a.after_repeated_start) = (NextRead::Continues, NextRead::Restarts);
    });
    let packet = *sensor.result();
    assert_eq!(read::<32>(&mut sensor), packet[..32]);
    assert_eq!(read::<7>(&mut sensor), packet[32..]);
    assert!(sensor.start(0x62, Direction::Read));
    let _: [u8; 32] = std::array::from_fn(|_| sensor.read_byte());
    assert!(sensor.start(0x62, Direction::Read));
    let anew: [u8; 7] = std::array::from_fn(|_| sensor.read_byte());
    assert_eq!(anew, packet[..7]);
    sensor.stop();
    assert_eq!(sensor.read_byte(), 0xFF, "behind a STOP nobody is addressed");
    assert!(sensor.start(0x62, Direction::Write));
    sensor.stop();
    assert!(!sensor.write_byte(0x07));
}

#[test]
fn an_inference_that_is_begun_anew_is_dropped_though_a_change_of_mode_drops_none() {
    let mut sensor = seeing_under(|a| {
        (a.mode_change_drops, a.mode_write_restarts) = (false, true);
    });
    // At 1000 ms the exposure of 840 ms is under way, and due at 1040.
    send(&mut sensor, [0x01, 0x01]);
    assert_eq!(milliseconds_to_a_result(&mut sensor), 200);
}

#[test]
fn a_result_that_standby_forgot_lights_no_led_and_raises_no_pin() {
    let mut sensor = seeing_under(|a| (a.standby_forgets, a.pin_shows_old_result) = (true, true));
    assert!(sensor.led() && sensor.presence());
    send(&mut sensor, [0x01, 0x00]);
    assert!(!sensor.led() && !sensor.presence());
    send(&mut sensor, [0x01, 0x01]);
    assert!(!sensor.led() && !sensor.presence(), "the latest result is of nobody");
    sensor.advance(ms(200));
    assert!(sensor.led() && sensor.presence());
}

/// What is written takes effect at the repeated START, before what is read.
#[test]
fn a_read_in_the_transaction_that_brings_standby_finds_the_result_forgotten() {
    for (forgets, faces) in [(true, 0x00), (false, 0x01)] {
        let mut sensor = seeing_under(|a| a.standby_forgets = forgets);
        assert!(sensor.start(0x62, Direction::Write));
        assert!(sensor.write_byte(0x01) && sensor.write_byte(0x00));
        assert!(sensor.start(0x62, Direction::Read));
        let packet: [u8; 39] = std::array::from_fn(|_| sensor.read_byte());
        sensor.stop();
        assert_eq!(packet[..5], [0x00, 0x00, 0x21, 0x00, faces]);
    }
}
