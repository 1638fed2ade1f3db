//! Open questions about the sensor, and their answers, in the words of the command line.
//!
//! A question has the name of its field in [`Assumptions`]; an answer is a word such as `holds-data-low`, `true`, `60ms` or
//! `20`: one of those that the simulator offers.

use mlsensor_sim::{Assumptions, Question};

use crate::Report;

/// Takes an answer: `NAME=ANSWER`.
///
/// # Errors
/// A report in four parts, which lists the names, or the answers.
pub fn assume(text: &str, assumptions: &mut Assumptions) -> Result<(), Report> {
    let (name, word) = text.split_once('=').unwrap_or((text, ""));
    let name = name.replace('-', "_");
    let Some(question) = Assumptions::QUESTIONS.iter().find(|question| question.field == name) else {
        let names: Vec<&str> = Assumptions::QUESTIONS.iter().map(|question| question.field).collect();
        let what = "there is no open question of this name";
        return Err(report(text, what, format!("the questions are {}", names.join(", "))));
    };
    let known = answers(question).find(|answer| word_for(answer) == word);
    match known {
        Some(answer) if assumptions.answer(question.field, answer) => Ok(()),
        _ => {
            let words: Vec<String> = answers(question).map(word_for).collect();
            let likely = format!("{} It takes {}", question.text, words.join(" or "));
            Err(report(text, "it has no such answer", likely))
        }
    }
}

fn answers(question: &'static Question) -> impl Iterator<Item = &'static str> {
    std::iter::once(question.default).chain(question.others.iter().copied())
}

/// An answer, which is Rust, as one word: `NextRead::Restarts` is `restarts`, `Duration::from_millis(60)` is `60ms`.
fn word_for(answer: &str) -> String {
    let last = answer.rsplit("::").next().unwrap_or(answer);
    if answer.starts_with("Duration::") {
        let digits: String = last.chars().filter(char::is_ascii_digit).collect();
        return if digits.is_empty() { "0ms".to_owned() } else { format!("{digits}ms") };
    }
    let mut word = String::new();
    for letter in last.chars() {
        if letter.is_ascii_uppercase() && !word.is_empty() {
            word.push('-');
        }
        word.push(letter.to_ascii_lowercase());
    }
    word
}

fn report(text: &str, what: &str, likely: String) -> Report {
    Report {
        what: format!("cannot assume {text:?}: {what}"),
        likely,
        run: "mlsensor sim run --help".to_owned(),
        code: "MLSENSOR-SIM-ASSUME".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use mlsensor_sim::ProbingWhileBooting;

    use super::*;

    #[test]
    fn every_answer_has_a_word_of_its_own_and_is_taken_by_it() {
        for question in Assumptions::QUESTIONS {
            let words: Vec<String> = answers(question).map(word_for).collect();
            for (word, answer) in words.iter().zip(answers(question)) {
                assert_eq!(
                    words.iter().filter(|other| *other == word).count(),
                    1,
                    "{} {word}",
                    question.field
                );
                let (mut by_word, mut by_text) = (Assumptions::default(), Assumptions::default());
                assume(&format!("{}={word}", question.field), &mut by_word).unwrap();
                assert!(by_text.answer(question.field, answer));
                assert_eq!(by_word, by_text);
            }
        }
    }

    #[test]
    fn several_answers_are_kept() {
        let mut assumptions = Assumptions::default();
        for text in ["probing-while-booting=holds-data-low", "detection=60ms", "inference_drift_permille=20"]
        {
            assume(text, &mut assumptions).unwrap();
        }
        assert_eq!(assumptions.probing_while_booting, ProbingWhileBooting::HoldsDataLow);
        assert_eq!(
            (assumptions.detection, assumptions.inference_drift_permille),
            (Duration::from_millis(60), 20)
        );
    }

    #[test]
    fn what_is_no_question_or_no_answer_is_told_with_those_there_are() {
        let mut assumptions = Assumptions::default();
        let report = assume("colour=red", &mut assumptions).unwrap_err();
        assert!(report.likely.contains("past_the_end, several_pairs"), "{report}");
        let report = assume("past_the_end=twos", &mut assumptions).unwrap_err();
        assert!(report.likely.ends_with("It takes ones or zeros or repeats"), "{report}");
        assert!(assume("past_the_end", &mut assumptions).is_err());
        assert_eq!(assumptions, Assumptions::default());
    }
}
