//! What answers at 0x62, by what a read of it gives: other parts share the address of the Person Sensor.
//!
//! # Guarantees
//! * Reading is all that it takes: nothing is ever written to find out what a part is.
//! * Only a packet that passes every check is a Person Sensor. What else a part is, is a guess, and is called one.

use std::fmt;

use mlsensor::person_sensor::PACKET_LEN;
use mlsensor::{Faces, PacketError};

/// What a read of 39 bytes shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// A Person Sensor, and what it reports.
    PersonSensor(Faces),
    /// Most likely the board of a Person Sensor with the firmware that reports hands.
    HandFirmware,
    /// Most likely an SCD4x CO2 sensor, or another part that sends words with a CRC-8 each, as Sensirion's do.
    WordsWithCrc8,
    /// Every bit is high: something acknowledges, and nothing sends. Most likely the bus of a display, which acknowledges every
    /// address.
    AnswersAll,
    /// Every bit is low: a Person Sensor that has not looked yet, or a data line that is held low.
    AllZero,
    /// The bytes begin as those of a Person Sensor do, and are damaged.
    Damaged(PacketError),
    /// Another part.
    OtherPart(PacketError),
}

impl Answer {
    /// What these bytes are.
    ///
    /// ```
    /// use mlsensor_host::identify::Answer;
    ///
    /// assert_eq!(Answer::of(&[0xFF; 39]), Answer::AnswersAll);
    /// ```
    #[must_use]
    pub fn of(bytes: &[u8; PACKET_LEN]) -> Answer {
        let error = match Faces::parse(bytes) {
            Ok(faces) => return Answer::PersonSensor(faces),
            Err(error) => error,
        };
        match error {
            PacketError::UndrivenBus => Answer::AnswersAll,
            PacketError::AllZero => Answer::AllZero,
            PacketError::DataLength { found: 29 } => Answer::HandFirmware,
            _ if bytes.chunks_exact(3).all(is_word) => Answer::WordsWithCrc8,
            // Reserved bytes, which are zero, and the data length of the Person Sensor.
            error if bytes.starts_with(&[0, 0, 33, 0]) => Answer::Damaged(error),
            error => Answer::OtherPart(error),
        }
    }

    /// A name for programs: `person_sensor`, `hand_firmware`, `words_with_crc8`, `answers_all`, `all_zero`, `damaged` or
    /// `other_part`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Answer::PersonSensor(_) => "person_sensor",
            Answer::HandFirmware => "hand_firmware",
            Answer::WordsWithCrc8 => "words_with_crc8",
            Answer::AnswersAll => "answers_all",
            Answer::AllZero => "all_zero",
            Answer::Damaged(_) => "damaged",
            Answer::OtherPart(_) => "other_part",
        }
    }

    /// The faces, if it is a Person Sensor.
    #[must_use]
    pub const fn faces(&self) -> Option<&Faces> {
        match self {
            Answer::PersonSensor(faces) => Some(faces),
            _ => None,
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::PersonSensor(faces) => write!(f, "a Person Sensor: {faces}"),
            Answer::HandFirmware => f.write_str("no Person Sensor, but most likely its board with the firmware that reports hands"),
            Answer::WordsWithCrc8 => f.write_str("no Person Sensor, but most likely an SCD4x CO2 sensor: words with a CRC-8 each"),
            Answer::AnswersAll => f.write_str(
                "no Person Sensor: something acknowledges and sends nothing, most likely a display's bus that acknowledges every address",
            ),
            Answer::AllZero => f.write_str("all zero: a Person Sensor that has not looked yet, or a data line that is held low"),
            Answer::Damaged(error) => write!(f, "most likely a Person Sensor, but its packet is damaged: {error}"),
            Answer::OtherPart(error) => write!(f, "another part, such as a Grove Vision AI module: {error}"),
        }
    }
}

/// Why it most likely is that what was read is no packet, where nothing is known but the rule that it breaks. (By the bytes,
/// [`Answer::of`] tells another part from bits that were lost.)
#[must_use]
pub const fn likely(error: &PacketError) -> &'static str {
    match error {
        PacketError::UndrivenBus => {
            "this is the bus of a display, which acknowledges every address, or the sensor has no power, or lost it in the middle"
        }
        PacketError::AllZero => {
            "the sensor has no result yet (it needs 3 seconds from power-up), or the data line is held low"
        }
        PacketError::Checksum { .. } => {
            "bits were lost on the way (a loose wire, one too long, a missing pull-up), or another part has the address 0x62"
        }
        PacketError::DataLength { .. } => "this is another part, or the sensor's board with another firmware",
        // The checksum is right.
        _ => "this is another part at the same address, or a sensor with another firmware",
    }
}

/// Two bytes and their CRC-8, with polynomial 0x31 and initial value 0xFF (SCD4x data sheet).
fn is_word(word: &[u8]) -> bool {
    let step = |crc: u8, _| (crc << 1) ^ (if crc & 0x80 == 0 { 0 } else { 0x31 });
    // Behind its own checksum, the checksum of anything is zero.
    word.iter().fold(0xFF, |crc: u8, byte| (0..8).fold(crc ^ byte, step)) == 0
}

#[cfg(test)]
mod tests {
    use mlsensor::PersonSensor;
    use mlsensor_sim::{Lookalike, LookalikeKind, SimBus, SimSensor};

    use super::*;

    fn read(bus: SimBus) -> Answer {
        Answer::of(&PersonSensor::new(bus).read_packet().unwrap())
    }

    #[test]
    fn every_lookalike_is_told_from_the_others() {
        for (kind, name) in [
            (LookalikeKind::Co2Sensor, "words_with_crc8"),
            (LookalikeKind::HandFirmware, "hand_firmware"),
            (LookalikeKind::AnswersAll, "answers_all"),
            (LookalikeKind::OtherPart, "other_part"),
        ] {
            let bus = SimBus::new();
            let other = bus.attach(Lookalike::new(kind));
            for _ in 0..100 {
                let answer = read(bus.clone());
                assert_eq!(answer.name(), name);
                assert!(answer.faces().is_none() && !answer.to_string().contains("a Person Sensor:"));
            }
            assert_eq!(other.with(|other| other.bytes_written()), 0);
        }
    }

    #[test]
    fn a_person_sensor_is_one_and_a_damaged_packet_is_not_blamed_on_another_part() {
        let (bus, _sim) = SimBus::with_sensor(SimSensor::new());
        assert_eq!(read(bus.clone()), Answer::PersonSensor(Faces::EMPTY));
        let mut packet = PersonSensor::new(bus).read_packet().unwrap();
        packet[20] ^= 1;
        assert_eq!(Answer::of(&packet).name(), "damaged");
        assert_eq!(Answer::of(&[0; 39]), Answer::AllZero);
    }

    /// The check value that the data sheet publishes: 0xBEEF has the CRC-8 0x92.
    #[test]
    fn a_word_is_told_by_its_published_checksum() {
        assert!(is_word(&[0xBE, 0xEF, 0x92]));
        assert!(!is_word(&[0xBE, 0xEF, 0x93]));
    }
}
