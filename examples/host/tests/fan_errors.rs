//! The errors of the fan as its users meet them: four parts each, on standard error, with an exit code.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const DOCUMENTED: &str = include_str!("../../../docs/errors.md");

fn fan(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fan"));
    command.args(args).current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected"));
    command
}

/// What is to be said: how the first line begins, parts of the second and the third, the code.
struct Expected {
    what: &'static str,
    likely: &'static str,
    run: &'static str,
    code: &'static str,
}

fn assert_error(args: &[&str], output: &Output, expected: &Expected) {
    let Expected { what, likely, run, code } = expected;
    let error = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(1), "{args:?}");
    let [first, second, third, fourth] = error.lines().collect::<Vec<_>>()[..] else {
        panic!("{args:?} does not give four lines: {error}")
    };
    assert!(first.starts_with(&format!("error: {what}")), "{error}");
    assert!(second.starts_with("likely: ") && second.contains(likely), "{error}");
    assert!(third.starts_with(&format!("run: {run}")), "{error}");
    assert_eq!(fourth, format!("code: {code}"));
    assert!(DOCUMENTED.contains(&format!("`{code}`")), "{code} is not in docs/errors.md");
}

fn assert_refused(
    args: &[&str],
    what: &'static str,
    likely: &'static str,
    run: &'static str,
    code: &'static str,
) {
    let output = fan(args).output().unwrap();
    assert_error(args, &output, &Expected { what, likely, run, code });
    assert!(output.stdout.is_empty(), "nothing is announced that does not happen: {args:?}");
}

#[test]
fn a_file_that_is_no_scenario_or_no_recording_is_explained() {
    assert_refused(
        &["sim:fan_walk_up.txt"],
        "cannot read scenario fan_walk_up.txt: line 1: ",
        "as the format wants it on that line",
        "sed -n 1p fan_walk_up.txt",
        "MLSENSOR-SCENARIO",
    );
    assert_refused(
        &["replay:fan_walk_up.txt"],
        "cannot read recording fan_walk_up.txt: line 1: ",
        "bytes of two hexadecimal digits",
        "sed -n 1p fan_walk_up.txt",
        "MLSENSOR-RECORDING",
    );
}

#[test]
fn a_file_that_is_no_text_is_explained() {
    let picture = Path::new(env!("CARGO_TARGET_TMPDIR")).join("picture");
    fs::write(&picture, [0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10]).unwrap();
    let picture = picture.display();
    for (scheme, what, likely) in [
        ("sim", "cannot read scenario ", "the file is no text, so it is no scenario"),
        ("replay", "cannot read recording ", "the file is no text, so it is no recording"),
    ] {
        assert_refused(&[&format!("{scheme}:{picture}")], what, likely, "ls -l ", "MLSENSOR-FILE");
    }
}

#[test]
fn a_name_that_no_scenario_has_brings_the_names_that_there_are() {
    assert_refused(
        &["sim:no_such"],
        "cannot read scenario no_such: ",
        "the shipped scenarios are walk_up, two_people, turn_away, ",
        "ls -l no_such",
        "MLSENSOR-FILE",
    );
    assert_refused(
        &["replay:no_such"],
        "cannot read recording no_such: ",
        "the path is wrong",
        "ls -l no_such",
        "MLSENSOR-FILE",
    );
}

/// With the words of this system for each errno.
#[cfg(target_os = "linux")]
#[test]
fn an_error_of_linux_keeps_its_errno() {
    assert_refused(
        &["/dev/i2c-no"],
        "cannot open /dev/i2c-no: No such file or directory (os error 2)",
        "I2C is off",
        "ls /dev/i2c-*",
        "MLSENSOR-BUS-2",
    );
    assert_refused(
        &["99"],
        "cannot open /dev/i2c-99: No such file or directory (os error 2)",
        "the bus has another number",
        "ls /dev/i2c-*",
        "MLSENSOR-BUS-2",
    );
    assert_refused(
        &["/dev/null"],
        "cannot open /dev/null: Inappropriate ioctl for device (os error 25)",
        "this file is no I2C bus",
        "ls -l /dev/i2c-*",
        "MLSENSOR-BUS-25",
    );
    assert_refused(
        &["replay:."],
        "cannot read recording .: Is a directory (os error 21)",
        "this is a folder",
        "ls -l .",
        "MLSENSOR-FILE",
    );
    assert_refused(
        &["replay:/dev/null"],
        "recording /dev/null holds no read of a Person Sensor",
        "nothing was recorded",
        "head /dev/null",
        "MLSENSOR-RECORDING",
    );
}

/// What it says depends on whether this machine has GPIO.
#[cfg(target_os = "linux")]
#[test]
fn a_gpio_line_that_is_not_there_is_explained() {
    let has_gpio = Path::new("/dev/gpiochip0").exists();
    let likely =
        if has_gpio { "the name is written otherwise on this board" } else { "this machine has no GPIO" };
    let run = if has_gpio { "gpioinfo" } else { "ls /dev/gpiochip*" };
    let what = "there is no GPIO line named NO-SUCH-LINE";
    assert_refused(&["--gpio", "NO-SUCH-LINE"], what, likely, run, "MLSENSOR-GPIO");
}

/// `/dev/full` is a disk that is always full.
#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = fan(&[]).stdout(full).output().unwrap();
    let expected = Expected {
        what: "cannot write to standard output: No space left on device (os error 28)",
        likely: "the disk that it goes to is full",
        run: "df -h .",
        code: "MLSENSOR-OUTPUT",
    };
    assert_error(&[], &output, &expected);
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_ends_it_without_a_word() {
    let (reader, writer) = std::os::unix::net::UnixStream::pair().unwrap();
    drop(reader);
    let output = fan(&[]).stdout(std::os::fd::OwnedFd::from(writer)).output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(0), String::new()));
}
