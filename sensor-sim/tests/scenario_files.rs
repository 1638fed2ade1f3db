//! Which files are scenarios, and what is said about those that are not?
#![cfg(feature = "std")]

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use mlsensor::{Faces, Mode};
use mlsensor_sim::Scenario;

/// A file of seven lines, of which the last says what is given here.
fn with_line(line: &str) -> String {
    format!(
        "about = \"A test.\"\nduration_s = 10.0\n\n[[person]]\npath = [{{ at_s = 0.0, distance_m = 1.0 }}]\n\n{line}\n"
    )
}

#[test]
fn every_file_in_the_folder_is_shipped_under_its_name_and_is_a_scenario() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let shipped: BTreeSet<String> = Scenario::SHIPPED.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(files, shipped);
    for (name, text) in Scenario::SHIPPED {
        let scenario = Scenario::parse(text).unwrap_or_else(|error| panic!("{name}.toml, {error}"));
        assert_eq!(Scenario::named(name), Some(scenario.clone()));
        assert!(scenario.about.ends_with('.') && scenario.duration >= Duration::from_secs(10), "{name}");
    }
    assert_eq!(Scenario::named("no_such"), None);
    assert_eq!(Scenario::named(""), None);
}

#[test]
fn the_shortest_scenario_is_a_sentence_and_a_duration() {
    let scenario = Scenario::parse("about = \"Nothing.\"\nduration_s = 1").unwrap();
    assert_eq!((scenario.duration, scenario.seed), (Duration::from_secs(1), 0));
    let mut sensor = scenario.sensor();
    sensor.advance(Duration::from_secs(1));
    assert_eq!(Faces::parse(sensor.result()).map(|faces| faces.count()), Ok(0));
}

/// Every part of a file, away from its default, seen in what the sensor does.
#[test]
fn everything_that_a_file_says_takes_effect() {
    let text = r#"
        about = "All of it."
        duration_s = 12.5
        seed = 99
        sensor_height_m = 1.0
        [settings]
        id_enabled = true
        persist_ids = false
        led = false
        [detection]
        miss_permille = [0, 0, 0, 0, 0, 0, 0]
        split_permille = 0
        facing_flip_permille = 0
        false_burst_per_million = 0
        jitter_units = 0
        identity_wrong_permille = 0
        identity_missed_permille = 0
        identity_confidence = [42, 42]
        [[person]]
        who = 5
        eye_height_m = 1.0
        path = [
            { at_s = 0, right_m = -1.0, ahead_m = 1.0, heading_deg = 0.0 },
            { at_s = 4.0 },
            { at_s = 4.0, distance_m = 2.0, bearing_deg = 30.0 },
            { at_s = 12.5, distance_m = 2.0 },
        ]
        [[event]]
        at_s = 1.0
        write = [0x04, 6]
        [[event]]
        at_s = 6.0
        write = [0x01, 0]
        [[event]]
        at_s = 8.0
        power = "off"
        [[event]]
        at_s = 8.5
        power = "on"
    "#;
    let scenario = Scenario::parse(text).unwrap();
    assert_eq!((scenario.duration, scenario.seed), (Duration::from_millis(12_500), 99));
    let mut sensor = scenario.sensor();
    let mut at = |ms: u64| {
        sensor.advance(Duration::from_millis(ms) - sensor.now());
        (*sensor.result(), sensor.config())
    };
    let middle = |packet: [u8; 39]| {
        [(packet[6] as i32 + packet[8] as i32) / 2, (packet[7] as i32 + packet[9] as i32) / 2]
    };
    let (packet, config) = at(900);
    assert_eq!((config.mode, config.id_enabled), (Mode::Continuous, true));
    assert!(!config.persist_ids && !config.led);
    assert_eq!(packet[4], 1);
    // 45 degrees to the left, eyes at the height of the lens: 127.5 - 45 x 127.5 / 55 = 23.
    let [x, y] = middle(packet);
    assert!((x - 23).abs() <= 1 && (y - 127).abs() <= 1, "{x}, {y}");
    assert_eq!(at(3000).0[10..12], [42, 6], "labelled 6, id confidence 42");
    // 30 degrees to the right: 127.5 + 30 x 127.5 / 55 = 197.
    let [x, _] = middle(at(5000).0);
    assert!((x - 197).abs() <= 1, "{x}");
    assert_eq!(at(7000).1.mode, Mode::Standby);
    assert_eq!(at(12_000).1.mode, Mode::Continuous, "power-on settings");
    assert_eq!(at(12_400).0[4], 1);
}

#[test]
fn a_file_that_is_wrong_is_refused_with_its_line_and_the_reason() {
    let path = |points: &str| with_line(&format!("[[person]]\npath = [\n{points}\n]"));
    let event = |says: &str| with_line(&format!("[[event]]\n{says}"));
    let detection = |says: &str| with_line(&format!("[detection]\nturned_from_deg = 30\n{says}"));
    let at = "at_s is no time from 0 to a week, in seconds";
    let time = "duration_s is no time from 0 to a week, in seconds";
    let burst = "false_burst_inferences is no range from 1 on";
    let confidence = "identity_confidence is no range within 1 to 100";
    let cases: Vec<(String, usize, &str)> = vec![
        // Not TOML, or not these fields.
        (with_line("seed = = 1"), 7, "extra `=`, expected nothing"),
        (with_line("[detection"), 7, "unclosed table, expected `]`"),
        (with_line("[weather]"), 7, "unknown field `weather`"),
        (with_line("[settings]\nbrightness = 3"), 8, "unknown field `brightness`"),
        (with_line("[detection]\nmiss = 3"), 8, "unknown field `miss`"),
        (path("{ at_s = 0, distance = 1.0 }"), 9, "unknown field `distance`"),
        (event("at_s = 1\nread = 39"), 9, "unknown field `read`"),
        (with_line("[settings]\nled = 1"), 8, "invalid type: integer `1`, expected a boolean"),
        (with_line("[settings]\nmode = \"idle\""), 8, "unknown variant `idle`"),
        ("about = 3\nduration_s = 1".into(), 1, "invalid type: integer `3`, expected a string"),
        ("about = \"x\"\nduration_s = \"long\"".into(), 2, "invalid type: string \"long\", expected f64"),
        ("duration_s = 1".into(), 1, "missing field `about`"),
        ("about = \"x\"".into(), 1, "missing field `duration_s`"),
        ("about = \"x\"\nduration_s = 1\nseed = -1".into(), 3, "invalid value: integer `-1`, expected u64"),
        // A sentence.
        ("about = \"x\\ny\"\nduration_s = 1".into(), 1, "about is more than one line"),
        ("duration_s = 1\nabout = \"\"\"\nx\ny\"\"\"".into(), 2, "about is more than one line"),
        ("about = \"x\\ty\"\nduration_s = 1".into(), 1, "about has a control character, \\t"),
        ("about = \"\\u001b[2J\"\nduration_s = 1".into(), 1, "about has a control character, \\u{1b}"),
        // Times.
        ("about = \"x\"\nduration_s = -0.1".into(), 2, time),
        ("about = \"x\"\nduration_s = nan".into(), 2, time),
        ("about = \"x\"\nduration_s = inf".into(), 2, time),
        ("about = \"x\"\n\nduration_s = 604800.1".into(), 3, time),
        (event("write = [1, 0]\nat_s = -1"), 9, at),
        (path("{ at_s = nan, distance_m = 1.0 }"), 9, at),
        (
            path("{ at_s = 2, distance_m = 1.0 },\n{ at_s = 1.9 }"),
            10,
            "at_s is earlier than that of the point before",
        ),
        // Places.
        (path("{ at_s = 0 }"), 9, "the first point of a path needs a place"),
        (path("{ at_s = 0, heading_deg = 0.0 }"), 9, "the first point of a path needs a place"),
        (
            path("{ at_s = 0, distance_m = 1.0, right_m = 1.0 }"),
            9,
            "distance_m and bearing_deg do not go with right_m and ahead_m",
        ),
        (path("{ at_s = 0, bearing_deg = 1.0 }"), 9, "distance_m is missing"),
        (path("{ at_s = 0, ahead_m = 1.0 }"), 9, "right_m is missing"),
        (path("{ at_s = 0, right_m = 1.0 }"), 9, "ahead_m is missing"),
        (path("{ at_s = 0, distance_m = 1.0 },\n{ at_s = 1, ahead_m = 1.0 }"), 10, "right_m is missing"),
        (path("{ at_s = 0, distance_m = -1.0 }"), 9, "distance_m is no length from 0 to 100"),
        (path("{ at_s = 0, distance_m = nan }"), 9, "distance_m is no length from 0 to 100"),
        (
            path("{ at_s = 0, distance_m = 1.0, bearing_deg = 181 }"),
            9,
            "bearing_deg is no angle from -180 to 180",
        ),
        (path("{ at_s = 0, right_m = 0, ahead_m = 100.1 }"), 9, "ahead_m is no length from -100 to 100"),
        (
            path("{ at_s = 0, distance_m = 1.0, heading_deg = inf }"),
            9,
            "heading_deg is no angle from -3600 to 3600",
        ),
        // Points that are tables of their own: the line is that of the field.
        (
            with_line("[[person]]\n[[person.path]]\nat_s = 0\ndistance_m = 1\nbearing_deg = 181"),
            11,
            "bearing_deg is no angle from -180 to 180",
        ),
        (
            with_line(
                "[[person]]\n[[person.path]]\nat_s = 0\nright_m = 0\nahead_m = 0\n[[person.path]]\nheading_deg = 3601\nat_s = 1",
            ),
            13,
            "heading_deg is no angle from -3600 to 3600",
        ),
        (
            with_line(
                "[[person]]\n[[person.path]]\nat_s = 0\nright_m = 0\nahead_m = 0\n[[person.path]]\nat_s = 1\ndistance_m = 1\nright_m = 1",
            ),
            12,
            "distance_m and bearing_deg do not go with right_m and ahead_m",
        ),
        (with_line("[[person]]\npath = []"), 8, "a path needs at least one point"),
        (with_line("[[person]]\nwho = 1"), 7, "missing field `path`"),
        (
            with_line("[[person]]\npath = [{ at_s = 0, distance_m = 1 }]\neye_height_m = 101"),
            9,
            "eye_height_m is no height from 0 to 100",
        ),
        (
            "about = \"x\"\nduration_s = 1\nsensor_height_m = -1".into(),
            3,
            "sensor_height_m is no height from 0 to 100",
        ),
        // Events.
        (event("at_s = 1.0"), 8, "an event needs either write or power"),
        (event("at_s = 1.0\nwrite = [1, 0]\npower = \"off\""), 8, "an event needs either write or power"),
        (event("at_s = 1.0\nwrite = [8, 0]"), 9, "there is no register 0x08 (value 0x00)"),
        (event("at_s = 1.0\nwrite = [2, 2]"), 9, "register 0x02 has no value 0x02"),
        (event("at_s = 1.0\nwrite = [4, 8]"), 9, "register 0x04 has no value 0x08"),
        (event("at_s = 1.0\npower = \"maybe\""), 9, "unknown variant `maybe`"),
        (event("at_s = 1.0\nwrite = [1, 256]"), 9, "invalid value: integer `256`, expected u8"),
        // Rates and ranges.
        (detection("facing_flip_permille = 1001"), 9, "facing_flip_permille is above 1000"),
        (detection("split_permille = 1001"), 9, "split_permille is above 1000"),
        (detection("\nidentity_wrong_permille = 1001"), 10, "identity_wrong_permille is above 1000"),
        (detection("identity_missed_permille = 1001"), 9, "identity_missed_permille is above 1000"),
        (detection("miss_permille = [0, 0, 0, 0,\n0, 0, 1001]"), 9, "miss_permille is above 1000"),
        (detection("false_burst_per_million = 1000001"), 9, "false_burst_per_million is above 1000000"),
        (detection("turned_gone_deg = 181"), 9, "turned_gone_deg is above 180"),
        (with_line("[detection]\nturned_from_deg = 181"), 8, "turned_from_deg is above 180"),
        (detection("facing_within_deg = 181"), 9, "facing_within_deg is above 180"),
        (detection("false_burst_inferences = [3, 2]"), 9, burst),
        (detection("false_burst_inferences = [0, 2]"), 9, burst),
        (detection("identity_confidence = [0, 99]"), 9, confidence),
        (detection("identity_confidence = [60, 101]"), 9, confidence),
        (detection("identity_confidence = [60, 59]"), 9, confidence),
        (detection("jitter_units = 128"), 9, "jitter_units is above 127"),
        (
            "about = \"x\"\nduration_s = 1\n\ndetection.jitter_units = 128".into(),
            4,
            "jitter_units is above 127",
        ),
        (
            "about = \"x\"\r\nduration_s = 1\r\n\r\n[detection]\r\njitter_units = 128".into(),
            5,
            "jitter_units is above 127",
        ),
        (
            "\u{FEFF}about = \"x\"\nduration_s = 1\ndetection = { jitter_units = 128 }".into(),
            3,
            "jitter_units",
        ),
    ];
    let mut wrong = String::new();
    for (text, line, what) in cases {
        match Scenario::parse(&text) {
            Ok(_) => wrong += &format!("taken for a scenario, not \"{what}\":\n{text}\n"),
            Err(error) if error.line == line && error.what.starts_with(what) => {
                assert_eq!(error.to_string(), format!("line {line}: {}", error.what));
            }
            Err(error) => wrong += &format!("{error}\n  not line {line}: {what}\n"),
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_limits_themselves_are_allowed() {
    for line in [
        "[detection]\nfacing_flip_permille = 1000\nfalse_burst_per_million = 1000000\njitter_units = 127",
        "[detection]\nidentity_confidence = [1, 100]\nfalse_burst_inferences = [1, 1]\nturned_gone_deg = 180",
        "[[person]]\npath = [{ at_s = 604800, distance_m = 100, bearing_deg = -180, heading_deg = 3600 }]",
        "[[person]]\npath = [{ at_s = 0, right_m = -100, ahead_m = 100, heading_deg = -3600 }, { at_s = 0 }]",
        "[[event]]\nat_s = 0\nwrite = [6, 255]",
    ] {
        let scenario = Scenario::parse(&with_line(line)).unwrap_or_else(|error| panic!("{line}: {error}"));
        scenario.sensor().advance(Duration::from_secs(20));
    }
}
