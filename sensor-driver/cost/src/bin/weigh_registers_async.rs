//! Reading and every register, with `mlsensor`, async.
#![no_std]
#![no_main]

use bare_metal::{Unknown, byte, halt, keep, run};
use mlsensor::{Mode, PersonId, PersonSensorAsync};

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    let mut sensor = PersonSensorAsync::with_address(Unknown, byte());
    keep(run(sensor.read()));
    keep(run(sensor.set_mode(if byte() == 0 { Mode::Standby } else { Mode::Continuous })));
    keep(run(sensor.set_id_enabled(byte() == 0)));
    keep(run(sensor.trigger_single_shot()));
    if let Ok(id) = PersonId::new(byte()) {
        keep(run(sensor.label_next_id(id)));
    }
    keep(run(sensor.set_persist_ids(byte() == 0)));
    keep(run(sensor.erase_ids()));
    keep(run(sensor.set_led(byte() == 0)));
    halt()
}
