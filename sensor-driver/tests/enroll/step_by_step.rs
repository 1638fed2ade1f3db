//! The machine alone, reading by reading: what a simulator seldom does.

use std::time::Duration;

use mlsensor::behavior::{
    Enroll, EnrollConfig, EnrollProgress, Enrolled, Erase, Gate, GaveUp, GaveUpReason, Step,
};
use mlsensor::{Bounds, Command, Face, Faces, Identity, Mode, PersonId};

use super::WANTED;

pub(super) const OTHER: PersonId = PersonId::ALL[5];
const MODE: Command = Command::Mode(Mode::Continuous);
const ID_ON: Command = Command::EnableId(true);
const LABEL: Command = Command::LabelNextId(WANTED);

/// A face in the middle, facing.
fn face(id: Option<PersonId>) -> Face {
    let bounds = Bounds::new(110, 100, 140, 140).unwrap();
    Face::new(bounds, 90, id.map(|id| Identity::new(id, 70).unwrap()), true).unwrap()
}

pub(super) fn one(id: Option<PersonId>) -> Option<Faces> {
    Faces::new(&[face(id)]).ok()
}

fn turned_away() -> Option<Faces> {
    let face = face(None);
    Faces::new(&[Face::new(face.bounds(), 90, None, false).unwrap()]).ok()
}

/// Runs a machine: what is sent, and when.
struct Run {
    machine: Enroll,
    now: Duration,
    sent: Vec<(Duration, Command)>,
    /// Transfers of this command fail.
    lost: Option<Command>,
}

impl Run {
    fn new(config: EnrollConfig) -> Run {
        let machine = Enroll::with_config(WANTED, config);
        Run { machine, now: Duration::from_secs(50), sent: Vec::new(), lost: None }
    }

    /// This is read for so many milliseconds; the outcome, if it is over.
    fn read_for(&mut self, ms: u64, reading: Option<Faces>) -> Option<Result<Enrolled, GaveUp>> {
        let end = self.now + Duration::from_millis(ms);
        while self.now < end {
            match self.machine.step(self.now) {
                Step::Send(command) => {
                    self.sent.push((self.now, command));
                    self.machine.sent(self.now, self.lost != Some(command));
                }
                Step::Wait(wait) => self.now += wait.min(end - self.now),
                Step::Read => self.machine.update(self.now, reading.as_ref()),
                Step::Over(outcome) => return Some(outcome),
            }
        }
        None
    }

    fn commands(&self) -> Vec<Command> {
        self.sent.iter().map(|(_, command)| *command).collect()
    }

    fn labels(&self) -> usize {
        self.commands().iter().filter(|&&command| command == LABEL).count()
    }

    /// Somebody unknown stands there until a label is sent.
    fn up_to_the_label(config: EnrollConfig) -> Run {
        let mut run = Run::new(config);
        while run.labels() == 0 {
            assert_eq!(run.read_for(10, one(None)), None);
            assert!(run.now < Duration::from_secs(60), "{:?}", run.machine);
        }
        run
    }
}

#[test]
fn recognition_is_turned_on_at_the_beginning_and_once_more_right_before_each_label() {
    let mut run = Run::new(EnrollConfig::DEFAULT);
    let outcome = run.read_for(60_000, one(None)).unwrap();
    assert_eq!(outcome.unwrap_err().reason, GaveUpReason::NotRecognised { recognised: 0, of: 6 });
    assert_eq!(run.commands(), [MODE, ID_ON, ID_ON, LABEL].repeat(3));
    for pair in run.sent.windows(2).filter(|pair| pair[1].1 == LABEL) {
        assert_eq!(pair[0].0, pair[1].0, "at the same moment");
    }
}

#[test]
fn settings_that_cannot_be_made_are_tried_until_there_was_no_reading_for_too_long() {
    for lost in [MODE, ID_ON] {
        let mut run = Run::new(EnrollConfig::DEFAULT);
        run.lost = Some(lost);
        let gave_up = run.read_for(5000, one(None)).unwrap().unwrap_err();
        assert_eq!((gave_up.reason, gave_up.labels_sent), (GaveUpReason::NoReading, 0));
        let tries = run.commands().iter().filter(|&&command| command == lost).count();
        assert!((15..=25).contains(&tries), "{tries} in 2 s");
        run = Run::new(EnrollConfig::DEFAULT);
        run.lost = Some(lost);
        assert_eq!(run.read_for(1000, one(None)), None);
        run.lost = None;
        assert_eq!(run.read_for(4000, one(None)), None);
        assert_eq!(run.labels(), 1, "it goes on from there");
    }
}

/// From the first reading that counts to the label: six readings, 300 ms apart, and a second without a flaw.
#[test]
fn whoever_looks_away_for_a_moment_has_to_hold_still_for_the_whole_time_again() {
    let settle = Duration::from_secs(3);
    let mut run = Run::new(EnrollConfig::DEFAULT.with_settle(settle));
    assert_eq!(run.read_for(3500, one(None)), None);
    assert_eq!(run.read_for(100, turned_away()), None);
    assert_eq!(run.machine.progress(), EnrollProgress::NotFacing);
    let again = run.now;
    assert_eq!(run.read_for(4000, one(None)), None);
    let label = run.sent.iter().find(|(_, command)| *command == LABEL).unwrap().0;
    assert!(label >= again + settle, "{:?} after it", label - again);
}

#[test]
fn what_is_seen_while_the_face_is_turned_away_is_not_counted() {
    let mut run = Run::up_to_the_label(EnrollConfig::DEFAULT);
    assert_eq!(run.read_for(1500, one(Some(WANTED))), None);
    let counted = run.machine.progress();
    assert!(matches!(counted, EnrollProgress::Verifying { recognised: 1..=3, .. }), "{counted:?}");
    assert_eq!(run.read_for(5000, turned_away()), None);
    assert_eq!(run.machine.progress(), EnrollProgress::NotFacing);
    assert!(run.read_for(2000, one(Some(WANTED))).is_some_and(|outcome| outcome.is_ok()));
    assert_eq!(run.labels(), 1);
}

#[test]
fn after_a_label_that_did_not_take_it_is_found_out_anew_who_it_is() {
    let mut run = Run::up_to_the_label(EnrollConfig::DEFAULT);
    let first = run.now;
    assert_eq!(run.read_for(3000, one(None)), None);
    // Had she been labelled late, or were it somebody else by now, a second label would be wrong.
    let outcome = run.read_for(6000, one(Some(OTHER))).unwrap();
    assert_eq!(outcome.unwrap_err().reason, GaveUpReason::KnownAs(OTHER));
    assert_eq!(run.labels(), 1);
    assert!(run.now > first + Duration::from_secs(4));
}

#[test]
fn what_was_counted_before_it_began_again_is_not_counted_again() {
    let mut run = Run::up_to_the_label(EnrollConfig::DEFAULT);
    assert_eq!(run.read_for(1000, one(None)), None);
    assert_eq!(run.read_for(900, one(Some(WANTED))), None);
    assert_eq!(run.read_for(900, one(None)), None);
    let enrolled = run.read_for(5000, one(Some(WANTED))).unwrap().unwrap();
    assert_eq!((enrolled.recognised, enrolled.of), (6, 6));
    assert_eq!((run.labels(), enrolled.labels_sent), (1, 1));
}

#[test]
fn a_face_that_is_taken_for_two_people_in_turn_is_not_labelled() {
    let mut run = Run::new(EnrollConfig::DEFAULT);
    let mut outcome = None;
    for turn in 0.. {
        let id = if turn % 2 == 0 { Some(OTHER) } else { None };
        outcome = run.read_for(300, one(id));
        if outcome.is_some() {
            break;
        }
    }
    assert_eq!(outcome.unwrap().unwrap_err().reason, GaveUpReason::TimedOut(EnrollProgress::Undecided));
    assert_eq!(run.labels(), 0);
}

#[test]
fn a_face_that_is_less_clear_than_the_gate_asks_for_is_not_labelled() {
    let config = EnrollConfig::DEFAULT.with_gate(Gate::OPEN.with_min_confidence(91));
    let mut run = Run::new(config);
    let gave_up = run.read_for(40_000, one(None)).unwrap().unwrap_err();
    assert_eq!(gave_up.reason, GaveUpReason::TimedOut(EnrollProgress::Unclear));
    assert_eq!(run.labels(), 0);
}

#[test]
fn a_pause_without_readings_begins_it_again_and_says_nothing_about_who_left() {
    let mut run = Run::up_to_the_label(EnrollConfig::DEFAULT);
    assert_eq!(run.read_for(2000, one(Some(WANTED))), None);
    assert_eq!(run.read_for(700, None), None);
    assert_eq!(run.machine.progress(), EnrollProgress::NoReading);
    let settings_before = run.commands().len();
    assert_eq!(run.read_for(250, one(Some(WANTED))), None, "whoever that is now");
    assert_eq!(run.commands()[settings_before..], [MODE, ID_ON]);
    assert!(run.read_for(5000, one(Some(WANTED))).is_some_and(|outcome| outcome.is_ok()));

    // Nobody, then no readings, then nobody: in between somebody may have been there.
    let mut run = Run::up_to_the_label(
        EnrollConfig::DEFAULT.with_silence(Duration::from_millis(500), Duration::from_secs(10)),
    );
    assert_eq!(run.read_for(1000, Some(Faces::EMPTY)), None);
    assert_eq!(run.read_for(3000, None), None);
    assert_eq!(run.read_for(1900, Some(Faces::EMPTY)), None);
    assert_eq!(run.read_for(500, Some(Faces::EMPTY)).unwrap().unwrap_err().reason, GaveUpReason::Left);
}

#[test]
fn each_phase_has_the_whole_time_for_the_user() {
    let config = EnrollConfig::DEFAULT.with_guide_timeout(Duration::from_secs(10));
    let mut run = Run::new(config);
    assert_eq!(run.read_for(9000 - 2600, turned_away()), None);
    assert_eq!(run.read_for(2600, one(None)), None);
    assert_eq!(run.labels(), 1);
    assert_eq!(run.read_for(8000, turned_away()), None, "verifying has begun a second ago");
    // Somebody comes by: it begins again, with time of its own.
    let two = Faces::new(&[face(None), face(None)]).ok();
    assert_eq!(run.read_for(9500, two), None);
    let gave_up = run.read_for(2000, two).unwrap().unwrap_err();
    assert_eq!(gave_up.reason, GaveUpReason::TimedOut(EnrollProgress::SeveralPeople(2)));
    assert_eq!(gave_up.labels_sent, 1);
}

#[test]
fn it_is_not_over_before_the_label_has_found_a_face_or_is_discarded() {
    let silence = EnrollConfig::DEFAULT.with_silence(Duration::from_millis(100), Duration::from_millis(300));
    let mut run = Run::up_to_the_label(silence);
    let label = run.sent.last().unwrap().0;
    assert_eq!(run.read_for(5000, None).unwrap().unwrap_err().reason, GaveUpReason::NoReading);
    assert_eq!(run.now, label + Duration::from_secs(1));
}

/// Who is labelled is who was read just before, whatever comes between.
#[test]
fn no_label_is_sent_without_a_look_just_before() {
    // Recognition cannot be turned on again, and meanwhile the person leaves.
    let mut run = Run::new(EnrollConfig::DEFAULT);
    while run.commands().len() < 3 {
        run.lost = if run.commands().len() == 2 { Some(ID_ON) } else { None };
        assert_eq!(run.read_for(10, one(None)), None);
    }
    assert_eq!(run.read_for(50, Some(Faces::EMPTY)), None);
    run.lost = None;
    assert_eq!(run.read_for(3000, Some(Faces::EMPTY)), None);
    assert_eq!(run.commands(), [MODE, ID_ON, ID_ON]);

    // The caller is busy for two seconds, right before the label or right before recognition is turned on again.
    for sent_before in [3, 2] {
        let (mut machine, mut now, mut sent) = (Enroll::new(WANTED), Duration::ZERO, 0);
        loop {
            match machine.step(now) {
                Step::Send(LABEL) => panic!("it was to be stopped before"),
                Step::Send(ID_ON) if sent == sent_before => break,
                Step::Send(_) => {
                    sent += 1;
                    machine.sent(now, true);
                    if sent == 3 {
                        break;
                    }
                }
                Step::Wait(wait) => now += wait,
                Step::Read => machine.update(now, one(None).as_ref()),
                Step::Over(outcome) => panic!("{outcome:?}"),
            }
        }
        let mut other = machine.clone();
        assert_eq!(machine.step(now + Duration::from_secs(2)), Step::Read);
        // A reading that was not asked for says that nobody is there any more.
        other.update(now, Some(&Faces::EMPTY));
        let Step::Wait(wait) = other.step(now) else { panic!("{other:?}") };
        assert_eq!(other.step(now + wait), Step::Read);
    }
}

#[test]
fn readings_that_are_further_apart_than_the_longest_pause_are_still_of_one_person() {
    let slow = EnrollConfig::DEFAULT.with_reading(Duration::from_millis(700), Duration::from_millis(700));
    let mut run = Run::new(slow);
    assert_eq!(run.read_for(6000, one(None)), None);
    assert_eq!(run.labels(), 1);
    assert!(run.read_for(9000, one(Some(WANTED))).is_some_and(|outcome| outcome.is_ok()));
}

#[test]
fn a_second_command_to_erase_is_as_far_from_all_else_as_the_first() {
    let (mut machine, mut now, mut last) = (Erase::default(), Duration::ZERO, Duration::ZERO);
    let mut erased = Vec::new();
    loop {
        match machine.step(now) {
            Step::Send(command) => {
                if command == Command::EraseIds {
                    erased.push(now - last);
                }
                last = now;
                machine.sent(now, true);
            }
            Step::Wait(wait) => now += wait,
            Step::Read => {
                // A read is harmless before, so only what is recognised counts as the last thing after the first.
                machine.update(now, one(Some(OTHER)).as_ref());
                last = if erased.is_empty() { last } else { now };
            }
            Step::Over(outcome) => break assert!(outcome.is_err()),
        }
    }
    assert_eq!(erased.len(), 3);
    assert!(erased.iter().all(|&pause| pause >= Duration::from_secs(1)), "{erased:?}");
}
