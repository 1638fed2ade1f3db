//! Does JSON carry the values both ways, and is what comes from outside checked as a packet is?
#![cfg(feature = "serde")]

use mlsensor::{Bounds, Config, Face, Faces, Identity, Mode, PersonId};

const TWO_FACES: &str = concat!(
    r#"[{"bounds":{"left":124,"top":128,"right":149,"bottom":170},"confidence":99,"#,
    r#""identity":{"id":3,"confidence":67},"is_facing":true},"#,
    r#"{"bounds":{"left":0,"top":1,"right":2,"bottom":255},"confidence":63,"identity":null,"is_facing":false}]"#,
);

fn two_faces() -> Faces {
    let identity = Identity::new(PersonId::new(3).unwrap(), 67).unwrap();
    let first = Face::new(Bounds::new(124, 128, 149, 170).unwrap(), 99, Some(identity), true).unwrap();
    let second = Face::new(Bounds::new(0, 1, 2, 255).unwrap(), 63, None, false).unwrap();
    Faces::new(&[first, second]).unwrap()
}

/// A face in JSON with these parts in place of good ones.
fn face_with(part: &str, other: &str) -> String {
    let face = concat!(
        r#"{"bounds":{"left":1,"top":2,"right":3,"bottom":4},"confidence":90,"#,
        r#""identity":{"id":0,"confidence":50},"is_facing":true}"#,
    );
    assert!(face.contains(part), "{part}");
    face.replace(part, other)
}

#[track_caller]
fn refused<'a, T: serde::Deserialize<'a> + std::fmt::Debug>(json: &'a str, because: &str) {
    let error = serde_json::from_str::<T>(json).unwrap_err().to_string();
    assert!(error.contains(because), "{error}");
}

#[test]
fn faces_are_a_list_both_ways() {
    assert_eq!(serde_json::to_string(&two_faces()).unwrap(), TWO_FACES);
    assert_eq!(serde_json::from_str::<Faces>(TWO_FACES).unwrap(), two_faces());
}

#[test]
fn nobody_is_an_empty_list_both_ways() {
    assert_eq!(serde_json::to_string(&Faces::EMPTY).unwrap(), "[]");
    assert_eq!(serde_json::from_str::<Faces>("[]").unwrap(), Faces::EMPTY);
}

#[test]
fn four_faces_fit_and_five_are_refused() {
    let face = face_with("90", "90");
    let list = |n: usize| format!("[{}]", vec![face.as_str(); n].join(","));
    assert_eq!(serde_json::from_str::<Faces>(&list(4)).unwrap().count(), 4);
    refused::<Faces>(&list(5), "invalid length 5, expected a list of at most 4 faces");
}

#[test]
fn a_face_without_an_identity_may_leave_it_out() {
    let without = face_with(r#""identity":{"id":0,"confidence":50},"#, "");
    assert_eq!(serde_json::from_str::<Face>(&without).unwrap().identity(), None);
}

#[test]
fn values_out_of_range_are_refused_with_the_range_in_the_message() {
    let confidence = face_with(r#""confidence":90"#, r#""confidence":101"#);
    refused::<Face>(&confidence, "invalid value: integer `101`, expected confidence in 0..=100");
    let left = face_with(r#""left":1"#, r#""left":4"#);
    refused::<Face>(&left, "invalid value: integer `4`, expected left in 0..=3");
    let top = face_with(r#""top":2"#, r#""top":5"#);
    refused::<Face>(&top, "invalid value: integer `5`, expected top in 0..=4");
    let id = face_with(r#""id":0"#, r#""id":8"#);
    refused::<Face>(&id, "invalid value: integer `8`, expected person id in 0..=7");
    let id_confidence = face_with(r#""confidence":50"#, r#""confidence":0"#);
    refused::<Face>(&id_confidence, "invalid value: integer `0`, expected id confidence in 1..=100");
    let negative = face_with(r#""id":0"#, r#""id":-1"#);
    refused::<Face>(&negative, "invalid value: integer `-1`, expected u8");
}

#[test]
fn a_face_within_faces_is_checked_too() {
    let list = format!("[{}]", face_with(r#""confidence":90"#, r#""confidence":255"#));
    refused::<Faces>(&list, "invalid value: integer `255`, expected confidence in 0..=100");
}

#[test]
fn a_field_that_is_misspelt_or_missing_is_refused() {
    let misspelt = face_with("is_facing", "facing");
    refused::<Face>(
        &misspelt,
        "unknown field `facing`, expected one of `bounds`, `confidence`, `identity`, `is_facing`",
    );
    let missing = face_with(r#","bottom":4"#, "");
    refused::<Face>(&missing, "missing field `bottom`");
}

#[test]
fn an_id_is_a_bare_number_both_ways() {
    for (id, json) in PersonId::ALL.iter().zip(["0", "1", "2", "3", "4", "5", "6", "7"]) {
        assert_eq!(serde_json::to_string(id).unwrap(), json);
        assert_eq!(serde_json::from_str::<PersonId>(json).unwrap(), *id);
    }
}

#[test]
fn modes_have_their_names() {
    for (mode, json) in [(Mode::Standby, r#""standby""#), (Mode::Continuous, r#""continuous""#)] {
        assert_eq!(serde_json::to_string(&mode).unwrap(), json);
        assert_eq!(serde_json::from_str::<Mode>(json).unwrap(), mode);
    }
    refused::<Mode>(r#""sleep""#, "unknown variant `sleep`, expected `standby` or `continuous`");
}

#[test]
fn a_configuration_away_from_its_default_goes_both_ways() {
    let mut config = Config::default();
    config.mode = Mode::Standby;
    config.id_enabled = true;
    config.persist_ids = false;
    config.led = false;
    let json = r#"{"mode":"standby","id_enabled":true,"persist_ids":false,"led":false}"#;
    assert_eq!(serde_json::to_string(&config).unwrap(), json);
    assert_eq!(serde_json::from_str::<Config>(json).unwrap(), config);
}

#[test]
fn a_configuration_takes_the_power_on_state_for_what_it_leaves_out() {
    assert_eq!(serde_json::from_str::<Config>("{}").unwrap(), Config::default());
    let mut dark = Config::default();
    dark.led = false;
    assert_eq!(serde_json::from_str::<Config>(r#"{"led":false}"#).unwrap(), dark);
}

#[test]
fn a_configuration_with_an_unknown_field_is_refused_by_name() {
    refused::<Config>(
        r#"{"LED":false}"#,
        "unknown field `LED`, expected one of `mode`, `id_enabled`, `persist_ids`, `led`",
    );
}
