//! Where something is and how fast it moves, on one axis, from measurements that are off by a little.
//!
//! An alpha-beta filter whose gains begin high and settle, in integers: thousandths of a degree, and of a degree a second.

use core::time::Duration;

use super::super::time::micros;

/// Beyond this a movement is not believed to go on: half a second.
const LONGEST_PREDICTION_MS: i32 = 500;

/// Nothing that a person does is faster, in thousandths of a degree a second.
const FASTEST: i32 = 400_000;

/// No sensor is known to make packets faster than this: what seems to have moved in less is noise.
const FASTEST_PACKETS_MS: i32 = 60;

/// How far a measurement is off, when the head stands still: about two view units, in thousandths of a degree.
const NOISE_MILLIDEG: i32 = 900;

/// An uncertainty of this much, in thousandths of a degree (about five view units), halves the belief in a measurement.
const TRUSTED_MILLIDEG: i32 = 2_000;

/// A measurement that is less certain than this, in thousandths of a degree, says nothing about speed: the head was swinging.
const SACCADE_MILLIDEG: i32 = 4_000;

/// Share of a surprise that goes into position and into speed, in 256ths, by the number of the measurement from the second
/// on; the last pair from then on. (The least-squares gains of a straight line, until they are as small as wanted.)
const GAINS: [(i32, i32); 5] = [(256, 120), (213, 120), (185, 90), (170, 75), (160, 70)];

/// The same for a surprise far beyond the noise: a turn, a start or a stop. (Without it, somebody who stops is believed to
/// walk on for a second, and somebody who starts runs away from the track.)
const TURN: (i32, i32) = (240, 140);

/// A position and a speed on one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Axis {
    /// In thousandths of a degree.
    pub(super) position: i32,
    /// In thousandths of a degree a second.
    pub(super) velocity: i32,
    /// By how much the last measurement may have been off, in thousandths of a degree.
    doubt: i32,
}

impl Axis {
    pub(super) const fn at(position: i32) -> Axis {
        Axis { position, velocity: 0, doubt: 0 }
    }

    /// Where it will be after this time, if it goes on as it does, for half a second at most.
    pub(super) fn predicted(&self, after: Duration) -> i32 {
        let ms = millis(after).min(LONGEST_PREDICTION_MS);
        // |velocity| <= 400,000 and ms <= 500: no overflow.
        self.position.saturating_add(self.velocity.saturating_mul(ms) / 1000)
    }

    /// Takes the measurement with this number (the second is 1), some time after the one before; `uncertainty` is by
    /// how much it may be off beyond the usual noise.
    pub(super) fn measured(&mut self, measured: i32, number: u16, after: Duration, uncertainty: u32) {
        let predicted = self.predicted(after);
        let surprise = measured.saturating_sub(predicted).clamp(-360_000, 360_000);
        let uncertainty = uncertainty.min(100_000) as i32;
        let is_turn =
            surprise.saturating_abs() > NOISE_MILLIDEG.saturating_add(uncertainty).saturating_mul(3);
        let settled = GAINS.get(usize::from(number.saturating_sub(1))).copied().unwrap_or((160, 70));
        let (for_position, for_velocity) =
            if is_turn && number > 1 && self.doubt <= SACCADE_MILLIDEG { TURN } else { settled };
        // What is uncertain is believed less; and hardly for the speed, which also tells where it was before.
        let belief = |uncertainty: i32| {
            let trusted = TRUSTED_MILLIDEG.saturating_mul(256);
            trusted.checked_div(TRUSTED_MILLIDEG.saturating_add(uncertainty)).unwrap_or(256)
        };
        let share = |of: i32, gain: i32| of.saturating_mul(gain) / 256;
        let step = share(surprise, for_position);
        self.position = predicted.saturating_add(share(step, belief(uncertainty)));
        self.doubt = uncertainty;
        if uncertainty <= SACCADE_MILLIDEG {
            let ms = millis(after).max(FASTEST_PACKETS_MS);
            let faster = share(surprise, for_velocity).saturating_mul(1000).checked_div(ms).unwrap_or(0);
            let faster = share(share(faster, belief(uncertainty)), belief(uncertainty));
            self.velocity = self.velocity.saturating_add(faster).clamp(-FASTEST, FASTEST);
        }
    }

    /// A time without a measurement: the movement is believed less and less.
    pub(super) fn missed(&mut self) {
        self.velocity = self.velocity.saturating_mul(7) / 8;
    }
}

/// Whole milliseconds, at most 100 seconds.
fn millis(duration: Duration) -> i32 {
    if duration.as_secs() >= 100 {
        return 100_000;
    }
    (micros(duration) as i32) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: Duration = Duration::from_millis(140);

    fn follow(measurements: impl IntoIterator<Item = i32>) -> Axis {
        let mut measurements = measurements.into_iter();
        let mut axis = Axis::at(measurements.next().unwrap());
        for (number, measured) in (1..).zip(measurements) {
            axis.measured(measured, number, STEP, 0);
        }
        axis
    }

    #[test]
    fn what_moves_evenly_is_followed_without_lag() {
        let walk = |step: i32| (0..30).map(move |i| i * step);
        for step in [-4000, -300, 0, 50, 2800] {
            let axis = follow(walk(step));
            assert!((axis.position - 29 * step).abs() <= 40, "{step}: {axis:?}");
            assert!((axis.velocity - step * 1000 / 140).abs() <= 250, "{step}: {axis:?}");
        }
    }

    #[test]
    fn noise_is_smoothed() {
        let axis = follow((0..40).map(|i| if i % 2 == 0 { 430 } else { -430 }));
        assert!(axis.position.abs() < 300 && axis.velocity.abs() < 1500, "{axis:?}");
    }

    #[test]
    fn who_stops_is_where_they_stopped_after_a_few_measurements() {
        let stop =
            |step: i32, still: i32| follow((0..10).map(|i| i * step).chain((0..still).map(|_| 9 * step)));
        // 30 degrees a second.
        for step in [4200, -4200] {
            assert!((stop(step, 1).position - 9 * step).abs() <= 600, "{:?}", stop(step, 1));
            assert!((stop(step, 5).position - 9 * step).abs() <= 1200, "{:?}", stop(step, 5));
            assert!(stop(step, 12).velocity.abs() <= 3000, "{:?}", stop(step, 12));
        }
    }

    #[test]
    fn a_prediction_ends_after_half_a_second() {
        let axis = Axis { position: 1000, velocity: 10_000, doubt: 0 };
        assert_eq!(axis.predicted(Duration::from_millis(200)), 3000);
        assert_eq!(axis.predicted(Duration::from_secs(60)), 6000);
        assert_eq!(axis.predicted(Duration::MAX), 6000);
    }

    #[test]
    fn an_uncertain_measurement_moves_it_less() {
        let [sure, unsure, swinging] =
            [0, TRUSTED_MILLIDEG as u32, SACCADE_MILLIDEG as u32 + 1].map(|uncertainty| {
                let mut axis = Axis::at(0);
                axis.measured(10_000, 9, STEP, uncertainty);
                axis
            });
        assert!(sure.position.abs_diff(unsure.position * 2) <= 2, "{sure:?} {unsure:?}");
        assert!(sure.velocity.abs_diff(unsure.velocity * 4) <= 400, "{sure:?} {unsure:?}");
        assert!(swinging.position > 0 && swinging.position < unsure.position, "{swinging:?}");
        assert_eq!(swinging.velocity, 0);
    }

    #[test]
    fn nothing_overflows() {
        for extreme in [i32::MIN, i32::MAX, 0] {
            for after in [Duration::ZERO, Duration::MAX, STEP] {
                let mut axis = Axis::at(extreme);
                for measured in [i32::MAX, i32::MIN, 7] {
                    axis.measured(measured, u16::MAX, after, u32::MAX);
                    axis.missed();
                }
            }
        }
    }

    #[test]
    fn what_is_missed_is_believed_to_slow_down() {
        let mut axis = Axis { position: 0, velocity: 8000, doubt: 0 };
        axis.missed();
        assert_eq!((axis.position, axis.velocity), (0, 7000));
    }

    #[test]
    fn two_measurements_within_a_moment_are_no_great_speed() {
        let mut axis = Axis::at(0);
        axis.measured(800, 9, Duration::from_millis(1), 0);
        assert!((1..4000).contains(&axis.velocity), "{axis:?}");
    }

    #[test]
    fn a_surprise_after_an_uncertain_measurement_is_no_turn() {
        let after = |uncertainty: i32| {
            let mut axis = Axis::at(0);
            axis.measured(0, 9, STEP, uncertainty.unsigned_abs());
            axis.measured(10_000, 10, STEP, 0);
            axis.position
        };
        assert!(after(SACCADE_MILLIDEG + 1) < 7000 && after(0) > 9000);
    }

    #[test]
    fn a_surprise_counts_for_less_from_measurement_to_measurement_and_beyond_the_noise_it_is_a_turn() {
        let surprised = |by: i32, number: u16| {
            let mut axis = Axis::at(0);
            axis.measured(by, number, Duration::from_secs(1), 0);
            (axis.position, axis.velocity)
        };
        let settling = [(2560, 1200), (2130, 1200), (1850, 900), (1700, 750), (1600, 700), (1600, 700)];
        for (number, expected) in (1..).zip(settling) {
            assert_eq!(surprised(2560, number), expected, "{number}");
        }
        assert_eq!([surprised(2700, 9), surprised(2701, 9)], [(1687, 738), (2532, 1477)]);
        assert_eq!(surprised(2816, 1), (2816, 1320));
    }

    #[test]
    fn nobody_is_faster_than_400_degrees_a_second() {
        for way in [300_000, -300_000] {
            let mut axis = Axis::at(0);
            axis.measured(way, 1, Duration::from_millis(100), 0);
            assert_eq!(axis.velocity, way.signum() * 400_000);
        }
    }
}
