//! What a behaviour concludes.

use core::fmt;

/// What a behaviour concludes of what it watches for: it is there, it is not, or nothing is known.
///
/// Unknown is never absent. An application chooses its safe side by the question it asks:
/// [`is_present`](Self::is_present) takes "unknown" for no, `!`[`is_absent`](Self::is_absent) takes it for yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Outcome {
    /// It is so.
    Present,
    /// It is not so.
    Absent,
    /// Nothing is known: there was no reading for too long, or not enough of them yet.
    #[default]
    Unknown,
}

impl Outcome {
    /// Whether it is certainly so. Unknown is not.
    #[must_use]
    pub const fn is_present(self) -> bool {
        matches!(self, Outcome::Present)
    }

    /// Whether it is certainly not so. Unknown is not.
    #[must_use]
    pub const fn is_absent(self) -> bool {
        matches!(self, Outcome::Absent)
    }

    /// Whether nothing is known.
    #[must_use]
    pub const fn is_unknown(self) -> bool {
        matches!(self, Outcome::Unknown)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Outcome::Present => "present",
            Outcome::Absent => "absent",
            Outcome::Unknown => "unknown",
        })
    }
}
