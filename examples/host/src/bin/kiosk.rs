//! Wakes a display when somebody sits down in front of it, says whose settings to load, and lets it sleep later.

use std::{mem::replace, process::ExitCode, time::Duration};

use clap::Parser;
use mlsensor::Faces;
use mlsensor::behavior::{Presence, PresenceConfig, PresenceEvent::*};
use mlsensor_examples::program::{self, Failure, Options, Program};
use mlsensor_examples::screen_commands::DisplayArgs;
use mlsensor_examples::seat::{Seat, Who};

/// The decision: who is near for 1.5 s sits down, who passes by does not. Blind, the display stays as it is. Settings are
/// loaded for the nearest, if they are known, once a visit; and for whoever takes the seat of somebody else, known or not.
struct KioskRule {
    presence: Presence,
    seat: Seat,
    is_awake: bool,
    told: (Option<Who>, Who), // whose settings were loaded in this visit, and whose they are
}

impl KioskRule {
    fn new(args: &DisplayArgs) -> KioskRule {
        let config = PresenceConfig::WITH_RECOGNITION.with_gate(args.near).with_leave_after(args.sleep_after);
        let presence = Presence::new(config.with_arrive_after(Duration::from_millis(1500)));
        KioskRule { presence, seat: Seat::new(args.near), is_awake: true, told: (None, Who::Guest) }
    }

    /// Takes a reading, `None` if it failed; gives what is to be done, and why.
    fn decide(&mut self, now: Duration, faces: Option<&Faces>) -> Option<(&'static str, &'static str)> {
        self.seat.update(now, faces);
        match self.presence.update(now, faces)? {
            Arrived { .. } => (!replace(&mut self.is_awake, true)).then_some(("wake", "somebody sits down")),
            Left { .. } => replace(&mut self.is_awake, false).then_some(("sleep", "nobody sits here")),
            _ => Some(("blind", "it sees nothing, so the display stays as it is")),
        }
    }

    /// Whose settings are to be loaded now.
    fn person(&mut self) -> Option<Who> {
        self.told.0.take_if(|_| !self.is_awake);
        let who = self.seat.who(self.told.0).filter(|_| self.presence.outcome().is_present())?;
        let (here, before) = replace(&mut self.told, (Some(who), who));
        (if who == Who::Guest { before != who } else { here != Some(who) }).then_some(who)
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
    let (mut program, mut rule) = (Program::start(options, display.setup()?)?, KioskRule::new(display));
    while let Some(reading) = program.read()? {
        if let Some((act, why)) = rule.decide(reading.at, reading.faces()) {
            program.run(act, why, display.command(act), &[])?;
        }
        if let Some(who) = rule.person() {
            let variables = [("MLSENSOR_ID", who.id())];
            program.run("person", &format!("settings of {who}"), display.command("person"), &variables)?;
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
    use mlsensor::{Bounds, Face, Identity, PersonId};

    fn face(left: u8, width: u8, id: Option<u8>, is_facing: bool) -> Face {
        let identity = id.map(|id| Identity::new(PersonId::new(id).unwrap(), 90).unwrap());
        Face::new(Bounds::new(left, 100, left + width, 140).unwrap(), 90, identity, is_facing).unwrap()
    }

    fn somebody(width: u8, id: Option<u8>) -> Option<Faces> {
        Faces::new(&[face(100, width, id, true)]).ok()
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
            let person = rule.person().map(|who| (tenth, format!("person {}", who.id())));
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
    fn a_guest_does_not_find_the_settings_of_somebody_else_and_is_said_once() {
        let (known, guest) = (somebody(30, Some(2)), somebody(40, None));
        let parts = [(100, known), (30, NOBODY), (100, guest), (30, NOBODY), (100, guest)];
        let moments = acts(&parts);
        assert_eq!(names(&moments), ["person 2", "person guest"]);
        assert!((160..=175).contains(&moments[1].0), "three seconds after they sat down: {moments:?}");
        let parts = [(100, known), (300, NOBODY), (100, guest), (30, NOBODY), (100, known)];
        let names_of = |parts| names(&acts(parts)).into_iter().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(names_of(&parts), ["person 2", "sleep", "wake", "person guest", "person 2"]);
    }

    #[test]
    fn who_turns_away_may_be_known_and_is_no_guest() {
        let turned = Faces::new(&[face(100, 40, None, false)]).ok();
        assert_eq!(names(&acts(&[(100, somebody(30, Some(2))), (30, NOBODY), (300, turned)])), ["person 2"]);
    }

    #[test]
    fn who_looks_over_a_shoulder_is_not_who_sits_there() {
        let two =
            |width, other| Faces::new(&[face(60, 30, Some(2), true), face(150, width, other, true)]).ok();
        for other in [None, Some(5)] {
            assert_eq!(names(&acts(&[(100, somebody(30, Some(2))), (100, two(20, other))])), ["person 2"]);
        }
        // Nearer for a second and a half, and then for good.
        let leans = acts(&[(100, two(20, None)), (15, two(40, None)), (100, two(20, None))]);
        assert_eq!(names(&leans), ["person 2"]);
        assert_eq!(names(&acts(&[(100, two(20, None)), (100, two(40, None))])), ["person 2", "person guest"]);
        assert_eq!(
            names(&acts(&[(100, two(20, Some(5))), (100, two(40, Some(5)))])),
            ["person 2", "person 5"]
        );
    }

    #[test]
    fn who_sits_beside_somebody_who_is_known_does_not_take_their_seat_packet_by_packet() {
        let two = |widths: [u8; 2]| {
            let [left, right] = widths;
            Faces::new(&[face(60, left, Some(2), true), face(150, right, Some(5), true)]).ok()
        };
        // Each is the nearer one for a second and a half, in turns.
        let turns: Vec<_> =
            (0..40).map(|turn| (15, two(if turn % 2 == 0 { [30, 40] } else { [40, 30] }))).collect();
        assert_eq!(names(&acts(&turns)), ["person 5"]);
        // And then for good.
        let moments = acts(&[&turns[..], &[(100, two([40, 30]))]].concat());
        assert_eq!(names(&moments), ["person 5", "person 2"]);
        assert!((600..=640).contains(&moments[1].0), "{moments:?}");
    }

    #[test]
    fn whom_the_sensor_does_not_know_no_settings_are_loaded_for() {
        assert_eq!(acts(&[(100, somebody(30, None))]), []);
    }
}
