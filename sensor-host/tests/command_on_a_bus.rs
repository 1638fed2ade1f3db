//! The command on a bus of the system: /dev/i2c-1 is simulated around it by `mlsensor sim run`, and it opens, reads and writes that as
//! it would a real one.
#![cfg(target_os = "linux")]

mod command;

use command::{Folder, Ran, run};
use mlsensor_sim::{Direction, Recording};
use serde_json::Value;

/// Runs the command with these options of `sim run` around it. Gives what it said, and what went over the bus.
fn on_a_bus(bus: &[&str], arguments: &[&str]) -> (Ran, Recording) {
    let folder = Folder::new();
    let traffic = folder.file("traffic");
    let command = env!("CARGO_BIN_EXE_mlsensor");
    let around = ["sim", "run", "--quiet", "--record", &traffic];
    let ran = run(&[&around[..], bus, &["--", command], arguments].concat());
    let traffic = std::fs::read_to_string(&traffic).unwrap_or_default();
    (ran, Recording::parse(&traffic).unwrap())
}

fn events(ran: &Ran) -> Vec<Value> {
    ran.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect()
}

fn writes(traffic: &Recording) -> Vec<&[u8]> {
    let writes = traffic.transfers.iter().filter(|transfer| transfer.direction == Direction::Write);
    writes.map(|transfer| &*transfer.bytes).collect()
}

#[test]
fn without_a_source_the_only_bus_with_a_sensor_is_read() {
    let (ran, traffic) = on_a_bus(&["--bus", "7"], &["read", "--count", "2", "--json"]);
    assert_eq!((ran.code, &*ran.err), (Some(0), ""));
    let events = events(&ran);
    assert_eq!(events[0]["source"], "/dev/i2c-7");
    assert_eq!(events[1]["event"], "reading");
    assert_eq!(events.last().unwrap()["readings"], 2);
    assert_eq!(writes(&traffic), [[0x01, 0x01]], "it is set to take pictures, and nothing else");
}

#[test]
fn a_lookalike_is_named_and_never_written_to() {
    for (part, what) in [
        ("lookalike:co2-sensor", "words_with_crc8"),
        ("lookalike:hand-firmware", "hand_firmware"),
        ("lookalike:answers-all", "answers_all"),
        ("lookalike:other-part", "other_part"),
    ] {
        let (ran, traffic) = on_a_bus(&["--scenario", part], &["probe", "--json"]);
        assert_eq!((ran.code, &*ran.err), (Some(1), ""), "{part}");
        assert_eq!(
            (&events(&ran)[0]["what"], &events(&ran)[0]["found"]),
            (&what.into(), &false.into()),
            "{part}"
        );
        assert!(!traffic.transfers.is_empty() && writes(&traffic).is_empty(), "{traffic}");
        for arguments in [&["config", "1", "--led", "off"][..], &["read", "1"], &["record", "1"]] {
            let (ran, traffic) = on_a_bus(&["--scenario", part], arguments);
            assert_eq!(ran.code, Some(1), "{part} {arguments:?}: {}", ran.out);
            assert!(ran.err.ends_with("code: MLSENSOR-NOT-A-SENSOR\n"), "{part} {arguments:?}: {}", ran.err);
            assert!(
                !traffic.transfers.is_empty() && writes(&traffic).is_empty(),
                "{part} {arguments:?}: {traffic}"
            );
        }
    }
}

#[test]
fn where_nothing_answers_the_errno_is_told() {
    for (adapter, errno) in [("pi", 121), ("tiny-usb", 6)] {
        let bus = ["--scenario", "nothing", "--errno", adapter];
        let (ran, _) = on_a_bus(&bus, &["probe", "1", "--json"]);
        assert_eq!((ran.code, &*ran.err), (Some(1), ""));
        let event = &events(&ran)[0];
        assert_eq!((&event["what"], &event["errno"]), (&"nothing".into(), &errno.into()), "{event}");
        let (ran, _) = on_a_bus(&bus, &["read", "1"]);
        assert_eq!(ran.code, Some(1));
        assert!(ran.err.ends_with(&format!("code: MLSENSOR-BUS-{errno}\n")), "{}", ran.err);
        let (ran, _) = on_a_bus(&bus, &["read"]);
        assert_eq!(ran.code, Some(1));
        assert!(ran.err.ends_with("code: MLSENSOR-NO-SENSOR\n"), "{}", ran.err);
    }
}

/// As after power came: the first look finds nobody, and so do two tries of the second.
#[test]
fn without_a_source_a_sensor_is_waited_for_if_that_is_wanted() {
    let late = ["--fault", "gone:5"];
    let (ran, _) = on_a_bus(&late, &["read", "--wait", "--count", "1", "--json"]);
    assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{}", ran.out);
    let said = events(&ran);
    let names: Vec<&str> = said.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(names, ["remark", "source", "reading", "end"], "{}", ran.out);
    assert_eq!(said[0]["text"], "no Person Sensor on /dev/i2c-1: it is waited for");
    assert_eq!(said[1]["source"], "/dev/i2c-1");
    let (ran, _) = on_a_bus(&late, &["read", "--wait", "--once", "--json"]);
    assert_eq!((ran.code, events(&ran).len()), (Some(0), 1), "{}", ran.out);
    let (ran, _) = on_a_bus(&late, &["record", "--wait", "--for", "6"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.starts_with("note: no Person Sensor on /dev/i2c-1: it is waited for\n"), "{}", ran.err);
    assert!(!Recording::parse(&ran.out).unwrap().transfers.is_empty(), "{}", ran.out);
}

#[test]
fn what_is_waited_for_in_vain_is_an_error_and_what_waiting_cannot_help_is_one_at_once() {
    let (ran, _) = on_a_bus(&["--scenario", "nothing"], &["read", "--wait", "--for", "1.5"]);
    assert_eq!(ran.code, Some(1), "{}", ran.out);
    assert_eq!(ran.out.lines().count(), 1, "said once: {}", ran.out);
    assert!(ran.err.ends_with("code: MLSENSOR-NO-SENSOR\n"), "{}", ran.err);
    let (ran, _) = on_a_bus(&["--with", "4=sim:crowd"], &["read", "--wait"]);
    assert_eq!((ran.code, &*ran.out), (Some(1), ""));
    assert!(ran.err.ends_with("code: MLSENSOR-SEVERAL-SENSORS\n"), "{}", ran.err);
}

#[test]
fn of_two_sensors_one_has_to_be_named() {
    let bus = ["--with", "4=sim:crowd"];
    let (ran, _) = on_a_bus(&bus, &["read"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.contains("on /dev/i2c-1, /dev/i2c-4")
            && ran.err.ends_with("code: MLSENSOR-SEVERAL-SENSORS\n"),
        "{}",
        ran.err
    );
    let (ran, _) = on_a_bus(&bus, &["probe", "--json"]);
    let found = events(&ran).iter().filter(|event| event["found"] == true).count();
    assert_eq!((ran.code, found), (Some(0), 2));
}

#[test]
fn an_outage_is_told_with_its_errno_and_recorded_with_it() {
    let folder = Folder::new();
    let recording = folder.file("a.recording");
    let fault = ["--fault", "gone:4@t=1s"];
    let (ran, _) = on_a_bus(&fault, &["read", "1", "--json", "--count", "12"]);
    let events = events(&ran);
    let outage = events.iter().position(|event| event["event"] == "no_reading").unwrap();
    assert_eq!(events[outage]["errno"], 121, "{}", events[outage]);
    assert!(events[..outage].iter().any(|event| event["event"] == "reading"));
    assert!(events[outage..].iter().any(|event| event["event"] == "reading"), "it is back: {}", ran.out);

    let (ran, _) = on_a_bus(&fault, &["record", "1", "-o", &recording, "--for", "3"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let text = std::fs::read_to_string(&recording).unwrap();
    let head: Vec<&str> = text.lines().take(3).collect();
    assert_eq!(head[..2], ["# mlsensor recording 1", "# source /dev/i2c-1"]);
    assert!(head[2].starts_with("# begun 2") && head[2].ends_with('Z'), "{}", head[2]);
    assert_eq!(text.matches(" 62 r ! nack # errno 121\n").count(), 4, "{text}");
    assert!(Recording::parse(&text).is_ok());
    // And it is told again when that is replayed.
    let replayed = run(&["replay", &recording, "--json"]);
    let events = self::events(&replayed);
    let outages: Vec<&Value> = events.iter().filter(|event| event["event"] == "no_reading").collect();
    assert!(outages.iter().all(|event| event["errno"] == 121) && outages.len() >= 4, "{}", replayed.out);
    let counters = &events.last().unwrap()["counters"];
    assert_eq!((&counters["bus_errors"]["no_acknowledge"], &counters["outages"]), (&4.into(), &1.into()));
}

/// The sensor has lost its settings, and is silent for as long as it starts.
#[test]
fn a_sensor_that_lost_its_power_is_set_again_and_live_after_two_reads() {
    let power = ["--fault", "power-off@t=1s", "--fault", "power-on@t=1100ms"];
    let (ran, traffic) = on_a_bus(&power, &["read", "1", "--json", "--led", "off", "--count", "12"]);
    assert_eq!((ran.code, &*ran.err), (Some(0), ""));
    let events = events(&ran);
    let outages: Vec<_> = events.iter().filter(|event| event["event"] == "no_reading").collect();
    assert_eq!(outages[0]["errno"], 121, "{}", outages[0]);
    assert!(outages.iter().any(|event| event["state"] == "absent"), "{}", ran.out);
    let last_failed = traffic.transfers.iter().rposition(|transfer| transfer.error.is_some()).unwrap();
    let mut after = traffic.transfers[last_failed + 1..].iter();
    let mut next = || after.next().map(|transfer| (transfer.direction, &*transfer.bytes)).unwrap();
    assert_eq!(next().0, Direction::Read, "its proof");
    for setting in [[0x07, 0x00], [0x01, 0x01]] {
        assert_eq!(next(), (Direction::Write, &setting[..]));
    }
    assert_eq!(next().0, Direction::Read, "a reading");
    assert_eq!(writes(&traffic), [[0x07, 0x00], [0x01, 0x01], [0x07, 0x00], [0x01, 0x01]]);
}
