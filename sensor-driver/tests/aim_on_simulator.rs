//! The loop closed: the simulated sensor sits on the head that `Aim` turns, and what can be read is 200 ms old.

use std::time::Duration;

use mlsensor::Faces;
use mlsensor::behavior::{Aim, AimConfig, AxisConfig, Tracker};
use mlsensor_sim::{Detection, Person, SimSensor};

const TICK_MS: u64 = 10;

/// Somebody who is at this bearing (in degrees, by the time in seconds), 1.5 m away; the sensor is read each `every_ms`.
/// Gives where they are and where the head points at each tick, both in degrees.
fn run(config: AimConfig, seed: u64, every_ms: u64, bearing: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    // The tilt stays: this is about the pan.
    let config = config.with_tilt(AxisConfig::DEFAULT.with_range(0, 0));
    let (mut aim, mut tracker) = (Aim::new(config), Tracker::default());
    let mut sensor = SimSensor::new().with_detection(Detection::default()).with_seed(seed);
    let mut ticks = vec![];
    for tick in 0..2000 {
        let they_are = bearing(sensor.now().as_secs_f64());
        let points_to = f64::from(aim.direction().pan_millideg) / 1000.0;
        ticks.push((they_are, points_to));
        sensor.set_scene([Person::at(1.5, they_are - points_to)]);
        sensor.advance(Duration::from_millis(TICK_MS));
        if tick * TICK_MS % every_ms == 0 {
            let reading = Faces::parse(sensor.result());
            tracker.update_from(sensor.now(), aim.view(sensor.now()), reading.as_ref().ok());
        }
        aim.update(sensor.now(), &tracker);
    }
    ticks
}

/// How often the head changes its direction.
fn turns(ticks: &[(f64, f64)]) -> usize {
    let ways: Vec<f64> =
        ticks.windows(2).map(|pair| pair[1].1 - pair[0].1).filter(|way| *way != 0.0).collect();
    ways.windows(2).filter(|pair| pair[0].signum() != pair[1].signum()).count()
}

const SECOND: usize = 1000 / TICK_MS as usize;

fn every_run(config: AimConfig, bearing: impl Fn(f64) -> f64 + Copy, check: impl Fn(&[(f64, f64)])) {
    for seed in 0..10 {
        for every_ms in [10, 50, 100, 200] {
            check(&run(config, seed, every_ms, bearing));
        }
    }
}

#[test]
fn it_turns_to_who_stands_aside_and_does_not_hunt() {
    every_run(
        AimConfig::DEFAULT,
        |_| 35.0,
        |ticks| {
            println!("aside {} turns", turns(ticks));
            assert!(turns(ticks) <= 4, "{} turns", turns(ticks));
            let settled = &ticks[3 * SECOND..];
            assert!(settled.iter().all(|(they_are, points_to)| (they_are - points_to).abs() <= 5.0));
        },
    );
}

#[test]
fn it_keeps_up_with_who_walks_and_does_not_swing_past_who_stops() {
    // 15 degrees a second from 4 s to 8 s.
    let walk = |now: f64| -30.0 + 15.0 * (now - 4.0).clamp(0.0, 4.0);
    every_run(AimConfig::DEFAULT, walk, |ticks| {
        let worst = |from: usize, to: usize| {
            let off = ticks[from * SECOND..to * SECOND]
                .iter()
                .map(|(they_are, points_to)| (they_are - points_to).abs());
            off.fold(0.0, f64::max)
        };
        println!(
            "walking {:.1}, stopping {:.1}, after {:.1}, {} turns",
            worst(5, 8),
            worst(8, 10),
            worst(10, 20),
            turns(ticks)
        );
        assert!(worst(5, 8) <= 10.0 && worst(8, 10) <= 12.0 && worst(10, 20) <= 5.0);
        // It does not go back and forth with each packet.
        let underway = turns(&ticks[5 * SECOND..8 * SECOND]);
        assert!(underway <= 2, "{underway} turns while they walk");
    });
}

/// The proof that the loop can tell: a head that takes every picture for what it sees now swings past by far. (At 40 degrees a
/// second: on a faster swing the faces jump so far that the tracker takes them for somebody else's.)
#[test]
fn without_compensation_the_same_loop_swings_past() {
    let furthest = |config: AimConfig| {
        let config = config.with_pan(AxisConfig::DEFAULT.with_slew(40_000));
        let ticks = (0..5).flat_map(|seed| run(config, seed, 50, |_| 35.0));
        ticks.map(|(_, points_to)| points_to).fold(0.0, f64::max)
    };
    let with = furthest(AimConfig::DEFAULT);
    let without = furthest(AimConfig::DEFAULT.with_latency(Duration::ZERO, Duration::ZERO));
    println!("to 35 degrees: with {with:.1}, without {without:.1}");
    assert!(with < 38.0 && without > 43.0, "{with} and {without}");
}
