//! One axis of a pan/tilt: its limits, and how it moves.

use core::time::Duration;

/// Who moves more slowly than this, in thousandths of a degree a second, stands still: the head may rest. It is what is
/// left of a jitter of one view unit.
const STANDS_STILL: u32 = 3_000;

/// So far ahead of who walks, in thousandths of a degree, the head waits for them: about one view unit. (A whole degree
/// would make a head hunt for twice as long whose latency was assumed too short.)
const WAITS_WITHIN: u32 = 500;

/// A thousandth of a degree, in the parts in which a way is counted: thousandths of a degree a second times
/// nanoseconds.
const WHOLE: u64 = 1_000_000_000;

/// Which way an axis turns for a positive angle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Sense {
    /// To the sensor's right, or up.
    #[default]
    Normal,
    /// The other way round, as the servo happens to be mounted.
    Reversed,
}

/// One axis of a pan/tilt. Angles are in thousandths of a degree, seen from the mount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct AxisConfig {
    /// How far it goes to the left, or down: -180,000..=180,000. -90,000 unless changed, as hobby servos do.
    pub min_millideg: i32,
    /// How far it goes to the right, or up: -180,000..=180,000. 90,000 unless changed.
    pub max_millideg: i32,
    /// Which way it turns.
    pub sense: Sense,
    /// What is added to every commanded angle: how far the horn was put on askew. 0 unless changed.
    pub bias_millideg: i32,
    /// How far off the target it may rest. 2,500 unless changed: six view units, a quarter of a face at 1 m; apps
    /// that work use 10 to 25 units.
    pub dead_band_millideg: u32,
    /// How fast it may turn, in thousandths of a degree a second. 120,000 unless changed: hobby servos manage three to
    /// five times as much, and a camera that turns faster than that sees smears.
    pub slew_millideg_per_s: u32,
}

impl AxisConfig {
    /// As `Default`, for use in constants.
    pub const DEFAULT: AxisConfig = AxisConfig {
        min_millideg: -90_000,
        max_millideg: 90_000,
        sense: Sense::Normal,
        bias_millideg: 0,
        dead_band_millideg: 2_500,
        slew_millideg_per_s: 120_000,
    };

    /// The same with other limits.
    #[must_use]
    pub const fn with_range(self, min_millideg: i32, max_millideg: i32) -> Self {
        AxisConfig { min_millideg, max_millideg, ..self }
    }

    /// The same, turning this way.
    #[must_use]
    pub const fn with_sense(self, sense: Sense) -> Self {
        AxisConfig { sense, ..self }
    }

    /// The same with another bias.
    #[must_use]
    pub const fn with_bias(self, bias_millideg: i32) -> Self {
        AxisConfig { bias_millideg, ..self }
    }

    /// The same with another dead band.
    #[must_use]
    pub const fn with_dead_band(self, dead_band_millideg: u32) -> Self {
        AxisConfig { dead_band_millideg, ..self }
    }

    /// The same with another slew limit.
    #[must_use]
    pub const fn with_slew(self, slew_millideg_per_s: u32) -> Self {
        AxisConfig { slew_millideg_per_s, ..self }
    }

    /// The nearest direction that the axis can point to. Limits that are the wrong way round leave it at the lower one.
    pub(super) const fn limited(&self, direction: i32) -> i32 {
        let (min, max) = (within_half_turn(self.min_millideg), within_half_turn(self.max_millideg));
        if direction < min || max < min {
            min
        } else if direction > max {
            max
        } else {
            direction
        }
    }

    /// The angle to command for a direction.
    pub(super) const fn angle(&self, direction: i32) -> i32 {
        let turned = match self.sense {
            Sense::Normal => direction,
            Sense::Reversed => direction.saturating_neg(),
        };
        turned.saturating_add(self.bias_millideg)
    }
}

impl Default for AxisConfig {
    fn default() -> Self {
        AxisConfig::DEFAULT
    }
}

const fn within_half_turn(angle: i32) -> i32 {
    if angle < -180_000 {
        -180_000
    } else if angle > 180_000 {
        180_000
    } else {
        angle
    }
}

/// Where an axis is and whether it moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Axis {
    position: i32,
    is_moving: bool,
    /// What is left of a way of less than a thousandth of a degree, in billionths of that: a program that calls each
    /// few microseconds would lose all of its way without it.
    part: u32,
}

impl Axis {
    pub(super) const fn at(position: i32) -> Axis {
        Axis { position, is_moving: false, part: 0 }
    }

    pub(super) const fn position(&self) -> i32 {
        self.position
    }

    pub(super) const fn stay(&mut self) {
        (self.is_moving, self.part) = (false, 0);
    }

    /// Toward somebody: it sets out when they have left the dead band, and rests again when it has reached them.
    ///
    /// Where they were is known, where they are now is the guess that they went on as they did. Who stands still sways:
    /// for them the guess would go further than they do, and carry the head out of the dead band to and fro.
    /// And a new packet may set the guess back by a little: a head that is that little ahead of who walks waits for them.
    pub(super) fn follow(
        &mut self,
        config: &AxisConfig,
        they_were: i32,
        they_are: i32,
        their_speed: i32,
        elapsed: Duration,
    ) {
        let stands_still = their_speed.unsigned_abs() < STANDS_STILL;
        let goal = config.limited(if stands_still { they_were } else { they_are });
        let off = goal.saturating_sub(self.position);
        let is_ahead = !stands_still && off.signum() == their_speed.signum().saturating_neg();
        let stays_within = if self.is_moving {
            config.dead_band_millideg.min(WAITS_WITHIN)
        } else {
            config.dead_band_millideg
        };
        if (is_ahead || !self.is_moving) && off.unsigned_abs() <= stays_within {
            return;
        }
        self.is_moving = true;
        self.step(config.slew_millideg_per_s, goal, elapsed);
        if self.position == goal && stands_still {
            self.is_moving = false;
        }
    }

    /// To a place, at no more than this speed, without a dead band.
    pub(super) fn go(&mut self, config: &AxisConfig, there: i32, speed: u32, elapsed: Duration) {
        self.is_moving = false;
        self.step(speed.min(config.slew_millideg_per_s), config.limited(there), elapsed);
    }

    fn step(&mut self, speed: u32, goal: i32, elapsed: Duration) {
        // No more than 100 ms, so nanoseconds are all there is, and 64 bits are never full.
        let parts =
            u64::from(speed).saturating_mul(elapsed.subsec_nanos().into()).saturating_add(self.part.into());
        let whole = parts / WHOLE;
        let way = i32::try_from(whole).unwrap_or(i32::MAX);
        let off = goal.saturating_sub(self.position);
        self.position = self.position.saturating_add(off.clamp(way.saturating_neg(), way));
        let left = parts.saturating_sub(whole.saturating_mul(WHOLE));
        self.part = if self.position == goal { 0 } else { left as u32 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_the_edge_of_the_dead_band_it_rests_and_beyond_it_sets_out() {
        let goes = |off: i32| {
            let mut axis = Axis::at(0);
            axis.follow(&AxisConfig::DEFAULT, off, off, 0, Duration::from_millis(10));
            axis.position()
        };
        assert_eq!([2500, -2500, 2501, -2501].map(goes), [0, 0, 1200, -1200]);
    }

    #[test]
    fn a_head_that_is_ahead_of_who_walks_waits_for_them_but_not_far_ahead() {
        let goes = |off: i32, speed: i32| {
            let mut axis = Axis { is_moving: true, ..Axis::at(0) };
            axis.follow(&AxisConfig::DEFAULT, off, off, speed, Duration::from_millis(10));
            axis.position()
        };
        let (walks, stands) = (10_000, 1_000);
        assert_eq!([-500, -501, 500].map(|off| goes(off, walks)), [0, -501, 500]);
        assert_eq!([500, 501, -500].map(|off| goes(off, -walks)), [0, 501, -500]);
        assert_eq!([500, -500].map(|off| goes(off, stands)), [500, -500]);
    }
}
