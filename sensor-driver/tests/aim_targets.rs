//! Whom `Aim` follows, for how long, and what it does when nobody is there any more.

use std::time::Duration;

use mlsensor::behavior::{Aim, AimConfig, AimState, Choice, Direction, Mount, TrackId, Tracker, WhenLost};
use mlsensor::{Bounds, Face, Faces, Identity, PersonId};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Somebody: where in view units from the left, how wide, and who, if recognition says so.
#[derive(Clone, Copy)]
struct Somebody(u8, u8, Option<u8>);

fn face(Somebody(x, width, who): Somebody) -> Face {
    let half = width / 2;
    let bounds = Bounds::new(x - half, 128 - half, x + half, 128 + half).unwrap();
    let identity = who.map(|id| Identity::new(PersonId::new(id).unwrap(), 90).unwrap());
    Face::new(bounds, 90, identity, true).unwrap()
}

/// A sensor that stands beside the head, so that nobody moves when the head does.
struct Stage {
    aim: Aim,
    tracker: Tracker,
    now: Duration,
}

impl Stage {
    fn new(config: AimConfig) -> Stage {
        Stage { aim: Aim::new(config), tracker: Tracker::default(), now: ms(0) }
    }

    fn fixed(config: AimConfig) -> Stage {
        Stage::new(config.with_mount(Mount::Fixed))
    }

    /// Lets time pass with these in the picture; they twitch by a unit, as every packet differs.
    fn show(&mut self, for_ms: u64, people: &[Somebody]) {
        self.run(for_ms, |twitch| {
            let faces: Vec<Face> =
                people.iter().map(|&Somebody(x, w, who)| face(Somebody(x + twitch, w, who))).collect();
            Some(Faces::new(&faces).unwrap())
        });
    }

    fn fail(&mut self, for_ms: u64) {
        self.run(for_ms, |_| None);
    }

    /// Reads each 140 ms, turns each 20 ms.
    fn run(&mut self, for_ms: u64, reading: impl Fn(u8) -> Option<Faces>) {
        let until = self.now + ms(for_ms);
        while self.now < until {
            let tick = self.now.as_millis() as u64;
            if tick % 140 == 0 {
                let reading = reading((tick / 140 % 2) as u8);
                self.tracker.update_from(self.now, self.aim.view(self.now), reading.as_ref());
            }
            self.aim.update(self.now, &self.tracker);
            self.now += ms(20);
        }
    }

    fn followed(&self) -> Option<TrackId> {
        match self.aim.state() {
            AimState::Following(id) => Some(id),
            _ => None,
        }
    }

    /// The middle of the followed face, in view units from the left.
    fn followed_at(&self) -> Option<u8> {
        let track = self.tracker.get(self.followed()?)?;
        Some(track.bounds().center().0)
    }

    fn pan(&self) -> i32 {
        self.aim.direction().pan_millideg
    }
}

fn near(at: Option<u8>, wanted: u8) -> bool {
    at.is_some_and(|at| at.abs_diff(wanted) <= 3)
}

const KEPT: Duration = ms(4000);
const LEFT_SMALL: Somebody = Somebody(60, 20, None);
const RIGHT_LARGE: Somebody = Somebody(180, 50, None);

#[test]
fn the_largest_is_followed() {
    let mut stage = Stage::fixed(AimConfig::DEFAULT);
    stage.show(1500, &[LEFT_SMALL, RIGHT_LARGE]);
    assert!(near(stage.followed_at(), 180), "{:?}", stage.followed_at());
}

#[test]
fn a_false_face_turns_nothing() {
    let mut stage = Stage::fixed(AimConfig::DEFAULT);
    stage.show(1500, &[]);
    stage.show(420, &[RIGHT_LARGE]); // three packets
    stage.show(3000, &[]);
    assert_eq!((stage.followed(), stage.aim.direction()), (None, Direction::AHEAD));
}

#[test]
fn the_nearest_to_where_it_points_is_followed() {
    let config = AimConfig::DEFAULT.with_choice(Choice::Nearest, KEPT);
    let mut stage = Stage::fixed(config);
    stage.show(1500, &[Somebody(110, 20, None), RIGHT_LARGE]);
    assert!(near(stage.followed_at(), 110));
    let mut stage = Stage::fixed(config.with_rest(Direction::new(25_000, 0)));
    stage.show(1500, &[Somebody(110, 20, None), RIGHT_LARGE]);
    assert!(near(stage.followed_at(), 180));
}

#[test]
fn a_larger_one_who_comes_later_has_to_wait() {
    let mut stage = Stage::fixed(AimConfig::DEFAULT);
    stage.show(1500, &[LEFT_SMALL]);
    let first = stage.followed();
    assert!(first.is_some());
    stage.show(2500, &[LEFT_SMALL, RIGHT_LARGE]); // it has followed for no more than 4 s
    assert_eq!(stage.followed(), first);
    stage.show(1500, &[LEFT_SMALL, RIGHT_LARGE]);
    assert!(near(stage.followed_at(), 180));
}

#[test]
fn two_who_are_alike_do_not_take_turns() {
    let mut stage = Stage::fixed(AimConfig::DEFAULT);
    stage.show(1500, &[Somebody(60, 30, None), Somebody(180, 30, None)]);
    let first = stage.followed();
    assert!(first.is_some());
    // Now the one is a little nearer, now the other.
    for turn in 0..20 {
        let (a, b) = if turn % 2 == 0 { (32, 30) } else { (30, 32) };
        stage.show(5040, &[Somebody(60, a, None), Somebody(180, b, None)]);
        assert_eq!(stage.followed(), first, "turn {turn}");
    }
}

#[test]
fn who_is_known_is_followed_at_once_and_the_largest_while_they_are_not_there() {
    let wanted = Somebody(60, 20, Some(3));
    let config = AimConfig::DEFAULT.with_choice(Choice::Person(PersonId::new(3).unwrap()), KEPT);
    let mut stage = Stage::fixed(config);
    stage.show(1500, &[RIGHT_LARGE]);
    assert!(near(stage.followed_at(), 180));
    stage.show(1500, &[RIGHT_LARGE, wanted]); // less than 4 s after the other one
    assert!(near(stage.followed_at(), 60));
    stage.show(20_000, &[RIGHT_LARGE, wanted]);
    assert!(near(stage.followed_at(), 60), "they are kept for as long as they are there");
    stage.show(3000, &[RIGHT_LARGE]);
    assert!(near(stage.followed_at(), 180));
}

#[test]
fn who_is_missed_for_a_moment_is_not_given_up() {
    let mut stage = Stage::fixed(AimConfig::DEFAULT);
    stage.show(6000, &[RIGHT_LARGE, LEFT_SMALL]);
    let first = stage.followed();
    stage.show(840, &[LEFT_SMALL]);
    assert_eq!(stage.followed(), first);
    stage.show(1400, &[LEFT_SMALL]);
    assert!(near(stage.followed_at(), 60), "who is gone is");
}

#[test]
fn who_is_gone_already_is_not_turned_to() {
    let mut stage = Stage::fixed(AimConfig::DEFAULT);
    stage.show(3080, &[LEFT_SMALL]);
    let first = stage.followed();
    stage.show(1260, &[LEFT_SMALL, RIGHT_LARGE]); // less than 4 s of the first one
    stage.show(1260, &[LEFT_SMALL]); // now more than 4 s, and the other one is still a track
    assert_eq!(stage.tracker.tracks().count(), 2);
    assert_eq!(stage.followed(), first);
}

#[test]
fn each_loss_is_a_new_one() {
    let mut stage = Stage::fixed(AimConfig::DEFAULT.with_when_lost(WhenLost::Return(ms(5000))));
    for _ in 0..3 {
        stage.show(3080, &[RIGHT_LARGE]);
        assert!(stage.followed().is_some());
        stage.show(6020, &[]); // the track lives for 1.5 s, so this is less than 5 s
        assert_eq!(stage.aim.state(), AimState::Holding);
    }
}

#[test]
fn blind_it_stays_and_afterwards_goes_on() {
    let mut stage = Stage::fixed(AimConfig::DEFAULT);
    stage.show(3000, &[RIGHT_LARGE]);
    stage.fail(1620);
    let (pan, state) = (stage.pan(), stage.aim.state());
    assert_eq!(state, AimState::Blind);
    stage.fail(60_000);
    assert_eq!((stage.pan(), stage.aim.state()), (pan, AimState::Blind));
    stage.show(1500, &[LEFT_SMALL]);
    assert!(near(stage.followed_at(), 60));
}

#[test]
fn lost_it_holds_or_returns() {
    for (when_lost, after_9_s, after_30_s) in [
        (WhenLost::Hold, AimState::Holding, AimState::Holding),
        (WhenLost::Return(ms(10_000)), AimState::Holding, AimState::Returning),
        (WhenLost::Search(ms(10_000)), AimState::Holding, AimState::Returning), // it stands fixed
    ] {
        let rest = Direction::new(-10_000, 5_000);
        let mut stage = Stage::fixed(AimConfig::DEFAULT.with_when_lost(when_lost).with_rest(rest));
        stage.show(3000, &[RIGHT_LARGE]);
        let there = stage.aim.direction();
        stage.show(9_000, &[]);
        assert_eq!((stage.aim.state(), stage.aim.direction()), (after_9_s, there), "{when_lost:?}");
        stage.show(21_000, &[]);
        let at_last = if after_30_s == AimState::Holding { there } else { rest };
        assert_eq!((stage.aim.state(), stage.aim.direction()), (after_30_s, at_last), "{when_lost:?}");
    }
}

#[test]
fn it_searches_from_limit_to_limit_and_first_where_they_went() {
    for (way, first, then) in [(-1, -60_000, 70_000), (1, 70_000, -60_000)] {
        let pan = AimConfig::DEFAULT.pan.with_range(-60_000, 70_000);
        let config = AimConfig::DEFAULT.with_pan(pan).with_when_lost(WhenLost::Search(ms(1000)));
        let mut stage = Stage::new(config);
        // They walk out of the picture: a sensor on the head sees them go off as the head lags.
        for step in 0..10_u8 {
            let x = if way < 0 { 128 - 4 * step } else { 128 + 4 * step };
            stage.show(140, &[Somebody(x, 30, None)]);
        }
        let mut turns = vec![];
        for _ in 0..1500 {
            stage.show(20, &[]);
            if stage.aim.state() == AimState::Searching && (stage.pan() == -60_000 || stage.pan() == 70_000) {
                turns.push(stage.pan());
            }
        }
        turns.dedup();
        assert_eq!(turns.get(..2), Some([first, then].as_slice()), "went {way}: {turns:?}");
    }
}

#[test]
fn a_search_ends_when_somebody_is_found() {
    let mut stage = Stage::new(AimConfig::DEFAULT.with_when_lost(WhenLost::Search(ms(0))));
    stage.show(1400, &[]);
    assert_eq!(stage.aim.state(), AimState::Searching);
    stage.show(1400, &[Somebody(128, 30, None)]);
    assert!(stage.followed().is_some());
}

#[test]
fn of_two_with_the_same_id_the_one_that_is_followed_is_kept() {
    // Seen in a captured packet: two faces, both of id 0.
    let mut stage = Stage::fixed(AimConfig::DEFAULT.with_choice(Choice::Person(PersonId::ALL[2]), KEPT));
    stage.show(1500, &[Somebody(60, 30, Some(2)), Somebody(180, 40, Some(2))]);
    let kept = stage.followed();
    assert!(near(stage.followed_at(), 180));
    stage.show(1500, &[Somebody(60, 40, Some(2)), Somebody(180, 30, Some(2))]);
    assert_eq!(stage.followed(), kept);
}

#[test]
fn nearest_counts_both_ways() {
    let mut stage = Stage::fixed(AimConfig::DEFAULT.with_choice(Choice::Nearest, KEPT));
    stage.run(1500, |twitch| {
        let at = |x: u8, y: u8| {
            let bounds = Bounds::new(x + twitch - 15, y - 15, x + twitch + 15, y + 15).unwrap();
            Face::new(bounds, 90, None, true).unwrap()
        };
        Some(Faces::new(&[at(140, 225), at(170, 128)]).unwrap())
    });
    assert!(near(stage.followed_at(), 170), "{:?}", stage.followed_at());
}
