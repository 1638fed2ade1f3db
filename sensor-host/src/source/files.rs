//! Scenarios and recordings from files, and what is wrong with those that are none.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read as _};
use std::path::Path;

use mlsensor::person_sensor::ADDRESS;
use mlsensor::{Faces, Packet};
use mlsensor_sim::{Direction, Recording, Scenario, Transfer};

use crate::Report;

/// A scenario that is typed by hand is far from this long.
const LONGEST_SCENARIO: u64 = 16 << 20;

/// The line of the longest transaction that a kernel takes is far from this long. A device that never ends a line is no
/// recording.
const LONGEST_LINE: usize = 4 << 20;

/// The file that is standard input.
const STANDARD_INPUT: &str = "-";

/// The names of the scenarios that come with the simulator.
#[must_use]
pub fn shipped_scenarios() -> String {
    let names: Vec<&str> = Scenario::SHIPPED.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}

/// A shipped scenario by its name, or one from a file.
///
/// # Errors
/// A report in four parts.
pub fn scenario(name: &str) -> Result<Scenario, Report> {
    if let Some(scenario) = Scenario::named(name) {
        return Ok(scenario);
    }
    let meant = Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let missing = match Scenario::named(meant) {
        Some(_) => format!("the shipped scenario is called {meant}, without an ending"),
        None => format!("the shipped scenarios are {}", shipped_scenarios()),
    };
    let unreadable = |error| unreadable("scenario", name, missing.clone(), &error);
    let bytes = read(name, LONGEST_SCENARIO).map_err(unreadable)?;
    let text = String::from_utf8(bytes).map_err(|_| unreadable(no_text()))?;
    parse_scenario(name, &text)
}

fn parse_scenario(name: &str, text: &str) -> Result<Scenario, Report> {
    Scenario::parse(text).map_err(|error| Report {
        what: format!("cannot read scenario {name}: {error}"),
        likely: "the file is not as the format wants it on that line".to_owned(),
        run: format!("sed -n {}p {}", error.line, quoted(name)),
        code: "MLSENSOR-SCENARIO".to_owned(),
    })
}

/// A recording from a file, with at least one read of the sensor in it; `-` is standard input. It is read line by line: what is no
/// recording is refused at its first line. A last line that was cut is left out.
///
/// # Errors
/// A report in four parts.
pub fn recording(name: &str) -> Result<Recording, Report> {
    recording_and_remark(name).map(|(recording, _)| recording)
}

/// The same, and what is to be remarked on it.
pub(super) fn recording_and_remark(name: &str) -> Result<(Recording, Option<String>), Report> {
    if name == STANDARD_INPUT {
        return parse_recording(name, io::stdin().lock());
    }
    let file = File::open(name).map_err(|error| unreadable_recording(name, &error))?;
    parse_recording(name, BufReader::new(file))
}

fn unreadable_recording(name: &str, error: &io::Error) -> Report {
    unreadable("recording", name, "the path is wrong".to_owned(), error)
}

fn parse_recording(name: &str, mut from: impl BufRead) -> Result<(Recording, Option<String>), Report> {
    let unreadable = |error| unreadable_recording(name, &error);
    let (mut recording, mut remark, mut line, mut number) = (Recording::default(), None, Vec::new(), 0);
    loop {
        line.clear();
        number += 1;
        from.by_ref().take(LONGEST_LINE as u64).read_until(b'\n', &mut line).map_err(unreadable)?;
        let refused = |what: &str| refused(name, number, what);
        let is_ended = line.ends_with(b"\n");
        if !is_ended && line.len() == LONGEST_LINE {
            // To look at the line would never end either.
            return Err(Report { run: look(name, "ls -l"), ..refused("it does not end") });
        }
        let text = match std::str::from_utf8(&line) {
            // Cut in the middle of a letter.
            Err(error) if !is_ended && error.error_len().is_none() => {
                line.get(..error.valid_up_to()).and_then(|text| std::str::from_utf8(text).ok())
            }
            text => text.ok(),
        };
        let text = text.ok_or_else(|| unreadable(no_text()))?;
        let text = if number == 1 { text.strip_prefix('\u{FEFF}').unwrap_or(text) } else { text };
        if is_ended || is_whole(text) {
            recording.push_line(text).map_err(refused)?;
        } else {
            remark =
                Some(format!("line {number}, the last one, was cut while it was written: it is left out"));
        }
        if !is_ended {
            break;
        }
    }
    if reads(&recording).next().is_none() {
        return Err(Report {
            what: format!("recording {name} holds no read of a Person Sensor"),
            likely: "nothing was recorded, or it is of another address than 0x62".to_owned(),
            run: look(name, "head"),
            code: "MLSENSOR-RECORDING".to_owned(),
        });
    }
    Ok((recording, remark))
}

/// Whether a line that has no end may have lost nothing that counts: there is nothing on it, or a packet whose checksum is right.
fn is_whole(line: &str) -> bool {
    let mut alone = Recording::default();
    let is_read = alone.push_line(line).is_ok();
    is_read
        && alone.transfers.iter().all(|transfer| {
            let packet: Result<&Packet, _> = (&*transfer.bytes).try_into();
            packet.is_ok_and(|packet| Faces::parse(packet).is_ok())
        })
}

fn refused(name: &str, line: usize, what: &str) -> Report {
    Report {
        what: format!("cannot read recording {name}: line {line}: {what}"),
        likely: "a line is no time in seconds followed by bytes of two hexadecimal digits".to_owned(),
        run: look(name, &format!("sed -n {line}p")),
        code: "MLSENSOR-RECORDING".to_owned(),
    }
}

/// What shows a file to the user. What came through a pipe is gone.
fn look(name: &str, with: &str) -> String {
    match name {
        STANDARD_INPUT => "mlsensor replay --help".to_owned(),
        name => format!("{with} {}", quoted(name)),
    }
}

/// The reads of the sensor in a recording.
pub(super) fn reads(recording: &Recording) -> impl Iterator<Item = &Transfer> {
    let is_read = |transfer: &&Transfer| transfer.address == ADDRESS && transfer.direction == Direction::Read;
    recording.transfers.iter().filter(is_read)
}

/// All of a file, unless there is more of it than this.
pub(crate) fn read(name: &str, longest: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(name)?.take(longest + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > longest {
        return Err(io::Error::new(ErrorKind::FileTooLarge, format!("more than {} MiB", longest >> 20)));
    }
    Ok(bytes)
}

fn no_text() -> io::Error {
    io::Error::new(ErrorKind::InvalidData, "the bytes are no UTF-8")
}

/// A file that cannot be read, in four parts.
pub(crate) fn unreadable(what: &str, name: &str, missing: String, error: &io::Error) -> Report {
    Report {
        what: format!("cannot read {what} {name}: {error}"),
        likely: match error.kind() {
            ErrorKind::NotFound => missing,
            ErrorKind::PermissionDenied => "this user may not read the file".to_owned(),
            ErrorKind::InvalidData => format!("the file is no text, so it is no {what}"),
            ErrorKind::IsADirectory => "this is a folder: name a file in it".to_owned(),
            ErrorKind::FileTooLarge => format!("the file is no {what}, or a device that never ends"),
            ErrorKind::OutOfMemory => "the file is too long for the memory of this computer".to_owned(),
            _ => "the device that holds the file has trouble".to_owned(),
        },
        run: look(name, "ls -l"),
        code: "MLSENSOR-FILE".to_owned(),
    }
}

/// A name as a shell takes it for one word.
#[must_use]
pub fn quoted(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,:@%".contains(c);
    if !name.is_empty() && name.chars().all(is_plain) {
        return name.to_owned();
    }
    format!("'{}'", name.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_to_run_survives_odd_names() {
        assert_eq!(quoted("a/b-1.toml"), "a/b-1.toml");
        assert_eq!(quoted("my room.toml"), "'my room.toml'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn the_line_that_is_wrong_can_be_looked_at() {
        let scenario =
            parse_scenario("my room.toml", "duration_s = 1.0\nseed = 1\ncolour = 7\n").unwrap_err();
        assert_eq!((&*scenario.run, &*scenario.code), ("sed -n 3p 'my room.toml'", "MLSENSOR-SCENARIO"));
        let recording = parse_recording("a.txt", &b"0.1 00 00\n0.2 0g\n"[..]).unwrap_err();
        assert_eq!((&*recording.run, &*recording.code), ("sed -n 2p a.txt", "MLSENSOR-RECORDING"));
    }

    #[test]
    fn a_recording_without_a_read_of_the_sensor_is_refused() {
        assert_eq!(parse_recording("a.txt", &b"0.1 62 r 00\n"[..]).unwrap().0.transfers.len(), 1);
        for other in ["0.1 61 r 00\n", "0.1 62 w 01\n", "0.1 61 r 00\n0.2 62 w 01\n", ""] {
            let report = parse_recording("a.txt", other.as_bytes()).unwrap_err();
            assert_eq!(report.what, "recording a.txt holds no read of a Person Sensor");
            assert_eq!((&*report.run, &*report.code), ("head a.txt", "MLSENSOR-RECORDING"));
        }
    }

    /// Wherever a full disk or a loss of power cuts the last line, the lines before it are read, and nothing that was not.
    #[test]
    fn a_last_line_that_was_cut_is_left_out_and_that_is_said() {
        let packet = "00 00 21 00 01 63 7c 80 95 aa 43 00 01".to_owned() + &" 00".repeat(24) + " 15 8b";
        let first = format!("0.1 62 r {packet}\n");
        for last in [
            format!("0.2 62 r {packet} # 1 face: 99 %, a “quoted” comment\n"),
            "0.2 62 r ! nack-address # errno 121\n".to_owned(),
            "0.2 62 w 01 00 # mode = standby\n".to_owned(),
        ] {
            let whole = parse_recording("a", (first.clone() + &last).as_bytes()).unwrap();
            assert_eq!((whole.0.transfers.len(), &whole.1), (2, &None));
            for cut in 0..last.len() {
                let bytes = [first.as_bytes(), &last.as_bytes()[..cut]].concat();
                let (read, remark) = parse_recording("a", &*bytes).unwrap();
                let has_packet = cut >= "0.2 62 r ".len() + packet.len() && last.contains(&packet);
                let expected = &whole.0.transfers[..1 + usize::from(has_packet)];
                assert_eq!(read.transfers, expected, "{last} cut at {cut}");
                // A cut behind the end of a line has cut nothing.
                assert_eq!(remark.is_none(), has_packet || cut == 0, "{last} cut at {cut}: {remark:?}");
            }
        }
    }

    /// As `/dev/zero` is, and a file of another kind that happens to be text.
    #[test]
    fn what_never_ends_is_refused_and_not_kept_in_memory() {
        let report = parse_recording("zero", BufReader::new(io::repeat(0))).unwrap_err();
        assert!(report.what.ends_with("line 1: it does not end"), "{report}");
        assert_eq!(report.run, "ls -l zero", "what looks at it ends");
        let lines = b"y\n".iter().copied().cycle().take(100 * LONGEST_LINE);
        struct Lines<I>(I);
        impl<I: Iterator<Item = u8>> io::Read for Lines<I> {
            fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
                Ok(bytes.iter_mut().zip(&mut self.0).map(|(to, byte)| *to = byte).count())
            }
        }
        let report = parse_recording("yes", BufReader::new(Lines(lines))).unwrap_err();
        assert!(report.what.contains("line 1: "), "{report}");
        assert_eq!(read("/dev/zero", 1 << 20).unwrap_err().kind(), ErrorKind::FileTooLarge);
    }

    #[test]
    fn the_shipped_scenarios_are_listed() {
        let shipped = shipped_scenarios();
        assert!(shipped.split(", ").all(|name| scenario(name).is_ok()), "{shipped}");
        assert_eq!(shipped.split(", ").count(), Scenario::SHIPPED.len());
    }

    #[test]
    fn a_shipped_name_with_an_ending_is_understood() {
        let report = scenario("walk_up.toml").unwrap_err();
        assert!(report.likely.contains("is called walk_up"), "{report}");
    }
}
