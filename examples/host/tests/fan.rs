//! The fan as its users meet it: transcripts, and Ctrl-C.

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
fn it_says_its_own_name_and_version() {
    assert_eq!(stdout(&["-V"]), concat!("fan ", env!("CARGO_PKG_VERSION"), "\n"));
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

/// Real time, but nothing here depends on how fast: the signal is sent when the fan is said to be on, and the next event
/// of the scene is five seconds away.
#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_readings_and_turns_the_fan_off() {
    let mut fan = Running::start(&mut fan(&["--scenario", "turn_away", "--realtime"]));
    fan.until("fan on");
    let (rest, code) = fan.interrupt();
    let [off, end] = rest.lines().collect::<Vec<_>>()[..] else { panic!("more than off and end: {rest}") };
    assert!(off.ends_with(" s  fan off   interrupted"), "{off}");
    assert_eq!(event_of(end), "end");
    let seconds: f64 = end.split_once(" s  ").unwrap().0.trim().parse().unwrap();
    assert!((0.8..30.0).contains(&seconds), "the scene went on: {end}");
    assert_eq!(code, Some(130));
}
