//! Does a test hold the faults of a bus that its application owns?
#![cfg(feature = "std")]

use embedded_hal::i2c::{ErrorType, Operation};
use mlsensor::PersonSensor;
use mlsensor_sim::{Fault, FaultControl, FaultCounts, FaultInjector, FaultKind, SimBus, SimSensor};

fn bus() -> SimBus {
    SimBus::with_sensor(SimSensor::new()).0
}

/// Every transaction is counted once.
fn assert_sum(counts: &FaultCounts) {
    let befallen: u64 = counts.by_kind.values().sum();
    assert_eq!(counts.transactions, counts.untouched + counts.without_effect + befallen, "{counts:?}");
}

#[test]
fn a_test_controls_the_injector_that_its_application_owns() {
    let faulty = FaultInjector::new(bus(), 13);
    let control = faulty.control();
    let other: FaultControl = control.clone();
    let mut sensor = PersonSensor::new(faulty); // from here on it belongs to the application
    assert!(sensor.read().is_ok());
    control.inject(Fault::AllOnes);
    other.inject(Fault::AllZero);
    control.pause();
    assert!(sensor.read().is_ok(), "paused");
    assert_eq!(control.latest(), None);
    control.resume();
    assert!(sensor.read().is_err() && other.latest() == Some(Fault::AllOnes));
    assert!(sensor.read().is_err() && other.latest() == Some(Fault::AllZero));
    control.set_rate(FaultKind::BusError, 1_000_000);
    assert!((0..10).all(|_| sensor.read().is_err()));
    control.set_rate(FaultKind::BusError, 0);
    assert!((0..10).all(|_| sensor.read().is_ok()));
    drop(sensor);
    let counts = control.counts();
    assert_eq!((counts.transactions, counts.untouched, counts.of(FaultKind::BusError)), (24, 12, 10));
    assert_sum(&counts);
}

#[test]
fn a_pause_in_what_goes_on_is_no_part_of_it() {
    let faulty = FaultInjector::new(bus(), 14);
    faulty.inject(Fault::Gone(3));
    let control = faulty.control();
    let mut sensor = PersonSensor::new(faulty);
    assert!(sensor.read().is_err());
    control.pause();
    assert!((0..5).all(|_| sensor.read().is_ok()));
    control.resume();
    assert_eq!([(); 3].map(|()| sensor.read().is_ok()), [false, false, true]);
}

#[test]
fn a_control_outlives_a_panic_of_the_application() {
    let faulty = FaultInjector::new(bus(), 15);
    let control = faulty.control();
    let application = std::thread::spawn(move || {
        let mut sensor = PersonSensor::new(faulty);
        sensor.read().unwrap();
        panic!("an application that fails its test");
    });
    assert!(application.join().is_err());
    assert_eq!(control.counts().transactions, 1);
}

/// What is given up half way, as `select` does it, is no transaction.
#[test]
fn a_dropped_transaction_is_not_counted() {
    struct Never;
    impl ErrorType for Never {
        type Error = core::convert::Infallible;
    }
    impl embedded_hal_async::i2c::I2c for Never {
        async fn transaction(&mut self, _: u8, _: &mut [Operation<'_>]) -> Result<(), Self::Error> {
            core::future::pending().await
        }
    }
    let mut faulty = FaultInjector::new(Never, 16);
    let control = faulty.control();
    let mut packet = [0; 39];
    let mut read = Box::pin(embedded_hal_async::i2c::I2c::read(&mut faulty, 0x62, &mut packet));
    let mut context = core::task::Context::from_waker(core::task::Waker::noop());
    assert!(read.as_mut().poll(&mut context).is_pending());
    drop(read);
    assert_eq!(control.counts(), FaultCounts::default());
    control.inject(Fault::BusError);
    assert!(pollster::block_on(embedded_hal_async::i2c::I2c::read(&mut faulty, 0x62, &mut packet)).is_err());
    assert_sum(&control.counts());
}

#[test]
fn clones_of_an_injector_are_one_injector() {
    let one = FaultInjector::new(bus(), 13);
    let (mut first, mut second) = (PersonSensor::new(one.clone()), PersonSensor::new(one.clone()));
    one.inject(Fault::AllOnes);
    one.inject(Fault::Frozen(2));
    assert!(second.read().is_err(), "the first fault befalls whoever reads first");
    assert!(first.read().is_ok() && second.read().is_ok());
    assert_eq!(one.counts().transactions, 3);
    assert_sum(&one.counts());
}
