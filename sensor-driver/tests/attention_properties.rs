//! Does what is promised of attention hold for looks that nobody thought of?

mod drawn;

use std::time::Duration;

use drawn::face;
use mlsensor::behavior::{Attention, AttentionConfig, AttentionEvent, Tracker};
use mlsensor::{Bounds, Face, Faces};
use proptest::collection::vec;
use proptest::prelude::*;

const PANS: [i32; 3] = [-35_000, 0, 35_000];

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// What one packet shows of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Missed,
    Turned,
    Facing,
}

#[derive(Debug, Clone, Copy)]
struct Reading {
    /// How long after the one before; nothing if the clock is set back, by so much.
    after: Result<u64, u64>,
    fails: bool,
    /// What it shows of each of three people.
    shown: [Shown; 3],
}

impl Reading {
    fn read(&self, at: usize) -> Option<Faces> {
        (!self.fails).then(|| Faces::new(&draw(self.shown, at)).unwrap())
    }

    fn passes(&self) -> Duration {
        ms(self.after.unwrap_or(0))
    }

    /// What the program's clock says, after `now`.
    fn clock(&self, now: Duration) -> Duration {
        match self.after {
            Ok(after) => now + ms(after),
            Err(back) => now - ms(back),
        }
    }
}

/// Readings in which a state mostly lasts for some packets.
fn readings() -> impl Strategy<Value = Vec<Reading>> {
    let shown = prop_oneof![1 => Just(Shown::Missed), 2 => Just(Shown::Turned), 5 => Just(Shown::Facing)];
    let after = prop_oneof![30 => 20..400_u64, 1 => Just(0)];
    let packet = (after, proptest::bool::weighted(0.1), [shown.clone(), shown.clone(), shown]);
    let backs = vec((proptest::bool::weighted(0.05), 1..1_000_000_u64), 480);
    (vec((packet, 1..12_usize), 1..40), backs).prop_map(|(runs, backs)| {
        let packets = runs.into_iter().flat_map(|(packet, lasts)| std::iter::repeat_n(packet, lasts));
        let one = |((after, fails, shown), (is_back, by))| {
            let after = if is_back { Err(by) } else { Ok(after) };
            Reading { after, fails, shown }
        };
        packets.zip(backs).map(one).collect()
    })
}

fn draw(shown: [Shown; 3], reading: usize) -> Vec<Face> {
    // No two packets are the same, even if they show none of the three.
    let shift = (reading % 5) as i32 * 450 - 900;
    let there = PANS.into_iter().zip(shown).filter(|(_, shown)| *shown != Shown::Missed);
    let people = there.map(|(pan, shown)| face(pan + shift, 0, 20, shown == Shown::Facing));
    people.chain([face(shift, 32_000, 12, false)]).collect()
}

/// The place in `PANS` of who looks from there.
fn who(pan_millideg: i32) -> usize {
    PANS.iter().position(|pan| pan.abs_diff(pan_millideg) < 10_000).unwrap()
}

/// What the first event that is not as it should be breaks.
fn judge(
    config: &AttentionConfig,
    readings: &[Reading],
    events: &[(usize, Duration, AttentionEvent)],
) -> Option<&'static str> {
    let time = |at: usize| readings[..=at].iter().map(Reading::passes).sum::<Duration>();
    let packets = |until: usize| (0..=until).filter(|&at| !readings[at].fails);
    let mut look = None;
    for &(at, now, event) in events {
        // In the time that passed: moments are told by the clock as it is at this event.
        let moment = |then: Duration| time(at) - (now - then);
        match event {
            AttentionEvent::Began(began) => {
                if look.replace((began.track(), moment(began.since()))).is_some() {
                    return Some("a look in a look");
                }
                let who = who(began.direction().pan_millideg);
                let since = moment(began.since());
                let of_streak: Vec<usize> = packets(at).filter(|&at| time(at) >= since).collect();
                let facing: Vec<usize> = of_streak
                    .iter()
                    .copied()
                    .filter(|&at| readings[at].shown[who] == Shown::Facing)
                    .collect();
                let [first, _, .., last] = facing[..] else { return Some("a look of two packets") };
                if last != at {
                    return Some("a look that begins with a packet that does not see it");
                }
                if time(first) != since || time(at) - since < config.hold {
                    return Some("a look that was not held");
                }
                let of_track = of_streak.iter().filter(|&&at| at > first);
                let turned = of_track.filter(|&&at| readings[at].shown[who] == Shown::Turned).count();
                if facing.len() < 3 * turned {
                    return Some("a look of somebody who is often turned away");
                }
                for pair in facing.windows(2) {
                    let between = of_streak.iter().filter(|&&at| at > pair[0] && at < pair[1]).count();
                    if between > 1 && time(pair[1]) - time(pair[0]) > config.flicker {
                        return Some("a look with a gap");
                    }
                }
            }
            AttentionEvent::Ended(ended) => {
                let Some(began) = look.take() else { return Some("an end without a look") };
                let who = who(ended.direction().pan_millideg);
                let faced = packets(at).rfind(|&at| readings[at].shown[who] == Shown::Facing)?;
                if readings[at].fails {
                    return Some("an end without a reading");
                }
                if began != (ended.track(), moment(ended.since())) {
                    return Some("the end of another look");
                }
                // The same person may have got another track meanwhile, whose looks are others.
                let last_faced = moment(ended.last_faced());
                if last_faced > time(faced) || time(at) - last_faced < config.release {
                    return Some("an end while it was faced");
                }
            }
            AttentionEvent::Lost(_) => {
                // With the reading that ends the silence, if no call came in it.
                let read = packets(at.checked_sub(1)?).next_back()?;
                if look.take().is_none() || time(at) - time(read) < config.stale_after {
                    return Some("a loss without a look, or with readings");
                }
            }
        }
    }
    None
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn every_look_is_held_by_one_person_and_ends_once(readings in readings(), hold in 0..1500_u64, release in 200..3000_u64) {
        let config = AttentionConfig::DEFAULT.with_hold(ms(hold)).with_release(ms(release));
        let (mut tracker, mut attention) = (Tracker::default(), Attention::new(config));
        let (mut now, mut events) = (Duration::from_secs(1_000_000), vec![]);
        for (at, reading) in readings.iter().enumerate() {
            now = reading.clock(now);
            tracker.update(now, reading.read(at).as_ref());
            let event = attention.update(now, &tracker);
            events.extend(event.map(|event| (at, now, event)));
            let last = events.last().map(|(.., event)| *event);
            prop_assert_eq!(matches!(last, Some(AttentionEvent::Began(_))), attention.look().is_some());
            prop_assert_eq!(attention.outcome().is_present(), attention.look().is_some());
            if let Some(AttentionEvent::Began(look)) = event {
                prop_assert!(tracker.get(look.track()).is_some());
            }
        }
        prop_assert_eq!(judge(&config, &readings, &events), None, "{:?}", events);
    }

    #[test]
    fn the_order_of_the_faces_makes_no_difference(
        (readings, orders) in readings().prop_flat_map(|readings| {
            let orders = vec(Just([0, 1, 2, 3]).prop_shuffle(), readings.len());
            (Just(readings), orders)
        }),
    ) {
        let (mut tracker, mut attention) = (Tracker::default(), Attention::default());
        let (mut other_tracker, mut other) = (Tracker::default(), Attention::default());
        let mut now = Duration::from_secs(1_000_000);
        for (at, (reading, order)) in readings.into_iter().zip(orders).enumerate() {
            now = reading.clock(now);
            let faces = reading.read(at);
            let shuffled = faces.map(|faces| {
                let one = |place| faces.as_slice().get::<usize>(place).copied();
                Faces::new(&order.into_iter().filter_map(one).collect::<Vec<Face>>()).unwrap()
            });
            tracker.update(now, faces.as_ref());
            other_tracker.update(now, shuffled.as_ref());
            prop_assert_eq!(attention.update(now, &tracker), other.update(now, &other_tracker));
        }
    }

    #[test]
    fn bursts_of_three_inferences_are_no_look(
        (inference, every, phase) in (60..=265_u64, 10..=500_u64, 0..1000_u64),
        bursts in vec((1..=3_u64, -40_000..40_000_i32, -25_000..25_000_i32, 8..60_u8), 1..6),
    ) {
        let (mut tracker, mut attention) = (Tracker::default(), Attention::default());
        // Two seconds apart.
        let apart = 2000 / inference + 1;
        for now in (phase..phase + 12_000).step_by(every as usize) {
            let count = now / inference;
            let burst = bursts.get((count / apart) as usize).filter(|burst| count % apart < burst.0);
            let drawn: Vec<Face> =
                burst.iter().map(|&&(_, pan, tilt, width)| face(pan, tilt, width, true)).collect();
            tracker.update(ms(now), Some(&Faces::new(&drawn).unwrap()));
            prop_assert_eq!(attention.update(ms(now), &tracker), None);
            prop_assert!(!attention.outcome().is_present());
        }
        prop_assert!(attention.outcome().is_absent());
    }

    #[test]
    fn two_who_face_it_in_turns_are_no_look(
        // By one inference and one reading longer than flicker, and shorter than the hold time.
        (inference, turn, every) in (60..=140_u64, 510..=530_u64, 10..=60_u64),
    ) {
        let (mut tracker, mut attention) = (Tracker::default(), Attention::default());
        for now in (0..20_000).step_by(every as usize) {
            let count = now / inference;
            let is_left = (count * inference) / turn % 2 == 0;
            let shift = (count % 5) as i32 * 450;
            let drawn = [face(-20_000 + shift, 0, 20, is_left), face(20_000 + shift, 0, 20, !is_left)];
            tracker.update(ms(now), Some(&Faces::new(&drawn).unwrap()));
            prop_assert_eq!(attention.update(ms(now), &tracker), None);
        }
    }

    #[test]
    fn any_faces_at_any_time_alternate_and_never_panic(
        readings in vec((any::<u64>(), any::<bool>(), proptest::option::of(vec((any::<[u8; 4]>(), any::<bool>()), 0..=4))), 1..80),
        durations in any::<[u16; 5]>(),
    ) {
        let [hold, flicker, release, rearm, stale] = durations.map(|drawn| ms(u64::from(drawn % 2000)));
        let config = AttentionConfig::DEFAULT.with_hold(hold).with_flicker(flicker).with_release(release);
        let config = config.with_rearm(rearm).with_stale_after(stale);
        let (mut tracker, mut attention) = (Tracker::default(), Attention::new(config));
        let (mut now, mut looks) = (Duration::from_secs(100), false);
        for (jump, forward, drawn) in readings {
            let by = if jump % 50 == 0 { Duration::from_nanos(jump) } else { ms(jump % 500) };
            now = if forward || jump % 3 > 0 { now.saturating_add(by) } else { now.saturating_sub(by) };
            let faces = drawn.map(|drawn| {
                let one = |([a, b, c, d], facing): ([u8; 4], bool)| {
                    Face::new(Bounds::new(a.min(b), c.min(d), a.max(b), c.max(d)).unwrap(), 90, None, facing).unwrap()
                };
                Faces::new(&drawn.into_iter().map(one).collect::<Vec<_>>()).unwrap()
            });
            tracker.update(now, faces.as_ref());
            let event = attention.update(now, &tracker);
            prop_assert!(faces.is_some() || !matches!(event, Some(AttentionEvent::Ended(_))));
            looks = match event {
                Some(AttentionEvent::Began(_)) if !looks => true,
                Some(AttentionEvent::Ended(_) | AttentionEvent::Lost(_)) if looks => false,
                Some(_) => return Err(TestCaseError::fail("out of turn")),
                None => looks,
            };
            prop_assert_eq!(attention.look().is_some(), looks);
        }
    }
}
