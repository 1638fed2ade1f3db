//! Following a known cadence: where to read, and what a read says.

use super::config::Limits;
use super::doubt::Doubt;
use super::phase::Phase;

/// A read in the units in which reads are paid for.
const READ: i32 = 256;

/// What the time of a period brings: one read, and 0.28 of a read for waiting and probing. Nothing else pays for reads,
/// so that in the long run there are never more, whatever is read.
const INCOME: i32 = READ + 72;

/// The most that is saved, and the most that is owed before nothing is waited or looked for any more.
const SAVINGS: i32 = 8 * READ;

/// How far behind the expected publication to read, in 1/256 of the jitter: this much with full savings, and half as
/// much again for all that was spent of them. Found by trial: the youngest data for what may be spent.
const MARGIN: (i32, i32) = (170, 128);

/// A margin of 5 ms is not worth saving at the price of early reads, up to one and a half standard deviations.
const CHEAP_MARGIN: i32 = 5_000;

/// Every so many inferences that gave no other sign of life, one read goes in between, where nothing should change.
const PROBE_EVERY: u8 = 14;

/// As many inferences without a change, and none is waited for any more.
const QUIET: u8 = 3;

/// As many, and nobody is there.
const EMPTY: u8 = 16;

/// As many changes one after the other, and a result that does not differ is late rather than the same.
const LIVELY: u8 = 4;

/// At most so many reads wait for one inference: one, then two standard deviations later.
const WAITS: u8 = 2;

/// The most inferences without a read after which the phase is still worth something.
const LONGEST_GAP: u16 = 256;

/// What came of a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Go on.
    Expected,
    /// The result that was due is there, or will not show.
    Presumed,
    /// Something changed after a long time: the phase is not known well.
    Stale,
    /// The period cannot be true.
    Doubtful,
}

/// Times are microseconds after the latest event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Track {
    phase: Phase,
    doubt: Doubt,
    savings: i32,
    /// Inferences since a change was seen, and changes seen since an inference without.
    quiet: u8,
    lively: u8,
    /// Reads that waited for the inference that is due.
    waits: u8,
    probe_in: u8,
    is_probing: bool,
    /// The read before failed.
    is_retry: bool,
    /// Every other presumed result is looked after.
    presumed_last: bool,
}

impl Track {
    pub(super) const fn new(phase: Phase) -> Track {
        Track {
            phase,
            doubt: Doubt::NONE,
            savings: SAVINGS,
            quiet: 0,
            lively: LIVELY,
            waits: 0,
            probe_in: PROBE_EVERY,
            is_probing: false,
            is_retry: false,
            presumed_last: false,
        }
    }

    /// Another period, and what was saved with the one before.
    pub(super) fn renewed(&self, phase: Phase) -> Track {
        Track { savings: self.savings, ..Track::new(phase) }
    }

    pub(super) const fn phase(&self) -> &Phase {
        &self.phase
    }

    pub(super) fn shift(&mut self, by: i32) {
        self.phase.shift(by);
    }

    /// So much time has passed in which reads are paid for.
    pub(super) fn earn(&mut self, by: i32) {
        // In 16 us, so that the product has room for as long as reads may be apart.
        let earned = (by >> 4).saturating_mul(INCOME).checked_div(self.phase.period() >> 4).unwrap_or(0);
        self.savings = self.savings.saturating_add(earned).min(SAVINGS);
    }

    /// A read.
    pub(super) fn pay(&mut self) {
        self.savings = self.savings.saturating_sub(READ);
    }

    /// A search has found the phase again.
    pub(super) fn found(&mut self, published: i32, uncertainty: i32) {
        self.phase.jump(published, uncertainty, false);
        self.lively = LIVELY; // as after the first search: of somebody who just appeared there is always news
        self.changed_as_due();
    }

    pub(super) const fn is_coasting(&self) -> bool {
        self.quiet >= QUIET
    }

    /// Whether what does not differ is late rather than the same.
    const fn is_lively(&self) -> bool {
        self.lively >= LIVELY
    }

    /// When to read next. Now is zero.
    pub(super) fn next(&self, limits: &Limits) -> i32 {
        if self.is_retry {
            limits.least_gap
        } else if self.waits > 0 {
            self.wait(limits)
        } else if self.is_probing {
            self.phase.due().saturating_sub(self.before_due())
        } else {
            self.phase.due().saturating_add(self.margin())
        }
    }

    /// How long to wait for a result that was not there.
    fn wait(&self, limits: &Limits) -> i32 {
        let sigma = self.phase.sigma();
        let wait = if self.waits > 1 { sigma.saturating_mul(2) } else { sigma };
        wait.max(limits.least_gap)
    }

    /// How long after the expected publication to read.
    fn margin(&self) -> i32 {
        let sigma = self.phase.sigma();
        let margin = if self.quiet >= EMPTY {
            // Nothing is learned whether it is early or late: further behind would only make everything older.
            sigma.saturating_mul(3).min(self.phase.period() >> 3)
        } else if self.is_coasting() || !self.can_wait() {
            sigma.saturating_mul(3) // what does not differ then is the same, not late
        } else {
            let spent = SAVINGS.saturating_sub(self.savings);
            let factor = MARGIN.0.saturating_add(spent.saturating_mul(MARGIN.1) >> 11);
            let cheap = sigma.saturating_add(sigma >> 1).min(CHEAP_MARGIN);
            (self.phase.jitter_sigma().saturating_mul(factor) >> 8).max(cheap)
        };
        margin.min(self.phase.period() >> 2)
    }

    /// How long before the expected publication nothing should have changed yet: a quarter of the period, or more if
    /// it is not known well.
    fn before_due(&self) -> i32 {
        let period = self.phase.period();
        (period >> 2).max(self.phase.sigma().saturating_mul(4)).min(period >> 1)
    }

    /// Turns to the next inference.
    fn turn(&mut self) {
        self.phase.advance();
        self.doubt.turn();
        self.waits = 0;
        self.probe_in = self.probe_in.saturating_sub(1);
        if self.probe_in == 0 {
            self.probe();
        }
    }

    fn changed_as_due(&mut self) {
        self.quiet = 0;
        self.lively = self.lively.saturating_add(1);
        self.presumed_last &= self.lively < 2;
        self.is_probing = false;
        self.is_retry = false;
        self.turn();
    }

    fn unchanged_as_due(&mut self) {
        self.quiet = self.quiet.saturating_add(1);
        self.turn();
    }

    /// Lets inferences pass for which no read came.
    fn catch_up(&mut self) {
        if self.waits > 0 {
            return;
        }
        for _ in 0..LONGEST_GAP {
            // Up to shortly before the next one, a change is that of the one that was due.
            let period = self.phase.period();
            let shortly = self.phase.sigma().saturating_mul(2).min(period >> 2);
            if self.phase.due() >= shortly.saturating_sub(period) {
                return;
            }
            self.turn();
        }
        self.quiet = QUIET;
        self.phase.jump(0, self.phase.period() >> 2, false);
    }

    /// A read found something else than the read before, which started at `after`; it started `late` microseconds
    /// after it was asked for. What that says, and when the result was published.
    pub(super) fn changed(&mut self, after: i32, late: i32, limits: &Limits) -> (Verdict, i32) {
        self.catch_up();
        let was_coasting = self.is_coasting();
        let (due, sigma, period) = (self.phase.due(), self.phase.sigma(), self.phase.period());
        let far = sigma.saturating_mul(4);
        let width = after.saturating_neg();
        let mut strange = 0;
        if due > far.min(self.before_due().saturating_sub(period >> 5)) {
            // Much too early. Or else the result before, which did not show in time.
            let (at, uncertainty) = if self.quiet > 0 {
                strange = 2;
                let late = (width >> 1).min(sigma.saturating_mul(2));
                (after.saturating_add(late), late)
            } else {
                strange = 3;
                // Rather just now than long before it was due.
                ((width >> 1).min(sigma).saturating_neg(), sigma.min(period >> 4))
            };
            self.phase.jump(at, uncertainty, self.quiet == 0);
        } else if late > sigma.saturating_mul(2) {
            // The host was busy: it may have been there for long.
            if after <= due {
                self.phase.before(0, self.is_lively(), limits);
            }
        } else if after > due.saturating_add(far) {
            let is_far_off = (after >> 1).saturating_sub(due) > period >> 2;
            strange = if is_far_off { 2 } else { 1 };
            if is_far_off {
                self.phase.jump(after >> 1, width >> 1, false);
            } else {
                self.phase.between(after, 0, self.is_lively(), limits);
            }
        } else if after >= due.saturating_sub(sigma.saturating_mul(3)) || width <= limits.search_step {
            self.phase.between(after, 0, self.is_lively(), limits);
        } else if width <= period.saturating_mul(2).saturating_sub(period >> 2) {
            self.phase.before(0, self.is_lively(), limits);
        }
        let published = self.phase.due().min(0);
        self.doubt.add(if was_coasting { 0 } else { strange });
        let is_fraction = self.doubt.changed();
        self.changed_as_due();
        if strange > 1 {
            self.probe(); // look again at once
        }
        let verdict = if is_fraction || self.doubt.is_enough() {
            Verdict::Doubtful
        } else if was_coasting && sigma > period >> 3 {
            Verdict::Stale
        } else {
            Verdict::Expected
        };
        (verdict, published)
    }

    /// A read found the same as the read before. What that says, and when the result was published if it is taken for
    /// a new one.
    pub(super) fn unchanged(&mut self, limits: &Limits) -> (Verdict, i32) {
        self.catch_up();
        self.is_retry = false;
        let (due, sigma) = (self.phase.due(), self.phase.sigma());
        let was_probing = core::mem::replace(&mut self.is_probing, false);
        if due > sigma.saturating_mul(3) || (was_probing && due > 0) || self.may_wait(limits) {
            return (Verdict::Expected, due);
        }
        self.unchanged_as_due();
        // It may have been late, and nothing but a look before the next one will ever tell.
        self.presumed_last = !self.presumed_last;
        if self.is_lively() || self.presumed_last {
            self.probe();
        }
        self.lively = 0;
        (Verdict::Presumed, due.min(0))
    }

    /// A read failed: once more at once unless that has gone on for long, and then as if nothing had changed, of which
    /// nothing is concluded.
    pub(super) fn failed(&mut self, limits: &Limits) {
        self.catch_up();
        self.is_probing = false;
        let was_retry = core::mem::replace(&mut self.is_retry, false);
        if self.phase.due() > self.phase.sigma().saturating_mul(3) {
            return;
        }
        if !was_retry && !self.is_coasting() {
            self.is_retry = true;
        } else if !self.may_wait(limits) {
            self.unchanged_as_due();
        }
    }

    /// An edge of the pin, which the read that followed it confirms: a result was published then.
    pub(super) fn edge(&mut self, at: i32, limits: &Limits) {
        self.catch_up();
        let (due, far) = (self.phase.due().saturating_sub(at), self.phase.sigma().saturating_mul(4));
        if due.saturating_abs() <= far && !self.is_coasting() {
            self.phase.between(at, at, true, limits);
        } else {
            if !self.is_coasting() && due < self.phase.period() >> 1 {
                self.doubt.add(2);
            }
            self.phase.jump(at, 0, false);
        }
        self.doubt.changed();
        self.changed_as_due();
    }

    /// Whether to wait for what is due with another read, which is then paid for.
    fn may_wait(&mut self, limits: &Limits) -> bool {
        if self.is_coasting() || self.waits >= WAITS || (self.waits == 0 && !self.can_wait()) {
            return false;
        }
        self.waits = self.waits.saturating_add(1);
        let beyond = self.wait(limits).saturating_sub(self.phase.due());
        if beyond > self.phase.period().saturating_sub(self.margin()) {
            return false; // the next one is due by then
        }
        self.probe_in = PROBE_EVERY;
        true
    }

    /// Whether there is enough to wait for a result that may never differ.
    const fn can_wait(&self) -> bool {
        self.savings >= if self.is_lively() { -SAVINGS } else { 2 * READ }
    }

    /// One read before the next is due, if there is something left for it.
    fn probe(&mut self) {
        let least = if self.is_lively() { -SAVINGS } else { READ };
        if !self.is_coasting() && self.savings >= least {
            self.probe_in = PROBE_EVERY;
            self.is_probing = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_nobody_is_a_read_is_no_more_than_an_eighth_of_the_period_behind() {
        let margin = |quiet: u8, uncertainty: i32| {
            let phase = Phase::new(0, uncertainty, 160_000);
            (Track { quiet, ..Track::new(phase) }.margin(), phase.sigma())
        };
        assert_eq!([3, 15, 16].map(|quiet| margin(quiet, 100_000).0), [40_000, 40_000, 20_000]);
        let (known_well, sigma) = margin(16, 0);
        assert!(known_well == sigma * 3 && known_well < 20_000, "{known_well}");
    }
}
