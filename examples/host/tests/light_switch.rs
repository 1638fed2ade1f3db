//! The light switch as its users meet it: words at their times, and words that are typed.

#[cfg(unix)]
mod running;
mod transcript;

#[cfg(unix)]
use std::{fs::File, io::Write as _, os::fd::OwnedFd, os::unix::net::UnixStream, path::Path, process::Stdio};

use transcript::{assert_same_in_json, event_of, expect};

fn stdout(args: &[&str]) -> String {
    transcript::stdout("light_switch", args)
}

/// What came of each word.
fn answers(transcript: &str) -> Vec<String> {
    let words = transcript.lines().filter(|line| line.contains(": word"));
    words.map(|line| format!("{} {}", event_of(line), line.rsplit("word").next().unwrap().trim())).collect()
}

#[test]
fn a_word_counts_with_a_look_and_not_without() {
    let transcript = stdout(&[]);
    expect("light_switch_turn_away.txt", &transcript);
    assert_eq!(answers(&transcript), ["on on", "ignored off", "off off", "ignored on", "on on"]);
    assert_same_in_json(&transcript, &stdout(&["--json"]));
}

#[test]
fn words_come_at_the_times_that_are_given_between_readings_too() {
    let transcript = stdout(&["sim:two_people", "--say", "10.25=off", "--say", "5.4321=on", "--say", "6="]);
    expect("light_switch_two_people.txt", &transcript);
    assert_eq!(answers(&transcript), ["on on", "off enter", "off off"]);
    assert!(transcript.contains("   5.432 s  on "), "{transcript}");
}

#[test]
fn words_in_an_empty_room_do_nothing_and_that_is_said() {
    let transcript = stdout(&["sim:empty_room", "--say", "100=on"]);
    assert!(transcript.contains(" 100.000 s  ignored   nobody looks at it: word on"), "{transcript}");
}

#[test]
fn blind_no_word_counts_and_the_light_stays_as_it_is() {
    let says = [("1.5", "on"), ("3.1", "off"), ("4.5", "off")].map(|(at, word)| format!("--say={at}={word}"));
    let [first, second, third] = &says;
    let transcript = stdout(&["replay:loose_wire.recording", first, second, third]);
    expect("light_switch_loose_wire.txt", &transcript);
    assert_eq!(answers(&transcript), ["on on", "ignored off", "off off"]);
}

/// Time is virtual: who pipes words in would wait for them in vain. An empty pipe is what many programs are started with.
#[cfg(unix)]
#[test]
fn words_that_nobody_hears_are_not_dropped_without_a_word() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected");
    let file = || Stdio::from(File::open(folder.join("fan_walk_up.txt")).unwrap());
    let said = |args: &[&str], input: Stdio| {
        let output = transcript::program("light_switch", args).stdin(input).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let (mut recogniser, words) = UnixStream::pair().unwrap();
    recogniser.write_all(b"on\n").unwrap();
    let note = "note: words of standard input are heard in real time alone: add --realtime\n";
    assert_eq!(said(&[], OwnedFd::from(words).into()), note);
    assert_eq!(said(&[], file()), note);
    assert_eq!(said(&["--say", "1=on"], file()), "");
    assert_eq!(said(&[], Stdio::piped()), "");
    assert_eq!(said(&[], Stdio::null()), "");
}

#[test]
fn a_word_at_no_time_is_refused() {
    let output = transcript::run("light_switch", &["--say", "on"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), error.lines().count()), (Some(2), 4), "{error}");
    assert!(error.contains("there is no = between the seconds and the word"), "{error}");
}

/// In real time, and yet nothing here waits for a time: words are said until one counts, while somebody looks.
#[cfg(unix)]
#[test]
fn a_line_that_is_typed_is_a_word() {
    let args = ["sim:two_people", "--realtime"];
    let mut switch = running::Running::start(&mut transcript::program("light_switch", &args));
    switch.until("start");
    // "été" as Latin-1 has it, which is no UTF-8, is a word that nobody knows, and not the end of all words.
    switch.type_line(b"\xe9t\xe9");
    assert_eq!(event_of(&switch.until(": word ")), "ignored");
    loop {
        switch.type_line("on");
        let answer = switch.until(": word on");
        if event_of(&answer) == "on" {
            break;
        }
        assert_eq!(event_of(&answer), "ignored");
    }
    let (rest, code) = switch.interrupt();
    assert!(rest.contains("  off       interrupted"), "{rest}");
    assert_eq!(code, Some(130));
}
