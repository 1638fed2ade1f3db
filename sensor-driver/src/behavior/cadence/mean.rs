//! The mean period over many intervals.

/// So many intervals make a mean: the ends are known to a few milliseconds, so it is known to some hundredths of a percent.
const ENOUGH: i32 = 48;

/// After so many a new one is begun: older ones say less about now.
const MANY: i32 = 256;

/// Times are microseconds after a moment that [`shift`](Mean::shift) moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Mean {
    /// The publication that began it, and the intervals since.
    begin: Option<i32>,
    intervals: i32,
    /// In whole microseconds: what is less is less than anybody knows of the ends.
    period: Option<i32>,
}

impl Mean {
    pub(super) const UNKNOWN: Mean = Mean { begin: None, intervals: 0, period: None };

    /// The moment from which times are counted is later by this many microseconds.
    pub(super) fn shift(&mut self, by: i32) {
        self.begin = self.begin.map(|begin| begin.saturating_sub(by));
    }

    /// One more interval.
    pub(super) const fn advance(&mut self) {
        self.intervals = self.intervals.saturating_add(1);
    }

    /// A publication is known exactly.
    pub(super) fn exact(&mut self, published: i32) {
        let Some(begin) = self.begin else {
            (self.begin, self.intervals) = (Some(published), 0);
            return;
        };
        // Beyond half an hour the moments are not kept.
        let span = published.saturating_sub(begin);
        if self.intervals >= ENOUGH && span < i32::MAX / 2 {
            self.period = span.checked_div(self.intervals);
        }
        if self.intervals >= MANY {
            (self.begin, self.intervals) = (Some(published), 0);
        }
    }

    /// The mean, if there is one that goes with what is believed now: within a sixteenth.
    pub(super) fn of(&self, period: i32) -> Option<i32> {
        self.period.filter(|mean| mean.abs_diff(period) < (period >> 4).unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_intervals_make_a_mean_however_the_moments_are_counted() {
        let mut mean = Mean::UNKNOWN;
        let mut now = 0;
        for interval in 0..300 {
            if interval % 7 == 0 {
                // Off by up to 3 ms.
                mean.exact(now + [0, 3000, -3000][interval / 7 % 3]);
            }
            mean.advance();
            now += 140_010;
            if interval % 10 == 0 {
                mean.shift(50_000_000);
                now -= 50_000_000;
            }
        }
        let exact = 140_010;
        assert!(mean.of(exact).is_some_and(|mean| mean.abs_diff(exact) < 60), "{mean:?}");
        assert_eq!(mean.of(exact * 2), None);
    }

    #[test]
    fn few_intervals_are_no_mean() {
        let mut mean = Mean::UNKNOWN;
        mean.exact(0);
        for _ in 0..ENOUGH - 1 {
            mean.advance();
        }
        mean.exact(1_000_000);
        assert_eq!(mean.period, None);
    }

    /// So many intervals that are known exactly at both ends.
    fn after(intervals: i32, period: i32) -> Mean {
        let mut mean = Mean::UNKNOWN;
        mean.exact(0);
        pass(&mut mean, intervals, period);
        mean.exact(0);
        mean
    }

    fn pass(mean: &mut Mean, intervals: i32, period: i32) {
        for _ in 0..intervals {
            mean.shift(period);
            mean.advance();
        }
    }

    #[test]
    fn enough_intervals_are_a_mean() {
        assert_eq!(after(47, 140_000).of(140_000), None);
        assert_eq!(after(48, 140_000).of(140_000), Some(140_000));
    }

    #[test]
    fn after_many_intervals_the_old_ones_count_no_more() {
        let mut mean = after(256, 140_000);
        pass(&mut mean, 48, 141_000);
        mean.exact(0);
        assert_eq!(mean.of(140_000), Some(141_000));
    }

    #[test]
    fn longer_than_moments_are_kept_is_no_mean() {
        let mean = after(107, 10_000_000);
        assert_eq!(mean.of(10_000_000), Some(10_000_000));
        for intervals in [108, 250, 300] {
            assert_eq!(after(intervals, 10_000_000).of(10_000_000), None, "{intervals}");
        }
    }
}
