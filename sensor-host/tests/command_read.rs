//! Does `mlsensor read` say what a sensor reports, how old that is and what it is worth?

mod command;

use command::{Folder, Running, file, good, run};
use mlsensor::Faces;
use mlsensor_host::supervisor::Counters;
use serde::Deserialize;

/// The fields as docs/command.md has them, and no others.
#[derive(Debug, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
enum Event {
    Source { source: String, about: String },
    Reading { at_s: f64, state: String, age_ms: u64, fresh: bool, frozen: bool, faces: Faces },
    NoReading { at_s: f64, state: String, age_ms: Option<u64>, trouble: Option<String>, errno: Option<i32> },
    End { why: String, readings: u64, no_readings: u64, counters: Box<Counters> },
}

fn events(text: &str) -> Vec<Event> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}")))
        .collect()
}

/// A sensor that is without power for some seconds, while somebody sits in front of it.
const LOOSE_PLUG: &str = r#"
about = "Somebody sits in front of a sensor that loses its power for three seconds."
duration_s = 12.0

[[person]]
path = [{ at_s = 0.0, distance_m = 1.0, bearing_deg = 0.0, heading_deg = 0.0 }, { at_s = 12.0 }]

[[event]]
at_s = 4.0
power = "off"

[[event]]
at_s = 7.0
power = "on"
"#;

fn with_loose_plug(folder: &Folder) -> String {
    format!("sim:{}", folder.with("loose_plug.toml", LOOSE_PLUG))
}

#[test]
fn a_scene_gives_the_same_transcript_each_time() {
    let transcript = good(&["read", "sim:walk_up", "--for", "9"]);
    assert_eq!(transcript, include_str!("transcripts/read_walk_up.txt"));
}

#[test]
fn a_recording_is_read_as_it_was() {
    let recording = file("transcripts/loose_wire.recording");
    let transcript = good(&["replay", &recording]).replace(&recording, "loose_wire.recording");
    assert_eq!(transcript, include_str!("transcripts/replay_loose_wire.txt"));
    for json in [&[][..], &["--json"]] {
        let replayed = good(&[&["replay", &recording][..], json].concat());
        assert_eq!(good(&[&["read", &format!("replay:{recording}")][..], json].concat()), replayed);
    }
}

#[test]
fn a_recording_ends_as_the_options_say_by_either_name() {
    let recording = file("transcripts/loose_wire.recording");
    for (options, readings, no_readings) in [
        (&["--once"][..], 1, 0),
        (&["--count", "12"], 12, 11),
        (&["--for", "1.5"], 10, 1),
        (&["--every", "140"], 23, 14),
    ] {
        let replayed = good(&[&["replay", &recording, "--json"], options].concat());
        let named = format!("replay:{recording}");
        assert_eq!(good(&[&["read", &named, "--json"], options].concat()), replayed, "{options:?}");
        let events = events(&replayed);
        let count = |wanted: fn(&Event) -> bool| events.iter().filter(|event| wanted(event)).count();
        let found = (
            count(|event| matches!(event, Event::Reading { .. })),
            count(|event| matches!(event, Event::NoReading { .. })),
        );
        assert_eq!(found, (readings, no_readings), "{options:?}");
        assert_eq!(events.len() == 1, options == ["--once"], "{options:?}");
        if let Some(Event::End { counters, .. }) = events.last() {
            assert_eq!((counters.readings, counters.opened), (readings as u64, 0), "{options:?}");
        }
    }
}

/// A result that was read twice is one result, in a recording too, unless each read is asked for.
#[test]
fn of_a_recording_each_result_is_printed_once_unless_there_is_a_timer() {
    let folder = Folder::new();
    let recording = folder.file("a.recording");
    good(&["record", "sim:walk_up", "--every", "50", "-o", &recording, "--for", "5"]);
    let once = events(&good(&["replay", &recording, "--json"]));
    assert!(once.iter().all(|event| !matches!(event, Event::Reading { fresh: false, .. })), "{once:?}");
    let each = events(&good(&["replay", &recording, "--json", "--every", "50"]));
    let repeated = each.iter().filter(|event| matches!(event, Event::Reading { fresh: false, .. })).count();
    assert!(repeated > 40 && each.len() > once.len() + 40, "{repeated} of {}", each.len());
}

#[test]
fn standard_input_is_a_recording_too() {
    let recording = file("transcripts/loose_wire.recording");
    let replayed = good(&["replay", &recording]).replace(&recording, "-");
    let from_pipe = |arguments: &[&str]| {
        let file = std::fs::File::open(&recording).unwrap();
        let output = command::mlsensor(arguments).stdin(file).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(from_pipe(&["replay", "-"]), replayed);
    assert_eq!(from_pipe(&["read", "replay:-"]), replayed);
    let ran = run(&["replay", "-"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("\nrun: mlsensor replay --help\n"), "what was in a pipe is gone: {}", ran.err);
}

/// Reading a pipe that nobody writes to ends with Ctrl-C, as of any program.
#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_wait_for_a_file_that_does_not_come() {
    use std::os::unix::process::ExitStatusExt as _;
    for arguments in [&["replay", "-"][..], &["read", "replay:-"], &["read", "replay:/dev/stdin"]] {
        let mut waiting = command::mlsensor(arguments).stdin(std::process::Stdio::piped()).spawn().unwrap();
        let status = format!("/proc/{}/status", waiting.id());
        // It sleeps when it reads: it was started before, and does nothing else that sleeps.
        while !std::fs::read_to_string(&status).unwrap().contains("State:\tS") {
            std::thread::yield_now();
        }
        let kill = format!("kill -INT {}", waiting.id());
        assert!(std::process::Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        assert_eq!(waiting.wait().unwrap().signal(), Some(2), "{arguments:?}");
    }
}

#[test]
fn what_never_ends_is_no_recording_no_scene_and_no_trace() {
    for (arguments, code) in [
        (&["replay", "/dev/zero"][..], "MLSENSOR-RECORDING"),
        (&["read", "replay:/dev/zero"], "MLSENSOR-RECORDING"),
        (&["replay", "/dev/urandom"], "MLSENSOR-FILE"),
        (&["read", "sim:/dev/zero"], "MLSENSOR-FILE"),
        (&["import", "/dev/zero"], "MLSENSOR-FILE"),
    ] {
        let ran = run(arguments);
        assert_eq!((ran.code, &*ran.out), (Some(1), ""), "{arguments:?}");
        assert!(ran.err.ends_with(&format!("code: {code}\n")), "{arguments:?}: {}", ran.err);
        assert!(!ran.err.contains("has trouble"), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn json_says_what_the_text_says() {
    for source in ["sim:two_people", &format!("replay:{}", file("transcripts/loose_wire.recording"))] {
        let (text, json) = (good(&["read", source]), good(&["read", source, "--json"]));
        let events = events(&json);
        assert_eq!(text.lines().count(), events.len());
        for (line, event) in text.lines().zip(&events) {
            let expected = match event {
                Event::Source { source, about } => format!("{source}: {about}"),
                Event::Reading { at_s, state, age_ms, faces, fresh, frozen: false } => {
                    let before = if *fresh { "" } else { "  (read before)" };
                    format!("{at_s:9.3} s  {state:<6}  {age_ms:>4} ms old  {faces}{before}")
                }
                Event::Reading { .. } => panic!("{line}"),
                Event::NoReading {
                    at_s,
                    state,
                    age_ms: Some(age_ms),
                    trouble: Some(trouble),
                    errno: None,
                } => {
                    format!("{at_s:9.3} s  {state:<6}  {age_ms:>4} ms old  no reading: {trouble}")
                }
                Event::NoReading { .. } => panic!("{line}"),
                Event::End { why, readings, no_readings: 0, .. } => format!("{why}: {readings} readings"),
                Event::End { why, readings, no_readings, .. } => {
                    format!("{why}: {readings} readings, {no_readings} times none")
                }
            };
            assert_eq!(line, expected);
        }
    }
}

#[test]
fn a_sensor_without_power_is_stale_then_absent_and_live_when_it_is_back() {
    let folder = Folder::new();
    let events = events(&good(&["read", &with_loose_plug(&folder), "--json"]));
    let mut states: Vec<(&str, f64)> = Vec::new();
    for event in &events {
        let (state, at_s) = match event {
            Event::Reading { state, at_s, faces, age_ms, .. } => {
                assert_eq!(state, "live");
                assert!(!(4.0..7.0).contains(at_s) && *age_ms < 10);
                assert_eq!(faces.count(), 1, "at {at_s} s");
                (&**state, *at_s)
            }
            Event::NoReading { state, at_s, age_ms, .. } => {
                assert!(*at_s > 4.0 && age_ms.is_some());
                (&**state, *at_s)
            }
            _ => continue,
        };
        if states.last().is_none_or(|(last, _)| *last != state) {
            states.push((state, at_s));
        }
    }
    let names: Vec<&str> = states.iter().map(|(state, _)| *state).collect();
    assert_eq!(names, ["live", "stale", "absent", "live"], "{states:?}");
    assert!((4.3..4.7).contains(&states[1].1), "stale after three missed intervals: {states:?}");
    assert!((4.9..5.3).contains(&states[2].1), "absent after a second: {states:?}");
    assert!((9.0..12.0).contains(&states[3].1), "a sensor needs 2 to 3 s to start: {states:?}");
}

#[test]
fn a_sensor_that_is_not_there_at_the_begin_is_an_error_unless_it_is_waited_for() {
    let folder = Folder::new();
    let scene = folder.with("late.toml", "about = \"x\"\nduration_s = 8.0\n[[event]]\nat_s = 0.0\npower = \"off\"\n[[event]]\nat_s = 1.0\npower = \"on\"\n");
    let source = format!("sim:{scene}");
    let ran = run(&["read", &source, "--once"]);
    assert_eq!((ran.code, &*ran.out), (Some(1), ""));
    assert!(
        ran.err.contains("no Person Sensor on") && ran.err.ends_with("code: MLSENSOR-BUS\n"),
        "{}",
        ran.err
    );
    let waited = events(&good(&["read", &source, "--once", "--wait", "--json"]));
    assert!(matches!(&waited[..], [Event::Reading { at_s: 3.0..8.0, .. }]), "{waited:?}");
}

#[test]
fn reading_ends_as_the_options_say() {
    let readings = |arguments: &[&str]| {
        let events = events(&good(&[&["read", "sim:crowd", "--json"], arguments].concat()));
        let times = events.iter().filter_map(|event| match event {
            Event::Reading { at_s, .. } => Some(*at_s),
            _ => None,
        });
        (times.collect::<Vec<f64>>(), format!("{:?}", events.last().unwrap()))
    };
    let (times, end) = readings(&["--count", "3"]);
    assert_eq!(times.len(), 3);
    assert!(end.starts_with("End { why: \"count\", readings: 3, no_readings: 0, counters: "), "{end}");
    let (times, end) = readings(&["--for", "2"]);
    assert!(times.len() > 8 && times.iter().all(|at_s| *at_s < 2.0), "{times:?}");
    assert!(end.starts_with("End { why: \"end\""), "{end}");
    let (times, end) = readings(&["--once"]);
    assert!(times.len() == 1 && end.starts_with("Reading"), "one reading is all that is said: {end}");
    let (times, _) = readings(&["--every", "50", "--for", "3"]);
    // The first one is when the sensor has settled.
    let steps: Vec<i64> =
        times[1..].windows(2).map(|pair| ((pair[1] - pair[0]) * 1000.0).round() as i64).collect();
    assert!(steps.iter().all(|step| *step == 50), "{steps:?}");
}

#[test]
fn each_result_is_printed_once_unless_there_is_a_timer_and_then_what_was_read_before_is_said_to_be_so() {
    let by_cadence = good(&["read", "sim:crowd"]);
    assert!(!by_cadence.contains("(read before)"));
    assert!(
        (300..450).contains(&by_cadence.lines().count()),
        "a minute of about 7 a second: {}",
        by_cadence.lines().count()
    );
    let text = good(&["read", "sim:walk_up", "--every", "50", "--for", "3"]);
    assert!(text.lines().any(|line| line.ends_with("  (read before)")), "{text}");
    let events = events(&good(&["read", "sim:walk_up", "--every", "50", "--for", "3", "--json"]));
    let fresh = events.iter().filter(|event| matches!(event, Event::Reading { fresh: true, .. })).count();
    let all = events.iter().filter(|event| matches!(event, Event::Reading { .. })).count();
    assert!(fresh * 2 < all && fresh > 5, "{fresh} of {all}");
}

#[test]
fn another_seed_gives_other_readings_and_another_speed_does_not() {
    let seeded = |seed| good(&["read", "sim:walk_up", "--for", "6", "--seed", seed]);
    assert_eq!(seeded("1"), seeded("1"));
    assert_ne!(seeded("1"), seeded("2"));
    assert_eq!(
        good(&["read", "sim:walk_up", "--for", "6", "--speed", "1000"]),
        good(&["read", "sim:walk_up", "--for", "6"])
    );
}

#[test]
fn ctrl_c_ends_it_in_good_order() {
    for signal in ["INT", "TERM"] {
        // At this speed the scene takes hours.
        let mut running = Running::start(&["read", "sim:walk_up", "--speed", "0.001", "--json"]);
        running.until("\"event\":\"source\"");
        running.signal(signal);
        let ran = running.end();
        assert_eq!((ran.code, &*ran.err), (Some(130), ""));
        assert!(
            matches!(&events(&ran.out)[..], [.., Event::End { why, .. }] if why == "interrupted"),
            "{}",
            ran.out
        );
    }
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    for (program, line) in [("read", "live"), ("record", " 62 r 00 00 21 ")] {
        let mut running = Running::start(&[program, "sim:crowd", "--speed", "20"]);
        running.until(line);
        running.close();
        let ran = running.end();
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(!ran.err.contains("error"), "{}", ran.err);
    }
    let ran = std::process::Command::new("sh")
        .args([
            "-c",
            "\"$0\" --help | head -1; \"$0\" read sim:crowd | head -2 | wc -l",
            env!("CARGO_BIN_EXE_mlsensor"),
        ])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(ran.stderr).unwrap(), "");
    assert!(String::from_utf8(ran.stdout).unwrap().trim_end().ends_with('2'));
}

#[test]
fn an_output_that_takes_nothing_is_an_error() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command::mlsensor(&["read", "sim:crowd"]).stdout(full).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        err.starts_with("error: cannot write to standard output") && err.ends_with("code: MLSENSOR-OUTPUT\n"),
        "{err}"
    );
}

#[test]
fn nothing_is_printed_but_text() {
    for arguments in [&["read", "sim:crowd"][..], &["--help"], &["probe", "sim:crowd"]] {
        let text = run(arguments).out;
        assert!(
            !text.is_empty() && text.chars().all(|sign| sign == '\n' || !sign.is_control()),
            "{arguments:?}"
        );
    }
}
