//! Whom the sensor takes a face for.

use core::{fmt, num::NonZeroU8};

use super::OutOfRange;

/// One of the eight labels that a sensor can give to people it was shown: 0..=7.
///
/// A label is opaque and belongs to this one sensor: it says "the person that was labelled 3 here", not
/// who that is. Two faces of one packet may carry the same label (it was captured on hardware).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PersonId(u8);

impl PersonId {
    /// All eight labels, in order.
    pub const ALL: [PersonId; 8] = [
        PersonId(0),
        PersonId(1),
        PersonId(2),
        PersonId(3),
        PersonId(4),
        PersonId(5),
        PersonId(6),
        PersonId(7),
    ];

    /// The label `id`, 0..=7.
    ///
    /// # Errors
    /// [`OutOfRange`] for 8 and above.
    pub const fn new(id: u8) -> Result<Self, OutOfRange> {
        match OutOfRange::check("person id", id, 0, 7) {
            Ok(id) => Ok(PersonId(id)),
            Err(error) => Err(error),
        }
    }

    /// The label as the sensor writes it, 0..=7.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for PersonId {
    type Error = OutOfRange;
    fn try_from(id: u8) -> Result<Self, OutOfRange> {
        PersonId::new(id)
    }
}

impl From<PersonId> for u8 {
    fn from(id: PersonId) -> u8 {
        id.0
    }
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Who the sensor takes a face for, and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Identity {
    id: PersonId,
    /// Never zero, so that `Option<Identity>` is two bytes as well: a confidence of zero is nobody, as on the wire.
    confidence: NonZeroU8,
}

impl Identity {
    /// A label with a confidence of 1..=100.
    ///
    /// # Errors
    /// [`OutOfRange`] for a confidence of 0 or above 100. (On the wire, zero or less means "not recognised".)
    pub const fn new(id: PersonId, confidence: u8) -> Result<Self, OutOfRange> {
        match NonZeroU8::new(confidence) {
            Some(confidence) if confidence.get() <= 100 => Ok(Identity { id, confidence }),
            _ => Err(OutOfRange { what: "id confidence", value: confidence as usize, min: 1, max: 100 }),
        }
    }

    /// What two bytes of a face record say, once they were checked: a confidence of zero is nobody.
    pub(super) const fn from_wire(id_confidence: u8, id: u8) -> Option<Self> {
        match NonZeroU8::new(id_confidence) {
            Some(confidence) => Some(Identity { id: PersonId(id), confidence }),
            None => None,
        }
    }

    /// The label of the person (Guide, Data Format, face record, byte 6).
    #[must_use]
    pub const fn id(&self) -> PersonId {
        self.id
    }

    /// How sure the sensor is, 1..=100 (Guide, Data Format, face record, byte 5).
    #[must_use]
    pub const fn confidence(&self) -> u8 {
        self.confidence.get()
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "id {} ({} %)", self.id, self.confidence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_eight_labels_and_a_hundred_confidences_exist() {
        for value in 0..=u8::MAX {
            assert_eq!(PersonId::new(value).is_ok(), value <= 7);
            assert_eq!(Identity::new(PersonId::ALL[0], value).is_ok(), (1..=100).contains(&value));
        }
        assert!(PersonId::ALL.iter().enumerate().all(|(i, id)| usize::from(id.get()) == i));
    }
}
