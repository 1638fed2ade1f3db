//! Traffic of a bus as data and as text.

use core::fmt::{self, Write as _};
use core::time::Duration;

use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource, Operation};
use mlsensor::{Command, Faces, Packet, person_sensor::ADDRESS};

use super::{Replay, direction_of};
use crate::Direction;

const HEADER: &str = "# mlsensor recording 1";

/// The errors of a transaction, by the names that recordings use.
const ERRORS: [(&str, ErrorKind); 7] = [
    ("nack-address", ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address)),
    ("nack-data", ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data)),
    ("nack", ErrorKind::NoAcknowledge(NoAcknowledgeSource::Unknown)),
    ("arbitration-loss", ErrorKind::ArbitrationLoss),
    ("bus", ErrorKind::Bus),
    ("overrun", ErrorKind::Overrun),
    ("other", ErrorKind::Other),
];

/// What comes before the errno of an error, in the comment behind it.
const ERRNO: &str = "errno ";

/// One transfer in one direction.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transfer {
    /// When its transaction began.
    pub at: Duration,
    /// The 7-bit address.
    pub address: u8,
    /// Whether it followed another one after a repeated START.
    pub is_repeated_start: bool,
    /// Written or read.
    pub direction: Direction,
    /// The bytes; none are recorded of a read that failed.
    pub bytes: Vec<u8>,
    /// The error that ended the transaction here.
    pub error: Option<ErrorKind>,
    /// What the operating system called that error, if it was the system that told.
    pub errno: Option<i32>,
}

/// The traffic of a bus, in order. `Display` and `parse` are the text form.
///
/// # The text
/// One line a transfer: seconds with six decimals, or with nine where they say more, the address in hexadecimal, the
/// direction, the bytes.
/// ```text
/// # mlsensor recording 1
/// 0.143620 62 r 00 00 21 00 01 63 7c ... 15 8b   # 1 face: 99 % at (124,128)-(149,170), id 0 (67 %), facing
/// 0.200000 62 w 01 00                            # mode = standby
/// 0.300000 62 r ! nack-address
/// 0.400000 62 w 01 ! nack-data
/// 0.500000 62 w 01
/// 0.500000 62 +r 00 00                           # after a repeated START
/// ```
/// `#` begins a comment, which means nothing, but for the errno of an error directly behind it: `! nack # errno 121`. `!` names the error that ended the transaction: `nack-address`, `nack-data`, `nack`,
/// `arbitration-loss`, `bus`, `overrun` or `other`. A line that has only a time and bytes is a read of 0x62:
/// enough for packets that were logged by other means. Lines may end as on Windows, and a byte order mark may come first.
///
/// What was recorded of a 7-bit address is the same after a trip through text, but for an error that has no name here:
/// that becomes `other`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recording {
    /// Transfer by transfer.
    pub transfers: Vec<Transfer>,
}

impl Recording {
    /// Reads the text form.
    ///
    /// # Errors
    /// The first line that is none, by number.
    pub fn parse(text: &str) -> Result<Recording, RecordingError> {
        let mut recording = Recording::default();
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        for (number, line) in text.lines().enumerate() {
            recording.push_line(line).map_err(|what| RecordingError { line: number + 1, what })?;
        }
        Ok(recording)
    }

    /// Adds a line of the text form, for what is read line by line.
    ///
    /// # Errors
    /// What is wrong with it; nothing was added then.
    pub fn push_line(&mut self, line: &str) -> Result<(), &'static str> {
        let (line, comment) = line.split_once('#').unwrap_or((line, ""));
        if line.trim().is_empty() {
            return Ok(());
        }
        let mut transfer = parse_line(line)?;
        if self.transfers.last().is_some_and(|last| last.at > transfer.at) {
            return Err("the time is earlier than on the line before");
        }
        transfer.errno = transfer.error.and_then(|_| comment.trim().strip_prefix(ERRNO)?.parse().ok());
        self.transfers.push(transfer);
        Ok(())
    }

    /// A bus that answers reads as they were recorded.
    #[must_use]
    pub fn replay(self) -> Replay {
        Replay::new(self)
    }

    /// Adds what one message did; `is_first` in its transaction.
    pub(super) fn push_message(
        &mut self,
        at: Duration,
        address: u8,
        message: &Operation<'_>,
        is_first: bool,
        error: Option<ErrorKind>,
    ) {
        self.push_transaction(at, address, core::slice::from_ref(message), error);
        if let Some(last) = self.transfers.last_mut() {
            last.is_repeated_start = !is_first;
        }
    }

    /// Adds what went on behind the latest transfer without a START.
    pub(super) fn push_more(&mut self, message: &Operation<'_>, error: Option<ErrorKind>) {
        let Some(last) = self.transfers.last_mut() else { return };
        match message {
            Operation::Read(_) if error.is_some() => {}
            Operation::Read(bytes) => last.bytes.extend_from_slice(bytes),
            Operation::Write(bytes) => last.bytes.extend_from_slice(bytes),
        }
        last.error = last.error.or(error);
    }

    /// Adds what one transaction did. Adjacent operations of one direction are one transfer. A time that is earlier
    /// than that of the transfer before is taken for that one: a recording never goes back.
    pub fn push_transaction(
        &mut self,
        at: Duration,
        address: u8,
        operations: &[Operation<'_>],
        error: Option<ErrorKind>,
    ) {
        let begin = self.transfers.len();
        let at = self.transfers.last().map_or(at, |last| at.max(last.at));
        for operation in operations {
            let direction = direction_of(operation);
            let bytes: &[u8] = match operation {
                Operation::Read(_) if error.is_some() => &[],
                Operation::Read(bytes) => bytes,
                Operation::Write(bytes) => bytes,
            };
            let is_repeated_start = self.transfers.len() > begin;
            match self.transfers.last_mut() {
                Some(last) if is_repeated_start && last.direction == direction => {
                    last.bytes.extend_from_slice(bytes);
                }
                _ => {
                    let bytes = bytes.to_vec();
                    let transfer = Transfer {
                        at,
                        address,
                        is_repeated_start,
                        direction,
                        bytes,
                        error: None,
                        errno: None,
                    };
                    self.transfers.push(transfer);
                }
            }
        }
        // A transaction without operations leaves nothing to note its error at.
        if let Some(last) = self.transfers.get_mut(begin..).and_then(<[_]>::last_mut) {
            last.error = error;
        }
    }
}

fn parse_line(line: &str) -> Result<Transfer, &'static str> {
    let mut words = line.split_whitespace().peekable();
    let at = words.next().and_then(parse_seconds).ok_or("it does not begin with a time in seconds")?;
    let mut ahead = words.clone().skip(1);
    let (address, is_repeated_start, direction) = match ahead.next() {
        Some(word @ ("r" | "w" | "+r" | "+w")) => {
            let address = words.next().and_then(parse_hex).filter(|&address| address < 0x80);
            let address = address.ok_or("the address is no hexadecimal number below 80")?;
            words.next();
            let direction = if word.ends_with('r') { Direction::Read } else { Direction::Write };
            (address, word.starts_with('+'), direction)
        }
        _ => (ADDRESS, false, Direction::Read),
    };
    let mut bytes = Vec::new();
    let mut error = None;
    while let Some(word) = words.next() {
        if word == "!" {
            let name = words.next().unwrap_or_default();
            let known = ERRORS.iter().find(|(known, _)| *known == name);
            error = Some(known.ok_or("there is no error of this name")?.1);
            if words.next().is_some() {
                return Err("something follows the error");
            }
        } else {
            bytes.push(parse_hex(word).ok_or("a byte is no hexadecimal number of two digits")?);
        }
    }
    Ok(Transfer { at, address, is_repeated_start, direction, bytes, error, errno: None })
}

fn parse_hex(word: &str) -> Option<u8> {
    let is_hex = word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| u8::from_str_radix(word, 16).ok())?
}

/// Decimal seconds, to the nanosecond, without floating point. No sign, no exponent.
fn parse_seconds(word: &str) -> Option<Duration> {
    let (whole, part) = word.split_once('.').unwrap_or((word, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 9 {
        return None;
    }
    let nanos = part.parse::<u32>().ok()? * 10_u32.pow(9 - part.len() as u32);
    Some(Duration::new(whole.parse().ok().filter(|&seconds: &u64| seconds < 1 << 40)?, nanos))
}

impl fmt::Display for Transfer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, nanos) = (self.at.as_secs(), self.at.subsec_nanos());
        let mut line = match nanos % 1000 {
            0 => format!("{seconds}.{:06} ", nanos / 1000),
            _ => format!("{seconds}.{nanos:09} "),
        };
        write!(line, "{:02x} ", self.address)?;
        line.push_str(if self.is_repeated_start { "+" } else { "" });
        line.push(if self.direction == Direction::Read { 'r' } else { 'w' });
        for byte in &self.bytes {
            write!(line, " {byte:02x}")?;
        }
        if let Some(error) = self.error {
            let name = ERRORS.iter().find(|(_, kind)| *kind == error).map_or("other", |(name, _)| name);
            write!(line, " ! {name}")?;
        }
        if let Some(errno) = self.errno.filter(|_| self.error.is_some()) {
            write!(line, " # {ERRNO}{errno}")?;
        }
        f.write_str(&line)?;
        if self.address == ADDRESS && self.error.is_none() {
            self.comment(f)?;
        }
        Ok(())
    }
}

impl Transfer {
    /// What the bytes mean, for a reader.
    fn comment(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.direction == Direction::Read {
            return match Packet::try_from(&*self.bytes).map(|packet| Faces::parse(&packet)) {
                Ok(Ok(faces)) => write!(f, " # {faces}"),
                Ok(Err(error)) => write!(f, " # {error}"),
                Err(_) => Ok(()),
            };
        }
        match <[u8; 2]>::try_from(&*self.bytes).map(Command::parse) {
            Ok(Ok(command)) => write!(f, " # {command}"),
            Ok(Err(error)) => write!(f, " # {error}"),
            Err(_) => Ok(()),
        }
    }
}

impl fmt::Display for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        self.transfers.iter().try_for_each(|transfer| writeln!(f, "{transfer}"))
    }
}

/// A line of a recording that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordingError {
    /// The line's number, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: &'static str,
}

impl fmt::Display for RecordingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl core::error::Error for RecordingError {}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# mlsensor recording 1
0.143620 62 r 00 00 21 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 25 37 # nobody
0.200000 62 w 01 00 # mode = standby
0.200000 62 w 09 00 # there is no register 0x09 (value 0x00)
0.300000 62 r ! nack-address
12.000001 62 w 01 ! nack-data
13.000000 70 w 01
13.000000 70 +r ff ff
14.000000 62 r ! nack # errno 121
";

    #[test]
    fn a_recording_is_the_same_after_a_trip_through_text() {
        let recording = Recording::parse(TEXT).unwrap();
        assert_eq!(recording.transfers.len(), 8);
        let errnos: Vec<Option<i32>> = recording.transfers.iter().map(|transfer| transfer.errno).collect();
        assert_eq!(errnos, [None, None, None, None, None, None, None, Some(121)]);
        assert_eq!(recording.to_string(), TEXT);
        assert_eq!(recording.transfers[4].error, Some(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data)));
        assert!(recording.transfers[6].is_repeated_start);
    }

    #[test]
    fn a_time_and_bytes_are_a_read_of_the_sensor() {
        let recording = Recording::parse("1.5 ff FF\n\n  # nothing\n").unwrap();
        let [read] = &recording.transfers[..] else { panic!("{recording:?}") };
        assert_eq!((read.at, read.address), (Duration::from_millis(1500), 0x62));
        assert_eq!((read.direction, &read.bytes[..]), (Direction::Read, &[0xFF, 0xFF][..]));
    }

    #[test]
    fn a_bad_line_is_named_by_its_number() {
        for (text, line, what) in [
            ("0.1 62 r 00\nnow 62 r 00", 2, "it does not begin with a time in seconds"),
            ("-0.1 62 r 00", 1, "it does not begin with a time in seconds"),
            ("0.1 zz r 00", 1, "the address is no hexadecimal number below 80"),
            ("0.1 90 r 00", 1, "the address is no hexadecimal number below 80"),
            ("0.1 62 r 0", 1, "a byte is no hexadecimal number of two digits"),
            ("0.1 62 r +1", 1, "a byte is no hexadecimal number of two digits"),
            ("0.1 62 r ! lost", 1, "there is no error of this name"),
            ("0.1 62 r ! bus 00", 1, "something follows the error"),
            ("0.2 62 r 00\n0.1 62 r 00", 2, "the time is earlier than on the line before"),
        ] {
            assert_eq!(Recording::parse(text), Err(RecordingError { line, what }), "{text}");
        }
    }
}
