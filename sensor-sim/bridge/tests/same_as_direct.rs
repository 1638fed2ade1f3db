//! Over the bridge a driver sees what it sees on the simulated bus itself: the same bytes, at the same times.

mod loopback;

use core::time::Duration;

use embedded_hal::i2c::I2c;
use loopback::Loopback;
use mlsensor::behavior::Cadence;
use mlsensor::{Faces, PersonSensor};
use mlsensor_bridge::Remote;
use mlsensor_sim::bridge::Bridge;
use mlsensor_sim::{Scenario, SimBus};

/// A whole scene, read just after each inference.
fn readings<I2C: I2c>(
    i2c: I2C,
    mut wait_until: impl FnMut(Duration) -> bool,
    now: impl Fn() -> Duration,
) -> Vec<(Duration, Duration, Faces)> {
    let mut sensor = PersonSensor::new(i2c);
    let (mut cadence, mut readings) = (Cadence::default(), Vec::new());
    while wait_until(cadence.next_read()) {
        let begun = now();
        let faces = sensor.read().ok().unwrap();
        let _ = cadence.read_done(begun, Some(&faces));
        readings.push((begun, now(), faces));
    }
    readings
}

#[test]
fn a_whole_scene_is_the_same_as_without_a_bridge() {
    for (name, _) in Scenario::SHIPPED {
        let scenario = Scenario::named(name).unwrap();
        let end = scenario.duration;
        let (direct, _) = SimBus::with_sensor(scenario.sensor());
        let wait_until = |moment: Duration| {
            direct.advance(moment.saturating_sub(direct.now()));
            moment <= end
        };
        let expected = readings(direct.clone(), wait_until, || direct.now());

        let (bus, _) = SimBus::with_sensor(scenario.sensor());
        let remote = Remote::connect(Loopback::new(Bridge::new(bus.clone(), &bus).with_end(end))).unwrap();
        let wait_until = |moment| remote.wait_until(moment).unwrap();
        let seen = readings(remote.i2c(), wait_until, || remote.now().unwrap());
        assert!(expected.len() > 100, "{name}: {} readings", expected.len());
        assert_eq!(seen, expected, "{name}");
        assert_eq!((bus.now(), remote.end()), (direct.now(), end));
    }
}
