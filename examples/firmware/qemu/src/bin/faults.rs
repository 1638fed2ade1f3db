//! What goes wrong on the way, and how a program goes on: for the scene `scenes/faults.toml`, in which somebody is there all
//! the time and the sensor loses power once, and faults of the bus. Nothing of it is taken for "nobody", and nothing ends
//! the program. What counts as what, and when the sensor is set again, is in `Faults`.

#![no_std]
#![no_main]

use mlsensor::{Config, PersonId, PersonSensor};
use mlsensor_firmware_qemu::{Failed, Faults, connect, end, entry};

/// The program's settings. Recognition shows that they are in force: only with it is somebody known.
const CONFIG: Config = Config::POWER_ON.with_id_enabled(true).with_led(false);

#[entry]
fn main() -> ! {
    end(drive())
}

fn drive() -> Result<(), Failed> {
    let host = connect()?;
    let mut sensor = PersonSensor::new(host.i2c());
    let mut run = Faults::new(&host);
    while run.is_due()? {
        let reading = sensor.read();
        run.reading(&reading);
        // Only what has just proved to be a Person Sensor is written to. A write that fails is made again after the next
        // reading.
        if reading.is_ok() {
            if run.is_to_be_set() && sensor.configure(&CONFIG).is_ok() {
                run.was_set();
            }
            if run.is_to_be_labelled() && sensor.label_next_id(PersonId::ALL[0]).is_ok() {
                run.was_labelled();
            }
        }
        run.show(&reading)?;
    }
    run.end();
    Ok(())
}
