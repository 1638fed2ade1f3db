//! Whether a face is where it was.

use crate::person_sensor::Face;

/// Where one face was first seen, and how wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Place {
    x: u8,
    y: u8,
    width: u8,
}

/// An edge may be off by a unit or two though nobody moves.
const JITTER: u16 = 3;

impl Place {
    pub(super) fn of(face: &Face) -> Place {
        let (x, y) = face.bounds().center();
        Place { x, y, width: face.bounds().width() }
    }

    /// Whether a face is there still, to within so many percent of the width.
    pub(super) fn is_of(&self, face: &Face, percent: u8) -> bool {
        let reach = (u16::from(self.width).saturating_mul(percent.into()) / 100).max(JITTER);
        let other = Place::of(face);
        let off = |a: u8, b: u8| u16::from(a.abs_diff(b));
        // What is square in the world is higher than wide in view units, by 4 : 3.
        off(self.x, other.x) <= reach
            && off(self.y, other.y).saturating_mul(3) <= reach.saturating_mul(4)
            && off(self.width, other.width) <= reach
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person_sensor::Bounds;

    fn face(left: u8, top: u8, right: u8, bottom: u8) -> Face {
        Face::new(Bounds::new(left, top, right, bottom).unwrap(), 90, None, true).unwrap()
    }

    #[test]
    fn half_a_width_to_any_side_or_nearer_is_somewhere_else() {
        let place = Place::of(&face(100, 100, 120, 130)); // reach: 10 across, 13 down
        for (there, is_same) in [
            (face(110, 100, 130, 130), true),
            (face(111, 100, 131, 130), false),
            (face(90, 100, 110, 130), true),
            (face(89, 100, 109, 130), false),
            (face(100, 113, 120, 143), true),
            (face(100, 114, 120, 144), false),
            (face(95, 93, 125, 137), true),
            (face(94, 93, 125, 137), false),
        ] {
            assert_eq!(place.is_of(&there, 50), is_same, "{there}");
        }
    }

    #[test]
    fn a_small_face_may_jitter() {
        let place = Place::of(&face(100, 100, 104, 106));
        assert!(place.is_of(&face(101, 101, 103, 107), 50));
        assert!(!place.is_of(&face(104, 100, 108, 106), 50));
    }
}
