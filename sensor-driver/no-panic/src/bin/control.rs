//! The control: panics on purpose. If the check finds no panic routine here, the check is broken.
#![no_std]
#![no_main]

use bare_metal::{byte, halt, keep};

static TABLE: [u8; 4] = [1, 2, 3, 5];

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    keep(TABLE[usize::from(byte())]);
    // And a division of floating-point numbers, which this processor does in software.
    keep(f32::from(byte()) / f32::from(byte()));
    halt()
}
