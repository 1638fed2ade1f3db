//! `mlsensor`, blocking.
#![no_std]
#![no_main]

use mlsensor::{Error, PacketError, PersonSensor};
use mlsensor_cost::{bus::FixedBus, run, run::Seen};

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    let bus = FixedBus::new();
    run::run(&bus, PersonSensor::new(&bus), PersonSensor::read, |read| match read {
        Ok(faces) => Seen::Faces(faces.count()),
        Err(Error::Packet(PacketError::Checksum { .. })) => Seen::WrongChecksum,
        Err(_) => Seen::Else,
    })
}
