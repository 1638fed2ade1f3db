//! The watch as its users meet it.

mod transcript;

use transcript::{assert_same_in_json, events, expect, run};

fn stdout(args: &[&str]) -> String {
    transcript::stdout("watch", args)
}

#[test]
fn each_new_report_is_a_line() {
    let transcript = stdout(&["sim:two_people", "--after", "9"]);
    expect("watch_two_people.txt", &transcript);
    let events = events(&transcript);
    assert_eq!((events[0], events[events.len() - 1]), ("start", "end"));
    assert!(events[1..events.len() - 1].iter().all(|event| *event == "report"), "{events:?}");
    // 21 s of a sensor that looks about seven times a second.
    assert!((100..=152).contains(&events.len()), "{}", events.len());
}

#[test]
fn a_bus_that_fails_is_told_once_and_never_as_nobody() {
    let transcript = stdout(&["replay:loose_wire.recording"]);
    expect("watch_loose_wire.txt", &transcript);
    assert_eq!(transcript.matches("did not acknowledge").count(), 1, "{transcript}");
    assert!(!transcript.contains("nobody"), "{transcript}");
}

#[test]
fn json_says_the_same_as_the_text() {
    let args = ["sim:two_people", "--after", "9"];
    assert_same_in_json(&stdout(&args), &stdout(&[&args[..], &["--json"]].concat()));
}

#[test]
fn one_report_is_one_line_that_programs_can_read() {
    let json = stdout(&["--once", "--json", "--after", "10"]);
    assert_eq!(json.lines().count(), 1, "{json}");
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&report["event"], &report["faces"][0]["is_facing"]), (&"report".into(), &true.into()));
}

#[test]
fn a_single_report_that_cannot_be_read_is_an_exit_code() {
    let output = run("watch", &["replay:loose_wire.recording", "--once", "--after", "2"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains("no reading: "));
}

#[test]
fn a_single_report_of_a_moment_after_the_end_is_an_error_and_no_other_line() {
    let output = run("watch", &["--once", "--json", "--after", "100"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), error.lines().count()), (Some(1), 4), "{error}");
    assert!(output.stdout.is_empty() && error.starts_with("error: no report came that late: "), "{error}");
}

#[test]
fn a_picture_shows_who_is_where() {
    expect("watch_picture.txt", &stdout(&["sim:two_people", "--once", "--draw", "--after", "14"]));
}

/// In a terminal, which `script` (util-linux) stands in for where it is there, the picture is painted in its place, and
/// the cursor is given back.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_shows_the_picture_in_its_place_and_gets_its_cursor_back() {
    use std::process::{Command, Stdio};

    if Command::new("script").arg("--version").output().is_err() {
        println!("not run: there is no `script` here");
        return;
    }
    let recording = include_str!("expected/loose_wire.recording");
    let two: Vec<&str> = recording.lines().filter(|line| !line.starts_with('#')).take(2).collect();
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("watch_terminal.recording");
    std::fs::write(&file, two.join("\n")).unwrap();
    let program = transcript::program("watch", &[]);
    let command = format!("{} replay:{}", program.get_program().display(), file.display());
    let mut script = Command::new("script");
    script.args(["-q", "-e", "-c", &command, "/dev/null"]).stdin(Stdio::null());
    let output = script.output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{shown}");
    let hidden = shown.find("\u{1b}[2J\u{1b}[?25l").unwrap();
    let picture = shown.find("1:  4 degrees").unwrap_or_else(|| panic!("{shown}"));
    let given_back = shown.rfind("\u{1b}[?25h").unwrap();
    assert!(hidden < picture && picture < given_back, "{shown}");
}
