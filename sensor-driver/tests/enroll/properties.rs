//! Any scenes at any times, and any readings at all.

use std::time::Duration;

use embedded_hal::i2c::I2c;
use mlsensor::behavior::{Enroll, EnrollConfig, Enrolled, Gate, GaveUp, Step};
use mlsensor::{Bounds, Command, Face, Faces, Identity, PersonId, PersonSensor};
use mlsensor_sim::{Assumptions, Detection, Person, SimBus};
use proptest::prelude::*;

use super::{ANNA, BOB, Room, WANTED};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Runs a procedure as an application of its own would, and shows every moment at which anything happens.
pub(crate) fn drive<B: I2c>(
    bus: &SimBus,
    machine: &mut Enroll,
    sensor: &mut PersonSensor<B>,
    at: impl FnMut(Duration),
) -> Result<Enrolled, GaveUp> {
    drive_with(bus, machine, sensor, at, |_| ())
}

/// The same, and shows every command before it is sent.
pub(crate) fn drive_with<B: I2c>(
    bus: &SimBus,
    machine: &mut Enroll,
    sensor: &mut PersonSensor<B>,
    mut at: impl FnMut(Duration),
    mut command: impl FnMut(Command),
) -> Result<Enrolled, GaveUp> {
    loop {
        at(bus.now());
        let now = bus.now();
        let step = machine.step(now);
        assert_eq!(step, machine.step(now), "to ask twice does no harm");
        match step {
            Step::Send(next) => {
                command(next);
                let sent = sensor.send(next);
                machine.sent(bus.now(), sent.is_ok());
            }
            Step::Wait(wait) => {
                assert!(!wait.is_zero());
                bus.advance(wait.min(Duration::from_millis(20)));
            }
            Step::Read => {
                let reading = sensor.read();
                machine.update(bus.now(), reading.as_ref().ok());
            }
            Step::Over(outcome) => return outcome,
        }
    }
}

/// What may be in front of the sensor for a while.
fn some_scene() -> impl Strategy<Value = Vec<Person>> {
    let anna = Person::at(0.9, 0.0).known_as(ANNA);
    let bob = Person::at(1.0, 30.0).known_as(BOB);
    prop_oneof![
        5 => Just(vec![anna]),
        3 => Just(vec![bob]),
        2 => Just(vec![anna, bob]),
        2 => Just(vec![]),
        1 => Just(vec![anna.with_heading(35.0)]),
        1 => Just(vec![Person::at(3.0, -10.0).known_as(BOB)]),
    ]
}

/// Whether somebody in this scene may be labelled.
fn is_good(scene: &[Person]) -> bool {
    matches!(scene, [person] if person.heading_millideg == 0 && person.ahead_mm < 1300)
}

/// An inference with recognition until the next camera frame, the way to its result, and a reading.
const LATE: Duration = ms(265 + 325 + 110);

const SETTLE: Duration = Duration::from_secs(2);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever happens in front of the sensor: when a label is sent, one and the same person had been there, alone, for
    /// the time to settle, as far as the sensor could have told; and if it says enrolled, the one who was there last holds it.
    #[test]
    fn a_label_needs_somebody_who_settled_and_success_means_who_is_there(
        scenes in proptest::collection::vec((some_scene(), 400_u64..9000), 1..12),
        question in 0..Assumptions::alternatives().count(),
        is_ideal in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let (_, assumptions) = Assumptions::alternatives().nth(question).unwrap();
        let detection = if is_ideal { Detection::ideal() } else { Detection::default() };
        let room = Room::with_detection(&assumptions, detection, seed);
        // From when to when which scene is shown; the last one stays.
        let mut shown: Vec<(Duration, Vec<Person>)> = Vec::new();
        let mut due = Duration::ZERO;
        let mut upcoming = scenes.iter();
        let shown_cell = std::cell::RefCell::new(&mut shown);
        let mut labels = Vec::new();
        let config = EnrollConfig::DEFAULT.with_settle(SETTLE).with_guide_timeout(Duration::from_secs(15));
        let mut machine = Enroll::with_config(WANTED, config);
        let mut sensor = PersonSensor::new(room.bus.clone());
        let outcome = drive_with(&room.bus, &mut machine, &mut sensor, |now| {
            if now >= due {
                if let Some((scene, for_ms)) = upcoming.next() {
                    due = now + ms(*for_ms);
                    room.scene(scene);
                    shown_cell.borrow_mut().push((now, scene.clone()));
                }
            }
        }, |command| match command {
            Command::LabelNextId(id) => {
                assert_eq!(id, WANTED);
                labels.push(room.bus.now());
            }
            Command::EnableId(true) | Command::Mode(_) => {}
            other => panic!("{other} is none of its business"),
        });
        let end = room.bus.now();
        prop_assert!(end < EnrollConfig::DEFAULT.longest());
        prop_assert!(labels.len() <= 3);
        // Who was there over a span of time, if it was one scene all the while.
        let over = |from: Duration, to: Duration| -> Vec<&Vec<Person>> {
            let until = |place: usize| shown.get(place + 1).map_or(Duration::MAX, |(next, _)| *next);
            let mut there: Vec<_> = shown.iter().enumerate()
                .filter(|&(place, (began, _))| *began < to && until(place) > from)
                .map(|(_, (_, scene))| scene).collect();
            there.dedup();
            there
        };
        if is_ideal {
            for &label in &labels {
                let settled = over(label - SETTLE + ms(100), label - LATE);
                prop_assert!(settled.len() == 1 && is_good(settled[0]), "{settled:?} before the label");
            }
        }
        for id in PersonId::ALL.into_iter().filter(|&id| id != WANTED) {
            prop_assert_eq!(room.holder(id), None);
        }
        if outcome.is_ok() {
            // A scene lasts for more than an inference, so each that was shown then was read while it was counted. (A sensor
            // that misses faces may have missed one of them.)
            let there = over(end - LATE - ms(300), end - LATE);
            let holder = room.holder(WANTED).unwrap();
            let is_alone = |scene: &&Vec<Person>| scene.iter().all(|person| person.who == holder);
            let is_there = |scene: &&Vec<Person>| scene.iter().any(|person| person.who == holder);
            prop_assert!(there.iter().any(is_there), "{there:?}");
            prop_assert!(!is_ideal || there.iter().all(is_alone), "{there:?}");
            prop_assert!(!is_ideal || there.iter().all(is_there), "{there:?}");
        }
    }
}

fn any_face() -> impl Strategy<Value = Face> {
    let near = (60_u8..120, 14_u8..40).prop_map(|(left, width)| [left, 100, left + width, 140]);
    let anywhere = any::<[u8; 4]>().prop_map(|[a, b, c, d]| [a.min(c), b.min(d), a.max(c), b.max(d)]);
    let identity = prop_oneof![Just(None), (2_u8..5, 1_u8..=100).prop_map(Some)];
    (prop_oneof![near, anywhere], 0_u8..=100, identity, any::<bool>()).prop_map(
        |([left, top, right, bottom], confidence, identity, is_facing)| {
            let identity = identity
                .map(|(id, confidence)| Identity::new(PersonId::new(id).unwrap(), confidence).unwrap());
            Face::new(Bounds::new(left, top, right, bottom).unwrap(), confidence, identity, is_facing)
                .unwrap()
        },
    )
}

fn any_reading() -> impl Strategy<Value = Option<Faces>> {
    let faces = proptest::collection::vec(any_face(), 0..=2).prop_map(|faces| Faces::new(&faces).unwrap());
    // The same for a while, mostly.
    prop_oneof![1 => Just(None), 8 => faces.prop_map(Some)]
}

fn any_config() -> impl Strategy<Value = EnrollConfig> {
    let up_to = |most: u64| (0..most).prop_map(ms);
    let times = (up_to(3000), up_to(3000), up_to(400), up_to(800), up_to(20_000), up_to(4000));
    let counts = (any::<[u8; 3]>(), 0..5_u8, any::<u8>(), any::<bool>());
    (times, counts, (up_to(900), up_to(4000)), 0..40_u8).prop_map(|(times, counts, silence, min_width)| {
        let (settle, label_wait, read_every, count_every, guide_timeout, away) = times;
        let ([packets, needed, others], attempts, stillness, relabel) = counts;
        EnrollConfig::DEFAULT
            .with_settle(settle)
            .with_label_wait(label_wait)
            .with_reading(read_every, count_every)
            .with_guide_timeout(guide_timeout)
            .with_away(away)
            .with_verification(packets % 10, needed % 10, others % 4)
            .with_attempts(attempts)
            .with_stillness_percent(stillness)
            .with_relabel(relabel)
            .with_silence(silence.0, silence.1)
            .with_gate(Gate::OPEN.with_min_width(min_width))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever is read, whatever fails and whatever is configured: it ends within its bounds, sends what it may send, and
    /// holds its outcome.
    #[test]
    fn it_ends_in_time_whatever_is_read(
        config in any_config(),
        readings in proptest::collection::vec((any_reading(), 1_usize..40, any::<bool>()), 1..30),
    ) {
        let mut machine = Enroll::with_config(WANTED, config);
        let mut script = readings.iter().cycle();
        let (mut now, mut labels, mut reads) = (Duration::from_secs(1000), 0_u8, 0_u32);
        let began = now;
        let (mut reading, mut times, mut is_sent) = (None, 0, true);
        let outcome = loop {
            if times == 0 {
                let (next, for_times, ok) = script.next().unwrap();
                (reading, times, is_sent) = (*next, *for_times, *ok);
            }
            match machine.step(now) {
                Step::Send(Command::LabelNextId(id)) => {
                    prop_assert_eq!(id, WANTED);
                    labels += 1;
                    times -= 1;
                    machine.sent(now, is_sent);
                }
                Step::Send(_) => {
                    times -= 1;
                    machine.sent(now, is_sent);
                }
                Step::Wait(wait) => now += wait,
                Step::Read => {
                    reads += 1;
                    times -= 1;
                    machine.update(now, reading.as_ref());
                }
                Step::Over(outcome) => break outcome,
            }
            prop_assert!(now - began <= config.longest(), "after {:?}", now - began);
        };
        prop_assert!(labels <= config.attempts.max(1));
        match outcome {
            Ok(enrolled) => {
                let needed = config.verify_needed.clamp(1, config.verify_packets.max(1));
                prop_assert!(enrolled.recognised >= needed && enrolled.recognised <= enrolled.of);
                prop_assert!((1..=100).contains(&enrolled.confidence));
                prop_assert_eq!((enrolled.id, enrolled.labels_sent), (WANTED, labels));
                prop_assert!(reads >= u32::from(needed));
            }
            Err(gave_up) => prop_assert_eq!((gave_up.id, gave_up.labels_sent), (WANTED, labels)),
        }
        machine.sent(now, true);
        machine.update(now + Duration::from_secs(9), None);
        prop_assert_eq!(machine.step(now + Duration::from_secs(9)), Step::Over(outcome));
    }
}
