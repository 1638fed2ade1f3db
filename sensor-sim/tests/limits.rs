//! Does the simulator stay whole at the ends of what it can be given?
#![cfg(feature = "std")]

use std::time::Duration;

use mlsensor::{PersonId, PersonSensor};
use mlsensor_sim::{Assumptions, Detection, KeyPoint, Person, SimBus, SimSensor, Timeline, Walk};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[test]
fn virtual_time_ends_without_a_hang() {
    let mut sensor = SimSensor::new();
    assert!(sensor.write(&[0x01, 0x00]), "standby: nothing happens in 584 years");
    sensor.advance(Duration::MAX);
    assert!(sensor.write(&[0x01, 0x01]));
    sensor.advance(Duration::ZERO);
    sensor.advance(Duration::MAX);

    let mut sensor = SimSensor::new();
    sensor.power_off();
    sensor.advance(Duration::MAX);
    sensor.power_on();
    sensor.advance(Duration::ZERO);
}

#[test]
fn captures_that_never_arrive_do_not_pile_up() {
    let mut assumptions = Assumptions::default();
    assumptions.latency = Duration::MAX;
    assumptions.detection = Duration::ZERO;
    let mut sensor = SimSensor::new().with_assumptions(assumptions);
    sensor.advance(Duration::from_secs(100));
    assert_eq!(sensor.results(), 0);
}

/// Eight captures are under way at once.
#[test]
fn a_slow_sensor_loses_no_result() {
    let mut assumptions = Assumptions::default();
    assumptions.latency = ms(1000);
    let mut sensor = SimSensor::new().with_assumptions(assumptions);
    sensor.advance(ms(999));
    assert_eq!(sensor.results(), 0);
    for results in 1..=100 {
        sensor.advance(ms(if results == 1 { 1 } else { 140 }));
        assert_eq!(sensor.results(), results);
    }
}

/// Five units wide and seven high, where an edge may be off by half of the picture.
#[test]
fn a_face_whose_edges_jitter_past_each_other_is_still_a_face() {
    let mut detection = Detection::ideal();
    detection.jitter_units = 127;
    let mut sensor = SimSensor::new().with_detection(detection);
    sensor.set_scene([Person::at(4.0, 0.0)]);
    sensor.advance(ms(200));
    for _ in 0..2000 {
        let packet = sensor.result();
        assert_eq!(packet[4], 1);
        assert!(packet[6] <= packet[8] && packet[7] <= packet[9], "{packet:02x?}");
        sensor.advance(ms(140));
    }
}

#[test]
fn a_hail_of_single_shots_is_one_inference_at_a_time() {
    let mut sensor = SimSensor::new();
    assert!(sensor.write(&[0x01, 0x00]));
    for _ in 0..10_000 {
        assert!(sensor.write(&[0x03, 0x00]));
    }
    sensor.advance(ms(1000));
    assert_eq!(sensor.results(), 1);
}

/// Two faces of one size: the one that is labelled is the one that is recognised, and the first of the packet.
#[test]
fn of_two_largest_faces_one_is_meant() {
    let mut sensor = SimSensor::new();
    sensor.set_scene([Person::at(1.0, -10.0).known_as(1), Person::at(1.0, 10.0).known_as(2)]);
    assert!(sensor.write(&[0x02, 0x01]));
    assert!(sensor.write(&[0x04, 0x03]));
    sensor.advance(ms(2000));
    assert_eq!(sensor.labelled(PersonId::ALL[3]), Some(1));
    let ids = [11, 19].map(|byte| sensor.result()[byte]);
    assert_eq!(ids, [0x03, 0xFF]);
}

#[test]
fn ten_thousand_people_are_four_faces() {
    let mut sensor = SimSensor::new();
    let people: Vec<_> =
        (0..10_000).map(|i| Person::at(1.0 + f64::from(i) / 1e3, f64::from(i % 100) - 50.0)).collect();
    sensor.set_scene(people);
    sensor.advance(ms(500));
    assert_eq!(sensor.result()[4], 4);
}

#[test]
fn people_at_the_ends_of_their_numbers_are_projected_without_a_panic() {
    let ends = [i32::MIN, -1, 0, 1, i32::MAX];
    let mut sensor = SimSensor::new();
    for right_mm in ends {
        for ahead_mm in ends {
            for height in ends {
                let mut person = Person::at(1.0, 0.0);
                (person.right_mm, person.ahead_mm) = (right_mm, ahead_mm);
                (person.eye_height_mm, person.heading_millideg) = (height, height);
                sensor.set_scene([person]);
                sensor.advance(ms(140));
            }
        }
    }
    let huge = KeyPoint::new(Duration::MAX, Person::at(f64::MAX, f64::MIN));
    let walk = Walk::new(vec![KeyPoint::new(Duration::ZERO, Person::at(1.0, 0.0)), huge]);
    let mut sensor = SimSensor::new().with_timeline(Timeline::new(vec![walk]));
    sensor.advance(ms(1000));
    assert_eq!(sensor.result()[4], 1);
}

#[test]
#[should_panic(expected = "use it before or after")]
fn using_the_bus_inside_with_says_so_instead_of_hanging() {
    let (bus, sim) = SimBus::with_sensor(SimSensor::new());
    sim.with(|_| bus.advance(ms(1)));
}

#[test]
fn after_such_a_panic_the_bus_goes_on() {
    let (bus, sim) = SimBus::with_sensor(SimSensor::new());
    let (inner, other) = (bus.clone(), sim.clone());
    assert!(std::thread::spawn(move || other.with(|_| inner.advance(ms(1)))).join().is_err());
    sim.set_scene([Person::at(1.0, 0.0)]);
    bus.advance(ms(500));
    assert!(sim.presence());
    assert_eq!(PersonSensor::new(bus).read().map(|faces| faces.count()), Ok(1));
}

#[test]
fn any_bit_rate_takes_the_time_of_its_bits() {
    for (bit_rate_hz, nanos) in
        [(400_000_000, 905), (3_000_000_000, 120), (1, 362_000_000_000), (0, 362_000_000_000)]
    {
        let bus = SimBus::with_bit_rate(bit_rate_hz);
        let _sim = bus.attach(SimSensor::new());
        assert!(PersonSensor::new(bus.clone()).read().is_ok());
        let took = bus.now().as_nanos();
        // A START, an address, 39 bytes and a STOP are 362 bits; each part is rounded down.
        assert!((nanos - 45..=nanos).contains(&took), "{bit_rate_hz} Hz: {took} ns");
    }
}
