//! Which transactions does a fault befall, and whom does it spare?
//! (What it does to them: `faults.rs`. How often: `fault_rates.rs`.)
#![cfg(feature = "std")]

mod captured;
mod faulty;

use captured::{NOBODY, ONE_FACE};
use embedded_hal::i2c::I2c;
use faulty::{faulty, read};
use mlsensor_sim::{
    Attached, Fault, FaultError, FaultInjector, FaultKind, Lookalike, LookalikeKind, Nonsense, SimBus,
    SimSensor,
};

#[test]
fn a_reset_never_writes_to_a_stranger_nor_where_nothing_was_read_yet() {
    for &kind in LookalikeKind::ALL {
        let bus = SimBus::new();
        let stranger = bus.attach(Lookalike::new(kind));
        let mut faulty = FaultInjector::new(bus, 1).with(FaultKind::Reset, 1_000_000);
        for _ in 0..100 {
            faulty.read(0x62, &mut [0; 39]).unwrap();
        }
        assert_eq!(stranger.with(|stranger| stranger.bytes_written()), 0, "{kind:?}");
        let counts = faulty.counts();
        assert_eq!((counts.without_effect, counts.of(FaultKind::Reset)), (100, 0), "{kind:?}");
        assert_eq!(faulty.latest(), None);
    }

    let (mut bus, inside, _sim) = faulty();
    bus.inject(Fault::Reset);
    inside.start_log();
    bus.write(0x62, &[0x07, 0x00]).unwrap();
    assert_eq!(inside.take_log().transfers.len(), 1, "nobody knows yet who is there");
}

/// What happens after a read of a Person Sensor: through the injector, on the bus, to the sensor.
type ReadAgain = dyn Fn(&mut FaultInjector<SimBus>, &SimBus, &Attached<SimSensor>);

#[test]
fn a_reset_goes_by_the_latest_read_as_the_bus_gave_it() {
    let resets_after = |read_again: &ReadAgain| {
        let (mut bus, inside, sim) = faulty();
        assert_eq!(read(&mut bus), NOBODY);
        read_again(&mut bus, &inside, &sim);
        bus.inject(Fault::Reset);
        inside.start_log();
        let _ = bus.write(0x62, &[0x07, 0x00]);
        let written = inside.take_log().transfers.len() - 1;
        assert_eq!(
            (written == 4, written == 0),
            (bus.latest() == Some(Fault::Reset), bus.latest().is_none())
        );
        written == 4
    };
    assert!(resets_after(&|_, _, _| {}));
    assert!(resets_after(&|bus, _, _| {
        bus.inject(Fault::Lookalike(LookalikeKind::OtherPart)); // pretended: the sensor is still there
        read(bus);
    }));
    assert!(resets_after(&|bus, _, _| {
        bus.inject(Fault::Gone(1));
        bus.read(0x62, &mut [0; 39]).unwrap_err();
    }));
    assert!(!resets_after(&|bus, inside, _| {
        let _other = inside.attach(Lookalike::new(LookalikeKind::OtherPart)); // both pull the line low
        read(bus);
    }));
    assert!(!resets_after(&|bus, _, _| bus.read(0x62, &mut [0; 4]).unwrap()), "a part is no packet");
    assert!(!resets_after(&|bus, _, sim| {
        sim.with(SimSensor::power_off);
        bus.read(0x62, &mut [0; 39]).unwrap_err();
        sim.with(SimSensor::power_on);
    }));
}

#[test]
fn a_reset_writes_nothing_after_a_read_that_failed_until_one_succeeds() {
    let (mut bus, inside, sim) = faulty();
    assert_eq!(read(&mut bus), NOBODY);
    sim.power_off();
    assert!(matches!(bus.read(0x62, &mut [0; 39]), Err(FaultError::Bus(_))));
    sim.power_on();
    inside.advance(std::time::Duration::from_secs(3)); // it would take what is written
    for (written, latest) in [(0, None), (4, Some(Fault::Reset))] {
        bus.inject(Fault::Reset);
        inside.start_log();
        bus.write(0x62, &[0x07, 0x00]).unwrap();
        assert_eq!((inside.take_log().transfers.len() - 1, bus.latest()), (written, latest));
        bus.read(0x62, &mut [0; 39]).unwrap();
    }
}

#[test]
fn a_fault_of_what_is_read_waits_for_a_read_and_what_is_behind_it_waits_with_it() {
    let (mut bus, clock, sim) = faulty();
    assert_eq!(read(&mut bus), NOBODY);
    clock.advance(std::time::Duration::from_secs(1));
    for fault in [
        Fault::AllOnes,
        Fault::AllZero,
        Fault::BitFlips(3),
        Fault::Burst(16),
        Fault::Tail(0),
        Fault::Slip,
        Fault::Torn(38),
        Fault::Frozen(1),
        Fault::Nonsense(Nonsense::LeftRight),
        Fault::Lookalike(LookalikeKind::OtherPart),
    ] {
        bus.inject(fault);
        bus.inject(Fault::NackAddress);
        bus.write(0x62, &[0x07, 0x00]).unwrap();
        assert!(!sim.with(|sim| sim.config().led), "{fault:?}");
        bus.write(0x62, &[0x07, 0x01]).unwrap();
        assert_eq!(bus.latest(), None);
        read(&mut bus);
        assert_eq!(bus.latest(), Some(fault));
        assert!(bus.read(0x62, &mut [0; 39]).is_err(), "{fault:?}, and then the one behind it");
        bus.inject(Fault::Gone(1));
        assert!(bus.write(0x62, &[0x07, 0x01]).is_err());
    }
    let counts = bus.counts();
    assert_eq!((counts.untouched, counts.without_effect), (1 + 10 * 2, 0));
}

#[test]
fn a_frozen_sensor_can_be_written_to_and_is_frozen_for_its_reads() {
    let (mut bus, clock, sim) = faulty();
    assert_eq!(read(&mut bus), NOBODY);
    clock.advance(std::time::Duration::from_secs(1));
    bus.inject(Fault::Frozen(2));
    for led in [0, 1] {
        assert_eq!(read(&mut bus), NOBODY);
        bus.write(0x62, &[0x07, led]).unwrap();
        assert_eq!((bus.latest(), sim.with(|sim| sim.config().led)), (None, led == 1));
    }
    assert_eq!(read(&mut bus), ONE_FACE);
}

#[test]
fn a_parameter_outside_of_its_range_is_taken_for_the_nearest_one_within() {
    let nonsense = Fault::Nonsense;
    for (given, taken) in [
        (Fault::BitFlips(0), Fault::BitFlips(1)),
        (Fault::BitFlips(4), Fault::BitFlips(3)),
        (Fault::Burst(0), Fault::Burst(1)),
        (Fault::Burst(17), Fault::Burst(16)),
        (Fault::Tail(39), Fault::Tail(38)),
        (Fault::Tail(255), Fault::Tail(38)),
        (Fault::Torn(39), Fault::Torn(38)),
        (Fault::Frozen(0), Fault::Frozen(1)),
        (nonsense(Nonsense::FaceCount(0)), nonsense(Nonsense::FaceCount(5))),
        (nonsense(Nonsense::DataLength(33)), nonsense(Nonsense::DataLength(29))),
        (nonsense(Nonsense::Confidence(100)), nonsense(Nonsense::Confidence(101))),
        (nonsense(Nonsense::IsFacing(1)), nonsense(Nonsense::IsFacing(2))),
    ] {
        let (mut bus, clock, _sim) = faulty();
        assert_eq!(read(&mut bus), NOBODY);
        clock.advance(std::time::Duration::from_secs(1));
        bus.inject(given);
        assert_ne!(read(&mut bus), ONE_FACE, "{given:?}");
        assert_eq!(bus.latest(), Some(taken), "{given:?}");
        assert_eq!(read(&mut bus), ONE_FACE, "{given:?}");
    }
    let (mut bus, _, _sim) = faulty();
    bus.inject(Fault::Gone(0));
    let gone = Err(FaultError::Injected(Fault::Gone(1)));
    assert_eq!(bus.read(0x62, &mut [0; 39]), gone);
    assert_eq!(read(&mut bus), NOBODY);
    bus.inject(Fault::Torn(0)); // taken for 1, and the first byte is 0 in both
    read(&mut bus);
    assert_eq!((bus.latest(), bus.counts().without_effect), (None, 1));

    for (given, taken) in [(0, 5), (4, 5), (5, 5), (255, 255)] {
        let mut packet = ONE_FACE;
        Nonsense::FaceCount(given).apply(&mut packet);
        assert_eq!(packet[4], taken, "outside of an injector too");
    }
    let mut packet = ONE_FACE;
    Nonsense::DataLength(33).apply(&mut packet);
    assert_eq!(packet[2..4], [29, 0]);
}

#[test]
fn other_addresses_are_let_through_untouched_and_uncounted() {
    let (bus, _sim) = SimBus::with_sensor(SimSensor::new());
    let mut faulty = FaultInjector::new(bus.clone(), 1).with(FaultKind::AllOnes, 1_000_000);
    faulty.inject(Fault::NackAddress);
    let error = faulty.read(0x10, &mut [0; 39]).unwrap_err();
    assert!(matches!(error, FaultError::Bus(_)));
    faulty.write(0x10, &[0x01]).unwrap_err();
    assert_eq!((faulty.counts(), faulty.latest()), (Default::default(), None));
    assert_eq!(faulty.read(0x62, &mut [0; 39]), Err(FaultError::Injected(Fault::NackAddress)));

    let mut faulty = FaultInjector::new(bus, 1).with(FaultKind::AllOnes, 1_000_000).for_address(0x10);
    let mut packet = [0xA5; 39];
    faulty.read(0x62, &mut packet).unwrap();
    assert_eq!((packet, faulty.counts().transactions), (NOBODY, 0));
    faulty.inject(Fault::BusError);
    assert_eq!(faulty.read(0x10, &mut packet), Err(FaultError::Injected(Fault::BusError)));
    assert_eq!(faulty.counts().transactions, 1);
}
