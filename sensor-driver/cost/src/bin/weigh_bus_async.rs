//! The bus alone, awaited.
#![no_std]
#![no_main]

use bare_metal::{Unknown, byte, halt, keep, run};
use embedded_hal_async::i2c::I2c;

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    keep(run(async {
        let mut packet = [0; 39];
        let read = Unknown.read(byte(), &mut packet).await;
        keep(packet);
        read
    }));
    halt()
}
