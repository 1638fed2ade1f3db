//! The same, awaited: the bus fails at the same moments, and the program goes on in the same way.

#![no_std]
#![no_main]

use embassy_futures::block_on;
use mlsensor::{Config, PersonId, PersonSensorAsync};
use mlsensor_firmware_qemu::{Failed, Faults, connect, end, entry};

/// The program's settings. Recognition shows that they are in force: only with it is somebody known.
const CONFIG: Config = Config::POWER_ON.with_id_enabled(true).with_led(false);

#[entry]
fn main() -> ! {
    end(block_on(drive()))
}

async fn drive() -> Result<(), Failed> {
    let host = connect()?;
    let mut sensor = PersonSensorAsync::new(host.i2c());
    let mut run = Faults::new(&host);
    while run.is_due()? {
        let reading = sensor.read().await;
        run.reading(&reading);
        // Only what has just proved to be a Person Sensor is written to. A write that fails is made again after the next
        // reading.
        if reading.is_ok() {
            if run.is_to_be_set() && sensor.configure(&CONFIG).await.is_ok() {
                run.was_set();
            }
            if run.is_to_be_labelled() && sensor.label_next_id(PersonId::ALL[0]).await.is_ok() {
                run.was_labelled();
            }
        }
        run.show(&reading)?;
    }
    run.end();
    Ok(())
}
