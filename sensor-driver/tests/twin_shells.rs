//! Are the blocking and the async shell the same text, but for what makes one of them async?

const BLOCKING: &str = include_str!("../src/person_sensor/blocking.rs");
const ASYNC: &str = include_str!("../src/person_sensor/asynch.rs");

/// The source of a shell with all that may differ taken out: the module's own words, the example, white
/// space, and what makes a function async. Comments stay line by line, code is cut at `;`, `{` and `}`.
fn without_what_may_differ(source: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut code = String::new();
    let mut in_example = false;
    for line in source.lines().map(str::trim) {
        if line == "/// ```" {
            in_example = !in_example;
        } else if line.starts_with("//") && !line.starts_with("//!") && !in_example {
            pieces.extend(cut(&code));
            code.clear();
            pieces.push(line.to_owned());
        } else if !line.starts_with("//") {
            code.extend(line.split_whitespace());
        }
    }
    assert!(!in_example, "an example without an end");
    pieces.extend(cut(&code));
    pieces
}

fn cut(code: &str) -> Vec<String> {
    let same = code
        .replace(",)", ")")
        .replace(".await", "")
        .replace("asyncfn", "fn")
        .replace("PersonSensorAsync", "PersonSensor")
        .replace("embedded_hal_async", "embedded_hal");
    same.split_inclusive([';', '{', '}']).map(str::to_owned).collect()
}

#[test]
fn the_two_shells_are_the_same_text_but_for_what_makes_one_async() {
    let (blocking, asynchronous) = (without_what_may_differ(BLOCKING), without_what_may_differ(ASYNC));
    for (one, other) in blocking.iter().zip(&asynchronous) {
        assert_eq!(one, other, "blocking.rs (left) and asynch.rs (right) part here");
    }
    assert_eq!(blocking.len(), asynchronous.len(), "one of blocking.rs and asynch.rs goes on");
    assert!(blocking.len() > 100);
}
