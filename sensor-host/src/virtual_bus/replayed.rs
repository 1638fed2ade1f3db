//! A recording as a part on a simulated bus.

use std::time::Duration;

use mlsensor::person_sensor::ADDRESS;
use mlsensor::{Faces, Packet};
use mlsensor_sim::{Direction, Recording, Target, Transfer};

/// How long the last read of a recording stands: then the part is silent.
const LAST_STANDS: Duration = Duration::from_secs(1);

/// A part at 0x62 that gives what was read of a sensor when it was recorded: at each moment the latest read of the
/// recording, which begins with its first.
///
/// Writes are acknowledged and change nothing. While the latest read failed when it was recorded, and a second after the end
/// of the recording, the part is silent.
#[derive(Debug)]
pub struct Replayed {
    reads: Vec<Transfer>,
    now: Duration,
    /// How many of the reads are in the past.
    begun: usize,
    next_byte: usize,
    is_selected: bool,
}

impl Replayed {
    /// A recording from its first read of 0x62 on.
    #[must_use]
    pub fn new(recording: Recording) -> Replayed {
        let is_read = |read: &Transfer| read.address == ADDRESS && read.direction == Direction::Read;
        let mut reads: Vec<Transfer> = recording.transfers.into_iter().filter(is_read).collect();
        let begin = reads.first().map_or(Duration::ZERO, |first| first.at);
        reads.iter_mut().for_each(|read| read.at = read.at.saturating_sub(begin));
        let mut replayed =
            Replayed { reads, now: Duration::ZERO, begun: 0, next_byte: 0, is_selected: false };
        replayed.advance(Duration::ZERO);
        replayed
    }

    /// The latest read, if it still stands and was one.
    fn latest(&self) -> Option<&Transfer> {
        let latest = self.reads.get(self.begun.checked_sub(1)?)?;
        let stands = self.begun < self.reads.len() || self.now <= latest.at.saturating_add(LAST_STANDS);
        Some(latest).filter(|latest| stands && latest.error.is_none())
    }

    /// For how long this has been the latest read.
    pub(super) fn age(&self) -> Duration {
        let since = match self.begun.checked_sub(1).and_then(|latest| self.reads.get(latest)) {
            Some(latest) if self.latest().is_none() && latest.error.is_none() => {
                latest.at.saturating_add(LAST_STANDS)
            }
            Some(latest) => latest.at,
            None => Duration::ZERO,
        };
        self.now.saturating_sub(since)
    }

    /// Whether the latest read has a face: the presence pin.
    #[must_use]
    pub fn presence(&self) -> bool {
        let packet = self.latest().and_then(|latest| latest.bytes.first_chunk());
        packet.is_some_and(|packet: &Packet| Faces::parse(packet).is_ok_and(|faces| !faces.is_empty()))
    }
}

impl Target for Replayed {
    fn start(&mut self, address: u8, _direction: Direction) -> bool {
        self.next_byte = 0;
        self.is_selected = address == ADDRESS && self.latest().is_some();
        self.is_selected
    }

    fn write_byte(&mut self, _byte: u8) -> bool {
        self.is_selected
    }

    fn read_byte(&mut self) -> u8 {
        let byte = self.latest().and_then(|latest| latest.bytes.get(self.next_byte)).copied();
        self.next_byte = self.next_byte.saturating_add(1);
        byte.filter(|_| self.is_selected).unwrap_or(0xFF)
    }

    fn stop(&mut self) {
        self.is_selected = false;
    }

    fn advance(&mut self, by: Duration) {
        self.now = self.now.saturating_add(by);
        self.begun = self.reads.partition_point(|read| read.at <= self.now);
    }

    fn next_event(&self) -> Option<Duration> {
        let next = match self.reads.get(self.begun) {
            Some(next) => next.at,
            None => self.reads.last()?.at.checked_add(LAST_STANDS + Duration::from_nanos(1))?,
        };
        next.checked_sub(self.now).filter(|wait| !wait.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(replayed: &mut Replayed, len: usize) -> Option<Vec<u8>> {
        let acknowledged = replayed.start(0x62, Direction::Read);
        let bytes = (0..len).map(|_| replayed.read_byte()).collect();
        replayed.stop();
        acknowledged.then_some(bytes)
    }

    #[test]
    fn each_moment_has_the_latest_read_of_the_recording() {
        let text = "100.0 62 w 01 01\n100.0 62 r 01 02\n100.5 10 r 09\n101.0 62 r ! bus\n102.0 62 r 03\n";
        let mut replayed = Replayed::new(Recording::parse(text).unwrap());
        assert_eq!(read(&mut replayed, 3), Some(vec![1, 2, 0xFF]));
        assert!(!replayed.start(0x10, Direction::Read), "other parts are not replayed");
        assert_eq!(replayed.next_event(), Some(Duration::from_secs(1)));
        replayed.advance(Duration::from_millis(999));
        assert_eq!(read(&mut replayed, 1), Some(vec![1]));
        replayed.advance(Duration::from_millis(1));
        assert_eq!(read(&mut replayed, 1), None);
        replayed.advance(Duration::from_secs(1));
        assert_eq!(read(&mut replayed, 1), Some(vec![3]));
        replayed.advance(Duration::from_secs(1));
        assert_eq!(read(&mut replayed, 1), Some(vec![3]));
        replayed.advance(replayed.next_event().unwrap());
        assert_eq!((read(&mut replayed, 1), replayed.next_event()), (None, None));
    }

    #[test]
    fn the_pin_is_high_while_the_latest_read_has_a_face() {
        let one = "00 00 21 00 01 63 7c 80 95 aa 43 00 01 ".to_owned() + &"00 ".repeat(24) + "15 8b";
        let nobody = "00 00 21 00 00 ".to_owned() + &"00 ".repeat(32) + "25 37";
        let text = format!("0 {nobody}\n1 {one} ff\n2 ff ff\n3 {one}\n4 62 r ! nack\n5 {nobody}");
        let mut replayed = Replayed::new(Recording::parse(&text).unwrap());
        let mut levels = Vec::new();
        for _ in 0..6 {
            levels.push(replayed.presence());
            replayed.advance(Duration::from_secs(1));
        }
        assert_eq!(levels, [false, true, false, true, false, false]);
    }

    #[test]
    fn an_empty_recording_is_silent() {
        let mut replayed = Replayed::new(Recording::default());
        assert_eq!((read(&mut replayed, 1), replayed.next_event(), replayed.presence()), (None, None, false));
    }
}
