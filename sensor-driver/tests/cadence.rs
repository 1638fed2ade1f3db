//! Is each inference read once, and soon, at any rate that a sensor may have?
//!
//! The sensor is a model of its own: publications with jitter, drift and changes of the rate, and a content that
//! always, sometimes or never differs. `cargo test --test cadence -- --nocapture` prints the figures.

mod cadence_model;

use cadence_model::{Figures, Host, Read, Stretch, measure, publications, run, steady};
use std::time::Duration;

use mlsensor::behavior::{Cadence, Freshness, Lock};
use mlsensor::{Bounds, Face, Faces};

const PLAIN: Host = Host { pin: false, fails: 0.0, late: 0.0 };
/// Chance on which nothing was tuned.
const HELD_OUT: std::ops::Range<u64> = 1000..1012;
const RATES_HZ: [u32; 9] = [3, 4, 5, 6, 7, 10, 13, 16, 20];

fn period_ms(rate_hz: u32) -> f64 {
    1000.0 / f64::from(rate_hz)
}

/// The goal for a scene in which every result differs.
fn assert_goal(figures: &Figures, what: &str) {
    assert_eq!(figures.missed, 0, "{what}: {figures}");
    assert!(figures.mean_age_ms() <= 15.0, "{what}: {figures}");
    assert!(figures.worst_mean_age_ms <= 20.0, "{what}: {figures}");
    assert!(figures.reads_per_inference() <= 1.3, "{what}: {figures}");
    assert!(figures.worst_reads <= 1.33, "{what}: {figures}");
}

#[test]
fn in_steady_state_data_is_young_and_no_inference_is_missed() {
    for rate_hz in RATES_HZ {
        for jitter in [0.0, 0.05] {
            let figures = measure(&[steady(period_ms(rate_hz), jitter)], (10.0, 310.0), PLAIN, HELD_OUT);
            let what = format!("{rate_hz:2} Hz, jitter {jitter:4.2}");
            println!("{what}: {figures}");
            assert_goal(&figures, &what);
            assert!(jitter > 0.0 || figures.worst_mean_age_ms < 5.0, "{what}: {figures}");
        }
    }
}

#[test]
fn slow_drift_is_followed() {
    for rate_hz in RATES_HZ {
        for (jitter, drift) in [(0.0, 0.01), (0.05, 0.01), (0.0, -0.01), (0.05, -0.01)] {
            let stretch = Stretch { drift, ..steady(period_ms(rate_hz), jitter) };
            let figures = measure(&[stretch], (10.0, 190.0), PLAIN, HELD_OUT);
            let what = format!("{rate_hz:2} Hz, jitter {jitter:4.2}, drift {drift:5.2} a minute");
            println!("{what}: {figures}");
            assert_goal(&figures, &what);
        }
    }
}

#[test]
fn with_large_jitter_data_is_older_but_reads_stay_few() {
    for rate_hz in RATES_HZ {
        for jitter in [0.10, 0.15, 0.25] {
            let figures = measure(&[steady(period_ms(rate_hz), jitter)], (10.0, 190.0), PLAIN, 0..8);
            println!("{rate_hz:2} Hz, jitter {jitter:4.2}: {figures}");
            assert!(figures.mean_age_ms() <= 2.0 + period_ms(rate_hz) * jitter, "{figures}");
            let limit = if jitter < 0.2 { 1.36 } else { 1.7 }; // beyond, a new rate cannot be told from jitter
            assert!(figures.reads_per_inference() <= limit, "{figures}");
            assert!(figures.missed * 100 <= figures.inferences, "{figures}");
        }
    }
}

#[test]
fn the_period_is_found_within_six_inferences() {
    for rate_hz in RATES_HZ {
        for seed in 0..24 {
            let all = publications(&[steady(period_ms(rate_hz), 0.05)], 10.0, seed);
            let reads = run(&all, PLAIN, seed);
            let locked = reads.iter().find(|read| read.lock == Lock::Locked).expect("it locks");
            let limit_ms = 140.0 + 6.0 * period_ms(rate_hz);
            assert!((locked.at_us as f64) < limit_ms * 1e3, "{rate_hz} Hz: after {} us", locked.at_us);
            let found_ms = locked.period.expect("known").as_secs_f64() * 1e3;
            let off = (found_ms / period_ms(rate_hz) - 1.0).abs();
            assert!(off < 0.2, "{rate_hz} Hz: {found_ms} ms");
        }
    }
}

#[test]
fn a_sudden_change_of_the_rate_is_found() {
    // Recognition on and off, other boards, small steps, halves and doubles.
    let switches_ms = [
        (140.0, 265.0),
        (265.0, 140.0),
        (140.0, 50.0),
        (50.0, 140.0),
        (140.0, 127.0),
        (140.0, 160.0),
        (333.0, 100.0),
        (100.0, 200.0),
        (200.0, 100.0),
        (140.0, 145.0),
    ];
    for (before, after) in switches_ms {
        for jitter in [0.0, 0.05] {
            let switch = [steady(before, jitter), Stretch { from_s: 20.0, ..steady(after, jitter) }];
            let what = format!("{before} -> {after} ms, jitter {jitter:4.2}");
            let at_first = measure(&switch, (20.0, 26.0), PLAIN, 0..16);
            println!("{what}: the first 6 s: {at_first}");
            assert!(at_first.worst_reads < 8.0, "{what}: {at_first}");
            let later = measure(&switch, (40.0, 80.0), PLAIN, 0..16);
            println!("{what}: after 20 s:    {later}");
            assert_eq!(later.missed, 0, "{what}: {later}");
            assert!(later.mean_age_ms() <= 15.0, "{what}: {later}");
            assert!(later.reads_per_inference() <= 1.32, "{what}: {later}");
        }
    }
}

/// Somebody is there, then nobody for `gap_s`, then somebody again.
fn gone_for(gap_s: f64, period_ms: f64, jitter: f64) -> ([Stretch; 3], f64) {
    let there = steady(period_ms, jitter);
    let empty = Stretch { from_s: 20.0, changes: 0.0, ..there };
    let back_s = 20.0 + gap_s;
    ([there, empty, Stretch { from_s: back_s, ..there }], back_s)
}

#[test]
fn an_empty_room_is_read_once_a_period_and_who_comes_back_is_followed_at_once() {
    for rate_hz in [3, 7, 20] {
        for jitter in [0.0, 0.05] {
            for gap_s in [3.0, 60.0, 600.0] {
                let period_ms = period_ms(rate_hz);
                let (stretches, back_s) = gone_for(gap_s, period_ms, jitter);
                for pin in [false, true] {
                    let host = Host { pin, ..PLAIN };
                    let figures = |span| measure(&stretches, span, host, 0..8);
                    let periods = |count: f64| count * period_ms / 1e3;
                    let empty = figures((20.0 + 2.0, back_s));
                    let first = figures((back_s, back_s + periods(1.5)));
                    let next = figures((back_s + periods(3.0), back_s + periods(10.0)));
                    let what = format!("{rate_hz:2} Hz, jitter {jitter:4.2}, {gap_s:3} s empty, pin {pin}");
                    println!("{what}: empty: {empty}");
                    println!("{what}: first: {first}");
                    println!("{what}: next:  {next}");
                    assert!(gap_s < 60.0 || empty.reads_per_inference() <= 1.03, "{what}: {empty}");
                    assert!(next.mean_age_ms() <= 4.0 + 0.07 * period_ms, "{what}: {next}");
                    if pin && gap_s > 3.0 {
                        assert!(first.mean_age_ms() <= 1.0 + 0.05 * period_ms, "{what}: {first}");
                    }
                }
            }
        }
    }
}

#[test]
fn in_a_room_that_was_always_empty_there_is_one_read_each_140_ms() {
    let empty = Stretch { changes: 0.0, ..steady(140.0, 0.05) };
    let reads = run(&publications(&[empty], 60.0, 1), PLAIN, 1);
    assert!(reads.windows(2).all(|two| (140_000..140_300).contains(&(two[1].at_us - two[0].at_us))));
    assert!(reads.iter().all(|read| read.lock == Lock::Searching && read.period.is_none()));
    assert!(reads.iter().skip(1).all(|read| read.freshness == Freshness::Presumed));
}

#[test]
fn results_equal_to_the_one_before_make_no_storm_of_reads() {
    for rate_hz in [5, 7, 20] {
        for jitter in [0.0, 0.05] {
            for changes in [0.9, 0.5, 0.2, 0.02] {
                let stretch = Stretch { changes, ..steady(period_ms(rate_hz), jitter) };
                let figures = measure(&[stretch], (60.0, 360.0), PLAIN, 0..8);
                println!("{rate_hz:2} Hz, jitter {jitter:4.2}, {changes:4.2} change: {figures}");
                assert!(figures.reads_per_inference() < 1.8, "{changes}: {figures}");
                assert!(figures.worst_reads < 2.4, "{changes}: {figures}");
                assert!(changes < 0.9 || figures.mean_age_ms() < 0.25 * period_ms(rate_hz), "{figures}");
            }
        }
    }
}

/// The part of the time in which there is a period and it is below 0.7 of the true one.
fn time_in_a_fraction(reads: &[Read], period_ms: f64) -> f64 {
    let is_fraction =
        |read: &Read| read.period.is_some_and(|period| period.as_secs_f64() * 1e3 < 0.7 * period_ms);
    let after = reads.windows(2).filter(|two| is_fraction(&two[0]));
    let time: u64 = after.map(|two| two[1].at_us - two[0].at_us).sum();
    time as f64 / (reads[reads.len() - 1].at_us - reads[0].at_us) as f64
}

#[test]
fn for_hours_in_which_many_results_equal_the_one_before_reads_stay_few_and_no_fraction_is_taken_for_the_period()
 {
    for (rate_hz, changes) in
        [(3, 0.7), (3, 0.5), (5, 0.7), (5, 0.5), (5, 0.3), (7, 0.7), (7, 0.5), (7, 0.3), (7, 0.2)]
    {
        let stretch = Stretch { changes, ..steady(period_ms(rate_hz), 0.05) };
        let (mut figures, mut fraction) = (Figures::default(), 0.0);
        for seed in 1000..1003 {
            let all = publications(&[stretch], 3600.0, seed);
            let reads = run(&all, PLAIN, seed);
            figures.add(&all, &reads, 20.0, 3600.0);
            fraction += time_in_a_fraction(&reads, period_ms(rate_hz)) / 3.0;
        }
        println!("{rate_hz} Hz, {changes:4.2} change: {figures}, {:.1} % in a fraction", 100.0 * fraction);
        assert!(figures.reads_per_inference() <= 1.5, "{rate_hz} Hz, {changes}: {figures}");
        assert!(figures.worst_reads <= 1.55, "{rate_hz} Hz, {changes}: {figures}");
        assert!(fraction <= 0.05, "{rate_hz} Hz, {changes}: {fraction}");
    }
}

#[test]
fn in_ten_hours_there_are_no_more_than_the_reads_that_are_promised_for_the_periods_believed_in() {
    for (period_ms, changes) in [(333.3, 0.5), (250.0, 0.7)] {
        let stretch = Stretch { changes, ..steady(period_ms, 0.05) };
        let reads = run(&publications(&[stretch], 36_000.0, 3), PLAIN, 3);
        let believed = |two: &[Read]| {
            let period = two[0].period.unwrap_or(ms(140));
            (two[1].at_us - two[0].at_us) as f64 / 1e6 / period.as_secs_f64()
        };
        let believed: f64 = reads.windows(2).map(believed).sum();
        let limit = 8.0 + 300.0 + 1.45 * believed;
        println!("{period_ms} ms: {} reads, {:.3} a period", reads.len(), reads.len() as f64 / believed);
        assert!(reads.len() > 140_000 && (reads.len() as f64) < limit, "{} of {limit}", reads.len());
    }
}

#[test]
fn one_inference_in_fifty_that_takes_half_as_long_again_does_not_unseat_it() {
    for rate_hz in [3, 5, 7, 10] {
        let stretch = Stretch { odd: 0.02, ..steady(period_ms(rate_hz), 0.03) };
        let figures = measure(&[stretch], (20.0, 3600.0), PLAIN, 1000..1004);
        println!("{rate_hz:2} Hz: {figures}");
        assert!(figures.reads_per_inference() <= 1.42, "{rate_hz} Hz: {figures}");
        assert!(figures.mean_age_ms() <= 4.0 + 0.08 * period_ms(rate_hz), "{rate_hz} Hz: {figures}");
        assert!(figures.missed * 500 <= figures.inferences, "{rate_hz} Hz: {figures}");
    }
}

#[test]
fn a_rate_that_falls_to_a_seventh_is_found() {
    let switch = [steady(50.0, 0.05), Stretch { from_s: 32.0, ..steady(333.0, 0.05) }];
    for seed in 0..40 {
        let reads = run(&publications(&switch, 60.0, seed), PLAIN, seed);
        let last = reads[reads.len() - 1];
        assert!(last.period.is_some_and(|period| period.abs_diff(ms(333)) < ms(25)), "{seed}: {last:?}");
    }
}

#[test]
fn failed_and_late_reads_do_not_spoil_the_lock() {
    for rate_hz in [3, 5, 7] {
        for jitter in [0.0, 0.05] {
            for (fails, late) in [(0.1, 0.0), (0.0, 0.05)] {
                let host = Host { pin: false, fails, late };
                let stretch = steady(period_ms(rate_hz), jitter);
                let figures = measure(&[stretch], (10.0, 130.0), host, 0..8);
                println!("{rate_hz:2} Hz, jitter {jitter:4.2}, {fails} fail, {late} late: {figures}");
                assert!(figures.missed * 500 <= figures.inferences, "{figures}");
                assert!(figures.mean_age_ms() <= 20.0, "{figures}");
                assert!(figures.reads_per_inference() <= 1.5, "{figures}");
            }
        }
    }
}

#[test]
fn what_is_called_fresh_is_about_one_reading_an_inference() {
    for rate_hz in RATES_HZ {
        let figures = measure(&[steady(period_ms(rate_hz), 0.05)], (10.0, 130.0), PLAIN, 0..8);
        let off = figures.fresh.abs_diff(figures.inferences);
        assert!(off * 200 <= figures.inferences, "{rate_hz} Hz: {} fresh, {figures}", figures.fresh);
    }
}

fn faces(left: u8) -> Faces {
    let bounds = Bounds::new(left, 0, 200, 200).unwrap();
    Faces::new(&[Face::new(bounds, 90, None, true).unwrap()]).unwrap()
}

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[test]
fn the_first_read_is_due_at_once_and_new() {
    let mut cadence = Cadence::default();
    assert_eq!(cadence.next_read(), Duration::ZERO);
    assert_eq!(cadence.read_done(ms(5000), None), Freshness::NoReading);
    assert_eq!(cadence.next_read(), ms(5140));
    assert_eq!(cadence.read_done(ms(5140), Some(&Faces::EMPTY)), Freshness::New);
    assert_eq!(cadence.read_done(ms(5280), Some(&Faces::EMPTY)), Freshness::Presumed);
    assert_eq!(cadence.read_done(ms(5420), None), Freshness::NoReading);
    assert_eq!(cadence.read_done(ms(5560), Some(&faces(1))), Freshness::New);
    assert_eq!(cadence.next_read(), ms(5570), "something changes: now it can be learned");
    assert_eq!((cadence.period(), cadence.lock()), (None, Lock::Searching));
}

#[test]
fn an_edge_of_the_pin_is_read_at_once_but_never_too_soon_after_a_read() {
    let mut cadence = Cadence::default();
    cadence.read_done(ms(1000), Some(&Faces::EMPTY));
    cadence.pin_changed(ms(1050));
    assert_eq!((cadence.next_read(), cadence.published()), (ms(1050), Some(ms(1050))));
    assert_eq!(cadence.read_done(ms(1050), Some(&faces(1))), Freshness::New);
    cadence.pin_changed(ms(1052)); // bouncing
    assert_eq!(cadence.published(), Some(ms(1050)));
    cadence.read_done(ms(1060), Some(&faces(1)));
    cadence.pin_changed(ms(1062));
    assert_eq!((cadence.next_read(), cadence.published()), (ms(1065), Some(ms(1062))));
}

#[test]
fn a_sensor_that_no_longer_answers_is_read_once_a_period_which_is_kept() {
    let all = publications(&[steady(140.0, 0.0)], 10.0, 1);
    let reads = run(&all, PLAIN, 1);
    let period = reads.last().and_then(|read| read.period);
    let mut cadence = cadence_model::cadence_after(&all, PLAIN, 1);
    let begin = cadence.next_read();
    let mut count = 0;
    while cadence.next_read() < begin + Duration::from_secs(14) {
        assert_eq!(cadence.read_done(cadence.next_read(), None), Freshness::NoReading);
        count += 1;
    }
    assert!((100..=116).contains(&count), "{count} reads in 100 periods");
    assert_eq!((cadence.period(), cadence.lock()), (period, Lock::Coasting));
}
