//! A head that keeps looking at you; with --fan, a fan that always points at you and blows while you face it.

use std::{process::ExitCode, time::Duration};

use clap::Parser;
use mlsensor::Faces;
use mlsensor::behavior::{Aim, Attention, Direction, Tracker};
use mlsensor_example_rules::fan::{FAN_ATTENTION, Frozen, fan_event, speed_percent};
use mlsensor_examples::fan_output::{Fan, FanArgs, only_with_fan};
use mlsensor_examples::head_output::{Head, HeadArgs, word_of};
use mlsensor_examples::picture::{dial, drawn};
use mlsensor_examples::program::{self, Failure, Options, Program, Setup, Turn};

/// The decision: one person at a time, seen from where the head looked then; an angle each 20 ms. Blind, it stays.
struct FollowRule {
    tracker: Tracker,
    aim: Aim,
    told: (&'static str, i32),
}

impl FollowRule {
    /// Takes a reading, `None` if it failed.
    fn see(&mut self, now: Duration, faces: Option<&Faces>) {
        self.tracker.update_from(now, self.aim.view(now), faces);
    }

    /// The angles to command now; what the head does, when that is news: another thing, or ten degrees further.
    fn turn(&mut self, now: Duration) -> (Direction, Option<&'static str>) {
        let (angles, state) = (self.aim.update(now, &self.tracker), word_of(self.aim.state()));
        let is_news = self.told.0 != state || (self.told.1 - angles.pan_millideg).abs() >= 10_000;
        self.told = if is_news { (state, angles.pan_millideg) } else { self.told };
        (angles, is_news.then_some(state))
    }
}

/// Turns a head, on which the sensor sits, toward somebody. Without options it runs on a simulated sensor: a person walks
/// up and leaves. In a terminal it draws what the sensor sees and where it points.
#[derive(Parser)]
#[command(name = "follow", version, after_help = include_str!("follow.help.txt"))]
#[command(mut_args(only_with_fan))]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    head: HeadArgs,
    /// Carry a fan on the head, which is on while somebody faces it
    #[arg(long)]
    fan: bool,
    #[command(flatten)]
    fan_output: FanArgs,
}

fn main() -> ExitCode {
    program::run(drive)
}

fn drive(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let (mut head, mut fan) = (Head::open(&arguments.head)?, Fan::open(&arguments.fan_output)?);
    let mut program = Program::start(&arguments.options, Setup { draws: true, ..Setup::default() })?;
    let mut rule = FollowRule { tracker: Tracker::default(), aim: head.aim(&program), told: ("blind", 0) };
    let (mut frozen, mut attention) = (Frozen::default(), Attention::new(FAN_ATTENTION));
    while let Some(turn) = program.next(Some(program.now() + Duration::from_millis(20)))? {
        let (angles, news) = rule.turn(program.now());
        head.point(&program, angles)?;
        if let Some(news) = news {
            program.event(news, &angles.to_string(), None)?;
        }
        let Turn::Reading(reading) = &turn else { continue };
        rule.see(reading.at, frozen.filter(reading.at, reading.faces()));
        program.paint(|| drawn(reading, &dial(angles)))?;
        let event = fan_event(&mut attention, reading.at, &rule.tracker, &frozen);
        let speed = speed_percent(&attention);
        fan.set(speed)?; // nowhere, without --fan
        if let Some((event, why)) = event.filter(|_| arguments.fan) {
            program.event_with(event, ("speed_percent", speed), why, Some(reading))?;
        }
    }
    fan.set(0)?;
    program.end((arguments.fan && attention.look().is_some()).then_some("fan off"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsensor::behavior::AimConfig;
    use mlsensor::{Bounds, Face};

    /// A rule whose head has turned for so many steps of 20 ms, with a reading each 100 ms of who stands at this bearing
    /// of the room; what it told.
    fn after(steps: u64, bearing_deg: impl Fn(u64) -> Option<i32>) -> (FollowRule, Vec<(u64, &'static str)>) {
        let aim = Aim::new(AimConfig::DEFAULT);
        let mut rule = FollowRule { tracker: Tracker::default(), aim, told: ("blind", 0) };
        // Where the head pointed, step by step: the sensor sees 200 ms later.
        let (mut pointed, mut told) = (vec![0; 10], vec![]);
        for step in 0..steps {
            let now = Duration::from_millis(step * 20);
            let (angles, news) = rule.turn(now);
            told.extend(news.map(|news| (step, news)));
            pointed.push(angles.pan_millideg);
            if step % 5 == 0 {
                let head_deg = pointed[pointed.len() - 11] / 1000;
                rule.see(now, bearing_deg(step).map(|bearing| seen_at(bearing - head_deg, step)).as_ref());
            }
        }
        (rule, told)
    }

    /// Somebody at this bearing off the lens axis: 256 units are 110 degrees.
    fn seen_at(bearing_deg: i32, step: u64) -> Faces {
        let center = 127 + bearing_deg * 255 / 110;
        // No two packets are alike, as with a living person.
        let (left, bottom) = ((center - 10) as u8, 140 + (step / 5 % 2) as u8);
        let bounds = Bounds::new(left, 115, left + 20, bottom).unwrap();
        Faces::new(&[Face::new(bounds, 90, None, true).unwrap()]).unwrap()
    }

    #[test]
    fn it_turns_to_somebody_and_rests_there() {
        let (rule, told) = after(500, |_| Some(30));
        let pan_deg = rule.aim.direction().pan_millideg / 1000;
        assert!((25..=35).contains(&pan_deg), "{pan_deg}");
        let after_4_s = told.iter().filter(|(step, _)| *step > 200).count();
        assert_eq!(after_4_s, 0, "it hunts: {told:?}");
    }

    #[test]
    fn blind_it_stays_as_it_is_and_says_so_once() {
        let (rule, told) = after(1500, |step| (step < 300).then_some(-30));
        let pan_deg = rule.aim.direction().pan_millideg / 1000;
        assert!((-35..=-25).contains(&pan_deg), "{pan_deg}");
        assert_eq!(told.iter().filter(|(_, what)| *what == "blind").count(), 1, "{told:?}");
        assert_eq!(told.last().unwrap().1, "blind");
    }

    #[test]
    fn that_it_has_seen_nothing_yet_is_no_news() {
        assert_eq!(after(100, |_| None).1, []);
    }
}
