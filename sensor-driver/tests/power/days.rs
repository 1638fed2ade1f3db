//! Empty rooms, arrivals, departures and false faces.

use std::time::Duration;

use mlsensor::behavior::{CurrentFigures, PowerConfig};
use mlsensor::{Bounds, Face, Faces, Mode};
use mlsensor_sim::{Assumptions, Detection, Person};

use super::{Night, every_assumption, ms};

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn an_empty_room_for_an_hour_is_slept_through_but_for_the_shots() {
    for (question, assumptions) in every_assumption() {
        let mut night = Night::new(&assumptions, PowerConfig::DEFAULT);
        night.until(HOUR, |power, _, _| assert!(!power.is_awake(), "{question}"));
        assert!(night.continuous < ms(1), "{question}: {:?}", night.continuous); // until its first command
        // The clock of the cycle runs on between trigger and trigger: 2 s each, and the time of two transfers.
        assert!((1795..=1800).contains(&night.triggers.len()), "{question}: {}", night.triggers.len());
        assert_eq!(night.power.shots() as usize, night.triggers.len());
        let estimate = night.power.estimate(&CurrentFigures::PUBLISHED);
        let planned = PowerConfig::DEFAULT.estimate_empty_room(&CurrentFigures::PUBLISHED);
        assert!(estimate.average_ua.abs_diff(planned.average_ua) <= 15, "{estimate} and {planned}");
        assert!(estimate.is_lower_bound && estimate.active_permille == 70, "{question}: {estimate}");
    }
}

#[test]
fn false_faces_cost_an_empty_room_a_second_or_two_each() {
    let (mut awake, mut wakings) = (Duration::ZERO, 0);
    let hours = 24;
    for seed in 0..hours {
        let config = PowerConfig::DEFAULT;
        let mut night = Night::with_detection(&Assumptions::default(), config, Detection::default(), seed);
        let mut was_awake = false;
        night.until(HOUR, |power, _, _| {
            wakings += u32::from(power.is_awake() && !was_awake);
            was_awake = power.is_awake();
        });
        awake += night.continuous;
        let estimate = night.power.estimate(&CurrentFigures::PUBLISHED);
        assert!(estimate.average_ua < 3000, "{estimate}");
    }
    println!("24 empty hours with false faces: woken {wakings} times, awake {awake:?} in all");
    assert!(wakings > 0, "none in 43000 shots");
    assert!(awake < ms(2500) * wakings, "{awake:?} for {wakings}");
}

/// A false face, as users describe it: two or three inferences. At the worst, the shot and two captures after it.
#[test]
fn after_a_false_face_the_sensor_sleeps_again_soon() {
    let bounds = Bounds::new(20, 30, 40, 56).unwrap();
    let false_face = Faces::new(&[Face::new(bounds, 70, None, false).unwrap()]).unwrap();
    for (question, assumptions) in every_assumption() {
        let mut night = Night::new(&assumptions, PowerConfig::DEFAULT);
        night.quietly_until(ms(9900));
        night.sim.show_faces(false_face);
        let (mut woken, mut asleep) = (None, None);
        // The scene ends two captures after the one that woke it.
        for slice in 0..1500 {
            night.until(ms(9900) + ms(10) * slice, |power, now, _| match (power.is_awake(), woken) {
                (true, None) => woken = Some(now),
                (false, Some(_)) if asleep.is_none() => asleep = Some(now),
                _ => {}
            });
            if woken.is_some_and(|woken| night.bus.now() >= woken + ms(280)) {
                night.sim.set_scene([]);
            }
        }
        let slept = asleep.expect(question) - woken.expect(question);
        assert!(slept <= ms(2500), "{question}: after {slept:?}");
        assert_eq!(night.true_mode(), Mode::Standby, "{question}");
    }
}

/// How long after somebody came a reading shows it.
fn arrivals(assumptions: &Assumptions, config: PowerConfig, count: u64) -> Vec<Duration> {
    let mut latencies = Vec::new();
    for arrival in 0..count {
        let mut night = Night::new(assumptions, config);
        let came = ms(20_000) + config.period * (arrival as u32) / (count as u32);
        night.quietly_until(came);
        night.sim.set_scene([Person::at(1.5, 10.0)]);
        let came = night.bus.now();
        let mut seen = None;
        night.until(came + config.period * 4 + ms(3000), |power, now, reading| {
            if reading.is_some_and(|faces| !faces.is_empty()) {
                assert!(power.is_awake());
                seen = seen.or(Some(now));
            }
        });
        latencies.push(seen.expect("seen at some time") - came);
        assert_eq!(night.true_mode(), Mode::Continuous);
    }
    latencies.sort_unstable();
    latencies
}

#[test]
fn whoever_comes_is_seen_within_a_period_and_the_wait_for_the_shot() {
    for period_ms in [500, 1000, 2000, 5000, 10_000] {
        let config = PowerConfig::DEFAULT.with_period(ms(period_ms));
        let latencies = arrivals(&Assumptions::default(), config, 200);
        let estimate = config.estimate_empty_room(&CurrentFigures::PUBLISHED);
        let at = |percent: usize| latencies[(latencies.len() - 1) * percent / 100];
        println!("period {period_ms} ms: median {:?}, worst {:?}; {estimate}", at(50), at(100));
        assert!(at(0) >= config.capture_wait);
        assert!(at(100) <= config.period + config.capture_wait + ms(10), "{:?}", at(100));
        assert!(at(50) <= config.period / 2 + config.capture_wait + ms(20), "{:?}", at(50));
    }
}

#[test]
fn whatever_the_open_questions_whoever_comes_is_seen_at_most_one_period_later() {
    for (question, assumptions) in every_assumption() {
        for recognition_too in [false, true] {
            let config = PowerConfig::DEFAULT;
            // A shot that takes longer than the wait is read with the next one.
            let mut slow = assumptions.clone();
            if recognition_too {
                slow.single_shot += slow.recognition;
            }
            let is_late = slow.single_shot > config.capture_wait;
            let latencies = arrivals(&slow, config, 20);
            let worst = latencies[latencies.len() - 1];
            let bound = config.period * if is_late { 2 } else { 1 } + config.capture_wait + ms(10);
            assert!(worst <= bound, "{question}: {worst:?}");
            let patient = arrivals(&slow, config.with_capture_wait(ms(1000)), 20);
            assert!(patient[19] <= config.period + ms(1010), "{question}: {:?}", patient[19]);
        }
    }
}

#[test]
fn somebody_who_stays_is_not_slept_through_and_the_sensor_sleeps_when_they_have_gone() {
    for (question, assumptions) in every_assumption() {
        let config = PowerConfig::DEFAULT;
        let detection = Detection::default();
        let mut night = Night::with_detection(&assumptions, config, detection, 3);
        night.quietly_until(ms(5000));
        night.sim.set_scene([Person::at(1.5, 10.0)]);
        night.quietly_until(ms(10_000));
        night.until(ms(130_000), |power, now, _| assert!(power.is_awake(), "{question}: asleep at {now:?}"));
        night.sim.set_scene([]);
        night.until(ms(139_000), |power, now, _| assert!(power.is_awake(), "{question}: asleep at {now:?}"));
        night.quietly_until(ms(145_000));
        assert_eq!(night.true_mode(), Mode::Standby, "{question}");
    }
}

#[test]
fn the_estimate_follows_the_time_that_the_sensor_was_awake_in_truth() {
    let mut night = Night::new(&Assumptions::default(), PowerConfig::DEFAULT);
    let figures = CurrentFigures::PUBLISHED.with_standby_ua(1000);
    let mut awake_ms = 0;
    for minute in 0..30_u64 {
        let people = if minute % 3 == 0 { vec![Person::at(1.0, 0.0)] } else { vec![] };
        night.sim.set_scene(people);
        night.quietly_until(ms(60_000) * (minute as u32 + 1));
        let active = night.continuous + ms(140) * night.triggers.len() as u32;
        let expected = (40_000 * active.as_nanos() + 1000 * (night.bus.now() - active).as_nanos())
            / night.bus.now().as_nanos();
        let _ = night.power.step(night.bus.now()); // so that it knows what time it is
        let estimate = night.power.estimate(&figures);
        assert!(u128::from(estimate.average_ua).abs_diff(expected) < 50, "{estimate}: {expected}");
        awake_ms = night.continuous.as_millis();
    }
    assert!((690_000..705_000).contains(&awake_ms), "a third of it, and 10 s more each time: {awake_ms}");
}
