//! The read path of `mlsensor`, async.
#![no_std]
#![no_main]

use bare_metal::{Unknown, byte, halt, keep, run};
use mlsensor::PersonSensorAsync;

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    keep(run(PersonSensorAsync::with_address(Unknown, byte()).read()));
    halt()
}
