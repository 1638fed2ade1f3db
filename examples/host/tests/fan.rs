//! The fan as its users meet it: transcripts, errors, exit codes, Ctrl-C.

mod running;

use std::path::Path;
use std::process::{Command, Output};

use running::Running;

fn fan(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fan"));
    command.args(args).current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected"));
    command
}

fn run(args: &[&str]) -> Output {
    fan(args).output().unwrap()
}

fn stdout(args: &[&str]) -> String {
    let output = run(args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Compares with a file beside this one; `EXPECT=write` writes it anew.
fn expect(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected").join(name);
    if std::env::var_os("EXPECT").is_some_and(|expect| expect == "write") {
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{name} differs; if it should: EXPECT=write cargo test -p mlsensor-examples");
}

/// The event of a line of a transcript for people.
fn event_of(line: &str) -> &str {
    let (_, event) = line.split_once(" s  ").unwrap();
    event.split("  ").next().unwrap()
}

#[test]
fn each_scenario_gives_its_transcript() {
    for scenario in
        ["walk_up", "two_people", "turn_away", "label_and_return", "flicker", "crowd", "empty_room"]
    {
        expect(&format!("fan_{scenario}.txt"), &stdout(&["--scenario", scenario]));
    }
}

#[test]
fn walking_up_turns_it_on_and_leaving_turns_it_off() {
    let transcript = stdout(&[]);
    let events: Vec<&str> = transcript.lines().map(event_of).collect();
    assert_eq!(events, ["start", "seen", "facing", "fan on", "seen", "left", "fan off", "end"]);
}

#[test]
fn it_works_as_often_as_one_may_read() {
    for every in ["10", "137", "301", "500"] {
        let transcript = stdout(&["--every", every]);
        assert!(transcript.contains("fan on") && transcript.contains("fan off"), "{every} ms: {transcript}");
    }
}

#[test]
fn an_empty_room_with_false_faces_never_turns_it_on() {
    assert!(!stdout(&["--scenario", "empty_room"]).contains("fan on"));
}

#[test]
fn json_says_the_same_as_the_text() {
    let text = stdout(&["--scenario", "turn_away"]);
    let json = stdout(&["--scenario", "turn_away", "--json"]);
    expect("fan_turn_away.json", &json);
    assert_eq!(text.lines().count(), json.lines().count());
    for (text, json) in text.lines().zip(json.lines()) {
        let event: serde_json::Value = serde_json::from_str(json).unwrap();
        let at = format!("{:8.3} s", event["at_s"].as_f64().unwrap());
        assert!(text.starts_with(&at), "{text} {at}");
        assert_eq!(event_of(text), event["event"].as_str().unwrap().replace('_', " "));
    }
}

#[test]
fn another_seed_is_another_run_and_the_same_seed_the_same() {
    let run = |seed| stdout(&["--scenario", "flicker", "--seed", seed]);
    assert_eq!(run("9"), run("9"));
    assert_ne!(run("9"), run("10"));
}

/// Two seconds of somebody in front, then a loose wire: off for safety; a lost packet or two does not matter.
#[test]
fn a_recording_is_replayed_with_its_errors() {
    let transcript = stdout(&["--replay", "loose_wire.recording"]);
    expect("fan_loose_wire.txt", &transcript);
    assert!(transcript.contains("fan off   no reading for 1 s"), "{transcript}");
}

#[test]
fn a_scenario_file_is_as_good_as_a_shipped_one() {
    let file = "../../../../sensor-sim/scenarios/walk_up.toml";
    let (named, from_file) = (stdout(&[]), stdout(&["--scenario", file]));
    assert_eq!(named.lines().skip(1).collect::<Vec<_>>(), from_file.lines().skip(1).collect::<Vec<_>>());
}

#[test]
fn each_error_has_four_parts_and_is_documented() {
    let documented = include_str!("../../../docs/errors.md");
    for (args, what, code) in [
        (
            &["--bus", "/dev/i2c-no"][..],
            "cannot open /dev/i2c-no: No such file or directory (os error 2)",
            "MLSENSOR-BUS-2",
        ),
        (
            &["--bus", "99"],
            "cannot open /dev/i2c-99: No such file or directory (os error 2)",
            "MLSENSOR-BUS-2",
        ),
        (
            &["--bus", "/dev/null"],
            "cannot open /dev/null: Inappropriate ioctl for device (os error 25)",
            "MLSENSOR-BUS-25",
        ),
        (&["--gpio", "NO-SUCH-LINE"], "there is no GPIO line named NO-SUCH-LINE", "MLSENSOR-GPIO"),
        (
            &["--scenario", "no_such"],
            "cannot read scenario no_such: No such file or directory (os error 2)",
            "MLSENSOR-FILE",
        ),
        (&["--replay", "."], "cannot read recording .: Is a directory (os error 21)", "MLSENSOR-FILE"),
        (
            &["--replay", "/dev/null"],
            "recording /dev/null holds no read of a Person Sensor",
            "MLSENSOR-RECORDING",
        ),
        (
            &["--scenario", "fan_walk_up.txt"],
            "cannot read scenario fan_walk_up.txt: line 1: ",
            "MLSENSOR-SCENARIO",
        ),
        (
            &["--replay", "fan_walk_up.txt"],
            "cannot read recording fan_walk_up.txt: line 1: ",
            "MLSENSOR-RECORDING",
        ),
    ] {
        let output = run(args);
        let error = String::from_utf8(output.stderr).unwrap();
        let lines: Vec<&str> = error.lines().collect();
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(lines[0].starts_with(&format!("error: {what}")), "{error}");
        assert!(lines[1].starts_with("likely: ") && lines[2].starts_with("run: "), "{error}");
        assert_eq!(lines[3..], [format!("code: {code}")], "{error}");
        assert!(documented.contains(&format!("`{code}`")), "{code} is not in docs/errors.md");
        assert!(output.stdout.is_empty(), "nothing is announced that does not happen: {args:?}");
    }
}

#[test]
fn wrong_options_say_what_is_right() {
    for args in [
        &["--seed", "x"][..],
        &["--bus", "1", "--scenario", "crowd"],
        &["--every", "0"],
        &["--every", "501"],
        &["--bus", ""],
        &["--fast"],
    ] {
        assert_eq!(run(args).status.code(), Some(2), "{args:?}");
    }
}

/// Real time, but nothing here depends on how fast: the signal is sent when the fan is said to be on.
#[cfg(unix)]
#[test]
fn ctrl_c_turns_the_fan_off() {
    let mut fan = Running::start(&mut fan(&["--scenario", "two_people", "--realtime"]));
    fan.until("fan on");
    let (rest, code) = fan.interrupt();
    assert!(rest.contains("fan off   interrupted"), "{rest}");
    assert_eq!(code, Some(130));
}
