//! Reads packets of every kind, looks whether each result is right, and says how much stack it took.

use core::hint::black_box;

/// Polls a future until it is ready. (And the panic handler of these programs is in that crate.)
pub use bare_metal::run as awaited;

use crate::bus::FixedBus;
use crate::machine;
use crate::packets::{Kind, Packets};

/// Packets of each kind.
const EACH: u32 = 200;

/// What a driver made of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    Faces(usize),
    WrongChecksum,
    Else,
    /// There is no driver in this program.
    Bytes,
}

/// Runs a driver over all packets. `read` is what is measured; `seen` is not.
pub fn run<S, O>(bus: &FixedBus, mut sensor: S, read: impl Fn(&mut S) -> O, seen: impl Fn(&O) -> Seen) -> ! {
    let mut packets = Packets::new();
    let mut deepest = 0;
    for kind in Kind::ALL {
        for _ in 0..EACH {
            bus.put(packets.next(kind));
            let (result, depth) = around(&mut sensor, &read);
            deepest = deepest.max(depth);
            let right = match (kind, seen(&result)) {
                (_, Seen::Bytes) | (Kind::OtherFault, _) => true,
                (Kind::Faces(count), Seen::Faces(found)) => usize::from(count) == found,
                (Kind::WrongChecksum | Kind::WrongLength, found) => found == Seen::WrongChecksum,
                _ => false,
            };
            if !right {
                machine::exit(1);
            }
        }
        machine::say(kind.name(), EACH);
    }
    machine::say("stack", deepest);
    machine::say("sensor", (size_of::<S>() - size_of::<&FixedBus>()) as u32);
    machine::say("result", size_of::<O>() as u32);
    machine::exit(0)
}

/// Where a call comes from and returns to: so a counter knows that it is over. Gives the stack that it took, too.
#[inline(never)]
fn around<S, O>(sensor: &mut S, read: impl Fn(&mut S) -> O) -> (O, u32) {
    let top = machine::stack_pointer();
    machine::paint();
    let result = black_box(measured(sensor, read));
    (result, machine::deepest_below(top))
}

/// What is counted.
#[inline(never)]
fn measured<S, O>(sensor: &mut S, read: impl Fn(&mut S) -> O) -> O {
    read(sensor)
}

/// The size of what an async method gives, before it is awaited.
pub const fn size_of_future<'a, S: 'a, F>(_: &impl Fn(&'a mut S) -> F) -> u32 {
    size_of::<F>() as u32
}
