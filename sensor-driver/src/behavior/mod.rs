//! From faces to behaviour: "someone is here", "someone wants my attention", "turn toward her", "it is the same person
//! again".
//!
//! A packet says where faces are at one moment, with misses, flicker and false faces. Each behaviour takes readings and
//! the time, and concludes something that holds over time.
//!
//! | behaviour | answers |
//! |---|---|
//! | [`Cadence`] | when to read next, and whether what was read is new |
//!
//! # Guarantees of every behaviour
//! * **No I/O, no clock**: a behaviour takes `now`, the time since any fixed moment, and a reading, and gives a
//!   conclusion. The same calls give the same answers on every machine. Time that goes backward counts as no time.
//! * **Fixed size, no allocation, no panic, no floating point**: it runs on a Cortex-M0 as on a host.
//! * **Nothing is lost**: a reading is `Option<&Faces>`, and `None` is *no reading* (the bus failed, the packet was
//!   refused, or there is none yet), never "nobody". Hand in every result of a read: `sensor.read().as_ref().ok()`.
//! * **Three outcomes**: [`Outcome::Unknown`] once there was no reading for some time, and each application chooses
//!   its own safe side: a fan goes off, a screen is *not* locked.
//! * **Reading faster than the sensor infers does no harm**: conclusions depend on time, not on the number of
//!   packets; the same packet read twice weighs no more than once.

mod cadence;
mod direction;
mod gate;
mod outcome;
mod streak;
mod time;

pub use cadence::{Cadence, CadenceConfig, Freshness, Lock};
pub use direction::{Direction, View};
pub use gate::Gate;
pub use outcome::Outcome;
