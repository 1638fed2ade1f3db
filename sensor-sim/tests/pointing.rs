//! Does a sensor that is turned see what stands where it looks?
//!
//! Held to an oracle in floating point, which turns the person's place with matrices and projects it.
#![cfg(feature = "std")]

use std::time::Duration;

use mlsensor::behavior::Direction;
use mlsensor::{Bounds, Faces};
use mlsensor_sim::{Assumptions, KeyPoint, Lens, Person, Scene, SimBus, SimSensor, Timeline, Walk};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

const fn degrees(pan: i32, tilt: i32) -> Direction {
    Direction::new(pan * 1000, tilt * 1000)
}

/// What a sensor of this lens that looks in this direction sees of one person.
fn seen(person: Person, direction: Direction, lens: Lens) -> Option<Bounds> {
    let mut assumptions = Assumptions::default();
    assumptions.lens = lens;
    let mut sensor = SimSensor::new().with_assumptions(assumptions);
    sensor.set_scene([person]);
    sensor.point(direction);
    sensor.advance(ms(200));
    let faces = Faces::parse(sensor.result()).unwrap();
    assert!(faces.count() <= 1);
    faces.iter().next().map(|face| face.bounds())
}

/// The middle of a face off the lens axis, in half fields, and its four edges in view units, not rounded.
struct Oracle {
    off: [f64; 2],
    edges: [f64; 4],
}

fn oracle(person: Person, direction: Direction, lens: Lens) -> Oracle {
    let [pan, tilt] =
        [direction.pan_millideg, direction.tilt_millideg].map(|a| f64::from(a).to_radians() / 1e3);
    let place = [person.right_mm, person.ahead_mm, person.eye_height_mm - 1400].map(f64::from);
    let times =
        |matrix: [[f64; 3]; 3], v: [f64; 3]| matrix.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2]);
    let about_the_vertical = [[pan.cos(), -pan.sin(), 0.0], [pan.sin(), pan.cos(), 0.0], [0.0, 0.0, 1.0]];
    let about_its_own_axis = [[1.0, 0.0, 0.0], [0.0, tilt.cos(), tilt.sin()], [0.0, -tilt.sin(), tilt.cos()]];
    let [right, ahead, up] = times(about_its_own_axis, times(about_the_vertical, place));
    let (bearing, elevation) = (right.atan2(ahead), up.atan2(right.hypot(ahead)));
    let line_of_sight = right.hypot(ahead).hypot(up);
    let edge = |angle: f64, half_field: f64| {
        let half_field = half_field.to_radians();
        let share = match lens {
            Lens::Equidistant => angle / half_field,
            _ => angle.clamp(-1.39, 1.39).tan() / half_field.tan(),
        };
        (127.5 + 127.5 * share).clamp(0.0, 255.0)
    };
    let (across, down) = ((75.0 / line_of_sight).atan(), (95.0 / line_of_sight).atan());
    Oracle {
        off: [bearing.to_degrees().abs() / 55.0, elevation.to_degrees().abs() / 41.25],
        edges: [
            edge(bearing - across, 55.0),
            edge(-elevation - down, 41.25),
            edge(bearing + across, 55.0),
            edge(-elevation + down, 41.25),
        ],
    }
}

#[test]
fn a_turned_sensor_agrees_with_floating_point_in_every_direction() {
    let (mut visible, mut hidden, mut worst) = (0, 0, 0.0_f64);
    let tilts = [-180, -120, -90, -60, -35, -20, -7, 0, 7, 20, 35, 60, 90, 120, 179];
    for (pan, tilt) in (-190..=190).step_by(19).flat_map(|pan| tilts.map(|tilt| (pan, tilt))) {
        for (bearing, distance_m) in (-180..180).step_by(24).flat_map(|b| [0.5, 1.2, 3.7].map(|d| (b, d))) {
            for eye_height_m in [0.4, 1.1, 1.4, 1.75, 3.0] {
                let person = Person::at(distance_m, f64::from(bearing)).with_eye_height(eye_height_m);
                let direction = Direction::new(pan * 1000 + 123, tilt * 1000);
                let oracle = oracle(person, direction, Lens::Equidistant);
                let at = format!("{pan} {tilt} {bearing} {distance_m} {eye_height_m}");
                match seen(person, direction, Lens::Equidistant) {
                    Some(bounds) => {
                        visible += 1;
                        assert!(oracle.off.iter().all(|off| *off <= 1.003), "{at}: {:?}", oracle.off);
                        let edges = [bounds.left(), bounds.top(), bounds.right(), bounds.bottom()];
                        for (edge, expected) in edges.into_iter().zip(oracle.edges) {
                            worst = worst.max((f64::from(edge) - expected).abs());
                        }
                        assert!(worst <= 0.75, "{at}: {edges:?}, expected {:?}", oracle.edges);
                    }
                    None => {
                        hidden += 1;
                        assert!(oracle.off.iter().any(|off| *off >= 0.997), "{at}: {:?}", oracle.off);
                    }
                }
            }
        }
    }
    println!("{visible} seen, {hidden} not, at most {worst} units off");
    assert!(visible > 4000 && hidden > 4000, "{visible} {hidden}");
}

#[test]
fn a_pinhole_lens_turns_as_well() {
    for (pan, tilt) in [(0, 0), (20, 0), (0, 15), (-30, -20), (45, 30)] {
        for bearing in [-40.0, -10.0, 0.0, 25.0, 50.0] {
            let person = Person::at(1.7, bearing).with_eye_height(1.9);
            let oracle = oracle(person, degrees(pan, tilt), Lens::Rectilinear);
            let bounds = seen(person, degrees(pan, tilt), Lens::Rectilinear);
            assert_eq!(bounds.is_some(), oracle.off.iter().all(|off| *off < 1.0), "{pan} {tilt} {bearing}");
            let edges =
                bounds.map_or(oracle.edges, |b| [b.left(), b.top(), b.right(), b.bottom()].map(f64::from));
            for (edge, expected) in edges.into_iter().zip(oracle.edges) {
                assert!(
                    (edge - expected).abs() <= 0.75,
                    "{pan} {tilt} {bearing}: {edge}, expected {expected}"
                );
            }
        }
    }
}

#[test]
fn pan_is_to_the_sensors_right_and_tilt_is_up() {
    let level = |bearing| Person::at(2.0, bearing).with_eye_height(1.4);
    let at = |person, direction| seen(person, direction, Lens::Equidistant).unwrap();
    assert_eq!(
        at(level(0.0), degrees(20, 0)).bearing_deg(),
        -20,
        "what is ahead moves to the left of the picture"
    );
    assert_eq!(at(level(30.0), degrees(30, 0)), at(level(0.0), Direction::AHEAD));
    assert_eq!(at(level(0.0), degrees(0, 20)).elevation_deg(), -20, "and down");
    assert_eq!(at(level(0.0), degrees(0, -20)).elevation_deg(), 20);
    // 45 degrees up, a metre away, and nearly straight above: found by looking up alone.
    let balcony = Person::at(1.0, 0.0).with_eye_height(2.4);
    assert_eq!(seen(balcony, Direction::AHEAD, Lens::Equidistant), None);
    assert!(at(balcony, degrees(0, 45)).elevation_deg().abs() <= 1);
}

#[test]
fn whoever_is_behind_a_turned_sensor_is_not_seen() {
    let near = Person::at(1.0, 0.0).with_eye_height(1.4);
    for pan in [56, 90, 124, 180, -56, -90, -180, 300] {
        assert_eq!(seen(near, degrees(pan, 0), Lens::Equidistant), None, "{pan}");
    }
    for tilt in [42, 90, 180, -42, -90, -180] {
        assert_eq!(seen(near, degrees(0, tilt), Lens::Equidistant), None, "{tilt}");
    }
    let behind = Person::at(1.0, 180.0).with_eye_height(1.4);
    assert!(seen(behind, degrees(180, 0), Lens::Equidistant).is_some());
}

#[test]
fn bearings_go_round() {
    let back_left = Person::at(2.0, -170.0);
    let expected = seen(back_left, degrees(-150, 0), Lens::Equidistant).unwrap();
    assert_eq!(expected.bearing_deg(), -20);
    for pan in [-150 - 720, -150 - 360, 210, 210 + 360] {
        assert_eq!(seen(back_left, degrees(pan, 0), Lens::Equidistant), Some(expected), "{pan}");
    }
    let other_way = seen(back_left, degrees(170, 0), Lens::Equidistant).unwrap();
    assert_eq!(other_way.bearing_deg(), 20);
    for tilt in [-360, 360, 720] {
        assert_eq!(seen(back_left, degrees(-150, tilt), Lens::Equidistant), Some(expected), "{tilt}");
    }
}

/// Over the top and half-way round is the same way ahead, upside down.
#[test]
fn a_sensor_that_is_tilted_over_the_top_sees_upside_down() {
    let person = Person::at(2.0, 15.0).with_eye_height(1.8);
    let upright = seen(person, Direction::AHEAD, Lens::Equidistant).unwrap();
    let over = seen(person, degrees(180, 180), Lens::Equidistant).unwrap();
    let mirrored = [255 - upright.right(), 255 - upright.bottom(), 255 - upright.left(), 255 - upright.top()];
    let edges = [over.left(), over.top(), over.right(), over.bottom()];
    assert!(edges.iter().zip(mirrored).all(|(edge, expected)| edge.abs_diff(expected) <= 1), "{edges:?}");
}

/// Of a head that is turned by this much, and of one that is nearer or further, the sensor makes the same as ever.
#[test]
fn turning_the_sensor_turns_no_head_and_moves_nobody() {
    for (heading, facing) in [(0.0, true), (20.0, true), (40.0, false)] {
        let mut ahead = SimSensor::new();
        ahead.set_scene([Person::at(3.3, 0.0).with_heading(heading)]);
        let mut aside = ahead.clone();
        aside.point(degrees(-35, 10));
        ahead.advance(ms(200));
        aside.advance(ms(200));
        let [ahead, aside] = [ahead, aside].map(|sensor| sensor.truth()[0].0);
        assert_eq!((ahead.is_facing(), aside.is_facing()), (facing, facing));
        assert_eq!(ahead.confidence(), aside.confidence(), "it goes by the distance");
        assert!(ahead.bounds().width().abs_diff(aside.bounds().width()) <= 1);
    }
}

/// Exposures at 0, 140, 280 and so on, each readable 200 ms later.
#[test]
fn a_turn_takes_effect_with_the_next_exposure() {
    let mut sensor = SimSensor::new();
    sensor.set_scene([Person::at(1.0, 0.0)]);
    sensor.advance(ms(150));
    sensor.point(degrees(90, 0));
    assert_eq!(sensor.direction(), degrees(90, 0));
    for (at, count) in [(200, 1), (340, 1), (479, 1), (480, 0)] {
        sensor.advance(ms(at) - sensor.now());
        assert_eq!(sensor.result()[4], count, "at {at} ms");
    }
}

#[test]
fn a_single_shot_looks_where_the_sensor_does_when_it_is_triggered() {
    let mut sensor = SimSensor::new();
    sensor.set_scene([Person::at(1.0, 90.0)]);
    assert!(sensor.write(&[0x01, 0x00]));
    sensor.point(degrees(90, 0));
    assert!(sensor.write(&[0x03, 0x00]));
    sensor.point(Direction::AHEAD);
    sensor.advance(ms(200));
    assert_eq!(sensor.result()[4], 1);
}

#[test]
fn timelines_stay_where_they_are_too() {
    let place = |bearing| Person::at(2.0, bearing).with_eye_height(1.4);
    let walk = Walk::new(vec![KeyPoint::new(ms(0), place(90.0)), KeyPoint::new(ms(9000), place(90.0))]);
    let mut sensor = SimSensor::new().with_timeline(Timeline::new(vec![walk]));
    sensor.advance(ms(1000));
    assert_eq!(sensor.result()[4], 0);
    sensor.point(degrees(100, -12));
    sensor.advance(ms(1000));
    let bounds = sensor.truth()[0].0.bounds();
    assert!(
        (-11..=-9).contains(&bounds.bearing_deg()) && (11..=13).contains(&bounds.elevation_deg()),
        "{bounds:?}"
    );
}

#[test]
fn the_loss_of_power_turns_nothing_and_shown_faces_are_shown_everywhere() {
    let (bus, sim) = SimBus::with_sensor(SimSensor::new());
    assert_eq!(sim.direction(), Direction::AHEAD);
    sim.set_scene([Person::at(1.0, 120.0)]);
    sim.point(degrees(120, 5));
    bus.advance(ms(1000));
    let before = sim.with(|sensor| *sensor.result());
    assert_eq!(before[4], 1);
    sim.power_off();
    assert_eq!(sim.direction(), degrees(120, 5));
    sim.power_on();
    bus.advance(ms(3000));
    assert_eq!(sim.direction(), degrees(120, 5));
    assert_eq!(sim.with(|sensor| *sensor.result()), before);

    sim.show_faces(Faces::parse(&before).unwrap());
    sim.point(degrees(-77, 40));
    bus.advance(ms(1000));
    assert_eq!(sim.with(|sensor| *sensor.result()), before);
}

#[test]
fn directions_and_people_at_the_ends_of_their_numbers_are_projected_without_a_panic() {
    let ends = [i32::MIN, -180_000, -90_000, -1, 0, 1, 90_000, 180_000, i32::MAX];
    let places = [i32::MIN, -1, 0, 1, i32::MAX];
    let mut people = Vec::new();
    for right_mm in places {
        for ahead_mm in places {
            for eye_height_mm in places {
                let mut person = Person::at(1.0, 0.0);
                (person.right_mm, person.ahead_mm, person.eye_height_mm) =
                    (right_mm, ahead_mm, eye_height_mm);
                people.push(person);
            }
        }
    }
    for lens in [Lens::Equidistant, Lens::Rectilinear] {
        for sensor_height_mm in places {
            let mut scene = Scene::from(people.clone());
            scene.sensor_height_mm = sensor_height_mm;
            let mut assumptions = Assumptions::default();
            assumptions.lens = lens;
            let mut sensor = SimSensor::new().with_assumptions(assumptions);
            sensor.set_scene(scene);
            let mut most = 0;
            for (pan, tilt) in ends.into_iter().flat_map(|pan| ends.map(|tilt| (pan, tilt))) {
                sensor.point(Direction::new(pan, tilt));
                sensor.advance(ms(140));
                most = most.max(sensor.result()[4]);
            }
            assert_eq!(most, 4, "there are many of them");
        }
    }
    // As far round as an i32 goes: 5965 turns and 83.648 degrees.
    let person = Person::at(1.0, -83.648);
    assert!(
        seen(person, Direction::new(i32::MIN, 0), Lens::Equidistant).is_some_and(|b| b.bearing_deg() == 0)
    );
}
