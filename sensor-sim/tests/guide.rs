//! Does the simulated sensor do what the guide says, sentence by sentence: results and their times, modes, power, the
//! LED and the pin? (Faces and labels: `guide_faces.rs`.)
//!
//! Each test begins with the sentence. Packets are looked at as bytes, by offsets typed here, and bytes that are compared
//! whole were captured from a board.

mod captured;

use std::time::Duration;

use captured::{NOBODY, ONE_FACE};
use mlsensor::{Bounds, Config, Face, Faces, Identity, Mode, PersonId};
use mlsensor_sim::{KeyPoint, Person, SimSensor, Timeline, Walk};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A plain read of 39 bytes.
fn read(sensor: &mut SimSensor) -> [u8; 39] {
    let mut packet = [0xA5; 39];
    assert!(sensor.read(&mut packet), "the sensor did not acknowledge");
    packet
}

/// Someone who walks across the picture, so that no two pictures are the same.
fn passer_by() -> SimSensor {
    let walk = Walk::new(vec![
        KeyPoint::new(ms(0), Person::at(1.5, -50.0)),
        KeyPoint::new(ms(12_000), Person::at(1.5, 50.0)),
    ]);
    SimSensor::new().with_timeline(Timeline::new(vec![walk]))
}

/// When, in milliseconds from now, reads give another packet, looking every millisecond.
fn changes(sensor: &mut SimSensor, for_ms: u64) -> Vec<u64> {
    let mut before = read(sensor);
    let mut changes = Vec::new();
    for at in 1..=for_ms {
        sensor.advance(ms(1));
        let now = read(sensor);
        if now != before {
            changes.push(at);
        }
        before = now;
    }
    changes
}

// "A read of 39 bytes gives the latest result."
#[test]
fn a_result_is_byte_for_byte_what_a_board_was_seen_to_send() {
    let mut sensor = SimSensor::new();
    sensor.advance(ms(1000));
    assert_eq!(read(&mut sensor), NOBODY);
    let identity = Identity::new(PersonId::new(0).unwrap(), 67).unwrap();
    let face = Face::new(Bounds::new(124, 128, 149, 170).unwrap(), 99, Some(identity), true).unwrap();
    sensor.show_faces(Faces::new(&[face]).unwrap());
    sensor.advance(ms(1000));
    assert_eq!(read(&mut sensor), ONE_FACE);
}

// "About 7 a second": an inference takes 140 ms. "Reads faster than that return the same again."
#[test]
fn a_new_packet_comes_every_140_ms_and_reads_in_between_give_the_same() {
    let times = changes(&mut passer_by(), 10_000);
    assert_eq!(times[..4], [200, 340, 480, 620]);
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] == 140), "{times:?}");
    assert_eq!(times.len(), 71);
}

// "About 5 with recognition": it costs 125 ms more. "Recognition runs only after at least one calibration."
#[test]
fn recognition_slows_inferences_down_from_the_first_calibration_to_the_erasure() {
    let mut sensor = passer_by();
    assert!(sensor.write(&[0x02, 0x01]));
    let times = changes(&mut sensor, 2000);
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] == 140), "without a label: {times:?}");

    assert!(sensor.write(&[0x04, 0x00]));
    sensor.advance(ms(1000));
    let times = changes(&mut sensor, 3000);
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] == 265), "with a label: {times:?}");
    assert!(times.len() >= 10);

    assert!(sensor.write(&[0x06, 0x01]));
    sensor.advance(ms(1000));
    let times = changes(&mut sensor, 2000);
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] == 140), "erased: {times:?}");
}

// "Latency about 200 ms": exposures are at multiples of 140 ms here.
#[test]
fn somebody_who_appears_is_reported_200_ms_after_the_next_exposure() {
    for (appears, reported) in [(1, 340), (139, 340), (141, 480), (1000, 1320), (5500, 5800), (5739, 5940)] {
        let mut sensor = SimSensor::new();
        sensor.advance(ms(appears));
        sensor.set_scene([Person::at(1.0, 0.0)]);
        sensor.advance(ms(reported - appears - 1));
        assert_eq!(read(&mut sensor), NOBODY, "appeared at {appears}");
        sensor.advance(ms(1));
        assert_eq!(read(&mut sensor)[4], 1, "appeared at {appears}");
    }
}

// "Detection 140 ms, recognition 125 ms": the first exposure after the label is the one of 1120 ms.
#[test]
fn a_result_with_recognition_comes_125_ms_later() {
    let mut sensor = SimSensor::new();
    sensor.set_scene([Person::at(1.0, 0.0)]);
    assert!(sensor.write(&[0x02, 0x01]));
    sensor.advance(ms(1000));
    assert!(sensor.write(&[0x04, 0x00]));
    sensor.advance(ms(444));
    assert_eq!(read(&mut sensor)[10..12], [0x00, 0xFF], "not recognised yet at 1444 ms");
    sensor.advance(ms(1));
    assert_eq!(read(&mut sensor)[11], 0x00, "1120 + 200 + 125 ms");
}

// "Standby: lowest power, no capture."
#[test]
fn standby_captures_nothing_and_leaves_the_result_as_it_was() {
    let mut sensor = SimSensor::new();
    sensor.advance(ms(1000));
    assert!(sensor.write(&[0x01, 0x00]));
    sensor.set_scene([Person::at(1.0, 0.0)]);
    let published = sensor.results();
    sensor.advance(Duration::from_secs(60));
    assert_eq!((read(&mut sensor), sensor.results()), (NOBODY, published));
    assert_eq!(sensor.next_event(), None);
    assert!(sensor.write(&[0x01, 0x01]));
    sensor.advance(ms(200));
    assert_eq!(read(&mut sensor)[4], 1);
}

// "Single shot: trigger one inference; only in standby." "A read at once returns the previous." "The value seems ignored."
#[test]
fn a_single_shot_gives_one_result_after_its_time_and_a_read_at_once_the_previous() {
    for value in [0x00, 0x01, 0xFF] {
        let mut sensor = SimSensor::new();
        assert!(sensor.write(&[0x01, 0x00]));
        sensor.advance(ms(1000));
        sensor.set_scene([Person::at(1.0, 0.0)]);
        let published = sensor.results();
        assert!(sensor.write(&[0x03, value]));
        assert_eq!(read(&mut sensor), NOBODY);
        sensor.advance(ms(199));
        assert_eq!(read(&mut sensor), NOBODY);
        sensor.advance(ms(1));
        assert_eq!(read(&mut sensor)[4], 1);
        sensor.advance(Duration::from_secs(60));
        assert_eq!(sensor.results(), published + 1, "one shot, one result");
    }
}

#[test]
fn a_single_shot_in_continuous_mode_changes_nothing() {
    let (mut shot, mut plain) = (passer_by(), passer_by());
    for _ in 0..40 {
        assert!(shot.write(&[0x03, 0x00]));
        shot.advance(ms(50));
        plain.advance(ms(50));
        assert_eq!((read(&mut shot), shot.results()), (read(&mut plain), plain.results()));
    }
}

// "Debug mode: 0 / 1 indicator LED." It shows when a face is seen.
#[test]
fn the_led_shows_a_face_unless_it_is_turned_off() {
    let mut sensor = SimSensor::new();
    sensor.advance(ms(1000));
    assert!(!sensor.led(), "nobody is there");
    sensor.set_scene([Person::at(1.0, 0.0)]);
    sensor.advance(ms(1000));
    assert!(sensor.led(), "on is the default");
    assert!(sensor.write(&[0x07, 0x00]) && !sensor.led());
    assert!(sensor.write(&[0x07, 0x01]) && sensor.led());
    sensor.power_off();
    assert!(!sensor.led());
}

// "After power-up no acknowledgement for 2 to 3 s": 2.5 s here.
#[test]
fn after_power_up_the_sensor_is_silent_and_then_in_its_power_on_settings() {
    let mut sensor = SimSensor::new();
    sensor.set_scene([Person::at(1.0, 0.0)]);
    sensor.advance(ms(1000));
    assert_eq!(read(&mut sensor)[4], 1);
    for write in [[0x01, 0x00], [0x02, 0x01], [0x05, 0x00], [0x07, 0x00]] {
        assert!(sensor.write(&write));
    }
    let changed = sensor.config();
    assert_eq!((changed.mode, changed.id_enabled), (Mode::Standby, true));
    assert_eq!((changed.persist_ids, changed.led), (false, false));
    sensor.power_off();
    sensor.advance(ms(5000));
    assert!(!sensor.read(&mut [0; 39]), "no power, no acknowledgement");
    sensor.power_on();
    sensor.advance(ms(2499));
    let mut nothing = [0xA5; 39];
    assert!(!sensor.read(&mut nothing) && !sensor.write(&[0x01, 0x00]));
    assert_eq!(nothing, [0xFF; 39], "nothing drives the bus");
    sensor.advance(ms(1));
    assert_eq!(read(&mut sensor), NOBODY, "the result from before is gone");
    let Config { mode, id_enabled, persist_ids, led, .. } = sensor.config();
    assert_eq!((mode, id_enabled, persist_ids, led), (Mode::Continuous, false, true, true));
    sensor.advance(ms(200));
    assert_eq!(read(&mut sensor)[4], 1, "it captures by itself");
}

// "A level: high while the latest result has at least one face, in continuous mode."
#[test]
fn the_presence_pin_follows_the_latest_result_in_continuous_mode() {
    let mut sensor = SimSensor::new();
    let mut levels = Vec::new();
    for second in 0..40_u32 {
        let people = if second / 3 % 2 == 1 { vec![Person::at(1.0, 0.0)] } else { vec![] };
        sensor.set_scene(people);
        for _ in 0..100 {
            sensor.advance(ms(10));
            assert_eq!(sensor.presence(), read(&mut sensor)[4] > 0);
        }
        levels.push(sensor.presence());
    }
    assert!(levels.contains(&true) && levels.contains(&false));
    sensor.set_scene([Person::at(1.0, 0.0)]);
    sensor.advance(ms(1000));
    assert!(sensor.presence());
    assert!(sensor.write(&[0x01, 0x00]) && !sensor.presence(), "only continuous mode drives it");
}
