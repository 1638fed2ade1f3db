//! The bus alone, blocking: 39 bytes, and nothing made of them.
#![no_std]
#![no_main]

use bare_metal::keep;
use embedded_hal::i2c::I2c;
use mlsensor_cost::{bus::FixedBus, run, run::Seen};

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    let bus = FixedBus::new();
    let read = |bus: &mut &FixedBus| {
        let mut packet = [0; 39];
        let read = bus.read(0x62, &mut packet);
        keep(&packet);
        read
    };
    run::run(&bus, &bus, read, |_| Seen::Bytes)
}
