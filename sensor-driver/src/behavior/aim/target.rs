//! Whom to follow.

use core::time::Duration;

use super::super::Direction;
use super::super::time::since;
use super::super::tracker::{Track, TrackId, Tracker};
use super::AimConfig;
use crate::person_sensor::PersonId;

/// Whom to follow, of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Choice {
    /// The one with the largest face: mostly who is nearest to the sensor.
    #[default]
    Largest,
    /// The one who is nearest to where the head points already.
    Nearest,
    /// This person, as soon as recognition has told them from others; until then, and while they are not there, the
    /// largest.
    Person(PersonId),
}

/// Who is followed from now on, and since when.
pub(super) fn choose(
    config: &AimConfig,
    direction: Direction,
    current: Option<(&Track, Duration)>,
    tracker: &Tracker,
    now: Duration,
) -> Option<(TrackId, Duration)> {
    let worth = |track: &Track| worth(config.choice, direction, track);
    let best =
        // Only who was seen by the latest reading: not somebody who may have gone already.
        tracker.tracks().filter(|track| track.is_seen()).max_by_key(|track| (worth(track), track.id()));
    match (current, best) {
        (Some((track, at)), Some(best)) => {
            let wanted = is_wanted(config.choice, best) && !is_wanted(config.choice, track);
            // Another one must be better by a quarter: two who are alike do not take turns.
            let margin = worth(track).saturating_add(worth(track) / 4);
            let is_due = since(now, at) >= config.keep_for && worth(best) > margin;
            Some(if wanted || is_due { (best.id(), now) } else { (track.id(), at) })
        }
        (Some((track, at)), None) => Some((track.id(), at)),
        (None, Some(best)) => Some((best.id(), now)),
        (None, None) => None,
    }
}

fn is_wanted(choice: Choice, track: &Track) -> bool {
    matches!(choice, Choice::Person(person) if track.identity() == Some(person))
}

/// How much a track is worth following; more is better.
fn worth(choice: Choice, direction: Direction, track: &Track) -> u32 {
    let bounds = track.bounds();
    let area = u32::from(bounds.area());
    match choice {
        Choice::Largest => area,
        Choice::Nearest => {
            let there = track.direction();
            let across = there.pan_millideg.abs_diff(direction.pan_millideg);
            let down = there.tilt_millideg.abs_diff(direction.tilt_millideg);
            // A degree off and the next are as good: nobody is worth infinitely much.
            100_000_000_u32.checked_div(across.max(down).saturating_add(2_000)).unwrap_or(0)
        }
        Choice::Person(_) => area.saturating_add(if is_wanted(choice, track) { 1 << 20 } else { 0 }),
    }
}
