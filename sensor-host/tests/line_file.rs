//! Is a line in a file as a whole or not at all, wherever the file stands and whoever else writes to it; and is it told what could
//! not be taken back?

#![cfg(unix)]

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::Command;

use embedded_hal::i2c::I2c as _;
use mlsensor_host::recording::{Header, LineFile, Recorder};
use mlsensor_sim::{SimBus, SimSensor};

/// What is in a file before.
const BEFORE: &str = "written long ago\n";

/// Two blocks of the shell's, so that a limit of the shell's is a disk with so much room.
const FULL: usize = 1024;

/// The test of this name, once more, on a disk with room for [`FULL`] bytes a file.
fn on_a_full_disk(name: &str) {
    let script = "ulimit -f 2; trap '' XFSZ; exec \"$0\" --exact \"$1\" --ignored --nocapture";
    let output =
        Command::new("sh").args(["-c", script]).arg(std::env::current_exe().unwrap()).arg(name).output();
    let output = output.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn what_was_there_before_is_there_still_when_the_disk_is_full() {
    on_a_full_disk("on_a_full_disk_what_was_there_before_is_there_still");
}

#[test]
#[ignore = "run by the one above, on a small disk"]
fn on_a_full_disk_what_was_there_before_is_there_still() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    let long = "x".repeat(FULL) + "\n";
    for options in [OpenOptions::new().append(true).clone(), OpenOptions::new().write(true).clone()] {
        fs::write(&path, BEFORE).unwrap();
        let mut file = LineFile::new(options.open(&path).unwrap()).unwrap();
        file.write_all(b"a line\n").unwrap();
        assert_eq!(file.write(long.as_bytes()).unwrap_err().kind(), ErrorKind::FileTooLarge);
        assert_eq!(fs::read_to_string(&path).unwrap(), BEFORE.to_owned() + "a line\n");
        file.write_all(b"another\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), BEFORE.to_owned() + "a line\nanother\n");
    }
}

#[test]
fn what_somebody_else_appends_is_not_taken_back_with_a_line_and_the_part_is_told() {
    on_a_full_disk("on_a_full_disk_what_somebody_else_appends_is_not_taken_back");
}

#[test]
#[ignore = "run by the one above, on a small disk"]
fn on_a_full_disk_what_somebody_else_appends_is_not_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    let append = || OpenOptions::new().append(true).create(true).open(&path).unwrap();
    let mut file = LineFile::new(append()).unwrap();
    file.write_all(b"a line\n").unwrap();
    append().write_all(BEFORE.as_bytes()).unwrap();
    let long = "x".repeat(FULL) + "\n";
    let room = FULL - "a line\n".len() - BEFORE.len();
    assert_eq!(file.write(long.as_bytes()).unwrap(), room);
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text, "a line\n".to_owned() + BEFORE + &"x".repeat(room));
}

#[test]
fn a_file_that_stands_in_its_middle_is_written_to_at_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    fs::write(&path, BEFORE).unwrap();
    let mut file = File::options().read(true).write(true).open(&path).unwrap();
    file.read_exact(&mut [0; 7]).unwrap();
    LineFile::new(file).unwrap().write_all(b"a line\n").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), BEFORE.to_owned() + "a line\n");
}

/// A pipe that nobody empties takes a part of a line, and takes nothing back.
#[test]
fn a_line_that_a_pipe_took_a_part_of_is_the_last_one() {
    let (mut reader, writer) = UnixStream::pair().unwrap();
    writer.set_nonblocking(true).unwrap();
    let (bus, _sim) = SimBus::with_sensor(SimSensor::new());
    let clock = bus.clone();
    let file = LineFile::new(File::from(OwnedFd::from(writer))).unwrap();
    let mut recorder = Recorder::begin(bus, move || clock.now(), file, &Header::default()).unwrap();
    // Longer than any pipe: of such a line a part is taken.
    let long = vec![0x5A; 1 << 20];
    let _ = recorder.write(0x62, &long);
    assert_eq!(recorder.take_trouble().map(|error| error.kind()), Some(ErrorKind::WouldBlock));
    reader.set_nonblocking(true).unwrap();
    let mut text = Vec::new();
    let emptied = reader.read_to_end(&mut text);
    assert_eq!(emptied.map_err(|error| error.kind()), Err(ErrorKind::WouldBlock));
    assert!(text.len() > 1000 && !text.ends_with(b"\n"), "{}", text.len());
    // There is room again, but the line before has no end.
    recorder.write(0x62, &[0x07, 0x00]).unwrap();
    assert!(recorder.take_trouble().is_some());
    let behind: io::Result<usize> = reader.read(&mut [0; 100]);
    assert_eq!(behind.map_err(|error| error.kind()), Err(ErrorKind::WouldBlock));
}
