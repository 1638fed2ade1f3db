//! Every method that does async I/O.
#![no_std]
#![no_main]

use bare_metal::{Unknown, byte, halt, keep, run};
use mlsensor::behavior::{Enroll, Erase};
use mlsensor::{Command, Config, Mode, PersonId, PersonSensorAsync, PresencePin};

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    let mut sensor = PersonSensorAsync::new(PersonSensorAsync::with_address(Unknown, byte()).release());
    keep(run(sensor.read()));
    keep(run(sensor.read_packet()));
    keep(run(sensor.read_split()));
    keep(run(sensor.probe()));
    if let Ok(command) = Command::parse([byte(), byte()]) {
        keep(run(sensor.send(command)));
    }
    let mut config = Config::default();
    config.mode = if byte() == 0 { Mode::Standby } else { Mode::Continuous };
    config.id_enabled = byte() == 0;
    config.persist_ids = byte() == 0;
    config.led = byte() == 0;
    keep(run(sensor.configure(&config)));
    keep(run(sensor.set_mode(config.mode)));
    keep(run(sensor.set_id_enabled(byte() == 0)));
    keep(run(sensor.trigger_single_shot()));
    keep(run(sensor.capture(&mut Unknown)));
    keep(run(sensor.capture_after(&mut Unknown, u32::from(byte()))));
    if let Ok(id) = PersonId::new(byte()) {
        keep(run(sensor.label_next_id(id)));
    }
    keep(run(sensor.set_persist_ids(byte() == 0)));
    keep(run(sensor.erase_ids()));
    keep(run(sensor.set_led(byte() == 0)));
    if let Ok(id) = PersonId::new(byte()) {
        keep(run(sensor.enroll(&mut Unknown, Enroll::new(id), keep)).is_ok());
    }
    keep(run(sensor.erase_and_verify(&mut Unknown, Erase::default(), keep)).is_ok());

    let mut pin = PresencePin::new(sensor.release());
    keep(run(pin.wait_for_presence()));
    keep(run(pin.wait_for_absence()));
    keep(run(pin.wait_for_change()));
    halt()
}
