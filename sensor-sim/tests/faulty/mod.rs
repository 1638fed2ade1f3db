//! A faulty bus, with a sensor that is about to say something new.

use embedded_hal::i2c::I2c;
use mlsensor::{Bounds, Face, Faces, Identity, PersonId};
use mlsensor_sim::{Attached, FaultInjector, SimBus, SimSensor};

/// A bus whose sensor has said nobody until now, and says the captured face from its next result on.
pub(crate) fn faulty() -> (FaultInjector<SimBus>, SimBus, Attached<SimSensor>) {
    let (bus, sim) = SimBus::with_sensor(SimSensor::new());
    let identity = Identity::new(PersonId::new(0).unwrap(), 67).unwrap();
    let face = Face::new(Bounds::new(124, 128, 149, 170).unwrap(), 99, Some(identity), true).unwrap();
    sim.with(|sim| sim.show_faces(Faces::new(&[face]).unwrap()));
    (FaultInjector::new(bus.clone(), 1), bus, sim)
}

pub(crate) fn read(bus: &mut FaultInjector<SimBus>) -> [u8; 39] {
    let mut packet = [0xA5; 39];
    bus.read(0x62, &mut packet).unwrap();
    packet
}
