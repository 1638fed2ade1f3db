//! The fan's decision: on while somebody's attention is had, the faster the further away they are.

use core::time::Duration;

use mlsensor::Faces;
use mlsensor::behavior::{Attention, AttentionConfig, AttentionEvent, Look, Tracker};

pub use crate::frozen::Frozen;

/// When a fan runs. What cannot see must not keep a fan running, so it is blind sooner than others: after a second.
pub const FAN_ATTENTION: AttentionConfig = AttentionConfig::DEFAULT
    .with_hold(Duration::from_millis(600))
    .with_release(Duration::from_secs(2))
    .with_stale_after(Duration::from_secs(1));

/// The speed while somebody has the attention, in percent, 0 for off: the further away, the faster.
#[must_use]
pub fn speed_percent(attention: &Attention) -> u8 {
    let speed = |look: &Look| (look.distance_mm().unwrap_or(u16::MAX) / 25).clamp(30, 100) as u8;
    attention.look().map_or(0, speed)
}

/// What a fan does, and why, by an attention as [`FAN_ATTENTION`] has it: to be asked after every update of the tracker.
/// Where one look ends and another begins at once, the fan goes on. The tracker was given what [`Frozen`] lets pass.
pub fn fan_event(
    attention: &mut Attention,
    now: Duration,
    tracker: &Tracker,
    frozen: &Frozen,
) -> Option<(&'static str, &'static str)> {
    match attention.update(now, tracker)? {
        AttentionEvent::Began(_) => Some(("fan on", "faced for 0.6 s")),
        // Whoever is ready to follow begins with the next update.
        AttentionEvent::Ended(_) => match attention.update(now, tracker) {
            Some(AttentionEvent::Began(_)) => None,
            _ => Some(("fan off", "not faced for 2 s")),
        },
        _ if frozen.is_frozen() => Some(("fan off", "the same faces for 10 s")),
        _ => Some(("fan off", "no reading for 1 s")),
    }
}

/// The decision. On: the same person has faced it for 0.6 s. Off: they have not faced it for 2 s, and nobody else does.
/// And off after 1 s without a reading, as which those of a sensor that hangs count: what cannot see must not keep a fan
/// running.
#[derive(Debug)]
pub struct FanRule {
    frozen: Frozen,
    tracker: Tracker,
    attention: Attention,
}

impl Default for FanRule {
    fn default() -> FanRule {
        let attention = Attention::new(FAN_ATTENTION);
        FanRule { frozen: Frozen::default(), tracker: Tracker::default(), attention }
    }
}

impl FanRule {
    /// Takes a reading, `None` if it failed; gives what happens to the fan, and why.
    pub fn decide(&mut self, now: Duration, faces: Option<&Faces>) -> Option<(&'static str, &'static str)> {
        self.tracker.update(now, self.frozen.filter(now, faces));
        fan_event(&mut self.attention, now, &self.tracker, &self.frozen)
    }

    /// The speed in percent, 0 for off: the further away who faces it, the faster.
    #[must_use]
    pub fn speed(&self) -> u8 {
        speed_percent(&self.attention)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::*;
    use mlsensor::{Bounds, Face};

    const NOBODY: Option<Faces> = Some(Faces::EMPTY);

    fn face(left: u8, width: u8, is_facing: bool) -> Option<Faces> {
        let bounds = Bounds::new(left, 100, left + width, 140).unwrap();
        Faces::new(&[Face::new(bounds, 90, None, is_facing).unwrap()]).ok()
    }

    fn facing(tenth: u64) -> Option<Faces> {
        // No two packets are alike, as with a living person.
        face(100 + (tenth % 2) as u8, 20, true)
    }

    fn away(tenth: u64) -> Option<Faces> {
        face(100 + (tenth % 2) as u8, 20, false)
    }

    fn nobody(_: u64) -> Option<Faces> {
        NOBODY
    }

    fn failed(_: u64) -> Option<Faces> {
        None
    }

    type Kind = fn(u64) -> Option<Faces>;

    /// Feeds so many readings of each kind, one each 100 ms; the time in tenths of a second and the reason of each switch.
    fn switches(kinds: &[(usize, Kind)]) -> Vec<(u64, bool, &'static str)> {
        let mut rule = FanRule::default();
        let readings = kinds.iter().flat_map(|&(count, kind)| core::iter::repeat_n(kind, count));
        let decide = |(tenth, kind): (u64, Kind)| {
            let (event, why) = rule.decide(Duration::from_millis(tenth * 100), kind(tenth).as_ref())?;
            assert_eq!(event, if rule.speed() > 0 { "fan on" } else { "fan off" });
            Some((tenth, rule.speed() > 0, why))
        };
        (0..).zip(readings).filter_map(decide).collect()
    }

    #[test]
    fn it_turns_on_after_being_faced_and_off_after_being_turned_away_from() {
        let expected = [(6, true, "faced for 0.6 s"), (29, false, "not faced for 2 s")];
        assert_eq!(switches(&[(10, facing), (30, away)]), expected);
    }

    #[test]
    fn a_sensor_that_hangs_turns_it_off_and_one_that_goes_on_turns_it_on() {
        let expected = [(6, true, "faced for 0.6 s"), (198, false, "the same faces for 10 s")];
        let hangs = |_| facing(1);
        assert_eq!(switches(&[(90, facing), (600, hangs)]), expected);
        let goes_on = switches(&[(90, facing), (600, hangs), (20, facing)]);
        assert_eq!(goes_on[..2], expected);
        assert!(goes_on[2].1 && goes_on.len() == 3, "{goes_on:?}");
        let unplugged = switches(&[(90, facing), (50, hangs), (50, failed)]);
        assert_eq!(unplugged[1], (149, false, "no reading for 1 s"));
    }

    #[test]
    fn a_face_that_does_not_face_it_does_nothing() {
        assert_eq!(switches(&[(100, away)]), []);
    }

    #[test]
    fn a_false_face_of_three_inferences_does_not_turn_it_on() {
        let bursts: [(usize, Kind); 6] =
            [(4, facing), (20, nobody), (4, facing), (20, nobody), (4, facing), (20, nobody)];
        assert_eq!(switches(&bursts), []);
    }

    #[test]
    fn a_packet_missed_here_and_there_does_not_matter() {
        let mixed = |tenth| if tenth % 3 == 1 { NOBODY } else { facing(tenth) };
        assert_eq!(switches(&[(100, mixed)]), [(6, true, "faced for 0.6 s")]);
    }

    #[test]
    fn no_reading_is_not_nobody_and_yet_turns_it_off_for_safety() {
        let short: [(usize, Kind); 3] = [(8, facing), (9, failed), (20, facing)];
        assert_eq!(switches(&short), [(6, true, "faced for 0.6 s")]);
        let expected = [(6, true, "faced for 0.6 s"), (17, false, "no reading for 1 s")];
        assert_eq!(switches(&[(8, facing), (30, failed)]), expected);
    }

    #[test]
    fn of_two_reasons_at_once_that_it_sees_nothing_comes_first() {
        let mut rule = FanRule::default();
        for tenth in (0..=9).step_by(3) {
            rule.decide(Duration::from_millis(tenth * 100), facing(tenth).as_ref());
        }
        assert!(rule.speed() > 0);
        assert_eq!(rule.decide(Duration::from_millis(3000), None), Some(("fan off", "no reading for 1 s")));
    }

    #[test]
    fn after_a_blind_time_it_takes_a_whole_look_to_turn_it_on_again() {
        let blind: [(usize, Kind); 3] = [(8, facing), (12, failed), (8, facing)];
        assert_eq!(switches(&blind).last(), Some(&(26, true, "faced for 0.6 s")));
    }

    #[test]
    fn when_another_one_faces_it_who_looked_may_leave() {
        let faces = |tenth: u64| {
            let first = (tenth < 20).then(|| facing(tenth).unwrap().as_slice()[0]);
            let second =
                (tenth >= 15).then(|| face(180 + (tenth % 2) as u8, 20, true).unwrap().as_slice()[0]);
            Faces::new(&first.into_iter().chain(second).collect::<Vec<_>>()).ok()
        };
        assert_eq!(switches(&[(100, faces)]), [(6, true, "faced for 0.6 s")]);
    }

    #[test]
    fn who_walks_away_is_blown_at_faster_and_who_comes_near_slower() {
        let mut rule = FanRule::default();
        let speeds = (0..40_u64).map(|tenth| {
            let width = [40, 20, 10, 20][tenth as usize / 10];
            rule.decide(
                Duration::from_millis(tenth * 100),
                face(100 + (tenth % 2) as u8, width, true).as_ref(),
            );
            rule.speed()
        });
        let speeds: Vec<u8> = speeds.collect();
        assert_eq!([speeds[5], speeds[9]], [0, 30]);
        assert_eq!([speeds[19], speeds[29], speeds[39]], [40, 80, 40]);
        assert!(speeds[10..30].is_sorted(), "{speeds:?}");
    }

    #[test]
    fn the_further_away_the_faster() {
        for (width, speed) in [(40, 30), (20, 40), (5, 100)] {
            let mut rule = FanRule::default();
            assert_eq!(rule.speed(), 0);
            for tenth in 0..10 {
                let faces = face(100 + (tenth % 2) as u8, width, true);
                rule.decide(Duration::from_millis(tenth * 100), faces.as_ref());
            }
            assert_eq!(rule.speed(), speed, "{width}");
        }
    }
}
