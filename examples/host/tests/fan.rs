//! The fan as its users meet it: transcripts, and Ctrl-C.

#[cfg(unix)]
mod running;
mod transcript;

#[cfg(unix)]
use running::Running;
use transcript::{assert_same_in_json, event_of, expect, program};

fn stdout(args: &[&str]) -> String {
    transcript::stdout("fan", args)
}

#[test]
fn each_scenario_gives_its_transcript() {
    for scenario in
        ["walk_up", "two_people", "turn_away", "label_and_return", "flicker", "crowd", "empty_room", "desk"]
    {
        expect(&format!("fan_{scenario}.txt"), &stdout(&[&format!("sim:{scenario}")]));
    }
}

#[test]
fn walking_up_turns_it_on_and_leaving_turns_it_off() {
    let transcript = stdout(&[]);
    let events: Vec<&str> = transcript.lines().map(event_of).collect();
    assert_eq!(events, ["start", "seen", "facing", "fan on", "left", "fan off", "end"]);
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
    assert!(!stdout(&["sim:empty_room"]).contains("fan on"));
}

#[test]
fn json_says_the_same_as_the_text() {
    let text = stdout(&["sim:turn_away"]);
    let json = stdout(&["sim:turn_away", "--json"]);
    expect("fan_turn_away.json", &json);
    assert_same_in_json(&text, &json);
}

#[test]
fn another_seed_is_another_run_and_the_same_seed_the_same() {
    let run = |seed| stdout(&["sim:flicker", "--seed", seed]);
    assert_eq!(run("9"), run("9"));
    assert_ne!(run("9"), run("10"));
}

/// Two seconds of somebody in front, then a loose wire: off for safety; a lost packet or two does not matter.
#[test]
fn a_recording_is_replayed_with_its_errors() {
    let transcript = stdout(&["replay:loose_wire.recording"]);
    expect("fan_loose_wire.txt", &transcript);
    assert!(transcript.contains("fan off   no reading for 1 s"), "{transcript}");
}

/// Somebody in front for three seconds; then the very same packet for fourteen, as of a sensor that hangs.
#[test]
fn a_sensor_that_hangs_keeps_no_fan_running() {
    let transcript = stdout(&["replay:frozen.recording"]);
    expect("fan_frozen.txt", &transcript);
    let fan: Vec<&str> = transcript.lines().map(event_of).filter(|event| event.starts_with("fan")).collect();
    assert_eq!(fan, ["fan on", "fan off", "fan on", "fan off"]);
    assert!(transcript.contains("fan off   the same faces for 10 s"), "{transcript}");
}

#[test]
fn a_scenario_file_is_as_good_as_a_shipped_one() {
    let file = "sim:../../../../sensor-sim/scenarios/walk_up.toml";
    let (named, from_file) = (stdout(&[]), stdout(&[file]));
    assert_eq!(named.lines().skip(1).collect::<Vec<_>>(), from_file.lines().skip(1).collect::<Vec<_>>());
}

/// Real time, but nothing here depends on how fast: the signal is sent when the fan is said to be on, and the next event
/// of the scene is five seconds away.
#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_readings_and_turns_the_fan_off() {
    let mut fan = Running::start(&mut program("fan", &["sim:turn_away", "--realtime"]));
    fan.until("fan on");
    let (rest, code) = fan.interrupt();
    let [off, end] = rest.lines().collect::<Vec<_>>()[..] else { panic!("more than off and end: {rest}") };
    assert!(off.ends_with(" s  fan off   interrupted"), "{off}");
    assert_eq!(event_of(end), "end");
    let seconds: f64 = end.split_once(" s  ").unwrap().0.trim().parse().unwrap();
    assert!((0.8..30.0).contains(&seconds), "the scene went on: {end}");
    assert_eq!(code, Some(130));
}
