//! The same fan, awaiting its readings.

#![no_std]
#![no_main]

use embassy_futures::block_on;
use mlsensor::PersonSensorAsync;
use mlsensor_firmware_qemu::{HostError, Run, connect, end, entry};

#[entry]
fn main() -> ! {
    end(block_on(drive()))
}

async fn drive() -> Result<(), HostError> {
    let host = connect()?;
    let mut sensor = PersonSensorAsync::new(host.i2c());
    let mut run = Run::start(&host)?;
    while run.is_due()? {
        run.reading(sensor.read().await)?;
    }
    run.end()
}
