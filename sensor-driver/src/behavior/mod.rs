//! From faces to behaviour: "someone is here", "someone wants my attention", "turn toward her", "it is the same person
//! again".
//!
//! A packet says where faces are at one moment, with misses, flicker and false faces. Each behaviour takes readings and
//! the time, and concludes something that holds over time.
//!
//! | behaviour | answers |
//! |---|---|
//! | [`Tracker`] | who is who from packet to packet, and where do they go? |
//! | [`Aim`] | where to turn a pan/tilt, so that it keeps to somebody and does not hunt? |
//! | [`Presence`] | is somebody here? |
//! | [`Enroll`] | is this id that person's now? |
//! | [`Erase`] | are all ids forgotten? |
//! | [`Power`] | when may the sensor sleep, and when should it look? |
//! | [`Attention`] | has somebody faced the sensor for a while, and who? |
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

mod aim;
mod attention;
mod cadence;
mod direction;
mod enroll;
mod erase;
mod gate;
mod outcome;
mod power;
mod presence;
pub(crate) mod procedure;
mod stopwatch;
mod streak;
mod time;
mod tracker;

pub use aim::{Aim, AimConfig, AimState, AxisConfig, Choice, Mount, Sense, Servo, WhenLost};
pub use attention::{Attention, AttentionConfig, AttentionEvent, Look};
pub use cadence::{Cadence, CadenceConfig, Freshness, Lock};
pub use direction::{Direction, View};
pub use enroll::{Enroll, EnrollConfig, EnrollError, EnrollProgress, Enrolled, GaveUp, GaveUpReason};
pub use erase::{Erase, EraseConfig, EraseError, EraseProgress, Erased, NotErased};
pub use gate::Gate;
pub use outcome::Outcome;
pub use power::{CurrentEstimate, CurrentFigures, Power, PowerConfig, PowerStep};
pub use presence::{Presence, PresenceConfig, PresenceEvent};
pub use procedure::{ProcedureError, Step};
pub use tracker::{MAX_TRACKS, Track, TrackId, Tracker, TrackerConfig, Velocity};
