//! The blocking and the async procedure, side by side, and the bounds that they promise.

use std::time::Duration;

use mlsensor::PersonSensor;
use mlsensor::behavior::{Enroll, EnrollConfig, Erase, EraseConfig};
use mlsensor_sim::Assumptions;

use super::{Room, WANTED, anna};

#[test]
fn the_times_in_the_documentation_are_so() {
    assert_eq!(EnrollConfig::default().longest(), Duration::from_millis(211_800));
    assert_eq!(EraseConfig::default().longest(), Duration::from_millis(33_500));
}

#[test]
fn a_configuration_of_nothing_still_ends() {
    let nothing = Duration::ZERO;
    let none = EnrollConfig::DEFAULT
        .with_settle(nothing)
        .with_label_wait(nothing)
        .with_reading(nothing, nothing)
        .with_attempts(0)
        .with_guide_timeout(nothing)
        .with_silence(nothing, nothing);
    let room = Room::new(&Assumptions::default());
    let course = room.enroll(none, |_| ());
    assert!(course.result.is_err() && course.took < Duration::from_secs(1));
    assert_eq!(none.longest(), Duration::from_millis(40));
}

/// What was said and written, and when, of an enrolment and an erasure.
macro_rules! day {
    ($sensor:ident, $room:ident $(, $await:tt)?) => {{
        let (mut delay, mut told) = ($room.bus.delay(), Vec::new());
        $room.bus.start_log();
        let enroll = Enroll::new(WANTED);
        let enrolled = $sensor.enroll(&mut delay, enroll, |news| told.push(format!("{news:?}")))$(.$await)?;
        let erase = Erase::default();
        let erased =
            $sensor.erase_and_verify(&mut delay, erase, |news| told.push(format!("{news:?}")))$(.$await)?;
        let log = $room.bus.take_log().to_string();
        (enrolled, erased, told, log)
    }};
}

#[cfg(feature = "async")]
#[test]
fn both_shells_do_the_same_at_the_same_times() {
    for (question, assumptions) in super::every_assumption() {
        for seed in 0..3 {
            let room = || {
                let room = Room::with_detection(&assumptions, mlsensor_sim::Detection::default(), seed);
                room.scene(&[anna()]);
                room
            };
            let (one, other) = (room(), room());
            let mut blocking = PersonSensor::new(one.bus.clone());
            let mut awaited = mlsensor::PersonSensorAsync::new(other.bus.clone());
            let blocking = day!(blocking, one);
            let awaited = pollster::block_on(async { day!(awaited, other, await) });
            assert!(blocking.0.is_ok() && blocking.1.is_ok(), "{question}");
            assert_eq!(blocking, awaited, "{question}");
        }
    }
}

#[test]
fn what_is_told_is_told_once_and_in_words() {
    let room = Room::new(&Assumptions::default());
    room.scene(&[anna()]);
    let mut sensor = PersonSensor::new(room.bus.clone());
    let mut told = Vec::new();
    let enroll = Enroll::new(WANTED);
    sensor.enroll(&mut room.bus.delay(), enroll, |news| told.push(news.to_string())).unwrap();
    let expected = [
        "getting ready",
        "nobody in view: step in front of the sensor", // before its first inference
        "hold still",
        "hold still: labelling, attempt 1",
        "hold still: recognised 1 of 1 times",
        "hold still: recognised 2 of 2 times",
        "hold still: recognised 3 of 3 times",
        "hold still: recognised 4 of 4 times",
        "hold still: recognised 5 of 5 times",
        "hold still: recognised 6 of 6 times",
    ];
    assert_eq!(told, expected);
    let day = day!(sensor, room);
    assert_eq!(day.0.map(|enrolled| enrolled.labels_sent), Ok(0));
}

#[cfg(feature = "serde")]
#[test]
fn configurations_are_read_by_name_and_what_is_not_named_is_the_default() {
    let enroll: EnrollConfig = serde_json::from_str(r#"{"attempts": 5, "relabel": true}"#).unwrap();
    assert_eq!(enroll, EnrollConfig::DEFAULT.with_attempts(5).with_relabel(true));
    let erase: EraseConfig = serde_json::from_str(r#"{"verify_packets": 2}"#).unwrap();
    assert_eq!(erase, EraseConfig::DEFAULT.with_verification(2, 0));
    assert!(serde_json::from_str::<EnrollConfig>(r#"{"atempts": 5}"#).is_err());
    let text = serde_json::to_string(&EnrollConfig::DEFAULT).unwrap();
    assert_eq!(serde_json::from_str::<EnrollConfig>(&text).unwrap(), EnrollConfig::DEFAULT);

    let room = Room::new(&Assumptions::default());
    room.scene(&[anna()]);
    let enrolled = room.enroll(EnrollConfig::DEFAULT, |_| ()).result.unwrap();
    let text = serde_json::to_string(&enrolled).unwrap();
    assert!(text.starts_with(r#"{"id":3,"confidence":"#), "{text}");
    assert_eq!(serde_json::from_str::<mlsensor::behavior::Enrolled>(&text).unwrap(), enrolled);
}
