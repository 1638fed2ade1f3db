//! How long an inference takes: its mean, and how that varies.

use super::sensor::{SimSensor, nanos};
use crate::random::Dice;

/// No inference is faster than this, whatever is assumed: time goes on.
const SHORTEST: u64 = 1_000_000;

/// Drift begins at zero, and is back there, on its way up again, after ten minutes.
const DRIFT_PERIOD: u64 = 600_000_000_000;

/// What tells the dice of the times from those of the faces: the times are the same whoever stands there.
const OF_TIMES: u64 = 0x7469_6D65_7320_6F66;

/// How long one inference takes, in nanoseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// From this capture to the next.
    pub(super) inference: u64,
    /// What of it is over the mean, or under it.
    pub(super) deviation: i64,
}

impl SimSensor {
    /// The pace of the inference of this capture, which takes so long on average.
    pub(super) fn pace(&self, capture: u64, mean: u64) -> Pace {
        let mean = mean.max(SHORTEST);
        let (jitter, permille) =
            (self.assumptions.inference_jitter, self.assumptions.inference_drift_permille);
        if jitter.is_zero() && permille == 0 {
            return Pace { inference: mean, deviation: 0 };
        }
        let jitter = i32::try_from(jitter.as_micros()).unwrap_or(i32::MAX);
        let jitter_us = Dice::new(self.seed ^ OF_TIMES, capture).between(-jitter, jitter);
        // In this order the largest of all numbers fit.
        let furthest = i128::from(mean) * i128::from(permille) / 1000;
        let drift = furthest * i128::from(triangle(self.now % DRIFT_PERIOD)) / i128::from(DRIFT_PERIOD / 4);
        let wanted = i128::from(mean) + i128::from(jitter_us) * 1000 + drift;
        let inference = u64::try_from(wanted.max(SHORTEST.into())).unwrap_or(u64::MAX);
        let deviation = i128::from(inference) - i128::from(mean);
        let most = if deviation < 0 { i64::MIN } else { i64::MAX };
        Pace { inference, deviation: i64::try_from(deviation).unwrap_or(most) }
    }

    /// The mean time of an inference whose recognition takes so long.
    pub(super) fn mean_inference(&self, recognition: u64) -> u64 {
        nanos(self.assumptions.detection).saturating_add(recognition)
    }
}

/// The wave at this place of its period: from zero up to a quarter of the period, down past zero, and back.
fn triangle(at: u64) -> i64 {
    let (at, quarter) = (at as i64, (DRIFT_PERIOD / 4) as i64);
    match at / quarter {
        0 => at,
        1 | 2 => 2 * quarter - at,
        _ => at - 4 * quarter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wave_has_its_ends_a_quarter_and_three_quarters_on() {
        const Q: i64 = 150_000_000_000;
        for (at, height) in
            [(0, 0), (Q / 2, Q / 2), (Q, Q), (2 * Q, 0), (3 * Q, -Q), (4 * Q - 1, -1), (3 * Q - 1, 1 - Q)]
        {
            assert_eq!(triangle(at as u64), height, "{at}");
        }
    }
}
