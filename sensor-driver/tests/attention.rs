//! When a look begins and ends, for faces drawn by hand and for any.

mod drawn;

use std::time::Duration;

use drawn::{face, named};
use mlsensor::behavior::{
    Attention, AttentionConfig, AttentionEvent, Outcome, TrackId, Tracker, TrackerConfig,
};
use mlsensor::{Face, Faces, Identity, PersonId};

const INFERENCE_MS: u64 = 140;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A tracker with an attention on it, read once an inference.
#[derive(Default)]
struct Watch {
    tracker: Tracker,
    attention: Attention,
    inference: u64,
}

impl Watch {
    fn configured(config: AttentionConfig) -> Watch {
        Watch { attention: Attention::new(config), ..Watch::default() }
    }

    fn now(&self) -> Duration {
        ms(self.inference * INFERENCE_MS)
    }

    /// The next reading.
    fn reads(&mut self, reading: Option<&[Face]>) -> Option<AttentionEvent> {
        self.inference += 1;
        let faces = reading.map(|drawn| Faces::new(drawn).unwrap());
        self.tracker.update(self.now(), faces.as_ref());
        let event = self.attention.update(self.now(), &self.tracker);
        if let Some(event) = event {
            assert_eq!(event.outcome(), self.attention.outcome(), "{event:?}");
        }
        event
    }

    /// Somebody straight ahead who faces it, as `f`; who does not, as `n`; who is missed, as `.`; a failed read, as `x`.
    fn sees(&mut self, script: &str) -> Vec<AttentionEvent> {
        let read = |what: char| {
            let shift = if self.inference % 2 == 0 { 300 } else { -300 };
            match what {
                'f' | 'n' => self.reads(Some(&[face(shift, 0, 20, what == 'f')])),
                '.' => self.reads(Some(&[])),
                _ => self.reads(None),
            }
        };
        script.chars().filter_map(read).collect()
    }
}

fn names(events: &[AttentionEvent]) -> Vec<&'static str> {
    let name = |event: &AttentionEvent| match event {
        AttentionEvent::Began(_) => "began",
        AttentionEvent::Ended(_) => "ended",
        AttentionEvent::Lost(_) => "lost",
    };
    events.iter().map(name).collect()
}

#[test]
fn a_look_begins_when_it_was_held_and_says_who_and_where() {
    let mut watch = Watch::default();
    assert_eq!(watch.sees("fffff"), []); // 560 ms
    assert_eq!(watch.attention.outcome(), Outcome::Unknown);
    let began = watch.sees("f");
    let [AttentionEvent::Began(look)] = began[..] else { panic!("{began:?}") };
    assert_eq!(look.since(), ms(INFERENCE_MS));
    assert_eq!((look.last_faced(), look.lasted()), (ms(6 * INFERENCE_MS), ms(5 * INFERENCE_MS)));
    assert!(look.direction().pan_millideg.abs() < 1000 && look.bounds().width() == 20);
    assert_eq!(look.distance_mm(), Some(1000));
    assert_eq!(Some(look.track()), watch.tracker.tracks().next().map(|track| track.id()));
    assert_eq!(watch.attention.look(), Some(&look));
    assert_eq!(watch.attention.outcome(), Outcome::Present);
    assert_eq!(look.to_string(), format!("track 1 at {}", look.bounds()));
}

#[test]
fn it_goes_on_through_glances_and_ends_once() {
    let mut watch = Watch::default();
    assert_eq!(names(&watch.sees("ffffff")), ["began"]);
    assert_eq!(watch.sees("nnnnnnnnnnnnnfnnnnnnnnnnnnnf..nn..fnnnnnnnnnnnnn"), []); // 13 are 1.82 s
    let last = watch.attention.look().unwrap().last_faced();
    let ended = watch.sees("nnnnnnnn");
    let [AttentionEvent::Ended(look)] = ended[..] else { panic!("{ended:?}") };
    assert_eq!(look.last_faced(), last);
    assert_eq!((watch.attention.outcome(), watch.attention.look()), (Outcome::Absent, None));
}

#[test]
fn one_packet_that_says_otherwise_is_no_interruption_and_three_are() {
    assert_eq!(names(&Watch::default().sees("fnf.ff")), ["began"]);
    assert_eq!(names(&Watch::default().sees("ffffnnnffff")), Vec::<&str>::new());
    assert_eq!(names(&Watch::default().sees("ffffnnnfffff")), Vec::<&str>::new());
    assert_eq!(names(&Watch::default().sees("ffffnnnffffff")), ["began"]);
}

#[test]
fn it_does_not_begin_with_a_packet_that_does_not_see_it() {
    let mut watch = Watch::configured(AttentionConfig::DEFAULT.with_hold(ms(280)));
    // Held for 280 ms before there is a track: the fourth sighting makes one, but does not face.
    assert_eq!(watch.sees("fffn"), []);
    assert_eq!(watch.tracker.tracks().count(), 1);
    assert_eq!(names(&watch.sees("f")), ["began"]);
}

#[test]
fn who_goes_ends_the_look_too() {
    let mut watch = Watch::default();
    watch.sees("ffffff");
    let ended = watch.sees("...............");
    assert_eq!(names(&ended), ["ended"]);
}

#[test]
fn readings_that_stop_lose_the_look_and_do_not_end_it() {
    let mut watch = Watch::default();
    watch.sees("ffffff");
    assert_eq!(watch.sees("xxxxxxx"), []); // 980 ms
    assert_eq!(watch.attention.outcome(), Outcome::Present);
    assert_eq!(names(&watch.sees("xxxxxxxxxxxxxxxxxxxx")), ["lost"]);
    assert_eq!((watch.attention.outcome(), watch.attention.look()), (Outcome::Unknown, None));
    // Who still looks begins anew.
    assert_eq!(names(&watch.sees("fffff")), Vec::<&str>::new());
    assert_eq!(names(&watch.sees("f")), ["began"]);
}

#[test]
fn a_tracker_that_is_no_longer_updated_is_unknown() {
    let mut watch = Watch::default();
    let looks = watch.sees("ffffff");
    let (now, tracker) = (watch.now(), watch.tracker.clone());
    let look = *watch.attention.look().unwrap();
    assert_eq!(watch.attention.update(now + ms(1499), &tracker), None);
    let lost = watch.attention.update(now + ms(1500), &tracker);
    assert_eq!(lost, Some(AttentionEvent::Lost(look)));
    assert_eq!(watch.attention.update(now + ms(1501), &tracker), None);
    assert!(watch.attention.outcome().is_unknown());
    let outcomes = looks.iter().map(AttentionEvent::outcome).chain(lost.map(|lost| lost.outcome()));
    assert_eq!(outcomes.collect::<Vec<_>>(), [Outcome::Present, Outcome::Unknown]);
}

#[test]
fn a_failed_read_before_the_call_does_not_hide_the_packet_before_it() {
    let (mut tracker, mut attention) = (Tracker::default(), Attention::default());
    let mut began = vec![];
    for inference in 0..=5 {
        let shift = if inference % 2 == 0 { 300 } else { -300 };
        let faces = Faces::new(&[face(shift, 0, 20, true)]).unwrap();
        let now = ms(inference * INFERENCE_MS);
        tracker.update(now, Some(&faces));
        if inference < 5 {
            tracker.update(now + ms(10), None);
        }
        began.extend(attention.update(now + ms(10), &tracker));
    }
    let [AttentionEvent::Began(look)] = began[..] else { panic!("{began:?}") };
    assert_eq!(look.since(), Duration::ZERO);
}

#[test]
fn absent_needs_readings_for_the_hold_time() {
    let mut watch = Watch::default();
    watch.sees("n");
    assert_eq!(watch.sees("xxxxx"), []);
    assert!(watch.attention.outcome().is_unknown());
    watch.sees("nnnnn");
    assert!(watch.attention.outcome().is_absent());
    // Once it is, who looks up is not unknown.
    watch.sees("ff");
    assert!(watch.attention.outcome().is_absent());
}

/// Two people 40 degrees apart; whether each faces it.
fn two(left: bool, right: bool, inference: u64, right_width: u8) -> [Face; 2] {
    let shift = if inference % 2 == 0 { 300 } else { -300 };
    [face(shift - 20_000, 0, 20, left), face(shift + 20_000, 0, right_width, right)]
}

#[test]
fn two_who_face_it_in_turns_are_no_look() {
    let mut watch = Watch::default();
    for inference in 0..200 {
        let is_left = inference / 3 % 2 == 0;
        assert_eq!(watch.reads(Some(&two(is_left, !is_left, inference, 20))), None);
    }
    assert!(watch.attention.outcome().is_absent());
}

#[test]
fn of_two_at_once_the_larger_has_the_look_and_the_other_one_follows() {
    let mut watch = Watch::default();
    let mut events = vec![];
    for inference in 0..60 {
        let right_looks = inference < 20;
        let event = watch.reads(Some(&two(true, right_looks, inference, 30)));
        events.extend(event.map(|event| (inference, event)));
    }
    let [
        (5, AttentionEvent::Began(right)),
        (end, AttentionEvent::Ended(gone)),
        (next, AttentionEvent::Began(left)),
    ] = events[..]
    else {
        panic!("{events:?}")
    };
    assert!(right.direction().pan_millideg > 15_000 && left.direction().pan_millideg < -15_000);
    assert_eq!((gone.track(), gone.since()), (right.track(), right.since()));
    assert_eq!(next, end + 1);
    // Faced all the while.
    assert_eq!(left.since(), ms(INFERENCE_MS));
}

#[test]
fn after_a_look_there_is_rest_if_that_is_wanted() {
    let begins = |rearm| {
        let mut watch = Watch::configured(AttentionConfig::DEFAULT.with_rearm(ms(rearm)));
        assert_eq!(names(&watch.sees("ffffffnnnnnnnnnnnnnnn")), ["began", "ended"]);
        // The last look was over one inference ago.
        watch.sees("n");
        (1..40).find(|_| names(&watch.sees("f")) == ["began"])
    };
    assert_eq!(begins(0), Some(6));
    assert_eq!(begins(3000), Some(21)); // 22 inferences are 3.08 s
}

#[test]
fn a_short_release_does_not_make_two_looks_of_one_hold() {
    let mut watch = Watch::configured(AttentionConfig::DEFAULT.with_release(ms(140)));
    assert_eq!(names(&watch.sees("ffffffn")), ["began", "ended"]);
    assert_eq!(watch.sees("fffff"), []);
    assert_eq!(names(&watch.sees("f")), ["began"]);
}

#[test]
fn who_it_is_may_become_known_while_the_look_lasts() {
    let mut watch = Watch::default();
    let known = Identity::new(PersonId::ALL[2], 80).ok();
    for inference in 0..12 {
        let shift = if inference % 2 == 0 { 300 } else { -300 };
        let identity = if inference < 7 { None } else { known };
        watch.reads(Some(&[named(shift, 0, 20, true, identity)]));
        let look = watch.attention.look();
        assert_eq!(look.is_some(), inference >= 5);
        let expected = (inference >= 9).then_some(PersonId::ALL[2]);
        assert_eq!(look.and_then(|look| look.identity()), expected);
    }
    assert!(watch.attention.look().unwrap().to_string().ends_with(", id 2"));
}

#[test]
fn with_recognition_the_time_is_longer_and_the_gaps_are_too() {
    let mut tracker = Tracker::new(TrackerConfig::WITH_RECOGNITION);
    let mut attention = Attention::new(AttentionConfig::WITH_RECOGNITION);
    let mut began = vec![];
    for (inference, facing) in [true, false, true, true, true, true].into_iter().enumerate() {
        let now = ms(265 * inference as u64);
        let shift = if inference % 2 == 0 { 300 } else { -300 };
        tracker.update(now, Some(&Faces::new(&[face(shift, 0, 20, facing)]).unwrap()));
        began.extend(attention.update(now, &tracker).map(|_| now));
    }
    assert_eq!(began, [ms(1060)]);
    let ids: Vec<TrackId> = tracker.tracks().map(|track| track.id()).collect();
    assert_eq!(attention.look().map(|look| look.track()), ids.first().copied());
    assert_eq!(attention.config(), &AttentionConfig::WITH_RECOGNITION);
}

#[test]
fn two_packets_are_not_enough_however_long_the_time_between() {
    let mut watch = Watch::configured(AttentionConfig::DEFAULT.with_hold(ms(280)));
    assert_eq!(watch.sees("nnnf.f"), []);
    assert_eq!(names(&watch.sees("f")), ["began"]);
}

#[test]
fn who_is_turned_away_in_every_second_packet_has_no_look() {
    assert_eq!(Watch::default().sees(&"fn".repeat(50)), []);
    assert_eq!(names(&Watch::default().sees("fffnfff")), ["began"]);
}

#[test]
fn packets_of_one_moment_count_one_by_one() {
    // As a clock that is set back makes them: two facing and four turned away.
    let mut watch = Watch::default();
    for (shift, facing) in (0..).zip([true, false, false, false, false, true]) {
        watch.inference = 0;
        assert_eq!(watch.reads(Some(&[face(shift * 450, 0, 20, facing)])), None);
    }
    assert_eq!(watch.sees("fffffffff"), []);
    assert_eq!(names(&watch.sees("f")), ["began"]); // with twelve
}

#[test]
fn without_a_reading_no_look_ends_however_short_the_release() {
    let mut watch = Watch::configured(AttentionConfig::DEFAULT.with_release(Duration::ZERO));
    assert_eq!(names(&watch.sees("ffffff")), ["began"]);
    assert_eq!(watch.sees("xxx"), []);
    assert_eq!(names(&watch.sees("f")), ["ended"]);
}

#[test]
fn of_two_who_are_alike_who_faced_it_first_has_the_look() {
    for left_first in [true, false] {
        let mut watch = Watch::configured(AttentionConfig::DEFAULT.with_hold(ms(280)));
        let began = (0..4).filter_map(|inference| {
            let (left, right) = (left_first || inference > 0, !left_first || inference > 0);
            watch.reads(Some(&two(left, right, inference, 20)))
        });
        let [AttentionEvent::Began(look)] = began.collect::<Vec<_>>()[..] else { panic!("no look, or two") };
        assert_eq!(look.direction().pan_millideg < 0, left_first);
    }
}

#[test]
fn it_is_unknown_until_the_tracker_knows_and_while_somebody_may_be_at_it() {
    let mut watch = Watch::configured(AttentionConfig::DEFAULT.with_hold(Duration::ZERO));
    watch.sees("n");
    assert!(watch.attention.outcome().is_unknown());
    let mut watch = Watch::default();
    watch.sees("nnffff"); // 700 ms, of which the last 420 are faced
    assert!(watch.attention.outcome().is_unknown());
    assert_eq!(names(&watch.sees("ff")), ["began"]);
}

#[test]
fn any_number_of_false_faces_leaves_room_for_who_looks() {
    let mut watch = Watch::default();
    for place in 0..20 {
        watch.reads(Some(&[face(place * 4000 - 40_000, 20_000, 20, true)]));
        assert_eq!(watch.sees("...."), []);
    }
    assert_eq!(names(&watch.sees("ffffff")), ["began"]);
}

#[test]
fn a_pause_between_two_calls_loses_the_look() {
    let mut watch = Watch::default();
    watch.sees("ffffff");
    watch.inference += 20; // 2.8 s
    assert_eq!(names(&watch.sees("f")), ["lost"]);
}

#[test]
fn after_a_look_that_was_lost_there_is_rest_too() {
    let mut watch = Watch::configured(AttentionConfig::DEFAULT.with_rearm(ms(10_000)));
    watch.sees("ffffff");
    let lost = watch.sees(&"x".repeat(20));
    assert_eq!(names(&lost), ["lost"]);
    assert_eq!(watch.sees(&"f".repeat(60)), []); // 8.4 s
    assert_eq!(names(&watch.sees(&"f".repeat(20))), ["began"]);
}
