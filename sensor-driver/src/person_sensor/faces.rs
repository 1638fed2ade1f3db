//! The faces of one packet, and the questions to ask them.
//!
//! # Guarantees
//! At most four faces, and nothing here depends on their order: the sensor has been seen to put the largest
//! first, but nobody has established it, so every choice is by what a face *is*. Permute the faces of
//! a packet and every answer is the same face.

use core::{array, cmp::Reverse, fmt, iter::Take, slice};

use super::{Face, MAX_FACES, OutOfRange};

/// The 0 to 4 faces of one packet.
///
/// ```
/// use mlsensor::{Bounds, Face, Faces};
///
/// let near = Face::new(Bounds::new(100, 60, 140, 120)?, 92, None, true)?;
/// let far = Face::new(Bounds::new(20, 90, 30, 105)?, 80, None, false)?;
/// let faces = Faces::new(&[far, near])?;
/// assert_eq!(faces.count(), 2);
/// assert_eq!(faces.largest(), Some(&near));
/// assert_eq!(faces.facing().count(), 1);
/// # Ok::<(), mlsensor::OutOfRange>(())
/// ```
// Aligned, because a reading is handed on by value through each layer of a program: a copy by words is a quarter of the
// instructions of one by bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(C, align(4))]
pub struct Faces {
    /// Slots from `count` on hold `Face::UNUSED`, so that equal faces are equal values.
    slots: [Face; MAX_FACES],
    count: Count,
}

/// An enum rather than a number for the 251 values that it cannot have: a `Result` or an `Option` of faces says there
/// what else it is, behind the faces, so that `Ok(faces)` is `faces` as it stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
enum Count {
    None,
    One,
    Two,
    Three,
    Four,
}

impl Count {
    const fn new(count: usize) -> Option<Count> {
        match count {
            0 => Some(Count::None),
            1 => Some(Count::One),
            2 => Some(Count::Two),
            3 => Some(Count::Three),
            4 => Some(Count::Four),
            _ => None,
        }
    }
}

impl Faces {
    /// Nobody.
    pub const EMPTY: Faces = Faces { slots: [Face::UNUSED; MAX_FACES], count: Count::None };

    /// Up to four faces, in the order given.
    ///
    /// # Errors
    /// [`OutOfRange`] for more than four.
    pub fn new(faces: &[Face]) -> Result<Self, OutOfRange> {
        let mut slots = [Face::UNUSED; MAX_FACES];
        match (slots.get_mut(..faces.len()), Count::new(faces.len())) {
            (Some(used), Some(count)) => {
                used.copy_from_slice(faces);
                Ok(Faces { slots, count })
            }
            _ => Err(too_many(faces.len())),
        }
    }

    /// These faces and one more, at the end.
    ///
    /// # Errors
    /// [`OutOfRange`] if there are four already.
    pub fn with(mut self, face: Face) -> Result<Self, OutOfRange> {
        let place = self.count();
        let more = place.saturating_add(1);
        match (self.slots.get_mut(place), Count::new(more)) {
            (Some(slot), Some(count)) => {
                *slot = face;
                Ok(Faces { count, ..self })
            }
            _ => Err(too_many(more)),
        }
    }

    /// For the parser, which fills the slots in place: room for `count` faces in what was [`EMPTY`](Self::EMPTY). `None`
    /// for more than four.
    #[inline(always)]
    pub(super) fn slots_mut(&mut self, count: u8) -> Option<&mut [Face]> {
        self.count = Count::new(count.into())?;
        self.slots.get_mut(..count.into())
    }

    /// The faces as a slice, in the order in which the packet has them.
    #[must_use]
    pub fn as_slice(&self) -> &[Face] {
        self.slots.get(..self.count()).unwrap_or(&[])
    }

    /// The number of faces, 0..=4 (Guide, Data Format, byte 4).
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count as usize
    }

    /// Whether the sensor saw nobody.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// The faces one by one.
    pub fn iter(&self) -> slice::Iter<'_, Face> {
        self.as_slice().iter()
    }

    /// The faces that face the sensor.
    pub fn facing(&self) -> impl Iterator<Item = &Face> {
        self.iter().filter(|face| face.is_facing())
    }

    /// The face with the greatest area, which is most likely the nearest person.
    #[must_use]
    pub fn largest(&self) -> Option<&Face> {
        self.iter().max_by_key(|face| (face.bounds().area(), **face))
    }

    /// The face that the sensor is surest of.
    #[must_use]
    pub fn most_confident(&self) -> Option<&Face> {
        self.iter().max_by_key(|face| (face.confidence(), **face))
    }

    /// The face whose direction is nearest to `bearing_deg` (-55..=55, negative is the sensor's left).
    #[must_use]
    pub fn nearest_to(&self, bearing_deg: i8) -> Option<&Face> {
        self.nearest_to_millideg(i32::from(bearing_deg).saturating_mul(1000))
    }

    /// The face whose direction is nearest to this one, in thousandths of a degree: see [`nearest_to`](Self::nearest_to).
    #[must_use]
    pub fn nearest_to_millideg(&self, bearing_millideg: i32) -> Option<&Face> {
        let off = |face: &Face| face.bounds().bearing_millideg().abs_diff(bearing_millideg);
        self.iter().min_by_key(|face| (off(face), Reverse(**face)))
    }
}

fn too_many(value: usize) -> OutOfRange {
    OutOfRange { what: "number of faces", value, min: 0, max: MAX_FACES }
}

impl Default for Faces {
    fn default() -> Self {
        Faces::EMPTY
    }
}

impl IntoIterator for Faces {
    type Item = Face;
    type IntoIter = Take<array::IntoIter<Face, MAX_FACES>>;
    fn into_iter(self) -> Self::IntoIter {
        self.slots.into_iter().take(self.count())
    }
}

impl<'a> IntoIterator for &'a Faces {
    type Item = &'a Face;
    type IntoIter = slice::Iter<'a, Face>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl TryFrom<&[Face]> for Faces {
    type Error = OutOfRange;
    fn try_from(faces: &[Face]) -> Result<Self, OutOfRange> {
        Faces::new(faces)
    }
}

impl fmt::Debug for Faces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Faces ")?;
        f.debug_list().entries(self).finish()
    }
}

impl fmt::Display for Faces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count() {
            0 => return f.write_str("nobody"),
            1 => f.write_str("1 face: ")?,
            count => write!(f, "{count} faces: ")?,
        }
        for (place, face) in self.iter().enumerate() {
            if place > 0 {
                f.write_str("; ")?;
            }
            fmt::Display::fmt(face, f)?;
        }
        Ok(())
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Faces {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Faces {=[?]}", self.as_slice());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person_sensor::Bounds;

    fn face(left: u8, right: u8, confidence: u8, is_facing: bool) -> Face {
        Face::new(Bounds::new(left, 10, right, 50).unwrap(), confidence, None, is_facing).unwrap()
    }

    #[test]
    fn five_faces_are_refused() {
        let error = Faces::new(&[face(0, 1, 70, false); 5]).unwrap_err();
        assert_eq!(error.to_string(), "number of faces 5 is outside 0..=4");
    }

    #[test]
    fn nobody_has_no_largest_and_no_nearest() {
        let faces = Faces::default();
        assert!(faces.is_empty() && faces.iter().next().is_none());
        assert_eq!(faces.largest(), None);
        assert_eq!(faces.most_confident(), None);
        assert_eq!(faces.nearest_to(0), None);
    }

    #[test]
    fn each_choice_picks_by_its_own_measure() {
        let large = face(0, 60, 70, false);
        let sure = face(90, 100, 99, false);
        let right = face(230, 250, 80, true);
        let faces = Faces::new(&[sure, right, large]).unwrap();
        assert_eq!(faces.largest(), Some(&large));
        assert_eq!(faces.most_confident(), Some(&sure));
        assert_eq!(faces.nearest_to(50), Some(&right));
        assert_eq!(faces.nearest_to(-127), Some(&large));
        // Between them: the one is at -14.02 degrees and the other at 48.53, so the middle is at 17.255.
        assert_eq!(faces.nearest_to_millideg(17_254), Some(&sure));
        assert_eq!(faces.nearest_to_millideg(17_256), Some(&right));
        assert_eq!(faces.nearest_to_millideg(i32::MAX), Some(&right));
        assert_eq!(faces.facing().collect::<Vec<_>>(), [&right]);
        assert_eq!(faces.into_iter().collect::<Vec<_>>(), [sure, right, large]);
    }

    #[test]
    fn faces_read_as_a_sentence() {
        assert_eq!(Faces::EMPTY.to_string(), "nobody");
        let two = Faces::new(&[face(1, 2, 70, false), face(3, 4, 80, true)]).unwrap();
        assert_eq!(
            two.to_string(),
            "2 faces: 70 % at (1,10)-(2,50), not facing; 80 % at (3,10)-(4,50), facing"
        );
    }
}
