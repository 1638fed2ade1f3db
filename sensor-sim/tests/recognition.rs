//! Whom does recognition take for whom when it is wrong, and what time does it take?
//! (What the guide says of labels: `guide_faces.rs`.)

use std::time::Duration;

use mlsensor_sim::{Assumptions, Detection, Person, SimSensor};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// The ids of the next results: bytes 10 and 11 of the packet are the id confidence and the id.
fn ids(sensor: &mut SimSensor, results: usize) -> Vec<Option<u8>> {
    let next = |_| {
        sensor.advance(ms(265));
        let packet = sensor.result();
        assert_eq!(packet[4], 1);
        (packet[10] as i8 > 0).then_some(packet[11])
    };
    (0..results).map(next).collect()
}

/// People with these labels, the last of them in view, before a sensor that takes everybody for somebody else.
fn mistaken(labels: &[u8]) -> SimSensor {
    let mut detection = Detection::ideal();
    detection.identity_wrong_permille = 1000;
    let mut sensor = SimSensor::new().with_detection(detection);
    assert!(sensor.write(&[0x02, 0x01]));
    for &label in labels {
        sensor.set_scene([Person::at(1.0, 0.0).known_as(label.into())]);
        sensor.advance(ms(1000));
        assert!(sensor.write(&[0x04, label]));
        sensor.advance(ms(1000));
    }
    sensor
}

#[test]
fn somebody_who_is_taken_for_another_is_never_taken_for_themselves() {
    assert!(ids(&mut mistaken(&[0, 1]), 200).iter().all(|id| *id == Some(0)));
    assert!(ids(&mut mistaken(&[5, 2]), 200).iter().all(|id| *id == Some(5)));
    let of_three = ids(&mut mistaken(&[1, 7, 4]), 400);
    assert!(of_three.iter().all(|id| matches!(id, Some(1 | 7))), "{of_three:?}");
    assert!([1, 7].iter().all(|id| of_three.contains(&Some(*id))), "both");
}

#[test]
fn where_there_is_one_label_nobody_can_be_taken_for_another() {
    assert!(ids(&mut mistaken(&[6]), 200).iter().all(|id| *id == Some(6)));
}

/// The exposures with the label waiting are those of 1120 ms and, 265 ms later, 1385 ms; the next is 265 ms behind that.
#[test]
fn looking_for_the_face_to_label_takes_the_time_of_recognition() {
    let mut assumptions = Assumptions::default();
    assumptions.recognition_without_faces = true;
    let mut sensor = SimSensor::new().with_assumptions(assumptions);
    assert!(sensor.write(&[0x02, 0x01]));
    sensor.advance(ms(1000));
    assert!(sensor.write(&[0x04, 0x00]));
    let mut times = Vec::new();
    while sensor.now() < ms(2000) {
        let published = sensor.results();
        sensor.advance(ms(1));
        if sensor.results() > published {
            times.push(sensor.now().as_millis());
        }
    }
    // The label is discarded at the second exposure with nobody; without one there is nothing to recognise.
    assert_eq!(times, [1040, 1180, 1120 + 325, 1385 + 325, 1650 + 200, 1790 + 200]);
}
