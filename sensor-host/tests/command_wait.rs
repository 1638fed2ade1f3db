//! Do `mlsensor read` and `record` wait for a bus that is not there yet, if they are told to, and for one that went away?
//!
//! The kernel is stood in for by a library (`fake_bus/fake_bus.c`).
#![cfg(all(target_os = "linux", target_env = "gnu"))]

mod command;
mod fake_bus;

use std::path::Path;

use command::mlsensor;
use fake_bus::{FakeBus, ONE_FACE};
use mlsensor_sim::Recording;
use serde_json::Value;

/// What the command says on a bus with this script: its exit code, standard output, standard error, and what was written to the
/// sensor.
fn on_a_bus(name: &str, script: &str, arguments: &[&str]) -> (Option<i32>, String, String, String) {
    let bus = FakeBus::new(Path::new(env!("CARGO_TARGET_TMPDIR")), &format!("wait-{name}"), script);
    let path = bus.path().display().to_string();
    let words: Vec<&str> = arguments.iter().map(|word| if *word == "BUS" { &*path } else { word }).collect();
    let output = bus.give_to(&mut mlsensor(&words)).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr), bus.written())
}

fn script(opens: &str) -> String {
    format!("{opens}open ok\n{}", ONE_FACE.repeat(3))
}

#[test]
fn a_bus_that_is_not_there_yet_is_waited_for() {
    for errno in [2, 19, 6] {
        let script = script(&format!("open errno {errno}\n").repeat(3));
        let arguments = ["read", "BUS", "--wait", "--count", "1", "--json"];
        let (code, out, err, written) = on_a_bus(&format!("read-{errno}"), &script, &arguments);
        assert_eq!((code, &*err), (Some(0), ""), "{out}");
        let events: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let names: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
        assert_eq!(names, ["source", "remark", "no_reading", "no_reading", "reading", "end"], "{out}");
        for waiting in &events[2..4] {
            assert_eq!((&waiting["state"], &waiting["errno"]), (&"absent".into(), &errno.into()), "{out}");
        }
        let counters = &events[5]["counters"];
        assert_eq!((&counters["not_opened"], &counters["opened"]), (&2.into(), &1.into()), "{counters}");
        assert_eq!(written, "62 w 01 01\n", "set when it was found");
    }
}

#[test]
fn it_is_waited_for_to_be_recorded_too() {
    let script = script("open errno 2\nopen errno 2\n");
    let arguments = ["record", "BUS", "--wait", "--for", "1.5"];
    let (code, out, err, _) = on_a_bus("record", &script, &arguments);
    assert_eq!(code, Some(0), "{err}");
    assert!(Recording::parse(&out).unwrap().transfers.len() >= 3, "{out}");
}

#[test]
fn one_that_somebody_has_to_change_first_or_that_nobody_waits_for_is_an_error() {
    for (errno, arguments) in
        [(2, &["read", "BUS"][..]), (13, &["read", "BUS", "--wait"]), (25, &["record", "BUS", "--wait"])]
    {
        let script = script(&format!("open errno {errno}\n"));
        let (code, out, err, _) = on_a_bus(&format!("refused-{errno}"), &script, arguments);
        assert_eq!((code, &*out), (Some(1), ""), "{errno}");
        assert!(err.ends_with(&format!("code: MLSENSOR-BUS-{errno}\n")), "{err}");
    }
}

/// What is plugged in again is opened anew and set anew, whatever opening it said meanwhile.
#[test]
fn a_bus_that_goes_away_is_opened_again_when_it_is_back() {
    let gone = "read errno 19\nopen errno 2\nopen errno 2\nopen errno 13\n";
    let script = format!("open ok\n{}{gone}open ok\n{}", ONE_FACE.repeat(4), ONE_FACE.repeat(3));
    let arguments = ["read", "BUS", "--count", "4", "--json", "--led", "off", "--every", "100"];
    let (code, out, err, written) = on_a_bus("gone", &script, &arguments);
    assert_eq!((code, &*err), (Some(0), ""), "{out}");
    let events: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut errnos: Vec<i64> = events.iter().filter_map(|event| event["errno"].as_i64()).collect();
    errnos.dedup();
    assert_eq!(errnos, [19, 2, 13], "{out}");
    assert_eq!(written, "62 w 07 00\n62 w 01 01\n".repeat(2));
}
