//! Where a face is in the picture, and what that says about the room.
//!
//! # Guarantees
//! The edges are in order by construction, so nothing derived from them can overflow.

use core::fmt;

use super::{FIELD_OF_VIEW_MILLIDEG, OutOfRange, VERTICAL_FIELD_OF_VIEW_MILLIDEG};

/// Width in view units times distance in millimetres, for a face: about 20 unit-metres.
const WIDTH_TIMES_DISTANCE_MM: u16 = 20_000;

/// Where a face is: four edges in view units, `left <= right` and `top <= bottom`.
///
/// (Guide, Data Format, face record, bytes 1 to 4. The guide's C struct calls the last two width and
/// height; they are right and bottom.)
///
/// # Geometry, and how far to trust it
/// Places are in **view units**: 0..=255 across and 0..=255 down the field of view, origin top left,
/// not mirrored: x = 0 is the sensor's own left, which is the right-hand side of a person who faces it.
///
/// *Bearing and elevation* assume that the picture is linear in the angle (an equidistant lens: 110
/// degrees over 256 units across). The vendor publishes no lens data. The assumption fits the one
/// size that users published (a face of 30 to 35 units at 0.6 m, which is 14 degrees, which is 0.15 m:
/// a face). Were the lens rectilinear instead, true bearings would be larger, by 8.0 degrees at most
/// (about half-way out), and by nothing in the middle and at the edge; elevations by 3.1 degrees at most.
///
/// *Distance* assumes a face 0.15 m wide: about 20 unit-metres over the width. It is rough: a face
/// that is turned, partly out of view, or a child's gives a figure that is too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Bounds {
    left: u8,
    top: u8,
    right: u8,
    bottom: u8,
}

impl Bounds {
    /// The box between four edges, each 0..=255 view units.
    ///
    /// # Errors
    /// [`OutOfRange`] if `left > right` or `top > bottom`.
    pub const fn new(left: u8, top: u8, right: u8, bottom: u8) -> Result<Self, OutOfRange> {
        if let Err(error) = OutOfRange::check("left", left, 0, right) {
            return Err(error);
        }
        if let Err(error) = OutOfRange::check("top", top, 0, bottom) {
            return Err(error);
        }
        Ok(Bounds { left, top, right, bottom })
    }

    /// For the parser, which looks for edges out of order itself, all at once.
    pub(super) const fn from_wire(left: u8, top: u8, right: u8, bottom: u8) -> Self {
        Bounds { left, top, right, bottom }
    }

    /// The left edge, 0..=255 view units from the left of the picture.
    #[must_use]
    pub const fn left(&self) -> u8 {
        self.left
    }

    /// The upper edge, 0..=255 view units from the top of the picture.
    #[must_use]
    pub const fn top(&self) -> u8 {
        self.top
    }

    /// The right edge, 0..=255 view units from the left of the picture; never less than [`left`](Self::left).
    #[must_use]
    pub const fn right(&self) -> u8 {
        self.right
    }

    /// The lower edge, 0..=255 view units from the top of the picture; never less than [`top`](Self::top).
    #[must_use]
    pub const fn bottom(&self) -> u8 {
        self.bottom
    }

    /// `right - left`, 0..=255 view units.
    #[must_use]
    pub const fn width(&self) -> u8 {
        self.right.saturating_sub(self.left)
    }

    /// `bottom - top`, 0..=255 view units.
    ///
    /// The picture is 4:3 on 256 x 256 units: what is square in the world has width : height = 3 : 4 here.
    #[must_use]
    pub const fn height(&self) -> u8 {
        self.bottom.saturating_sub(self.top)
    }

    /// The middle, `(x, y)` in view units, rounded toward the top left.
    #[must_use]
    pub const fn center(&self) -> (u8, u8) {
        (self.left.midpoint(self.right), self.top.midpoint(self.bottom))
    }

    /// Width times height, 0..=65025 square view units.
    #[must_use]
    pub const fn area(&self) -> u16 {
        // 255 * 255 fits.
        (self.width() as u16).saturating_mul(self.height() as u16)
    }

    /// The direction of the middle, off the lens axis, in thousandths of a degree: -55000 (the sensor's
    /// left) to 55000 (its right). It assumes an
    /// equidistant lens; were the lens rectilinear, the true bearing would be up to 8.0 degrees larger.
    #[must_use]
    pub const fn bearing_millideg(&self) -> i32 {
        across(self.left, self.right, FIELD_OF_VIEW_MILLIDEG)
    }

    /// The direction of the middle, off the lens axis, in whole degrees: -55 (the sensor's left) to
    /// 55 (its right), rounded to the nearest.
    #[must_use]
    pub const fn bearing_deg(&self) -> i8 {
        whole_degrees(self.bearing_millideg())
    }

    /// The height of the middle over the lens axis, in thousandths of a degree: -41250 (below) to 41250 (above).
    #[must_use]
    pub const fn elevation_millideg(&self) -> i32 {
        // The picture counts downward. Cannot overflow: at most half of the field of view.
        across(self.top, self.bottom, VERTICAL_FIELD_OF_VIEW_MILLIDEG).saturating_neg()
    }

    /// The height of the middle over the lens axis, in whole degrees: -41 (below) to 41 (above),
    /// rounded to the nearest.
    #[must_use]
    pub const fn elevation_deg(&self) -> i8 {
        whole_degrees(self.elevation_millideg())
    }

    /// How far away the face is, in millimetres, from its width alone, which is **rough**: about
    /// 20 unit-metres over the width, for a face 0.15 m wide. A face that is turned or partly out of view seems
    /// further away. `None` if the box has no width. 78..=20000.
    #[must_use]
    pub const fn distance_mm(&self) -> Option<u16> {
        WIDTH_TIMES_DISTANCE_MM.checked_div(self.width() as u16)
    }
}

/// The angle of the middle of `low..=high` on an axis that spreads `field` over 0..=255.
const fn across(low: u8, high: u8, field: i32) -> i32 {
    // (low + high) is 0..=510, the axis is at 255. |x| <= 255 and field <= 110000: no overflow.
    let off_axis = (low as i32).saturating_add(high as i32).saturating_sub(255);
    off_axis.saturating_mul(field) / 510
}

/// Rounds to the nearest degree, halves away from zero. |millideg| <= 55000, so the cast is exact.
const fn whole_degrees(millideg: i32) -> i8 {
    let half = if millideg < 0 { -500 } else { 500 };
    (millideg.saturating_add(half) / 1000) as i8
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({},{})-({},{})", self.left, self.top, self.right, self.bottom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(left: u8, top: u8, right: u8, bottom: u8) -> Bounds {
        Bounds::new(left, top, right, bottom).unwrap()
    }

    #[test]
    fn derived_values_are_right_at_every_pair_of_edges() {
        for low in 0..=255_u8 {
            for high in low..=255 {
                let b = bounds(low, low, high, high);
                assert_eq!(u16::from(b.width()), u16::from(high) - u16::from(low));
                assert_eq!(b.height(), b.width());
                assert_eq!(u32::from(b.area()), u32::from(b.width()).pow(2));
                let middle = ((u16::from(low) + u16::from(high)) / 2) as u8;
                assert_eq!(b.center(), (middle, middle));
                let exact = (f64::from(low) + f64::from(high) - 255.0) / 2.0 / 255.0 * 110_000.0;
                assert!((f64::from(b.bearing_millideg()) - exact).abs() <= 1.0);
                assert_eq!(f64::from(b.bearing_deg()), (f64::from(b.bearing_millideg()) / 1000.0).round());
                assert!((f64::from(b.elevation_millideg()) + exact * 0.75).abs() <= 1.0);
            }
        }
    }

    #[test]
    fn the_ends_of_the_view_are_the_ends_of_the_field_of_view() {
        assert_eq!(bounds(0, 0, 0, 0).bearing_deg(), -55);
        assert_eq!(bounds(255, 0, 255, 0).bearing_deg(), 55);
        assert_eq!(bounds(127, 0, 128, 255).bearing_millideg(), 0);
        assert_eq!(bounds(0, 0, 0, 0).elevation_deg(), 41);
        assert_eq!(bounds(0, 255, 0, 255).elevation_millideg(), -41_250);
    }

    #[test]
    fn a_face_of_33_units_is_about_60_centimetres_away() {
        assert_eq!(bounds(100, 0, 133, 40).distance_mm(), Some(606));
        assert_eq!(bounds(0, 0, 255, 40).distance_mm(), Some(78));
        assert_eq!(bounds(7, 0, 8, 40).distance_mm(), Some(20_000));
        assert_eq!(bounds(7, 0, 7, 40).distance_mm(), None);
    }

    #[test]
    fn edges_out_of_order_are_refused() {
        let error = Bounds::new(9, 0, 8, 0).unwrap_err();
        assert_eq!(error, OutOfRange { what: "left", value: 9, min: 0, max: 8 });
        let error = Bounds::new(0, 200, 0, 100).unwrap_err();
        assert_eq!(error.to_string(), "top 200 is outside 0..=100");
    }
}
