//! One face, as the sensor reports it.
//!
//! # Guarantees
//! Every value is within its range by construction: the constructors check, the fields are private, so every
//! face can be emitted as bytes.

use core::fmt;

use super::{Bounds, Identity, OutOfRange};

/// One face of one packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Face {
    bounds: Bounds,
    confidence: u8,
    identity: Option<Identity>,
    is_facing: bool,
}

impl Face {
    /// What stands in the slots of [`Faces`](super::Faces) that hold no face.
    pub(super) const UNUSED: Face =
        Face { bounds: Bounds::ZERO, confidence: 0, identity: None, is_facing: false };

    /// A face with a confidence of 0..=100.
    ///
    /// # Errors
    /// [`OutOfRange`] for a confidence above 100.
    pub const fn new(
        bounds: Bounds,
        confidence: u8,
        identity: Option<Identity>,
        is_facing: bool,
    ) -> Result<Self, OutOfRange> {
        match OutOfRange::check("confidence", confidence, 0, 100) {
            Ok(confidence) => Ok(Face { bounds, confidence, identity, is_facing }),
            Err(error) => Err(error),
        }
    }

    /// A face record as it came (Guide, Data Format): confidence, left, top, right, bottom, id confidence, id, is facing.
    /// With it what is wrong, as borrows: bit 31 is set exactly if a value is out of range, and then the face is void.
    ///
    /// No branch, so that each record takes the same time; who wants to know the rule asks in a second look.
    #[inline(always)]
    pub(super) fn from_wire(record: &[u8; 8]) -> (Self, u32) {
        let [confidence, left, top, right, bottom, id_confidence, id, is_facing] = *record;
        let above = |value: u8, max: u32| max.wrapping_sub(value.into());
        let borrows = above(confidence, 100)
            | above(left, right.into())
            | above(top, bottom.into())
            | above(is_facing, 1);
        let face = Face {
            bounds: Bounds::from_wire(left, top, right, bottom),
            confidence,
            identity: Identity::from_wire(id_confidence, id),
            is_facing: is_facing & 1 == 1,
        };
        (face, borrows)
    }

    /// Where the face is, in view units.
    #[must_use]
    pub const fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// How sure the sensor is that this is a face, 0..=100 (Guide, Data Format, face record, byte 0).
    /// Every value ever published lies in 63..=99: a threshold below that does nothing.
    #[must_use]
    pub const fn confidence(&self) -> u8 {
        self.confidence
    }

    /// Who the sensor takes this face for; `None` if it does not know, or recognition is off.
    #[must_use]
    pub const fn identity(&self) -> Option<Identity> {
        self.identity
    }

    /// Whether the head points at the sensor (Guide, Data Format, face record, byte 7). This is the pose
    /// of the head, not the gaze of the eyes, and users report that it flickers.
    #[must_use]
    pub const fn is_facing(&self) -> bool {
        self.is_facing
    }
}

impl fmt::Display for Face {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} % at {}", self.confidence, self.bounds)?;
        if let Some(identity) = self.identity {
            write!(f, ", {identity}")?;
        }
        f.write_str(if self.is_facing { ", facing" } else { ", not facing" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person_sensor::PersonId;

    #[test]
    fn a_confidence_above_100_is_refused() {
        let bounds = Bounds::new(0, 0, 0, 0).unwrap();
        for confidence in 0..=u8::MAX {
            assert_eq!(Face::new(bounds, confidence, None, false).is_ok(), confidence <= 100);
        }
    }

    #[test]
    fn a_face_reads_as_a_sentence() {
        let bounds = Bounds::new(124, 128, 149, 170).unwrap();
        let identity = Identity::new(PersonId::ALL[3], 67).unwrap();
        let face = Face::new(bounds, 99, Some(identity), true).unwrap();
        assert_eq!(face.to_string(), "99 % at (124,128)-(149,170), id 3 (67 %), facing");
    }
}
