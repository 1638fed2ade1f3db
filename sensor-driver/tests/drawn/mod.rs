//! Faces as a test wants them: by direction and size.

use mlsensor::{Bounds, Face, Identity};

/// A face whose middle is in this direction (thousandths of a degree), and `width` view units wide.
pub(crate) fn face(pan_millideg: i32, tilt_millideg: i32, width: u8, is_facing: bool) -> Face {
    named(pan_millideg, tilt_millideg, width, is_facing, None)
}

/// The same, recognised.
pub(crate) fn named(
    pan_millideg: i32,
    tilt_millideg: i32,
    width: u8,
    is_facing: bool,
    identity: Option<Identity>,
) -> Face {
    let middle = |millideg: i32, field: i32| 127.5 + f64::from(millideg) * 255.0 / f64::from(field);
    let (x, y) = (middle(pan_millideg, 110_000), middle(-tilt_millideg, 82_500));
    let (across, down) = (f64::from(width) / 2.0, f64::from(width) * 5.0 / 6.0);
    let edge = |at: f64| at.round().clamp(0.0, 255.0) as u8;
    let bounds = Bounds::new(edge(x - across), edge(y - down), edge(x + across), edge(y + down)).unwrap();
    Face::new(bounds, 90, identity, is_facing).unwrap()
}
