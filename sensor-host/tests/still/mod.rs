//! An adapter in a world in which no time passes.

use std::time::Duration;

use mlsensor_host::virtual_bus::World;
use mlsensor_host::virtual_bus::real_time::Clock;
use mlsensor_host::virtual_bus::usb::UsbBus;
use mlsensor_sim::SimSensor;

/// A sensor that saw nobody yet: byte for byte the packet that was captured from a real one.
pub(crate) const NOBODY: [u8; 39] = {
    let mut packet = [0; 39];
    packet[2] = 0x21;
    packet[37] = 0x25;
    packet[38] = 0x37;
    packet
};

struct Still;

impl Clock for Still {
    fn now(&self) -> Duration {
        Duration::ZERO
    }

    fn real(&self, simulated: Duration) -> Duration {
        simulated
    }
}

pub(crate) fn plugged() -> UsbBus {
    let mut world = World::new(Box::new(Still));
    world.add(1, SimSensor::new(), 17, 1);
    UsbBus::new(world, 1).unwrap()
}
