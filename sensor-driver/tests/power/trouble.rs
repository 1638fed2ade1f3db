//! Plugs that are pulled, a bus that fails, and any readings at any times.

use std::time::Duration;

use mlsensor::behavior::{CurrentFigures, Gate, Power, PowerConfig, PowerStep};
use mlsensor::{Bounds, Command, Face, Faces, Mode};
use mlsensor_sim::{Assumptions, Detection, FaultInjector, FaultKind, Person, SimBus, SimSensor, Target};
use proptest::prelude::*;

use super::{Night, every_assumption, ms};

#[test]
fn a_sensor_that_was_unplugged_sleeps_again_within_a_period_of_its_return() {
    for (question, assumptions) in every_assumption() {
        for unplugged_for in [ms(10), ms(700), ms(4000), ms(60_000)] {
            let mut night = Night::new(&assumptions, PowerConfig::DEFAULT);
            night.quietly_until(ms(7300));
            night.sim.power_off();
            night.quietly_until(ms(7300) + unplugged_for);
            night.sim.power_on();
            let booted = night.bus.now() + assumptions.power_up_silence;
            night.until(booted + ms(2600), |power, _, _| assert!(!power.is_awake(), "{question}"));
            // One that holds the data line low is freed by the host, not by this.
            if night.sim.with(|sim| sim.holds_data_low()) {
                night.bus.recover();
                night.quietly_until(night.bus.now() + ms(2600));
            }
            assert_eq!(night.true_mode(), Mode::Standby, "{question}");
        }
    }
}

#[test]
fn without_readings_nobody_is_taken_for_gone_and_nobody_for_come() {
    let (bus, sim) = SimBus::with_sensor(SimSensor::new());
    let faulty = FaultInjector::new(bus.clone(), 1).with(FaultKind::AllOnes, 1_000_000);
    let control = faulty.control();
    let mut night = Night::on(bus, faulty, sim, PowerConfig::DEFAULT);
    night.sim.set_scene([Person::at(1.0, 0.0)]);
    night.until(ms(60_000), |power, _, reading| assert!(reading.is_none() && !power.is_awake()));
    control.pause();
    night.quietly_until(ms(65_000));
    assert!(night.power.is_awake());
    control.resume();
    night.sim.set_scene([]);
    night.until(ms(240_000), |power, _, _| assert!(power.is_awake()));
    control.pause();
    night.quietly_until(ms(241_000));
    assert!(!night.power.is_awake() && night.true_mode() == Mode::Standby);
}

#[test]
fn with_faults_of_every_kind_the_sensor_is_where_it_should_be_nearly_all_the_time() {
    let kinds = FaultKind::ALL.len() as u32;
    let (bus, sim) = SimBus::with_sensor(SimSensor::new().with_detection(Detection::default()));
    let faulty = FaultInjector::new(bus.clone(), 5).with_every_fault(50_000 / kinds);
    let mut night = Night::on(bus, faulty, sim, PowerConfig::DEFAULT);
    let (mut apart, mut moments) = (0, 0);
    for second in 0..3600_u32 {
        let people = if second / 300 % 2 == 1 { vec![Person::at(1.0, 0.0)] } else { vec![] };
        night.sim.set_scene(people);
        night.quietly_until(Duration::from_secs(1) * (second + 1));
        moments += 1;
        apart += u32::from(night.true_mode() != night.power.mode());
    }
    println!("5 % faults: in another mode in {apart} of {moments} seconds");
    assert!(apart * 50 < moments, "{apart} of {moments}");
}

fn face(width: u8) -> Faces {
    let bounds = Bounds::new(100, 100, 100 + width, 150).unwrap();
    Faces::new(&[Face::new(bounds, 80, None, true).unwrap()]).unwrap()
}

#[test]
fn a_face_that_the_gate_refuses_wakes_nobody() {
    for (width, wakes) in [(9, false), (10, true)] {
        let config = PowerConfig::DEFAULT.with_gate(Gate::OPEN.with_min_width(10));
        let mut night = Night::new(&Assumptions::default(), config);
        night.sim.show_faces(face(width));
        night.quietly_until(ms(10_000));
        assert_eq!(night.power.is_awake(), wakes, "{width}");
    }
}

/// The machine alone: what is read once is a face, or nobody, at each reading.
struct Script {
    power: Power,
    now: Duration,
    sent: Vec<Command>,
    lost: Option<Command>,
}

impl Script {
    fn new() -> Script {
        Script { power: Power::default(), now: ms(0), sent: Vec::new(), lost: None }
    }

    fn read_for(&mut self, span: Duration, reading: Option<Faces>) {
        let end = self.now + span;
        while self.now < end {
            match self.power.step(self.now) {
                PowerStep::Send(command) => {
                    self.sent.push(command);
                    self.power.sent(self.now, self.lost != Some(command));
                }
                PowerStep::Read => self.power.update(self.now, reading.as_ref()),
                PowerStep::Wait(wait) => self.now += wait.min(end - self.now),
            }
        }
    }
}

#[test]
fn a_false_face_after_somebody_has_left_is_a_false_face_all_the_same() {
    let mut script = Script::new();
    script.read_for(ms(20_000), Some(face(30)));
    script.read_for(ms(15_000), Some(Faces::EMPTY));
    assert!(!script.power.is_awake());
    while !script.power.is_awake() {
        script.read_for(ms(1), Some(face(30)));
    }
    script.read_for(ms(1500), Some(Faces::EMPTY));
    assert!(!script.power.is_awake());
}

/// Readings at 500, 700, 900 ms and so on: the shot, and then each 200 ms.
#[test]
fn a_face_is_no_false_one_from_1200_ms_on_and_a_glance_is_over_after_1_s() {
    for (seen_until, is_false) in [(501, true), (1501, true), (1701, false)] {
        let mut script = Script::new();
        script.read_for(ms(seen_until), Some(face(30)));
        script.read_for(ms(999), Some(Faces::EMPTY));
        assert!(script.power.is_awake(), "{seen_until}");
        script.read_for(ms(1), Some(Faces::EMPTY));
        assert_eq!(script.power.is_awake(), !is_false, "{seen_until}");
        script.read_for(ms(9000), Some(Faces::EMPTY));
        assert!(!script.power.is_awake());
    }
}

#[test]
fn a_command_that_failed_is_sent_again() {
    for (lost, seconds, tries) in [
        (Command::Mode(Mode::Standby), 10, 5..=6),
        (Command::SingleShot, 10, 5..=6),
        (Command::Mode(Mode::Continuous), 1, 3..=4),
    ] {
        let mut script = Script::new();
        script.lost = Some(lost);
        script.read_for(ms(1000) * seconds, Some(face(30)));
        let count = script.sent.iter().filter(|&&command| command == lost).count();
        assert!(tries.contains(&count), "{lost}: {count} times");
        script.lost = None;
        script.read_for(ms(3000), Some(face(30)));
        assert!(script.power.is_awake() && script.sent.last() == Some(&Command::Mode(Mode::Continuous)));
    }
}

#[test]
fn a_reading_that_was_not_asked_for_is_old_and_wakes_nobody() {
    let mut script = Script::new();
    script.read_for(ms(700), Some(Faces::EMPTY));
    script.power.update(script.now, Some(&face(30)));
    assert!(!script.power.is_awake());
    let step = script.power.step(script.now);
    assert!(matches!(step, PowerStep::Wait(wait) if wait > ms(1000)), "{step:?}");
    script.read_for(ms(1310), Some(Faces::EMPTY));
    assert_eq!(script.sent.last(), Some(&Command::SingleShot));
    script.power.update(script.now, Some(&face(30)));
    assert!(!script.power.is_awake(), "nor while a shot is under way");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Whatever is read, whenever the program comes to it, and whichever way its clock goes.
    #[test]
    fn shots_are_a_period_apart_and_the_cycle_never_stalls(
        times in proptest::array::uniform6(0_u64..5000),
        script in proptest::collection::vec((0_u8..3, any::<bool>(), 0_u64..700, 0_u8..50), 1..200),
    ) {
        let [period, capture_wait, read_every, stay_awake, glance, confirm] = times.map(Duration::from_millis);
        let config = PowerConfig::DEFAULT
            .with_period(period)
            .with_capture_wait(capture_wait)
            .with_read_every(read_every)
            .with_stay_awake(stay_awake)
            .with_glance(glance, confirm);
        let mut power = Power::new(config);
        let readings = [None, Some(Faces::EMPTY), Some(face(30))];
        // `passed` is the time that passed; the program's clock is set back by an hour at times.
        let (mut now, mut passed) = (Duration::from_secs(100_000), Duration::ZERO);
        let (mut triggered, mut read): (Option<Duration>, Option<Duration>) = (None, None);
        let mut asked = 0;
        for (reading, is_ok, late, set_back) in script {
            let step = power.step(now);
            prop_assert_eq!(step, power.step(now), "to ask twice does no harm");
            let (was_awake, had_read) = (power.is_awake(), read);
            match step {
                PowerStep::Send(Command::SingleShot) => {
                    if let (Some(before), true) = (triggered, is_ok) {
                        prop_assert!(had_read.is_some_and(|read| read >= before), "the shot before was never read");
                        prop_assert!(passed - before >= period.max(capture_wait), "more than one in a period");
                    }
                    if is_ok {
                        triggered = Some(passed);
                    }
                    power.sent(now, is_ok);
                }
                PowerStep::Send(Command::Mode(mode)) => {
                    prop_assert_eq!(mode, power.mode());
                    power.sent(now, is_ok);
                }
                PowerStep::Send(command) => panic!("{command} is none of its business"),
                PowerStep::Read => {
                    if !was_awake {
                        prop_assert!(passed - triggered.unwrap() >= capture_wait);
                    }
                    read = Some(passed);
                    power.update(now, readings[usize::from(reading)].as_ref());
                    if reading == 0 {
                        prop_assert_eq!(power.is_awake(), was_awake, "no reading says nothing");
                    }
                    if reading == 2 {
                        prop_assert!(power.is_awake(), "a face wakes");
                    }
                }
                PowerStep::Wait(wait) => {
                    prop_assert!(!wait.is_zero() && wait <= Duration::from_secs(5));
                    asked += 1;
                    let wait = wait + ms(late);
                    (now, passed) = (now + wait, passed + wait);
                }
            }
            if set_back == 0 {
                now = now.saturating_sub(Duration::from_secs(3600));
                let _ = power.step(now);
            }
        }
        let estimate = power.estimate(&CurrentFigures::PUBLISHED.with_standby_ua(500));
        prop_assert!((500..=40_000).contains(&estimate.average_ua), "{estimate}");
        prop_assert!(asked < 200);
    }
}
