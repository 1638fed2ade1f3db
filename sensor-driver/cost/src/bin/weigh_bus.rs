//! The bus alone, blocking.
#![no_std]
#![no_main]

use bare_metal::{Unknown, byte, halt, keep};
use embedded_hal::i2c::I2c;

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    let mut packet = [0; 39];
    keep(Unknown.read(byte(), &mut packet));
    keep(packet);
    halt()
}
