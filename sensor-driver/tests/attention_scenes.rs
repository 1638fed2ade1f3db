//! How attention does in front of the simulated sensor: how soon, how often, and how often for nothing.

use std::time::Duration;

use mlsensor::Faces;
use mlsensor::behavior::{Attention, AttentionConfig, AttentionEvent, Look, Tracker, TrackerConfig};
use mlsensor_sim::{Detection, Person, Scenario, SimSensor};

const SEEDS: u64 = 20;

fn secs(secs: f64) -> Duration {
    Duration::from_secs_f64(secs)
}

/// The events of a sensor that is read this often, without a bus between.
fn events(sensor: SimSensor, until: Duration, every: Duration) -> Vec<(Duration, AttentionEvent)> {
    events_of(AttentionConfig::DEFAULT, sensor, until, every)
}

fn events_of(
    config: AttentionConfig,
    mut sensor: SimSensor,
    until: Duration,
    every: Duration,
) -> Vec<(Duration, AttentionEvent)> {
    let (mut tracker, mut attention) = (Tracker::default(), Attention::new(config));
    let mut events = vec![];
    while sensor.now() < until {
        sensor.advance(every);
        tracker.update(sensor.now(), Faces::parse(sensor.result()).as_ref().ok());
        events.extend(attention.update(sensor.now(), &tracker).map(|event| (sensor.now(), event)));
    }
    events
}

/// The events of a scenario under each seed, for readers from fast to slow.
fn runs(name: &str, until: Duration) -> impl Iterator<Item = Vec<(Duration, AttentionEvent)>> {
    let scenario = Scenario::named(name).unwrap();
    let readers = [20, 100, 140, 200].map(Duration::from_millis);
    let each = move |every| {
        let scenario = scenario.clone();
        (0..SEEDS).map(move |seed| events(scenario.sensor().with_seed(seed), until, every))
    };
    readers.into_iter().flat_map(each)
}

fn began(events: &[(Duration, AttentionEvent)]) -> Vec<(Duration, Look)> {
    let began = |(at, event): &(Duration, AttentionEvent)| match event {
        AttentionEvent::Began(look) => Some((*at, *look)),
        _ => None,
    };
    events.iter().filter_map(began).collect()
}

fn names(events: &[(Duration, AttentionEvent)]) -> String {
    let name = |(_, event): &(Duration, AttentionEvent)| match event {
        AttentionEvent::Began(_) => 'B',
        AttentionEvent::Ended(_) => 'E',
        AttentionEvent::Lost(_) => 'L',
    };
    events.iter().map(name).collect()
}

/// From when somebody really faces the sensor until the event of look number `look`, over all runs, sorted.
fn latencies(name: &str, look: usize, faces_from_s: f64) -> Vec<Duration> {
    let runs = runs(name, secs(60.0));
    let mut latencies: Vec<Duration> =
        runs.map(|events| began(&events)[look].0 - secs(faces_from_s)).collect();
    latencies.sort();
    latencies
}

fn assert_prompt(latencies: &[Duration], median_ms: u64, most_ms: u64) {
    let median = latencies[latencies.len() / 2];
    assert!(median <= Duration::from_millis(median_ms), "{median:?}");
    assert!(*latencies.last().unwrap() <= Duration::from_millis(most_ms), "{latencies:?}");
}

/// A head is facing within 25 degrees. Measured: 0.93 s to 1.43 s, median 1.03 s, of which the hold time is 0.6 s and the
/// sensor takes 0.2 s.
#[test]
fn who_walks_up_and_stops_is_noticed_within_a_second_or_two() {
    for events in runs("walk_up", secs(22.0)) {
        assert_eq!(names(&events), "BE");
        let look = began(&events)[0].1;
        assert!(look.bounds().bearing_deg().abs() <= 14, "{look}");
    }
    let latencies = latencies("walk_up", 0, 5.375);
    // The picture is 200 ms old when it can be read: never sooner than that and the hold time.
    assert!(latencies[0] >= Duration::from_millis(800), "{latencies:?}");
    assert_prompt(&latencies, 1200, 2000);
}

/// Slowly to a profile and back, a glance aside, the back of the head: three looks, whatever is-facing flickers.
#[test]
fn turning_away_ends_a_look_and_a_glance_aside_does_not() {
    for events in runs("turn_away", secs(30.0)) {
        assert_eq!(names(&events), "BEBEB", "{events:?}");
        let [_, (first_end, _), (second, _), (second_end, _), _] = events[..] else { unreachable!() };
        // Faced until 5.1 s, from 10.9 s to 20.1 s: 2 s and what the sensor takes.
        assert!((secs(6.9)..secs(9.5)).contains(&first_end), "{first_end:?}");
        assert!((secs(11.0)..secs(13.5)).contains(&second), "{second:?}");
        assert!((secs(22.0)..secs(23.5)).contains(&second_end), "{second_end:?}");
    }
    assert_prompt(&latencies("turn_away", 1, 10.89), 1200, 2000);
    assert_prompt(&latencies("turn_away", 2, 25.69), 1200, 2000);
}

/// One look of 40 s while every fifth is-facing is wrong, every eighth inference misses, and false faces come up.
/// Measured: it begins after 0.94 s to 4.4 s, median 1.2 s.
#[test]
fn on_a_bad_day_a_long_look_is_one_event() {
    for events in runs("flicker", secs(60.0)) {
        assert_eq!(names(&events), "BE", "{events:?}");
        assert!((secs(46.5)..secs(49.5)).contains(&events[1].0), "{events:?}");
    }
    assert_prompt(&latencies("flicker", 0, 5.0), 1500, 6000);
}

#[test]
fn who_looks_over_the_shoulder_does_not_take_the_look_over() {
    for events in runs("two_people", secs(34.0)) {
        assert_eq!(names(&events), "BE", "{events:?}");
        let looks = began(&events);
        assert!(looks[0].0 < secs(2.5) && events[1].0 > secs(30.8));
        assert!((2..=6).contains(&looks[0].1.bounds().bearing_deg()), "{}", looks[0].1);
    }
}

/// Of six people three face it for long; the one in front has the look until they go, then one that is still there.
#[test]
fn in_a_crowd_one_look_follows_the_other() {
    let scenario = Scenario::named("crowd").unwrap();
    for events in runs("crowd", secs(62.0)) {
        assert_eq!(names(&events), "BEBE", "{events:?}");
        for (at, look) in began(&events) {
            // Somebody who faced the sensor when the picture was taken stands where the look is.
            let there = scenario.timeline.people(at - Duration::from_millis(250)).any(|person| {
                let bearing = f64::from(person.right_mm).atan2(f64::from(person.ahead_mm)).to_degrees();
                let off = bearing - f64::from(look.direction().pan_millideg) / 1000.0;
                off.abs() < 5.0 && person.heading_millideg.abs() <= 30_000
            });
            assert!(there, "{at:?} {look}");
        }
    }
}

#[test]
fn a_look_says_who_it_is_if_recognition_does() {
    let scenario = Scenario::named("label_and_return").unwrap();
    let mut known = 0;
    for seed in 0..SEEDS {
        let mut sensor = scenario.sensor().with_seed(seed);
        let mut tracker = Tracker::new(TrackerConfig::WITH_RECOGNITION);
        let mut attention = Attention::new(AttentionConfig::WITH_RECOGNITION);
        let mut ended = vec![];
        while sensor.now() < secs(34.0) {
            sensor.advance(Duration::from_millis(100));
            tracker.update(sensor.now(), Faces::parse(sensor.result()).as_ref().ok());
            if let Some(AttentionEvent::Ended(look)) = attention.update(sensor.now(), &tracker) {
                ended.push(look);
            }
        }
        assert_eq!(ended.len(), 3, "{seed}");
        let id = |look: &Look| look.identity().map(|id| id.get());
        // The owner, a stranger, the owner again.
        assert_eq!(id(&ended[1]), None);
        known += usize::from(id(&ended[0]) == Some(0)) + usize::from(id(&ended[2]) == Some(0));
    }
    assert_eq!(known, 2 * SEEDS as usize);
}

/// Ten hours with a false face every 70 s, and every 7 s: none in either.
#[test]
fn in_an_empty_room_there_is_no_look() {
    for (per_million, every) in [(2_000, 100), (20_000, 20), (20_000, 250)] {
        let mut detection = Scenario::named("empty_room").unwrap().detection;
        detection.false_burst_per_million = per_million;
        let sensor = SimSensor::new().with_detection(detection).with_seed(u64::from(per_million));
        assert_eq!(events(sensor, Duration::from_secs(36_000), Duration::from_millis(every)), []);
    }
}

/// Looks in ten hours of somebody who looks elsewhere, by how often is-facing is wrong.
fn false_looks(config: AttentionConfig, facing_flip_permille: u32, every: u64) -> usize {
    let ten_hours = Duration::from_secs(36_000);
    let mut detection = Detection::default();
    detection.facing_flip_permille = facing_flip_permille;
    let mut sensor = SimSensor::new().with_detection(detection);
    sensor.set_scene([Person::at(1.2, 5.0).with_heading(40.0)]);
    began(&events_of(config, sensor, ten_hours, Duration::from_millis(every))).len()
}

/// Measured in ten hours: 0, 0, 0 and 2 with 2 % of is-facing wrong; 0, 1, 36 and 22 with 5 %.
#[test]
fn who_looks_elsewhere_has_no_look_while_few_packets_are_wrong() {
    for (every, most) in [(20, 0), (100, 0), (250, 1), (500, 8)] {
        let looks = false_looks(AttentionConfig::DEFAULT, 20, every);
        assert!(looks <= most, "{every} ms: {looks} looks");
    }
    assert!(false_looks(AttentionConfig::DEFAULT, 50, 100) <= 5);
}

/// Every fifth wrong is more than 600 ms can tell from a look: measured 46 an hour. With a hold time of 1 s it is 6 an hour, with
/// 1.5 s two in ten hours.
#[test]
fn on_a_bad_day_a_longer_hold_time_helps() {
    for (hold, most) in [(600, 700), (1000, 120), (1500, 10)] {
        let config = AttentionConfig::DEFAULT.with_hold(Duration::from_millis(hold));
        let looks = false_looks(config, 200, 100);
        assert!(looks <= most, "{hold} ms: {looks} looks");
    }
}
