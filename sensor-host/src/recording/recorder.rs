//! The traffic of any bus, written down while it happens.

use std::fmt::{self, Write as _};
use std::io::{self, Write};
use std::time::{Duration, SystemTime};

use embedded_hal::i2c::{self, Operation};
use mlsensor_sim::Recording;

/// What a recording says of itself in its first lines, which are comments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// Where the traffic is from, such as `/dev/i2c-1`.
    pub source: String,
    /// The date and time at which the recording's clock was zero; `None` for a simulated bus, which has no date.
    pub begun: Option<SystemTime>,
}

impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The first line of every recording, as an empty one has it.
        write!(f, "{}", Recording::default())?;
        if !self.source.is_empty() {
            writeln!(f, "# source {}", one_line(&self.source))?;
        }
        match self.begun {
            Some(begun) => writeln!(f, "# begun {}", humantime::format_rfc3339_millis(begun)),
            None => Ok(()),
        }
    }
}

/// Wraps any bus, a real one too, and writes each transaction down as soon as it is over, errors included.
///
/// Each line is written at once and flushed: a program that is killed loses at most the transaction that was under way. When
/// nothing can be written any more, the bus goes on working; ask [`take_trouble`](Self::take_trouble). Where a line could be
/// written in part alone, as on a disk that has become full, nothing comes behind it, so who reads the recording knows it by its
/// missing end. A [`LineFile`](super::LineFile) takes such a line back.
///
/// ```
/// use mlsensor::PersonSensor;
/// use mlsensor_host::recording::{Header, Recorder};
/// use mlsensor_sim::{SimBus, SimSensor};
///
/// let (bus, _sim) = SimBus::with_sensor(SimSensor::new());
/// let clock = bus.clone();
/// let mut text = Vec::new();
/// let recorder = Recorder::begin(bus, move || clock.now(), &mut text, &Header::default())?;
/// PersonSensor::new(recorder).set_led(false)?;
/// let text = String::from_utf8(text)?;
/// assert_eq!(text, "# mlsensor recording 1\n0.000000 62 w 07 00 # debug mode (LED) = off\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Recorder<B: i2c::ErrorType, C, W> {
    bus: B,
    clock: C,
    to: W,
    latest: Duration,
    errno: fn(&B::Error) -> Option<i32>,
    trouble: Option<io::Error>,
    /// A line was written in part: what came behind it would be read as a part of it.
    is_cut: bool,
    transfers: u64,
}

impl<B: i2c::ErrorType, C: FnMut() -> Duration, W: Write> Recorder<B, C, W> {
    /// Wraps a bus, and writes the header. `clock` gives the time since `header.begun`, or since any other moment.
    ///
    /// # Errors
    /// If the header cannot be written.
    pub fn begin(bus: B, clock: C, mut to: W, header: &Header) -> io::Result<Self> {
        to.write_all(header.to_string().as_bytes())?;
        to.flush()?;
        let (latest, errno) = (Duration::ZERO, (|_| None) as fn(&B::Error) -> _);
        Ok(Recorder { bus, clock, to, latest, errno, trouble: None, is_cut: false, transfers: 0 })
    }

    /// Notes the errno of each error that has one: `! nack # errno 121`.
    #[must_use]
    pub fn with_errno(self, errno: fn(&B::Error) -> Option<i32>) -> Self {
        Recorder { errno, ..self }
    }

    /// What kept the latest line that is missing from being written, if any is, and forgets it.
    pub fn take_trouble(&mut self) -> Option<io::Error> {
        self.trouble.take()
    }

    /// How many transfers were written.
    #[must_use]
    pub const fn transfers(&self) -> u64 {
        self.transfers
    }

    /// What is written to.
    #[must_use]
    pub const fn writer(&self) -> &W {
        &self.to
    }

    /// The same, to do something else with it. What is written here is no line of the recorder.
    pub const fn writer_mut(&mut self) -> &mut W {
        &mut self.to
    }

    /// The bus, to be asked something.
    #[must_use]
    pub const fn bus(&self) -> &B {
        &self.bus
    }

    /// The bus. What goes over it here is not recorded.
    pub fn bus_mut(&mut self) -> &mut B {
        &mut self.bus
    }

    /// Gives the bus and the writer back.
    pub fn release(self) -> (B, W) {
        (self.bus, self.to)
    }

    fn push(
        &mut self,
        at: Duration,
        address: u8,
        operations: &[Operation<'_>],
        outcome: &Result<(), B::Error>,
    ) {
        self.latest = at.max(self.latest);
        let error = outcome.as_ref().err();
        let mut recording = Recording::default();
        recording.push_transaction(self.latest, address, operations, error.map(i2c::Error::kind));
        let errno = error.and_then(self.errno);
        let mut lines = String::new();
        for transfer in &mut recording.transfers {
            transfer.errno = errno.filter(|_| transfer.error.is_some());
            // Writing to a string cannot fail.
            let _ = writeln!(lines, "{transfer}");
        }
        match self.write_whole(lines.as_bytes()).and_then(|()| self.to.flush()) {
            Ok(()) => self.transfers += recording.transfers.len() as u64,
            Err(trouble) => self.trouble = Some(trouble),
        }
    }

    fn write_whole(&mut self, lines: &[u8]) -> io::Result<()> {
        if self.is_cut {
            return Err(io::Error::other("a line before it was written in part"));
        }
        let mut written = 0;
        while let Some(rest) = lines.get(written..).filter(|rest| !rest.is_empty()) {
            match self.to.write(rest) {
                Ok(0) => break,
                Ok(more) => written += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.is_cut = written > 0;
                    return Err(error);
                }
            }
        }
        self.is_cut = (1..lines.len()).contains(&written);
        if written < lines.len() { Err(io::ErrorKind::WriteZero.into()) } else { Ok(()) }
    }
}

impl<B: i2c::ErrorType, C, W> i2c::ErrorType for Recorder<B, C, W> {
    type Error = B::Error;
}

impl<B: i2c::I2c, C: FnMut() -> Duration, W: Write> i2c::I2c for Recorder<B, C, W> {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), B::Error> {
        let begin = (self.clock)();
        let outcome = self.bus.transaction(address, operations);
        self.push(begin, address, operations, &outcome);
        outcome
    }
}

impl<B, C, W> embedded_hal_async::i2c::I2c for Recorder<B, C, W>
where
    B: embedded_hal_async::i2c::I2c,
    C: FnMut() -> Duration,
    W: Write,
{
    async fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), B::Error> {
        let begin = (self.clock)();
        let outcome = self.bus.transaction(address, operations).await;
        self.push(begin, address, operations, &outcome);
        outcome
    }
}

/// What must not begin a line of its own.
fn one_line(text: &str) -> String {
    text.replace(|sign: char| sign.is_control(), " ")
}

#[cfg(test)]
mod tests {
    use embedded_hal::i2c::I2c as _;
    use mlsensor_sim::{SimBus, SimBusError, SimSensor};

    use super::*;

    /// Takes a number of bytes, of a line a part, and then nothing any more: a disk that is full.
    struct Small(Vec<u8>, usize);

    impl Write for Small {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let room = self.1 - self.0.len();
            if room == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            let bytes = &bytes[..bytes.len().min(room)];
            self.0.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_header_says_where_and_when_in_one_line_each() {
        let begun = SystemTime::UNIX_EPOCH + Duration::from_millis(1_763_835_604_123);
        let header = Header { source: "replay:a\nb".to_owned(), begun: Some(begun) };
        let text = "# mlsensor recording 1\n# source replay:a b\n# begun 2025-11-22T18:20:04.123Z\n";
        assert_eq!(header.to_string(), text);
        assert_eq!(Recording::parse(text), Ok(Recording::default()));
    }

    #[test]
    fn an_error_is_recorded_with_its_errno_behind_it() {
        let (bus, clock) = (SimBus::new(), SimBus::new());
        let recorder = Recorder::begin(bus, move || clock.now(), Vec::new(), &Header::default()).unwrap();
        let mut recorder = recorder.with_errno(|error| match error {
            SimBusError::NoAcknowledge { .. } => Some(121),
            _ => None,
        });
        let mut bytes = [0; 2];
        recorder.write_read(0x62, &[0x01], &mut bytes).unwrap_err();
        recorder.read(0x62, &mut bytes).unwrap_err();
        let text = String::from_utf8(recorder.release().1).unwrap();
        let lines: Vec<&str> = text.lines().skip(1).collect();
        // A write and a read that failed together: which of them failed the bus does not tell, so it is told of the last.
        assert_eq!(
            lines,
            [
                "0.000000 62 w 01",
                "0.000000 62 +r ! nack-address # errno 121",
                "0.000000 62 r ! nack-address # errno 121"
            ]
        );
        assert_eq!(Recording::parse(&text).map(|recording| recording.transfers.len()), Ok(3));
    }

    /// Wherever the disk is full: the lines before it are whole, and nothing comes behind the one that is not, also when there is
    /// room again.
    #[test]
    fn a_full_disk_is_no_fault_of_the_bus_and_cuts_one_line_at_most() {
        let header = Header::default().to_string().len();
        for room in header..header + 100 {
            let (bus, _sim) = SimBus::with_sensor(SimSensor::new());
            let clock = bus.clone();
            let small = Small(Vec::new(), room);
            let mut recorder = Recorder::begin(bus, move || clock.now(), small, &Header::default()).unwrap();
            let mut lines = 0;
            while recorder.take_trouble().is_none() {
                lines = recorder.transfers() as usize;
                recorder.write(0x62, &[0x07, 0x00]).unwrap();
            }
            let full = recorder.writer().0.clone();
            recorder.writer_mut().1 = 1000;
            recorder.write(0x62, &[0x07, 0x01]).unwrap();
            let text = String::from_utf8(recorder.release().1.0).unwrap();
            let is_cut = !full.ends_with(b"\n");
            assert_eq!(text.len() == full.len(), is_cut, "{text}");
            assert_eq!(text.lines().count(), 1 + lines + 1, "{text}");
            let (whole, _) = text.rsplit_once('\n').unwrap();
            let expected = lines + usize::from(!is_cut);
            assert_eq!(Recording::parse(whole).map(|recording| recording.transfers.len()), Ok(expected));
        }
    }

    #[test]
    fn a_clock_that_goes_back_gives_a_recording_that_does_not() {
        let (bus, _sim) = SimBus::with_sensor(SimSensor::new());
        let mut times = [5, 3, 6].into_iter().map(Duration::from_secs);
        let clock = move || times.next().unwrap_or_default();
        let mut recorder = Recorder::begin(bus, clock, Vec::new(), &Header::default()).unwrap();
        for _ in 0..3 {
            recorder.write(0x62, &[0x07, 0x00]).unwrap();
        }
        let text = String::from_utf8(recorder.release().1).unwrap();
        let recording = Recording::parse(&text).unwrap();
        let times: Vec<u64> = recording.transfers.iter().map(|transfer| transfer.at.as_secs()).collect();
        assert_eq!(times, [5, 5, 6]);
    }
}
