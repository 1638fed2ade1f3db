//! The checks of modes, the LED, labels given twice, and more faces than fit.

use mlsensor_sim::person_sensor::{Kept, Led, SecondSingleShot};
use mlsensor_sim::{Person, SimSensor};

use crate::{known, ms, seeing, send};

pub(crate) fn second_single_shot(mut sensor: SimSensor, second: SecondSingleShot) {
    sensor.advance(ms(1000));
    send(&mut sensor, [0x01, 0x00]);
    let before = sensor.results();
    send(&mut sensor, [0x03, 0x00]);
    sensor.advance(ms(150));
    sensor.set_scene([Person::at(1.0, 0.0)]);
    send(&mut sensor, [0x03, 0x00]);
    sensor.advance(ms(1000));
    assert_eq!(sensor.results() - before, 1);
    // The first shot saw an empty room, the second somebody.
    assert_eq!(sensor.result()[4], u8::from(second == SecondSingleShot::Restarts));
}

pub(crate) fn mode_change_drops(mut sensor: SimSensor, drops: bool) {
    // The exposure of 840 ms is under way, and due at 1040.
    sensor.advance(ms(1000));
    let before = sensor.results();
    send(&mut sensor, [0x01, 0x00]);
    sensor.advance(ms(1000));
    // Those of 840 ms and of 980 ms.
    assert_eq!(sensor.results() - before, if drops { 0 } else { 2 });
}

pub(crate) fn pin_shows_old_result(sensor: SimSensor, shows: bool) {
    let mut sensor = seeing(sensor);
    send(&mut sensor, [0x01, 0x00]);
    sensor.set_scene([]);
    sensor.advance(ms(5000));
    send(&mut sensor, [0x01, 0x01]);
    assert_eq!(sensor.presence(), shows);
    sensor.advance(ms(200));
    assert!(!sensor.presence(), "the new result is of the empty room");
}

pub(crate) fn led(mut sensor: SimSensor, led: Led) {
    sensor.advance(ms(1000));
    assert_eq!(sensor.led(), led == Led::IsLit, "an empty room");
    let mut sensor = seeing(sensor);
    assert!(sensor.led());
    send(&mut sensor, [0x07, 0x00]);
    assert!(!sensor.led());
}

pub(crate) fn relabelling_moves(sensor: SimSensor, moves: bool) {
    let mut sensor = known(sensor);
    send(&mut sensor, [0x04, 0x05]);
    sensor.advance(ms(2000));
    assert_eq!(sensor.result()[11], if moves { 0x05 } else { 0x00 });
}

pub(crate) fn erasing_cancels_label(mut sensor: SimSensor, cancels: bool) {
    sensor.advance(ms(1000));
    send(&mut sensor, [0x02, 0x01]);
    send(&mut sensor, [0x04, 0x03]);
    send(&mut sensor, [0x06, 0x00]);
    sensor.set_scene([Person::at(1.0, 0.0)]);
    sensor.advance(ms(1000));
    assert_eq!(sensor.result()[11], if cancels { 0xFF } else { 0x03 });
}

pub(crate) fn kept(mut sensor: SimSensor, kept: Kept) {
    let far = [-40.0, -20.0, 10.0, 25.0].map(|bearing| Person::at(3.0, bearing));
    let near = Person::at(0.6, 45.0);
    sensor.set_scene([&far[..], &[near]].concat());
    sensor.advance(ms(1000));
    assert_eq!(sensor.result()[4], 4);
    let widest = [5, 13, 21, 29].map(|record| sensor.result()[record + 3] - sensor.result()[record + 1]);
    assert_eq!(widest.iter().any(|&width| width > 20), kept == Kept::Largest, "{widest:?}");
}
