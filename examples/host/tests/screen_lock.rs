//! The screen lock as its users meet it: transcripts, and the commands that it runs.

#[cfg(unix)]
mod running;
mod transcript;

use std::fs;

use transcript::{assert_same_in_json, events, expect, new_file, program};

fn stdout(args: &[&str]) -> String {
    transcript::stdout("screen_lock", args)
}

#[test]
fn who_leaves_the_desk_is_warned_for_and_locked_out_once() {
    // What locks by itself is another one on each system.
    let transcript = stdout(&["--command-lock", "loginctl lock-session"]);
    expect("screen_lock_desk.txt", &transcript);
    let acts: Vec<&str> =
        events(&transcript).into_iter().filter(|event| ["warn", "lock", "back"].contains(event)).collect();
    assert_eq!(acts, ["warn", "lock"]);
    assert!(
        transcript.contains("nobody is here: would run loginctl lock-session") || !cfg!(target_os = "linux")
    );
}

#[test]
fn a_second_person_is_told_of_if_asked_for() {
    let transcript = stdout(&["sim:two_people", "--shoulder"]);
    expect("screen_lock_two_people.txt", &transcript);
    assert_eq!(transcript.matches("  shoulder  ").count(), 1, "{transcript}");
    assert!(!stdout(&["sim:two_people"]).contains("  shoulder  "));
}

/// Somebody is there; then nothing can be read for much longer than it takes to lock.
#[test]
fn a_loose_wire_never_locks_and_is_said() {
    let args = ["replay:loose_wire.recording", "--lock-after", "0.5", "--warn-before", "0.2"];
    let transcript = stdout(&args);
    expect("screen_lock_loose_wire.txt", &transcript);
    assert!(transcript.contains("blind     it sees nothing, so it locks nothing"), "{transcript}");
    assert!(!transcript.contains("  lock  "), "{transcript}");
}

#[test]
fn an_empty_room_with_false_faces_is_never_locked() {
    assert!(!stdout(&["sim:empty_room"]).contains("  lock  "));
}

#[test]
fn json_says_the_same_as_the_text() {
    let json = stdout(&["--json"]);
    assert_same_in_json(&stdout(&[]), &json);
    if cfg!(target_os = "linux") {
        assert!(json.contains(r#""would_run":"loginctl lock-session $XDG_SESSION_ID""#), "{json}");
    }
}

#[cfg(unix)]
#[test]
fn without_really_nothing_is_run_and_with_it_each_command_once() {
    for (really, expected) in [(&[][..], ""), (&["--really"], "warn\nlock\n")] {
        let file = new_file("screen_lock_commands");
        let commands = ["--command-warn", "echo warn >> $FILE", "--command-lock", "echo lock >> $FILE"];
        let output =
            program("screen_lock", &[&commands, really].concat()).env("FILE", &file).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let ran = fs::read_to_string(&file).unwrap_or_default();
        let mut lines: Vec<&str> = ran.lines().collect();
        // In virtual time both begin at once.
        lines.sort_by_key(|line| *line != "warn");
        assert_eq!(lines, expected.lines().collect::<Vec<_>>());
        let _ = fs::remove_file(&file);
    }
}

/// Commands of variables that are not set, as in a unit file.
#[test]
fn a_command_of_nothing_is_refused() {
    let all = [
        ("screen_lock", &["--command-lock", "--command-warn", "--command-shoulder"][..]),
        ("kiosk", &["--command-wake", "--command-sleep", "--command-person"]),
    ];
    for (name, options) in all {
        for (option, command) in options.iter().flat_map(|option| ["", " "].map(|command| (option, command)))
        {
            let output = program(name, &["--really", option, command]).output().unwrap();
            let error = String::from_utf8(output.stderr).unwrap();
            assert_eq!((output.status.code(), error.lines().count()), (Some(2), 4), "{option}: {error}");
            assert!(error.contains(option) && error.contains("it is empty"), "{error}");
        }
    }
}

/// In real time, and yet nothing here waits for a time. Somebody is there for a second, and then nobody.
#[cfg(unix)]
#[test]
fn a_lock_that_failed_is_tried_again_while_nobody_is_there() {
    let scene = new_file("screen_lock_again.toml");
    let path = "[{ at_s = 0.0, distance_m = 0.8 }, { at_s = 1.0 }]";
    fs::write(
        &scene,
        format!("about = \"A visit.\"\nduration_s = 3600.0\nseed = 1\n[[person]]\npath = {path}\n"),
    )
    .unwrap();
    let (source, file) = (format!("sim:{}", scene.display()), new_file("screen_lock_again"));
    // A locker that fails does so later than after the time to lock.
    let locks = "echo try >> $FILE; test $(wc -l < $FILE) = 3 || { sleep 0.5; exit 1; }";
    let args = [
        &*source,
        "--realtime",
        "--lock-after",
        "0.3",
        "--warn-before",
        "0.1",
        "--really",
        "--command-lock",
        locks,
    ];
    let mut lock = running::Running::start_with(
        program("screen_lock", &args).env("FILE", &file),
        std::process::Stdio::null(),
    );
    let at = |line: &str| line.split_once(" s  ").unwrap().0.trim().parse::<f64>().unwrap();
    assert!(lock.until("  lock  ").contains("nobody is here: runs echo try"));
    for _ in 0..2 {
        let failed = lock.until("  failed  ");
        let again = lock.until("  lock  ");
        assert!(again.contains("the last try failed: runs echo try"), "{again}");
        assert!(at(&again) - at(&failed) >= 0.299, "{failed}{again}");
    }
    let (rest, code) = lock.interrupt();
    assert!(!rest.contains("  lock  ") && code == Some(130), "{rest}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "try\n".repeat(3));
    let _ = (fs::remove_file(&file), fs::remove_file(&scene));
}

/// What a locker would be ended by, and the screen with it unlocked.
#[cfg(target_os = "linux")]
#[test]
fn a_command_is_out_of_the_reach_of_ctrl_c() {
    let file = new_file("screen_lock_group");
    let lock = "echo $$ $(cut -d' ' -f5 /proc/$$/stat) > $FILE";
    let output =
        program("screen_lock", &["--really", "--command-lock", lock]).env("FILE", &file).output().unwrap();
    assert!(output.status.success());
    let text = fs::read_to_string(&file).unwrap();
    let (process, group) = text.trim().split_once(' ').unwrap();
    assert_eq!(process, group, "it is in a group of its own");
    fs::remove_file(&file).unwrap();
}

#[cfg(unix)]
#[test]
fn a_command_that_fails_is_said_and_is_an_exit_code_and_ends_nothing() {
    let output = program("screen_lock", &["--really", "--command-lock", "exit 7", "--command-warn", "true"])
        .output()
        .unwrap();
    let (text, error) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(1));
    assert!(text.contains("  failed    the command exit 7 failed: it ended with exit code 7"), "{text}");
    assert!(text.lines().last().unwrap().starts_with(" 120.000 s  end "), "{text}");
    assert!(
        error.starts_with("error: the command exit 7 failed") && error.ends_with("code: MLSENSOR-COMMAND\n")
    );
    assert_eq!(error.lines().count(), 4, "{error}");
}
