//! How often do faults befall, which ones, and are they counted?
#![cfg(feature = "std")]

use std::collections::BTreeSet;

use embedded_hal::i2c::I2c;
use mlsensor_sim::{Fault, FaultInjector, FaultKind, LookalikeKind, Nonsense, Person, SimBus, SimSensor};

fn bus() -> SimBus {
    let (bus, sim) = SimBus::with_sensor(SimSensor::new());
    sim.with(|sim| sim.set_scene([Person::at(1.0, 0.0)]));
    bus.advance(std::time::Duration::from_secs(1));
    bus
}

/// What befell a read, and what it gave.
type Read = (Option<Fault>, Result<[u8; 39], String>);

/// Reads, one after the other.
fn run(faulty: &mut FaultInjector<SimBus>, reads: usize) -> Vec<Read> {
    let one_read = |_| {
        let mut packet = [0; 39];
        let outcome = faulty.read(0x62, &mut packet).map(|()| packet).map_err(|error| error.to_string());
        (faulty.latest(), outcome)
    };
    (0..reads).map(one_read).collect()
}

/// Kinds that go on for some transactions befall more of them than their rate says.
fn goes_on(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::Gone | FaultKind::Frozen)
}

#[test]
fn nothing_goes_wrong_unless_it_is_asked_for() {
    let mut faulty = FaultInjector::new(bus(), 1).with(FaultKind::Slip, 0);
    assert!(run(&mut faulty, 5000).iter().all(|(fault, outcome)| fault.is_none() && outcome.is_ok()));
    assert_eq!((faulty.counts().transactions, faulty.counts().untouched), (5000, 5000));
}

#[test]
fn each_kind_befalls_as_many_transactions_as_its_rate_says() {
    for &kind in FaultKind::ALL.iter().filter(|&&kind| !goes_on(kind)) {
        let mut faulty = FaultInjector::new(bus(), 2).with(kind, 100_000);
        run(&mut faulty, 10_000);
        // A tenth: 1000, with a standard deviation of 30.
        let hits = faulty.counts().of(kind);
        assert!((850..=1150).contains(&hits), "{kind:?}: {hits} of 10000");
        assert_eq!(hits + faulty.counts().untouched, 10_000, "{kind:?}: and no other");
    }
}

#[test]
fn a_rate_of_a_million_is_every_transaction() {
    let mut faulty = FaultInjector::new(bus(), 3).with(FaultKind::AllOnes, 1_000_000);
    assert!(run(&mut faulty, 1000).iter().all(|(_, outcome)| *outcome == Ok([0xFF; 39])));
}

#[test]
fn rates_of_several_kinds_add_up_and_one_fault_befalls_a_transaction() {
    let mut faulty = FaultInjector::new(bus(), 4).with_every_fault(20_000);
    let reads = run(&mut faulty, 20_000);
    let counts = faulty.counts();
    for &kind in FaultKind::ALL {
        let hits = counts.of(kind);
        let fits = if goes_on(kind) { hits > 400 } else { (200..=500).contains(&hits) };
        assert!(fits, "{kind:?}: {hits}, where a fiftieth of what the long ones leave is about 300");
        let seen = reads.iter().filter(|(fault, _)| fault.is_some_and(|fault| fault.kind() == kind)).count();
        assert_eq!(hits, seen as u64, "{kind:?} is counted as it happens");
    }
    let touched: u64 = counts.by_kind.values().sum();
    assert_eq!((counts.transactions, touched + counts.untouched), (20_000, 20_000));
}

#[test]
fn the_parameters_of_drawn_faults_reach_both_ends_of_their_ranges() {
    let mut drawn: BTreeSet<String> = BTreeSet::new();
    for &kind in FaultKind::ALL {
        let mut faulty = FaultInjector::new(bus(), 5).with(kind, 1_000_000);
        let faults = run(&mut faulty, 12_000).into_iter().filter_map(|(fault, _)| fault);
        drawn.extend(faults.map(|fault| format!("{fault:?}")));
    }
    let expected = [
        Fault::BitFlips(1),
        Fault::BitFlips(3),
        Fault::Burst(1),
        Fault::Burst(16),
        Fault::Tail(0),
        Fault::Tail(38),
        Fault::Torn(1),
        Fault::Torn(38),
        Fault::Frozen(1),
        Fault::Frozen(8),
        Fault::Gone(1),
        Fault::Gone(30),
        Fault::Nonsense(Nonsense::FaceCount(5)),
        Fault::Nonsense(Nonsense::DataLength(29)),
        Fault::Nonsense(Nonsense::Confidence(101)),
        Fault::Nonsense(Nonsense::LeftRight),
        Fault::Nonsense(Nonsense::TopBottom),
        Fault::Nonsense(Nonsense::IsFacing(2)),
    ];
    for fault in expected.into_iter().chain(LookalikeKind::ALL.iter().map(|&kind| Fault::Lookalike(kind))) {
        assert!(drawn.contains(&format!("{fault:?}")), "{fault:?} was never drawn");
    }
    for never in [
        Fault::BitFlips(0),
        Fault::BitFlips(4),
        Fault::Burst(0),
        Fault::Burst(17),
        Fault::Torn(0),
        Fault::Gone(0),
        Fault::Gone(31),
        Fault::Frozen(0),
    ] {
        assert!(!drawn.contains(&format!("{never:?}")), "{never:?} was drawn");
    }
}

#[test]
fn the_same_seed_gives_the_same_faults_and_bytes_and_another_seed_others() {
    let with_seed = |seed| run(&mut FaultInjector::new(bus(), seed).with_every_fault(20_000), 5000);
    assert_eq!(with_seed(6), with_seed(6));
    assert_ne!(with_seed(6), with_seed(7));
}

#[test]
fn what_is_injected_comes_first_in_its_order_and_chance_after_it() {
    let mut faulty = FaultInjector::new(bus(), 8).with(FaultKind::Slip, 1_000_000);
    let wanted = [Fault::AllZero, Fault::Gone(2), Fault::NackData];
    wanted.into_iter().for_each(|fault| faulty.inject(fault));
    let befell: Vec<_> = run(&mut faulty, 6).into_iter().filter_map(|(fault, _)| fault).collect();
    let [zero, gone, nack] = wanted;
    assert_eq!(befell, [zero, gone, gone, nack, Fault::Slip, Fault::Slip]);
    assert_eq!(faulty.counts().of(FaultKind::Gone), 2, "transactions are counted, not visits");
}

#[test]
fn async_goes_wrong_as_blocking_does() {
    let run_awaited = |faulty: &mut FaultInjector<SimBus>, reads| {
        let one_read = |_| {
            let mut packet = [0; 39];
            let outcome = pollster::block_on(embedded_hal_async::i2c::I2c::read(faulty, 0x62, &mut packet));
            (faulty.latest(), outcome.map(|()| packet).map_err(|error| error.to_string()))
        };
        (0..reads).map(one_read).collect::<Vec<Read>>()
    };
    let faulty = || FaultInjector::new(bus(), 9).with_every_fault(20_000);
    let (mut blocking, mut awaited) = (faulty(), faulty());
    assert_eq!(run(&mut blocking, 5000), run_awaited(&mut awaited, 5000));
    assert_eq!(blocking.counts(), awaited.counts());
    assert_eq!(blocking.release().now(), awaited.release().now());
}
