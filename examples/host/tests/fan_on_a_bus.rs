//! Does the fan work on a Linux bus, with its calls and their errno? (And what recognises people.)
//!
//! The kernel is stood in for by a library that answers the calls, loaded into the unchanged program. What each errno
//! comes to is tested with the bus itself, in `sensor-host/tests/linux_bus.rs`.
#![cfg(all(target_os = "linux", target_env = "gnu"))]

#[path = "../../../sensor-host/tests/fake_bus/mod.rs"]
mod fake_bus;
mod running;

use std::env;
use std::path::Path;
use std::process::{Command, Output};

use fake_bus::{FakeBus, ONE_FACE};
use running::Running;

/// What `Config::default()` is on the wire.
const DEFAULT_SETTINGS: &str = "62 w 05 01\n62 w 07 01\n62 w 02 00\n62 w 01 01\n";

/// A bus on which the sensor does what the script says.
struct Bus(FakeBus);

impl Bus {
    fn new(name: &str, script: &str) -> Bus {
        Bus(FakeBus::new(Path::new(env!("CARGO_TARGET_TMPDIR")), name, script))
    }

    fn fan(&self) -> Command {
        self.program(env!("CARGO_BIN_EXE_fan"))
    }

    fn program(&self, path: &str) -> Command {
        let mut program = Command::new(path);
        self.0.give_to(&mut program).arg(self.0.path()).args(["--every", "10"]);
        program
    }

    fn written(&self) -> String {
        self.0.written()
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
    let script = [ONE_FACE.repeat(200), "read errno 121\n".repeat(200), ONE_FACE.to_owned()].concat();
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
        let script = [ONE_FACE.to_owned(), "read errno 121\n".repeat(failed), ONE_FACE.to_owned()].concat();
        let bus = Bus::new(name, &script);
        let mut running = Running::start(&mut bus.program(env!("CARGO_BIN_EXE_watch")));
        running.until("no reading");
        running.until("1 face");
        running.interrupt();
        assert_eq!(bus.written(), DEFAULT_SETTINGS.repeat(settings), "{name}");
    }
}

#[test]
fn a_bus_that_was_pulled_out_is_opened_anew_and_the_sensor_set() {
    let opened = "open ok\nopen errno 2\nopen errno 2\nopen ok\n";
    let script = [opened, ONE_FACE, ONE_FACE, ONE_FACE, "read errno 19\n", ONE_FACE].concat();
    let bus = Bus::new("pulled_out", &script);
    let mut running = Running::start(&mut bus.program(env!("CARGO_BIN_EXE_watch")));
    running.until("(os error 19)");
    running.until("(os error 2)");
    running.until("1 face");
    running.interrupt();
    assert_eq!(bus.written(), DEFAULT_SETTINGS.repeat(2));
    assert_eq!(bus.0.log().matches("timeout 5").count(), 2);
}

#[test]
fn where_nothing_answers_the_error_keeps_its_errno() {
    for (errno, cause) in
        [(121, "loose wire"), (6, "loose wire"), (5, "pull-up"), (110, "hangs"), (11, "another controller")]
    {
        let bus = Bus::new(&format!("errno_{errno}"), &format!("read errno {errno}\n"));
        let error = error(&bus.fan().output().unwrap());
        assert!(error.contains("error: no Person Sensor on "), "{error}");
        assert!(error.contains(&format!("(os error {errno})")) && error.contains(cause), "{error}");
        assert!(error.ends_with(&format!("code: MLSENSOR-BUS-{errno}\n")), "{error}");
        assert_eq!(bus.written(), "", "nothing is written to what does not answer");
    }
}

#[test]
fn a_stranger_at_the_address_is_named_and_never_written_to() {
    for (name, script) in [("co2", "read be ef 92 be ef 92\n"), ("every_address", "read ff ff ff\n")] {
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
