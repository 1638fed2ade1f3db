//! Does what `mlsensor record` writes replay as it was, what `import` writes too, and are `probe` and `config` as careful as they say?

mod command;

use std::fs;
use std::process::Command;

use command::{Folder, Running, file, good, run};
use mlsensor_host::recording::{ImportOptions, import};
use mlsensor_sim::{Direction, Recording};
use serde_json::{Value, json};

fn parsed(file: &str) -> Recording {
    Recording::parse(&fs::read_to_string(file).unwrap()).unwrap()
}

/// The faces of each reading that came.
fn faces(json: &str) -> Vec<Value> {
    let events = json.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    events.filter(|event| event["event"] == "reading").map(|event| event["faces"].clone()).collect()
}

#[test]
fn what_was_recorded_replays_as_it_was_read() {
    let folder = Folder::new();
    let recording = folder.file("two.recording");
    let said = good(&["record", "sim:two_people", "-o", &recording, "--led", "off", "--every", "100"]);
    let parsed = parsed(&recording);
    assert_eq!(
        said.lines().last(),
        Some(&*format!("{recording}: {} transfers, to the end", parsed.transfers.len()))
    );
    let read = faces(&good(&["read", "sim:two_people", "--led", "off", "--every", "100", "--json"]));
    let replayed = faces(&good(&["replay", &recording, "--every", "100", "--json"]));
    // Before the first reading there is the read that showed that it is a Person Sensor.
    assert!(read.len() > 100);
    assert_eq!(replayed[1..], read);
    let writes: Vec<String> = parsed
        .transfers
        .iter()
        .filter(|transfer| transfer.direction == Direction::Write)
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        writes,
        ["0.003620 62 w 07 00 # debug mode (LED) = off", "0.003910 62 w 01 01 # mode = continuous"]
    );
    assert_eq!(
        parsed.transfers[0].direction,
        Direction::Read,
        "nothing is written to what has not proved to be a sensor"
    );
}

#[test]
fn a_recording_of_the_simulator_is_the_same_each_time_and_goes_to_standard_output_too() {
    let folder = Folder::new();
    let recording = folder.file("a.recording");
    good(&["record", "sim:walk_up", "-o", &recording, "--for", "3"]);
    let ran = run(&["record", "sim:walk_up", "--for", "3"]);
    assert_eq!(ran.out, fs::read_to_string(&recording).unwrap());
    assert!(
        ran.out.starts_with("# mlsensor recording 1\n# source sim:walk_up\n0.000000 62 r 00"),
        "{}",
        ran.out
    );
    assert!(!ran.out.contains("# begun"), "virtual time has no date");
    let transfers = parsed(&recording).transfers.len();
    assert!(
        ran.err.ends_with(&format!("standard output: {transfers} transfers, to the end\n")),
        "{}",
        ran.err
    );
    let json = run(&["record", "sim:walk_up", "--for", "3", "--json"]).err;
    let last: Value = serde_json::from_str(json.lines().last().unwrap()).unwrap();
    assert_eq!(
        last,
        json!({"event": "recorded", "file": "standard output", "transfers": transfers, "about": "to the end"})
    );
}

#[test]
fn as_it_is_nothing_is_written_to_the_sensor_and_a_plug_that_comes_loose_sets_it_again() {
    let text = run(&["record", "sim:walk_up", "--as-is", "--for", "3"]).out;
    let recording = Recording::parse(&text).unwrap();
    assert!(recording.transfers.len() > 15);
    assert!(recording.transfers.iter().all(|transfer| transfer.direction == Direction::Read));

    let folder = Folder::new();
    let events = "[[event]]\nat_s = 2.0\npower = \"off\"\n[[event]]\nat_s = 4.0\npower = \"on\"\n";
    let scene = folder.with("plug.toml", &format!("about = \"x\"\nduration_s = 12.0\n{events}"));
    let text = run(&["record", &format!("sim:{scene}"), "--id", "on"]).out;
    let recording = Recording::parse(&text).unwrap();
    let settings = recording
        .transfers
        .iter()
        .filter(|transfer| transfer.bytes == [0x02, 0x01] && transfer.error.is_none());
    let times: Vec<u64> = settings.map(|transfer| transfer.at.as_secs()).collect();
    assert_eq!(times.len(), 2, "at the begin, and when it is back: {times:?}");
    assert!(times[0] == 0 && (6..10).contains(&times[1]), "{times:?}");
    assert!(text.contains(" 62 r ! nack-address\n"), "errors are recorded");
}

#[test]
fn a_program_that_is_killed_leaves_a_recording_that_is_whole() {
    let folder = Folder::new();
    let recording = folder.file("killed.recording");
    let mut running = Running::start(&["record", "sim:crowd", "-o", &recording, "--speed", "10"]);
    running.until("sim:crowd");
    // Written as it happens: the file grows while the program runs, which is what is waited for.
    while fs::read_to_string(&recording).map_or(0, |text| text.lines().count()) < 12 {
        std::thread::yield_now();
    }
    running.signal("KILL");
    let ran = running.end();
    assert_eq!((ran.code, &*ran.out), (None, ""));
    let text = fs::read_to_string(&recording).unwrap();
    assert!(text.ends_with('\n') && parsed(&recording).transfers.len() >= 9);
    assert!(faces(&good(&["replay", &recording, "--json"])).len() >= 7);
}

#[test]
fn ctrl_c_ends_a_recording_in_good_order() {
    let folder = Folder::new();
    let recording = folder.file("a.recording");
    let mut running = Running::start(&["record", "sim:walk_up", "-o", &recording, "--speed", "0.001"]);
    running.until("sim:walk_up");
    running.signal("INT");
    let ran = running.end();
    assert_eq!((ran.code, &*ran.err), (Some(130), ""));
    let transfers = parsed(&recording).transfers.len();
    assert_eq!(ran.out, format!("{recording}: {transfers} transfers, interrupted\n"));
}

#[test]
fn a_file_that_is_there_is_not_written_over_unless_that_is_asked_for() {
    let folder = Folder::new();
    let there = folder.with("there", "precious\n");
    let ran = run(&["record", "sim:walk_up", "-o", &there, "--for", "1"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("--force") && ran.err.ends_with("code: MLSENSOR-FILE\n"), "{}", ran.err);
    assert_eq!(fs::read_to_string(&there).unwrap(), "precious\n");
    good(&["record", "sim:walk_up", "-o", &there, "--for", "1", "--force"]);
    assert!(fs::read_to_string(&there).unwrap().starts_with("# mlsensor recording 1\n"));
}

#[test]
fn a_recording_that_never_met_a_sensor_is_not_kept() {
    let folder = Folder::new();
    let scene =
        folder.with("off.toml", "about = \"x\"\nduration_s = 2.0\n[[event]]\nat_s = 0.0\npower = \"off\"\n");
    let recording = folder.file("a.recording");
    let ran = run(&["record", &format!("sim:{scene}"), "-o", &recording]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.ends_with("code: MLSENSOR-BUS\n"), "{}", ran.err);
    assert!(!fs::exists(&recording).unwrap());
}

/// With nothing to write over it, what was in a file is in it still, also if a sensor is waited for.
#[test]
fn a_file_that_is_there_is_given_up_for_a_sensor_alone() {
    let folder = Folder::new();
    let off = "about = \"x\"\nduration_s = 2.0\n[[event]]\nat_s = 0.0\npower = \"off\"\n";
    let scene = format!("sim:{}", folder.with("off.toml", off));
    let there = folder.with("there", &"precious\n".repeat(10_000));
    for (wait, code, last) in [
        (&[][..], 1, "code: MLSENSOR-BUS\n"),
        (&["--wait"], 0, "no reading came, so what was in the file before is in it still\n"),
    ] {
        let ran = run(&[&["record", &scene, "-o", &there, "--force"][..], wait].concat());
        assert_eq!(ran.code, Some(code), "{}", ran.err);
        assert!((ran.out + &ran.err).ends_with(last));
        assert_eq!(fs::read_to_string(&there).unwrap(), "precious\n".repeat(10_000));
    }
    good(&["record", "sim:walk_up", "-o", &there, "--for", "1", "--force"]);
    good(&["record", "sim:walk_up", "-o", &folder.file("new"), "--for", "1"]);
    assert_eq!(fs::read(&there).unwrap(), fs::read(folder.file("new")).unwrap());
    // Where there is nothing to lose, it is written as it comes.
    good(&["record", "sim:walk_up", "-o", "/dev/null", "--for", "1", "--force"]);
    let empty = folder.with("empty", "");
    good(&["record", &scene, "-o", &empty, "--force", "--wait"]);
    assert!(parsed(&empty).transfers.iter().all(|transfer| transfer.error.is_some()));
    assert!(!parsed(&empty).transfers.is_empty());
}

/// A limit of the shell's is a disk that takes a part of a line.
#[cfg(unix)]
#[test]
fn a_disk_that_becomes_full_leaves_whole_lines() {
    let folder = Folder::new();
    let recording = folder.file("a.recording");
    let script = "ulimit -f 4; trap '' XFSZ; exec \"$0\" record sim:crowd -o \"$1\"";
    let output =
        Command::new("sh").args(["-c", script, env!("CARGO_BIN_EXE_mlsensor"), &recording]).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(err.ends_with("code: MLSENSOR-OUTPUT\n"), "{err}");
    let text = fs::read_to_string(&recording).unwrap();
    assert!(text.len() > 1000 && text.ends_with('\n'), "{}", text.len());
    assert!(parsed(&recording).transfers.len() >= 8);
    good(&["replay", &recording]);
}

/// A disk on which not even the header has room: the file is named, not standard output, and none is left.
#[cfg(unix)]
#[test]
fn a_disk_that_is_full_from_the_start_is_told_of_with_the_name_of_the_file() {
    let folder = Folder::new();
    let recording = folder.file("a.recording");
    let script = "ulimit -f 0; trap '' XFSZ; exec \"$0\" record sim:crowd -o \"$1\"";
    let output =
        Command::new("sh").args(["-c", script, env!("CARGO_BIN_EXE_mlsensor"), &recording]).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(err.starts_with(&format!("error: cannot write {recording}: ")), "{err}");
    assert!(err.ends_with("code: MLSENSOR-OUTPUT\n") && !fs::exists(&recording).unwrap(), "{err}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_that_is_full_is_named_and_stays() {
    let ran = run(&["record", "sim:crowd", "-o", "/dev/full", "--force"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.starts_with("error: cannot write /dev/full: No space left"), "{}", ran.err);
    assert!(fs::exists("/dev/full").unwrap());
}

#[test]
fn a_last_line_that_was_cut_is_remarked_upon_and_left_out() {
    let folder = Folder::new();
    let text = fs::read_to_string(file("transcripts/loose_wire.recording")).unwrap();
    let whole = folder.with("a", &text);
    let (readings, said) = (faces(&good(&["replay", &whole, "--json"])), good(&["replay", &whole]));
    assert!(!said.contains("note: "), "{said}");
    let cut = folder.with("a", &text[..text.len() - 60]);
    let said = good(&["replay", &cut]);
    assert!(said.lines().nth(1).unwrap().starts_with("note: line "), "{said}");
    assert_eq!(faces(&good(&["replay", &cut, "--json"])), readings[..readings.len() - 1]);
}

#[test]
fn an_import_replays_and_is_what_the_library_imports() {
    let folder = Folder::new();
    for (trace, options) in [("sigrok_cli.txt", &["--sample-rate", "1000000"][..]), ("saleae_table.csv", &[])]
    {
        let (trace, recording) = (file(&format!("traces/{trace}")), folder.file("imported"));
        let said = good(&[&["import", &trace, "-o", &recording, "--force"][..], options].concat());
        assert!(said.starts_with(&format!("{recording}: 10 transfers, from ")), "{said}");
        let text = fs::read_to_string(&trace).unwrap();
        let options = ImportOptions::default().with_sample_rate_hz(1_000_000);
        assert_eq!(parsed(&recording), import(&text, &options).unwrap().recording);
        assert_eq!(faces(&good(&["replay", &recording, "--json"])).len(), 2);
        let source = format!("# source {trace}, ");
        assert_eq!(
            fs::read_to_string(&recording).unwrap().lines().filter(|line| line.starts_with(&source)).count(),
            1
        );
    }
}

#[test]
fn a_trace_that_cannot_be_imported_says_on_which_line() {
    let folder = Folder::new();
    let trace =
        folder.with("bad.csv", "name,type,start_time,duration,ack,address,read,data\nI2C,begin,0,0,,,,\n");
    let ran = run(&["import", &trace]);
    assert_eq!((ran.code, &*ran.out), (Some(1), ""));
    assert!(
        ran.err.starts_with(&format!("error: cannot import {trace}: line 2: the type \"begin\"")),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains(&format!("run: sed -n 2p {trace}\n"))
            && ran.err.ends_with("code: MLSENSOR-IMPORT\n")
    );
}

#[test]
fn probing_tells_a_sensor_from_its_lookalikes_by_the_exit_code_too() {
    let folder = Folder::new();
    let spaced = |bytes: [u8; 39]| bytes.map(|byte| format!("{byte:02x}")).join(" ");
    let mut words = [0; 39];
    words.chunks_mut(3).for_each(|word| word.copy_from_slice(&[0xBE, 0xEF, 0x92]));
    for (text, what, found) in [
        (fs::read_to_string(file("transcripts/loose_wire.recording")).unwrap(), "person_sensor", true),
        (format!("0.1 {}\n", spaced([0xFF; 39])), "answers_all", false),
        (format!("0.1 {}\n", spaced([0; 39])), "all_zero", false),
        (format!("0.1 {}\n", spaced(words)), "words_with_crc8", false),
        (format!("0.1 {}\n", spaced([0x5A; 39])), "other_part", false),
        ("0.1 62 r ! nack\n".to_owned(), "nothing", false),
    ] {
        let source = format!("replay:{}", folder.with("probed", &text));
        let ran = run(&["probe", &source, "--json"]);
        let event: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!((&event["what"], &event["found"]), (&json!(what), &json!(found)), "{event}");
        assert_eq!((event["faces"].is_null(), ran.code), (!found, Some(i32::from(!found))), "{event}");
        let text = run(&["probe", &source]).out;
        assert_eq!(text, format!("{source}: {}\n", event["about"].as_str().unwrap()));
    }
    // Bits that were lost on the way are lost once.
    let damaged =
        fs::read_to_string(file("transcripts/loose_wire.recording")).unwrap().replacen("63 7c", "63 7d", 1);
    good(&["probe", &format!("replay:{}", folder.with("probed", &damaged))]);
}

#[test]
fn settings_are_sent_as_they_are_named_and_nothing_else() {
    let ran = good(&[
        "config",
        "sim:walk_up",
        "--mode",
        "standby",
        "--id",
        "on",
        "--persist",
        "off",
        "--led",
        "off",
    ]);
    let sent: Vec<&str> = ran.lines().filter(|line| line.starts_with("sent")).collect();
    let expected = [
        "sent 05 00: persist IDs = off",
        "sent 07 00: debug mode (LED) = off",
        "sent 02 01: enable ID = on",
        "sent 01 00: mode = standby",
    ];
    assert_eq!(sent, expected);
    assert!(ran.lines().last().unwrap().contains("cannot be asked what it is set to"));
    let json = good(&["config", "sim:walk_up", "--id", "off", "--json"]);
    let events: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events[1], json!({"event": "sent", "register": 2, "value": 0, "what": "enable ID = off"}));
    let names: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(names, ["source", "sent", "remark"]);
}

/// Every command in docs/recordings.md is run, in order and in one folder, and prints what stands below it there.
#[test]
fn the_examples_of_the_page_about_recordings_print_what_it_says() {
    let folder = Folder::new();
    fs::copy(file("traces/expected.recording"), folder.path().join("wires.recording")).unwrap();
    fs::copy(file("transcripts/loose_wire.recording"), folder.path().join("loose_wire.recording")).unwrap();
    fs::copy(file("traces/saleae_table.csv"), folder.path().join("bus.csv")).unwrap();
    fs::copy(file("traces/sigrok_cli.txt"), folder.path().join("bus.txt")).unwrap();
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_mlsensor")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    let page = include_str!("../../docs/recordings.md");
    let mut count = 0;
    for block in page.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap();
        for example in block.split("$ ").skip(1) {
            let (command, expected) = example.split_once('\n').unwrap();
            let mut shell = Command::new("sh");
            let output =
                shell.args(["-c", command]).env("PATH", &path).current_dir(folder.path()).output().unwrap();
            let printed = [output.stdout, output.stderr].concat();
            assert_eq!(String::from_utf8(printed).unwrap(), expected, "{command}");
            count += 1;
        }
    }
    assert!(count >= 8, "{count} examples were found");
}
