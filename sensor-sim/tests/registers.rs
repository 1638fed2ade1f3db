//! Does every register do what it says, away from its default and back, and does nothing else do anything?
//!
//! A simulator that decodes a write one byte off passes every test in which the default happens to be what was
//! written. So each write here is away from the default, what it does is seen in behaviour, and everything that it should
//! leave alone is compared as well.
#![cfg(feature = "std")]

use std::time::Duration;

use embedded_hal::i2c::{I2c, Operation};
use mlsensor::PersonId;
use mlsensor_sim::person_sensor::{PastTheEnd, SeveralPairs, UndocumentedValue};
use mlsensor_sim::{Assumptions, Person, SimBus, SimSensor};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// What can be seen of the registers from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    /// Register 0x01: results in a second.
    captures: u64,
    /// Register 0x02 and 0x04: who the person in view is taken for.
    id: Option<u8>,
    /// Register 0x05 and 0x06: the same after a loss of power, with recognition on.
    id_after_power_loss: Option<u8>,
    /// Register 0x07.
    led: bool,
}

fn seen(sensor: &SimSensor) -> Seen {
    let mut alive = sensor.clone();
    alive.advance(ms(1000));
    let mut cycled = sensor.clone();
    cycled.power_off();
    cycled.power_on();
    cycled.advance(ms(3000));
    assert!(cycled.write(&[0x02, 0x01]));
    Seen {
        captures: alive.results() - sensor.results(),
        id: id_in_view(&alive),
        id_after_power_loss: id_in_view(&cycled),
        led: sensor.led(),
    }
}

/// Whom the sensor takes the one person in view for, in continuous mode.
fn id_in_view(sensor: &SimSensor) -> Option<u8> {
    let mut sensor = sensor.clone();
    assert!(sensor.write(&[0x01, 0x01]));
    sensor.advance(ms(2000));
    let packet = sensor.result();
    assert_eq!(packet[4], 1);
    (packet[10] as i8 > 0).then_some(packet[11])
}

/// A sensor in its power-on settings that was given label 0 for the person in view.
fn acquainted(assumptions: Assumptions) -> SimSensor {
    let mut sensor = SimSensor::new().with_assumptions(assumptions);
    sensor.set_scene([Person::at(1.0, 0.0).known_as(7)]);
    for write in [[0x02, 0x01], [0x04, 0x00]] {
        assert!(sensor.write(&write));
        sensor.advance(ms(1000));
    }
    assert!(sensor.write(&[0x02, 0x00]));
    sensor.advance(ms(2000));
    sensor
}

/// A second at the power-on settings, whose captures fall at 7 times 140 ms.
const DEFAULT: Seen = Seen { captures: 7, id: None, id_after_power_loss: Some(0), led: true };

fn written(bytes: &[u8]) -> SimSensor {
    written_under(Assumptions::default(), bytes)
}

fn written_under(assumptions: Assumptions, bytes: &[u8]) -> SimSensor {
    let mut sensor = acquainted(assumptions);
    assert!(sensor.write(bytes), "{bytes:02x?} was not acknowledged");
    sensor
}

/// As the name says: the future of both is the same.
fn assert_changes_nothing(assumptions: Assumptions, bytes: &[u8]) {
    let sensor = written_under(assumptions.clone(), bytes);
    assert_eq!(seen(&sensor), seen(&acquainted(assumptions)), "{bytes:02x?}");
}

#[test]
fn the_power_on_settings_are_what_the_tests_below_take_them_for() {
    assert_eq!(seen(&acquainted(Assumptions::default())), DEFAULT);
}

#[test]
fn each_switch_works_away_from_its_default_and_back_and_touches_nothing_else() {
    for (away, back, expected) in [
        ([0x01, 0x00], [0x01, 0x01], Seen { captures: 0, ..DEFAULT }),
        ([0x02, 0x01], [0x02, 0x00], Seen { captures: 4, id: Some(0), ..DEFAULT }),
        ([0x05, 0x00], [0x05, 0x01], Seen { id_after_power_loss: None, ..DEFAULT }),
        ([0x07, 0x00], [0x07, 0x01], Seen { led: false, ..DEFAULT }),
    ] {
        let mut sensor = written(&away);
        let there = seen(&sensor);
        // Where in the rhythm the write falls may shift one capture into the second or out of it.
        assert!(there.captures.abs_diff(expected.captures) <= 1, "{away:02x?}: {there:?}");
        assert_eq!(Seen { captures: 0, ..there }, Seen { captures: 0, ..expected }, "{away:02x?}");
        assert!(sensor.write(&back));
        sensor.advance(ms(2000));
        let again = seen(&sensor);
        assert!(again.captures.abs_diff(7) <= 1, "{back:02x?}: {again:?}");
        assert_eq!(Seen { captures: 7, ..again }, DEFAULT, "{away:02x?}, then {back:02x?}");
    }
}

#[test]
fn single_shot_works_in_standby_with_any_value_and_leaves_it_in_standby() {
    for value in 0..=0xFF {
        let mut sensor = written(&[0x01, 0x00]);
        assert!(sensor.write(&[0x03, value]));
        let there = seen(&sensor);
        assert_eq!(there, Seen { captures: 1, ..DEFAULT }, "03 {value:02x}");
        sensor.advance(ms(1000));
        assert_eq!(seen(&sensor).captures, 0, "one shot");
    }
}

#[test]
fn each_of_the_eight_labels_is_given_as_it_was_written() {
    for label in 0..8 {
        let mut sensor = written(&[0x06, 0x01]);
        assert!(sensor.write(&[0x02, 0x01]) && sensor.write(&[0x04, label]));
        sensor.advance(ms(1000));
        let there = seen(&sensor);
        assert_eq!((there.id, there.id_after_power_loss), (Some(label), Some(label)));
        assert!(sensor.write(&[0x02, 0x00]));
        assert_eq!(seen(&sensor).id, None);
    }
}

#[test]
fn erase_ids_erases_with_any_value_and_touches_nothing_else() {
    for value in 0..=0xFF {
        let erased = seen(&written(&[0x06, value]));
        assert_eq!(erased, Seen { id_after_power_loss: None, ..DEFAULT }, "06 {value:02x}");
    }
}

#[test]
fn a_write_of_nothing_or_of_a_register_alone_does_nothing() {
    assert_changes_nothing(Assumptions::default(), &[]);
    for register in 0..=0xFF {
        assert_changes_nothing(Assumptions::default(), &[register]);
    }
}

#[test]
fn registers_that_do_not_exist_do_nothing_whatever_is_written() {
    for register in [0x00_u8].into_iter().chain(0x08..=0xFF) {
        for value in [0x00, 0x01, 0x02, 0x07, 0x08, 0xFF] {
            for assumptions in [Assumptions::default(), undocumented_is_on()] {
                assert_changes_nothing(assumptions, &[register, value]);
            }
        }
    }
}

fn undocumented_is_on() -> Assumptions {
    let mut assumptions = Assumptions::default();
    assumptions.undocumented_value = UndocumentedValue::IsOn;
    assumptions
}

#[test]
fn values_that_no_document_has_do_nothing_by_default() {
    for value in 0x02..=0xFF {
        for register in [0x01, 0x02, 0x05, 0x07] {
            // To be seen, "on" and "off" must both differ from what is there: look from both sides.
            assert_changes_nothing(Assumptions::default(), &[register, value]);
            let mut sensor = written(&[register, 0x00]);
            let before = seen(&sensor);
            assert!(sensor.write(&[register, value]));
            assert_eq!(seen(&sensor), before, "{register:02x} 00, then {value:02x}");
        }
    }
    for value in 0x08..=0xFF {
        assert_changes_nothing(Assumptions::default(), &[0x04, value]);
    }
}

#[test]
fn values_that_no_document_has_turn_a_switch_on_under_that_assumption() {
    for value in 0x02..=0xFF {
        for register in [0x01, 0x02, 0x05, 0x07] {
            let mut odd = written_under(undocumented_is_on(), &[register, 0x00]);
            let mut plain = odd.clone();
            assert!(odd.write(&[register, value]) && plain.write(&[register, 0x01]));
            assert_eq!(seen(&odd), seen(&plain), "{register:02x} {value:02x}");
        }
    }
    for value in 0x08..=0xFF {
        assert_changes_nothing(undocumented_is_on(), &[0x04, value]);
    }
}

#[test]
fn a_label_that_does_not_exist_is_given_to_nobody_under_any_assumption() {
    for assumptions in [Assumptions::default(), undocumented_is_on()] {
        let mut sensor = acquainted(assumptions);
        assert!(sensor.write(&[0x06, 0x01]) && sensor.write(&[0x02, 0x01]) && sensor.write(&[0x04, 0x09]));
        sensor.advance(ms(1000));
        assert_eq!(PersonId::ALL.map(|id| sensor.labelled(id)), [None; 8]);
    }
}

#[test]
fn of_several_pairs_in_one_transaction_those_count_that_the_assumption_says() {
    let pairs = [0x07, 0x00, 0x05, 0x00, 0x01, 0x00];
    for (assumed, expected) in [
        (SeveralPairs::FirstOnly, Seen { led: false, ..DEFAULT }),
        (SeveralPairs::LastOnly, Seen { captures: 0, ..DEFAULT }),
        (SeveralPairs::All, Seen { captures: 0, led: false, id_after_power_loss: None, ..DEFAULT }),
    ] {
        let mut assumptions = Assumptions::default();
        assumptions.several_pairs = assumed;
        assert_eq!(seen(&written_under(assumptions.clone(), &pairs)), expected, "{assumed:?}");
        // Half a pair at the end does nothing, and does not count as the last.
        let with_half = [&pairs[..], &[0x02]].concat();
        assert_eq!(seen(&written_under(assumptions.clone(), &with_half)), expected, "{assumed:?}");
        // Two transactions are not several pairs in one.
        let mut sensor = written_under(assumptions, &pairs[..2]);
        assert!(sensor.write(&pairs[2..4]));
        assert_eq!(seen(&sensor), Seen { led: false, id_after_power_loss: None, ..DEFAULT }, "{assumed:?}");
    }
}

#[test]
fn a_write_takes_effect_when_it_ends_in_a_repeated_start_too() {
    let (mut bus, sim) = SimBus::with_sensor(acquainted(Assumptions::default()));
    let mut packet = [0xA5; 39];
    bus.write_read(0x62, &[0x07, 0x00], &mut packet).unwrap();
    assert_eq!(seen(&sim.with(|sim| sim.clone())), Seen { led: false, ..DEFAULT });
    assert_eq!(packet, sim.with(|sim| *sim.result()));
    // The pair may come in two pieces, which are one write.
    let mut pieces = [Operation::Write(&[0x07]), Operation::Write(&[0x01])];
    bus.transaction(0x62, &mut pieces).unwrap();
    assert_eq!(seen(&sim.with(|sim| sim.clone())), DEFAULT);
}

#[test]
fn there_is_no_register_pointer_a_read_begins_at_the_first_byte_whatever_was_written() {
    for register in 0..=0xFF {
        let (mut bus, sim) = SimBus::with_sensor(acquainted(Assumptions::default()));
        let mut packet = [0xA5; 39];
        bus.write_read(0x62, &[register], &mut packet).unwrap();
        assert_eq!(packet, sim.with(|sim| *sim.result()), "{register:02x}");
        assert_eq!(seen(&sim.with(|sim| sim.clone())), DEFAULT, "{register:02x}");
    }
}

#[test]
fn a_read_of_any_length_gives_the_packet_and_behind_it_what_is_assumed() {
    for assumed in [PastTheEnd::Ones, PastTheEnd::Zeros, PastTheEnd::Repeats] {
        let mut assumptions = Assumptions::default();
        assumptions.past_the_end = assumed;
        let mut sensor = acquainted(assumptions);
        let packet = *sensor.result();
        assert_eq!(packet[..5], [0x00, 0x00, 0x21, 0x00, 0x01]);
        for length in 1..=64 {
            let mut bytes = vec![0xA5; length];
            assert!(sensor.read(&mut bytes));
            let (head, tail) = bytes.split_at(length.min(39));
            assert_eq!(head, &packet[..length.min(39)], "{length} bytes");
            match assumed {
                PastTheEnd::Ones => assert!(tail.iter().all(|&byte| byte == 0xFF), "{length}: {tail:02x?}"),
                PastTheEnd::Zeros => assert!(tail.iter().all(|&byte| byte == 0x00), "{length}: {tail:02x?}"),
                _ => assert_eq!(tail, &packet[..tail.len()], "{length}"),
            }
        }
    }
}
