//! Time in a world: edges, wake-ups, plans, and machines that were stopped.

mod program;

use std::time::Duration;

use mlsensor_host::virtual_bus::real_time::{Clock, ManualTime, Stamp};
use mlsensor_host::virtual_bus::setup::{Extra, Part};
use mlsensor_host::virtual_bus::{Call, Edge, Errno, Machine, Setup, World};
use mlsensor_sim::{Scenario, SimSensor};
use program::{BEGIN, NOBODY, Program};
use proptest::prelude::*;

fn sensor(scenario: &str) -> SimSensor {
    Scenario::named(scenario).unwrap().sensor()
}

/// When the presence pin of a sensor changes, by small steps.
fn changes(mut sensor: SimSensor, until: Duration) -> Vec<(Duration, bool)> {
    let (mut now, mut is_high, mut changes) = (Duration::ZERO, sensor.presence(), Vec::new());
    while now < until {
        let step = sensor.next_event().unwrap_or(until).min(until - now);
        sensor.advance(step);
        now += step;
        if sensor.presence() != is_high {
            is_high = !is_high;
            changes.push((now, is_high));
        }
    }
    changes
}

fn world(scenario: &str, clock: &ManualTime) -> World {
    let mut world = World::new(Box::new(clock.clone()));
    world.add(1, sensor(scenario), 17, 0);
    world
}

#[test]
fn edges_carry_the_time_of_what_caused_them_however_late_they_are_asked_for() {
    let until = Duration::from_secs(30);
    let expected: Vec<_> = changes(sensor("flicker"), until);
    assert!(expected.len() > 2, "{expected:?}");
    let clock = ManualTime::new();
    let mut world = world("flicker", &clock);
    clock.advance(until);
    let edges: Vec<_> = world.catch_up().iter().map(|edge| (edge.at, edge.is_high)).collect();
    assert_eq!(edges, expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn it_makes_no_difference_when_time_is_caught_up(steps in proptest::collection::vec(1_u64..400_000, 1..200)) {
        let clock = ManualTime::new();
        let mut world = world("flicker", &clock);
        let mut edges = Vec::new();
        for step in &steps {
            clock.advance(Duration::from_micros(*step));
            edges.extend(world.catch_up().iter().map(|edge| (edge.at, edge.is_high)));
        }
        let until = Duration::from_micros(steps.iter().sum());
        prop_assert_eq!(edges, changes(sensor("flicker"), until));
    }

    #[test]
    fn an_edge_during_a_transfer_is_not_lost(reads in proptest::collection::vec((0_u64..30_000, 1_u64..100), 1..200)) {
        let clock = ManualTime::new();
        let setup = {
            let mut setup = Setup::default();
            setup.part = Part::parse("flicker").unwrap();
            setup.bit_rate_hz = Some(10_000);
            setup
        };
        let mut world = setup.world(Box::new(clock.clone()));
        let mut edges: Vec<Edge> = Vec::new();
        let mut message = vec![0; 300];
        let mut last = Duration::ZERO;
        for (pause, len) in reads {
            clock.advance(Duration::from_micros(pause));
            edges.extend(world.catch_up());
            let mut message = embedded_hal::i2c::Operation::Read(&mut message[..len as usize]);
            let reply = world.with_adapter(1, |adapter| {
                adapter.message(0x62, &mut message, true).map(|()| mlsensor_host::virtual_bus::Answer::Number(0))
            });
            last = clock.now() + reply.after;
        }
        clock.advance(last.saturating_sub(clock.now()));
        edges.extend(world.catch_up());
        let found: Vec<_> = edges.iter().map(|edge| (edge.at, edge.is_high)).collect();
        prop_assert_eq!(found, changes(sensor("flicker"), last));
    }
}

#[test]
fn it_wakes_when_something_happens_and_not_before() {
    let clock = ManualTime::new();
    let mut world = world("walk_up", &clock);
    for _ in 0..50 {
        let wait = world.wake_in().unwrap();
        assert!(wait > Duration::ZERO && wait <= Duration::from_millis(200), "{wait:?}");
        clock.advance(wait);
        assert_eq!(world.wake_in(), Some(Duration::ZERO));
        world.catch_up();
    }
    let mut empty = World::new(Box::new(clock));
    assert_eq!(empty.wake_in(), None);
    assert_eq!(empty.catch_up(), []);
}

/// Simulated time that passes ten times as fast as real time.
struct TenTimes(ManualTime);

impl Clock for TenTimes {
    fn now(&self) -> Duration {
        self.0.now() * 10
    }

    fn real(&self, simulated: Duration) -> Duration {
        simulated / 10
    }

    fn stamp(&self, simulated: Duration) -> Stamp {
        self.0.stamp(simulated / 10)
    }
}

#[test]
fn at_another_speed_real_waits_are_shorter_and_simulated_times_the_same() {
    let clock = ManualTime::new();
    let mut fast = World::new(Box::new(TenTimes(clock.clone())));
    fast.add(1, sensor("walk_up"), 17, 0);
    clock.advance(Duration::from_millis(1));
    fast.catch_up();
    let slow_clock = ManualTime::new();
    let mut slow = world("walk_up", &slow_clock);
    slow_clock.advance(Duration::from_millis(10));
    slow.catch_up();
    assert_eq!(fast.wake_in().unwrap() * 10, slow.wake_in().unwrap());
    clock.advance(Duration::from_millis(1999));
    let edges: Vec<_> = fast.catch_up().iter().map(|edge| (edge.at, edge.is_high)).collect();
    assert_eq!(edges, changes(sensor("walk_up"), Duration::from_secs(20)));
}

#[test]
fn a_machine_that_was_stopped_for_a_day_catches_up_in_bounded_pieces() {
    let clock = ManualTime::new();
    let mut world = world("empty_room", &clock);
    let day = Duration::from_secs(86_400);
    clock.advance(day);
    let mut pieces = 0_u64;
    world.catch_up();
    while world.wake_in() == Some(Duration::ZERO) {
        world.catch_up();
        pieces += 1;
    }
    // An inference each 140 ms, and at most a thousand events in a piece.
    assert!((617..2000).contains(&pieces), "{pieces}");
}

#[test]
fn calls_get_their_turn_while_a_machine_catches_up() {
    let mut program = Program::new();
    program.select(0x62);
    program.wait(Duration::from_secs(86_400));
    assert_eq!(program.machine.wake_in(), Some(Duration::ZERO));
    assert_eq!(program.read(39), Ok(NOBODY.to_vec()));
}

#[test]
fn edges_of_several_buses_come_in_order_of_time() {
    let clock = ManualTime::new();
    let mut setup = Setup::default();
    setup.part = Part::parse("flicker").unwrap();
    setup.extras =
        vec![Extra::parse("2=sim:crowd@27").unwrap(), Extra::parse("3=sim:two_people@22").unwrap()];
    let mut world = setup.world(Box::new(clock.clone()));
    assert_eq!(world.buses().collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(world.lines().collect::<Vec<_>>(), [(17, "GPIO17"), (22, "GPIO22"), (27, "GPIO27")]);
    clock.advance(Duration::from_secs(20));
    let edges = world.catch_up();
    assert!(edges.is_sorted_by_key(|edge| edge.at));
    for (line, scenario) in [(17, "flicker"), (27, "crowd"), (22, "two_people")] {
        let of_line = edges.iter().filter(|edge| edge.line == line);
        let found: Vec<_> = of_line.map(|edge| (edge.at, edge.is_high)).collect();
        assert_eq!(found, changes(sensor(scenario), Duration::from_secs(20)), "{scenario}");
        assert_eq!(world.level(line), found.last().map(|(_, is_high)| *is_high), "{scenario}");
    }
    assert_eq!(world.level(5), None);
}

/// A machine as the command line makes it, and a program on it.
fn program(change: impl FnOnce(&mut Setup)) -> Program {
    let mut setup = Setup::default();
    change(&mut setup);
    let mut program = Program::on(|clock| setup.world(Box::new(clock)));
    program.select(0x62);
    program
}

#[test]
fn the_default_is_somebody_who_walks_up_to_a_raspberry_pi() {
    let mut program = program(|_| ());
    assert_eq!(program.read(39), Ok(NOBODY.to_vec()));
    program.wait(Duration::from_secs(10));
    assert_eq!(program.read(39).unwrap()[4], 1);
    program.select(0x61);
    assert_eq!(program.read(39), Err(Errno::REMOTEIO));
}

#[test]
fn a_seed_takes_the_place_of_the_scenarios() {
    let reads = |seed| -> Vec<Vec<u8>> {
        let mut program = program(|setup| setup.seed = seed);
        let mut read = || {
            program.wait(Duration::from_millis(500));
            program.read(39).unwrap()
        };
        (0..30).map(|_| read()).collect()
    };
    let own = Scenario::named("walk_up").unwrap().seed;
    assert_eq!(reads(None), reads(Some(own)));
    assert_ne!(reads(None), reads(Some(own + 1)));
}

#[test]
fn power_comes_and_goes_as_planned() {
    let faults = ["power-off@t=1s", "power-on@t=2s"]
        .map(|text| mlsensor_host::virtual_bus::setup::fault(text).unwrap());
    let mut program = program(|setup| setup.faults = faults.to_vec());
    let mut answers = Vec::new();
    for _ in 0..12 {
        program.wait(Duration::from_millis(500));
        answers.push(program.read(39).is_ok());
    }
    // Silent for 2.5 s after it got its power back.
    let is_there = [true, false, false, false, false, false, false, false, true, true, true, true];
    assert_eq!(answers, is_there);
}

#[test]
fn two_parts_at_one_address_answer_together() {
    let mut program = program(|setup| setup.extras = vec![Extra::parse("lookalike:other-part").unwrap()]);
    let both = program.read(39).unwrap();
    assert_ne!(both, NOBODY, "whoever pulls low wins");
    assert!(both.iter().zip(NOBODY).all(|(both, alone)| both & !alone == 0));
}

#[test]
fn a_bus_can_hold_nothing_and_a_lookalike_can_be_alone() {
    assert_eq!(program(|setup| setup.part = Part::Nothing).read(39), Err(Errno::REMOTEIO));
    let mut program = program(|setup| setup.part = Part::parse("lookalike:answers-all").unwrap());
    assert_eq!(program.read(39), Ok(vec![0xFF; 39]));
}

#[test]
fn what_a_word_means_or_what_is_wrong_with_it() {
    assert_eq!(Part::parse("sim:crowd").unwrap(), Part::parse("crowd").unwrap());
    let extra = Extra::parse("2=lookalike:co2-sensor").unwrap();
    assert_eq!((extra.bus, extra.line), (Some(2), None));
    let extra = Extra::parse("sim:crowd@0").unwrap();
    assert_eq!((extra.bus, extra.line), (None, Some(0)));
    for (text, code) in [
        ("lookalike:scd40", "MLSENSOR-SIM-WITH"),
        ("2=crowd@58", "MLSENSOR-SIM-WITH"),
        ("2=crowd@pin", "MLSENSOR-SIM-WITH"),
        ("2=no_such_scenario", "MLSENSOR-FILE"),
        ("no_such_scenario", "MLSENSOR-FILE"),
        ("", "MLSENSOR-FILE"),
    ] {
        let report = Extra::parse(text).unwrap_err();
        assert_eq!(report.code, code, "{text}: {report}");
        assert!(!report.what.is_empty() && !report.likely.is_empty() && !report.run.is_empty());
    }
}

#[test]
fn the_traffic_is_logged_as_it_happens() {
    let lines = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let log = lines.clone();
    let clock = ManualTime::new();
    let mut world = world("empty_room", &clock);
    world.log(1, move |transfer| log.lock().unwrap().push(transfer.to_string()));
    let mut machine = Machine::new(world);
    let file =
        machine.open(machine.node("/dev/i2c-1").unwrap(), mlsensor_host::virtual_bus::Access::BOTH).unwrap();
    let mut ram = Program::new().ram;
    let mut call = |call| machine.call(file, call, &mut ram).outcome;
    call(Call::Ioctl { request: 0x703, argument: 0x62 }).unwrap();
    clock.advance(Duration::from_secs(1));
    call(Call::Read { at: BEGIN, len: 3 }).unwrap();
    call(Call::Write { at: BEGIN, len: 1 }).unwrap();
    assert_eq!(lines.lock().unwrap().len(), 2, "each at once");
    assert_eq!(lines.lock().unwrap()[0], "0.000000 62 r 00 00 21", "the world was not told that time passed");
    machine.catch_up();
    let mut call = |call| machine.call(file, call, &mut ram).outcome;
    call(Call::Ioctl { request: 0x703, argument: 0x61 }).unwrap();
    assert_eq!(call(Call::Read { at: BEGIN, len: 3 }), Err(Errno::REMOTEIO));
    assert_eq!(lines.lock().unwrap()[2], "1.000000 61 r ! nack-address");
}
