//! When the next result is due, and how surely: an estimate that is corrected by every read.
//!
//! A read says only on which side of it a publication was. So the estimate is a normal distribution, and a read cuts
//! off one side of it: what is left is again taken for a normal distribution of the same mean and variance. A read
//! that found the new result where it was expected pulls the estimate a little earlier and makes it a little surer;
//! two reads with the publication between them replace it.

use super::config::Limits;
use super::mean::Mean;

/// Periods are kept in fractions of a microsecond, or else small corrections would be lost.
const FRACTION_BITS: u32 = 6;

/// Variances are in units of (16 us)^2: half a second squared fits in 32 bits.
const UNIT_BITS: u32 = 4;

/// The least variance that an interval is credited with: (0.25 ms)^2.
const LEAST_JITTER: u32 = 256;

/// The period follows one part in so many of a correction. First: what a search found is worth little. Last: in the
/// long run the period is worth more than any one correction. The others: again and again too late, or never too
/// early, as if the period had changed.
const FIRST_GEAR: u8 = 8;
const LAST_GEAR: u8 = 64;
const TOO_LATE_GEAR: u8 = 4;
const NEVER_EARLY_GEAR: u8 = 16;

/// As many publications one after the other that were later than the read.
const TOO_LATE: u8 = 4;

/// As many publications one after the other that were before the read.
const NEVER_EARLY: u8 = 24;

/// As many intervals without anything learned, and a deviation may be one of the period as well.
const BLIND: u32 = 8;

/// A publication that is known this exactly, in microseconds, may begin or end the time over which the mean is taken.
const MEAN_WITHIN: i32 = 12_000;

/// How many inferences of measured jitter are remembered, about.
const MEMORY: u32 = 128;

/// What is left of a standard normal distribution below z = -3, -2, ... 4: by how much its mean lies below zero, and
/// its variance, both in 1/256.
const BELOW: [(i32, u32); 8] =
    [(840, 18), (607, 29), (390, 51), (204, 93), (74, 161), (14, 227), (1, 253), (0, 256)];

/// Times are microseconds after a moment that [`shift`](Phase::shift) moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Phase {
    /// When the first result that is not accounted for yet was or will be published.
    due: i32,
    /// The variance of that.
    variance: u32,
    /// In 1/64 us.
    period: i32,
    /// The sum of squared deviations of exact publications from the prediction, and of the numbers of intervals in
    /// which they came about. Their ratio is the variance of one interval, however the moments to measure were chosen
    /// (Wald's second identity).
    deviation: u32,
    intervals: u32,
    /// Intervals since the last exact publication, and all corrections of `due` since.
    steps: u32,
    corrected: i32,
    /// The period follows one part in so many.
    gear: u8,
    /// Publications one after the other that were later than the read, and that were before it.
    too_late: u8,
    never_early: u8,
    /// Intervals since anything was learned.
    blind: u32,
    /// The mean period over many intervals, as soon as there is one: for the times in which nothing can be learned.
    mean: Mean,
}

impl Phase {
    /// After a search: the latest publication, how exactly that is known, and the period.
    pub(super) fn new(published: i32, uncertainty: i32, period: i32) -> Phase {
        // Until it is measured: jitter of 1.6 % of the period, with the weight of 16 intervals.
        let jitter = square(period >> 6);
        let mut phase = Phase {
            due: published,
            variance: square(uncertainty >> 1).saturating_add(jitter),
            period: period.saturating_mul(1 << FRACTION_BITS),
            deviation: jitter.saturating_mul(16),
            intervals: 16,
            steps: 0,
            corrected: 0,
            gear: FIRST_GEAR,
            too_late: 0,
            never_early: 0,
            blind: 0,
            mean: Mean::UNKNOWN,
        };
        phase.advance();
        phase
    }

    /// The moment from which times are counted is later by this many microseconds.
    pub(super) fn shift(&mut self, by: i32) {
        self.due = self.due.saturating_sub(by);
        self.mean.shift(by);
    }

    pub(super) const fn due(&self) -> i32 {
        self.due
    }

    pub(super) const fn period(&self) -> i32 {
        self.period >> FRACTION_BITS
    }

    /// The standard deviation of `due` in microseconds, at least one unit.
    pub(super) fn sigma(&self) -> i32 {
        (self.variance.isqrt().max(1) << UNIT_BITS) as i32
    }

    /// The standard deviation of one interval in microseconds.
    pub(super) fn jitter_sigma(&self) -> i32 {
        (self.jitter().isqrt() << UNIT_BITS) as i32
    }

    /// The variance of one interval.
    fn jitter(&self) -> u32 {
        self.deviation.checked_div(self.intervals).unwrap_or(0).max(LEAST_JITTER)
    }

    /// Turns to the next publication.
    pub(super) fn advance(&mut self) {
        // Every correction moves the period to and fro a little, which adds up where none follow: there its mean is better.
        let mean = self.mean.of(self.period()).filter(|_| self.blind >= BLIND);
        self.due = self.due.saturating_add(mean.unwrap_or(self.period()));
        self.mean.advance();
        let jitter = self.jitter();
        // Who is never too early may be ever later: the longer that goes, the less is believed.
        let doubted = (jitter >> 3).saturating_mul(u32::from(self.never_early.min(64)));
        // What is not known of the period adds up, unlike jitter.
        let blind = self.blind.saturating_mul(2).saturating_add(1);
        let of_period = (jitter >> if mean.is_some() { 11 } else { 7 }).saturating_mul(blind);
        // Nothing is less known than "at any time within a period".
        let most = square(self.period() >> 2);
        let growth = jitter.saturating_add(doubted).saturating_add(of_period);
        self.variance = self.variance.saturating_add(growth).min(most);
        self.steps = self.steps.saturating_add(1);
        self.blind = self.blind.saturating_add(1);
    }

    /// The publication was before `now`, as expected. Whether the period `follows`: only where one that is later than
    /// expected would show as well. Else all that shows pulls it the same way, and it gets ever shorter.
    pub(super) fn before(&mut self, now: i32, follows: bool, limits: &Limits) {
        let sigma = self.sigma();
        let z = now.saturating_sub(self.due).saturating_mul(16).checked_div(sigma).unwrap_or(0);
        let (mean, left) = below(z);
        self.variance = scaled(self.variance, left);
        if z < 32 {
            self.never_early = self.never_early.saturating_add(1);
        }
        self.too_late = 0;
        if self.never_early > NEVER_EARLY {
            self.gear = self.gear.min(NEVER_EARLY_GEAR);
        }
        self.correct((sigma.saturating_mul(mean) >> 8).saturating_neg(), follows, limits);
    }

    /// The publication was between the two moments, as could be expected. Whether the period `follows`, as above.
    pub(super) fn between(&mut self, after: i32, now: i32, follows: bool, limits: &Limits) {
        let width = now.saturating_sub(after).max(0);
        // The tail of the distribution: rather at the near end.
        let published = after.saturating_add(width.saturating_mul(7) >> 4);
        let error = published.saturating_sub(self.due);
        self.too_late = if error > 0 { self.too_late.saturating_add(1) } else { 0 };
        if self.too_late >= TOO_LATE {
            self.gear = self.gear.min(TOO_LATE_GEAR);
        }
        self.correct(error, follows, limits);
        if width <= MEAN_WITHIN {
            self.mean.exact(self.due);
        }
        let blur = square(width) / 12;
        self.variance = self.variance.min(blur);
        self.measure_jitter(blur);
    }

    /// The publication was where none was expected: believe it, and learn nothing from it of the period. Whether it is
    /// a deviation of this interval, or may be anything.
    pub(super) fn jump(&mut self, published: i32, uncertainty: i32, is_deviation: bool) {
        self.corrected = self.corrected.saturating_add(published.saturating_sub(self.due));
        self.due = published;
        self.variance = square(uncertainty);
        if !is_deviation || self.blind >= BLIND {
            self.steps = 0;
            self.mean = Mean::UNKNOWN;
        }
        self.measure_jitter(self.variance);
        self.blind = 0;
    }

    /// By how much the predictions since the last exact publication were off.
    fn measure_jitter(&mut self, blur: u32) {
        if self.steps > 0 {
            // One outlier must not pass for the rule; and both ends are known to within a gap like this only.
            let most = square(self.period() >> 3).saturating_mul(self.steps.min(16));
            let deviation = square(self.corrected).saturating_sub(blur.saturating_mul(2)).min(most);
            self.deviation = self.deviation.saturating_add(deviation);
            self.intervals = self.intervals.saturating_add(self.steps);
            while self.intervals > MEMORY {
                self.deviation = self.deviation.saturating_sub(self.deviation >> 3);
                self.intervals = self.intervals.saturating_sub(self.intervals >> 3);
            }
        }
        self.steps = 0;
        self.corrected = 0;
        self.never_early = 0;
    }

    fn correct(&mut self, error: i32, follows: bool, limits: &Limits) {
        self.due = self.due.saturating_add(error);
        self.corrected = self.corrected.saturating_add(error);
        self.blind = 0;
        if !follows {
            return;
        }
        let part = error.saturating_mul(1 << FRACTION_BITS).checked_div(i32::from(self.gear)).unwrap_or(0);
        let [fastest, slowest] =
            [limits.fastest, limits.slowest].map(|period| period.saturating_mul(1 << FRACTION_BITS));
        self.period = self.period.saturating_add(part).min(slowest).max(fastest);
        self.gear = self.gear.saturating_add(1).min(LAST_GEAR);
    }
}

/// The square of microseconds, as a variance.
fn square(micros: i32) -> u32 {
    let units = micros.unsigned_abs() >> UNIT_BITS;
    units.saturating_mul(units)
}

/// So many 1/256 of a variance, up to 256.
const fn scaled(variance: u32, part: u32) -> u32 {
    let [high, low] = [variance >> 8, variance & 255];
    high.saturating_mul(part).saturating_add(low.saturating_mul(part) >> 8)
}

/// What is left of a standard normal distribution below `z`, in 1/16: how far its mean is below zero, and its variance,
/// both in 1/256.
fn below(z: i32) -> (i32, u32) {
    let place = z.saturating_add(3 << 4).clamp(0, 7 << 4);
    let (index, rest) = ((place >> 4) as usize, place & 15);
    let Some(&(mean, variance)) = BELOW.get(index) else { return (0, 256) };
    let &(next_mean, next_variance) = BELOW.get(index.saturating_add(1)).unwrap_or(&(0, 256));
    let fall = mean.saturating_sub(next_mean).saturating_mul(rest) >> 4;
    let rise = next_variance.saturating_sub(variance).saturating_mul(rest as u32) >> 4;
    (mean.saturating_sub(fall), variance.saturating_add(rise))
}

#[cfg(test)]
mod tests {
    use super::super::CadenceConfig;
    use super::*;

    const LIMITS: Limits = CadenceConfig::DEFAULT.limits();

    #[test]
    fn what_is_cut_off_is_as_the_normal_distribution_says() {
        // phi(z) / Phi(z) and 1 - z m - m^2 by the tables of any textbook
        for (z, mean, variance) in
            [(-1.0, 1.525, 0.199), (0.0, 0.798, 0.363), (1.0, 0.288, 0.630), (2.0, 0.055, 0.886)]
        {
            let (found_mean, found_variance) = below((z * 16.0) as i32);
            assert!((f64::from(found_mean) / 256.0 - mean).abs() < 0.01, "{z}");
            assert!((f64::from(found_variance) / 256.0 - variance).abs() < 0.01, "{z}");
        }
        assert_eq!(below(1000), (0, 256));
        assert_eq!(below(-1000), below(-48));
    }

    #[test]
    fn a_part_of_a_variance_is_that_part() {
        assert_eq!(scaled(1_000_000, 256), 1_000_000);
        assert_eq!(scaled(1_000_000, 64), 250_000);
        assert_eq!(scaled(255, 128), 127);
    }

    #[test]
    fn a_result_seen_as_expected_pulls_earlier_and_makes_surer() {
        let mut phase = Phase::new(0, 10_000, 140_000);
        assert_eq!(phase.due(), 140_000);
        let sigma = phase.sigma();
        phase.before(140_000 + sigma, true, &LIMITS);
        assert!(phase.due() < 140_000 && phase.due() > 140_000 - sigma / 2);
        assert!(phase.sigma() < sigma && phase.sigma() > sigma / 2);
        assert!(phase.period() < 140_000);
    }

    #[test]
    fn a_result_between_two_reads_is_known_as_well_as_they_are_apart() {
        let mut phase = Phase::new(0, 10_000, 140_000);
        phase.between(150_000, 155_000, true, &LIMITS);
        assert!((150_000..155_000).contains(&phase.due()));
        assert!((1_300..1_500).contains(&phase.sigma()), "5 ms / sqrt(12) is 1.44 ms");
        assert!(phase.period() > 140_000);
    }

    #[test]
    fn without_news_the_uncertainty_grows_up_to_a_quarter_of_the_period() {
        let mut phase = Phase::new(0, 10_000, 140_000);
        let mut before = phase.sigma();
        for _ in 0..10_000 {
            phase.shift(140_000);
            phase.advance();
            assert!(phase.sigma() >= before && phase.sigma() <= 35_000);
            before = phase.sigma();
        }
        assert!(before > 34_000);
        assert_eq!((phase.due(), phase.period()), (140_000, 140_000), "but nothing else is lost");
    }

    #[test]
    fn jitter_is_measured_from_exact_publications() {
        let mut phase = Phase::new(0, 1_000, 100_000);
        // Off by 3 ms one way and the other, each interval anew.
        for interval in 0..400 {
            let at = phase.due() + if interval % 2 == 0 { 3_000 } else { -3_000 };
            phase.shift(at);
            phase.between(0, 0, true, &LIMITS);
            phase.advance();
        }
        assert!((2_500..3_500).contains(&phase.jitter_sigma()), "{}", phase.jitter_sigma());
        assert!((99_000..101_000).contains(&phase.period()), "{}", phase.period());
    }

    /// Sixty results, each found between two reads that are this far apart; then as many intervals without news.
    fn blind_after(width: i32, intervals: i32) -> Phase {
        let mut phase = Phase::new(0, 1_000, 140_000);
        for _ in 0..60 {
            phase.shift(140_000);
            phase.between(-((width * 7) >> 4), width - ((width * 7) >> 4), true, &LIMITS);
            phase.advance();
        }
        phase.period += 100 << FRACTION_BITS; // a correction that nothing has undone yet
        for _ in 0..intervals {
            phase.shift(140_000);
            phase.advance();
        }
        phase
    }

    #[test]
    fn without_news_the_mean_period_leads_on_and_is_trusted_for_longer() {
        let off = |phase: Phase| (phase.due() - 140_000).abs();
        let (with, without) = (blind_after(12_000, 200), blind_after(12_001, 200));
        // Eight intervals by the period, then by the mean.
        assert!((500..=1_000).contains(&off(with)), "{}", off(with));
        assert!(off(without) >= 19_000, "{}", off(without));
        assert!(with.sigma() * 5 < without.sigma() * 4, "{} {}", with.sigma(), without.sigma());
        let grown = |phase: Phase| {
            let deviation = phase.intervals << 14;
            let mut phase = Phase { deviation, variance: 0, blind: 100, ..phase };
            phase.advance();
            phase.variance - (1 << 14)
        };
        assert_eq!([grown(with), grown(without)], [8 * 201, 128 * 201]);
    }

    #[test]
    fn a_result_where_none_was_expected_ends_the_mean_unless_it_is_a_deviation() {
        let jumped = |intervals: i32, is_deviation: bool| {
            let mut phase = blind_after(12_000, intervals);
            phase.jump(0, 1_000, is_deviation);
            phase.mean != Mean::UNKNOWN
        };
        assert_eq!([jumped(0, true), jumped(0, false), jumped(20, true)], [true, false, false]);
    }
}
