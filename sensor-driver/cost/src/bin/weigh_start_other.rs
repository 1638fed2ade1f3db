//! The published driver begins by writing two settings; then the bus alone.
#![no_std]
#![no_main]

use bare_metal::{Unknown, byte, halt, keep, run};
use embedded_hal_async::i2c::I2c;
use person_sensor::PersonSensorBuilder;

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    if let Ok(sensor) = run(PersonSensorBuilder::new_continuous(Unknown, byte() == 0).build()) {
        keep(sensor);
        keep(run(async {
            let mut packet = [0; 39];
            let read = Unknown.read(byte(), &mut packet).await;
            keep(packet);
            read
        }));
    }
    halt()
}
