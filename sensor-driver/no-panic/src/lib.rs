//! Everything around the driver of which the compiler can know nothing: each byte, each error and each
//! level comes from a volatile read, so whatever the driver does with any value stays in the program.
#![no_std]

use core::{
    future::{Future, poll_fn},
    hint,
    panic::PanicInfo,
    pin::pin,
    task::{Context, Poll, Waker},
};

use embedded_hal::{
    delay::DelayNs,
    digital::{self, ErrorType as PinErrorType, InputPin},
    i2c::{self, ErrorType, I2c, NoAcknowledgeSource, Operation},
};
use embedded_hal_async::{delay, digital::Wait, i2c as awaited};

/// A byte that the compiler cannot foresee.
pub fn byte() -> u8 {
    let register: *const u8 = core::ptr::without_provenance(0x4000_0000);
    // SAFETY: on a microcontroller every address may be read as a device register; and the program is never run.
    unsafe { register.read_volatile() }
}

/// Some bytes that the compiler cannot foresee.
pub fn bytes<const N: usize>() -> [u8; N] {
    core::array::from_fn(|_| byte())
}

/// Keeps the computation of a value that nobody looks at.
pub fn keep<T>(value: T) {
    hint::black_box(value);
}

/// Polls until the future is ready, and then never again.
pub fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

/// Ready with `outcome` when a byte says so. Not an `async fn`: those hold a panic of their own.
fn at_some_time<T>(mut outcome: impl FnMut() -> T) -> impl Future<Output = T> {
    poll_fn(move |_| if byte() == 0 { Poll::Ready(outcome()) } else { Poll::Pending })
}

/// A bus, a delay and a pin with any content and any fault.
pub struct Unknown;

/// Any of a few faults.
#[derive(Debug, Clone, Copy)]
pub struct Fault(pub u8);

impl i2c::Error for Fault {
    fn kind(&self) -> i2c::ErrorKind {
        match self.0 {
            1 => i2c::ErrorKind::Bus,
            _ => i2c::ErrorKind::NoAcknowledge(NoAcknowledgeSource::Unknown),
        }
    }
}

impl digital::Error for Fault {
    fn kind(&self) -> digital::ErrorKind {
        digital::ErrorKind::Other
    }
}

fn outcome<T>(value: T) -> Result<T, Fault> {
    match byte() {
        0 => Ok(value),
        fault => Err(Fault(fault)),
    }
}

/// Out of line, as a bus with registers and interrupts would be.
#[inline(never)]
fn transfer(operations: &mut [Operation<'_>]) -> Result<(), Fault> {
    for operation in operations {
        match operation {
            Operation::Read(buffer) => buffer.fill_with(byte),
            Operation::Write(written) => keep(written),
        }
    }
    outcome(())
}

impl ErrorType for Unknown {
    type Error = Fault;
}

impl I2c for Unknown {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), Fault> {
        keep(address);
        transfer(operations)
    }
}

impl awaited::I2c for Unknown {
    fn transaction(
        &mut self,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> impl Future<Output = Result<(), Fault>> {
        keep(address);
        at_some_time(|| transfer(operations))
    }
}

impl DelayNs for Unknown {
    fn delay_ns(&mut self, ns: u32) {
        keep(ns);
    }
}

impl delay::DelayNs for Unknown {
    fn delay_ns(&mut self, ns: u32) -> impl Future<Output = ()> {
        keep(ns);
        at_some_time(|| ())
    }
}

impl PinErrorType for Unknown {
    type Error = Fault;
}

impl InputPin for Unknown {
    fn is_high(&mut self) -> Result<bool, Fault> {
        outcome(byte() == 1)
    }

    fn is_low(&mut self) -> Result<bool, Fault> {
        outcome(byte() == 0)
    }
}

impl Wait for Unknown {
    fn wait_for_high(&mut self) -> impl Future<Output = Result<(), Fault>> {
        at_some_time(|| outcome(()))
    }

    fn wait_for_low(&mut self) -> impl Future<Output = Result<(), Fault>> {
        at_some_time(|| outcome(()))
    }

    fn wait_for_rising_edge(&mut self) -> impl Future<Output = Result<(), Fault>> {
        at_some_time(|| outcome(()))
    }

    fn wait_for_falling_edge(&mut self) -> impl Future<Output = Result<(), Fault>> {
        at_some_time(|| outcome(()))
    }

    fn wait_for_any_edge(&mut self) -> impl Future<Output = Result<(), Fault>> {
        at_some_time(|| outcome(()))
    }
}

/// Where every program ends.
pub fn halt() -> ! {
    loop {
        hint::spin_loop();
    }
}

/// Out of line and with an effect of its own, so that it stays a symbol if anything can reach it.
#[panic_handler]
#[inline(never)]
fn panicked(info: &PanicInfo<'_>) -> ! {
    if cfg!(not(feature = "silent")) {
        keep(info);
    }
    halt()
}
