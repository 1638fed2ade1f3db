//! What a cadence makes of single moments: an edge of the pin, the first change after a long time, a host that slept.

use std::time::Duration;

use mlsensor::behavior::{Cadence, CadenceConfig, Freshness, Lock};
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

/// A cadence that has followed this sensor for twenty seconds.
fn locked() -> (Cadence, Sensor) {
    let sensor = Sensor { phase: ms(30), is_there: |_| true };
    let mut cadence = Cadence::default();
    sensor.lead(&mut cadence, ms(20_000));
    (cadence, sensor)
}

#[test]
fn a_read_that_starts_late_after_one_that_came_too_early_does_no_harm() {
    let (mut cadence, sensor) = locked();
    let mut late_reads = 0;
    while cadence.next_read() < ms(200_000) {
        let now = cadence.next_read();
        if cadence.read_done(now, Some(&sensor.read(now))) != Freshness::Repeated {
            continue;
        }
        let next = sensor.published(now) + PERIOD;
        if next - now > ms(20) {
            continue; // a look in between
        }
        // The host is busy when it is to be read once more.
        let late = cadence.next_read() + ms(70);
        assert_eq!(cadence.read_done(late, Some(&sensor.read(late))), Freshness::New);
        sensor.assert_read_just_after(&mut cadence, next + PERIOD);
        late_reads += 1;
    }
    assert!(late_reads >= 10, "{late_reads}");
}

#[test]
fn an_edge_whose_read_fails_is_read_once_more_at_once_and_not_again_and_again() {
    let (mut cadence, sensor, back) = after_ten_empty_minutes();
    cadence.pin_changed(back);
    assert_eq!(cadence.read_done(cadence.next_read(), None), Freshness::NoReading);
    assert_eq!(cadence.next_read(), back + ms(5));
    let mut failing = cadence.clone();
    let now = cadence.next_read();
    assert_eq!(cadence.read_done(now, Some(&sensor.read(now))), Freshness::New);
    assert_eq!((cadence.published(), cadence.lock()), (Some(back), Lock::Locked));
    sensor.assert_read_just_after(&mut cadence, back + PERIOD);
    let failed = |_: &usize| {
        failing.read_done(failing.next_read(), None);
        failing.next_read() < back + PERIOD * 10
    };
    assert!((0..).take_while(failed).count() <= 13);
}

#[test]
fn an_edge_after_which_nothing_is_new_costs_a_read_and_changes_nothing_else() {
    let (mut cadence, sensor) = locked();
    let read = |cadence: &mut Cadence| {
        let now = cadence.next_read();
        cadence.read_done(now, Some(&sensor.read(now)))
    };
    while read(&mut cadence) != Freshness::New {}
    let (latest, due, period) = (cadence.published(), cadence.next_read(), cadence.period());
    let stray = latest.unwrap() + ms(60);
    cadence.pin_changed(stray);
    assert_eq!(cadence.next_read(), stray);
    assert_eq!(read(&mut cadence), Freshness::Repeated);
    assert_eq!((cadence.period(), cadence.lock()), (period, Lock::Locked));
    assert!(cadence.next_read().abs_diff(due) < ms(2), "{:?} {due:?}", cadence.next_read());
}

#[test]
fn a_pin_that_picks_up_the_mains_is_hardly_heeded_until_it_tells_the_truth_again() {
    // Each 70 ms: every other edge is just after a publication, and what it says is true.
    for every in [ms(10), ms(30), ms(70), ms(1000)] {
        let (mut cadence, sensor) = locked();
        let (begin, end) = (sensor.published(ms(20_000)) + ms(1), ms(620_000));
        let (mut edge, mut reads, mut seen) = (begin, 0, Vec::new());
        let (mut is_heeded, mut in_vain) = (false, 0);
        while cadence.next_read() < end {
            if edge <= cadence.next_read() {
                cadence.pin_changed(edge);
                is_heeded |= cadence.published() == Some(edge);
                edge += every;
                continue;
            }
            let now = cadence.next_read();
            let freshness = cadence.read_done(now, Some(&sensor.read(now)));
            in_vain += usize::from(core::mem::take(&mut is_heeded) && freshness != Freshness::New);
            reads += 1;
            seen.push(sensor.published(now));
        }
        assert!(in_vain >= 7 && (in_vain - 7) * 32 <= reads - in_vain, "every {every:?}: {in_vain} in vain");
        seen.dedup();
        let inferences = (end - begin).as_millis() / PERIOD.as_millis();
        assert!(
            (reads as u128) * 10 < inferences * 12,
            "every {every:?}: {reads} reads of {inferences} inferences"
        );
        assert!(seen.len() as u128 >= inferences, "every {every:?}: {} of {inferences} seen", seen.len());
        assert!(
            cadence.period().unwrap().abs_diff(PERIOD) < ms(2),
            "every {every:?}: {:?}",
            cadence.period()
        );
        // A minute without: one edge is heeded again.
        sensor.lead(&mut cadence, end + ms(60_000));
        let edge = sensor.published(cadence.next_read()) - PERIOD / 2;
        cadence.pin_changed(edge.max(end + ms(60_000)));
        assert!(cadence.next_read() <= edge.max(end + ms(60_000)) + ms(5));
    }
}

/// Reads when it is due, until some time, and all of them fail; how many there were.
fn lead_in_vain(cadence: &mut Cadence, until: Duration) -> usize {
    let failed = |_: &usize| {
        cadence.read_done(cadence.next_read(), None);
        cadence.next_read() < until
    };
    (0..).take_while(failed).count() + 1
}

#[test]
fn a_sensor_that_falls_silent_in_a_search_is_soon_read_no_oftener_and_learned_as_soon_as_it_answers() {
    let sensor = Sensor { phase: ms(30), is_there: |_| true };
    for silent in [ms(300), ms(5_000), ms(20_000), ms(3_600_000)] {
        let mut cadence = Cadence::default();
        sensor.lead(&mut cadence, ms(200));
        assert!(cadence.lock() == Lock::Searching && cadence.next_read() < ms(220), "{cadence:?}");
        let reads = lead_in_vain(&mut cadence, ms(200) + silent);
        let (searching, once_a_period) = (100, silent.as_millis() / 140);
        assert!(reads as u128 <= searching + once_a_period + 2, "{reads} reads in {silent:?}");
        sensor.lead(&mut cadence, ms(200) + silent + PERIOD * 8);
        assert!(
            cadence.period().is_some_and(|found| found.abs_diff(PERIOD) < ms(5)),
            "{silent:?}: {cadence:?}"
        );
    }
}

#[test]
fn a_sensor_that_falls_silent_while_its_phase_is_looked_for_is_soon_read_once_in_the_period_that_is_kept() {
    let (mut cadence, sensor, _) = after_ten_empty_minutes();
    let back = cadence.next_read();
    assert_eq!(cadence.read_done(back, Some(&sensor.read(back))), Freshness::New);
    assert_eq!(cadence.lock(), Lock::Searching);
    let reads = lead_in_vain(&mut cadence, back + PERIOD * 100);
    assert!(reads <= 100 + 116, "{reads} reads in 100 periods");
    assert!(cadence.period().unwrap().abs_diff(PERIOD) < ms(2));
    sensor.lead(&mut cadence, back + PERIOD * 104);
    assert_eq!(cadence.lock(), Lock::Locked);
}

#[test]
fn a_search_in_which_too_few_reads_come_in_time_ends_and_another_one_is_soon_paid_for() {
    // A host that draws for so long after it was to read; one of whose reads two in three fail.
    for (late, fails) in [(ms(60), false), (ms(0), true)] {
        let sensor = Sensor { phase: ms(30), is_there: |_| true };
        let (mut cadence, end) = (Cadence::default(), ms(600_000));
        let (mut now, mut reads) = (ms(0), 0);
        while now < end {
            now = cadence.next_read().max(sensor.phase) + late;
            let is_answered = !fails || reads % 3 == 0;
            cadence.read_done(now, is_answered.then(|| sensor.read(now)).as_ref());
            reads += 1;
        }
        let allowed = 300.0 + 240.0 + 1.45 * end.as_secs_f64() / PERIOD.as_secs_f64();
        assert!(f64::from(reads) < allowed, "{reads} reads, late {late:?}");
        sensor.lead(&mut cadence, end + ms(340_000));
        let found = cadence.period();
        assert!(found.is_some_and(|found| found.abs_diff(PERIOD) < ms(2)), "late {late:?}: {found:?}");
    }
}

#[test]
fn where_a_period_may_be_long_a_search_may_be_as_well() {
    let mut cadence = Cadence::new(CadenceConfig::DEFAULT.with_slowest(ms(10_000)));
    let period = ms(8_000);
    while cadence.next_read() < period * 7 {
        let now = cadence.next_read();
        let bounds = Bounds::new(now.div_duration_f32(period) as u8, 0, 255, 255).unwrap();
        let faces = Faces::new(&[Face::new(bounds, 90, None, true).unwrap()]).unwrap();
        cadence.read_done(now, Some(&faces));
    }
    assert!(cadence.period().is_some_and(|found| found.abs_diff(period) < ms(20)), "{:?}", cadence.period());
}

#[test]
fn a_pin_that_picks_up_the_mains_where_no_sensor_answers_makes_no_storm() {
    for late in [ms(0), ms(15)] {
        let (mut cadence, sensor) = locked();
        let (begin, end) = (ms(20_000), ms(20_000) + PERIOD * 100);
        let (mut edge, mut reads) = (begin, 0);
        while cadence.next_read() < end {
            if edge <= cadence.next_read() {
                cadence.pin_changed(edge);
                edge += ms(10);
                continue;
            }
            let now = cadence.next_read() + late;
            cadence.read_done(now, None);
            edge = edge.max(now);
            reads += 1;
        }
        assert!(reads <= 116 + 2 * 7, "{reads} reads in 100 periods, late {late:?}");
        sensor.lead(&mut cadence, end + PERIOD * 8);
        assert_eq!(cadence.lock(), Lock::Locked);
    }
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
