//! The settings of the behaviours as text: what is left out is the default, what is misspelt is refused.

#![cfg(feature = "serde")]

use std::fmt::Debug;
use std::time::Duration;

use mlsensor::PersonId;
use mlsensor::behavior::{
    AimConfig, AimState, AttentionConfig, AxisConfig, Choice, CurrentFigures, Direction, Gate, Mount,
    PowerConfig, PresenceConfig, Sense, Servo, TrackerConfig, View, WhenLost,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

fn both_ways<T: Serialize + DeserializeOwned + Default + PartialEq + Debug>(changed: T, part: &str) {
    assert_eq!(serde_json::from_str::<T>("{}").unwrap(), T::default());
    assert_ne!(changed, T::default());
    let text = serde_json::to_string(&changed).unwrap();
    assert!(text.contains(part), "{text}");
    assert_eq!(serde_json::from_str::<T>(&text).unwrap(), changed);
    let refused = serde_json::from_str::<T>(r#"{"misspelt":1}"#).unwrap_err().to_string();
    assert!(refused.starts_with("unknown field `misspelt`"), "{refused}");
}

#[test]
fn settings_go_both_ways_and_none_is_misspelt_in_silence() {
    let s = Duration::from_secs;
    both_ways(Gate::OPEN.with_min_width(9), r#""min_width":9"#);
    both_ways(PresenceConfig::WITH_RECOGNITION, r#""leave_after":{"secs":4,"nanos":0}"#);
    both_ways(AttentionConfig::DEFAULT.with_rearm(s(3)), r#""rearm":{"secs":3,"nanos":0}"#);
    both_ways(TrackerConfig::DEFAULT.with_death_after(s(2)), r#""death_after":{"secs":2,"nanos":0}"#);
    both_ways(PowerConfig::DEFAULT.with_period(s(5)), r#""period":{"secs":5,"nanos":0}"#);
    both_ways(CurrentFigures::PUBLISHED.with_standby_ua(700), r#""standby_ua":700"#);
    both_ways(AxisConfig::DEFAULT.with_sense(Sense::Reversed), r#""sense":"reversed""#);
    both_ways(Servo::DEFAULT.with_stops(900, 2100), r#""min_us":900"#);
    both_ways(AimConfig::DEFAULT.with_mount(Mount::Fixed), r#""mount":"fixed""#);
    both_ways(AimConfig::DEFAULT.with_choice(Choice::Nearest, s(4)), r#""choice":"nearest""#);
    both_ways(
        AimConfig::DEFAULT.with_choice(Choice::Person(PersonId::ALL[2]), s(4)),
        r#""choice":{"person":2}"#,
    );
    both_ways(AimConfig::DEFAULT.with_when_lost(WhenLost::Search(s(3))), r#""when_lost":{"search":{"#);
}

#[test]
fn a_person_that_is_none_is_refused() {
    assert!(serde_json::from_str::<AimConfig>(r#"{"choice":{"person":8}}"#).is_err());
}

#[test]
fn views_and_states_are_text_too() {
    let view = View { direction: Direction::new(-5, 7), uncertainty_millideg: 3 };
    let text = serde_json::to_string(&view).unwrap();
    assert_eq!(text, r#"{"direction":{"pan_millideg":-5,"tilt_millideg":7},"uncertainty_millideg":3}"#);
    assert_eq!(serde_json::from_str::<View>(&text).unwrap(), view);
    assert_eq!(serde_json::to_string(&AimState::Holding).unwrap(), r#""holding""#);
}
