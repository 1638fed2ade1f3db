//! Programs that run to their end, and what they print.
#![allow(dead_code, reason = "each test file uses a part of this")]

use std::env::consts::EXE_SUFFIX;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Every example, by its name.
pub(crate) const PROGRAMS: &[&str] =
    &["fan", "follow", "kiosk", "light_switch", "screen_lock", "watch", "who_is_it"];

/// An example, in the folder of the transcripts.
pub(crate) fn program(name: &str, args: &[&str]) -> Command {
    let path = Path::new(env!("CARGO_BIN_EXE_fan")).with_file_name(format!("{name}{EXE_SUFFIX}"));
    let mut command = Command::new(path);
    command.args(args).current_dir(folder());
    command
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected")
}

pub(crate) fn run(name: &str, args: &[&str]) -> Output {
    program(name, args).output().unwrap()
}

/// What an example prints that ends well.
pub(crate) fn stdout(name: &str, args: &[&str]) -> String {
    let output = run(name, args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Compares with a file beside this one; `EXPECT=write` writes it anew.
pub(crate) fn expect(name: &str, found: &str) {
    let path = folder().join(name);
    if std::env::var_os("EXPECT").is_some_and(|expect| expect == "write") {
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{name} differs; if it should: EXPECT=write cargo test -p mlsensor-examples");
}

/// The event of a line of a transcript for people.
pub(crate) fn event_of(line: &str) -> &str {
    let (_, event) = line.split_once(" s  ").unwrap();
    event.split("  ").next().unwrap()
}

/// The events of a transcript for people, in their order.
pub(crate) fn events(transcript: &str) -> Vec<&str> {
    transcript.lines().map(event_of).collect()
}

/// A file that is not there yet, for this test alone.
pub(crate) fn new_file(name: &str) -> PathBuf {
    // The same test may run twice at once.
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()));
    let _ = std::fs::remove_file(&file);
    file
}

/// Each line of JSON has the time, the event, the reason, the value and the faces of the line of text.
pub(crate) fn assert_same_in_json(text: &str, json: &str) {
    assert_eq!(text.lines().count(), json.lines().count());
    for (text, json) in text.lines().zip(json.lines()) {
        let event: serde_json::Value = serde_json::from_str(json).unwrap();
        let at = format!("{:8.3} s", event["at_s"].as_f64().unwrap());
        assert!(text.starts_with(&at), "{text} {at}");
        assert_eq!(event_of(text), event["event"].as_str().unwrap().replace('_', " "));
        for (name, value) in event.as_object().unwrap() {
            let said = match (&**name, value) {
                ("at_s" | "event", _) => continue,
                ("faces", faces) => match faces.as_array().unwrap().len() {
                    0 => "nobody".to_owned(),
                    1 => "1 face: ".to_owned(),
                    count => format!("{count} faces: "),
                },
                ("why" | "trouble", text) => text.as_str().unwrap().to_owned(),
                (name, serde_json::Value::String(text)) => format!("{} {text}", name.replace('_', " ")),
                (name, number) => format!("{} {number}", name.trim_end_matches("_percent")),
            };
            assert!(text.contains(&said), "{text} does not say {said}");
        }
    }
}
