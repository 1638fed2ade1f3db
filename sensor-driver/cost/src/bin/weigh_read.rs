//! The read path of `mlsensor`, blocking.
#![no_std]
#![no_main]

use bare_metal::{Unknown, byte, halt, keep};
use mlsensor::PersonSensor;

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    keep(PersonSensor::with_address(Unknown, byte()).read());
    halt()
}
