//! The shipped scenarios, for a processor that cannot read their files.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use mlsensor_sim::{Event, Person, Scenario};

fn main() {
    let out = PathBuf::from(env::var("OUT_DIR").unwrap());
    fs::write(out.join("scenarios.rs"), scenarios()).unwrap();
    println!("cargo:rustc-link-arg-bins=-Tlink.x");
    println!("cargo:rerun-if-changed=build.rs");
}

/// A list of all shipped scenarios: name, duration, and what makes a sensor in front of the scene.
fn scenarios() -> String {
    let mut list = String::new();
    for (name, text) in Scenario::SHIPPED {
        let scenario = Scenario::parse(text).unwrap();
        writeln!(list, "({name:?}, Duration::from_nanos({}), || {{", scenario.duration.as_nanos()).unwrap();
        list.push_str(&sensor(&scenario));
        list.push_str("}),\n");
    }
    format!("[\n{list}]")
}

fn sensor(scenario: &Scenario) -> String {
    let mut code = String::from("let mut detection = Detection::default();\n");
    let detection = serde_json::to_value(&scenario.detection).unwrap();
    // Numbers, lists of numbers and booleans: what is JSON here is Rust as well.
    for (field, value) in detection.as_object().unwrap() {
        writeln!(code, "detection.{field} = {value};").unwrap();
    }
    code.push_str("let walks = vec![\n");
    for walk in &scenario.timeline.walks {
        code.push_str("Walk::new(vec![\n");
        for point in walk.points() {
            let at = point.at.as_nanos();
            writeln!(code, "KeyPoint::new(Duration::from_nanos({at}), {}),", person(&point.person)).unwrap();
        }
        code.push_str("]),\n");
    }
    code.push_str("];\nlet mut timeline = Timeline::new(walks);\n");
    writeln!(code, "timeline.sensor_height_mm = {};", scenario.timeline.sensor_height_mm).unwrap();
    for (at, event) in scenario.timeline.events() {
        let event = match event {
            Event::Command(command) => format!("command({:?})", command.emit()),
            Event::PowerOff => "Event::PowerOff".to_owned(),
            Event::PowerOn => "Event::PowerOn".to_owned(),
            other => panic!("{other:?} is new here"),
        };
        let at = at.as_nanos();
        writeln!(code, "timeline = timeline.with_event(Duration::from_nanos({at}), {event});").unwrap();
    }
    let seed = scenario.seed;
    writeln!(code, "SimSensor::new().with_detection(detection).with_seed({seed}).with_timeline(timeline)")
        .unwrap();
    code
}

fn person(person: &Person) -> String {
    let Person { right_mm, ahead_mm, eye_height_mm, heading_millideg, who, .. } = person;
    format!("person([{right_mm}, {ahead_mm}, {eye_height_mm}, {heading_millideg}], {who})")
}
