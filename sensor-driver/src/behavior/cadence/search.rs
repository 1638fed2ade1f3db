//! The period from changes between reads that follow each other closely.

use super::config::Limits;

/// As many intervals between changes are looked at.
const INTERVALS: usize = 3;

/// After as many reads a search is in vain ...
const READS: i32 = 300;

/// ... or, if those are more, after as many as steps go into so many of the longest periods. It lasts so long if each
/// change takes two of them: two until the first, two for an interval, and two, in steps twice as wide, for each of the
/// others.
const LONGEST_PERIODS: i32 = 6;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) enum Aim {
    /// The period is known and believed, only the phase is not.
    Phase,
    /// The period.
    Period,
}

/// Changes found by reading in small steps. Times are microseconds after a moment that [`shift`](Search::shift) moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Search {
    aim: Aim,
    /// Between changes that were seen one after the other.
    intervals: [i32; INTERVALS],
    found: u8,
    /// The latest change, if it is known closely.
    latest: Option<i32>,
    /// When something last changed, or the search began.
    stirred: i32,
    reads: i32,
    /// How far apart to read.
    step: i32,
}

impl Search {
    pub(super) const fn new(aim: Aim, limits: &Limits) -> Search {
        let (intervals, step) = ([0; INTERVALS], limits.search_step);
        Search { aim, intervals, found: 0, latest: None, stirred: 0, reads: 0, step }
    }

    pub(super) fn shift(&mut self, by: i32) {
        self.latest = self.latest.map(|latest| latest.saturating_sub(by));
        self.stirred = self.stirred.saturating_sub(by);
    }

    /// One more read, whatever it gave.
    pub(super) const fn read(&mut self) {
        self.reads = self.reads.saturating_add(1);
    }

    pub(super) const fn aim(&self) -> Aim {
        self.aim
    }

    pub(super) const fn step(&self) -> i32 {
        self.step
    }

    pub(super) const fn latest(&self) -> Option<i32> {
        self.latest
    }

    /// A search costs more than it can find: nothing has changed for long, or so many reads were late or failed that
    /// their changes show nothing. Now is zero.
    pub(super) fn is_in_vain(&self, limits: &Limits) -> bool {
        let longest = limits.slowest.saturating_mul(LONGEST_PERIODS).checked_div(limits.search_step);
        self.stirred < limits.slowest.saturating_mul(-2) || self.reads >= READS.max(longest.unwrap_or(READS))
    }

    /// Something changed between `after` and now, which is zero: `true` once there is enough to learn from.
    pub(super) fn changed(&mut self, after: i32, limits: &Limits) -> bool {
        self.stirred = 0;
        let width = after.saturating_neg().max(0);
        if width > self.step.saturating_mul(2).max(limits.search_step) {
            self.latest = None; // a read is missing: from here on, anew
            return false;
        }
        let at = (width >> 1).saturating_neg();
        let before = self.latest.replace(at);
        let (Some(before), Some(slot)) = (before, self.intervals.get_mut(usize::from(self.found))) else {
            return false;
        };
        *slot = at.saturating_sub(before);
        let finer = (*slot >> 4).max(limits.least_gap);
        self.step = finer.min(limits.search_step.saturating_mul(2)).min(self.step.saturating_mul(2));
        self.found = self.found.saturating_add(1);
        usize::from(self.found) == INTERVALS
    }

    /// The period of which all intervals are multiples, because some results were equal to the one before.
    pub(super) fn period(&self, limits: &Limits) -> Option<i32> {
        let shortest = self.intervals.into_iter().min()?;
        // Enough for jitter and for the steps, and less than a third of it: else 3 and 4 periods would pass for one each.
        let tolerated = (shortest >> 3).saturating_add(limits.search_step.saturating_mul(2));
        let whole = self.fit(shortest, tolerated.min(shortest.saturating_mul(2) / 5), true);
        let part = |parts| {
            let part = shortest.checked_div(parts)?;
            let is_allowed = |&period: &i32| period >= limits.fastest.saturating_sub(self.step);
            self.fit(part, part / 4, false).filter(is_allowed)
        };
        // With jitter, small parts fit by chance: only if the whole does not.
        let period =
            whole.or_else(|| part(2)).or_else(|| part(3)).or_else(|| self.fit(shortest, shortest, false))?;
        Some(period.min(limits.slowest).max(limits.fastest))
    }

    /// The mean period, if all intervals are multiples of this one to within `tolerated`; more where jitter `adds_up` over
    /// several.
    fn fit(&self, period: i32, tolerated: i32, adds_up: bool) -> Option<i32> {
        let (mut total, mut count) = (0_i32, 0_i32);
        for interval in self.intervals {
            let multiple = interval.saturating_add(period >> 1).checked_div(period)?.max(1);
            let off = interval.saturating_sub(multiple.saturating_mul(period));
            let more = if adds_up { interval.saturating_sub(period).max(0) >> 4 } else { 0 };
            if off.saturating_abs() > tolerated.saturating_add(more) {
                return None;
            }
            total = total.saturating_add(interval);
            count = count.saturating_add(multiple);
        }
        total.checked_div(count)
    }
}

#[cfg(test)]
mod tests {
    use super::super::CadenceConfig;
    use super::*;

    const LIMITS: Limits = CadenceConfig::DEFAULT.limits();

    fn found(intervals_ms: [i32; 3]) -> Option<i32> {
        let intervals = intervals_ms.map(|interval| interval * 1000);
        let search = Search { intervals, found: 3, ..Search::new(Aim::Period, &LIMITS) };
        search.period(&LIMITS).map(|period| (period + 500) / 1000)
    }

    #[test]
    fn the_period_is_the_mean_of_the_intervals() {
        assert_eq!(found([140, 140, 140]), Some(140));
        assert_eq!(found([136, 143, 141]), Some(140));
    }

    #[test]
    fn results_that_did_not_change_make_multiples() {
        assert_eq!(found([140, 420, 280]), Some(140));
        assert_eq!(found([280, 420, 280]), Some(140));
        assert_eq!(found([150, 270, 140]), Some(140));
        assert_eq!(found([420, 560, 420]), Some(140), "a third of the shortest");
        assert_eq!(found([138, 722, 282]), Some(143), "jitter adds up over five");
    }

    #[test]
    fn a_period_stays_within_its_bounds() {
        assert_eq!(found([20, 20, 20]), Some(40));
        assert_eq!(found([900, 900, 900]), Some(500));
        assert_eq!(found([0, 0, 0]), None);
    }

    #[test]
    fn a_change_seen_between_reads_far_apart_begins_no_interval() {
        let mut search = Search::new(Aim::Period, &LIMITS);
        assert!(!search.changed(-10_000, &LIMITS));
        search.shift(140_000);
        assert!(!search.changed(-100_000, &LIMITS));
        assert_eq!(search.latest(), None);
        for _ in 0..4 {
            search.shift(140_000);
            if search.changed(-10_000, &LIMITS) {
                assert_eq!(search.period(&LIMITS), Some(140_000));
                return;
            }
        }
        panic!("four changes make three intervals");
    }
}
