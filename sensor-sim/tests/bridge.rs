//! The host end of the bridge: what it answers to bytes typed by hand, and to any others.

use core::time::Duration;
use std::io::{self, Read};

use mlsensor_sim::bridge::{Bridge, BridgeError};
use mlsensor_sim::{Person, SimBus, SimSensor};
use proptest::prelude::*;

const HELLO: [u8; 10] = *b"\x01\x01mlsensor";
const NOW: [u8; 10] = [3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
/// One operation for 0x62.
const ONE: [u8; 10] = [6, 0x62, 1, 0, 0, 0, 0, 0, 0, 0];
const READ_39: [u8; 5] = [0, 39, 0, 0, 0];

fn bridge() -> Bridge<SimBus> {
    let (bus, sim) = SimBus::with_sensor(SimSensor::new());
    sim.set_scene([Person::at(1.0, 0.0)]);
    Bridge::new(bus.clone(), &bus).with_pin(sim.pin()).with_end(Duration::from_secs(1)).with_about("Büro")
}

/// What is answered, and how it ends.
fn served(requests: &[&[u8]]) -> (Vec<u8>, Result<(), BridgeError>) {
    let mut answers = Vec::new();
    let outcome = bridge().serve(&requests.concat()[..], &mut answers);
    (answers, outcome)
}

#[test]
fn a_conversation_is_as_the_table_has_it() {
    let delay = [4, 0, 0x00, 0x65, 0xCD, 0x1D, 0, 0, 0, 0]; // 500 ms
    let behind = [5, 0, 0x00, 0x94, 0x35, 0x77, 0, 0, 0, 0]; // 2 s
    let pin = [7, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let about = [2, 0, 4, 0, 0, 0, 0, 0, 0, 0];
    let (answers, outcome) = served(&[&HELLO, &about, &delay, &pin, &ONE, &READ_39, &behind]);
    outcome.unwrap();
    let (heads, rest) = answers.split_at(10 + 10 + 4);
    assert_eq!(heads[..10], [0, 1, 0x00, 0xCA, 0x9A, 0x3B, 0, 0, 0, 0], "the version, and 1 s");
    assert_eq!(heads[10..], [&[0, 0, 4, 0, 0, 0, 0, 0, 0, 0][..], "Bür".as_bytes()].concat());
    let (waited, rest) = rest.split_at(20);
    assert_eq!(waited[..10], [0, 0, 0x00, 0x65, 0xCD, 0x1D, 0, 0, 0, 0], "half a second");
    assert_eq!(waited[10..], [0, 1, 0x00, 0x65, 0xCD, 0x1D, 0, 0, 0, 0], "somebody is there");
    let (read, last) = rest.split_at(10 + 39);
    // START, the address, 39 bytes, STOP: 362 bits of 10 us.
    assert_eq!(read[..10], [0, 0, 0xA0, 0xA1, 0x04, 0x1E, 0, 0, 0, 0], "503.62 ms");
    assert_eq!((read[12], read[14]), (33, 1), "a packet with a face");
    assert_eq!(last, [0, 0, 0x00, 0x94, 0x35, 0x77, 0, 0, 0, 0], "no moment of the scene, and 2 s");
}

#[test]
fn what_was_written_reaches_the_sensor_and_an_error_has_no_bytes_behind_it() {
    let (bus, sim) = SimBus::with_sensor(SimSensor::new());
    let mut answers = Vec::new();
    let write = [1, 2, 0, 0, 0, 0x01, 0x00]; // standby
    let other = [6, 0x29, 2, 0, 0, 0, 0, 0, 0, 0];
    let requests = [&HELLO[..], &ONE, &write, &other, &READ_39, &READ_39, &NOW].concat();
    Bridge::new(bus.clone(), &bus).serve(&requests[..], &mut answers).unwrap();
    assert_eq!(answers.len(), 4 * 10);
    assert_eq!((answers[10], answers[20], answers[30]), (0, 3, 0));
    assert_eq!(sim.with(|sensor| sensor.config().mode), mlsensor::Mode::Standby);
}

#[test]
fn what_is_no_hello_or_no_request_is_refused_with_an_answer_and_an_error() {
    const REFUSED: [u8; 10] = [0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let (answers, outcome) = served(&[b"0123456789"]);
    assert!(matches!(outcome, Err(BridgeError::NoHello(bytes)) if &bytes == b"0123456789"));
    assert_eq!(answers, REFUSED);
    let (_, outcome) = served(&[&NOW]);
    assert!(matches!(outcome, Err(BridgeError::NoHello(NOW))), "a hello is first");
    let (answers, outcome) = served(&[&HELLO, &NOW, &[0xFF; 10], &NOW]);
    assert!(matches!(outcome, Err(BridgeError::NoRequest(bytes)) if bytes == [0xFF; 10]));
    assert_eq!((answers.len(), &answers[20..]), (30, &REFUSED[..]));
    for operation in [[2, 0, 0, 0, 0], [0, 0, 0, 1, 0]] {
        let (answers, outcome) = served(&[&HELLO, &ONE, &operation]);
        assert!(matches!(outcome, Err(BridgeError::NoRequest(bytes)) if bytes == operation));
        assert_eq!(answers[10..], REFUSED, "neither kind, or 65,536 bytes");
    }
}

#[test]
fn another_version_is_told_this_one() {
    let (answers, outcome) = served(&[b"\x01\x07mlsensor", &NOW]);
    assert!(matches!(outcome, Err(BridgeError::Version(7))));
    assert_eq!(answers, [0x81, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn an_end_between_requests_is_one_and_an_end_within_is_an_error() {
    let whole = [&HELLO[..], &ONE, &[1, 2, 0, 0, 0, 1, 0]].concat();
    for length in 0..=whole.len() {
        let outcome = served(&[&whole[..length]]).1;
        match length {
            0 | 10 | 27 => outcome.unwrap(),
            _ => assert!(matches!(outcome, Err(BridgeError::CutShort)), "{length}: {outcome:?}"),
        }
    }
}

#[test]
fn a_write_of_four_gibibytes_of_which_a_thousand_come_is_cut_short() {
    let outcome = served(&[&HELLO, &ONE, &[1, 0xFF, 0xFF, 0xFF, 0xFF], &[0; 1000]]).1;
    assert!(matches!(outcome, Err(BridgeError::CutShort)));
}

#[test]
fn the_next_firmware_says_hello_too_and_finds_what_the_one_before_left() {
    let mut bridge = bridge();
    let delay = [4, 0, 0x00, 0x65, 0xCD, 0x1D, 0, 0, 0, 0];
    let mut answers = Vec::new();
    bridge.serve(&[HELLO, delay].concat()[..], &mut answers).unwrap();
    assert!(matches!(bridge.serve(&NOW[..], &mut Vec::new()), Err(BridgeError::NoHello(_))));
    answers.clear();
    bridge.serve(&[HELLO, NOW].concat()[..], &mut answers).unwrap();
    assert_eq!(answers[10..], [0, 0, 0x00, 0x65, 0xCD, 0x1D, 0, 0, 0, 0]);
}

/// A pipe that breaks.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::ConnectionReset.into())
    }
}

impl io::Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_pipe_that_breaks_is_an_error_with_its_cause() {
    let read = bridge().serve(Broken, Vec::new()).unwrap_err();
    assert!(matches!(&read, BridgeError::Pipe(error) if error.kind() == io::ErrorKind::ConnectionReset));
    assert!(std::error::Error::source(&read).is_some());
    let write = bridge().serve(&HELLO[..], Broken).unwrap_err();
    assert!(matches!(write, BridgeError::Pipe(error) if error.kind() == io::ErrorKind::BrokenPipe));
}

/// Requests, whole or not, and what is none.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let request = (0..10_u8, 0..=0x80_u8, prop_oneof![0..4_u64, 0..10_000_000_000_u64])
        .prop_map(|(op, argument, value)| [&[op, argument][..], &value.to_le_bytes()].concat());
    let operation =
        (0..3_u8, 0..70_000_u32).prop_map(|(kind, length)| [&[kind][..], &length.to_le_bytes()].concat());
    prop_oneof![
        3 => request,
        1 => operation,
        1 => Just([&ONE[..], &READ_39].concat()),
        1 => prop::collection::vec(any::<u8>(), 0..20),
    ]
}

proptest! {
    #[test]
    fn whatever_is_sent_is_answered_or_refused(
        greets: bool,
        pieces in prop::collection::vec(piece(), 0..12),
    ) {
        let mut bytes = if greets { HELLO.to_vec() } else { Vec::new() };
        bytes.extend(pieces.concat());
        let (answers, outcome) = served(&[&bytes]);
        let last = answers.len().checked_sub(10).map(|at| answers[at]);
        match outcome {
            Ok(()) | Err(BridgeError::CutShort) => {}
            Err(BridgeError::NoHello(_) | BridgeError::NoRequest(_)) => prop_assert_eq!(last, Some(0x80)),
            Err(BridgeError::Version(version)) => prop_assert!(last == Some(0x81) && version != 1),
            Err(error) => prop_assert!(false, "{}", error),
        }
        prop_assert!(answers.len() <= bytes.len() * 70_000);
    }
}
