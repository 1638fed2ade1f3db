//! What a cadence makes of single moments: an edge of the pin, the first change after a long time, a host that slept.

use std::time::Duration;

use mlsensor::behavior::{Cadence, Freshness, Lock};
use mlsensor::{Bounds, Face, Faces};

const PERIOD: Duration = ms(140);

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A sensor without jitter, whose results are published at this phase of each period.
struct Sensor {
    phase: Duration,
    /// When somebody is there: then each result differs from the one before.
    is_there: fn(Duration) -> bool,
}

impl Sensor {
    /// The latest publication at some time.
    fn published(&self, now: Duration) -> Duration {
        let periods = (now - self.phase).as_nanos() / PERIOD.as_nanos();
        self.phase + PERIOD * periods as u32
    }

    fn read(&self, now: Duration) -> Faces {
        let published = self.published(now);
        if !(self.is_there)(published) {
            return Faces::EMPTY;
        }
        let number = ((published - self.phase).as_nanos() / PERIOD.as_nanos()) as u32;
        let bounds = Bounds::new((number % 200) as u8, 0, 255, 255).unwrap();
        Faces::new(&[Face::new(bounds, 90, None, true).unwrap()]).unwrap()
    }

    /// Reads when it is due, until some time; how many reads there were.
    fn lead(&self, cadence: &mut Cadence, until: Duration) -> usize {
        let mut reads = 0;
        while cadence.next_read() < until {
            let now = cadence.next_read().max(self.phase);
            cadence.read_done(now, Some(&self.read(now)));
            reads += 1;
        }
        reads
    }

    /// The first read that can find what is published then, comes within 10 ms. (One before it may be a look whether the rate
    /// is still the same.)
    fn assert_read_just_after(&self, cadence: &mut Cadence, published: Duration) {
        self.lead(cadence, published);
        let late = cadence.next_read() - published;
        assert!(late <= ms(10), "published at {published:?}, and read {late:?} later");
    }
}

/// Somebody, then nobody for ten minutes in which the results wandered by 60 ms.
fn after_ten_empty_minutes() -> (Cadence, Sensor, Duration) {
    let before = Sensor { phase: ms(30), is_there: |at| at < ms(20_000) };
    let mut cadence = Cadence::default();
    before.lead(&mut cadence, ms(620_000));
    assert_eq!(cadence.lock(), Lock::Coasting);
    let after = Sensor { phase: ms(90), is_there: |_| true };
    let back = after.published(cadence.next_read()) + PERIOD;
    (cadence, after, back)
}

#[test]
fn after_an_edge_of_the_pin_the_very_next_result_is_read_just_after_it_is_there() {
    let (mut cadence, sensor, back) = after_ten_empty_minutes();
    cadence.pin_changed(back);
    let now = cadence.next_read();
    assert_eq!((cadence.read_done(now, Some(&sensor.read(now))), now), (Freshness::New, back));
    assert_eq!(cadence.lock(), Lock::Locked);
    sensor.assert_read_just_after(&mut cadence, back + PERIOD);
}

#[test]
fn without_the_pin_the_first_change_after_long_begins_a_search_and_the_third_result_is_read_just_after_it_is_there()
 {
    let (mut cadence, sensor, _) = after_ten_empty_minutes();
    let seen = cadence.next_read();
    assert_eq!(cadence.read_done(seen, Some(&sensor.read(seen))), Freshness::New);
    assert_eq!(cadence.lock(), Lock::Searching, "of the phase alone: the period is kept");
    assert!(cadence.period().unwrap().abs_diff(PERIOD) < ms(2));
    let second = sensor.published(seen) + PERIOD;
    let reads = sensor.lead(&mut cadence, second + ms(15));
    assert!(reads <= 17, "{reads}");
    assert_eq!(cadence.lock(), Lock::Locked);
    assert!(cadence.published().unwrap().abs_diff(second) <= ms(10), "{:?}", cadence.published());
    sensor.assert_read_just_after(&mut cadence, second + PERIOD);
}

#[test]
fn an_edge_and_the_read_that_follows_it_are_one_change() {
    let sensor = Sensor { phase: ms(30), is_there: |at| at >= ms(1000) };
    let mut cadence = Cadence::default();
    let edge = sensor.published(ms(1000)) + PERIOD;
    sensor.lead(&mut cadence, edge);
    cadence.pin_changed(edge);
    sensor.lead(&mut cadence, edge + PERIOD * 4);
    let period = cadence.period().expect("three intervals are enough");
    assert!(period.abs_diff(PERIOD) < ms(5), "{period:?}");
}

#[test]
fn a_host_that_slept_for_an_hour_goes_on_with_the_period_it_knew_and_without_a_storm() {
    let sensor = Sensor { phase: ms(30), is_there: |_| true };
    let mut cadence = Cadence::default();
    sensor.lead(&mut cadence, ms(20_000));
    let awake = ms(3_620_000);
    cadence.read_done(awake, Some(&sensor.read(awake)));
    assert!(cadence.period().unwrap().abs_diff(PERIOD) < ms(2));
    let reads = sensor.lead(&mut cadence, awake + PERIOD * 20);
    assert!(reads <= 50, "{reads} reads in 20 periods");
    assert_eq!(cadence.lock(), Lock::Locked);
    sensor.assert_read_just_after(&mut cadence, sensor.published(awake) + PERIOD * 21);
}
