//! Does the simulated sensor do what the guide says, sentence by sentence: which faces it reports, where, and whom it knows?
//! (Times, modes, power and the pin: `guide.rs`.)
//!
//! Each test begins with the sentence. Packets are looked at as bytes, by offsets typed here.

use std::time::Duration;

use mlsensor_sim::person_sensor::Recognises;
use mlsensor_sim::{Assumptions, Detection, Person, Scene, SimSensor};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A plain read of 39 bytes.
fn read(sensor: &mut SimSensor) -> [u8; 39] {
    let mut packet = [0xA5; 39];
    assert!(sensor.read(&mut packet), "the sensor did not acknowledge");
    packet
}

fn faces(packet: &[u8; 39]) -> Vec<[u8; 8]> {
    let records = packet[5..37].chunks(8).map(|record| record.try_into().unwrap());
    records.take(packet[4].into()).collect()
}

/// The label of each face; `None` where it is not recognised.
fn ids(packet: &[u8; 39]) -> Vec<Option<u8>> {
    faces(packet).iter().map(|face| (face[5] as i8 > 0 && face[6] < 8).then_some(face[6])).collect()
}

fn width(face: &[u8; 8]) -> u8 {
    face[3] - face[1]
}

/// Twice the place of the middle across.
fn middle_twice(face: &[u8; 8]) -> u32 {
    u32::from(face[1]) + u32::from(face[3])
}

/// A sensor that recognises, in front of one person a metre away, who was given label 0.
fn acquainted() -> SimSensor {
    let mut sensor = SimSensor::new();
    sensor.set_scene([Person::at(1.0, 0.0).known_as(7)]);
    assert!(sensor.write(&[0x02, 0x01]) && sensor.write(&[0x04, 0x00]));
    sensor.advance(ms(2000));
    assert_eq!(ids(&read(&mut sensor)), [Some(0)]);
    sensor
}

// "Label next ID, 0..7: calibrate the next identified frame as that id." On the largest face.
#[test]
fn the_largest_face_is_labelled_and_known_from_then_on() {
    for id in 0..8 {
        let mut sensor = SimSensor::new();
        let (near, far) = (Person::at(1.0, 20.0).known_as(11), Person::at(2.0, -20.0).known_as(22));
        sensor.set_scene([far, near]);
        assert!(sensor.write(&[0x02, 0x01]) && sensor.write(&[0x04, id]));
        sensor.advance(ms(1000));
        assert_eq!(ids(&read(&mut sensor)), [Some(id), None]);
        sensor.set_scene([far]);
        sensor.advance(ms(1000));
        assert_eq!(ids(&read(&mut sensor)), [None], "a stranger is not known");
        sensor.set_scene([near.with_heading(20.0)]);
        sensor.advance(ms(1000));
        assert_eq!(ids(&read(&mut sensor)), [Some(id)]);
    }
}

// "Discarded if two frames pass with nobody."
#[test]
fn a_label_outlasts_one_empty_camera_frame_and_not_two() {
    for (empty_frames, expected) in [(0, Some(3)), (1, Some(3)), (2, None), (3, None)] {
        let mut sensor = SimSensor::new();
        assert!(sensor.write(&[0x02, 0x01]));
        sensor.advance(ms(1000)); // exposures at 980, 1120, 1260 ...
        assert!(sensor.write(&[0x04, 0x03]));
        sensor.advance(ms(140) * empty_frames);
        sensor.set_scene([Person::at(1.0, 0.0)]);
        sensor.advance(ms(3000));
        assert_eq!(ids(&read(&mut sensor)), [expected], "{empty_frames} empty frames");
    }
}

// "Persist IDs: 0 / 1 keep ids over power loss." "After power-up" all other registers are at their defaults.
#[test]
fn labels_outlast_a_loss_of_power_if_and_only_if_they_are_to_persist() {
    for (persist, expected) in [(0x01, Some(0)), (0x00, None)] {
        let mut sensor = acquainted();
        assert!(sensor.write(&[0x05, persist]));
        sensor.power_off();
        sensor.advance(ms(10_000));
        sensor.power_on();
        sensor.advance(ms(4000));
        assert_eq!(ids(&read(&mut sensor)), [None], "recognition is off after power-up");
        assert!(sensor.write(&[0x02, 0x01]));
        sensor.advance(ms(1000));
        assert_eq!(ids(&read(&mut sensor)), [expected], "persist = {persist}");
    }
}

// "Erase IDs: wipe. Any write erases, 06 00 too."
#[test]
fn any_write_to_erase_ids_forgets_every_label() {
    for value in 0..=0xFF {
        let mut sensor = acquainted();
        assert!(sensor.write(&[0x06, value]));
        sensor.advance(ms(1000));
        assert_eq!(ids(&read(&mut sensor)), [None], "06 {value:02x}");
    }
}

// "Ids are not unique in a frame" (captured: two faces, both id 0).
#[test]
fn two_faces_of_one_packet_can_carry_the_same_id() {
    let mut everyone = Assumptions::default();
    everyone.recognises = Recognises::EveryFace;
    let mut sensor = SimSensor::new().with_assumptions(everyone);
    sensor.set_scene([Person::at(1.0, -20.0).known_as(1), Person::at(1.4, 20.0).known_as(1)]);
    assert!(sensor.write(&[0x02, 0x01]) && sensor.write(&[0x04, 0x00]));
    sensor.advance(ms(2000));
    assert_eq!(ids(&read(&mut sensor)), [Some(0), Some(0)]);
}

// "Number of faces 0..4." "Largest face first in practice."
#[test]
fn of_more_than_four_people_the_four_largest_are_reported_largest_first() {
    let crowd = [3.0, 1.0, 2.0, 0.8, 1.5, 2.5];
    for people in 0..=6 {
        let mut sensor = SimSensor::new();
        let stand = |(place, &distance): (usize, &f64)| Person::at(distance, -45.0 + 18.0 * place as f64);
        sensor.set_scene(crowd[..people].iter().enumerate().map(stand).collect::<Vec<_>>());
        sensor.advance(ms(1000));
        let packet = read(&mut sensor);
        assert_eq!(usize::from(packet[4]), people.min(4), "{people} people");
        assert!(packet[5 + 8 * people.min(4)..37].iter().all(|&byte| byte == 0), "unused slots are zero");
        let widths: Vec<u8> = faces(&packet).iter().map(width).collect();
        assert!(widths.is_sorted_by(|a, b| a >= b), "{widths:?}");
        if people == 6 {
            // Those at 0.8, 1.0, 1.5 and 2.0 m, at about 20 unit-metres: the two who are further are left out.
            for (width, decimetres) in widths.into_iter().zip([8, 10, 15, 20]) {
                assert!((180..=210).contains(&(u32::from(width) * decimetres)), "{width} at {decimetres} dm");
            }
        }
    }
}

// "The image is not mirrored: x = 0 is the camera's left. y = 0 is the top." "Field of view 110 degrees."
#[test]
fn what_is_at_the_sensors_right_is_at_greater_x_and_what_is_high_at_smaller_y() {
    for bearing in [-50, -30, -10, 0, 10, 30, 50] {
        let mut sensor = SimSensor::new();
        sensor.set_scene([Person::at(2.0, bearing.into())]);
        sensor.advance(ms(1000));
        let face = faces(&read(&mut sensor))[0];
        let expected = 255.0 + f64::from(bearing) * 255.0 / 55.0;
        let found = middle_twice(&face);
        assert!((f64::from(found) - expected).abs() <= 1.5, "{bearing}: {found}, not {expected}");
    }
    let mut sensor = SimSensor::new();
    sensor
        .set_scene([Person::at(1.5, 20.0).with_eye_height(1.9), Person::at(1.5, -20.0).with_eye_height(0.9)]);
    sensor.advance(ms(1000));
    let mut seen = faces(&read(&mut sensor));
    seen.sort_by_key(|face| face[2]);
    assert!(middle_twice(&seen[0]) > 255 && middle_twice(&seen[1]) < 255, "tall is right, small is left");
    assert!(seen[0][4] < 128 && seen[1][2] > 127, "the tall one is in the upper half: {seen:?}");
}

// "A face width of 30-35 units is about 0.6 m, so width x distance is about 20 unit-metres." A square is 3:4.
#[test]
fn a_face_is_about_twenty_unit_metres_wide_and_taller_than_wide() {
    for (decimetres, widths) in [(6, 30..=35), (10, 18..=22), (20, 9..=11), (40, 4..=6)] {
        let mut sensor = SimSensor::new();
        sensor.set_scene([Person::at(f64::from(decimetres) / 10.0, 0.0)]);
        sensor.advance(ms(1000));
        let face = faces(&read(&mut sensor))[0];
        assert!(widths.contains(&width(&face)), "{decimetres} dm: {face:?}");
        // Captured: 25 wide and 42 high.
        let (high, wide) = (u32::from(face[4] - face[2]), u32::from(width(&face)));
        assert!((13..=20).contains(&(high * 10 / wide)), "{face:?}");
        assert!((63..=99).contains(&face[0]), "confidence as published: {face:?}");
    }
}

// "Users: a turned head becomes no face." "Is facing: head pose."
#[test]
fn a_turned_head_is_first_not_facing_and_then_no_face() {
    for (heading, expected) in
        [(0.0, Some(1)), (-20.0, Some(1)), (40.0, Some(0)), (90.0, None), (180.0, None)]
    {
        let mut sensor = SimSensor::new();
        sensor.set_scene([Person::at(1.0, 0.0).with_heading(heading)]);
        sensor.advance(ms(1000));
        let facing = faces(&read(&mut sensor)).first().map(|face| face[7]);
        assert_eq!(facing, expected, "{heading} degrees");
    }
}

// "It never panics": not even where rates, places and times are beyond all sense.
#[test]
fn values_beyond_all_sense_give_packets_that_are_in_order() {
    let mut wild = Detection::default();
    wild.miss_permille = [0, u32::MAX, 0, 0, u32::MAX, 0, 0];
    (wild.turned_from_deg, wild.turned_gone_deg, wild.facing_within_deg) = (u32::MAX, u32::MAX, u32::MAX);
    (wild.split_permille, wild.facing_flip_permille, wild.jitter_units) = (u32::MAX, u32::MAX, u32::MAX);
    (wild.false_burst_per_million, wild.false_burst_inferences) = (u32::MAX, [u32::MAX, 0]);
    (wild.identity_wrong_permille, wild.identity_missed_permille) = (u32::MAX, 0);
    wild.identity_confidence = [255, 0];
    let far = [i32::MIN, -1, 0, 1, i32::MAX];
    let places = (0..125).map(|place| [far[place / 25], far[place / 5 % 5], far[place % 5]]);
    for detection in [wild, Detection::default(), Detection::ideal()] {
        for [right_mm, ahead_mm, high_mm] in places.clone() {
            let mut person = Person::at(1.0, 0.0).known_as(u32::MAX);
            (person.right_mm, person.ahead_mm, person.eye_height_mm) = (right_mm, ahead_mm, high_mm);
            person.heading_millideg = high_mm;
            let mut scene = Scene::from([person, Person::at(f64::NAN, f64::INFINITY), Person::at(1.0, 10.0)]);
            scene.sensor_height_mm = right_mm;
            let mut sensor = SimSensor::new().with_detection(detection.clone());
            sensor.set_scene(scene);
            assert!(sensor.write(&[0x02, 0x01]) && sensor.write(&[0x04, 0x00]));
            for _ in 0..20 {
                sensor.advance(ms(300));
                let packet = read(&mut sensor);
                assert!(mlsensor::Faces::parse(&packet).is_ok(), "{packet:02x?}");
            }
        }
    }
}
