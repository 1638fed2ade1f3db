//! A fan that turns on when somebody faces it, and off when they look away for a while.

use std::{process::ExitCode, time::Duration};

use clap::Parser;
use mlsensor::Faces;
use mlsensor_examples::fan_output::{Fan, FanArgs};
use mlsensor_examples::program::{self, Failure, Options, Program, Setup};

/// The decision. On: faced for 0.6 s, in which up to 0.3 s may be missing between two looks. Off: not faced for 2 s.
/// And off after 1 s without a reading: what cannot see must not keep a fan running.
#[derive(Debug, Default)]
struct FanRule {
    is_on: bool,
    read: Duration,
    faced: Option<(Duration, Duration)>, // since when, and last when
}

impl FanRule {
    /// Takes a reading, `None` if it failed; gives the reason when the fan is to be switched.
    fn decide(&mut self, now: Duration, faces: Option<&Faces>) -> Option<&'static str> {
        if let Some(faces) = faces {
            let before = std::mem::replace(&mut self.read, now);
            if faces.facing().next().is_some() {
                let gap = |last| Duration::from_millis(if last == before { 999 } else { 300 });
                let look = self.faced.filter(|&(_, last)| self.is_on || now - last <= gap(last));
                self.faced = Some((look.map_or(now, |(since, _)| since), now));
            }
        }
        let is_blind = now - self.read >= Duration::from_secs(1);
        let (since, last) = self.faced?;
        if is_blind || now - last >= Duration::from_secs(2) {
            self.faced = None;
            let was_on = std::mem::take(&mut self.is_on);
            return was_on.then_some(if is_blind { "no reading for 1 s" } else { "not faced for 2 s" });
        }
        let turns_on = !self.is_on && last == now && last - since >= Duration::from_millis(600);
        self.is_on |= turns_on;
        turns_on.then_some("faced for 0.6 s")
    }

    /// The speed in percent, 0 for off: the further away who faces it, the faster. `None`: as it was.
    fn speed(&self, faces: Option<&Faces>) -> Option<u8> {
        let nearest = || faces?.facing().filter_map(|face| face.bounds().distance_mm()).min();
        if self.is_on { nearest().map(|mm| (mm / 25).clamp(30, 100) as u8) } else { Some(0) }
    }
}

/// Turns on a fan when somebody faces the sensor. Without options it runs on a simulated sensor, so no hardware is
/// needed: a person walks up, faces it, turns away and leaves.
#[derive(Parser)]
#[command(name = "fan", version, after_help = include_str!("fan.help.txt"))]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    fan: FanArgs,
}

fn main() -> ExitCode {
    program::run(drive)
}

fn drive(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut fan = Fan::open(&arguments.fan)?;
    let mut program = Program::start(&arguments.options, Setup::default())?;
    let mut rule = FanRule::default();
    while let Some(reading) = program.read()? {
        let why = rule.decide(reading.at, reading.faces());
        let speed = rule.speed(reading.faces());
        speed.map_or(Ok(()), |percent| fan.set(percent))?;
        if let Some(why) = why {
            let event = if rule.is_on { "fan on" } else { "fan off" };
            program.event_with(event, ("speed_percent", speed.unwrap_or(100)), why, Some(&reading))?;
        }
    }
    fan.set(0)?;
    program.end(rule.is_on.then_some("fan off"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsensor::{Bounds, Face};

    const NOBODY: Option<Faces> = Some(Faces::EMPTY);

    fn face(width: u8, is_facing: bool) -> Option<Faces> {
        let bounds = Bounds::new(100, 100, 100 + width, 140).unwrap();
        Faces::new(&[Face::new(bounds, 90, None, is_facing).unwrap()]).ok()
    }

    /// Feeds a reading each 100 ms; the time in tenths of a second and the reason of each switch.
    fn switches(readings: impl IntoIterator<Item = Option<Faces>>) -> Vec<(u64, bool, &'static str)> {
        let mut rule = FanRule::default();
        let decide = |(tenth, faces): (u64, Option<Faces>)| {
            let why = rule.decide(Duration::from_millis(tenth * 100), faces.as_ref())?;
            Some((tenth, rule.is_on, why))
        };
        (0..).zip(readings).filter_map(decide).collect()
    }

    fn times<T: Clone>(count: usize, reading: &T) -> Vec<T> {
        vec![reading.clone(); count]
    }

    #[test]
    fn it_turns_on_after_being_faced_and_off_after_being_turned_away_from() {
        let readings = [times(10, &face(20, true)), times(30, &face(20, false))].concat();
        assert_eq!(switches(readings), [(6, true, "faced for 0.6 s"), (29, false, "not faced for 2 s")]);
    }

    #[test]
    fn a_face_that_does_not_face_it_does_nothing() {
        assert_eq!(switches(times(100, &face(20, false))), []);
    }

    #[test]
    fn a_false_face_of_three_inferences_does_not_turn_it_on() {
        let burst = [times(4, &face(20, true)), times(20, &NOBODY)].concat();
        assert_eq!(switches([burst.clone(), burst.clone(), burst].concat()), []);
    }

    #[test]
    fn a_packet_missed_here_and_there_does_not_matter() {
        let readings = (0..100).map(|i| if i % 3 == 1 { NOBODY } else { face(20, true) });
        assert_eq!(switches(readings), [(6, true, "faced for 0.6 s")]);
    }

    #[test]
    fn no_reading_is_not_nobody_and_yet_turns_it_off_for_safety() {
        let short = [times(8, &face(20, true)), times(9, &None), times(20, &face(20, true))].concat();
        assert_eq!(switches(short), [(6, true, "faced for 0.6 s")]);
        let long = [times(8, &face(20, true)), times(30, &None)].concat();
        assert_eq!(switches(long), [(6, true, "faced for 0.6 s"), (17, false, "no reading for 1 s")]);
    }

    #[test]
    fn of_two_reasons_at_once_that_it_sees_nothing_comes_first() {
        let mut rule = FanRule::default();
        for ms in [0, 300, 600] {
            rule.decide(Duration::from_millis(ms), face(20, true).as_ref());
        }
        assert!(rule.is_on);
        assert_eq!(rule.decide(Duration::from_millis(3000), None), Some("no reading for 1 s"));
    }

    #[test]
    fn after_a_blind_time_it_takes_a_whole_look_to_turn_it_on_again() {
        let readings = [times(8, &face(20, true)), times(12, &None), times(8, &face(20, true))].concat();
        assert_eq!(switches(readings).last(), Some(&(26, true, "faced for 0.6 s")));
    }

    #[test]
    fn the_further_away_the_faster() {
        let rule = FanRule { is_on: true, ..FanRule::default() };
        assert_eq!(rule.speed(face(40, true).as_ref()), Some(30));
        assert_eq!(rule.speed(face(20, true).as_ref()), Some(40));
        assert_eq!(rule.speed(face(5, true).as_ref()), Some(100));
        assert_eq!(rule.speed(None), None);
        assert_eq!(FanRule::default().speed(face(5, true).as_ref()), Some(0));
    }
}
