//! The bus alone, awaited: 39 bytes, and nothing made of them.
#![no_std]
#![no_main]

use bare_metal::keep;
use embedded_hal_async::i2c::I2c;
use mlsensor_cost::{bus::FixedBus, run, run::Seen};

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    let bus = FixedBus::new();
    let read = |bus: &mut &FixedBus| {
        run::awaited(async {
            let mut packet = [0; 39];
            let read = bus.read(0x62, &mut packet).await;
            keep(&packet);
            read
        })
    };
    run::run(&bus, &bus, read, |_| Seen::Bytes)
}
