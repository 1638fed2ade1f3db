//! Does `mlsensor read` come back by itself when the adapter of its bus was pulled out?
//!
//! The command is unchanged; the kernel is stood in for by a library that is loaded into it (`fake_bus/fake_bus.c`).
#![cfg(all(target_os = "linux", target_env = "gnu"))]

mod command;
mod fake_bus;

use std::path::Path;

use command::mlsensor;
use fake_bus::{FakeBus, ONE_FACE};
use serde_json::Value;

/// What these settings are on the wire, typed by hand: the LED off, recognition on, continuous last.
const WRITTEN: &str = "62 w 07 00\n62 w 02 01\n62 w 01 01\n";

#[test]
fn an_adapter_that_is_pulled_out_and_back_is_opened_again_and_the_sensor_set_again() {
    let script = [
        &ONE_FACE.repeat(6),
        "read errno 19\n",
        ONE_FACE,
        // Gone; not there twice; there, but not for this user yet; back.
        "open ok\nopen errno 2\nopen errno 2\nopen errno 13\nopen ok\n",
    ]
    .concat();
    let bus = FakeBus::new(Path::new(env!("CARGO_TARGET_TMPDIR")), "reopens", &script);
    let path = bus.path();
    // Six good reads before are no more than six readings.
    let arguments = [
        "read",
        path.to_str().unwrap(),
        "--json",
        "--every",
        "50",
        "--count",
        "9",
        "--led",
        "off",
        "--id",
        "on",
    ];
    let output = bus.give_to(&mut mlsensor(&arguments)).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let events: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();

    let mut errnos: Vec<i64> = events.iter().filter_map(|event| event["errno"].as_i64()).collect();
    errnos.dedup();
    assert_eq!(errnos, [19, 2, 13], "{text}");
    let failed = |event: &Value| event["event"] == "no_reading" && event["errno"] == 13;
    let outage = events.iter().rposition(failed).unwrap();
    let live = events[outage..].iter().filter(|event| event["state"] == "live").count();
    assert!(live >= 3, "{text}");
    assert_eq!(events.last().unwrap()["readings"], 9, "{text}");

    assert_eq!(bus.written(), WRITTEN.repeat(2));
    assert_eq!(
        bus.log().matches("timeout 5\n").count(),
        2,
        "the new file has the time-out, too: {}",
        bus.log()
    );
}
