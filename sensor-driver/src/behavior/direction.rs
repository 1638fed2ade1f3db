//! Directions, and from where the sensor looks.

use core::fmt;

/// A direction in the room, in thousandths of a degree: where a face is, or where a pan/tilt points.
///
/// Zero is straight ahead of the mount. Pan is positive to the sensor's own right, as a [bearing]; tilt is positive
/// upward, as an elevation.
///
/// [bearing]: crate::Bounds::bearing_millideg
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Direction {
    /// To the right (negative: to the left), in thousandths of a degree.
    pub pan_millideg: i32,
    /// Up (negative: down), in thousandths of a degree.
    pub tilt_millideg: i32,
}

impl Direction {
    /// Straight ahead.
    pub const AHEAD: Direction = Direction { pan_millideg: 0, tilt_millideg: 0 };

    /// A direction in thousandths of a degree.
    #[must_use]
    pub const fn new(pan_millideg: i32, tilt_millideg: i32) -> Direction {
        Direction { pan_millideg, tilt_millideg }
    }
}

impl fmt::Display for Direction {
    /// In tenths of a degree: `pan -12.5, tilt 3.0 degrees`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Direction { pan_millideg, tilt_millideg } = *self;
        let tenths = |millideg: i32| {
            let half = if millideg < 0 { -50 } else { 50 };
            let tenths = millideg.saturating_add(half) / 100;
            let sign = if tenths < 0 { "-" } else { "" };
            (sign, tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10)
        };
        let ((pan_sign, pan, pan_tenth), (tilt_sign, tilt, tilt_tenth)) =
            (tenths(pan_millideg), tenths(tilt_millideg));
        write!(f, "pan {pan_sign}{pan}.{pan_tenth}, tilt {tilt_sign}{tilt}.{tilt_tenth} degrees")
    }
}

/// From where the sensor looked when a picture was taken: for a sensor that rides on a pan/tilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct View {
    /// Where the lens axis pointed.
    pub direction: Direction,
    /// By how much that may be wrong, in thousandths of a degree: the head moved, and the moment of the picture is
    /// not known exactly. 0 for a sensor that stands still.
    pub uncertainty_millideg: u32,
}

impl View {
    /// A sensor that stands still and looks straight ahead.
    pub const STILL: View = View { direction: Direction::AHEAD, uncertainty_millideg: 0 };
}
