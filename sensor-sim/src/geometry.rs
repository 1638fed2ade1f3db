//! Angles and lengths in integers: thousandths of a degree and millimetres.
//!
//! Floating point may differ between machines in the last place, and one view unit off is another packet.
//! CORDIC needs shifts and additions alone, so the same scene gives the same bytes everywhere.

use mlsensor::behavior::Direction;

/// `atan(2^-i)` in millionths of a degree.
const ATAN_MICRODEG: [i64; 20] = [
    45_000_000, 26_565_051, 14_036_243, 7_125_016, 3_576_334, 1_789_911, 895_174, 447_614, 223_811, 111_906,
    55_953, 27_976, 13_988, 6_994, 3_497, 1_749, 874, 437, 219, 109,
];

/// What a CORDIC rotation makes of a unit length, inverted, times 2^30.
const INVERSE_GAIN: i64 = 652_032_874;

/// Guard bits below the millimetre.
const GUARD: u32 = 12;

/// The angle of the vector (`along`, `across`) off the `along` axis, -180000..=180000 thousandths of a
/// degree, positive toward positive `across`. Right to 0.001 degree. 0 for the zero vector.
pub(crate) fn angle_millideg(along_mm: i32, across_mm: i32) -> i32 {
    let (mut x, mut y) = (i64::from(along_mm) << GUARD, i64::from(across_mm) << GUARD);
    if (x, y) == (0, 0) {
        return 0;
    }
    // CORDIC reaches 99 degrees to either side: turn what lies behind to the front first.
    let mut angle = 0;
    if x < 0 {
        (x, y, angle) = if y >= 0 { (y, -x, 90_000_000) } else { (-y, x, -90_000_000) };
    }
    for (i, step) in ATAN_MICRODEG.iter().enumerate() {
        if y >= 0 {
            (x, y, angle) = (x + (y >> i), y - (x >> i), angle + step);
        } else {
            (x, y, angle) = (x - (y >> i), y + (x >> i), angle - step);
        }
    }
    round_div(angle, 1000) as i32
}

/// The vector (`along`, `across`) of a length at an angle off the `along` axis; -180000..=180000
/// thousandths of a degree.
pub(crate) fn polar_mm(length_mm: i32, angle_millideg: i32) -> (i32, i32) {
    let mut left = i64::from(angle_millideg) * 1000;
    let (mut x, mut y) = (scaled(length_mm), 0);
    if left > 90_000_000 {
        (x, y, left) = (-y, x, left - 90_000_000);
    } else if left < -90_000_000 {
        (x, y, left) = (y, -x, left + 90_000_000);
    }
    for (i, step) in ATAN_MICRODEG.iter().enumerate() {
        if left >= 0 {
            (x, y, left) = (x - (y >> i), y + (x >> i), left - step);
        } else {
            (x, y, left) = (x + (y >> i), y - (x >> i), left + step);
        }
    }
    (round_div(x, 1 << GUARD) as i32, round_div(y, 1 << GUARD) as i32)
}

/// A length with guard bits, times the inverse gain.
fn scaled(length_mm: i32) -> i64 {
    let scaled = (i128::from(length_mm) << GUARD) * i128::from(INVERSE_GAIN);
    (scaled >> 30) as i64
}

/// The same angle as -180000..180000 thousandths of a degree.
pub(crate) const fn wrap_millideg(angle: i64) -> i32 {
    ((angle + 180_000).rem_euclid(360_000) - 180_000) as i32
}

/// The bearing and the elevation that something has for a head that looks in another direction than straight ahead:
/// turned by pan about the vertical axis, then by tilt about its own horizontal one. Right to 0.003 degree.
pub(crate) fn seen_from(direction: Direction, bearing: i32, elevation: i32) -> (i32, i32) {
    let bearing = wrap_millideg(i64::from(bearing) - i64::from(direction.pan_millideg));
    let tilt = wrap_millideg(direction.tilt_millideg.into());
    if tilt == 0 {
        return (bearing, elevation);
    }
    // How far away it is makes no difference: as far as an i32 can say, for the fineness.
    let (level, up) = polar_mm(1_000_000_000, elevation);
    let (ahead, right) = polar_mm(level, bearing);
    let above = wrap_millideg(i64::from(angle_millideg(ahead, up)) - i64::from(tilt));
    let (ahead, up) = polar_mm(length_mm(ahead, up), above);
    (angle_millideg(ahead, right), angle_millideg(length_mm(ahead, right), up))
}

/// The length of the vector, rounded down.
pub(crate) fn length_mm(along_mm: i32, across_mm: i32) -> i32 {
    let square = |mm: i32| u64::from(mm.unsigned_abs()).pow(2);
    i32::try_from((square(along_mm) + square(across_mm)).isqrt()).unwrap_or(i32::MAX)
}

/// `a / b` rounded to the nearest, halves up; `b` > 0.
pub(crate) const fn round_div(a: i64, b: i64) -> i64 {
    (a + b / 2).div_euclid(b)
}

/// From `from` to `to`, `part` of `whole` of the way.
pub(crate) fn interpolate(from: i32, to: i32, part: u64, whole: u64) -> i32 {
    if whole == 0 {
        return to;
    }
    let step = i128::from(i64::from(to) - i64::from(from)) * i128::from(part.min(whole)) / i128::from(whole);
    // Between two i32, so it is one.
    i32::try_from(i128::from(from) + step).unwrap_or(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_agree_with_floating_point_all_round() {
        for tenth in -1800..=1800 {
            let exact = f64::from(tenth) / 10.0;
            let (along, across) = (exact.to_radians().cos() * 2e6, exact.to_radians().sin() * 2e6);
            let got = angle_millideg(along.round() as i32, across.round() as i32);
            let off = (got - tenth * 100).rem_euclid(360_000);
            assert!(off <= 1 || off >= 359_999, "{exact} degrees: {got}");
        }
    }

    #[test]
    fn polar_and_back_is_the_same_vector() {
        for millideg in (-180_000..=180_000).step_by(777) {
            let (along, across) = polar_mm(5000, millideg);
            let exact = (f64::from(millideg) / 1000.0).to_radians();
            assert!((f64::from(along) - 5000.0 * exact.cos()).abs() <= 1.0, "{millideg}: {along}");
            assert!((f64::from(across) - 5000.0 * exact.sin()).abs() <= 1.0, "{millideg}: {across}");
            assert!((length_mm(along, across) - 5000).abs() <= 1);
        }
    }

    #[test]
    fn angles_wrap_to_either_side_of_straight_ahead() {
        for (angle, same) in
            [(0, 0), (179_999, 179_999), (180_000, -180_000), (-180_001, 179_999), (720_001, 1)]
        {
            assert_eq!(wrap_millideg(angle), same, "{angle}");
        }
        assert_eq!(wrap_millideg(i64::from(i32::MIN)), -83_648); // 5965 turns on
    }

    /// Turned the long way, with matrices and in floating point.
    #[test]
    fn what_a_turned_head_sees_agrees_with_floating_point_in_every_direction() {
        let steps = |range: core::ops::RangeInclusive<i32>, step| range.step_by(step);
        for (pan, tilt) in
            steps(-180..=180, 36).flat_map(|pan| steps(-180..=180, 23).map(move |tilt| (pan, tilt)))
        {
            for (bearing, elevation) in
                steps(-180..=180, 29).flat_map(|bearing| steps(-88..=88, 22).map(move |up| (bearing, up)))
            {
                let [p, t, b, e] = [pan, tilt, bearing, elevation].map(|angle| f64::from(angle).to_radians());
                let (ahead, right, up) = (e.cos() * b.cos(), e.cos() * b.sin(), e.sin());
                let (ahead, right) = (ahead * p.cos() + right * p.sin(), right * p.cos() - ahead * p.sin());
                let (ahead, up) = (ahead * t.cos() + up * t.sin(), up * t.cos() - ahead * t.sin());
                let [p, t, b, e] = [pan, tilt, bearing, elevation].map(|angle| angle * 1000);
                let (got_bearing, got_elevation) = seen_from(Direction::new(p, t), b, e);
                let [b, e] = [got_bearing, got_elevation].map(|angle| (f64::from(angle) / 1e3).to_radians());
                // The angle between the two lines of sight.
                let off = (ahead - e.cos() * b.cos()).hypot(right - e.cos() * b.sin()).hypot(up - e.sin());
                assert!(
                    off.to_degrees() <= 0.003,
                    "{pan} {tilt} {bearing} {elevation}: {}",
                    off.to_degrees()
                );
            }
        }
    }

    #[test]
    fn the_axes_are_exact() {
        assert_eq!(angle_millideg(1000, 0), 0);
        assert_eq!(angle_millideg(0, 1000), 90_000);
        assert_eq!(angle_millideg(0, -1000), -90_000);
        assert_eq!(angle_millideg(0, 0), 0);
        assert_eq!(interpolate(10, 20, 1, 2), 15);
        assert_eq!(interpolate(20, 10, 3, 4), 13);
        assert_eq!(interpolate(1, 9, 5, 0), 9);
        let whole_range = [0, 1, 2, 3, 4].map(|part| interpolate(i32::MIN, i32::MAX, part, 4));
        assert_eq!(whole_range, [i32::MIN, -1_073_741_825, -1, 1_073_741_823, i32::MAX]);
    }
}
