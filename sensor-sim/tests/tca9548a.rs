//! Does the simulated multiplexer do what its datasheet says, byte by byte and event by event?

use std::time::Duration;

use embedded_hal::i2c::{I2c, Operation};
use mlsensor::{Config, PersonSensor};
use mlsensor_sim::{Attached, Lookalike, LookalikeKind, MessageBus, SimBus, SimSensor, Tca9548a};

const MUX: u8 = 0x73;

fn rig() -> (SimBus, Attached<Tca9548a>, Vec<Attached<SimSensor>>) {
    let bus = SimBus::new();
    let mut mux = Tca9548a::new(MUX);
    let sensors = (0..8).map(|channel| mux.attach(&bus, channel, SimSensor::new())).collect();
    (bus.clone(), bus.attach(mux), sensors)
}

fn set_led(bus: &SimBus, led: bool) -> bool {
    PersonSensor::new(bus.clone()).set_led(led).is_ok()
}

fn dark(sensors: &[Attached<SimSensor>]) -> Vec<usize> {
    (0..sensors.len()).filter(|&i| !sensors[i].with(|sensor| sensor.config().led)).collect()
}

#[test]
fn each_bit_connects_its_channel_and_several_connect_several() {
    for control in 0..=255_u8 {
        let (mut bus, mux, sensors) = rig();
        bus.write(MUX, &[control]).unwrap();
        assert_eq!(mux.with(|mux| mux.control()), control);
        let mut read = [0];
        bus.read(MUX, &mut read).unwrap();
        assert_eq!(read, [control]);
        // A write reaches all that are connected, and no other.
        assert_eq!(set_led(&bus, false), control != 0);
        let connected: Vec<usize> = (0..8).filter(|channel| control >> channel & 1 == 1).collect();
        assert_eq!(dark(&sensors), connected);
    }
}

#[test]
fn it_takes_effect_at_the_stop_and_the_last_byte_counts() {
    let (mut bus, mux, sensors) = rig();
    bus.message(MUX, &mut Operation::Write(&[1 << 4, 1 << 2]), false).unwrap();
    assert_eq!(mux.with(|mux| mux.control()), 0);
    // The same transaction goes on: nothing is connected yet, so nobody answers, and that ends it.
    assert!(bus.message(0x62, &mut Operation::Write(&[7, 0]), true).is_err());
    assert_eq!(mux.with(|mux| mux.control()), 1 << 2);
    assert!(set_led(&bus, false));
    assert_eq!(dark(&sensors), [2]);
}

#[test]
fn a_register_of_a_sensor_is_written_before_its_channel_is_left() {
    let (mut bus, mux, sensors) = rig();
    bus.write(MUX, &[1 << 1]).unwrap();
    bus.message(0x62, &mut Operation::Write(&[7, 0]), false).unwrap();
    bus.message(MUX, &mut Operation::Write(&[1 << 6]), true).unwrap();
    assert_eq!((dark(&sensors), mux.with(|mux| mux.control())), (vec![1], 1 << 6));
}

#[test]
fn what_is_connected_in_parallel_is_one_open_drain_bus() {
    let (mut bus, _, sensors) = rig();
    let faces = |left| {
        let bounds = mlsensor::Bounds::new(left, 1, 200, 200).unwrap();
        mlsensor::Faces::new(&[mlsensor::Face::new(bounds, 90, None, true).unwrap()]).unwrap()
    };
    sensors[0].with(|sensor| sensor.show_faces(faces(0b1100)));
    sensors[1].with(|sensor| sensor.show_faces(faces(0b1010)));
    bus.advance(Duration::from_secs(1));
    bus.write(MUX, &[0b11]).unwrap();
    let mut packet = [0; 39];
    bus.read(0x62, &mut packet).unwrap();
    assert_eq!((packet[5], packet[6]), (90, 0b1000));
}

#[test]
fn after_a_reset_or_a_loss_of_power_nothing_is_connected() {
    let (mut bus, mux, _) = rig();
    bus.write(MUX, &[0xFF]).unwrap();
    mux.with(Tca9548a::reset);
    assert!(!set_led(&bus, true));
    bus.write(MUX, &[0xFF]).unwrap();
    assert!(set_led(&bus, true));
    mux.with(Tca9548a::power_off);
    assert!(!set_led(&bus, true) && bus.write(MUX, &[1]).is_err());
    mux.with(Tca9548a::power_on);
    let mut control = [0xFF];
    bus.read(MUX, &mut control).unwrap();
    assert_eq!(control, [0]);
}

#[test]
fn time_passes_on_every_channel_and_a_line_that_is_held_low_counts_only_while_it_is_connected() {
    let mut assumptions = mlsensor_sim::Assumptions::default();
    assumptions.probing_while_booting = mlsensor_sim::ProbingWhileBooting::HoldsDataLow;
    let mut bus = SimBus::new();
    let mut mux = Tca9548a::new(MUX);
    let booting = mux.attach(&bus, 0, SimSensor::new().with_assumptions(assumptions));
    let other = mux.attach(&bus, 1, Lookalike::new(LookalikeKind::OtherPart));
    let mux = bus.attach(mux);
    booting.with(|sensor| {
        sensor.power_off();
        sensor.power_on();
    });
    assert_eq!(bus.next_event(), Some(Duration::from_millis(2500)));
    bus.write(MUX, &[1]).unwrap();
    assert!(bus.read(0x62, &mut [0; 39]).is_err());
    // It holds the line: not even the multiplexer can be reached, until its reset pin is pulled.
    assert!(bus.write(MUX, &[2]).is_err());
    mux.with(Tca9548a::reset);
    bus.write(MUX, &[2]).unwrap();
    bus.write(0x62, &[1]).unwrap();
    assert_eq!(other.with(|other| other.bytes_written()), 1);
    bus.advance(Duration::from_secs(3));
    assert_eq!(booting.with(|sensor| sensor.now()), bus.now());
    bus.write(MUX, &[0]).unwrap();
    mux.with(|mux| mux.spoil_write(1, 1 << 5));
    bus.write(MUX, &[1]).unwrap();
    bus.recover();
    assert_eq!(PersonSensor::new(bus.clone()).configure(&Config::default().with_led(false)), Ok(()));
    bus.write(MUX, &[1]).unwrap();
    assert_eq!(mux.with(|mux| mux.control()), 1 | 1 << 5);
}
