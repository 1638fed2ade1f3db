//! Where the head pointed in the last half second.

use core::time::Duration;

use super::super::time::{later, micros, since};
use super::super::{Direction, View};

const LENGTH: usize = 16;

/// Where the head pointed, from time to time.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct History {
    /// The newest first.
    noted: [(Duration, Direction); LENGTH],
}

impl History {
    /// It has always pointed there.
    pub(super) const fn new(direction: Direction) -> History {
        History { noted: [(Duration::ZERO, direction); LENGTH] }
    }

    /// The caller's clock was set back by this much.
    pub(super) fn set_back(&mut self, by: Duration) {
        self.noted.iter_mut().for_each(|(at, _)| *at = since(*at, by));
    }

    /// It points there now. Notes are as far apart as lets them reach back over twice the latency.
    pub(super) fn note(&mut self, now: Duration, direction: Direction, latency: Duration) {
        let [(newest, at_newest), (before, _), ..] = &mut self.noted;
        if micros(since(now, *before)) < micros(latency) / 8 {
            (*newest, *at_newest) = (now, direction);
            return;
        }
        self.noted.rotate_right(1);
        if let Some(first) = self.noted.first_mut() {
            *first = (now, direction);
        }
    }

    /// Where it pointed at that moment, and how far that is from where it pointed a little earlier and later.
    pub(super) fn view(&self, then: Duration, unsure: Duration) -> View {
        let direction = self.at(then);
        let (earlier, later) = (self.at(since(then, unsure)), self.at(later(then, unsure)));
        let apart = |a: i32, b: i32, c: i32| a.abs_diff(b).max(b.abs_diff(c));
        let pan = apart(earlier.pan_millideg, direction.pan_millideg, later.pan_millideg);
        let tilt = apart(earlier.tilt_millideg, direction.tilt_millideg, later.tilt_millideg);
        View { direction, uncertainty_millideg: pan.max(tilt) }
    }

    /// Where it pointed at that moment: in a straight line between two notes.
    fn at(&self, then: Duration) -> Direction {
        let mut later: Option<(Duration, Direction)> = None;
        for &(noted, direction) in &self.noted {
            if noted <= then {
                let Some((next, at_next)) = later else { return direction };
                let whole = micros(since(next, noted)).min(1_000_000) as i32;
                let part = micros(since(then, noted)).min(1_000_000) as i32;
                let along = |from: i32, to: i32| {
                    // A thousandth at a time: |to - from| <= 360,000.
                    let share = part.saturating_mul(1000).checked_div(whole).unwrap_or(0);
                    from.saturating_add(to.saturating_sub(from).saturating_mul(share) / 1000)
                };
                return Direction::new(
                    along(direction.pan_millideg, at_next.pan_millideg),
                    along(direction.tilt_millideg, at_next.tilt_millideg),
                );
            }
            later = Some((noted, direction));
        }
        later.map_or(Direction::AHEAD, |(_, oldest)| oldest)
    }
}
