//! `mlsensor`, async.
#![no_std]
#![no_main]

use mlsensor::{Error, PacketError, PersonSensorAsync};
use mlsensor_cost::{bus::FixedBus, machine, run, run::Seen};

type Sensor<'a> = PersonSensorAsync<&'a FixedBus>;

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    let bus = FixedBus::new();
    machine::say("future", run::size_of_future(&Sensor::read));
    let read = |sensor: &mut Sensor<'_>| run::awaited(sensor.read());
    run::run(&bus, Sensor::new(&bus), read, |read| match read {
        Ok(faces) => Seen::Faces(faces.count()),
        Err(Error::Packet(PacketError::Checksum { .. })) => Seen::WrongChecksum,
        Err(_) => Seen::Else,
    })
}
