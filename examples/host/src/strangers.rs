//! Who is still not known although the sensor had time to know them: it recognises those alone who face it.

use std::time::Duration;

use mlsensor::behavior::{AttentionConfig, Track, TrackId, Tracker};

/// How long somebody faces the sensor before they are a stranger. It mostly knows those whom it knows in a second.
const FACED_FOR: Duration = Duration::from_secs(3);

/// So many readings must see somebody facing for each that sees the head turned away.
const FACED_TO_TURNED: u32 = 3;

/// For how long each of those who are followed has faced the sensor. Single packets that say otherwise do not matter, as to
/// [`Attention`](mlsensor::behavior::Attention); but that is of one person at a time, and a friend in front must not hide a
/// stranger.
#[derive(Debug, Default)]
pub struct Strangers {
    /// When the latest packet was read for the first time.
    packet: Option<Duration>,
    gazes: Vec<Gaze>,
}

#[derive(Debug)]
struct Gaze {
    track: TrackId,
    began: Duration,
    last: Duration,
    faced: u32,
    turned: u32,
}

impl Strangers {
    /// Takes what the tracker has concluded, after its update.
    pub fn update(&mut self, tracker: &Tracker) {
        let Some(now) = tracker.last_reading().filter(|packet| self.packet != Some(*packet)) else { return };
        self.packet = Some(now);
        self.gazes.retain(|gaze| tracker.get(gaze.track).is_some());
        for track in tracker.tracks().filter(|track| track.is_seen()) {
            match (self.gazes.iter_mut().find(|gaze| gaze.track == track.id()), track.is_facing()) {
                (Some(gaze), true) => gaze.faced(now),
                (Some(gaze), false) => gaze.turned += 1,
                (None, is_facing) => self.gazes.push(Gaze::begin(track, now, is_facing)),
            }
        }
    }

    /// Whether this is a stranger, by a reading that sees them face the sensor.
    #[must_use]
    pub fn has(&self, track: &Track) -> bool {
        let is_stranger = |gaze: &Gaze| {
            let is_long = gaze.last.saturating_sub(gaze.began) >= FACED_FOR && self.packet == Some(gaze.last);
            is_long && gaze.faced >= FACED_TO_TURNED * gaze.turned
        };
        let is_nobody_known = track.identity().is_none() && track.is_seen();
        is_nobody_known && self.gazes.iter().any(|gaze| gaze.track == track.id() && is_stranger(gaze))
    }
}

impl Gaze {
    /// Of somebody whom the tracker has made out, by a few packets. What these said of the head is not known any more: it is
    /// taken from the first one that is, or from the next, because a single one may be wrong.
    fn begin(track: &Track, now: Duration, is_facing: bool) -> Gaze {
        let (faced, turned) = (u32::from(is_facing), u32::from(!is_facing));
        Gaze { track: track.id(), began: track.first_seen(), last: now, faced, turned }
    }

    fn faced(&mut self, now: Duration) {
        let was_turned = self.faced == 0 && self.turned > 1;
        if was_turned || now.saturating_sub(self.last) > AttentionConfig::WITH_RECOGNITION.flicker {
            (self.began, self.faced, self.turned) = (now, 0, 0);
        }
        (self.last, self.faced) = (now, self.faced + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsensor::behavior::TrackerConfig;
    use mlsensor::{Bounds, Face, Faces, Identity, PersonId};

    /// A face at this place, in another one each time, as living people are.
    fn face(left: u8, tenth: u64, is_facing: bool) -> Face {
        let left = left + (tenth % 2) as u8;
        Face::new(Bounds::new(left, 100, left + 20, 130).unwrap(), 90, None, is_facing).unwrap()
    }

    /// When there are strangers, in tenths of a second, and how many, of faces that are read each 200 ms.
    fn strangers(tenths: u64, faces: impl Fn(u64) -> Option<Vec<Face>>) -> Vec<(u64, usize)> {
        let (mut tracker, mut strangers) =
            (Tracker::new(TrackerConfig::WITH_RECOGNITION), Strangers::default());
        let count = |tenth| {
            let now = Duration::from_millis(tenth * 100);
            tracker.update(now, faces(tenth / 2).map(|faces| Faces::new(&faces).unwrap()).as_ref());
            strangers.update(&tracker);
            let count = tracker.tracks().filter(|track| strangers.has(track)).count();
            (count > 0).then_some((tenth, count))
        };
        (0..tenths).step_by(2).filter_map(count).collect()
    }

    /// When the first one is a stranger.
    fn first(is_facing: impl Fn(u64) -> bool) -> Option<u64> {
        strangers(200, |turn| Some(vec![face(100, turn, is_facing(turn))])).first().map(|(tenth, _)| *tenth)
    }

    #[test]
    fn who_has_faced_it_for_three_seconds_is_a_stranger() {
        assert_eq!(first(|_| true), Some(30));
        assert_eq!(first(|turn| turn >= 20), Some(70));
        // The tracker shows them with the fourth packet: one that is wrong is no matter, two are none.
        assert_eq!(first(|turn| turn >= 4), Some(30));
        assert_eq!(first(|turn| turn >= 5), Some(40));
    }

    #[test]
    fn who_was_there_and_faces_it_only_now_is_none() {
        assert_eq!(strangers(102, |turn| Some(vec![face(100, turn, turn == 50)])), []);
    }

    #[test]
    fn who_looks_away_for_a_second_begins_anew_and_who_blinks_does_not() {
        assert_eq!(first(|turn| !(10..14).contains(&turn)), Some(58));
        assert_eq!(first(|turn| !(10..12).contains(&turn)), Some(30));
        assert_eq!(first(|turn| turn % 5 != 4), Some(30));
    }

    #[test]
    fn who_looks_elsewhere_is_none_although_single_readings_take_it_for_facing() {
        assert_eq!(first(|turn| turn % 3 == 0), None);
    }

    #[test]
    fn where_nothing_is_read_no_time_passes() {
        let blind = |turn| (!(8..14).contains(&turn)).then(|| vec![face(100, turn, true)]);
        assert_eq!(strangers(60, blind).first(), Some(&(58, 1)));
    }

    #[test]
    fn each_has_a_time_of_their_own_and_who_is_known_is_none() {
        let two = |turn| Some(vec![face(30, turn, true), face(160, turn, turn >= 10)]);
        let counts = strangers(60, two);
        assert_eq!(counts[0], (30, 1));
        assert_eq!(counts.iter().find(|(_, count)| *count == 2), Some(&(50, 2)));
        let identity = Some(Identity::new(PersonId::new(3).unwrap(), 90).unwrap());
        let known = |turn| {
            let face = face(100, turn, true);
            Some(vec![Face::new(face.bounds(), 90, identity, true).unwrap()])
        };
        assert_eq!(strangers(100, known), []);
    }
}
