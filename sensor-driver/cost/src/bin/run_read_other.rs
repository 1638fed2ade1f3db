//! The published driver, which is async.
#![no_std]
#![no_main]

use mlsensor_cost::{
    bus::FixedBus,
    machine, run,
    run::{Seen, awaited},
};
use person_sensor::{PersonSensorBuilder, ReadError};

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    let bus = FixedBus::new();
    let Ok(mut sensor) = awaited(PersonSensorBuilder::new_continuous(&bus, true).build()) else {
        machine::exit(2)
    };
    // The type of the sensor has no public name, so the method cannot be named without a value.
    machine::say("future", size_of_val(&sensor.get_detections()) as u32);
    run::run(
        &bus,
        sensor,
        |sensor| awaited(sensor.get_detections()),
        |read| match read {
            Ok(faces) => Seen::Faces(faces.len()),
            Err(ReadError::ChecksumMismatch) => Seen::WrongChecksum,
            Err(_) => Seen::Else,
        },
    )
}
