//! Something that is seen again and again, with short gaps.

use core::time::Duration;

use super::time::since;

/// From when until when something was seen without a gap that is too long.
///
/// Two readings that follow each other and both see it belong together however far apart they are (a slow reader is no
/// gap), up to `longest_pause`; if readings in between did *not* see it, they belong together up to `tolerated_gap`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Streak {
    /// First and last sighting; none if there is no streak.
    seen: Option<(Duration, Duration)>,
    /// Whether a reading since the last sighting did not see it.
    was_missed: bool,
}

/// What breaks a streak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tolerance {
    /// Missed in between: at most this long from sighting to sighting.
    pub(super) tolerated_gap: Duration,
    /// Not read in between: at most this long from sighting to sighting.
    pub(super) longest_pause: Duration,
}

impl Streak {
    /// No sighting yet.
    pub(super) const NONE: Streak = Streak { seen: None, was_missed: false };

    /// A reading saw it.
    pub(super) fn sighted(&mut self, now: Duration, tolerance: Tolerance) {
        let limit = if self.was_missed { tolerance.tolerated_gap } else { tolerance.longest_pause };
        let first = match self.seen {
            Some((first, last)) if since(now, last) <= limit => first,
            _ => now,
        };
        self.seen = Some((first, now));
        self.was_missed = false;
    }

    /// A reading did not see it.
    pub(super) const fn missed(&mut self) {
        self.was_missed = true;
    }

    /// The caller's clock was set back by this much.
    pub(super) fn set_back(&mut self, by: Duration) {
        self.seen = self.seen.map(|(first, last)| (since(first, by), since(last, by)));
    }

    /// How long it was seen, from the first sighting to the last: zero for one sighting, or for none.
    pub(super) fn length(&self) -> Duration {
        self.seen.map_or(Duration::ZERO, |(first, last)| since(last, first))
    }

    /// When it was first seen, if it was.
    pub(super) fn first(&self) -> Option<Duration> {
        self.seen.map(|(first, _)| first)
    }

    /// When it was last seen, if it was.
    pub(super) fn last(&self) -> Option<Duration> {
        self.seen.map(|(_, last)| last)
    }
}
