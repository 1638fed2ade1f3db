//! Is what is wrong told in four parts, with an exit code and a code that docs/errors.md knows?

mod command;

use std::collections::BTreeSet;
use std::fs;

use command::{Folder, run};
use serde_json::Value;

const DOCUMENTED: &str = include_str!("../../docs/errors.md");

/// Checks the four parts, and gives the first and the last of them.
fn four_parts(error: &str) -> (String, String) {
    let lines: Vec<&str> = error.lines().collect();
    let [what, likely, run, code] = lines[..] else { panic!("not four lines: {error}") };
    let part = |line: &str, name: &str| {
        let part = line.strip_prefix(name).unwrap_or_else(|| panic!("{name} in {error}")).to_owned();
        assert!(!part.trim().is_empty(), "{error}");
        part
    };
    part(likely, "likely: ");
    part(run, "run: ");
    let code = part(code, "code: ");
    assert!(DOCUMENTED.contains(&format!("`{code}`")), "{code} is not in docs/errors.md");
    (part(what, "error: "), code)
}

#[test]
fn wrong_options_are_told_and_the_exit_code_is_2() {
    for (arguments, what, code) in [
        (&["raed"][..], "unrecognized subcommand 'raed'", "OPTION"),
        (&["read", "--evry", "1"], "unexpected argument '--evry'", "OPTION"),
        (&["read", "sim:walk_up", "--every", "5"], "invalid value '5' for '--every <MS>'", "OPTION"),
        (&["read", "sim:walk_up", "--count", "0"], "invalid value '0' for '--count <N>'", "OPTION"),
        (&["read", "sim:walk_up", "--speed", "0"], "invalid value '0' for '--speed <FACTOR>'", "OPTION"),
        (&["read", "sim:walk_up", "--for", "x"], "invalid value 'x' for '--for <SECONDS>'", "OPTION"),
        (
            &["read", "sim:walk_up", "--once", "--count", "2"],
            "the argument '--once' cannot be used with",
            "OPTION",
        ),
        (
            &["read", "sim:walk_up", "--realtime", "--speed", "2"],
            "the argument '--realtime' cannot",
            "OPTION",
        ),
        (
            &["read", "sim:walk_up", "--as-is", "--led", "on"],
            "the argument '--as-is' cannot be used with",
            "OPTION",
        ),
        (&["read", "sim:walk_up", "--led", "blue"], "invalid value 'blue' for '--led <on|off>'", "OPTION"),
        (&["read", "walkup"], "there is no source called walkup", "SOURCE"),
        (&["read", "replay:a", "--led", "on"], "replay:a is read as it was recorded", "OPTION"),
        (&["probe", "door"], "there is no source called door", "SOURCE"),
        (&["record", "replay:a"], "replay:a is a recording already", "OPTION"),
        (&["replay"], "the following required arguments were not provided: <FILE>", "OPTION"),
        (&["import"], "the following required arguments were not provided: <FILE>", "OPTION"),
        (&["import", "a", "--sample-rate", "0"], "invalid value '0' for '--sample-rate <HZ>'", "OPTION"),
        (&["config", "sim:walk_up"], "the following required arguments were not provided", "OPTION"),
        (
            &["config", "--led", "on"],
            "the following required arguments were not provided: <SOURCE>",
            "OPTION",
        ),
        (&["config", "replay:a", "--led", "on"], "replay:a cannot be set: it is a recording", "OPTION"),
        (&["config", "sim:walk_up", "--mode", "asleep"], "invalid value 'asleep' for '--mode", "OPTION"),
    ] {
        let ran = run(arguments);
        assert_eq!((ran.code, &*ran.out), (Some(2), ""), "{arguments:?}: {}", ran.err);
        let (told, known) = four_parts(&ran.err);
        assert!(told.starts_with(what), "{arguments:?}: {told}");
        assert_eq!(known, format!("MLSENSOR-{code}"), "{arguments:?}");
    }
}

#[test]
fn the_command_to_run_is_the_help_of_the_subcommand() {
    assert!(run(&["record", "--fro", "1"]).err.contains("\nrun: mlsensor record --help\n"));
    assert!(run(&["--verbos"]).err.contains("\nrun: mlsensor --help\n"));
    assert!(run(&["probe", "walk_up"]).err.contains("\nrun: mlsensor probe sim:walk_up\n"));
}

#[test]
fn what_cannot_be_opened_is_told_and_the_exit_code_is_1() {
    let folder = Folder::new();
    let text = folder.with("no.recording", "hello\n");
    let other = folder.with("other.recording", "0.1 29 r 00\n");
    let trace = folder.with("trace.txt", "1-1 i2c-1: Start\n");
    let empty = folder.with("empty.csv", "name,type,start_time,duration,ack,address,read,data\n");
    let nowhere = folder.file("no/such/file");
    for (arguments, code) in [
        (&["read", "/dev/i2c-4000000000"][..], "MLSENSOR-BUS-2"),
        (&["probe", "/dev/i2c-4000000000"], "MLSENSOR-BUS-2"),
        (&["config", "/dev/i2c-4000000000", "--led", "on"], "MLSENSOR-BUS-2"),
        (&["record", "/dev/null"], "MLSENSOR-BUS-25"),
        (&["read", "sim:nobody_there"], "MLSENSOR-FILE"),
        (&["replay", &nowhere], "MLSENSOR-FILE"),
        (&["replay", &text], "MLSENSOR-RECORDING"),
        (&["replay", &other], "MLSENSOR-RECORDING"),
        (&["read", &format!("sim:{text}")], "MLSENSOR-SCENARIO"),
        (&["record", "sim:walk_up", "-o", &nowhere], "MLSENSOR-FILE"),
        (&["import", &nowhere], "MLSENSOR-FILE"),
        (&["import", &trace], "MLSENSOR-IMPORT"),
        (&["import", &empty], "MLSENSOR-IMPORT"),
    ] {
        let ran = run(arguments);
        assert_eq!(ran.code, Some(1), "{arguments:?}: {}", ran.err);
        assert_eq!(four_parts(&ran.err).1, code, "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn a_recording_without_one_good_reading_has_none_to_print_once() {
    let folder = Folder::new();
    let source = format!("replay:{}", folder.with("a", "0.1 62 r ! nack\n0.2 62 r ! bus\n"));
    let ran = run(&["read", &source, "--once"]);
    assert_eq!((ran.code, &*ran.out), (Some(1), ""));
    assert_eq!(
        four_parts(&ran.err),
        ("no reading came: 2 times none".to_owned(), "MLSENSOR-NO-READING".to_owned())
    );
}

/// Where there is a bus, what is on it is not for a test to know.
#[test]
fn without_a_source_and_without_a_bus_the_simulated_sensor_is_named() {
    let has_bus = fs::read_dir("/dev")
        .unwrap()
        .any(|entry| entry.unwrap().file_name().to_string_lossy().starts_with("i2c-"));
    for program in ["read", "record", "probe"] {
        if !has_bus {
            let ran = run(&[program]);
            assert_eq!(ran.code, Some(1));
            assert_eq!(four_parts(&ran.err).1, "MLSENSOR-NO-BUS");
            assert!(ran.err.contains(&format!("\nrun: mlsensor {program} sim:walk_up\n")), "{}", ran.err);
        }
    }
}

#[test]
fn help_goes_to_standard_output_and_has_examples() {
    for program in ["read", "probe", "record", "replay", "import", "config"] {
        let ran = run(&[program, "--help"]);
        assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{program}");
        let examples = ran.out.contains("Examples:") || program == "replay";
        assert!(examples && ran.out.contains("--json"), "{program}: {}", ran.out);
    }
    #[cfg(target_os = "linux")]
    for (program, has_json) in [("run", false), ("bridge", false), ("attach", true), ("usbredir", true)] {
        let ran = run(&["sim", program, "--help"]);
        assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{program}");
        assert!(ran.out.contains("\nExample"), "{program}: {}", ran.out);
        assert_eq!(ran.out.contains("--json"), has_json, "{program}: {}", ran.out);
    }
    let ran = run(&[]);
    assert!(ran.code == Some(2) && ran.err.contains("Exit codes:"), "{}", ran.err);
}

/// Every field of every JSON object that the command prints is described.
#[test]
fn every_field_is_in_the_page_about_the_command() {
    let folder = Folder::new();
    let page = include_str!("../../docs/command.md");
    let mut fields = BTreeSet::new();
    let (recording, trace) =
        (command::file("transcripts/loose_wire.recording"), command::file("traces/saleae_table.csv"));
    for arguments in [
        &["read", "sim:label_and_return"][..],
        &["replay", &recording],
        &["probe", "sim:walk_up"],
        &["config", "sim:walk_up", "--led", "off"],
        &["record", "sim:walk_up", "-o", &folder.file("a")],
        &["import", &trace, "-o", &folder.file("b")],
    ] {
        for line in command::good(&[arguments, &["--json"]].concat()).lines() {
            let event = serde_json::from_str(line).unwrap();
            names(&event, &mut fields);
            let event = event["event"].as_str().unwrap();
            assert!(page.contains(&format!("\n| `{event}` | ")), "{event}");
        }
    }
    assert!(fields.len() > 25, "{fields:?}");
    let missing: Vec<&String> = fields.iter().filter(|field| !page.contains(&format!("`{field}`"))).collect();
    assert!(missing.is_empty(), "not in docs/command.md: {missing:?}");
}

fn names(value: &Value, fields: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => object.iter().for_each(|(name, value)| {
            fields.insert(name.clone());
            names(value, fields);
        }),
        Value::Array(values) => values.iter().for_each(|value| names(value, fields)),
        _ => {}
    }
}
