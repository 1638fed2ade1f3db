//! How often do faults befall, which ones, and are they counted?
#![cfg(feature = "std")]

use std::collections::BTreeSet;

use embedded_hal::i2c::{ErrorType, I2c, Operation};
use mlsensor_sim::{
    Detection, Fault, FaultCounts, FaultError, FaultInjector, FaultKind, Person, SimBus, SimBusError,
    SimSensor,
};

fn bus() -> SimBus {
    let (bus, sim) = SimBus::with_sensor(SimSensor::new());
    sim.with(|sim| sim.set_scene([Person::at(1.0, 0.0)]));
    bus.advance(std::time::Duration::from_secs(1));
    bus
}

/// A bus whose sensor has a new result by each read.
fn moving_bus() -> Moving {
    let (bus, sim) = SimBus::with_sensor(SimSensor::new().with_detection(Detection::default()));
    sim.with(|sim| sim.set_scene([Person::at(1.0, 0.0)]));
    Moving { bus }
}

struct Moving {
    bus: SimBus,
}

impl ErrorType for Moving {
    type Error = SimBusError;
}

impl I2c for Moving {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), SimBusError> {
        self.bus.advance(std::time::Duration::from_secs(1));
        self.bus.transaction(address, operations)
    }
}

/// What befell a read, and what it gave.
type Read = (Option<Fault>, Result<[u8; 39], String>);

/// Reads, one after the other.
fn run<B: I2c>(faulty: &mut FaultInjector<B>, reads: usize) -> Vec<Read> {
    let one_read = |_| {
        let mut packet = [0; 39];
        let outcome = faulty.read(0x62, &mut packet).map(|()| packet).map_err(|error| error.to_string());
        (faulty.latest(), outcome)
    };
    (0..reads).map(one_read).collect()
}

/// Every transaction is counted once.
fn assert_sum(counts: &FaultCounts) {
    let befallen: u64 = counts.by_kind.values().sum();
    assert_eq!(counts.transactions, counts.untouched + counts.without_effect + befallen, "{counts:?}");
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
        let mut faulty = FaultInjector::new(moving_bus(), 2).with(kind, 100_000);
        let bus = faulty.control();
        for _ in 0..10_000 {
            // Writes, so that there is something not to acknowledge.
            let mut packet = [0; 39];
            let mut operations = [Operation::Write(&[0x07, 0x01]), Operation::Read(&mut packet)];
            let _ = faulty.transaction(0x62, &mut operations);
        }
        // A tenth: 1000, with a standard deviation of 30. A packet torn where two agree is a packet as it was.
        let counts = bus.counts();
        let hits = counts.of(kind) + counts.without_effect;
        assert!((850..=1150).contains(&hits), "{kind:?}: {hits} of 10000");
        assert_eq!(hits + counts.untouched, 10_000, "{kind:?}: and no other");
        let most_without = if kind == FaultKind::Torn { 400 } else { 1 };
        assert!(counts.without_effect <= most_without, "{kind:?}: {}", counts.without_effect);
        assert_sum(&counts);
    }
}

#[test]
fn a_rate_of_a_million_is_every_transaction() {
    let mut faulty = FaultInjector::new(bus(), 3).with(FaultKind::AllOnes, 1_000_000);
    assert!(run(&mut faulty, 1000).iter().all(|(_, outcome)| *outcome == Ok([0xFF; 39])));
}

#[test]
fn rates_of_several_kinds_add_up_and_one_fault_befalls_a_transaction() {
    let mut faulty = FaultInjector::new(moving_bus(), 4).with_every_fault(20_000);
    let reads = run(&mut faulty, 20_000);
    let counts = faulty.counts();
    for &kind in FaultKind::ALL {
        let hits = counts.of(kind);
        let fits = match kind {
            FaultKind::NackData => hits == 0, // there were only reads
            kind if goes_on(kind) => hits > 400,
            _ => (200..=500).contains(&hits),
        };
        assert!(fits, "{kind:?}: {hits}, where a fiftieth of what the long ones leave is about 300");
        let seen = reads.iter().filter(|(fault, _)| fault.is_some_and(|fault| fault.kind() == kind)).count();
        assert_eq!(hits, seen as u64, "{kind:?} is counted as it happens");
    }
    assert_eq!(counts.transactions, 20_000);
    assert_sum(&counts);
}

#[test]
fn rates_that_add_up_to_more_than_a_million_are_scaled_down_in_proportion() {
    // Seventeen times 100000: each befalls a seventeenth, or a sixteenth where one does not apply.
    let mut faulty = FaultInjector::new(moving_bus(), 10).with_every_fault(100_000);
    run(&mut faulty, 60_000);
    let counts = faulty.counts();
    for &kind in FaultKind::ALL.iter().filter(|&&kind| kind != FaultKind::NackData) {
        assert!(counts.of(kind) > 500, "{kind:?} is drawn: {}", counts.of(kind));
    }
    assert_eq!(counts.untouched, 0, "the rates leave nothing untouched");
    assert_sum(&counts);
    for _ in 0..10_000 {
        let _ = faulty.write(0x62, &[0x07, 0x01]);
    }
    assert!(faulty.counts().of(FaultKind::NackData) > 100);

    // Three to one, whatever they add up to; and a rate is never above a million.
    for (much, little) in [(300_000, 100_000), (900_000, 300_000), (3_000_000, 333_333)] {
        let mut faulty = FaultInjector::new(bus(), 11)
            .with(FaultKind::AllOnes, much)
            .with(FaultKind::AllZero, little)
            .with(FaultKind::AllOnes, much);
        run(&mut faulty, 10_000);
        let (ones, zero) = (faulty.counts().of(FaultKind::AllOnes), faulty.counts().of(FaultKind::AllZero));
        assert!((27 * zero..=33 * zero).contains(&(10 * ones)), "{ones} : {zero} of {much} : {little}");
    }
}

#[test]
fn chance_draws_what_can_befall_the_transaction() {
    let mut faulty = FaultInjector::new(bus(), 12).with_every_fault(50_000);
    let mut befell = BTreeSet::new();
    for _ in 0..20_000 {
        let _ = faulty.write(0x62, &[0x07, 0x01]);
        befell.extend(faulty.latest().map(|fault| fault.kind()));
    }
    let expected = [
        FaultKind::NackAddress,
        FaultKind::NackData,
        FaultKind::ArbitrationLoss,
        FaultKind::BusError,
        FaultKind::StretchTimeout,
        FaultKind::Gone,
    ];
    assert_eq!(befell, BTreeSet::from(expected), "and no reset: nothing was ever read");
    let counts = faulty.counts();
    assert!((200..1000).contains(&counts.without_effect), "the resets: {}", counts.without_effect);
    assert_sum(&counts);
}

#[test]
fn a_fault_that_changes_nothing_is_counted_as_without_effect() {
    // Nothing but a floating bus to read: all ones are nothing new, and so is a tail of them.
    struct Floating;
    impl ErrorType for Floating {
        type Error = core::convert::Infallible;
    }
    impl I2c for Floating {
        fn transaction(&mut self, _: u8, operations: &mut [Operation<'_>]) -> Result<(), Self::Error> {
            for operation in operations {
                if let Operation::Read(bytes) = operation {
                    bytes.fill(0xFF);
                }
            }
            Ok(())
        }
    }
    let mut faulty = FaultInjector::new(Floating, 1);
    let faults =
        [Fault::AllOnes, Fault::Tail(0), Fault::Slip, Fault::Frozen(2), Fault::Torn(20), Fault::Reset];
    faults.into_iter().for_each(|fault| faulty.inject(fault));
    assert!(run(&mut faulty, 8).iter().all(|read| *read == (None, Ok([0xFF; 39]))));
    let counts = faulty.counts();
    assert_eq!((counts.transactions, counts.without_effect, counts.untouched), (8, 7, 1));
    assert!(counts.by_kind.is_empty());

    // The bus fails by itself: no bytes to spoil.
    let (bus, sim) = SimBus::with_sensor(SimSensor::new());
    sim.with(SimSensor::power_off);
    let mut faulty = FaultInjector::new(bus, 1);
    faulty.inject(Fault::AllZero);
    assert!(matches!(faulty.read(0x62, &mut [0; 39]), Err(FaultError::Bus(_))));
    faulty.inject(Fault::NackData);
    assert!(matches!(faulty.write(0x62, &[0x07, 0x00]), Err(FaultError::Bus(_))));
    assert_eq!((faulty.counts().without_effect, faulty.latest()), (2, None));
    assert_sum(&faulty.counts());
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
    let wanted = [Fault::AllZero, Fault::Gone(2), Fault::NackAddress];
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
