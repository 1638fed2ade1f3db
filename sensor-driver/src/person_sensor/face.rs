//! One face, as the sensor reports it.
//!
//! # Guarantees
//! Every value is within its range by construction: the constructors check, the fields are private, so every
//! face can be emitted as bytes.

use core::{cmp::Ordering, fmt};

use super::packet::RECORD_LEN;
use super::{Bounds, Identity, OutOfRange};

/// One face of one packet.
///
/// Faces are ordered by their bounds, then by confidence, identity and whether they are facing.
// It is kept as its record in a packet (Guide, Data Format): confidence, left, top, right, bottom, id confidence, id, is
// facing. To parse it is to copy two words then. Without an identity, id confidence and id are 0 and -1, as `emit` writes
// them, so that equal faces are equal records.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(align(4))]
pub struct Face([u8; RECORD_LEN]);

impl Face {
    /// What stands in the slots of [`Faces`](super::Faces) that hold no face.
    pub(super) const UNUSED: Face = Face([0; RECORD_LEN]);

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
        if let Err(error) = OutOfRange::check("confidence", confidence, 0, 100) {
            return Err(error);
        }
        let (id_confidence, id) = match identity {
            Some(identity) => (identity.confidence(), identity.id().get()),
            None => (0, 0xFF),
        };
        let (left, top) = (bounds.left(), bounds.top());
        let (right, bottom) = (bounds.right(), bounds.bottom());
        Ok(Face([confidence, left, top, right, bottom, id_confidence, id, is_facing as u8]))
    }

    /// A record as it came. `None` if it breaks a rule; which one is for the caller to find.
    ///
    /// One branch on all rules at once, so that each record that is accepted takes the same time: a difference that
    /// borrows sets bit 31.
    #[inline(always)]
    pub(super) fn from_wire(record: &[u8; RECORD_LEN]) -> Option<Self> {
        let above = |value: u8, max: u32| max.wrapping_sub(value.into());
        let [confidence, left, top, right, bottom, id_confidence, id, is_facing] = *record;
        let borrows = above(confidence, 100)
            | above(left, right.into())
            | above(top, bottom.into())
            | above(is_facing, 1);
        if borrows >> 31 != 0 {
            return None;
        }
        // An id counts only if 0 < id confidence <= 100 and 0 <= id <= 7. Both are signed: -1 is 0xFF, which is above 100
        // and above 7 as well. The differences are -255..=100, so one byte further up a borrow is 0xFF and else it is 0.
        let nobody = above(id_confidence, 100) | above(id, 7) | above(1, id_confidence.into());
        let nobody = (nobody >> 8) as u8;
        let mut face = Face(*record);
        let [_, _, _, _, _, id_confidence, id, _] = &mut face.0;
        *id_confidence &= !nobody;
        *id |= nobody;
        Some(face)
    }

    /// As a packet has it.
    pub(super) const fn record(&self) -> &[u8; RECORD_LEN] {
        &self.0
    }

    /// Where the face is, in view units.
    #[must_use]
    pub const fn bounds(&self) -> Bounds {
        let [_, left, top, right, bottom, _, _, _] = self.0;
        Bounds::from_wire(left, top, right, bottom)
    }

    /// How sure the sensor is that this is a face, 0..=100 (Guide, Data Format, face record, byte 0).
    /// Every value ever published lies in 63..=99: a threshold below that does nothing.
    #[must_use]
    pub const fn confidence(&self) -> u8 {
        let [confidence, ..] = self.0;
        confidence
    }

    /// Who the sensor takes this face for; `None` if it does not know, or recognition is off.
    #[must_use]
    pub const fn identity(&self) -> Option<Identity> {
        let [_, _, _, _, _, id_confidence, id, _] = self.0;
        Identity::from_wire(id_confidence, id)
    }

    /// Whether the head points at the sensor (Guide, Data Format, face record, byte 7). This is the pose
    /// of the head, not the gaze of the eyes, and users report that it flickers.
    #[must_use]
    pub const fn is_facing(&self) -> bool {
        let [.., is_facing] = self.0;
        is_facing != 0
    }

    /// What faces are ordered by.
    const fn key(&self) -> (Bounds, u8, Option<Identity>, bool) {
        (self.bounds(), self.confidence(), self.identity(), self.is_facing())
    }
}

impl Ord for Face {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Face {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for Face {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Face")
            .field("bounds", &self.bounds())
            .field("confidence", &self.confidence())
            .field("identity", &self.identity())
            .field("is_facing", &self.is_facing())
            .finish()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Face {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(
            f,
            "Face {{ bounds: {}, confidence: {=u8}, identity: {}, is_facing: {=bool} }}",
            self.bounds(),
            self.confidence(),
            self.identity(),
            self.is_facing()
        );
    }
}

impl fmt::Display for Face {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} % at {}", self.confidence(), self.bounds())?;
        if let Some(identity) = self.identity() {
            write!(f, ", {identity}")?;
        }
        f.write_str(if self.is_facing() { ", facing" } else { ", not facing" })
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

    /// Signed, as the guide has them; equal faces are equal values, whatever the bytes were that named nobody.
    #[test]
    fn an_id_is_one_by_both_bytes_and_what_is_none_leaves_no_trace() {
        let bounds = Bounds::new(1, 2, 3, 4).unwrap();
        for (confidence, id) in (i8::MIN..=i8::MAX).flat_map(|c| (i8::MIN..=i8::MAX).map(move |id| (c, id))) {
            let is_known = (1..=100).contains(&confidence) && (0..=7).contains(&id);
            let identity =
                is_known.then(|| Identity::new(PersonId::new(id as u8).unwrap(), confidence as u8).unwrap());
            let record = [90, 1, 2, 3, 4, confidence as u8, id as u8, 1];
            let expected = Face::new(bounds, 90, identity, true).unwrap();
            assert_eq!(Face::from_wire(&record), Some(expected), "{confidence} {id}");
            assert_eq!(expected.identity(), identity);
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
