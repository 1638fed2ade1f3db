//! Greets people by name. The sensor knows them by an id, and this program the name of each id.

use std::{process::ExitCode, time::Duration};

use clap::Parser;
use mlsensor::behavior::{Track, Tracker, TrackerConfig};
use mlsensor::{Faces, PersonId};
use mlsensor_examples::names::{NameArgs, Names, name};
use mlsensor_examples::program::{self, Failure, Options, Program, Setup};
use mlsensor_examples::strangers::Strangers;

const AWAY: Duration = Duration::from_secs(5); // who was away for so long is greeted again

/// The decision: who is known is greeted when they come, once. Who has faced the sensor for 3 s and is still not known is
/// a stranger; strangers are all the same.
struct GreetRule {
    tracker: Tracker,
    strangers: Strangers,
    seen: [Option<Duration>; 9], // when id 0 to 7 was seen last, and a stranger
}

impl GreetRule {
    /// Takes a reading, `None` if it failed; gives who is to be greeted, `None` for a stranger.
    fn greet(&mut self, now: Duration, faces: Option<&Faces>) -> Vec<Option<PersonId>> {
        self.tracker.update(now, faces);
        self.strangers.update(&self.tracker);
        let mut greeted = vec![];
        let is_due = |track: &&Track| track.identity().is_some() || self.strangers.has(track);
        for who in self.tracker.tracks().filter(is_due).map(|track| track.identity()) {
            let seen = &mut self.seen[who.map_or(8, |id| usize::from(id.get()))];
            if seen.replace(now).is_none_or(|last| now.saturating_sub(last) >= AWAY) {
                greeted.push(who);
            }
        }
        greeted
    }
}

/// Greets people by name. Without options it runs on a simulated sensor: somebody who is labelled leaves, a stranger
/// comes, and who was labelled comes back.
#[derive(Parser)]
#[command(name = "who_is_it", version, after_help = include_str!("who_is_it.help.txt"))]
#[command(mut_arg("source", |source| source.default_value("sim:label_and_return")))]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    names: NameArgs,
    /// First make the sensor know who is in front of it, by this name
    #[arg(long, value_name = "NAME", alias = "enroll", value_parser = name, conflicts_with = "erase")]
    enrol: Option<String>,
    /// Forget everybody, and end
    #[arg(long)]
    erase: bool,
}

fn main() -> ExitCode {
    program::run(drive)
}

fn drive(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut names = Names::open(&arguments.names)?;
    let mut program = Program::start(&arguments.options, Setup { recognition: true, ..Setup::default() })?;
    let tracker = Tracker::new(TrackerConfig::WITH_RECOGNITION);
    let mut rule = GreetRule { tracker, strangers: Strangers::default(), seen: [None; 9] };
    if arguments.erase {
        program.erase(&mut names)?;
        return program.end(None);
    }
    if let Some(name) = &arguments.enrol {
        program.enrol(&mut names, name)?;
    }
    while let Some(reading) = program.read()? {
        for who in rule.greet(reading.at, reading.faces()) {
            let called = who.map(|id| names.call(id)).unwrap_or_default();
            program.event(if who.is_some() { "hello" } else { "stranger" }, &called, Some(&reading))?;
        }
    }
    program.end(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsensor::{Bounds, Face, Identity};

    fn id(id: u8) -> Option<PersonId> {
        PersonId::new(id).ok()
    }

    /// A face at this place, in another one each time, as living people are.
    fn face(left: u8, tenth: u64, who: Option<PersonId>, is_facing: bool) -> Face {
        let left = left + (tenth % 2) as u8;
        let identity = who.map(|id| Identity::new(id, 90).unwrap());
        Face::new(Bounds::new(left, 100, left + 20, 130).unwrap(), 90, identity, is_facing).unwrap()
    }

    /// Who is greeted, and when in tenths of a second, of faces that are read each 100 ms.
    fn greeted(tenths: u64, faces: impl Fn(u64) -> Vec<Face>) -> Vec<(u64, Option<PersonId>)> {
        let tracker = Tracker::new(TrackerConfig::WITH_RECOGNITION);
        let mut rule = GreetRule { tracker, strangers: Strangers::default(), seen: [None; 9] };
        let mut greet = |tenth| {
            let faces = Faces::new(&faces(tenth)).unwrap();
            rule.greet(Duration::from_millis(tenth * 100), Some(&faces))
        };
        (0..tenths).flat_map(|tenth| greet(tenth).into_iter().map(move |who| (tenth, who))).collect()
    }

    fn who(greeted: &[(u64, Option<PersonId>)]) -> Vec<Option<PersonId>> {
        greeted.iter().map(|(_, who)| *who).collect()
    }

    #[test]
    fn who_is_known_is_greeted_once_and_who_comes_back_again() {
        let here = |tenth| vec![face(100, tenth, id(3), true)];
        assert_eq!(who(&greeted(600, here)), [id(3)]);
        let away = |tenth| if (100..200).contains(&tenth) { vec![] } else { here(tenth) };
        assert_eq!(who(&greeted(300, away)), [id(3), id(3)]);
        let blink = |tenth| if (100..130).contains(&tenth) { vec![] } else { here(tenth) };
        assert_eq!(who(&greeted(300, blink)), [id(3)], "three seconds are no absence");
    }

    #[test]
    fn two_people_are_greeted_each() {
        let both = |tenth| vec![face(40, tenth, id(1), true), face(160, tenth, id(2), true)];
        let mut who = who(&greeted(100, both));
        who.sort();
        assert_eq!(who, [id(1), id(2)]);
    }

    #[test]
    fn a_stranger_is_greeted_once_and_not_before_the_sensor_had_time_to_know_them() {
        let greeted = greeted(300, |tenth| vec![face(100, tenth, None, true)]);
        assert_eq!(who(&greeted), [None]);
        assert!((29..=35).contains(&greeted[0].0), "{greeted:?}");
    }

    #[test]
    fn who_passes_by_is_no_stranger_to_greet() {
        assert_eq!(greeted(300, |tenth| vec![face(100, tenth, None, false)]), []);
        let glance = |tenth| vec![face(100, tenth, None, (100..125).contains(&tenth))];
        assert_eq!(greeted(300, glance), [], "2.5 s, however long they were seen before");
    }

    #[test]
    fn a_friend_in_front_hides_no_stranger() {
        let both = |tenth| vec![face(40, tenth, id(1), true), face(160, tenth, None, true)];
        assert_eq!(who(&greeted(100, both)), [id(1), None]);
    }

    #[test]
    fn who_is_known_late_was_not_taken_for_a_stranger() {
        let late = |tenth| vec![face(100, tenth, if tenth < 15 { None } else { id(5) }, true)];
        assert_eq!(who(&greeted(100, late)), [id(5)]);
    }
}
