//! The checks of how the time of an inference varies. (More of it: `inference_time.rs`.)

use std::time::Duration;

use mlsensor_sim::SimSensor;

/// The times from result to result in microseconds, in the order in which they come, within `within`.
fn intervals_us(sensor: &mut SimSensor, within: Duration) -> Vec<u64> {
    let until = sensor.now() + within;
    let mut times = Vec::new();
    while let Some(step) = sensor.next_event().filter(|&step| sensor.now() + step <= until) {
        let before = sensor.results();
        sensor.advance(step);
        if sensor.results() > before {
            times.push(sensor.now().as_micros() as u64);
        }
    }
    times.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

pub(crate) fn jitter(mut sensor: SimSensor, jitter: Duration) {
    let intervals = intervals_us(&mut sensor, Duration::from_secs(280));
    let (least, most) = (*intervals.iter().min().unwrap(), *intervals.iter().max().unwrap());
    let jitter = jitter.as_micros() as u64;
    assert!((140_000 - jitter..=140_000 - jitter * 9 / 10).contains(&least), "{least}");
    assert!((140_000 + jitter * 9 / 10..=140_000 + jitter).contains(&most), "{most}");
}

pub(crate) fn drift(mut sensor: SimSensor, permille: u32) {
    let quarter = Duration::from_secs(150);
    // Each is the mean of what is drifted through: from its beginning half-way to the end, or back.
    let means = [1, 1, -1, -1].map(|side| (side, intervals_us(&mut sensor, quarter)));
    for (place, (side, intervals)) in means.into_iter().enumerate() {
        let mean = intervals.iter().sum::<u64>() as f64 / intervals.len() as f64;
        let expected = 140_000.0 * (1.0 + f64::from(side) * f64::from(permille) / 2000.0);
        assert!((mean - expected).abs() <= 50.0, "quarter {place}: {mean}, not {expected}");
        let end = *if place % 2 == 0 { intervals.last() } else { intervals.first() }.unwrap() as f64;
        let furthest = 140_000.0 * (1.0 + f64::from(side) * f64::from(permille) / 1000.0);
        assert!((end - furthest).abs() <= 50.0, "quarter {place}: {end}, not {furthest}");
    }
}
