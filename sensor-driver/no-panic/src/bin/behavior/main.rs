//! Every behaviour: what a program concludes from readings over time.
#![no_std]
#![no_main]

mod aim;
mod attention;
mod cadence;
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
    attention::run();
    aim::run();
    cadence::run();
    enroll::run();
    power::run();
    halt()
}
