//! Faults of the simulator as the errno, the bytes and the time that hardware would give.

mod program;

use std::time::Duration;

use mlsensor_host::virtual_bus::errno::{Style, Trouble};
use mlsensor_host::virtual_bus::fault_spec::{Action, FaultSpec};
use mlsensor_host::virtual_bus::{Call, Errno, Wiring, World};
use mlsensor_sim::{Assumptions, Fault, FaultKind, ProbingWhileBooting, SimSensor};
use program::{BEGIN, NOBODY, Program};

fn action(spec: &str) -> Action {
    spec.parse::<FaultSpec>().unwrap().action
}

/// A program on a bus with a sensor, and what goes wrong there.
fn faulty(wiring: Wiring, faults: &[&str]) -> Program {
    let mut program = Program::on(|clock| {
        let mut world = World::new(Box::new(clock));
        world.add_bus(1, wiring).attach(SimSensor::new());
        faults.iter().for_each(|fault| world.plan(Duration::ZERO, 1, action(fault)));
        world
    });
    program.select(0x62);
    program
}

fn styled(style: Style) -> Wiring {
    Wiring { style, ..Wiring::default() }
}

#[test]
fn each_adapter_reports_each_trouble_as_its_driver_does() {
    let faults = ["nack-address", "nack-data", "arbitration-loss", "bus-error", "stretch-timeout"];
    let (remote, gone, io) = (Errno::REMOTEIO, Errno::NXIO, Errno::IO);
    let (again, late) = (Errno::AGAIN, Errno::TIMEDOUT);
    for (style, errnos) in [
        (Style::Pi, [remote, remote, again, io, io]),
        (Style::TinyUsb, [gone, gone, io, io, io]),
        (Style::Plain, [gone, io, again, io, late]),
    ] {
        for (fault, errno) in faults.into_iter().zip(errnos) {
            let mut program = faulty(styled(style), &[fault]);
            assert_eq!(program.write(&[7, 1]), Err(errno), "{style} {fault}");
            assert_eq!(program.write(&[7, 1]), Ok(2), "{style}: {fault} is over");
        }
    }
    for (fault, errno) in
        [("nack-address", remote), ("nack-data", remote), ("bus-error", io), ("stretch-timeout", late)]
    {
        assert_eq!(faulty(styled(Style::DesignWare), &[fault]).write(&[7, 1]), Err(errno), "{fault}");
    }
}

#[test]
fn every_trouble_has_an_errno_that_a_program_can_act_on() {
    let known = [Errno::REMOTEIO, Errno::NXIO, Errno::IO, Errno::AGAIN, Errno::TIMEDOUT];
    for style in Style::ALL {
        for trouble in Trouble::ALL {
            assert!(known.contains(&style.errno(trouble)), "{style} {trouble:?}");
        }
    }
}

#[test]
fn a_lost_arbitration_is_tried_again_as_often_as_was_asked_for() {
    for (retries, lost, expected) in [
        (0, 1, Err(Errno::AGAIN)),
        (1, 1, Ok(NOBODY.to_vec())),
        (5, 5, Ok(NOBODY.to_vec())),
        (5, 6, Err(Errno::AGAIN)),
    ] {
        let mut program = faulty(Wiring::default(), &[&format!("arbitration-loss*{lost}")]);
        program.ioctl(0x701, retries).unwrap();
        assert_eq!(program.read(39), expected, "{retries} retries, lost {lost} times");
    }
}

#[test]
fn other_troubles_are_not_tried_again() {
    for fault in ["nack-address", "bus-error", "stretch-timeout"] {
        let mut program = faulty(Wiring::default(), &[fault]);
        program.ioctl(0x701, 5).unwrap();
        assert!(program.read(39).is_err(), "{fault}");
    }
}

#[test]
fn a_pi_5_tries_three_times_more_by_itself() {
    let wiring = || styled(Style::DesignWare);
    assert_eq!(faulty(wiring(), &["arbitration-loss*3"]).read(39), Ok(NOBODY.to_vec()));
    assert_eq!(faulty(wiring(), &["arbitration-loss*4"]).read(39), Err(Errno::AGAIN));
}

#[test]
fn retries_without_end_come_to_an_end() {
    let mut program = faulty(Wiring::default(), &["arbitration-loss@100%"]);
    program.ioctl(0x701, 0x7FFF_FFFF).unwrap();
    program.ioctl(0x702, 0x7FFF_FFFF).unwrap();
    assert_eq!(program.read(39), Err(Errno::AGAIN));
}

#[test]
fn retries_belong_to_the_adapter_and_so_to_every_program() {
    let mut program = faulty(Wiring::default(), &["arbitration-loss"]);
    program.ioctl(0x701, 1).unwrap();
    let other = mlsensor_host::virtual_bus::Node::Bus(1);
    program.file = program.machine.open(other, mlsensor_host::virtual_bus::Access::BOTH).unwrap();
    program.select(0x62);
    assert_eq!(program.read(39), Ok(NOBODY.to_vec()));
}

#[test]
fn what_spoils_bytes_reaches_the_program_as_bytes() {
    assert_eq!(faulty(Wiring::default(), &["all-ones"]).read(40), Ok(vec![0xFF; 40]));
    assert_eq!(faulty(Wiring::default(), &["all-zero"]).read(39), Ok(vec![0; 39]));
    let mut tail = NOBODY;
    tail[2..].fill(0xFF);
    assert_eq!(faulty(Wiring::default(), &["tail:2"]).read(39), Ok(tail.to_vec()));
    let flipped = faulty(Wiring::default(), &["bit-flips:1"]).read(39).unwrap();
    let bits: u32 = flipped.iter().zip(NOBODY).map(|(a, b)| (a ^ b).count_ones()).sum();
    assert_eq!(bits, 1);
}

#[test]
fn a_sensor_that_is_gone_for_three_transfers_is_back_at_the_fourth() {
    let mut program = faulty(Wiring::default(), &["gone:3"]);
    let outcomes: Vec<_> = (0..4).map(|_| program.read(39).map(|bytes| bytes.len())).collect();
    assert_eq!(outcomes, [Err(Errno::REMOTEIO), Err(Errno::REMOTEIO), Err(Errno::REMOTEIO), Ok(39)]);
}

#[test]
fn a_rate_is_met_and_a_seed_brings_the_same_faults() {
    let outcomes = |seed| -> Vec<bool> {
        let mut program = faulty(Wiring { seed, ..Wiring::default() }, &["all-ones@10%"]);
        (0..2000).map(|_| program.read(39) == Ok(vec![0xFF; 39])).collect()
    };
    let first = outcomes(7);
    assert_eq!(first, outcomes(7));
    assert_ne!(first, outcomes(8));
    let share = first.iter().filter(|spoiled| **spoiled).count();
    // 200 are expected; 4 standard deviations are 54.
    assert!((146..=254).contains(&share), "{share}");
}

#[test]
fn every_kind_of_fault_leaves_the_bus_in_order() {
    for &kind in FaultKind::ALL {
        for style in Style::ALL {
            let mut program = Program::on(|clock| {
                let mut world = World::new(Box::new(clock));
                world.add_bus(1, styled(style)).attach(SimSensor::new());
                world.plan(Duration::ZERO, 1, Action::Rate(kind, 1_000_000));
                world
            });
            program.select(0x62);
            let _ = program.write(&[7, 1]);
            let _ = program.read(39);
            program.select(0x61);
            let nobody = style.errno(Trouble::NoAddress);
            assert_eq!(program.read(39), Err(nobody), "{style} {kind:?}: faults are the sensor's");
        }
    }
}

/// A sensor that lost its power and was asked while it starts, and holds the data line low since.
fn stuck(style: Style, bit_rate_hz: Option<u32>) -> Program {
    let mut assumptions = Assumptions::default();
    assumptions.probing_while_booting = ProbingWhileBooting::HoldsDataLow;
    let mut program = Program::on(|clock| {
        let mut world = World::new(Box::new(clock));
        let bus = world.add_bus(1, Wiring { style, bit_rate_hz, ..Wiring::default() });
        let sensor = bus.attach(SimSensor::new().with_assumptions(assumptions));
        sensor.power_off();
        sensor.power_on();
        world
    });
    program.select(0x62);
    assert_eq!(program.read(39), Err(style.errno(Trouble::NoAddress)));
    program
}

#[test]
fn a_data_line_that_is_held_low_is_a_time_out_at_every_address() {
    for style in [Style::Pi, Style::DesignWare, Style::Plain] {
        let mut program = stuck(style, None);
        assert_eq!(program.read(39), Err(Errno::TIMEDOUT), "{style}");
        program.select(0x40);
        assert_eq!(program.read(39), Err(Errno::TIMEDOUT), "{style}");
    }
    assert_eq!(stuck(Style::TinyUsb, None).read(39), Err(Errno::IO));
}

#[test]
fn with_a_bit_rate_a_transfer_takes_its_time_and_without_none() {
    let read = Call::Read { at: BEGIN, len: 39 };
    let mut program = faulty(Wiring { bit_rate_hz: Some(100_000), ..Wiring::default() }, &[]);
    // START, address and its acknowledgement, 39 bytes and theirs, STOP: 362 bits of 10 us.
    assert_eq!(program.call(read).after, Duration::from_micros(3620));
    assert_eq!(program.call(read).after, Duration::from_micros(2 * 3620), "the bus was busy");
    program.wait(Duration::from_millis(5));
    assert_eq!(program.call(read).after, Duration::from_micros(3 * 3620 - 5000));
    let ioctl = Call::Ioctl { request: 0x703, argument: 0x62 };
    assert_eq!(program.call(ioctl).after, Duration::ZERO, "this needs no bus");
    assert_eq!(faulty(Wiring::default(), &[]).call(read).after, Duration::ZERO);
}

#[test]
fn a_hang_takes_the_time_out_that_the_program_has_set() {
    let read = Call::Read { at: BEGIN, len: 39 };
    let mut program = stuck(Style::Pi, Some(100_000));
    program.wait(Duration::from_secs(1));
    let reply = program.call(read);
    assert_eq!(
        (reply.outcome, reply.after),
        (Err(Errno::TIMEDOUT), Duration::from_secs(1)),
        "the kernel's own"
    );
    program.wait(Duration::from_secs(2));
    program.ioctl(0x702, 5).unwrap();
    assert_eq!(program.call(read).after, Duration::from_millis(50));
}

#[test]
fn a_time_out_without_end_does_not_hold_up_the_machine() {
    let read = Call::Read { at: BEGIN, len: 39 };
    let mut program = stuck(Style::Pi, Some(100_000));
    program.ioctl(0x702, 0x7FFF_FFFF).unwrap();
    for _ in 0..1000 {
        assert_eq!(program.call(read).outcome, Err(Errno::TIMEDOUT));
    }
    assert!(program.call(read).after > Duration::from_secs(86_400));
    program.wait(Duration::from_secs(1));
}

#[test]
fn a_fault_that_is_due_later_comes_when_it_is_due() {
    let mut program = Program::on(|clock| {
        let mut world = World::new(Box::new(clock));
        world.add_bus(1, Wiring::default()).attach(SimSensor::new());
        world.plan(Duration::from_millis(700), 1, Action::Inject(Fault::AllOnes, 1));
        world.plan(Duration::from_millis(300), 1, Action::Inject(Fault::AllZero, 1));
        world
    });
    program.select(0x62);
    let mut first_bytes = Vec::new();
    for _ in 0..10 {
        program.wait(Duration::from_millis(100));
        first_bytes.push(program.read(39).unwrap()[2]);
    }
    assert_eq!(first_bytes, [0x21, 0x21, 0x00, 0x21, 0x21, 0x21, 0xFF, 0x21, 0x21, 0x21]);
}
