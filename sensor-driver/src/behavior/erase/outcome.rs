//! How erasing goes, and how it ends.

use core::fmt;

use super::super::procedure::ProcedureError;
use crate::person_sensor::PersonId;

/// What is done now. `Display` is a sentence for the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum EraseProgress {
    /// The sensor gives no readings.
    NoReading,
    /// It looks who is recognised now.
    Preparing,
    /// The command was sent: the sensor is left alone.
    Erasing,
    /// Nobody is in view to check with.
    NobodyInView,
    /// So many of so many readings with somebody in view are checked.
    Checking {
        /// How many were checked.
        checked: u8,
        /// How many are to be checked.
        of: u8,
    },
}

impl fmt::Display for EraseProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EraseProgress::NoReading => f.write_str("the sensor does not answer"),
            EraseProgress::Preparing => f.write_str("looking who is known"),
            EraseProgress::Erasing => f.write_str("erasing"),
            EraseProgress::NobodyInView => f.write_str("nobody in view to check with"),
            EraseProgress::Checking { checked, of } => write!(f, "checked {checked} of {of} times"),
        }
    }
}

/// All ids were erased, as far as it could be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Erased {
    /// Whether enough readings with somebody in view said no id. If not, nobody was there to check with.
    pub is_verified: bool,
    /// How many readings with somebody in view there were after the command.
    pub checked: u8,
    /// Whether anybody in view was recognised before: then `is_verified` is a proof, if it is the same person.
    pub was_recognised: bool,
    /// How often the command was sent.
    pub commands_sent: u8,
}

/// Erasing gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum NotErased {
    /// There was no reading for too long: the bus fails, or what comes are no packets of this sensor.
    NoReading {
        /// How often the command was sent, those times included when the transfer failed.
        commands_sent: u8,
    },
    /// Somebody is recognised after the last attempt, as this id.
    StillKnown(PersonId),
}

impl fmt::Display for NotErased {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotErased::NoReading { commands_sent: 0 } => {
                f.write_str("nothing was erased: the sensor gave no readings")
            }
            NotErased::NoReading { .. } => {
                f.write_str("erasing could not be checked: the sensor gave no readings")
            }
            NotErased::StillKnown(id) => write!(f, "not erased: somebody is still recognised, as id {id}"),
        }
    }
}

impl core::error::Error for NotErased {}

/// Why erasing on a sensor gave up.
pub type EraseError<E> = ProcedureError<NotErased, E>;
