//! Several multiplexers on one bus: what holds of the others while one is used.

use embedded_hal::i2c::{Error as _, ErrorKind, I2c, Operation};
use mlsensor_host::mux::{MuxError, Muxes};
use mlsensor_sim::{Attached, Fault, FaultInjector, SimBus, SimBusError, SimSensor, Tca9548a};

use crate::{Rig, SENSOR, sensor};

const FIRST: u8 = 0x70;
const SECOND: u8 = 0x77;

/// A bus on which somebody connects channel 4 of the first multiplexer behind the back of the driver, whenever a transaction
/// with this address and this first byte of a write comes by.
struct Meddled {
    bus: SimBus,
    when: (u8, Option<u8>),
}

impl embedded_hal::i2c::ErrorType for Meddled {
    type Error = SimBusError;
}

impl I2c for Meddled {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), SimBusError> {
        let written = operations.iter().find_map(|operation| match operation {
            Operation::Write(bytes) => bytes.first().copied(),
            Operation::Read(_) => None,
        });
        if (address, written) == self.when {
            self.bus.write(FIRST, &[1 << 4])?;
        }
        self.bus.transaction(address, operations)
    }
}

fn two() -> (SimBus, [Attached<Tca9548a>; 2], [Attached<SimSensor>; 2]) {
    let bus = SimBus::new();
    let [mut first, mut second] = [FIRST, SECOND].map(Tca9548a::new);
    let sensors = [first.attach(&bus, 4, sensor(4)), second.attach(&bus, 1, sensor(1))];
    let muxes = [first, second].map(|mux| bus.attach(mux));
    (bus, muxes, sensors)
}

#[test]
fn another_multiplexer_that_is_set_meanwhile_is_noticed_before_the_transaction_and_after_it() {
    for (when, error) in [
        // While the one that is used is selected, and while the sensor is read.
        ((SECOND, Some(1 << 1)), MuxError::Mismatch { wanted: 0, found: 1 << 4 }),
        ((SENSOR, None), MuxError::Changed { wanted: 0, found: 1 << 4 }),
    ] {
        let (bus, muxes, _sensors) = two();
        let driver = Muxes::new(Meddled { bus: bus.clone(), when }, &[FIRST, SECOND]).unwrap();
        let mut packet = [0; 39];
        bus.start_log();
        assert_eq!(driver.channel(SECOND, 1).unwrap().read(SENSOR, &mut packet), Err(error));
        let is_read = bus.take_log().transfers.iter().any(|transfer| transfer.address == SENSOR);
        assert_eq!(is_read, when.0 == SENSOR, "what two sensors drive is not even read if it can be helped");
        assert_eq!(packet, if is_read { [0xFF; 39] } else { [0; 39] });
        assert!(muxes.iter().all(|mux| mux.with(|mux| mux.control()) == 0));
    }
}

#[test]
fn one_that_cannot_be_shut_keeps_no_other_open() {
    let (bus, muxes, _sensors) = two();
    let driver = Muxes::new(bus.clone(), &[FIRST, SECOND]).unwrap();
    driver.channel(SECOND, 1).unwrap().read(SENSOR, &mut [0; 39]).unwrap();
    assert_eq!(muxes[1].with(|mux| mux.control()), 1 << 1);
    muxes[0].with(Tca9548a::power_off);
    assert!(matches!(driver.shut(), Err(MuxError::InDoubt(Some(_)))));
    assert_eq!((muxes[1].with(|mux| mux.control()), driver.is_in_doubt()), (0, true));
}

#[test]
fn a_bus_that_fails_does_not_say_that_an_address_is_free() {
    let (rig, _) = Rig::new(1);
    let wire = FaultInjector::new(rig.bus.clone(), 1).for_address(SENSOR);
    let faults = wire.control();
    let muxes = Muxes::new(wire, &[crate::MUX]).unwrap();
    for (fault, kind) in
        [(Fault::ArbitrationLoss, ErrorKind::ArbitrationLoss), (Fault::BusError, ErrorKind::Bus)]
    {
        faults.inject(fault);
        let error = muxes.is_free_in_front(SENSOR).unwrap_err();
        assert!(matches!(error, MuxError::Bus(_)) && error.kind() == kind, "{error:?}");
    }
    assert!(matches!(muxes.is_free_in_front(SENSOR), Ok(true)));
}
