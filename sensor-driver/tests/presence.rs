//! Does presence keep its guarantees for histories of readings that nobody thought of?
//!
//! What it should say of a history is written here a second time, as sentences about the whole history.

use std::time::Duration;

use mlsensor::behavior::{Gate, Outcome, Presence, PresenceConfig, PresenceEvent};
use mlsensor::{Bounds, Face, Faces};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

fn thorough() -> ProptestConfig {
    ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Somebody,
    Nobody,
    Missing,
}
use Reading::{Missing, Nobody, Somebody};

/// Updates, with their times in ms.
type History = Vec<(u64, Reading)>;

/// The index of an update, and the outcomes before and after it: free of the clock.
type Change = (usize, Outcome, Outcome);

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn face(width: u8, confidence: u8) -> Face {
    Face::new(Bounds::new(100, 100, 100 + width, 140).unwrap(), confidence, None, false).unwrap()
}

fn update(presence: &mut Presence, at: u64, reading: Reading) -> Option<PresenceEvent> {
    let faces = match reading {
        Somebody => Some(Faces::new(&[face(30, 90)]).unwrap()),
        Nobody => Some(Faces::EMPTY),
        Missing => None,
    };
    presence.update(ms(at), faces.as_ref())
}

fn was(event: &PresenceEvent) -> Outcome {
    match *event {
        PresenceEvent::Arrived { was, .. }
        | PresenceEvent::Left { was, .. }
        | PresenceEvent::Lost { was } => was,
    }
}

fn run(config: PresenceConfig, history: &[(u64, Reading)]) -> Vec<(u64, PresenceEvent)> {
    let mut presence = Presence::new(config);
    history.iter().filter_map(|&(at, reading)| Some((at, update(&mut presence, at, reading)?))).collect()
}

fn changes(config: PresenceConfig, history: &[(u64, Reading)]) -> Vec<Change> {
    let mut presence = Presence::new(config);
    let one = |(index, &(at, reading)): (usize, &(u64, Reading))| {
        let event = update(&mut presence, at, reading)?;
        Some((index, was(&event), event.outcome()))
    };
    history.iter().enumerate().filter_map(one).collect()
}

fn arrivals(config: PresenceConfig, history: &[(u64, Reading)]) -> usize {
    run(config, history).iter().filter(|(_, event)| event.outcome().is_present()).count()
}

/// What is to be said of a history.
fn oracle(config: PresenceConfig, history: &[(u64, Reading)]) -> Vec<Change> {
    let in_ms = |duration: Duration| u64::try_from(duration.as_millis()).unwrap();
    let (gap, stale) = (in_ms(config.tolerated_gap), in_ms(config.stale_after));
    let (arrive, leave) = (in_ms(config.arrive_after), in_ms(config.leave_after));
    let at = |index: usize| history[index].0;
    let apart = |pair: &[usize]| at(pair[1]) - at(pair[0]);
    // Nothing counts for more than the gap that is tolerated, or one inference.
    let counted =
        |indices: &[usize]| indices.windows(2).map(|pair| apart(pair).min(gap.max(140))).sum::<u64>();
    let read_within = |from: usize, to: usize, what: &[Reading]| -> Vec<usize> {
        (from..=to).filter(|&index| what.contains(&history[index].1)).collect()
    };

    let (mut changes, mut outcome) = (Vec::new(), Outcome::Unknown);
    let (mut silent_at, mut left_at) = (0, 0);
    for now in 0..history.len() {
        let latest = (silent_at..now).rev().find(|&index| history[index].1 != Missing);
        let is_silent = latest.is_some_and(|latest| at(now) - at(latest) >= stale);
        let said = if is_silent {
            silent_at = now;
            Some(Outcome::Unknown)
        } else if history[now].1 == Somebody {
            // Some sighting began it, and from each to the next nothing was missed for too long.
            let sightings = read_within(silent_at.max(left_at), now, &[Somebody]);
            let belong =
                |pair: &[usize]| apart(pair) <= gap || read_within(pair[0], pair[1], &[Nobody]).is_empty();
            let is_enough = |begin: usize| {
                let sightings = &sightings[begin..];
                sightings.windows(2).all(belong) && counted(sightings) >= arrive
            };
            (0..sightings.len()).any(is_enough).then_some(Outcome::Present)
        } else if history[now].1 == Nobody {
            let is_enough = |&begin: &usize| {
                read_within(begin, now, &[Somebody]).is_empty()
                    && counted(&read_within(begin, now, &[Nobody])) >= leave
            };
            read_within(silent_at, now, &[Nobody]).iter().any(is_enough).then_some(Outcome::Absent)
        } else {
            None
        };
        if let Some(said) = said.filter(|&said| said != outcome) {
            changes.push((now, outcome, said));
            outcome = said;
            if said.is_absent() {
                left_at = now;
            }
        }
    }
    changes
}

/// Stretches of readings, each with its period and its share of faces and of reads that fail.
fn histories() -> impl Strategy<Value = History> {
    let period =
        prop_oneof![10..=50_u64, 100..=300_u64, 300..=600_u64, select(vec![0, 140, 1499, 1500, 4000])];
    let shares = select(vec![(0, 0), (100, 0), (90, 5), (50, 10), (3, 5), (0, 50), (95, 40), (0, 100)]);
    vec((period, shares, vec((0..100_u32, 0..100_u32), 1..60)), 1..10).prop_map(|stretches| {
        let (mut history, mut at) = (Vec::new(), 0);
        for (period, (faces, failures), dice) in stretches {
            for (face, failure) in dice {
                at += period;
                let reading = if face < faces { Somebody } else { Nobody };
                history.push((at, if failure < failures { Missing } else { reading }));
            }
        }
        history
    })
}

fn settings() -> impl Strategy<Value = PresenceConfig> {
    let up_to = |most: u64| prop_oneof![1 => Just(0), 4 => 0..most];
    let any = (up_to(1500), up_to(4000), up_to(1000), 1..3000_u64).prop_map(|(arrive, leave, gap, stale)| {
        let config = PresenceConfig::DEFAULT.with_arrive_after(ms(arrive)).with_leave_after(ms(leave));
        config.with_tolerated_gap(ms(gap)).with_stale_after(ms(stale))
    });
    prop_oneof![Just(PresenceConfig::DEFAULT), Just(PresenceConfig::WITH_RECOGNITION), any]
}

/// Readings at a period of a world in which a face shows in these spans of time.
fn read_at(period: u64, phase: u64, until: u64, spans: &[(u64, u64)]) -> History {
    let shows = |at: u64| spans.iter().any(|&(from, to)| (from..to).contains(&at));
    let reading = |at: u64| if shows(at) { Somebody } else { Nobody };
    (phase..until).step_by(period as usize).map(|at| (at, reading(at))).collect()
}

proptest! {
    #![proptest_config(thorough())]

    #[test]
    fn it_says_what_the_whole_history_says(config in settings(), history in histories()) {
        prop_assert_eq!(changes(config, &history), oracle(config, &history));
    }

    #[test]
    fn events_replayed_give_the_outcome_and_since_when(config in settings(), history in histories()) {
        let (mut presence, mut replayed) = (Presence::new(config), Outcome::Unknown);
        let (mut since, mut last_seen) = (ms(history[0].0), None);
        for (at, reading) in history {
            if reading == Somebody {
                last_seen = Some(ms(at));
            }
            if let Some(event) = update(&mut presence, at, reading) {
                prop_assert_eq!(was(&event), replayed);
                prop_assert_ne!(event.outcome(), replayed);
                (replayed, since) = (event.outcome(), ms(at));
                if let PresenceEvent::Left { last_seen: told, .. } = event {
                    prop_assert_eq!(told, last_seen);
                }
            }
            prop_assert_eq!((presence.outcome(), presence.since(), presence.last_seen()), (replayed, since, last_seen));
        }
    }

    #[test]
    fn an_arrival_or_a_leave_takes_its_whole_time(config in settings(), history in histories()) {
        let mut looked_from = 0;
        for (at, event) in run(config, &history) {
            let readings = |what| history.iter().filter(move |(then, reading)| *then <= at && *reading == what);
            match event {
                PresenceEvent::Arrived { first_seen, .. } => {
                    prop_assert!(ms(at) >= first_seen + config.arrive_after && first_seen >= ms(looked_from));
                    prop_assert!(readings(Somebody).any(|&(then, _)| ms(then) == first_seen));
                }
                PresenceEvent::Left { last_seen, .. } => {
                    let after = last_seen.unwrap_or(ms(looked_from)).max(ms(looked_from));
                    let first = readings(Nobody).map(|&(then, _)| ms(then)).find(|&then| then >= after);
                    prop_assert!(first.is_some_and(|first| ms(at) >= first + config.leave_after));
                }
                PresenceEvent::Lost { .. } => looked_from = at,
            }
        }
    }

    #[test]
    fn a_burst_of_false_faces_is_no_arrival_however_it_is_read(
        (inference, config) in select(vec![(140, PresenceConfig::DEFAULT), (265, PresenceConfig::WITH_RECOGNITION)]),
        inferences in 1..=3_u64,
        starts in 0..3000_u64,
        steps in vec((0..=500_u64, 0..100_u32), 50..400),
        failing in select(vec![0, 10, 60]),
    ) {
        let span = (starts, starts + inferences * inference);
        let mut history = History::new();
        for (step, failure) in steps {
            let at = history.last().map_or(0, |&(at, _)| at) + step;
            let reading = if (span.0..span.1).contains(&at) { Somebody } else { Nobody };
            history.push((at, if failure < failing { Missing } else { reading }));
        }
        prop_assert_eq!(arrivals(config, &history), 0);
    }

    #[test]
    fn bursts_that_a_reader_can_tell_apart_do_not_add_up(
        (inference, config) in select(vec![(140, PresenceConfig::DEFAULT), (265, PresenceConfig::WITH_RECOGNITION)]),
        bursts in vec((1..=3_u64, 1..400_u64), 2..40),
        period in 10..=500_u64,
        phase in 0..500_u64,
    ) {
        let gap = period.max(config.tolerated_gap.as_millis() as u64);
        let (mut spans, mut at) = (Vec::new(), 1000);
        for (inferences, more) in bursts {
            spans.push((at, at + inferences * inference));
            at += inferences * inference + gap + more;
        }
        prop_assert_eq!(arrivals(config, &read_at(period, phase, at, &spans)), 0);
    }

    #[test]
    fn the_latencies_are_within_their_bounds(period in 10..=500_u64, phase in 0..500_u64, from in 3000..4000_u64) {
        let (to, config) = (from + 5000, PresenceConfig::DEFAULT);
        let history = read_at(period, phase, 20_000, &[(from, to)]);
        let sightings: Vec<u64> = history.iter().filter(|(_, r)| *r == Somebody).map(|&(at, _)| at).collect();
        let (first, last) = (sightings[0], *sightings.last().unwrap());
        let events = run(config, &history);
        let [.., (arrived_at, PresenceEvent::Arrived { first_seen, .. }), (left_at, PresenceEvent::Left { .. })] =
            events[..] else { panic!("{events:?}") };
        prop_assert_eq!(first_seen, ms(first));
        if period <= 300 {
            prop_assert!((600..600 + period).contains(&(arrived_at - first)));
            prop_assert!((2000 + period..2000 + 2 * period).contains(&(left_at - last)));
        } else {
            prop_assert_eq!((arrived_at - first, left_at - last), (2 * period, 8 * period));
        }
    }

    #[test]
    fn no_reading_among_readings_changes_nothing(history in histories(), at in vec(0..1000_usize, 1..30)) {
        let mut with_none = history.clone();
        for index in at {
            let pair = history.get(index % history.len()).zip(history.get(index % history.len() + 1));
            with_none.extend(pair.map(|(before, after)| (before.0.midpoint(after.0), Missing)));
        }
        with_none.sort_by_key(|&(at, _)| at);
        // No reading is away from the next for long enough, but only just.
        let read = history.iter().filter(|(_, reading)| *reading != Missing).chain(history.last());
        let times: Vec<u64> = read.map(|&(at, _)| at).collect();
        let longest = times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0);
        let config = PresenceConfig::DEFAULT.with_stale_after(ms(longest + 1));
        prop_assert_eq!(run(config, &with_none), run(config, &history));
    }

    #[test]
    fn a_packet_that_is_read_again_at_once_changes_nothing(
        config in settings(),
        history in histories(),
        again in vec(1..4_usize, 600),
    ) {
        prop_assume!(config.arrive_after > Duration::ZERO && config.leave_after > Duration::ZERO);
        let times = history.iter().zip(again).flat_map(|(&update, times)| vec![update; times]);
        prop_assert_eq!(run(config, &times.collect::<Vec<_>>()), run(config, &history));
    }

    #[test]
    fn where_time_goes_backward_it_stands_still(
        config in settings(),
        history in histories(),
        back in vec((0..600_usize, 0..100_000_u64), 0..10),
    ) {
        let (mut jumping, mut standing) = (History::new(), History::new());
        let (mut jumping_at, mut standing_at, mut before) = (1_000_000, 0, 0);
        for (index, &(at, reading)) in history.iter().enumerate() {
            match back.iter().find(|(when, _)| *when == index) {
                Some((_, by)) => jumping_at -= by,
                None => (jumping_at, standing_at) = (jumping_at + at - before, standing_at + at - before),
            }
            before = at;
            jumping.push((jumping_at, reading));
            standing.push((standing_at, reading));
        }
        prop_assert_eq!(changes(config, &jumping), changes(config, &standing));
    }

    #[test]
    fn any_times_and_settings_are_taken(
        settings in any::<[u64; 4]>(),
        times in vec((any::<u64>(), 0..1_000_000_000_u32, select(vec![Somebody, Nobody, Missing])), 1..50),
    ) {
        let [arrive, leave, gap, stale] = settings.map(Duration::from_secs);
        let config = PresenceConfig::DEFAULT.with_arrive_after(arrive).with_leave_after(leave);
        let mut presence = Presence::new(config.with_tolerated_gap(gap).with_stale_after(stale));
        let somebody = Faces::new(&[face(30, 90)]).unwrap();
        for (secs, nanos, reading) in times {
            let faces = [(Somebody, &somebody), (Nobody, &Faces::EMPTY)].into_iter().find(|(r, _)| *r == reading);
            let before = presence.outcome();
            let event = presence.update(Duration::new(secs, nanos), faces.map(|(_, faces)| faces));
            prop_assert_eq!(event.map_or(before, |event| event.outcome()), presence.outcome());
        }
    }

    #[test]
    fn only_faces_that_count_count_and_their_order_does_not(
        min_confidence in 0..=100_u8,
        min_width in 0..=60_u8,
        readings in vec((1..300_u64, vec((0..=60_u8, 0..=100_u8), 0..=4)), 1..100),
    ) {
        let gate = Gate::OPEN.with_min_confidence(min_confidence).with_min_width(min_width);
        let mut presence = Presence::new(PresenceConfig::DEFAULT.with_gate(gate));
        let mut turned = presence.clone();
        let mut plain = Presence::default();
        let mut at = 0;
        for (step, faces) in readings {
            at += step;
            let counts = faces.iter().any(|&(width, confidence)| width >= min_width && confidence >= min_confidence);
            let mut faces: Vec<Face> = faces.iter().map(|&(width, confidence)| face(width, confidence)).collect();
            let event = presence.update(ms(at), Faces::new(&faces).ok().as_ref());
            faces.reverse();
            prop_assert_eq!(turned.update(ms(at), Faces::new(&faces).ok().as_ref()), event);
            prop_assert_eq!(update(&mut plain, at, if counts { Somebody } else { Nobody }), event);
        }
    }
}

/// The oracle is no use if it says nothing, or always the same.
#[test]
fn the_oracle_knows_a_day() {
    let mut day: History = read_at(140, 0, 20_000, &[(0, 5000), (6000, 12_000)]);
    day.push((30_000, Missing));
    let said: Vec<(u64, Outcome)> =
        oracle(PresenceConfig::DEFAULT, &day).iter().map(|&(at, _, outcome)| (day[at].0, outcome)).collect();
    // Five steps of 140 ms are the first 600 ms or more; 15 are the first 2 s, from 12 040 on.
    assert_eq!(said, [(700, Outcome::Present), (14_140, Outcome::Absent), (30_000, Outcome::Unknown)]);
}

#[cfg(feature = "serde")]
#[test]
fn settings_and_events_are_json_both_ways_and_what_is_left_out_is_the_default() {
    let config: PresenceConfig =
        serde_json::from_str(r#"{"leave_after":{"secs":5,"nanos":0},"gate":{"min_width":20}}"#).unwrap();
    let expected =
        PresenceConfig::DEFAULT.with_leave_after(ms(5000)).with_gate(Gate::OPEN.with_min_width(20));
    assert_eq!(config, expected);
    let again: PresenceConfig = serde_json::from_str(&serde_json::to_string(&config).unwrap()).unwrap();
    assert_eq!(again, config);
    assert!(serde_json::from_str::<PresenceConfig>(r#"{"leave_afer":{"secs":5,"nanos":0}}"#).is_err());

    let event = PresenceEvent::Left { last_seen: Some(ms(1500)), was: Outcome::Present };
    let text = serde_json::to_string(&event).unwrap();
    assert_eq!(text, r#"{"left":{"last_seen":{"secs":1,"nanos":500000000},"was":"present"}}"#);
    assert_eq!(serde_json::from_str::<PresenceEvent>(&text).unwrap(), event);
}
