//! The read path of the published driver.
#![no_std]
#![no_main]

use bare_metal::{Unknown, byte, halt, keep, run};
use person_sensor::PersonSensorBuilder;

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    if let Ok(mut sensor) = run(PersonSensorBuilder::new_continuous(Unknown, byte() == 0).build()) {
        keep(run(sensor.get_detections()));
        keep(sensor);
    }
    halt()
}
