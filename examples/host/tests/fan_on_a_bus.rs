//! Does the fan work on a Linux bus: with linux-embedded-hal, its ioctls and their errno? (And what recognises people.)
//!
//! The kernel is stood in for by a library that answers the ioctls (`fake_bus/fake_bus.c`), loaded into the unchanged
//! program.
#![cfg(all(target_os = "linux", target_env = "gnu"))]

mod running;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use running::Running;

/// Captured from a board: one face, facing.
const ONE_FACE: &str = "r 00 00 21 00 01 63 7c 80 95 aa 43 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 \
                        00 00 00 00 00 00 15 8b\n";

/// What `Config::default()` is on the wire.
const DEFAULT_SETTINGS: &str = "62 w 05 01\n62 w 07 01\n62 w 02 00\n62 w 01 01\n";

/// The library, in the folder of a bus. Named by a relative path, because `LD_PRELOAD` takes no space.
const LIBRARY: &str = "./libfake_bus.so";

fn build_library(folder: &Path) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fake_bus/fake_bus.c");
    let cc = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-Wall", "-o", LIBRARY])
        .arg(source)
        .arg("-ldl")
        .current_dir(folder)
        .status()
        .unwrap();
    assert!(cc.success());
}

/// A bus, by a name of its own, on which the sensor does what the script says.
struct Bus {
    folder: PathBuf,
}

impl Bus {
    fn new(name: &str, script: &str) -> Bus {
        // The same test may run twice at once.
        let folder = format!("fan_on_a_bus-{}-{name}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
        fs::create_dir_all(&folder).unwrap();
        let bus = Bus { folder };
        build_library(&bus.folder);
        for (file, text) in [("script", script), ("log", ""), ("i2c", "")] {
            fs::write(bus.folder.join(file), text).unwrap();
        }
        bus
    }

    fn fan(&self) -> Command {
        self.program(env!("CARGO_BIN_EXE_fan"))
    }

    fn program(&self, path: &str) -> Command {
        let mut fan = Command::new(path);
        fan.arg("--bus").arg(self.folder.join("i2c")).args(["--every", "10"]);
        fan.current_dir(&self.folder).env("LD_PRELOAD", LIBRARY);
        fan.env("FAKE_BUS_SCRIPT", self.folder.join("script")).env("FAKE_BUS_LOG", self.folder.join("log"));
        fan
    }

    fn written(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn error(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn it_finds_the_sensor_sets_it_and_turns_on() {
    let bus = Bus::new("turns_on", ONE_FACE);
    let mut fan = Running::start(&mut bus.fan());
    assert!(fan.until("start").contains("Person Sensor on "));
    assert!(fan.until("fan on").contains("1 face: 99 % at (124,128)-(149,170), id 0 (67 %), facing"));
    let (rest, code) = fan.interrupt();
    assert!(rest.contains("fan off   interrupted"), "{rest}");
    assert_eq!(code, Some(130));
    assert_eq!(bus.written(), DEFAULT_SETTINGS);
}

#[test]
fn a_sensor_that_is_lost_turns_it_off_and_one_that_comes_back_turns_it_on() {
    let script = [ONE_FACE.repeat(200), "e 121\n".repeat(200), ONE_FACE.to_owned()].concat();
    let bus = Bus::new("lost", &script);
    let mut fan = Running::start(&mut bus.fan());
    fan.until("fan on");
    assert!(fan.until("unknown").contains("no reading: Remote I/O error (os error 121)"));
    assert!(fan.until("fan off").contains("no reading for 1 s"));
    fan.until("fan on");
    fan.interrupt();
}

/// It may have been unplugged, and recognise nobody then.
#[test]
fn a_sensor_that_comes_back_is_set_again_and_one_that_only_stumbled_is_not() {
    for (name, failed, settings) in [("back", 160, 2), ("stumbled", 5, 1)] {
        let script = [ONE_FACE.to_owned(), "e 121\n".repeat(failed), ONE_FACE.to_owned()].concat();
        let bus = Bus::new(name, &script);
        let mut running = Running::start(&mut bus.program(env!("CARGO_BIN_EXE_watch")));
        running.until("no reading");
        running.until("1 face");
        running.interrupt();
        assert_eq!(bus.written(), DEFAULT_SETTINGS.repeat(settings), "{name}");
    }
}

#[test]
fn where_nothing_answers_the_error_keeps_its_errno() {
    for (errno, cause) in
        [(121, "loose wire"), (6, "loose wire"), (5, "pull-up"), (110, "hangs"), (11, "another controller")]
    {
        let bus = Bus::new(&format!("errno_{errno}"), &format!("e {errno}\n"));
        let error = error(&bus.fan().output().unwrap());
        assert!(error.contains("error: no Person Sensor on "), "{error}");
        assert!(error.contains(&format!("(os error {errno})")) && error.contains(cause), "{error}");
        assert!(error.ends_with(&format!("code: MLSENSOR-BUS-{errno}\n")), "{error}");
        assert_eq!(bus.written(), "", "nothing is written to what does not answer");
    }
}

#[test]
fn a_stranger_at_the_address_is_named_and_never_written_to() {
    for (name, script) in [("co2", "r be ef 92 be ef 92\n"), ("every_address", "r ff ff ff\n")] {
        // What the script leaves out reads as 0.
        let bus = Bus::new(name, script);
        let error = error(&bus.fan().output().unwrap());
        assert!(error.contains("something answers, but not as a Person Sensor"), "{error}");
        assert!(error.ends_with("code: MLSENSOR-NOT-A-SENSOR\n"), "{error}");
        assert_eq!(bus.written(), "");
    }
}

#[test]
fn what_recognises_people_turns_recognition_on() {
    for path in [env!("CARGO_BIN_EXE_kiosk"), env!("CARGO_BIN_EXE_who_is_it")] {
        let name = Path::new(path).file_name().unwrap().to_str().unwrap();
        let bus = Bus::new(name, ONE_FACE);
        let mut running = Running::start(&mut bus.program(path));
        running.until("id 0");
        assert_eq!(running.interrupt().1, Some(130));
        assert_eq!(bus.written(), DEFAULT_SETTINGS.replace("02 00", "02 01"), "{name}");
    }
}

/// Ctrl-C cuts every wait short: the procedures must not race on to the label, or to the erasure, that was to come.
#[test]
fn ctrl_c_in_the_middle_sends_no_label_and_erases_nothing() {
    let known_to_nobody = ONE_FACE.replace("43 00 01", "00 ff 01").replace("15 8b", UNKNOWN_CHECKSUM);
    for (name, args, until) in
        [("label", &["--enrol", "Ada"][..], "hold still"), ("erase", &["--erase"], "looking")]
    {
        let bus = Bus::new(name, &known_to_nobody);
        let mut running = Running::start(bus.program(env!("CARGO_BIN_EXE_who_is_it")).args(args));
        running.until(until);
        let (rest, code) = running.interrupt();
        assert_eq!(code, Some(130), "{rest}");
        let written = bus.written();
        assert!(
            written.contains("62 w 02 01") && !written.contains(" w 04") && !written.contains(" w 06"),
            "{written}"
        );
    }
}

/// Of `ONE_FACE` if it is known to nobody.
const UNKNOWN_CHECKSUM: &str = "8f f1";
