//! How `Aim` moves, and what it remembers of that, in cases that can be worked out by hand.

use std::time::Duration;

use mlsensor::behavior::{Aim, AimConfig, AimState, AxisConfig, Direction, Mount, Sense, Tracker, WhenLost};
use mlsensor::{Bounds, Face, Faces};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A face that is 40 units wide with its middle there, in view units.
fn face(x: u8, y: u8) -> Face {
    let sides = [x.saturating_sub(20), y.saturating_sub(20), x.saturating_add(20), y.saturating_add(20)];
    let [left, top, right, bottom] = sides;
    Face::new(Bounds::new(left, top, right, bottom).unwrap(), 90, None, true).unwrap()
}

/// Shows somebody who moves by bearing (in view units from the left, by the time in ms), read each 140 ms, turned each
/// 20 ms; gives the pan at each turn.
fn follow(config: AimConfig, until_ms: u64, at: impl Fn(u64) -> u8) -> Vec<i32> {
    let (mut aim, mut tracker) = (Aim::new(config.with_mount(Mount::Fixed)), Tracker::default());
    let turn = |now_ms: u64| {
        if now_ms % 140 == 0 {
            tracker.update(ms(now_ms), Faces::new(&[face(at(now_ms), 128)]).as_ref().ok());
        }
        aim.update(ms(now_ms), &tracker);
        aim.direction().pan_millideg
    };
    (0..until_ms).step_by(20).map(turn).collect()
}

#[test]
fn who_sways_slowly_within_the_dead_band_does_not_move_it() {
    // By five units, 2.2 degrees, from where they stood at first; to and fro in 3 s.
    let sway = |now_ms: u64| 160 + ((now_ms % 3000).min(3000 - now_ms % 3000) * 5 / 1500) as u8;
    let pans = follow(AimConfig::DEFAULT, 60_000, |now_ms| if now_ms < 3000 { 160 } else { sway(now_ms) });
    assert!(pans[150] > 10_000, "it turned to them: {}", pans[150]);
    assert!(pans[150..].iter().all(|&pan| pan == pans[150]));
}

#[test]
fn who_walks_slowly_is_followed_without_a_stop() {
    // From side to side in 20 s, five degrees a second.
    let pans = follow(AimConfig::DEFAULT, 20_000, |now_ms| 10 + (now_ms * 230 / 20_000) as u8);
    let underway = &pans[100..];
    let stop = underway.windows(15).position(|pans| pans[0] == pans[14]);
    assert_eq!(stop, None, "it stood still for 300 ms");
}

#[test]
fn between_two_notes_of_the_past_is_a_straight_line() {
    let config =
        AimConfig::DEFAULT.with_latency(ms(160), Duration::ZERO).with_rest(Direction::new(-40_000, 0));
    let mut aim = Aim::new(config.with_when_lost(WhenLost::Search(Duration::ZERO)));
    let mut tracker = Tracker::default();
    for tick in 0..100 {
        tracker.update(ms(20 * tick), Some(&Faces::EMPTY));
        aim.update(ms(20 * tick), &tracker);
    }
    // 25 degrees a second.
    let pan = |now_ms| aim.view(ms(now_ms)).direction.pan_millideg;
    for later in 0..160 {
        let moved = pan(1980 + later) - pan(1980);
        assert!(moved.abs_diff(25 * later as i32) <= 2, "{later} ms later: {moved}");
    }
    // Behind the last note it is known to point where it pointed then.
    assert_eq!(pan(5000), aim.direction().pan_millideg);
}

#[test]
fn a_call_that_comes_late_moves_it_for_100_ms() {
    let config = AimConfig::DEFAULT.with_rest(Direction::new(-40_000, 0));
    let mut aim = Aim::new(config.with_when_lost(WhenLost::Search(Duration::ZERO)));
    let mut tracker = Tracker::default();
    for tick in 0..10 {
        tracker.update(ms(900 * tick), Some(&Faces::EMPTY));
        let before = aim.direction().pan_millideg;
        aim.update(ms(900 * tick), &tracker);
        let moved = aim.direction().pan_millideg - before;
        assert!(tick < 2 || moved == 2_500, "25 degrees a second, {moved}");
    }
}

#[test]
fn a_tracker_that_is_left_alone_makes_it_blind() {
    let (mut aim, mut tracker) = (Aim::default(), Tracker::default());
    tracker.update(ms(0), Some(&Faces::EMPTY));
    tracker.update(ms(900), Some(&Faces::EMPTY));
    let stale_after = tracker.config().stale_after;
    aim.update(ms(899) + stale_after, &tracker);
    assert_eq!(aim.state(), AimState::Holding);
    aim.update(ms(900) + stale_after, &tracker);
    assert_eq!(aim.state(), AimState::Blind);
}

#[test]
fn sense_and_bias_are_in_the_commands_alone() {
    let pan = AxisConfig::DEFAULT.with_sense(Sense::Reversed).with_bias(1_500);
    let aim = Aim::new(AimConfig::DEFAULT.with_pan(pan).with_rest(Direction::new(20_000, 10_000)));
    assert_eq!(aim.direction(), Direction::new(20_000, 10_000));
    assert_eq!(aim.angles(), Direction::new(-18_500, 10_000));
}

#[test]
fn the_uncertainty_of_a_view_is_the_way_made_within_the_uncertainty_of_the_time() {
    let config = AimConfig::DEFAULT.with_latency(ms(200), ms(40)).with_rest(Direction::new(-40_000, 0));
    let mut aim = Aim::new(config.with_when_lost(WhenLost::Search(Duration::ZERO)));
    let mut tracker = Tracker::default();
    for tick in 0..100 {
        tracker.update(ms(20 * tick), Some(&Faces::EMPTY));
        aim.update(ms(20 * tick), &tracker);
    }
    assert_eq!(aim.state(), AimState::Searching);
    // 25 degrees a second: 1 degree in 40 ms, 5 degrees in 200 ms.
    let view = aim.view(ms(1980));
    assert!(view.uncertainty_millideg.abs_diff(1_000) <= 10, "{view:?}");
    let ago = aim.direction().pan_millideg - view.direction.pan_millideg;
    assert!(ago.abs_diff(5_000) <= 10, "{ago}");
}

#[test]
fn what_the_tilt_does_makes_a_view_uncertain_too() {
    let config = AimConfig::DEFAULT.with_latency(ms(200), ms(40)).with_mount(Mount::OnTheHead);
    let mut aim = Aim::new(config.with_pan(AxisConfig::DEFAULT.with_range(0, 0)));
    let mut tracker = Tracker::default();
    for inference in 0..=3_u8 {
        let view = aim.view(ms(140 * u64::from(inference)));
        let faces = Faces::new(&[face(128 + inference % 2, 40)]).unwrap();
        tracker.update_from(ms(140 * u64::from(inference)), view, Some(&faces));
    }
    // 120 degrees a second: 4.8 degrees in 40 ms; half of the way up, 200 ms later.
    for now in (420..=740).step_by(20) {
        aim.update(ms(now), &tracker);
    }
    let view = aim.view(ms(740));
    assert_eq!(view.direction.pan_millideg, 0);
    assert!(view.uncertainty_millideg.abs_diff(4_800) <= 50, "{view:?} {:?}", aim.direction());
}

/// A busy loop: no call is so short after the one before that the way between is lost.
#[test]
fn however_often_it_is_called_it_turns_at_the_slew_rate() {
    for (every_ns, slew) in [(700, 120_000), (5_000, 90_000), (333_333, 1_001), (20_000_000, 120_000)] {
        let axis = AxisConfig::DEFAULT.with_slew(slew);
        let mut aim = Aim::new(AimConfig::DEFAULT.with_pan(axis).with_mount(Mount::Fixed));
        let mut tracker = Tracker::default();
        for inference in 0..=3_u8 {
            let faces = Faces::new(&[face(200 + inference % 2, 128)]).unwrap();
            tracker.update(ms(140 * u64::from(inference)), Some(&faces));
        }
        let (from, until) = (ms(420), ms(460));
        let mut now = from;
        while now <= until {
            aim.update(now, &tracker);
            now += Duration::from_nanos(every_ns);
        }
        let last = now - Duration::from_nanos(every_ns);
        let way = u128::from(slew) * (last - from).as_nanos() / 1_000_000_000;
        assert_eq!(u128::try_from(aim.direction().pan_millideg).unwrap(), way, "each {every_ns} ns");
    }
}

/// 18 degrees a second: what is read was seen 270 ms ago, and they are five degrees further.
#[test]
fn who_walks_is_met_where_they_are_and_not_where_they_were() {
    let bearing = |at_ms: u64| 60 + (at_ms * 42 / 1000) as u8;
    let pans = follow(AimConfig::DEFAULT, 3000, bearing);
    let behind: Vec<i32> = (80..pans.len())
        .map(|tick| {
            let middle = f64::from(60.0 + (tick as f32 * 20.0 + 270.0) * 0.042) - 127.5;
            (middle * 110_000.0 / 255.0) as i32 - pans[tick]
        })
        .collect();
    assert!(behind.iter().all(|behind| behind.abs() < 2000), "{behind:?}");
}

#[test]
fn a_search_is_no_faster_than_the_slew_limit() {
    let axis = AxisConfig::DEFAULT.with_slew(10_000);
    let config = AimConfig::DEFAULT.with_pan(axis).with_when_lost(WhenLost::Search(Duration::ZERO));
    let (mut aim, mut tracker) = (Aim::new(config), Tracker::default());
    for now in (0..=3000).step_by(20) {
        tracker.update(ms(now), Some(&Faces::EMPTY));
        let before = aim.direction().pan_millideg;
        aim.update(ms(now), &tracker);
        assert!(aim.direction().pan_millideg.abs_diff(before) <= 200);
    }
    assert_eq!(aim.state(), AimState::Searching);
    assert!(aim.direction().pan_millideg.abs() > 20_000);
}
