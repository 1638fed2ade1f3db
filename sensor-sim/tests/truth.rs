//! Does the simulator tell the truth about its results: who is behind each face, and when the picture was taken?

use std::collections::BTreeSet;
use std::time::Duration;

use mlsensor::{Face, Faces};
use mlsensor_sim::{Assumptions, Detection, KeyPoint, Person, SimSensor, Timeline, Walk};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn who(sensor: &SimSensor) -> Vec<Option<u32>> {
    sensor.truth().into_iter().map(|(_, who)| who).collect()
}

fn send(sensor: &mut SimSensor, pair: [u8; 2]) {
    assert!(sensor.write(&pair), "{pair:02x?}");
}

/// Five who stand where they can be told apart by their bearings alone: -40, -20, 0, 20 and 40 degrees.
fn five() -> Vec<Person> {
    let distances_m = [1.6, 0.8, 2.4, 1.2, 2.0];
    let places = distances_m.into_iter().zip([-40.0, -20.0, 0.0, 20.0, 40.0]);
    places.zip(1..).map(|((metres, bearing), who)| Person::at(metres, bearing).known_as(who)).collect()
}

/// Which of the five a face must be, by where it is.
fn by_bearing(face: &Face) -> u32 {
    let nearest = (f64::from(face.bounds().bearing_millideg()) / 20_000.0).round();
    (nearest + 3.0) as u32
}

#[test]
fn the_truth_has_the_faces_of_the_packet_in_its_order_whatever_is_assumed() {
    let (mut looked, mut seen) = (0, BTreeSet::new());
    for (question, mut assumptions) in Assumptions::alternatives() {
        if question.field == "lens" {
            assumptions.lens = Assumptions::default().lens; // the bearings are those of the default
        }
        let mut sensor = SimSensor::new().with_assumptions(assumptions);
        let mut detection = Detection::default();
        detection.false_burst_per_million = 0;
        sensor = sensor.with_detection(detection).with_seed(3);
        sensor.set_scene(five());
        sensor.advance(ms(100));
        send(&mut sensor, [0x02, 0x01]);
        send(&mut sensor, [0x04, 0x00]);
        sensor.advance(ms(200));
        for _ in 0..100 {
            sensor.advance(ms(100));
            let faces = Faces::parse(sensor.result()).unwrap();
            let truth = sensor.truth();
            assert!(truth.iter().map(|(face, _)| face).eq(faces.iter()), "{}", question.field);
            for (face, who) in truth {
                assert_eq!(who, Some(by_bearing(&face)), "{}: {face:?}", question.field);
                seen.extend(who);
                looked += 1;
            }
        }
    }
    assert!(looked > 10_000, "{looked}");
    assert_eq!(seen, (1..=5).collect());
}

#[test]
fn nobody_is_behind_a_false_face() {
    let mut detection = Detection::ideal();
    (detection.false_burst_per_million, detection.false_burst_inferences) = (300_000, [2, 3]);
    let mut sensor = SimSensor::new().with_detection(detection);
    sensor.set_scene([Person::at(1.0, 0.0).known_as(4)]);
    let real = {
        let mut alone = SimSensor::new();
        alone.set_scene([Person::at(1.0, 0.0)]);
        alone.advance(ms(200));
        alone.truth()[0].0.bounds()
    };
    let mut false_faces = 0;
    sensor.advance(ms(60));
    for _ in 0..500 {
        sensor.advance(ms(140));
        for (face, who) in sensor.truth() {
            assert_eq!(who, (face.bounds() == real).then_some(4));
            false_faces += usize::from(who.is_none());
        }
    }
    assert!(false_faces > 100, "{false_faces}");
}

#[test]
fn both_halves_of_a_head_that_is_seen_twice_are_of_one_person() {
    let mut detection = Detection::ideal();
    (detection.split_permille, detection.turned_from_deg) = (1000, 20);
    let mut sensor = SimSensor::new().with_detection(detection);
    sensor.set_scene([Person::at(1.0, 0.0).known_as(4).with_heading(21.0)]);
    sensor.advance(ms(200));
    let halves: Vec<_> = (0..50)
        .map(|_| {
            sensor.advance(ms(140));
            who(&sensor)
        })
        .collect();
    assert!(halves.iter().filter(|who| **who == [Some(4), Some(4)]).count() > 40, "{halves:?}");
}

#[test]
fn faces_that_are_shown_as_they_are_have_nobody_behind_them() {
    let mut shown = SimSensor::new();
    shown.set_scene([Person::at(1.0, -20.0).known_as(1), Person::at(2.0, 20.0).known_as(2)]);
    shown.advance(ms(200));
    let faces = Faces::parse(shown.result()).unwrap();
    shown.show_faces(faces);
    shown.advance(ms(500));
    assert_eq!(who(&shown), [None, None]);
    assert!(shown.truth().iter().map(|(face, _)| face).eq(faces.iter()));
}

/// Exposures at 0, 140, 280 and so on, each readable 200 ms later; the second person comes at 300 ms.
#[test]
fn what_is_in_flight_is_not_told() {
    let walk = |who, from, to| {
        let person = Person::at(1.0, 0.0).known_as(who);
        Walk::new(vec![KeyPoint::new(ms(from), person), KeyPoint::new(ms(to), person)])
    };
    let mut sensor = SimSensor::new().with_timeline(Timeline::new(vec![walk(1, 0, 299), walk(2, 300, 9000)]));
    for at in 0..2000 {
        let published = (at >= 200).then(|| (at - 200) / 140 * 140);
        assert_eq!(sensor.exposed_at(), published.map(ms), "at {at} ms");
        assert_eq!(sensor.published_at(), published.map(|exposed| ms(exposed + 200)), "at {at} ms");
        let expected: Vec<_> =
            published.map(|exposed| Some(if exposed < 300 { 1 } else { 2 })).into_iter().collect();
        assert_eq!(who(&sensor), expected, "at {at} ms");
        sensor.advance(ms(1));
    }
}

#[test]
fn a_single_shot_is_exposed_when_it_is_triggered() {
    let mut sensor = SimSensor::new();
    sensor.set_scene([Person::at(1.0, 0.0).known_as(1)]);
    sensor.advance(ms(1000));
    send(&mut sensor, [0x01, 0x00]);
    sensor.advance(ms(5000));
    assert_eq!((sensor.exposed_at(), sensor.published_at()), (Some(ms(700)), Some(ms(900))));
    send(&mut sensor, [0x03, 0x00]);
    sensor.set_scene([]);
    sensor.advance(ms(199));
    assert_eq!(sensor.exposed_at(), Some(ms(700)));
    sensor.advance(ms(1));
    assert_eq!((sensor.exposed_at(), sensor.published_at()), (Some(ms(6000)), Some(ms(6200))));
    assert_eq!(who(&sensor), [Some(1)]);
}

#[test]
fn the_time_of_recognition_is_between_exposure_and_result() {
    let mut sensor = SimSensor::new();
    sensor.set_scene([Person::at(1.0, 0.0).known_as(1)]);
    send(&mut sensor, [0x02, 0x01]);
    send(&mut sensor, [0x04, 0x00]);
    sensor.advance(ms(2000));
    assert_eq!(sensor.published_at().unwrap() - sensor.exposed_at().unwrap(), ms(325));
    assert_eq!(sensor.truth()[0].0.identity().map(|identity| identity.id().get()), Some(0));
}

#[test]
fn where_there_is_no_picture_there_is_no_truth() {
    let nothing = |sensor: &SimSensor| {
        sensor.truth().is_empty() && sensor.exposed_at().is_none() && sensor.published_at().is_none()
    };
    let mut assumptions = Assumptions::default();
    assumptions.standby_forgets = true;
    for (assumptions, forgets) in [(Assumptions::default(), false), (assumptions, true)] {
        let mut sensor = SimSensor::new().with_assumptions(assumptions);
        sensor.set_scene([Person::at(1.0, 0.0)]);
        sensor.advance(ms(199));
        assert!(nothing(&sensor), "before the first result");
        sensor.advance(ms(1));
        assert!(!nothing(&sensor));
        send(&mut sensor, [0x01, 0x00]);
        assert_eq!(nothing(&sensor), forgets, "in standby");
        send(&mut sensor, [0x01, 0x01]);
        sensor.advance(ms(200));
        assert!(!nothing(&sensor));
        sensor.power_off();
        sensor.power_on();
        assert!(nothing(&sensor), "it boots");
        sensor.advance(ms(2699));
        assert!(nothing(&sensor));
        sensor.advance(ms(1));
        assert_eq!(sensor.exposed_at(), Some(sensor.now() - ms(200)));
    }
}

#[test]
fn an_empty_room_is_a_picture_too() {
    let mut sensor = SimSensor::new();
    sensor.advance(ms(200));
    assert!(sensor.truth().is_empty());
    assert_eq!(sensor.exposed_at(), Some(Duration::ZERO));
}
