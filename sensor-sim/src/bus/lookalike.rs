//! Other parts that answer at the sensor's address.

use core::time::Duration;

use mlsensor::crc16_mcrf4xx;
use mlsensor::person_sensor::ADDRESS;

use crate::random::Dice;
use crate::{Direction, Target};

/// Which other part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LookalikeKind {
    /// An SCD4x CO2 sensor: words of two bytes, each with its own CRC-8.
    Co2Sensor,
    /// The same board with the hand-gesture firmware: data length 29, its checksum right behind its data. What its
    /// records hold is assumed.
    HandFirmware,
    /// A bus that acknowledges every address and drives nothing, such as a display's.
    AnswersAll,
    /// A part that sends bytes of its own, such as a Grove Vision AI module. Its protocol is not modelled.
    OtherPart,
}

impl LookalikeKind {
    /// Every kind.
    pub const ALL: &'static [LookalikeKind] = &[
        LookalikeKind::Co2Sensor,
        LookalikeKind::HandFirmware,
        LookalikeKind::AnswersAll,
        LookalikeKind::OtherPart,
    ];

    /// What a read of it gives. `salt` makes one reading differ from another.
    pub(super) fn fill(self, bytes: &mut [u8], salt: u64) {
        let mut dice = Dice::new(salt, self as u64);
        let mut random = || dice.below(256) as u8;
        match self {
            LookalikeKind::AnswersAll => bytes.fill(0xFF),
            LookalikeKind::OtherPart => bytes.fill_with(random),
            LookalikeKind::Co2Sensor => {
                for triple in bytes.chunks_mut(3) {
                    let word = [random(), random()];
                    let sent = word.into_iter().chain([crc8(&word)]);
                    triple.iter_mut().zip(sent).for_each(|(byte, sent)| *byte = sent);
                }
            }
            LookalikeKind::HandFirmware => {
                let mut message = [0; 35];
                let (checked, checksum) = message.split_at_mut(33);
                let [_, _, length, _, count, record, ..] = checked else { return };
                (*length, *count, *record) = (29, 1, random());
                checksum.copy_from_slice(&crc16_mcrf4xx(checked).to_le_bytes());
                let sent = message.into_iter().chain(core::iter::repeat(0xFF));
                bytes.iter_mut().zip(sent).for_each(|(byte, sent)| *byte = sent);
            }
        }
    }
}

/// CRC-8 with polynomial 0x31 and initial value 0xFF, as SCD4x sensors send it behind each word.
fn crc8(word: &[u8; 2]) -> u8 {
    word.iter().fold(0xFF, |crc, byte| {
        (0..8).fold(crc ^ byte, |crc, _| (crc << 1) ^ (if crc & 0x80 == 0 { 0 } else { 0x31 }))
    })
}

/// Another part at 0x62, as a target for a [`SimBus`](crate::SimBus): to see that a program does not take
/// it for a Person Sensor, and never writes to it.
///
/// ```
/// use mlsensor::{PersonSensor, ProbeError};
/// use mlsensor_sim::{Lookalike, LookalikeKind, SimBus};
///
/// let bus = SimBus::new();
/// let other = bus.attach(Lookalike::new(LookalikeKind::Co2Sensor));
/// let mut sensor = PersonSensor::new(bus);
/// assert!(matches!(sensor.probe(), Err(ProbeError::NotAPersonSensor(_))));
/// assert_eq!(other.with(|other| other.bytes_written()), 0);
/// ```
#[derive(Debug, Clone)]
pub struct Lookalike {
    kind: LookalikeKind,
    reads: u64,
    written: u64,
    /// What the read that is under way still gives.
    sending: std::vec::IntoIter<u8>,
    is_selected: bool,
}

impl Lookalike {
    /// The longest read that it answers with its own bytes.
    const LONGEST_READ: usize = 256;

    /// A part of this kind.
    #[must_use]
    pub fn new(kind: LookalikeKind) -> Lookalike {
        Lookalike { kind, reads: 0, written: 0, sending: Vec::new().into_iter(), is_selected: false }
    }

    /// How many bytes it was sent: 0, if the program is as careful as it should be.
    #[must_use]
    pub const fn bytes_written(&self) -> u64 {
        self.written
    }
}

impl Target for Lookalike {
    fn start(&mut self, address: u8, direction: Direction) -> bool {
        self.is_selected = address == ADDRESS;
        if self.is_selected && direction == Direction::Read {
            let mut message = vec![0; Lookalike::LONGEST_READ];
            self.kind.fill(&mut message, self.reads);
            self.reads += 1;
            self.sending = message.into_iter();
        }
        self.is_selected
    }

    fn write_byte(&mut self, _byte: u8) -> bool {
        self.written += 1;
        self.is_selected
    }

    fn read_byte(&mut self) -> u8 {
        self.sending.next().unwrap_or(0xFF)
    }

    fn stop(&mut self) {
        self.is_selected = false;
    }

    fn advance(&mut self, _by: Duration) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_checksum_has_its_published_check_value() {
        assert_eq!(crc8(&[0xBE, 0xEF]), 0x92);
    }
}
