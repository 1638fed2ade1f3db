//! Greeting people, as its users meet it: transcripts, and the file of names.

#[cfg(unix)]
mod running;
mod transcript;

use std::fs;

use transcript::{assert_same_in_json, events, expect, new_file};

fn stdout(args: &[&str]) -> String {
    transcript::stdout("who_is_it", args)
}

#[test]
fn who_is_known_is_greeted_on_return_and_a_stranger_is_one() {
    let transcript = stdout(&[]);
    expect("who_is_it_label_and_return.txt", &transcript);
    let greetings: Vec<&str> =
        events(&transcript).into_iter().filter(|event| ["hello", "stranger"].contains(event)).collect();
    assert_eq!(greetings, ["hello", "stranger", "hello"]);
    assert_same_in_json(&transcript, &stdout(&["--json"]));
}

#[test]
fn who_sits_there_in_the_place_of_somebody_known_is_a_stranger() {
    let transcript = stdout(&["sim:guest.toml"]);
    expect("who_is_it_guest.txt", &transcript);
    assert_eq!(transcript.matches("  hello  ").count(), 2, "{transcript}");
    assert_eq!(transcript.matches("  stranger  ").count(), 1, "{transcript}");
}

/// Somebody walks up in walk_up from 1 s on, and faces the sensor from 6 s on.
#[test]
fn a_stranger_has_faced_it_and_was_not_only_there() {
    let transcript = stdout(&["sim:walk_up"]);
    let stranger = transcript.lines().find(|line| line.contains("  stranger  ")).unwrap();
    let at: f64 = stranger.split_once(" s  ").unwrap().0.trim().parse().unwrap();
    assert!((7.5..13.0).contains(&at), "{transcript}");
    for scene in ["sim:walk_up", "sim:desk", "sim:crowd"] {
        let transcript = stdout(&[scene]);
        let mut strangers = transcript.lines().filter(|line| line.contains("  stranger  "));
        assert!(strangers.all(|line| line.contains(", facing")), "{transcript}");
    }
}

#[test]
fn a_loose_wire_makes_nobody_a_stranger_and_who_is_known_is_greeted_once() {
    let transcript = stdout(&["replay:loose_wire.recording"]);
    expect("who_is_it_loose_wire.txt", &transcript);
    assert_eq!(transcript.matches("  hello  ").count(), 1, "{transcript}");
    assert!(!transcript.contains("stranger"), "{transcript}");
}

#[test]
fn who_is_enrolled_is_greeted_by_name() {
    let transcript = stdout(&["--enrol", "Ada"]);
    expect("who_is_it_enrol.txt", &transcript);
    assert!(transcript.contains("  enrolled  Ada: id 0"), "{transcript}");
    assert_eq!(transcript.matches("  hello     Ada ").count(), 2, "{transcript}");
}

#[test]
fn names_are_kept_in_a_file_and_erased_with_what_the_sensor_knows() {
    let file = new_file("who_is_it_names.txt");
    let names = ["--names", file.to_str().unwrap()];
    stdout(&[&names[..], &["--enroll", " Ada Lovelace "]].concat());
    assert_eq!(fs::read_to_string(&file).unwrap(), "0 Ada Lovelace\n");
    assert!(stdout(&names).contains("  hello     Ada Lovelace "));
    let transcript = stdout(&[&names[..], &["--erase"]].concat());
    expect("who_is_it_erase.txt", &transcript);
    assert_eq!(fs::read_to_string(&file).unwrap(), "");
    fs::remove_file(&file).unwrap();
}

#[test]
fn where_nobody_is_nobody_is_enrolled_and_no_name_is_kept() {
    let file = new_file("who_is_it_nobody.txt");
    let args = ["sim:empty_room", "--names", file.to_str().unwrap(), "--enrol", "Ada"];
    let output = transcript::run("who_is_it", &args);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), error.lines().count()), (Some(1), 4), "{error}");
    assert!(error.contains("id 0 was not enrolled") && error.ends_with("code: MLSENSOR-ENROL\n"), "{error}");
    assert!(!file.exists());
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_an_enrolment_and_no_name_is_kept() {
    let file = new_file("who_is_it_interrupted.txt");
    let args = ["sim:empty_room", "--realtime", "--names", file.to_str().unwrap(), "--enrol", "Ada"];
    let mut enrolment = running::Running::start(&mut transcript::program("who_is_it", &args));
    enrolment.until("nobody in view");
    let (rest, code) = enrolment.interrupt();
    assert_eq!(code, Some(130), "{rest}");
    assert!(!rest.contains("enrolled") && !rest.contains("does not answer") && !file.exists(), "{rest}");
}

#[test]
fn a_file_that_holds_no_names_is_refused() {
    let output = transcript::run("who_is_it", &["--names", "fan_walk_up.txt"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), error.lines().count()), (Some(1), 4), "{error}");
    assert!(
        error.contains("line 1 is no id and name") && error.ends_with("code: MLSENSOR-NAMES\n"),
        "{error}"
    );
}
