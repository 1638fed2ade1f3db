//! The questions that are about the bus: what is acknowledged, what is read, what a write does.

use std::time::Duration;

use embedded_hal::i2c::I2c;
use mlsensor_sim::person_sensor::{
    FirstResult, Latch, NextRead, PastTheEnd, ProbingWhileBooting, SeveralPairs, UndocumentedValue,
};
use mlsensor_sim::{Direction, Person, SimBus, SimBusError, SimSensor};

use super::{ms, read, send};

/// How long reads go unanswered.
fn milliseconds_of_silence(sensor: &mut SimSensor) -> u128 {
    (0..=5000)
        .find(|_| {
            let answers = sensor.clone().read(&mut [0; 39]);
            sensor.advance(ms(1));
            answers
        })
        .expect("silent for 5 s")
}

pub(crate) fn before_first_result(mut sensor: SimSensor, gives: FirstResult) {
    let mut expected = [0; 39];
    match gives {
        FirstResult::Nobody => [expected[2], expected[37], expected[38]] = [0x21, 0x25, 0x37],
        FirstResult::AllZero => {}
        _ => expected = [0xFF; 39],
    }
    sensor.advance(ms(199));
    assert_eq!(read(&mut sensor), expected);
}

pub(crate) fn continues(mut sensor: SimSensor, next: NextRead, with_stop: bool) {
    let packet = *sensor.result();
    assert!(sensor.start(0x62, Direction::Read));
    let first: [u8; 32] = std::array::from_fn(|_| sensor.read_byte());
    assert_eq!(first, packet[..32]);
    if with_stop {
        sensor.stop();
    }
    assert!(sensor.start(0x62, Direction::Read));
    let second: [u8; 7] = std::array::from_fn(|_| sensor.read_byte());
    sensor.stop();
    let from = if next == NextRead::Continues { 32 } else { 0 };
    assert_eq!(second, packet[from..from + 7]);
}

pub(crate) fn latch(mut sensor: SimSensor, latch: Latch) {
    let old = *sensor.result();
    assert!(sensor.start(0x62, Direction::Read));
    let _: [u8; 13] = std::array::from_fn(|_| sensor.read_byte());
    sensor.set_scene([Person::at(0.5, 20.0)]);
    sensor.advance(ms(1000));
    let new = *sensor.result();
    assert_ne!(old[37..], new[37..]);
    let is_mixed = |rest: [u8; 26]| {
        assert!(rest == old[13..] || rest == new[13..], "neither old nor new: {rest:02x?}");
        rest == new[13..]
    };
    let mut in_two_pieces = sensor.clone();
    let one_piece = is_mixed(std::array::from_fn(|_| sensor.read_byte()));
    assert!(in_two_pieces.start(0x62, Direction::Read));
    let two_pieces = is_mixed(std::array::from_fn(|_| in_two_pieces.read_byte()));
    let expected = match latch {
        Latch::AtFirstByte => (false, false),
        Latch::AtStart => (false, true),
        _ => (true, true),
    };
    assert_eq!((one_piece, two_pieces), expected);
}

pub(crate) fn past_the_end(mut sensor: SimSensor, gives: PastTheEnd) {
    let expected = match gives {
        PastTheEnd::Ones => [0xFF; 4],
        PastTheEnd::Zeros => [0x00; 4],
        _ => [0x00, 0x00, 0x21, 0x00],
    };
    assert_eq!(read::<43>(&mut sensor)[39..], expected);
}

pub(crate) fn several_pairs(mut sensor: SimSensor, count: SeveralPairs) {
    assert!(sensor.write(&[0x07, 0x00, 0x05, 0x00, 0x02, 0x01]));
    let config = sensor.config();
    let expected = match count {
        SeveralPairs::FirstOnly => (false, true, false),
        SeveralPairs::LastOnly => (true, true, true),
        _ => (false, false, true),
    };
    assert_eq!((config.led, config.persist_ids, config.id_enabled), expected);
}

pub(crate) fn undocumented_value(mut sensor: SimSensor, means: UndocumentedValue) {
    send(&mut sensor, [0x07, 0x00]);
    send(&mut sensor, [0x07, 0x02]);
    assert_eq!(sensor.led(), means == UndocumentedValue::IsOn);
}

pub(crate) fn power_up_silence(mut sensor: SimSensor, silence: Duration) {
    sensor.power_off();
    sensor.advance(ms(100));
    sensor.power_on();
    assert_eq!(milliseconds_of_silence(&mut sensor), silence.as_millis());
}

pub(crate) fn probing(mut sensor: SimSensor, probing: ProbingWhileBooting) {
    sensor.power_off();
    sensor.power_on();
    let (mut bus, _sim) = SimBus::with_sensor(sensor);
    let mut packet = [0; 39];
    assert!(matches!(bus.read(0x62, &mut packet), Err(SimBusError::NoAcknowledge { .. })));
    bus.advance(ms(5000));
    if probing == ProbingWhileBooting::HoldsDataLow {
        assert_eq!(bus.read(0x62, &mut packet), Err(SimBusError::DataLineLow));
        bus.recover();
    }
    assert_eq!(bus.read(0x62, &mut packet), Ok(()));
}

pub(crate) fn extra_addresses(mut sensor: SimSensor, answers: bool) {
    for (address, is_extra) in [(0x39, true), (0x4F, true), (0x24, false), (0x68, false), (0x63, false)] {
        assert_eq!(sensor.start(address, Direction::Read), answers && is_extra, "{address:#04x}");
        assert_eq!(sensor.read_byte(), 0xFF, "what it would say there nobody knows");
        sensor.stop();
        assert_eq!(sensor.start(address, Direction::Write), answers && is_extra);
        assert_eq!([0x07, 0x00].map(|byte| sensor.write_byte(byte)), [answers && is_extra; 2]);
        sensor.stop();
        assert!(sensor.led(), "no command is taken there");
    }
}

pub(crate) fn erasing(mut sensor: SimSensor, takes: Duration) {
    send(&mut sensor, [0x06, 0x01]);
    assert_eq!(milliseconds_of_silence(&mut sensor), takes.as_millis());
}
