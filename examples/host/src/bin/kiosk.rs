//! Wakes a display when somebody sits down in front of it, says whose settings to load, and lets it sleep later.

use std::{mem::replace, process::ExitCode, time::Duration};

use clap::Parser;
use mlsensor::behavior::{Presence, PresenceConfig, PresenceEvent::*, Tracker, TrackerConfig};
use mlsensor::{Faces, PersonId};
use mlsensor_examples::program::{self, Failure, Options, Program};
use mlsensor_examples::screen_commands::DisplayArgs;

/// The decision: who is near for 1.5 s sits down, who passes by does not. Blind, the display stays as it is. Settings are
/// loaded for the nearest who is known, once a visit, and again if somebody else takes the seat.
struct KioskRule {
    presence: Presence,
    tracker: Tracker,
    is_awake: bool,
    person: Option<PersonId>,
}

impl KioskRule {
    fn new(args: &DisplayArgs) -> KioskRule {
        let config = PresenceConfig::WITH_RECOGNITION.with_gate(args.near).with_leave_after(args.sleep_after);
        let presence = Presence::new(config.with_arrive_after(Duration::from_millis(1500)));
        let tracker = Tracker::new(TrackerConfig::WITH_RECOGNITION.with_gate(args.near));
        KioskRule { presence, tracker, is_awake: true, person: None }
    }

    /// Takes a reading, `None` if it failed; gives what is to be done, and why.
    fn decide(&mut self, now: Duration, faces: Option<&Faces>) -> Option<(&'static str, &'static str)> {
        self.tracker.update(now, faces);
        match self.presence.update(now, faces)? {
            Arrived { .. } => (!replace(&mut self.is_awake, true)).then_some(("wake", "somebody sits down")),
            Left { .. } => replace(&mut self.is_awake, false).then_some(("sleep", "nobody sits here")),
            _ => Some(("blind", "it sees nothing, so the display stays as it is")),
        }
    }

    /// Whose settings are to be loaded now.
    fn person(&mut self) -> Option<PersonId> {
        self.person = self.person.filter(|_| self.is_awake);
        let nearest = self.tracker.tracks().max_by_key(|track| track.bounds().area());
        let known = nearest?.identity().filter(|_| self.presence.outcome().is_present())?;
        (self.person.replace(known) != Some(known)).then_some(known)
    }
}

/// Wakes a display when somebody sits down in front of it. Without options it runs on a simulated sensor and only says
/// what it would do: somebody works at a desk, goes for coffee and comes back; others pass by.
#[derive(Parser)]
#[command(name = "kiosk", version, after_help = include_str!("kiosk.help.txt"))]
#[command(mut_arg("source", |source| source.default_value("sim:desk")))]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    display: DisplayArgs,
}

fn main() -> ExitCode {
    program::run(|arguments: &Arguments| drive(&arguments.options, &arguments.display))
}

fn drive(options: &Options, display: &DisplayArgs) -> Result<ExitCode, Failure> {
    let (mut program, mut rule) = (Program::start(options, display.setup())?, KioskRule::new(display));
    while let Some(reading) = program.read()? {
        if let Some((act, why)) = rule.decide(reading.at, reading.faces()) {
            program.run(act, why, display.command(act), &[])?;
        }
        if let Some(id) = rule.person() {
            let (id, why) = (id.get().to_string(), format!("settings of id {}", id.get()));
            program.run("person", &why, display.command("person"), &[("MLSENSOR_ID", id)])?;
        }
    }
    if !rule.is_awake {
        program.run("wake", program.why_it_ends(), display.command("wake"), &[])?;
    }
    program.end(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsensor::{Bounds, Face, Identity};

    fn somebody(width: u8, id: Option<u8>) -> Option<Faces> {
        let identity = id.map(|id| Identity::new(PersonId::new(id).unwrap(), 90).unwrap());
        let bounds = Bounds::new(100, 100, 100 + width, 140).unwrap();
        Faces::new(&[Face::new(bounds, 90, identity, true).unwrap()]).ok()
    }

    const NOBODY: Option<Faces> = Some(Faces::EMPTY);

    /// Feeds readings for so many tenths of a second each, one each 100 ms; what it does, and when in tenths.
    fn acts(parts: &[(usize, Option<Faces>)]) -> Vec<(u64, String)> {
        use clap::Args as _;

        let matches = DisplayArgs::augment_args(clap::Command::new("test")).get_matches_from(["test"]);
        let mut rule = KioskRule::new(&clap::FromArgMatches::from_arg_matches(&matches).unwrap());
        let readings = parts.iter().flat_map(|(count, faces)| std::iter::repeat_n(faces, *count));
        let decide = |(tenth, faces): (u64, &Option<Faces>)| {
            let act = rule.decide(Duration::from_millis(tenth * 100), faces.as_ref());
            let act = act.map(|(act, _)| (tenth, act.to_owned()));
            let person = rule.person().map(|id| (tenth, format!("person {}", id.get())));
            act.into_iter().chain(person).collect::<Vec<_>>()
        };
        (0..).zip(readings).flat_map(decide).collect()
    }

    fn names(acts: &[(u64, String)]) -> Vec<&str> {
        acts.iter().map(|(_, act)| act.as_str()).collect()
    }

    #[test]
    fn it_sleeps_when_nobody_is_there_and_wakes_when_somebody_sits_down() {
        let acts = acts(&[(300, NOBODY), (100, somebody(30, None)), (400, NOBODY)]);
        assert_eq!(names(&acts), ["sleep", "wake", "sleep"]);
        assert_eq!(acts[1].0, 315, "1.5 s after the first sighting");
        assert!((590..=605).contains(&acts[2].0), "20 s after the last: {acts:?}");
    }

    #[test]
    fn who_passes_by_or_is_far_away_wakes_nothing() {
        assert_eq!(names(&acts(&[(300, NOBODY), (14, somebody(30, None)), (100, NOBODY)])), ["sleep"]);
        assert_eq!(names(&acts(&[(300, NOBODY), (300, somebody(8, None))])), ["sleep"]);
    }

    #[test]
    fn a_loose_wire_leaves_the_display_as_it_is() {
        assert_eq!(names(&acts(&[(50, somebody(30, None)), (36_000, None)])), ["blind"]);
        assert_eq!(names(&acts(&[(300, NOBODY), (36_000, None)])), ["sleep", "blind"]);
    }

    #[test]
    fn settings_are_loaded_once_a_visit_and_for_who_takes_the_seat() {
        let parts = [(100, somebody(30, Some(2))), (300, NOBODY), (100, somebody(30, Some(2)))];
        assert_eq!(names(&acts(&parts)), ["person 2", "sleep", "wake", "person 2"]);
        let parts = [(100, somebody(30, Some(2))), (100, NOBODY), (100, somebody(40, Some(5)))];
        assert_eq!(names(&acts(&parts)), ["person 2", "person 5"]);
    }

    #[test]
    fn whom_the_sensor_does_not_know_no_settings_are_loaded_for() {
        assert_eq!(acts(&[(100, somebody(30, None))]), []);
    }
}
