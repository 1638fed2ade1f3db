//! The adapter i2c-tiny-usb, asked as the kernel's driver asks it. Requests and answers are typed by hand.
#![cfg(target_os = "linux")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use mlsensor_host::virtual_bus::World;
use mlsensor_host::virtual_bus::real_time::Clock;
use mlsensor_host::virtual_bus::usb::{Setup, Stall, UsbBus};
use mlsensor_sim::{Person, SimSensor};
use proptest::prelude::*;

/// A sensor that saw nobody yet: byte for byte the packet that was captured from a real one.
const NOBODY: [u8; 39] = {
    let mut packet = [0; 39];
    packet[2] = 0x21;
    packet[37] = 0x25;
    packet[38] = 0x37;
    packet
};

const START: u8 = 1;
const STOP: u8 = 2;

/// Time that passes when a test says so, in milliseconds.
#[derive(Clone, Default)]
struct TestTime(Arc<AtomicU64>);

impl Clock for TestTime {
    fn now(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::Relaxed))
    }

    fn real(&self, simulated: Duration) -> Duration {
        simulated
    }
}

fn plugged_with(sensor: SimSensor) -> (UsbBus, TestTime) {
    let time = TestTime::default();
    let mut world = World::new(Box::new(time.clone()));
    world.add(1, sensor, 17, 1);
    (UsbBus::new(world, 1).unwrap(), time)
}

fn plugged() -> UsbBus {
    plugged_with(SimSensor::new()).0
}

fn configured() -> UsbBus {
    let mut bus = plugged();
    assert_eq!(ask(&mut bus, [0x00, 9, 1, 0, 0, 0, 0, 0], &[]), Ok(vec![]));
    bus
}

fn ask(bus: &mut UsbBus, setup: [u8; 8], data: &[u8]) -> Result<Vec<u8>, Stall> {
    bus.control(Setup::parse(setup), data)
}

fn read(bus: &mut UsbBus, flags: u8, address: u8, len: u16) -> Result<Vec<u8>, Stall> {
    let [l0, l1] = len.to_le_bytes();
    ask(bus, [0xC1, 4 + flags, 1, 0, address, 0, l0, l1], &[])
}

fn write(bus: &mut UsbBus, flags: u8, address: u8, bytes: &[u8]) -> Result<Vec<u8>, Stall> {
    let len = u8::try_from(bytes.len()).unwrap();
    ask(bus, [0x41, 4 + flags, 0, 0, address, 0, len, 0], bytes)
}

/// 0 nothing yet, 1 acknowledged, 2 not acknowledged.
fn status(bus: &mut UsbBus) -> u8 {
    ask(bus, [0xC1, 3, 0, 0, 0, 0, 1, 0], &[]).unwrap()[0]
}

#[test]
fn a_read_of_39_bytes_is_a_packet() {
    let mut bus = configured();
    assert_eq!(status(&mut bus), 0);
    assert_eq!(read(&mut bus, START | STOP, 0x62, 39).unwrap(), NOBODY);
    assert_eq!(status(&mut bus), 1);
}

#[test]
fn what_is_read_behind_a_packet_is_an_undriven_bus() {
    let mut bus = configured();
    let mut expected = NOBODY.to_vec();
    expected.resize(300, 0xFF);
    assert_eq!(read(&mut bus, START | STOP, 0x62, 300).unwrap(), expected);
}

#[test]
fn an_empty_write_finds_the_sensor_and_nothing_else() {
    let mut bus = configured();
    for address in 0x03..=0x77 {
        assert_eq!(write(&mut bus, START | STOP, address, &[]), Ok(vec![]));
        assert_eq!(status(&mut bus), if address == 0x62 { 1 } else { 2 }, "{address:#x}");
    }
}

#[test]
fn an_empty_read_is_told_from_an_empty_write_by_its_flag_alone() {
    let mut bus = configured();
    for request_type in [0x41, 0xC1] {
        assert_eq!(ask(&mut bus, [request_type, 7, 1, 0, 0x62, 0, 0, 0], &[]), Ok(vec![]));
        assert_eq!(status(&mut bus), 1);
        assert_eq!(ask(&mut bus, [request_type, 7, 0, 0, 0x63, 0, 0, 0], &[]), Ok(vec![]));
        assert_eq!(status(&mut bus), 2);
    }
}

#[test]
fn a_read_that_nobody_acknowledges_has_its_length_and_a_status() {
    let mut bus = configured();
    assert_eq!(read(&mut bus, START | STOP, 0x10, 39).unwrap(), [0xFF; 39]);
    assert_eq!(status(&mut bus), 2);
    // And the next is not marked by it.
    assert_eq!(read(&mut bus, START | STOP, 0x62, 39).unwrap(), NOBODY);
    assert_eq!(status(&mut bus), 1);
}

#[test]
fn an_address_of_ten_bits_is_nobodys() {
    let mut bus = configured();
    for setup in
        [[0xC1, 7, 0x11, 0, 0x62, 0, 39, 0], [0xC1, 7, 1, 0, 0x62, 1, 39, 0], [0xC1, 7, 1, 0, 0x80, 0, 39, 0]]
    {
        assert_eq!(ask(&mut bus, setup, &[]).unwrap(), [0xFF; 39]);
        assert_eq!(status(&mut bus), 2, "{setup:x?}");
    }
}

#[test]
fn a_write_and_a_read_are_one_transaction_with_a_repeated_start() {
    let mut bus = configured();
    assert_eq!(write(&mut bus, START, 0x62, &[0x07]), Ok(vec![]));
    assert_eq!(status(&mut bus), 1);
    assert_eq!(read(&mut bus, STOP, 0x62, 39).unwrap(), NOBODY);
    assert_eq!(status(&mut bus), 1);
}

#[test]
fn a_mode_that_is_written_takes_effect_and_time_passes_between_requests() {
    let mut sensor = SimSensor::new();
    sensor.set_scene([Person::at(1.0, 0.0)]);
    let (mut bus, time) = plugged_with(sensor);
    assert_eq!(ask(&mut bus, [0x00, 9, 1, 0, 0, 0, 0, 0], &[]), Ok(vec![]));
    let mut faces_after = |mode: u8| {
        assert_eq!(write(&mut bus, START | STOP, 0x62, &[0x01, mode]), Ok(vec![]));
        time.0.fetch_add(2_000, Ordering::Relaxed);
        read(&mut bus, START | STOP, 0x62, 39).unwrap()[4]
    };
    assert_eq!([faces_after(0), faces_after(1)], [0, 1]);
}

#[test]
fn a_reset_makes_it_as_if_just_plugged_in_and_ends_the_transaction() {
    let mut bus = configured();
    assert_eq!(ask(&mut bus, [0x41, 2, 10, 0, 0, 0, 0, 0], &[]), Ok(vec![]));
    assert_eq!(bus.device().delay_us(), 10);
    assert_eq!(read(&mut bus, START, 0x62, 20).unwrap(), NOBODY[..20]);
    bus.reset();
    assert_eq!((bus.device().configuration(), bus.device().delay_us()), (0, 0));
    assert_eq!(read(&mut bus, START | STOP, 0x62, 39), Err(Stall));
    assert_eq!(ask(&mut bus, [0x00, 9, 1, 0, 0, 0, 0, 0], &[]), Ok(vec![]));
    assert_eq!(status(&mut bus), 0);
    assert_eq!(read(&mut bus, START | STOP, 0x62, 39).unwrap(), NOBODY);
}

#[test]
fn it_can_do_plain_messages_and_all_of_smbus() {
    let mut bus = configured();
    assert_eq!(ask(&mut bus, [0xC1, 1, 0, 0, 0, 0, 4, 0], &[]).unwrap(), [0x09, 0x00, 0xFF, 0x0E]);
    assert_eq!(ask(&mut bus, [0xC1, 0, 0x34, 0x12, 0, 0, 2, 0], &[]).unwrap(), [0x34, 0x12]);
}

#[test]
fn the_standard_requests_of_usb_are_answered() {
    let mut bus = plugged();
    let mut device = vec![18, 1, 0x10, 1, 0, 0, 0, 64, 0x03, 0x04, 0x31, 0xC6, 0, 1, 1, 2, 3, 1];
    assert_eq!(ask(&mut bus, [0x80, 6, 0, 1, 0, 0, 18, 0], &[]).unwrap(), device);
    // A host asks for the beginning first, and may ask for more than there is.
    assert_eq!(ask(&mut bus, [0x80, 6, 0, 1, 0, 0, 255, 0], &[]).unwrap(), device);
    device.truncate(8);
    assert_eq!(ask(&mut bus, [0x80, 6, 0, 1, 0, 0, 8, 0], &[]).unwrap(), device);
    assert_eq!(ask(&mut bus, [0x00, 5, 7, 0, 0, 0, 0, 0], &[]), Ok(vec![]));
    let configuration = [9, 2, 18, 0, 1, 1, 0, 0x80, 10, 9, 4, 0, 0, 0, 0xFF, 0, 0, 0];
    assert_eq!(ask(&mut bus, [0x80, 6, 0, 2, 0, 0, 64, 0], &[]).unwrap(), configuration);
    assert_eq!(ask(&mut bus, [0x80, 6, 0, 3, 0, 0, 255, 0], &[]).unwrap(), [4, 3, 0x09, 0x04]);
    assert_eq!(ask(&mut bus, [0x80, 6, 1, 3, 9, 4, 6, 0], &[]).unwrap(), [18, 3, b'm', 0, b'l', 0]);
    assert_eq!(ask(&mut bus, [0x80, 8, 0, 0, 0, 0, 1, 0], &[]).unwrap(), [0]);
    assert_eq!(ask(&mut bus, [0x00, 9, 1, 0, 0, 0, 0, 0], &[]), Ok(vec![]));
    assert_eq!(ask(&mut bus, [0x80, 8, 0, 0, 0, 0, 1, 0], &[]).unwrap(), [1]);
    for get_status in
        [[0x80, 0, 0, 0, 0, 0, 2, 0], [0x81, 0, 0, 0, 0, 0, 2, 0], [0x82, 0, 0, 0, 0x80, 0, 2, 0]]
    {
        assert_eq!(ask(&mut bus, get_status, &[]).unwrap(), [0, 0], "{get_status:x?}");
    }
    assert_eq!(ask(&mut bus, [0x81, 10, 0, 0, 0, 0, 1, 0], &[]).unwrap(), [0]);
    assert_eq!(ask(&mut bus, [0x01, 11, 0, 0, 0, 0, 0, 0], &[]), Ok(vec![]));
    assert_eq!(ask(&mut bus, [0x00, 9, 0, 0, 0, 0, 0, 0], &[]), Ok(vec![]));
    assert_eq!(bus.device().configuration(), 0);
}

#[test]
fn what_it_does_not_know_stalls() {
    let mut bus = configured();
    for (setup, data) in [
        ([0x00, 9, 2, 0, 0, 0, 0, 0], &[][..]), // there is no configuration 2
        ([0x00, 5, 128, 0, 0, 0, 0, 0], &[]),   // nor an address above 127
        ([0x80, 6, 0, 6, 0, 0, 10, 0], &[]),    // no other speed
        ([0x80, 6, 9, 3, 9, 4, 255, 0], &[]),   // no such text
        ([0x01, 11, 1, 0, 0, 0, 0, 0], &[]),    // no other form of the interface
        ([0x01, 11, 0, 0, 1, 0, 0, 0], &[]),    // no other interface
        ([0x02, 1, 0, 0, 0x81, 0, 0, 0], &[]),  // no other endpoint
        ([0x00, 3, 1, 0, 0, 0, 0, 0], &[]),     // it wakes nobody
        ([0x00, 7, 0, 1, 0, 0, 1, 0], &[0]),    // its descriptors are what they are
        ([0xA1, 1, 0, 0, 0, 0, 4, 0], &[]),     // it is of no class
        ([0xC1, 8, 1, 0, 0x62, 0, 39, 0], &[]), // no such command
        ([0xC0, 1, 0, 0, 0, 0, 4, 0], &[]),     // a command goes to the interface
        ([0x41, 1, 0, 0, 0, 0, 0, 0], &[]),     // and has a direction
        ([0xC1, 7, 0, 0, 0x62, 0, 39, 0], &[]), // a write towards the host
        ([0x41, 7, 1, 0, 0x62, 0, 1, 0], &[0]), // a read from the host
        ([0x41, 7, 0, 0, 0x62, 0, 2, 0], &[1]), // fewer bytes than were announced
        ([0x41, 7, 0, 0, 0x62, 0, 0, 0], &[1]), // more
    ] {
        assert_eq!(ask(&mut bus, setup, data), Err(Stall), "{setup:x?}");
    }
    // None of that did any harm.
    assert_eq!(read(&mut bus, START | STOP, 0x62, 39).unwrap(), NOBODY);
}

#[test]
fn before_it_is_configured_it_is_no_adapter() {
    let mut bus = plugged();
    assert_eq!(ask(&mut bus, [0xC1, 1, 0, 0, 0, 0, 4, 0], &[]), Err(Stall));
    assert_eq!(ask(&mut bus, [0x81, 10, 0, 0, 0, 0, 1, 0], &[]), Err(Stall));
}

#[test]
fn there_is_no_adapter_for_a_bus_that_is_not_there() {
    assert!(UsbBus::new(World::new(Box::new(TestTime::default())), 1).is_none());
}

proptest! {
    #[test]
    fn any_request_has_an_answer_no_longer_than_was_asked_for(
        requests in prop::collection::vec((prop::array::uniform8(any::<u8>()), prop::collection::vec(any::<u8>(), 0..64)), 1..40),
    ) {
        let mut bus = configured();
        for (setup, data) in requests {
            let longest = Setup::parse(setup).length;
            if let Ok(answer) = ask(&mut bus, setup, &data) {
                prop_assert!(answer.len() <= usize::from(longest));
            }
        }
    }

    #[test]
    fn any_transactions_leave_the_sensor_readable(
        messages in prop::collection::vec((any::<bool>(), 0_u8..4, 0x60_u8..0x65, 0_usize..60), 1..40),
    ) {
        let mut bus = configured();
        for (is_read, flags, address, len) in messages {
            let answer = if is_read {
                read(&mut bus, flags, address, u16::try_from(len).unwrap()).map(|bytes| bytes.len())
            } else {
                // LED off, again and again: it changes nothing that can be read.
                write(&mut bus, flags, address, &[0x07, 0x00].repeat(len)[..len]).map(|_| len)
            };
            prop_assert_eq!(answer, Ok(len));
            prop_assert_eq!(status(&mut bus), if address == 0x62 { 1 } else { 2 });
        }
        bus.reset();
        ask(&mut bus, [0x00, 9, 1, 0, 0, 0, 0, 0], &[]).unwrap();
        prop_assert_eq!(read(&mut bus, START | STOP, 0x62, 39).unwrap(), NOBODY);
    }
}
