//! The head that follows, as its users meet it.

mod transcript;

use transcript::{assert_same_in_json, events, expect};

fn stdout(args: &[&str]) -> String {
    transcript::stdout("follow", args)
}

#[test]
fn it_follows_who_walks_up_and_holds_when_they_have_left() {
    let transcript = stdout(&[]);
    expect("follow_walk_up.txt", &transcript);
    let events = events(&transcript);
    assert!(events.contains(&"follow") && events.contains(&"hold"), "{events:?}");
    assert!(!events.contains(&"fan on"), "{events:?}");
    assert_same_in_json(&transcript, &stdout(&["--json"]));
}

/// The person stands at a bearing of about 11 degrees to the left, and the head has turned there: so the face is in the middle.
#[test]
fn the_simulated_sensor_turns_with_the_head() {
    let transcript = stdout(&[]);
    let facing = transcript.lines().find(|line| line.contains("  facing  ")).unwrap();
    let left: u32 = facing.split('(').nth(1).unwrap().split(',').next().unwrap().parse().unwrap();
    assert!((100..=136).contains(&left), "{facing}");
}

#[test]
fn with_a_fan_it_blows_while_somebody_faces_it() {
    let transcript = stdout(&["--fan"]);
    expect("follow_fan.txt", &transcript);
    let events = events(&transcript);
    let fan: Vec<&&str> = events.iter().filter(|event| event.starts_with("fan ")).collect();
    assert_eq!(fan, [&"fan on", &"fan off"]);
}

#[test]
fn of_a_crowd_it_keeps_to_one() {
    let transcript = stdout(&["sim:crowd"]);
    expect("follow_crowd.txt", &transcript);
    let turns = events(&transcript).iter().filter(|event| **event == "follow").count();
    assert!(turns <= 20, "it tears to and fro: {transcript}");
}

#[test]
fn a_loose_wire_stops_it_where_it_is() {
    let transcript = stdout(&["replay:loose_wire.recording"]);
    expect("follow_loose_wire.txt", &transcript);
    assert!(transcript.contains("  blind  "), "{transcript}");
}

#[test]
fn a_sensor_that_hangs_stops_it_where_it_is_and_its_fan() {
    let transcript = stdout(&["replay:frozen.recording", "--fan"]);
    expect("follow_frozen.txt", &transcript);
    let events = events(&transcript);
    assert!(events.contains(&"blind") && transcript.contains("the same faces for 10 s"), "{transcript}");
}

#[test]
fn in_an_empty_room_false_faces_turn_nothing() {
    let transcript = stdout(&["sim:empty_room"]);
    assert!(!transcript.contains("  follow  "), "{transcript}");
}

/// Then it sees what any sensor sees that stands still.
#[test]
fn a_sensor_beside_the_head_is_not_turned_by_it() {
    let seen = |transcript: &str| {
        let is_sight = |line: &&str| ["seen", "facing", "left"].contains(&transcript::event_of(line));
        transcript.lines().filter(is_sight).map(str::to_owned).collect::<Vec<_>>()
    };
    let still = seen(&transcript::stdout("fan", &["--every", "100"]));
    let beside = stdout(&["--beside", "--every", "100"]);
    assert_eq!(seen(&stdout(&["--beside"])).len(), seen(&transcript::stdout("fan", &[])).len());
    assert_eq!(seen(&beside), still);
    assert_ne!(seen(&stdout(&["--every", "100"])), still);
    assert!(beside.contains("  follow  "), "{beside}");
}

#[test]
fn a_line_for_a_fan_that_is_not_asked_for_is_refused() {
    let with_pwm = &["--pwm", "0"][..];
    for args in [&["--gpio", "GPIO17"][..], with_pwm].iter().take(if cfg!(feature = "rppal") { 2 } else { 1 })
    {
        let output = transcript::run("follow", args);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), error.lines().count()), (Some(2), 4), "{error}");
        assert!(error.contains("--fan") && error.contains("means nothing without it"), "{error}");
    }
}
