//! A fan that turns on when somebody faces it, and off when they look away for a while: the host's program of this name, on
//! a microcontroller.

#![no_std]
#![no_main]

use mlsensor::PersonSensor;
use mlsensor_firmware_qemu::{HostError, Run, connect, end, entry};

#[entry]
fn main() -> ! {
    end(drive())
}

fn drive() -> Result<(), HostError> {
    let host = connect()?;
    let mut sensor = PersonSensor::new(host.i2c());
    let mut run = Run::start(&host)?;
    while run.is_due()? {
        run.reading(sensor.read())?;
    }
    run.end()
}
