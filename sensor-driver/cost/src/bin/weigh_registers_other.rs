//! Reading and every register, with the published driver. (It triggers and reads in one method.)
#![no_std]
#![no_main]

use bare_metal::{Unknown, byte, halt, keep, run};
use person_sensor::{IDMode, PersonID, PersonSensorBuilder};

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    let Ok(mut sensor) = run(PersonSensorBuilder::new_continuous(Unknown, byte() == 0).build()) else {
        halt()
    };
    keep(run(sensor.get_detections()));
    keep(run(sensor.set_id_mode(if byte() == 0 { IDMode::LocationOnly } else { IDMode::LabelAndLocation })));
    if let Ok(id) = PersonID::new(byte()) {
        keep(run(sensor.label_next_id(id)));
    }
    keep(run(sensor.set_persist_ids(byte() == 0)));
    keep(run(sensor.erase_ids()));
    keep(run(sensor.set_indicator(byte() == 0)));
    if let Ok(mut sensor) = run(sensor.into_standby_mode()) {
        keep(run(sensor.capture_once()));
    }
    halt()
}
