//! A light that listens only while somebody looks at it: look, and press a key or say a word.

use std::{process::ExitCode, time::Duration};

use clap::Parser;
use mlsensor::Faces;
use mlsensor::behavior::{Attention, Outcome, Tracker};
use mlsensor_examples::program::{self, Failure, Options, Program, Setup, Turn};
use mlsensor_examples::switch_output::{Switch, SwitchArgs};
use mlsensor_examples::words::{WordArgs, Words};

/// The decision: a word counts while somebody has looked for 0.6 s, and until they have looked away for 2 s. Blind, no
/// word counts, and the light stays as it is.
#[derive(Debug, Default)]
struct LightRule {
    tracker: Tracker,
    attention: Attention,
    is_on: bool,
}

impl LightRule {
    /// Takes a reading, `None` if it failed.
    fn look(&mut self, now: Duration, faces: Option<&Faces>) {
        self.tracker.update(now, faces);
        self.attention.update(now, &self.tracker);
    }

    /// Takes a word: on, off, or enter to toggle; gives what happens, and why.
    fn hear(&mut self, word: &str) -> (&'static str, &'static str) {
        let wanted = match word {
            "on" => true,
            "off" => false,
            "enter" => !self.is_on,
            _ => return ("ignored", "no word it knows"),
        };
        match self.attention.outcome() {
            Outcome::Present => self.is_on = wanted,
            Outcome::Absent => return ("ignored", "nobody looks at it"),
            Outcome::Unknown => return ("ignored", "it cannot tell who looks at it"),
        }
        (if wanted { "on" } else { "off" }, "somebody looks at it")
    }
}

/// A light that listens only while somebody looks at it. Without options it runs on a simulated sensor: somebody turns
/// the head away and back, and says words meanwhile. In real time, words are lines of standard input.
#[derive(Parser)]
#[command(name = "light_switch", version, after_help = include_str!("light_switch.help.txt"))]
#[command(mut_arg("source", |source| source.default_value("sim:turn_away")))]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    switch: SwitchArgs,
    #[command(flatten)]
    words: WordArgs,
}

fn main() -> ExitCode {
    program::run(drive)
}

fn drive(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let (mut light, mut rule) = (Switch::open(&arguments.switch)?, LightRule::default());
    let mut program = Program::start(&arguments.options, Setup::default())?;
    let demo = [(2, "on"), (9, "off"), (13, "off"), (23, "on"), (28, "on")];
    let mut words = Words::open(&arguments.words, &program, &demo);
    while let Some(turn) = program.next(words.next_at(program.now()))? {
        if let Turn::Reading(reading) = &turn {
            rule.look(reading.at, reading.faces());
        }
        while let Some(word) = words.take(program.now()) {
            let (event, why) = rule.hear(&word);
            light.set(rule.is_on)?;
            program.event_with(event, ("word", &*word), why, None)?;
        }
    }
    light.set(false)?;
    program.end(rule.is_on.then_some("off"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsensor::{Bounds, Face};

    /// One face, in another place each time, as living people are.
    fn face(tenth: u64, is_facing: bool) -> Option<Faces> {
        let left = 100 + (tenth % 2) as u8;
        let bounds = Bounds::new(left, 100, left + 20, 130).unwrap();
        Faces::new(&[Face::new(bounds, 90, None, is_facing).unwrap()]).ok()
    }

    /// A rule that has seen this for so many tenths of a second.
    fn after(tenths: u64, seen: impl Fn(u64) -> Option<Faces>) -> LightRule {
        let mut rule = LightRule::default();
        for tenth in 0..tenths {
            rule.look(Duration::from_millis(tenth * 100), seen(tenth).as_ref());
        }
        rule
    }

    #[test]
    fn with_a_look_each_word_does_what_it_says() {
        let mut rule = after(20, |tenth| face(tenth, true));
        let heard = ["on", "on", "off", "enter", "enter"].map(|word| rule.hear(word).0);
        assert_eq!(heard, ["on", "on", "off", "on", "off"]);
        assert!(!rule.is_on);
    }

    #[test]
    fn without_a_look_no_word_does_anything() {
        let mut rule = after(20, |tenth| face(tenth, false));
        assert_eq!(rule.hear("on"), ("ignored", "nobody looks at it"));
        assert_eq!(after(20, |_| Some(Faces::EMPTY)).hear("on"), ("ignored", "nobody looks at it"));
        assert!(!rule.is_on);
    }

    #[test]
    fn a_glance_is_no_look() {
        let mut rule = after(40, |tenth| face(tenth, tenth % 20 < 4));
        assert_eq!(rule.hear("on").0, "ignored");
    }

    #[test]
    fn a_look_away_for_a_moment_is_still_a_look() {
        let mut rule = after(40, |tenth| face(tenth, tenth < 25));
        assert_eq!(rule.hear("on").0, "on");
        let mut rule = after(60, |tenth| face(tenth, tenth < 25));
        assert_eq!(rule.hear("on").0, "ignored");
    }

    #[test]
    fn blind_it_does_not_guess_and_the_light_stays_as_it_is() {
        let mut rule = after(20, |tenth| face(tenth, true));
        rule.hear("on");
        for tenth in 20..60 {
            rule.look(Duration::from_millis(tenth * 100), None);
        }
        assert_eq!(rule.hear("off"), ("ignored", "it cannot tell who looks at it"));
        assert!(rule.is_on);
    }

    #[test]
    fn a_word_that_it_does_not_know_is_ignored() {
        let mut rule = after(20, |tenth| face(tenth, true));
        assert_eq!(rule.hear("onion"), ("ignored", "no word it knows"));
    }
}
