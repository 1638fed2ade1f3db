//! Does the time of an inference vary as assumed, and nothing else with it?
//! (That each answer makes a difference: `open_questions/`.)

use std::time::Duration;

use mlsensor_sim::{Assumptions, Detection, Person, SimSensor, digest};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn varying(jitter: Duration, drift_permille: u32) -> Assumptions {
    let mut assumptions = Assumptions::default();
    (assumptions.inference_jitter, assumptions.inference_drift_permille) = (jitter, drift_permille);
    assumptions
}

/// Like hardware, in front of one person.
fn seeing(assumptions: Assumptions, seed: u64) -> SimSensor {
    let mut sensor = SimSensor::new().with_detection(Detection::default()).with_seed(seed);
    sensor = sensor.with_assumptions(assumptions);
    sensor.set_scene([Person::at(2.5, 10.0).known_as(1)]);
    sensor
}

/// The next results: when each was exposed and published, and its bytes.
fn results(sensor: &mut SimSensor, number: usize) -> Vec<(Duration, Duration, [u8; 39])> {
    let mut shown = Vec::new();
    while shown.len() < number {
        let before = sensor.results();
        sensor.advance(sensor.next_event().unwrap());
        if sensor.results() > before {
            shown.push((sensor.exposed_at().unwrap(), sensor.now(), *sensor.result()));
        }
    }
    shown
}

fn micros(later: Duration, earlier: Duration) -> i64 {
    later.as_micros() as i64 - earlier.as_micros() as i64
}

#[test]
fn the_time_from_capture_to_capture_is_spread_evenly_about_its_mean() {
    let shown = results(&mut seeing(varying(ms(10), 0), 5), 20_001);
    let off: Vec<i64> = shown.windows(2).map(|pair| micros(pair[1].0, pair[0].0) - 140_000).collect();
    assert!(off.iter().all(|off| off.abs() <= 10_000));
    for tenth in 0..10 {
        let range = -10_000 + tenth * 2000..-10_000 + (tenth + 1) * 2000;
        let share = off.iter().filter(|off| range.contains(*off)).count();
        assert!((1800..=2200).contains(&share), "{share} of 20000 in {range:?}");
    }
    let mean = off.iter().sum::<i64>() / 20_000;
    assert!(mean.abs() <= 120, "{mean} us");
    // One after the other, they have nothing to do with each other.
    let product = off.windows(2).map(|pair| pair[0] * pair[1]).sum::<i64>() / 20_000;
    assert!(product.abs() <= 1_000_000, "{product} of a variance of 33333333");
}

#[test]
fn a_result_is_as_much_later_as_its_inference_was_longer() {
    let shown = results(&mut seeing(varying(ms(10), 20), 6), 2000);
    for pair in shown.windows(2) {
        let longer = micros(pair[1].0, pair[0].0) - 140_000;
        let later = micros(pair[0].1, pair[0].0) - 200_000;
        assert!((longer - later).abs() <= 1, "{longer} {later}");
    }
    assert!(shown.iter().any(|(exposed, published, _)| micros(*published, *exposed) > 205_000));
}

#[test]
fn captures_are_chained_so_that_their_phase_walks() {
    let phase = |seed| {
        let shown = results(&mut seeing(varying(ms(10), 0), seed), 10_000);
        micros(shown.last().unwrap().0, Duration::ZERO) - 9999 * 140_000
    };
    // 10000 steps of 5.8 ms each are 577 ms away, give or take.
    let squares: Vec<_> = (0..30).map(|seed| phase(seed).pow(2)).collect();
    let mean = (squares.iter().sum::<i64>() / 30).isqrt();
    assert!((400_000..800_000).contains(&mean), "{mean} us");
}

#[test]
fn nothing_else_that_is_left_to_chance_changes() {
    let plain = results(&mut seeing(Assumptions::default(), 7), 3000);
    for assumptions in [varying(ms(10), 0), varying(Duration::ZERO, 20), varying(ms(50), 100)] {
        let varied = results(&mut seeing(assumptions, 7), 3000);
        assert!(plain.iter().map(|shown| shown.2).eq(varied.iter().map(|shown| shown.2)));
        assert!(plain.iter().zip(&varied).filter(|(one, other)| one.0 != other.0).count() > 2900);
    }
}

#[test]
fn the_times_do_not_depend_on_who_stands_there_but_on_the_seed() {
    let times = |sensor: &mut SimSensor| -> Vec<_> {
        results(sensor, 500).into_iter().map(|(exposed, published, _)| (exposed, published)).collect()
    };
    let somebody = times(&mut seeing(varying(ms(10), 20), 8));
    let mut nobody = seeing(varying(ms(10), 20), 8);
    nobody.set_scene([]);
    assert_eq!(somebody, times(&mut nobody));
    assert_ne!(somebody, times(&mut seeing(varying(ms(10), 20), 9)));
}

#[test]
fn a_single_shot_takes_what_its_inference_takes() {
    let mut sensor = seeing(varying(ms(10), 0), 10);
    assert!(sensor.write(&[0x01, 0x00]));
    let took: Vec<_> = (0..300)
        .map(|_| {
            assert!(sensor.write(&[0x03, 0x00]));
            let [(exposed, published, _)] = results(&mut sensor, 1)[..] else { unreachable!() };
            micros(published, exposed)
        })
        .collect();
    assert!(took.iter().all(|took| (190_000..=210_000).contains(took)));
    assert!(took.iter().any(|took| *took < 191_000) && took.iter().any(|took| *took > 209_000));
}

/// The drift is a part of the whole inference, recognition and all: a fiftieth of 265 ms after two minutes and a half.
#[test]
fn recognition_drifts_with_the_rest() {
    let mut sensor = SimSensor::new().with_assumptions(varying(Duration::ZERO, 20));
    sensor.set_scene([Person::at(1.0, 0.0).known_as(1)]);
    assert!(sensor.write(&[0x02, 0x01]) && sensor.write(&[0x04, 0x00]));
    sensor.advance(Duration::from_secs(150));
    let shown = results(&mut sensor, 3);
    let interval = micros(shown[2].0, shown[1].0);
    assert!((interval - 270_300).abs() <= 30, "{interval}");
}

/// Half a millisecond is the shortest on paper, a millisecond the shortest there is.
#[test]
fn nothing_that_can_be_assumed_stops_the_time_or_turns_it_back() {
    for (jitter, drift) in
        [(Duration::MAX, 0), (Duration::ZERO, u32::MAX), (Duration::MAX, u32::MAX), (ms(300), 999)]
    {
        let mut sensor = seeing(varying(jitter, drift), 11);
        sensor.advance(Duration::from_secs(450)); // where the drift is furthest down
        let mut before = (Duration::ZERO, Duration::ZERO);
        for _ in 0..200 {
            let Some(step) = sensor.next_event() else { break };
            sensor.advance(step);
            let Some(times) = sensor.exposed_at().zip(sensor.published_at()) else { continue };
            assert!(times.0 <= times.1 && before.0 <= times.0 && before.1 <= times.1, "{jitter:?} {drift}");
            assert!(times.0 == before.0 || times.0 - before.0 >= ms(1));
            before = times;
        }
        sensor.advance(Duration::from_secs(60));
    }
    // The longest of all means, and more than it.
    let mut assumptions = varying(Duration::MAX, u32::MAX);
    (assumptions.detection, assumptions.latency) = (Duration::MAX, Duration::MAX);
    let mut sensor = SimSensor::new().with_assumptions(assumptions);
    for mode in [0, 1].repeat(8) {
        sensor.advance(Duration::from_secs(75)); // to both ends of the drift
        assert!(sensor.write(&[0x01, mode]) && sensor.write(&[0x03, 0x00]));
    }
    assert!(sensor.results() < 100, "{}", sensor.results());
}

/// The same on every machine: what this gave when it was written.
#[test]
fn the_varied_times_are_the_same_everywhere() {
    let found = digest(&mut seeing(varying(ms(10), 20), 13), Duration::from_secs(600));
    assert_eq!(found, 0x8243_1C7B_F6C8_D3BC, "{found:#018x}");
}
