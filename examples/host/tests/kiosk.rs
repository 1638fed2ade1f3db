//! The kiosk as its users meet it: transcripts, and the commands that it runs.

#[cfg(unix)]
mod running;
mod transcript;

use transcript::{assert_same_in_json, events, expect};

fn stdout(args: &[&str]) -> String {
    transcript::stdout("kiosk", args)
}

fn acts(transcript: &str) -> Vec<&str> {
    events(transcript)
        .into_iter()
        .filter(|event| ["wake", "sleep", "person", "blind"].contains(event))
        .collect()
}

#[test]
fn it_sleeps_while_nobody_sits_there_and_knows_who_comes_back() {
    let args = ["--command-wake", "xset dpms force on", "--command-sleep", "xset dpms force off"];
    let transcript = stdout(&args);
    expect("kiosk_desk.txt", &transcript);
    assert_eq!(acts(&transcript), ["person", "sleep", "wake", "person"]);
    assert_same_in_json(&transcript, &stdout(&[&args[..], &["--json"]].concat()));
}

#[test]
fn who_passes_by_wakes_nothing() {
    let transcript = stdout(&["sim:desk", "--near", "1"]);
    let passer_by =
        |line: &&str| (82.0..95.0).contains(&line.split_once(" s").unwrap().0.trim().parse().unwrap());
    let meanwhile: Vec<&str> = transcript.lines().filter(passer_by).collect();
    assert!(!meanwhile.is_empty() && acts(&meanwhile.join("\n")).is_empty(), "{meanwhile:?}");
}

#[test]
fn a_loose_wire_changes_nothing() {
    let transcript = stdout(&["replay:loose_wire.recording", "--sleep-after", "0.5"]);
    expect("kiosk_loose_wire.txt", &transcript);
    assert!(!acts(&transcript).contains(&"sleep"), "{transcript}");
}

/// Who is known as 0 sits there; a stranger comes after them, and then they come back.
#[test]
fn a_stranger_does_not_find_the_settings_of_who_was_there_before() {
    let transcript = stdout(&["sim:guest.toml"]);
    expect("kiosk_guest.txt", &transcript);
    let persons = transcript.lines().filter(|line| line.contains("  person  "));
    let whose: Vec<&str> = persons.map(|line| line.split("settings of ").nth(1).unwrap()).collect();
    assert_eq!(whose, ["id 0", "a guest", "id 0"]);
}

#[test]
fn each_of_two_who_are_known_finds_their_own_settings() {
    let transcript = stdout(&["sim:two_known.toml"]);
    expect("kiosk_two_known.txt", &transcript);
    let persons = transcript.lines().filter(|line| line.contains("  person  "));
    let whose: Vec<&str> = persons.map(|line| line.split("settings of ").nth(1).unwrap()).collect();
    assert_eq!(whose, ["id 3", "id 5", "id 3"]);
}

/// Both are known, and it is chance which of them a packet shows nearer.
#[test]
fn of_two_who_sit_side_by_side_the_first_keeps_the_seat() {
    let transcript = stdout(&["sim:pair.toml"]);
    expect("kiosk_pair.txt", &transcript);
    assert_eq!(acts(&transcript), ["person"]);
}

#[test]
fn without_a_command_there_is_nothing_to_do_really() {
    let output = transcript::run("kiosk", &["--really"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), error.lines().count()), (Some(1), 4), "{error}");
    assert!(error.starts_with("error: there is no command to run\n"), "{error}");
    assert!(output.stdout.is_empty() && error.ends_with("code: MLSENSOR-COMMAND\n"), "{error}");
}

#[cfg(unix)]
#[test]
fn the_settings_of_a_person_are_loaded_by_the_id() {
    let file = transcript::new_file("kiosk_person");
    let mut kiosk =
        transcript::program("kiosk", &["--really", "--command-person", "echo id $MLSENSOR_ID >> $FILE"]);
    assert!(kiosk.env("FILE", &file).output().unwrap().status.success());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "id 0\nid 0\n");
    std::fs::remove_file(&file).unwrap();
}

/// A display that sleeps would stay dark.
#[cfg(unix)]
#[test]
fn ctrl_c_wakes_a_display_that_sleeps() {
    let args = ["sim:empty_room", "--realtime", "--sleep-after", "0.1"];
    let mut kiosk = running::Running::start(&mut transcript::program("kiosk", &args));
    kiosk.until("  sleep  ");
    let (rest, code) = kiosk.interrupt();
    assert!(rest.contains("  wake      interrupted"), "{rest}");
    assert_eq!(code, Some(130));
}
