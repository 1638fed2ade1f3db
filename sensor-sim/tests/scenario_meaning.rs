//! What does a scenario file mean where it leaves something out, or says more than a sensor can follow?
//! (Files that are wrong: `scenario_files.rs`.)
#![cfg(feature = "std")]

use std::time::Duration;

use mlsensor::PersonId;
use mlsensor_sim::Scenario;

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn scenario(rest: &str) -> Scenario {
    let text = format!("about = \"A test.\"\nduration_s = 10.0\n{rest}");
    Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}:\n{text}"))
}

#[test]
fn people_of_whom_the_file_does_not_say_who_they_are_are_numbered_from_one() {
    let person = |who: &str, from: u32| {
        let place = "distance_m = 1.0";
        let to = from + 2;
        format!("[[person]]\n{who}path = [{{ at_s = {from}, {place} }}, {{ at_s = {to} }}]\n")
    };
    let label = |at: u32, label: u32| format!("[[event]]\nat_s = {at}.5\nwrite = [4, {label}]\n");
    let people = [person("", 0), person("", 3), person("who = 40\n", 6), person("", 9)].concat();
    let labels = [label(0, 0), label(3, 1), label(6, 2), label(9, 3)].concat();
    let all = "[settings]\nid_enabled = true\n[detection]\nmiss_permille = [0, 0, 0, 0, 0, 0, 0]\n\
        false_burst_per_million = 0\n";
    let mut sensor = scenario(&[all, &people, &labels].concat()).sensor();
    sensor.advance(ms(12_000));
    let who = [0, 1, 2, 3].map(|label: usize| sensor.labelled(PersonId::ALL[label]));
    assert_eq!(who, [Some(1), Some(2), Some(40), Some(4)]);
}

/// Where the first person stands, in millimetres to the right and ahead.
fn place(scenario: &Scenario, at: Duration) -> [i32; 2] {
    let person = scenario.timeline.people(at).next().expect("somebody is there");
    [person.right_mm, person.ahead_mm]
}

#[test]
fn a_point_that_says_one_of_right_and_ahead_leaves_the_other_as_it_was() {
    let walk = scenario(
        "[[person]]\npath = [\n{ at_s = 0, right_m = -1.0, ahead_m = 2.0 },\n{ at_s = 2, right_m = 1.5 },\n\
        { at_s = 4, ahead_m = 0.5 },\n{ at_s = 6 },\n]",
    );
    for (at, expected) in [
        (0, [-1000, 2000]),
        (1000, [250, 2000]),
        (2000, [1500, 2000]),
        (4000, [1500, 500]),
        (6000, [1500, 500]),
    ] {
        assert_eq!(place(&walk, ms(at)), expected, "{at} ms");
    }
}

#[test]
fn a_point_that_says_one_of_distance_and_bearing_leaves_the_other_as_it_was() {
    let walk = scenario(
        "[[person]]\npath = [\n{ at_s = 0, distance_m = 2.0, bearing_deg = 90 },\n\
        { at_s = 2, distance_m = 3.0 },\n{ at_s = 4, bearing_deg = -90 },\n]",
    );
    for (at, expected) in [(0, [2000, 0]), (2000, [3000, 0]), (4000, [-3000, 0])] {
        assert_eq!(place(&walk, ms(at)), expected, "{at} ms");
    }
}

/// Binary fractions are a little off: 1.001 x 1000 is below 1001.
#[test]
fn times_are_taken_to_the_nearest_millisecond() {
    for (seconds, millis) in
        [("1.001", 1001), ("0.0006", 1), ("0.0004", 0), ("2.0025", 2003), ("604800", 604_800_000)]
    {
        let text = format!("about = \"A test.\"\nduration_s = {seconds}");
        assert_eq!(Scenario::parse(&text).map(|scenario| scenario.duration), Ok(ms(millis)), "{seconds}");
    }
    let led_off = scenario("[[event]]\nat_s = 1.001\nwrite = [7, 0]");
    let mut sensor = led_off.sensor();
    sensor.advance(ms(1000));
    assert!(sensor.config().led);
    sensor.advance(ms(1));
    assert!(!sensor.config().led);
}
