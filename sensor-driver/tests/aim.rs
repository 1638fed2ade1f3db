//! What holds of `Aim` for any readings, times and settings.

use std::time::Duration;

use mlsensor::behavior::{
    Aim, AimConfig, AimState, AxisConfig, Choice, Direction, Mount, Sense, Servo, Tracker, WhenLost,
};
use mlsensor::{Bounds, Face, Faces, PersonId};
use proptest::prelude::*;

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A face of this width with its middle there, in view units.
fn face(x: u8, y: u8, width: u8) -> Face {
    let half = width / 2;
    let bounds = Bounds::new(
        x.saturating_sub(half),
        y.saturating_sub(half),
        x.saturating_add(half),
        y.saturating_add(half),
    );
    Face::new(bounds.unwrap(), 90, None, true).unwrap()
}

fn any_face() -> impl Strategy<Value = Face> {
    (any::<u8>(), any::<u8>(), any::<u8>()).prop_map(|(x, y, width)| face(x, y, width))
}

/// Mostly somebody who moves on a little, so that there is somebody to follow.
fn any_reading() -> impl Strategy<Value = Option<Faces>> {
    let anything = proptest::collection::vec(any_face(), 0..=4).prop_map(|faces| Faces::new(&faces).ok());
    let somebody = (0..40_u8, 100..130_u8).prop_map(|(x, y)| Faces::new(&[face(20 + 5 * x, y, 40)]).ok());
    prop_oneof![1 => Just(None), 2 => anything, 9 => somebody]
}

fn any_axis() -> impl Strategy<Value = AxisConfig> {
    let limit = || prop_oneof![3 => -180_000..=180_000, 1 => any::<i32>()];
    let dead_band = prop_oneof![3 => 0..10_000_u32, 1 => any::<u32>()];
    let slew = prop_oneof![3 => 0..500_000_u32, 1 => any::<u32>()];
    let bias = prop_oneof![3 => -10_000..10_000_i32, 1 => any::<i32>()];
    (limit(), limit(), any::<bool>(), bias, dead_band, slew).prop_map(
        |(min, max, is_reversed, bias, dead_band, slew)| {
            let sense = if is_reversed { Sense::Reversed } else { Sense::Normal };
            let axis = AxisConfig::DEFAULT.with_range(min, max).with_sense(sense).with_bias(bias);
            axis.with_dead_band(dead_band).with_slew(slew)
        },
    )
}

fn any_config() -> impl Strategy<Value = AimConfig> {
    let when_lost = (0..3000_u64).prop_flat_map(|after| {
        prop_oneof![
            Just(WhenLost::Hold),
            Just(WhenLost::Return(ms(after))),
            Just(WhenLost::Search(ms(after)))
        ]
    });
    let choice =
        prop_oneof![Just(Choice::Largest), Just(Choice::Nearest), Just(Choice::Person(PersonId::ALL[2]))];
    let rest = (any::<i32>(), any::<i32>()).prop_map(|(pan, tilt)| Direction::new(pan, tilt));
    (any_axis(), any_axis(), any::<bool>(), 0..2000_u64, when_lost, choice, rest).prop_map(
        |(pan, tilt, is_fixed, latency, when_lost, choice, rest)| {
            let mount = if is_fixed { Mount::Fixed } else { Mount::OnTheHead };
            let config = AimConfig::DEFAULT.with_pan(pan).with_tilt(tilt).with_mount(mount).with_rest(rest);
            config
                .with_latency(ms(latency), ms(latency / 4))
                .with_when_lost(when_lost)
                .with_choice(choice, ms(latency))
        },
    )
}

/// From call to call: how far time goes on, or back, in microseconds; and what was read, if anything.
fn any_history() -> impl Strategy<Value = Vec<(i64, Option<Option<Faces>>)>> {
    let way = prop_oneof![
        7 => 0..60_000_i64, 2 => 60_000..400_000_i64, 1 => -500_000..5_000_000_i64, 1 => Just(0)
    ];
    proptest::collection::vec((way, proptest::option::of(any_reading())), 1..200)
}

/// The limits as documented; those that are the wrong way round leave the axis at the lower one.
fn limits(axis: &AxisConfig) -> (i32, i32) {
    let (min, max) = (axis.min_millideg.clamp(-180_000, 180_000), axis.max_millideg.clamp(-180_000, 180_000));
    (min, if max < min { min } else { max })
}

fn moved_on(now: Duration, by_us: i64) -> Duration {
    let by = Duration::from_micros(by_us.unsigned_abs());
    if by_us < 0 { now.saturating_sub(by) } else { now + by }
}

fn commanded(axis: &AxisConfig, position: i32) -> i32 {
    let turned = if axis.sense == Sense::Reversed { position.saturating_neg() } else { position };
    turned.saturating_add(axis.bias_millideg)
}

proptest! {
    #[test]
    fn angles_stay_within_the_limits_and_below_the_slew_rate(config in any_config(), history in any_history()) {
        let (mut aim, mut tracker) = (Aim::new(config), Tracker::default());
        let (mut now, mut updated) = (Duration::from_secs(5), None);
        let mut before = aim.direction();
        for (by_us, read) in history {
            now = moved_on(now, by_us);
            if let Some(reading) = read {
                tracker.update_from(now, aim.view(now), reading.as_ref());
            }
            let angles = aim.update(now, &tracker);
            let after = aim.direction();
            let elapsed = updated.map_or(Duration::ZERO, |at| now.saturating_sub(at)).min(ms(100));
            updated = Some(now);
            let axes = [
                (config.pan, before.pan_millideg, after.pan_millideg, angles.pan_millideg),
                (config.tilt, before.tilt_millideg, after.tilt_millideg, angles.tilt_millideg),
            ];
            for (axis, from, to, angle) in axes {
                let (min, max) = limits(&axis);
                prop_assert!((min..=max).contains(&to), "{to} is not in {min}..={max}");
                let allowed = u128::from(axis.slew_millideg_per_s) * elapsed.as_micros() / 1_000_000;
                // What was left of the ways before may fill up a thousandth of a degree.
                let left = u128::from(elapsed > Duration::ZERO);
                prop_assert!(u128::from(from.abs_diff(to)) <= allowed + left, "{from} to {to} in {elapsed:?}");
                prop_assert_eq!(angle, commanded(&axis, to));
            }
            prop_assert_eq!(angles, aim.angles());
            before = after;
        }
    }

    #[test]
    fn blind_it_does_not_move(config in any_config(), history in any_history()) {
        let (mut aim, mut tracker) = (Aim::new(config), Tracker::default());
        let mut now = Duration::from_secs(5);
        let mut heard: Option<Duration> = None;
        for (by_us, read) in history {
            now = moved_on(now, by_us);
            if let Some(reading) = read {
                tracker.update_from(now, aim.view(now), reading.as_ref());
                heard = if reading.is_some() { Some(now) } else { heard };
            }
            let before = aim.direction();
            aim.update(now, &tracker);
            // Typed again from the tracker's documentation: nothing is known for so long without a reading.
            if heard.is_none_or(|heard| now.saturating_sub(heard) >= tracker.config().stale_after) {
                prop_assert_eq!(aim.state(), AimState::Blind);
            }
            if aim.state() == AimState::Blind {
                prop_assert_eq!(aim.direction(), before);
            }
        }
    }

    #[test]
    fn it_rests_while_somebody_stays_within_the_dead_band(
        // Aside, so that it turns to them: who stands at the edge of the dead band from the first would leave it.
        x in prop_oneof![30..100_u8, 155..225_u8],
        y in prop_oneof![60..100_u8, 155..195_u8],
        width in 12..80_u8,
        every in 100..300_u64,
        jitter in proptest::collection::vec((-1..=1_i8, -1..=1_i8), 100),
    ) {
        let config = AimConfig::DEFAULT.with_mount(Mount::Fixed);
        let config = config.with_tilt(config.tilt.with_range(-90_000, 90_000));
        let (mut aim, mut tracker) = (Aim::new(config), Tracker::default());
        let mut resting = None;
        for tick in 0..(every * 100 / 20) {
            let now = ms(20 * tick);
            let packet = (20 * tick / every) as usize;
            if packet != ((20 * tick).saturating_sub(20) / every) as usize || tick == 0 {
                // They stand still for the first three seconds.
                let (dx, dy) = if packet as u64 * every < 3000 { (0, 0) } else { jitter[packet] };
                let faces = Faces::new(&[face(x.saturating_add_signed(dx), y.saturating_add_signed(dy), width)]);
                tracker.update(now, faces.as_ref().ok());
            }
            aim.update(now, &tracker);
            if now >= ms(3000) {
                prop_assert_eq!(*resting.get_or_insert(aim.direction()), aim.direction());
            }
        }
        // It has come to rest on them, and not where it was before.
        let bounds = face(x, y, width).bounds();
        let at = Direction::new(bounds.bearing_millideg(), bounds.elevation_millideg());
        let off = |a: i32, b: i32| a.abs_diff(b);
        prop_assert!(off(at.pan_millideg, aim.direction().pan_millideg) <= 2_500);
        prop_assert!(off(at.tilt_millideg, aim.direction().tilt_millideg) <= 2_500);
    }

    #[test]
    fn a_view_is_where_the_head_pointed_one_latency_ago(
        latency in 0..600_u64,
        slew in 1_000..400_000_u32,
        steps in proptest::collection::vec(1_000..30_000_u64, 150),
    ) {
        // It searches from limit to limit: the most that it ever turns round.
        let axis = AxisConfig::DEFAULT.with_slew(slew).with_range(-3_000, 3_000);
        let config = AimConfig::DEFAULT.with_pan(axis).with_latency(ms(latency), Duration::ZERO);
        let mut aim = Aim::new(config.with_when_lost(WhenLost::Search(Duration::ZERO)));
        let mut tracker = Tracker::default();
        let mut now = Duration::ZERO;
        let mut pointed = vec![];
        for step_us in steps {
            now += Duration::from_micros(step_us);
            tracker.update(now, Some(&Faces::EMPTY));
            aim.update(now, &tracker);
            pointed.push((now, aim.direction().pan_millideg));
            let then = now.saturating_sub(ms(latency));
            let view = aim.view(now);
            prop_assert_eq!(view.uncertainty_millideg, 0);
            let Some(after) = pointed.iter().position(|(at, _)| *at >= then) else { continue };
            let near = &pointed[after.saturating_sub(1)..=after];
            let (low, high) = (near.iter().map(|n| n.1).min().unwrap(), near.iter().map(|n| n.1).max().unwrap());
            // Between notes, which are an eighth of the latency and a step apart, it is taken for a straight line.
            let apart_us = i64::try_from(latency).unwrap() * 1000 / 8 + 30_000;
            let speed = i64::from(slew.min(25_000));
            let slack = i32::try_from(speed * apart_us / 1_000_000).unwrap() + 10;
            let pan = view.direction.pan_millideg;
            prop_assert!((low - slack..=high + slack).contains(&pan), "{pan}, not {low}..={high} within {slack}");
        }
    }

    #[test]
    fn a_servo_never_gets_a_pulse_beyond_its_stops(
        angle in any::<i32>(),
        center in any::<u16>(),
        us_per_90_deg in any::<u16>(),
        stops in any::<(u16, u16)>(),
    ) {
        let (min, max) = (stops.0.min(stops.1), stops.0.max(stops.1));
        let servo = Servo::DEFAULT.with_pulses(center, us_per_90_deg).with_stops(min, max);
        let pulse = servo.pulse_us(angle);
        prop_assert!((min..=max).contains(&pulse));
        // The same in floating point; a tenth of a degree is as fine as it gets, and a full turn as far.
        let angle = f64::from(angle.clamp(-360_000, 360_000));
        let exact = f64::from(center) + angle / 90_000.0 * f64::from(us_per_90_deg);
        let exact = exact.clamp(f64::from(min), f64::from(max));
        let fineness = f64::from(us_per_90_deg) / 900.0 + 1.0;
        prop_assert!((f64::from(pulse) - exact).abs() <= fineness, "{pulse}, not {exact}");
    }
}
