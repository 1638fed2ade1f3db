//! What is known of a reading, and of the cadence.

use core::fmt;

/// Whether a reading is of an inference that was not read before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Freshness {
    /// It is: the faces differ from those of the reading before, or there was none before.
    New,
    /// Most likely it is: the faces are the same, but a new result was due, and more reads are not worth it.
    Presumed,
    /// Most likely it is not: the faces are the same, and the next result was not due yet or is waited for.
    Repeated,
    /// There was no reading.
    NoReading,
}

impl Freshness {
    /// Whether this reading stands for an inference that was not read before, surely or most likely.
    #[must_use]
    pub const fn is_fresh(self) -> bool {
        matches!(self, Freshness::New | Freshness::Presumed)
    }
}

impl fmt::Display for Freshness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Freshness::New => "new",
            Freshness::Presumed => "presumed new",
            Freshness::Repeated => "repeated",
            Freshness::NoReading => "no reading",
        })
    }
}

/// How well the cadence is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Lock {
    /// The period or the phase is looked for, or nothing has changed yet from which it could be learned.
    Searching,
    /// Reads come just after the results, and show it by changes.
    Locked,
    /// Reads come where the results should be, but nothing has changed for three inferences and more. The longer that
    /// goes on, the less is known of the phase.
    Coasting,
}

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Lock::Searching => "searching",
            Lock::Locked => "locked",
            Lock::Coasting => "coasting",
        })
    }
}
