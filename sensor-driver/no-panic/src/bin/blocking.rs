//! Every method that does blocking I/O.
#![no_std]
#![no_main]

use bare_metal::{Unknown, byte, halt, keep};
use mlsensor::{Command, Config, Mode, PersonId, PersonSensor, PresencePin};

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    let mut sensor = PersonSensor::new(PersonSensor::with_address(Unknown, byte()).release());
    keep(sensor.read());
    keep(sensor.read_packet());
    keep(sensor.read_split());
    keep(sensor.probe());
    if let Ok(command) = Command::parse([byte(), byte()]) {
        keep(sensor.send(command));
    }
    let mut config = Config::default();
    config.mode = if byte() == 0 { Mode::Standby } else { Mode::Continuous };
    config.id_enabled = byte() == 0;
    config.persist_ids = byte() == 0;
    config.led = byte() == 0;
    keep(sensor.configure(&config));
    keep(sensor.set_mode(config.mode));
    keep(sensor.set_id_enabled(byte() == 0));
    keep(sensor.trigger_single_shot());
    keep(sensor.capture(&mut Unknown));
    keep(sensor.capture_after(&mut Unknown, u32::from(byte())));
    if let Ok(id) = PersonId::new(byte()) {
        keep(sensor.label_next_id(id));
    }
    keep(sensor.set_persist_ids(byte() == 0));
    keep(sensor.erase_ids());
    keep(sensor.set_led(byte() == 0));

    let mut pin = PresencePin::new(PresencePin::new(sensor.release()).release());
    keep(pin.is_present());
    halt()
}
