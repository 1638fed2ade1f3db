//! Machines from options.

mod program;

use std::time::Duration;

use mlsensor_host::virtual_bus::errno::Style;
use mlsensor_host::virtual_bus::setup::{self, Extra, Part};
use mlsensor_host::virtual_bus::{Call, Errno, Setup};
use mlsensor_sim::{Recording, Scenario};
use program::{BEGIN, NOBODY, Program};

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
    let faults = ["power-off@t=1s", "power-on@t=2s"].map(|text| setup::fault(text).unwrap());
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
fn a_recording_answers_as_the_sensor_did_and_drives_the_pin() {
    let one = "00 00 21 00 01 63 7c 80 95 aa 43 00 01 ".to_owned() + &"00 ".repeat(24) + "15 8b";
    let nobody = "00 00 21 00 00 ".to_owned() + &"00 ".repeat(32) + "25 37";
    let text = format!("10.0 {nobody}\n11.25 {one}\n12.0 62 r ! nack-address\n13.0 {nobody}\n");
    let mut setup = Setup::default();
    setup.part = Part::Recording(Recording::parse(&text).unwrap());
    let clock = mlsensor_host::virtual_bus::real_time::ManualTime::new();
    let mut world = setup.world(Box::new(clock.clone()));
    clock.advance(Duration::from_secs(10));
    let edges: Vec<_> = world.catch_up().iter().map(|edge| (edge.line, edge.is_high, edge.at)).collect();
    let ms = Duration::from_millis;
    assert_eq!(edges, [(17, true, ms(1250)), (17, false, ms(2000))]);

    let mut program = Program::on(|clock| setup.world(Box::new(clock)));
    program.select(0x62);
    let mut faces = Vec::new();
    for _ in 0..8 {
        faces.push(program.read(40).ok().map(|packet| packet[4]));
        program.wait(ms(500));
    }
    let (nobody, one) = (Some(0), Some(1));
    assert_eq!(faces, [nobody, nobody, nobody, one, None, None, nobody, nobody]);
    program.wait(ms(500));
    assert_eq!(program.read(39), Err(Errno::REMOTEIO), "a second after its end");
}

#[test]
fn what_is_not_the_default_is_heeded() {
    let mut program = program(|setup| {
        setup.bus = 1;
        setup.style = Style::TinyUsb;
        setup.bit_rate_hz = Some(100_000);
        setup.claimed = vec![0x50];
        setup.line = 5;
        setup.line_name = Some("PRESENCE".to_owned());
        assert!(setup.assumptions.answer("past_the_end", "PastTheEnd::Zeros"));
    });
    assert_eq!(program.read(40).unwrap()[39], 0x00);
    let read = program.call(Call::Read { at: BEGIN, len: 39 });
    assert!(read.after > Duration::from_micros(3620));
    assert_eq!(program.ioctl(0x703, 0x50), Err(Errno::BUSY));
    program.select(0x51);
    assert_eq!(program.read(1), Err(Errno::NXIO));
    let mut setup = Setup::default();
    (setup.bus, setup.line, setup.line_name) = (7, 5, Some("PRESENCE".to_owned()));
    let world = setup.world(Box::new(program.clock.clone()));
    assert_eq!(world.buses().collect::<Vec<_>>(), [7]);
    assert_eq!(world.lines().collect::<Vec<_>>(), [(5, "PRESENCE")]);
}

#[test]
fn every_shipped_scenario_makes_a_machine() {
    for (name, _) in Scenario::SHIPPED {
        let mut program = program(|setup| setup.part = Part::parse(&format!("sim:{name}")).unwrap());
        program.wait(Duration::from_secs(5));
        assert_eq!(program.read(39).map(|packet| packet.len()), Ok(39), "{name}");
    }
}

#[test]
fn what_is_wrong_with_an_option_is_told_in_four_parts() {
    let fault = setup::fault("nack").unwrap_err();
    assert!(fault.what.contains("no kind of fault called nack"), "{fault}");
    assert!(fault.likely.contains("nack-address") && fault.likely.contains("gone:1..255"), "{fault}");
    let style = setup::style("bcm2835").unwrap_err();
    assert_eq!(style.likely, "the adapters are pi, designware, tiny-usb, plain");
    assert_eq!(setup::style("designware"), Ok(Style::DesignWare));
}

#[test]
fn two_presence_pins_are_not_wired_to_one_line() {
    let check = |extras: &[&str]| {
        let mut setup = Setup::default();
        setup.extras = extras.iter().map(|text| Extra::parse(text).unwrap()).collect();
        setup.check_lines()
    };
    assert_eq!(check(&["2=crowd@27", "3=crowd@22", "crowd"]), Ok(()));
    for extras in [&["2=crowd@17"][..], &["2=crowd@27", "3=crowd@27"]] {
        assert_eq!(check(extras).unwrap_err().code, "MLSENSOR-SIM-WITH", "{extras:?}");
    }
}
