//! Do `config` and `probe` look again where that may help, and do they say what is wrong where it does not?
//!
//! The command is unchanged; the kernel is stood in for by a library that is loaded into it (`fake_bus/fake_bus.c`).
#![cfg(all(target_os = "linux", target_env = "gnu"))]

mod command;
mod fake_bus;

use std::path::Path;

use command::{Ran, mlsensor};
use fake_bus::{FakeBus, ONE_FACE};

/// [`ONE_FACE`] with one bit of a box changed on the way.
const DAMAGED: &str = "read 00 00 21 00 01 63 7c 81 95 aa 43 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 \
                       00 00 00 00 00 00 00 00 00 00 00 15 8b\n";

/// The board with the firmware that reports hands: a packet of 35 bytes, whose checksum was computed apart from this crate.
const HANDS: &str = "read 00 00 1d 00 01 63 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 \
                     00 00 00 00 00 00 00 89 22 ff ff ff ff\n";

/// What the command said, and what was written to the sensor. `BUS` is the bus.
fn on_a_bus(name: &str, script: &str, arguments: &[&str]) -> (Ran, String) {
    let bus = FakeBus::new(Path::new(env!("CARGO_TARGET_TMPDIR")), &format!("tries-{name}"), script);
    let path = bus.path();
    let path = path.to_str().unwrap();
    let arguments: Vec<&str> =
        arguments.iter().map(|&word| if word == "BUS" { path } else { word }).collect();
    let output = bus.give_to(&mut mlsensor(&arguments)).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(path, "BUS");
    let ran = Ran { out: text(output.stdout), err: text(output.stderr), code: output.status.code() };
    (ran, bus.written())
}

#[test]
fn what_is_over_soon_ends_neither_of_them() {
    for (name, fault) in [
        ("arbitration", "read errno 11\n"),
        ("signal", "read errno 4\n"),
        ("busy", "read errno 16\n"),
        ("silent", "read errno 121\n"),
        ("short", "read short 12 00 00 21\n"),
        ("damaged", DAMAGED),
    ] {
        // Twice, and not a third time: below.
        let script = [&fault.repeat(2), ONE_FACE].concat();
        let (ran, written) = on_a_bus(name, &script, &["config", "BUS", "--led", "off"]);
        assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{name}: {}", ran.out);
        assert_eq!(written, "62 w 07 00\n", "{name}");
        let (ran, written) = on_a_bus(name, &script, &["probe", "BUS"]);
        assert_eq!((ran.code, &*ran.err, &*written), (Some(0), "", ""), "{name}: {}", ran.out);
        assert!(ran.out.starts_with("BUS: a Person Sensor: "), "{name}: {}", ran.out);
    }
}

#[test]
fn what_lasts_ends_them_and_so_does_at_once_what_does_not_help_to_repeat() {
    for (name, fault, good_after) in
        [("lasting", "read errno 11\n", 3), ("gone", "read errno 19\n", 1), ("locked", "read errno 13\n", 1)]
    {
        let script = [&fault.repeat(good_after), ONE_FACE].concat();
        for arguments in [&["config", "BUS", "--led", "off"][..], &["probe", "BUS"]] {
            let (ran, written) = on_a_bus(name, &script, arguments);
            assert_eq!((ran.code, &*written), (Some(1), ""), "{name} {arguments:?}: {}", ran.out);
            assert!(ran.err.starts_with("error: no Person Sensor on BUS: "), "{name}: {}", ran.err);
        }
    }
}

#[test]
fn a_part_that_has_answered_is_told_though_a_later_read_fails() {
    let (ran, _) = on_a_bus("answered", &format!("{DAMAGED}read errno 121\n"), &["probe", "BUS"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("most likely a Person Sensor, but its packet is damaged"), "{}", ran.out);
}

#[test]
fn a_setting_that_fails_once_is_sent_again_and_none_is_left_out() {
    let all = ["config", "BUS", "--led", "off", "--id", "on", "--persist", "off", "--mode", "standby"];
    let script = [ONE_FACE, "write ok\nwrite errno 11\nwrite errno 4\nwrite ok\n"].concat();
    let (ran, written) = on_a_bus("again", &script, &all);
    assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{}", ran.out);
    assert_eq!(written, "62 w 05 00\n62 w 07 00\n62 w 02 01\n62 w 01 00\n");

    let script = [ONE_FACE, "write ok\nwrite errno 121\n"].concat();
    let (ran, written) = on_a_bus("in_part", &script, &all);
    assert_eq!((ran.code, &*written), (Some(1), "62 w 05 00\n"), "{}", ran.out);
    assert!(ran.out.contains("sent 05 00: ") && !ran.out.contains("sent 07 00: "), "{}", ran.out);
    assert!(ran.err.starts_with("error: not all settings reached the sensor on BUS: "), "{}", ran.err);
    assert!(ran.err.ends_with("code: MLSENSOR-BUS-121\n"), "{}", ran.err);
}

/// A part of the likeliest cause, the command to run, and what it is not: typed here.
#[test]
fn what_was_read_says_what_is_likely_and_no_other_part_is_blamed_for_a_loose_wire() {
    for (name, script, likely, run) in [
        ("damaged_for_good", DAMAGED, "likely: bits were lost on the way", "mlsensor probe BUS"),
        ("zeros", "read 00\n", "likely: the sensor has no result yet", "mlsensor read BUS --wait"),
        (
            "display",
            &["read", &" ff".repeat(39), "\n"].concat(),
            "the bus of a display",
            "mlsensor probe BUS",
        ),
        ("hands", HANDS, "another firmware", "mlsensor probe BUS"),
    ] {
        for arguments in [&["config", "BUS", "--led", "off"][..], &["read", "BUS", "--once"]] {
            let (ran, written) = on_a_bus(name, script, arguments);
            assert_eq!((ran.code, &*written), (Some(1), ""), "{name} {arguments:?}: {}", ran.out);
            assert!(ran.err.contains(likely), "{name} {arguments:?}: {}", ran.err);
            assert!(ran.err.contains(&format!("\nrun: {run}\n")), "{name} {arguments:?}: {}", ran.err);
            assert!(ran.err.ends_with("code: MLSENSOR-NOT-A-SENSOR\n"), "{name}: {}", ran.err);
        }
    }
}
