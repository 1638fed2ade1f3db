//! The seven registers, as commands, to and from the two bytes of a write.
//!
//! # Guarantees
//! * Each command is one write of two bytes, register then value, in a transaction of its own: several
//!   pairs in one transaction have been reported not to take effect.
//! * [`Command::parse`] is total, and `parse(emit(command)) == Ok(command)` for every command.

use core::fmt;

use super::{OutOfRange, PersonId};

/// What the sensor does on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Mode {
    /// Lowest power, no capture (Guide, register 0x01, value 0). A single shot can be triggered.
    Standby,
    /// Capture after capture, and the presence pin is driven (value 1). **The power-on default.**
    #[default]
    Continuous,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Mode::Standby => "standby",
            Mode::Continuous => "continuous",
        })
    }
}

/// One register write, by the guide's names (Guide, Configuration).
///
/// `Display` gives the decoded form that traces use: `mode = standby`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Command {
    /// 0x01, mode. Power-on default: continuous.
    Mode(Mode),
    /// 0x02, enable ID: run the recognition model, which makes inferences slower. Power-on default: off.
    EnableId(bool),
    /// 0x03, single shot: trigger one inference. Only in standby.
    SingleShot,
    /// 0x04, label next ID: calibrate the next identified face as this person. Discarded if two camera
    /// frames pass with nobody.
    LabelNextId(PersonId),
    /// 0x05, persist IDs: keep labels over a loss of power. Power-on default: on.
    PersistIds(bool),
    /// 0x06, erase IDs: forget every label. There is no "off" to this register: any write erases.
    EraseIds,
    /// 0x07, debug mode: the indicator LED. Power-on default: on.
    DebugMode(bool),
}

/// Register numbers (Guide, Configuration).
const MODE: u8 = 0x01;
const ENABLE_ID: u8 = 0x02;
const SINGLE_SHOT: u8 = 0x03;
const LABEL_NEXT_ID: u8 = 0x04;
const PERSIST_IDS: u8 = 0x05;
const ERASE_IDS: u8 = 0x06;
const DEBUG_MODE: u8 = 0x07;

impl Command {
    /// Reads two bytes, register then value.
    ///
    /// The value of single shot and of erase IDs is ignored, as published programs show.
    ///
    /// # Errors
    /// [`CommandError`] for a register or a value that the guide does not have.
    pub const fn parse(bytes: [u8; 2]) -> Result<Command, CommandError> {
        let [register, value] = bytes;
        let undocumented = Err(CommandError::Value { register, value });
        Ok(match (register, value) {
            (MODE, 0) => Command::Mode(Mode::Standby),
            (MODE, 1) => Command::Mode(Mode::Continuous),
            (ENABLE_ID, 0 | 1) => Command::EnableId(value == 1),
            (SINGLE_SHOT, _) => Command::SingleShot,
            (LABEL_NEXT_ID, _) => match PersonId::new(value) {
                Ok(id) => Command::LabelNextId(id),
                Err(OutOfRange { .. }) => return undocumented,
            },
            (PERSIST_IDS, 0 | 1) => Command::PersistIds(value == 1),
            (ERASE_IDS, _) => Command::EraseIds,
            (DEBUG_MODE, 0 | 1) => Command::DebugMode(value == 1),
            (MODE | ENABLE_ID | PERSIST_IDS | DEBUG_MODE, _) => return undocumented,
            _ => return Err(CommandError::Register { register, value }),
        })
    }

    /// The two bytes of the write, register then value.
    #[must_use]
    pub const fn emit(self) -> [u8; 2] {
        match self {
            Command::Mode(Mode::Standby) => [MODE, 0],
            Command::Mode(Mode::Continuous) => [MODE, 1],
            Command::EnableId(on) => [ENABLE_ID, on as u8],
            Command::SingleShot => [SINGLE_SHOT, 0], // the value most published programs write
            Command::LabelNextId(id) => [LABEL_NEXT_ID, id.get()],
            Command::PersistIds(on) => [PERSIST_IDS, on as u8],
            Command::EraseIds => [ERASE_IDS, 1],
            Command::DebugMode(on) => [DEBUG_MODE, on as u8],
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let switch = |on| if on { "on" } else { "off" };
        match *self {
            Command::Mode(mode) => write!(f, "mode = {mode}"),
            Command::EnableId(on) => write!(f, "enable ID = {}", switch(on)),
            Command::SingleShot => f.write_str("single shot"),
            Command::LabelNextId(id) => write!(f, "label next ID = {id}"),
            Command::PersistIds(on) => write!(f, "persist IDs = {}", switch(on)),
            Command::EraseIds => f.write_str("erase IDs"),
            Command::DebugMode(on) => write!(f, "debug mode (LED) = {}", switch(on)),
        }
    }
}

/// Two bytes that are no command of the guide's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CommandError {
    /// There is no such register.
    Register {
        /// The first byte, 0x00 or above 0x07.
        register: u8,
        /// The second byte.
        value: u8,
    },
    /// The register exists; the value is none of its own.
    Value {
        /// The first byte.
        register: u8,
        /// The second byte.
        value: u8,
    },
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CommandError::Register { register, value } => {
                write!(f, "there is no register {register:#04x} (value {value:#04x})")
            }
            CommandError::Value { register, value } => {
                write!(f, "register {register:#04x} has no value {value:#04x}")
            }
        }
    }
}

impl core::error::Error for CommandError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_bytes_is_a_command_or_an_error_and_commands_come_back() {
        let mut commands = 0;
        for register in 0..=u8::MAX {
            for value in 0..=u8::MAX {
                match Command::parse([register, value]) {
                    Ok(command) => {
                        commands += 1;
                        assert_eq!(Command::parse(command.emit()), Ok(command));
                        let ignores_its_value = register == 3 || register == 6;
                        assert!(ignores_its_value || command.emit() == [register, value]);
                    }
                    Err(CommandError::Register { register: r, value: v }) => {
                        assert!((r, v) == (register, value) && !(1..=7).contains(&register));
                    }
                    Err(CommandError::Value { register: r, value: v }) => {
                        assert!((r, v) == (register, value) && (1..=7).contains(&register));
                    }
                }
            }
        }
        assert_eq!(commands, 2 + 2 + 256 + 8 + 2 + 256 + 2);
    }
}
