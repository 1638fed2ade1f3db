//! Are the blocking and the async shell the same text, but for what makes one of them async?

/// Each part of the shells: its name, the blocking text, the async one, and the fewest pieces it is made of.
const TWINS: [(&str, &str, &str, usize); 2] = [
    (
        "blocking.rs and asynch.rs",
        include_str!("../src/person_sensor/blocking.rs"),
        include_str!("../src/person_sensor/asynch.rs"),
        100,
    ),
    (
        "procedures_blocking.rs and procedures_asynch.rs",
        include_str!("../src/person_sensor/procedures_blocking.rs"),
        include_str!("../src/person_sensor/procedures_asynch.rs"),
        50,
    ),
];

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
        .replace("embedded_hal_async", "embedded_hal")
        // A method that only hands on another one's future needs none of its own, which would be code once more.
        .replace("implFuture<Output=Result<(),Error<I2C::Error>>>", "Result<(),Error<I2C::Error>>");
    same.split_inclusive([';', '{', '}']).map(str::to_owned).collect()
}

#[test]
fn the_two_shells_are_the_same_text_but_for_what_makes_one_async() {
    for (names, blocking, asynchronous, fewest) in TWINS {
        let (blocking, asynchronous) =
            (without_what_may_differ(blocking), without_what_may_differ(asynchronous));
        for (one, other) in blocking.iter().zip(&asynchronous) {
            assert_eq!(one, other, "{names} part here");
        }
        assert_eq!(blocking.len(), asynchronous.len(), "one of {names} goes on");
        assert!(blocking.len() > fewest, "{names}: {}", blocking.len());
    }
}
