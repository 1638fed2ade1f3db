//! Locks the screen when nobody is in front of it, and warns first.

use std::{mem, process::ExitCode, time::Duration};

use clap::Parser;
use mlsensor::Faces;
use mlsensor::behavior::{Presence, PresenceConfig as Config, PresenceEvent::*};
use mlsensor_examples::program::{self, Failure, Options, Program};
use mlsensor_examples::screen_commands::LockArgs;

/// The decision: who was here and is seen no more is warned, and then the screen is locked. No reading is not nobody: blind,
/// it does nothing. And it locks only after somebody was here, so a sensor that looks at the ceiling locks nobody out.
struct LockRule {
    presence: Presence,
    warn_after: Duration,
    is_here: bool,
    is_warned: bool,
}

impl LockRule {
    fn new(args: &LockArgs) -> LockRule {
        let presence = Presence::new(Config::DEFAULT.with_gate(args.near).with_leave_after(args.lock_after));
        LockRule { presence, warn_after: args.warn_after(), is_here: false, is_warned: false }
    }

    /// Takes a reading, `None` if it failed, and if it is time to try again; gives what is to be done, and why.
    fn decide(&mut self, now: Duration, faces: Option<&Faces>, due: bool) -> Option<[&'static str; 2]> {
        match self.presence.update(now, faces) {
            Some(Lost { .. }) => return Some(["blind", "it sees nothing, so it locks nothing"]),
            Some(Arrived { .. }) => self.is_here = true,
            Some(Left { .. }) if mem::take(&mut self.is_here) => return Some(["lock", "nobody is here"]),
            _ if due && self.presence.outcome().is_absent() => return Some(["lock", "the last try failed"]),
            _ => {}
        }
        let warns = self.is_here && now.saturating_sub(self.presence.last_seen()?) >= self.warn_after;
        match (faces.map(|_| mem::replace(&mut self.is_warned, warns))?, warns) {
            (false, true) => Some(["warn", "nobody is seen"]),
            (true, false) if self.is_here => Some(["back", "somebody is seen again"]),
            _ => None,
        }
    }
}

/// Who looks at the screen besides the first: two people are too many, whoever is who.
fn others(faces: &Faces) -> Option<Faces> {
    Faces::new(&faces.facing().skip(1).copied().collect::<Vec<_>>()).ok()
}

/// Locks the screen when nobody is in front of it. Without options it runs on a simulated sensor and only says what it
/// would do: somebody works at a desk, is looked over the shoulder, goes for coffee and comes back.
#[derive(Parser)]
#[command(name = "screen_lock", version, after_help = include_str!("screen_lock.help.txt"))]
#[command(mut_arg("source", |source| source.default_value("sim:desk")))]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    lock: LockArgs,
}

fn main() -> ExitCode {
    program::run(|arguments: &Arguments| drive(&arguments.options, &arguments.lock))
}

fn drive(options: &Options, lock: &LockArgs) -> Result<ExitCode, Failure> {
    let (mut program, mut rule) = (Program::start(options, lock.setup()?)?, LockRule::new(lock));
    let mut second = Presence::new(Config::DEFAULT.with_arrive_after(Duration::from_secs(1)));
    while let Some(reading) = program.read()? {
        let event = second.update(reading.at, reading.faces().and_then(others).as_ref());
        if let (Some(Arrived { .. }), true) = (event, lock.shoulder) {
            program.run("shoulder", "a second person looks at it", lock.command("shoulder"), &[])?;
        }
        let due = program.failed_before("lock", lock.lock_after);
        if let Some([act, why]) = rule.decide(reading.at, reading.faces(), due) {
            program.run(act, why, lock.command(act), &[])?;
        }
    }
    program.end(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsensor::{Bounds, Face};

    /// Faces of 30 units (about 0.7 m away) that face the sensor, a packet.
    fn people(count: usize, width: u8) -> Option<Faces> {
        let bounds =
            |place: usize| Bounds::new(40 * place as u8, 100, 40 * place as u8 + width, 140).unwrap();
        let faces: Vec<Face> = (0..count).map(|at| Face::new(bounds(at), 90, None, true).unwrap()).collect();
        Faces::new(&faces).ok()
    }

    /// Feeds readings for so many seconds each, one each 100 ms; what it does, and when in tenths of a second.
    fn acts(parts: &[(u64, Option<Faces>)]) -> Vec<(u64, &'static str)> {
        acts_with(&[], false, parts)
    }

    /// With these options; and if every lock fails, as it is seen some time before.
    fn acts_with(
        args: &[&str],
        has_failed: bool,
        parts: &[(u64, Option<Faces>)],
    ) -> Vec<(u64, &'static str)> {
        use clap::Args as _;

        let command = LockArgs::augment_args(clap::Command::new("test"));
        let matches = command.get_matches_from([&["test"], args].concat());
        let mut second = Presence::new(Config::DEFAULT.with_arrive_after(Duration::from_secs(1)));
        let mut rule = LockRule::new(&clap::FromArgMatches::from_arg_matches(&matches).unwrap());
        let readings =
            parts.iter().flat_map(|(seconds, faces)| std::iter::repeat_n(faces, *seconds as usize * 10));
        let decide = |(tenth, faces): (u64, &Option<Faces>)| {
            let now = Duration::from_millis(tenth * 100);
            let event = second.update(now, faces.as_ref().and_then(others).as_ref());
            let shoulder = matches!(event, Some(Arrived { .. })).then_some("shoulder");
            let act = shoulder.or_else(|| Some(rule.decide(now, faces.as_ref(), has_failed)?[0]));
            act.map(|act| (tenth, act))
        };
        (0..).zip(readings).filter_map(decide).collect()
    }

    #[test]
    fn who_leaves_is_warned_for_and_then_locked_out() {
        let (here, gone) = (people(1, 30), people(0, 30));
        assert_eq!(acts(&[(10, here), (60, gone)]), [(199, "warn"), (250, "lock")]);
    }

    #[test]
    fn who_comes_back_in_time_is_not_locked_out() {
        let (here, gone) = (people(1, 30), people(0, 30));
        assert_eq!(acts(&[(10, here), (14, gone), (20, here)]), [(199, "warn"), (240, "back")]);
    }

    #[test]
    fn who_is_to_be_warned_longer_than_it_takes_to_lock_is_warned_halfway_and_not_while_here() {
        for before in ["4", "5", "60"] {
            let moments = acts_with(
                &["--lock-after", "4", "--warn-before", before],
                false,
                &[(10, people(1, 30)), (60, people(0, 30))],
            );
            assert_eq!(moments, [(119, "warn"), (140, "lock")], "{before}");
        }
    }

    #[test]
    fn a_loose_wire_locks_nobody_out_and_is_said() {
        assert_eq!(acts(&[(10, people(1, 30)), (3600, None)]), [(114, "blind")]);
        let moments =
            acts(&[(10, people(1, 30)), (60, None), (9, people(0, 30)), (60, None), (30, people(1, 30))]);
        assert!(moments.iter().all(|(_, act)| *act != "lock"), "{moments:?}");
    }

    #[test]
    fn who_left_while_it_was_blind_is_locked_out_once_it_is_seen_that_nobody_is_here() {
        let moments = acts(&[(10, people(1, 30)), (60, None), (60, people(0, 30))]);
        assert_eq!(moments, [(114, "blind"), (700, "warn"), (850, "lock")]);
    }

    #[test]
    fn where_nobody_was_seen_nobody_is_locked_out() {
        assert_eq!(acts(&[(3600, people(0, 30))]), []);
        assert_eq!(acts(&[(60, people(1, 5)), (60, people(0, 5))]), [], "too far away to sit here");
    }

    #[test]
    fn it_locks_once_and_again_only_after_somebody_was_here_again() {
        let (here, gone) = (people(1, 30), people(0, 30));
        let moments = acts(&[(10, here), (100, gone), (10, here), (100, gone)]);
        assert_eq!(moments.iter().map(|(_, act)| *act).collect::<Vec<_>>(), ["warn", "lock", "warn", "lock"]);
    }

    /// When the last one failed, so long ago, is for the program to say; here it always did.
    #[test]
    fn a_lock_that_failed_is_tried_again_while_nobody_is_here_and_not_while_it_cannot_tell() {
        let (here, gone) = (people(1, 30), people(0, 30));
        let parts = [(10, here), (16, gone), (10, None), (20, gone), (10, here), (14, gone), (2, None)];
        let moments = acts_with(&[], true, &parts);
        let locks = |from: u64, to: u64| {
            let is_lock = |(at, act): &&(u64, &str)| (from..to).contains(at) && *act == "lock";
            moments.iter().filter(is_lock).count()
        };
        assert!(locks(0, 250) == 0 && locks(250, 260) == 10, "{moments:?}");
        assert!(moments.iter().any(|moment| (260..360).contains(&moment.0) && moment.1 == "blind"));
        // Once it can tell again that nobody is here; and not while somebody is, or may be.
        assert!(locks(280, 510) == 0 && locks(510, 560) > 40 && locks(566, 820) == 0, "{moments:?}");
    }

    #[test]
    fn a_second_person_is_told_of_once_and_a_false_face_is_none() {
        assert_eq!(acts(&[(10, people(1, 30)), (10, people(2, 30))]), [(110, "shoulder")]);
        assert_eq!(acts(&[(10, people(1, 30)), (1, people(2, 30)), (10, people(1, 30))]), []);
    }
}
