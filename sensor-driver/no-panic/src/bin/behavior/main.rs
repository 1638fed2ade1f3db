//! Every behaviour: what a program concludes from readings over time.
#![no_std]
#![no_main]

mod aim;
mod enroll;
mod input;
mod power;
mod presence;
mod tracker;

use bare_metal::halt;

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    presence::run();
    tracker::run();
    aim::run();
    enroll::run();
    power::run();
    halt()
}
