//! Which faces count at all.

use crate::person_sensor::{Face, Faces};

/// Which faces count: the others are as if they were not there. `Default` lets every face through.
///
/// Why no confidence is asked for by default: what tells a false face from a true one is that it does not last. A
/// quarter of true faces at 3 m have a confidence below 70 (published quartile), so a gate costs range, and every value
/// that was ever published lies in 63..=99, so one below 63 does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct Gate {
    /// The least confidence, 0..=100. 0 unless changed.
    pub min_confidence: u8,
    /// The least width in view units. 0 unless changed. Width times distance is about 20 unit-metres: 20 lets through
    /// faces up to about 1 m, 33 up to 0.6 m.
    pub min_width: u8,
}

impl Gate {
    /// Every face counts.
    pub const OPEN: Gate = Gate { min_confidence: 0, min_width: 0 };

    /// The same gate with another least confidence, 0..=100.
    #[must_use]
    pub const fn with_min_confidence(self, min_confidence: u8) -> Gate {
        Gate { min_confidence, ..self }
    }

    /// The same gate with another least width in view units.
    #[must_use]
    pub const fn with_min_width(self, min_width: u8) -> Gate {
        Gate { min_width, ..self }
    }

    /// Whether this face counts.
    #[must_use]
    pub const fn admits(&self, face: &Face) -> bool {
        face.confidence() >= self.min_confidence && face.bounds().width() >= self.min_width
    }

    /// The faces that count.
    pub fn admitted<'a>(&self, faces: &'a Faces) -> impl Iterator<Item = &'a Face> + use<'a> {
        let gate = *self;
        faces.iter().filter(move |face| gate.admits(face))
    }
}
