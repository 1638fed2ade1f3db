//! What is left of a sensor that loses its power, and what is not?
//! (What the guide says of power-up: `guide.rs`. Labels that persist: `guide_faces.rs`.)

use std::time::Duration;

use mlsensor::PersonId;
use mlsensor_sim::person_sensor::{NextRead, ProbingWhileBooting};
use mlsensor_sim::{Assumptions, Direction, Person, SimSensor, Target};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// In front of one person, a metre away, seen already.
fn seeing(assumptions: Assumptions) -> SimSensor {
    let mut sensor = SimSensor::new().with_assumptions(assumptions);
    sensor.set_scene([Person::at(1.0, 0.0).known_as(7)]);
    sensor.advance(ms(1000));
    assert_eq!(sensor.result()[4], 1);
    sensor
}

/// Off and on again at once, and booted.
fn cycle(sensor: &mut SimSensor) {
    sensor.power_off();
    sensor.power_on();
    sensor.advance(ms(2500));
}

fn holding() -> Assumptions {
    let mut assumptions = Assumptions::default();
    assumptions.probing_while_booting = ProbingWhileBooting::HoldsDataLow;
    assumptions
}

#[test]
fn the_presence_pin_is_low_without_power_and_until_the_first_result_after_it() {
    let mut sensor = seeing(Assumptions::default());
    assert!(sensor.presence());
    sensor.power_off();
    assert!(!sensor.presence());
    sensor.advance(ms(5000));
    sensor.power_on();
    sensor.advance(ms(2699)); // 2.5 s of silence, and 200 ms to a result
    assert!(!sensor.presence());
    sensor.advance(ms(1));
    assert!(sensor.presence());
}

#[test]
fn a_data_line_that_is_held_low_is_let_go_of_without_power() {
    let mut sensor = SimSensor::new().with_assumptions(holding());
    sensor.power_off();
    sensor.power_on();
    assert!(!sensor.read(&mut [0; 39]) && sensor.holds_data_low());
    sensor.power_off();
    assert!(!sensor.holds_data_low());
    sensor.power_on();
    sensor.advance(ms(2500));
    assert!(!sensor.holds_data_low() && sensor.read(&mut [0; 39]));
}

#[test]
fn a_sensor_without_power_holds_no_data_line_whenever_it_would_have_booted() {
    let mut sensor = SimSensor::new().with_assumptions(holding());
    sensor.power_off();
    sensor.power_on();
    sensor.advance(ms(1));
    sensor.power_off();
    assert!(!sensor.read(&mut [0; 39]), "it is addressed before it would have booted");
    assert!(!sensor.holds_data_low());
}

#[test]
fn a_label_that_waits_for_a_face_is_lost_with_the_power() {
    let mut sensor = seeing(Assumptions::default());
    assert!(sensor.write(&[0x04, 0x03]), "recognition is off: it waits");
    cycle(&mut sensor);
    assert!(sensor.write(&[0x02, 0x01]));
    sensor.advance(ms(2000));
    assert_eq!(sensor.labelled(PersonId::ALL[3]), None);
    assert_eq!(sensor.result()[11], 0xFF);
}

#[test]
fn a_write_that_the_loss_of_power_cut_in_two_is_none() {
    let mut sensor = seeing(Assumptions::default());
    assert!(sensor.start(0x62, Direction::Write) && sensor.write_byte(0x07));
    cycle(&mut sensor);
    assert!(!sensor.write_byte(0x00), "it was not addressed since");
    sensor.stop();
    assert!(sensor.config().led);
}

#[test]
fn a_read_that_the_loss_of_power_cut_in_two_goes_on_undriven_and_the_next_is_whole() {
    let mut continues = Assumptions::default();
    continues.after_stop = NextRead::Continues;
    for assumptions in [Assumptions::default(), continues] {
        let mut sensor = seeing(assumptions);
        assert!(sensor.start(0x62, Direction::Read));
        assert_eq!([(); 5].map(|()| sensor.read_byte()), [0x00, 0x00, 0x21, 0x00, 0x01]);
        sensor.power_off();
        assert_eq!(sensor.read_byte(), 0xFF);
        sensor.power_on();
        sensor.advance(ms(2500));
        assert_eq!(sensor.read_byte(), 0xFF, "it was not addressed since");
        sensor.stop();
        let mut packet = [0xA5; 39];
        assert!(sensor.read(&mut packet));
        assert_eq!(packet[..5], [0x00, 0x00, 0x21, 0x00, 0x00], "from its first byte");
    }
}
