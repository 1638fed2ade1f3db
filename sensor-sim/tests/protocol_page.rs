//! Does docs/protocol.md list the open questions as the simulator has them?

use std::fmt::Write as _;

use mlsensor_sim::Assumptions;

const PAGE: &str = include_str!("../../docs/protocol.md");

/// `Latch::AtStart` as "at start", `Duration::from_millis(140)` as "140 ms", a number as it is.
fn in_words(rust: &str) -> String {
    if let Some(millis) = rust.strip_prefix("Duration::from_millis(") {
        return format!("{} ms", millis.trim_end_matches(')'));
    }
    match rust {
        "Duration::ZERO" => "0 ms".to_owned(),
        "true" => "yes".to_owned(),
        "false" => "no".to_owned(),
        number if number.parse::<u32>().is_ok() => number.to_owned(),
        _ => {
            let (_, variant) = rust.rsplit_once(':').unwrap();
            let spaced = variant.chars().flat_map(|c| {
                let space = c.is_ascii_uppercase().then_some(' ');
                space.into_iter().chain([c.to_ascii_lowercase()])
            });
            spaced.collect::<String>().trim_start().to_owned()
        }
    }
}

#[test]
fn the_page_has_every_open_question_with_its_answers() {
    let mut table =
        String::from("| Field | Question | Default | Or | Source of the default |\n|---|---|---|---|---|\n");
    for question in Assumptions::QUESTIONS {
        let others: Vec<String> = question.others.iter().map(|other| in_words(other)).collect();
        let (field, text, source) = (question.field, question.text, question.source);
        let (default, others) = (in_words(question.default), others.join("; "));
        writeln!(table, "| `{field}` | {text} | {default} | {others} | {source} |").unwrap();
    }
    assert!(PAGE.contains(&table), "docs/protocol.md wants this table under \"Open questions\":\n\n{table}");
}
