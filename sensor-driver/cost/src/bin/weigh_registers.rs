//! Reading and every register, with `mlsensor`, blocking.
#![no_std]
#![no_main]

use bare_metal::{Unknown, byte, halt, keep};
use mlsensor::{Mode, PersonId, PersonSensor};

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    let mut sensor = PersonSensor::with_address(Unknown, byte());
    keep(sensor.read());
    keep(sensor.set_mode(if byte() == 0 { Mode::Standby } else { Mode::Continuous }));
    keep(sensor.set_id_enabled(byte() == 0));
    keep(sensor.trigger_single_shot());
    if let Ok(id) = PersonId::new(byte()) {
        keep(sensor.label_next_id(id));
    }
    keep(sensor.set_persist_ids(byte() == 0));
    keep(sensor.erase_ids());
    keep(sensor.set_led(byte() == 0));
    halt()
}
