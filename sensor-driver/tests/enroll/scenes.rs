//! Who stands where, and what comes of it.

use std::time::Duration;

use mlsensor::behavior::{EnrollConfig, EnrollProgress, GaveUpReason};
use mlsensor::{Config, Mode, PersonId, PersonSensor};
use mlsensor_sim::{Assumptions, KeyPoint, Person, SimBus, SimSensor, Timeline, Walk};

use super::{ANNA, BOB, Room, WANTED, anna, bob, every_assumption};

const OTHER: PersonId = PersonId::ALL[1];

#[test]
fn somebody_alone_in_front_of_the_sensor_is_enrolled_at_once() {
    for (question, assumptions) in every_assumption() {
        let room = Room::new(&assumptions);
        room.scene(&[anna()]);
        let course = room.enroll(EnrollConfig::DEFAULT, |_| ());
        let enrolled = course.result.unwrap_or_else(|error| panic!("{question}: {error}"));
        assert_eq!((enrolled.id, enrolled.labels_sent), (WANTED, 1), "{question}");
        assert_eq!((enrolled.recognised, enrolled.of), (6, 6), "{question}");
        assert!((60..=99).contains(&enrolled.confidence), "{question}: {enrolled:?}");
        assert_eq!(room.holder(WANTED), Some(ANNA), "{question}");
        room.assert_no_other_id_was_touched(question);
        assert!(course.took < Duration::from_millis(6000), "{question}: {:?}", course.took);
        assert_eq!(course.labels, [3], "{question}");
        assert_eq!(course.progress.last(), Some(&EnrollProgress::Verifying { recognised: 6, of: 6 }));
    }
}

#[test]
fn the_sensor_is_left_in_continuous_mode_with_recognition_on_however_it_was_before() {
    for (question, assumptions) in every_assumption() {
        let room = Room::new(&assumptions);
        room.scene(&[anna()]);
        room.bus.advance(Duration::from_secs(1));
        PersonSensor::new(room.bus.clone()).set_mode(Mode::Standby).unwrap();
        room.bus.advance(Duration::from_secs(1));
        room.scene(&[]); // what the sensor would show in standby is old
        let mut came = false;
        let course = room.enroll(EnrollConfig::DEFAULT, |news| {
            if news == EnrollProgress::NobodyInView && !came {
                came = true;
                room.scene(&[bob()]);
            }
        });
        assert!(
            course.result.is_ok() && room.holder(WANTED) == Some(BOB),
            "{question}: {:?}",
            course.progress
        );
        assert_eq!(room.sim.with(|sim| sim.config()), Config::POWER_ON.with_id_enabled(true), "{question}");
    }
}

#[test]
fn whoever_is_known_as_the_id_already_is_not_labelled_again() {
    for (question, assumptions) in every_assumption() {
        let room = Room::new(&assumptions);
        room.know(anna(), WANTED);
        let course = room.enroll(EnrollConfig::DEFAULT, |_| ());
        assert_eq!(course.result.map(|enrolled| enrolled.labels_sent), Ok(0), "{question}");
        assert_eq!(course.labels, [0; 0], "{question}");
    }
}

#[test]
fn whoever_is_known_as_another_id_is_refused_and_keeps_it() {
    for (question, assumptions) in every_assumption() {
        let room = Room::new(&assumptions);
        room.know(anna(), OTHER);
        let course = room.enroll(EnrollConfig::DEFAULT, |_| ());
        assert_eq!(course.reason(), GaveUpReason::KnownAs(OTHER), "{question}");
        assert_eq!(course.labels, [0; 0], "{question}");
        assert_eq!((room.holder(OTHER), room.holder(WANTED)), (Some(ANNA), None), "{question}");
    }
}

#[test]
fn whoever_is_known_as_another_id_can_be_given_this_one_if_that_is_wanted() {
    for (question, assumptions) in every_assumption() {
        let room = Room::new(&assumptions);
        let moves = assumptions.relabelling_moves;
        room.know(anna(), OTHER);
        let course = room.enroll(EnrollConfig::DEFAULT.with_relabel(true), |_| ());
        assert_eq!(room.holder(WANTED), Some(ANNA), "{question}");
        // A sensor that goes on reporting the former id cannot be verified, and it is not claimed.
        let reported = if moves { Ok(1) } else { Err(GaveUpReason::NotRecognised { recognised: 0, of: 6 }) };
        let came = course.result.map(|enrolled| enrolled.labels_sent).map_err(|error| error.gave_up.reason);
        assert_eq!(came, reported, "{question}");
        assert_eq!(course.labels.len(), if moves { 1 } else { 3 }, "{question}");
    }
}

#[test]
fn an_id_that_somebody_else_holds_is_overwritten() {
    for (question, assumptions) in every_assumption() {
        let room = Room::new(&assumptions);
        room.know(bob(), WANTED);
        room.scene(&[anna()]);
        let course = room.enroll(EnrollConfig::DEFAULT, |_| ());
        assert_eq!(course.result.map(|enrolled| enrolled.labels_sent), Ok(1), "{question}");
        assert_eq!(room.holder(WANTED), Some(ANNA), "{question}");
    }
}

/// Scenes in which nobody can be labelled, and what the user is told to the end.
fn hopeless() -> [(Vec<Person>, EnrollProgress); 6] {
    let far_behind = Person::at(3.0, 20.0).known_as(BOB);
    [
        (vec![], EnrollProgress::NobodyInView),
        (vec![anna(), bob()], EnrollProgress::SeveralPeople(2)),
        (vec![anna(), far_behind], EnrollProgress::SeveralPeople(2)),
        (vec![anna().with_heading(35.0)], EnrollProgress::NotFacing),
        (vec![anna().with_heading(120.0)], EnrollProgress::NobodyInView),
        (vec![Person::at(2.5, 0.0)], EnrollProgress::TooFar),
    ]
}

#[test]
fn where_nobody_can_be_labelled_no_label_is_ever_sent_and_the_user_hears_why() {
    for (question, assumptions) in every_assumption() {
        for (people, told) in hopeless() {
            let room = Room::new(&assumptions);
            room.scene(&people);
            let course = room.enroll(EnrollConfig::DEFAULT, |_| ());
            assert_eq!(course.reason(), GaveUpReason::TimedOut(told), "{question}");
            assert_eq!(course.labels, [0; 0], "{question}: {people:?}");
            assert!(course.took >= Duration::from_secs(30) && course.took < Duration::from_secs(33));
            assert!(course.progress.len() <= 3, "said once: {:?}", course.progress);
        }
    }
}

/// A minute in which what is in the way changes every 4 seconds, until only Anna is there.
#[test]
fn a_user_who_does_as_told_is_guided_to_the_label() {
    let steps = [
        (vec![], EnrollProgress::NobodyInView),
        (vec![Person::at(2.5, 0.0).known_as(ANNA)], EnrollProgress::TooFar),
        (vec![anna(), bob()], EnrollProgress::SeveralPeople(2)),
        (vec![anna().with_heading(35.0)], EnrollProgress::NotFacing),
        (vec![anna()], EnrollProgress::HoldStill),
    ];
    for (question, assumptions) in every_assumption() {
        let mut walks = Vec::new();
        for (place, (people, _)) in (0..).zip(&steps) {
            let (from, to) = (place * 4000, if place == 4 { 60_000 } else { place * 4000 + 3999 });
            let key = |ms, person| KeyPoint::new(Duration::from_millis(ms), person);
            let stays = |person: &Person| Walk::new(vec![key(from, *person), key(to, *person)]);
            walks.extend(people.iter().map(stays));
        }
        let sensor = SimSensor::new().with_assumptions(assumptions.clone());
        let (bus, sim) = SimBus::with_sensor(sensor.with_timeline(Timeline::new(walks)));
        let room = Room { bus, sim };
        let course = room.enroll(EnrollConfig::DEFAULT, |_| ());
        assert_eq!(course.result.map(|enrolled| enrolled.labels_sent), Ok(1), "{question}");
        assert_eq!(room.holder(WANTED), Some(ANNA), "{question}");
        let told: Vec<_> = steps.iter().map(|(_, told)| *told).collect();
        let mut heard = course.progress.iter();
        assert!(
            told.iter().all(|told| heard.any(|heard| heard == told)),
            "{question}: {:?}",
            course.progress
        );
    }
}

#[test]
fn somebody_who_walks_by_or_comes_nearer_is_not_labelled_before_standing_still() {
    let seconds = Duration::from_secs;
    let past = [(0, Person::at(1.5, -50.0)), (8, Person::at(1.5, 50.0))];
    let nearer = [(0, Person::at(1.3, 0.0)), (5, Person::at(0.35, 0.0))];
    for (question, assumptions) in every_assumption() {
        for way in [past, nearer] {
            let points = way.map(|(at, person)| KeyPoint::new(seconds(at), person.known_as(BOB)));
            let timeline = Timeline::new(vec![Walk::new(points.to_vec())]);
            let sensor = SimSensor::new().with_assumptions(assumptions.clone());
            let (bus, sim) = SimBus::with_sensor(sensor.with_timeline(timeline));
            let room = Room { bus, sim };
            let course = room.enroll(EnrollConfig::DEFAULT, |_| ());
            assert_eq!(course.labels, [0; 0], "{question}");
            assert_eq!(course.reason(), GaveUpReason::TimedOut(EnrollProgress::NobodyInView), "{question}");
        }
    }
}

/// The label is sent at this news.
fn is_labelling(news: EnrollProgress) -> bool {
    matches!(news, EnrollProgress::Labelling { attempt: 1 })
}

#[test]
fn if_the_person_leaves_right_after_the_label_it_is_given_up_and_no_one_after_gets_the_id() {
    for (question, assumptions) in every_assumption() {
        let room = Room::new(&assumptions);
        room.scene(&[anna()]);
        let course = room.enroll(EnrollConfig::DEFAULT, |news| {
            if is_labelling(news) {
                room.scene(&[]);
            }
        });
        let gave_up = course.result.expect_err(question).gave_up;
        assert_eq!((gave_up.reason, gave_up.labels_sent), (GaveUpReason::Left, 1), "{question}");
        room.scene(&[bob()]);
        room.bus.advance(Duration::from_secs(60));
        assert_ne!(room.holder(WANTED), Some(BOB), "{question}: the label waited for him");
    }
}

#[test]
fn a_stranger_who_steps_in_beside_and_goes_again_changes_nothing() {
    for (question, assumptions) in every_assumption() {
        let room = Room::new(&assumptions);
        room.scene(&[anna()]);
        let near = Person::at(0.5, 30.0).known_as(BOB); // larger: were a label sent now, it would be his
        let course = room.enroll(EnrollConfig::DEFAULT, |news| match news {
            EnrollProgress::Verifying { of: 2, .. } => room.scene(&[anna(), near]),
            EnrollProgress::SeveralPeople(2) => room.scene(&[anna()]),
            _ => {}
        });
        assert!(course.progress.contains(&EnrollProgress::SeveralPeople(2)), "{question}");
        assert_eq!(course.result.map(|enrolled| enrolled.id), Ok(WANTED), "{question}");
        assert_eq!(room.holder(WANTED), Some(ANNA), "{question}");
        assert_eq!(course.labels, [3], "{question}: she was recognised without another");
    }
}

/// Who is enrolled is who is there at the end, as the guarantees say.
#[test]
fn a_stranger_who_takes_the_place_right_after_the_label_is_noticed() {
    for (question, assumptions) in every_assumption() {
        for bearing in [-40.0, -12.0, 12.0, 40.0] {
            let room = Room::new(&assumptions);
            room.scene(&[anna()]);
            let stranger = Person::at(0.9, bearing).known_as(BOB);
            let course = room.enroll(EnrollConfig::DEFAULT, |news| {
                if is_labelling(news) {
                    room.scene(&[stranger]);
                }
            });
            let begun_again = course.progress.iter().skip_while(|&&news| !is_labelling(news));
            assert!(begun_again.clone().any(|&news| news == EnrollProgress::HoldStill), "{question}");
            assert!(course.result.is_ok(), "{question}");
            assert_eq!(room.holder(WANTED), Some(BOB), "{question}");
            room.assert_no_other_id_was_touched(question);
        }
    }
}

#[test]
fn a_face_that_cannot_be_labelled_uses_up_the_attempts() {
    let room = Room::new(&Assumptions::default());
    let bounds = mlsensor::Bounds::new(100, 90, 130, 130).unwrap();
    let poster = mlsensor::Face::new(bounds, 90, None, true).unwrap();
    room.sim.show_faces(mlsensor::Faces::new(&[poster]).unwrap());
    let course = room.enroll(EnrollConfig::DEFAULT, |_| ());
    assert_eq!(course.reason(), GaveUpReason::NotRecognised { recognised: 0, of: 6 });
    assert_eq!(course.labels, [3, 3, 3], "the same id each time");
    assert!(course.result.unwrap_err().to_string().contains("somebody may hold the id"));
}
