//! How an enrolment goes, and how it ends.

use core::fmt;

use super::super::procedure::ProcedureError;
use crate::person_sensor::PersonId;

/// What to tell the user now. `Display` is a sentence for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum EnrollProgress {
    /// It begins: the sensor is being set.
    Preparing,
    /// The sensor gives no readings.
    NoReading,
    /// It sees nobody.
    NobodyInView,
    /// It sees so many people, 2..=4; it must be one.
    SeveralPeople(u8),
    /// The face is too small.
    TooFar,
    /// The sensor is less sure that this is a face than the gate asks for.
    Unclear,
    /// The face does not point at the sensor.
    NotFacing,
    /// All is well: wait.
    HoldStill,
    /// It is recognised, but not always as the same.
    Undecided,
    /// A label was sent, the `attempt`-th, from 1.
    Labelling {
        /// Which label, from 1.
        attempt: u8,
    },
    /// The label should be there: so many of so many readings say it.
    Verifying {
        /// How many readings said the id.
        recognised: u8,
        /// How many readings were counted.
        of: u8,
    },
}

impl fmt::Display for EnrollProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EnrollProgress::Preparing => f.write_str("getting ready"),
            EnrollProgress::NoReading => f.write_str("the sensor does not answer"),
            EnrollProgress::NobodyInView => f.write_str("nobody in view: step in front of the sensor"),
            EnrollProgress::SeveralPeople(count) => write!(f, "{count} people in view: one at a time"),
            EnrollProgress::TooFar => f.write_str("too far away: come nearer"),
            EnrollProgress::Unclear => f.write_str("not clear enough: more light, or nearer"),
            EnrollProgress::NotFacing => f.write_str("face the sensor"),
            EnrollProgress::HoldStill => f.write_str("hold still"),
            EnrollProgress::Undecided => f.write_str("hold still: not sure who this is"),
            EnrollProgress::Labelling { attempt } => write!(f, "hold still: labelling, attempt {attempt}"),
            EnrollProgress::Verifying { recognised, of } => {
                write!(f, "hold still: recognised {recognised} of {of} times")
            }
        }
    }
}

/// The id is this person's: the readings say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Enrolled {
    /// The id.
    pub id: PersonId,
    /// The mean confidence with which it was recognised, 1..=100.
    pub confidence: u8,
    /// How many readings said the id.
    pub recognised: u8,
    /// How many readings were counted.
    pub of: u8,
    /// How many labels were sent. 0: the sensor knew this person as this id already.
    pub labels_sent: u8,
}

/// Why an enrolment gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum GaveUpReason {
    /// There was no reading for too long: the bus fails, or what comes are no packets of this sensor.
    NoReading,
    /// The user did not do as told in time; this was the last that was told.
    TimedOut(EnrollProgress),
    /// The sensor knows this person already, as this other id.
    KnownAs(PersonId),
    /// After a label was sent, nobody was in view for too long. Who comes next may be somebody else.
    Left,
    /// All attempts are used up, and so many of so many readings said the id at last.
    NotRecognised {
        /// How many readings said the id.
        recognised: u8,
        /// How many readings were counted.
        of: u8,
    },
}

/// An enrolment that gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct GaveUp {
    /// The id that was wanted.
    pub id: PersonId,
    /// Why.
    pub reason: GaveUpReason,
    /// How many labels were sent, those included whose transfer failed. **If it is not 0, somebody may hold the id
    /// now**: who was in view then. To enroll the same id again overwrites it.
    pub labels_sent: u8,
}

impl fmt::Display for GaveUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let GaveUp { id, reason, labels_sent } = self;
        write!(f, "id {id} was not enrolled: ")?;
        match reason {
            GaveUpReason::NoReading => f.write_str("the sensor gave no readings")?,
            GaveUpReason::TimedOut(progress) => write!(f, "time is up ({progress})")?,
            GaveUpReason::KnownAs(other) => write!(f, "this person is known already, as id {other}")?,
            GaveUpReason::Left => f.write_str("the person left after the label was sent")?,
            GaveUpReason::NotRecognised { recognised, of } => {
                write!(f, "recognised in {recognised} of {of} readings alone")?;
            }
        }
        match labels_sent {
            0 => Ok(()),
            _ => f.write_str("; a label was sent, so somebody may hold the id: enroll it again"),
        }
    }
}

impl core::error::Error for GaveUp {}

/// Why an enrolment on a sensor gave up.
pub type EnrollError<E> = ProcedureError<GaveUp, E>;
