//! Every method of the published driver.
#![no_std]
#![no_main]

use bare_metal::{Unknown, byte, halt, keep, run};
use person_sensor::{IDMode, PersonID, PersonSensorBuilder};

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    let built = PersonSensorBuilder::new_continuous(Unknown, byte() == 0).with_interrupt(Unknown).build();
    let Ok(mut sensor) = run(built) else { halt() };
    sensor.set_checksum_enabled(byte() == 0);
    keep(run(sensor.get_detections()));
    keep(run(sensor.wait_for_person()));
    let mode = if byte() == 0 { IDMode::LocationOnly } else { IDMode::LabelAndLocation };
    keep(run(sensor.set_id_mode(mode)));
    if let Ok(id) = PersonID::new(byte()) {
        keep(run(sensor.label_next_id(id)));
    }
    keep(run(sensor.set_persist_ids(byte() == 0)));
    keep(run(sensor.erase_ids()));
    keep(run(sensor.set_indicator(byte() == 0)));
    let Ok(mut sensor) = run(sensor.into_standby_mode()) else { halt() };
    keep(run(sensor.capture_once()));
    keep(run(sensor.into_continuous_mode()).is_ok());
    let built = PersonSensorBuilder::new_standby(Unknown, byte() == 0).build();
    keep(run(built).is_ok());
    halt()
}
