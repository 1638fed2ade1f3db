//! The Person Sensor of Useful Sensors (SEN-21231): a camera and a face detector on one board that
//! tells a host where up to four faces are, whether each one faces the sensor, and which of eight
//! enrolled people it is.
//!
//! # The sensor on one page
//! * I2C, 3.3 V, 7-bit address [`ADDRESS`] = 0x62, fixed. 100 kHz is the safe bit rate.
//! * One plain read of [`PACKET_LEN`] = 39 bytes gives the latest result: a [`Packet`], which holds
//!   [`Faces`]. There is no register pointer, no frame counter and no new-data flag: a second read
//!   before the next inference gives the same packet again.
//! * Seven registers to write, one a transaction: see [`Command`]. No way to read them back is documented, and no
//!   command is acknowledged beyond the bus.
//! * One pin (TP1), high while the latest result holds a face: see [`PresencePin`].
//! * After power-up the sensor has been reported not to answer for 2 to 3 seconds, and to hold the data line low if it is
//!   addressed in that time: wait before the first access. Up to nine clock pulses and a STOP free the line.
//!
//! # Guarantees of this module
//! * **No panic, no allocation, no unsafe code, no floating point.** (One thing is beyond the driver: the compiler puts a
//!   panic into the future of every `async fn`, this driver's and your own, for an executor that polls it again after it
//!   was ready. No executor does.)
//! * **Total**: each of the 2^312 possible packets is either [`Faces`] or a [`PacketError`] that
//!   says which rule was broken, where, and by which value.
//! * **One attempt a call**: no retry, no loop, no delay, but for what is named after it: the one delay that
//!   [`PersonSensor::capture`] is asked for, and the two procedures, bounded in time, of
//!   [`PersonSensor::enroll`] and [`PersonSensor::erase_and_verify`]. Nothing is cached: a sensor that was unplugged is brought
//!   back by [`PersonSensor::configure`] with the `Config` that you hold.
//! * **Nothing is lost**: a bus error is [`Error::I2c`], a broken packet is [`Error::Packet`], and
//!   only a packet that passed every check can say "nobody".
//! * **Never writes to a stranger**: [`PersonSensor::probe`] only reads.
//!
//! What the caller owes: the bus is at 100 kHz (400 kHz works by the guide), a read of 39 bytes goes
//! through in one transfer (else see [`PersonSensor::read_split`]), and readings have an age: a
//! packet is as old as the last inference, which the sensor does not tell.

#[cfg(feature = "async")]
mod asynch;
mod blocking;
mod bounds;
mod command;
mod config;
mod error;
mod face;
mod faces;
mod identity;
mod layout;
mod packet;
mod presence_pin;
#[cfg(feature = "async")]
mod procedures_asynch;
mod procedures_blocking;
mod received;
#[cfg(feature = "serde")]
mod serialization;

#[cfg(feature = "async")]
pub use asynch::PersonSensorAsync;
pub use blocking::PersonSensor;
pub use bounds::Bounds;
pub use command::{Command, CommandError, Mode};
pub use config::Config;
pub use error::{Error, OutOfRange, ProbeError};
pub use face::Face;
pub use faces::Faces;
pub use identity::{Identity, PersonId};
pub use layout::{Field, LAYOUT, Oddity, PacketBits, bits_per_packet, oddities};
pub use packet::{DATA_LENGTH, PACKET_LEN, Packet, PacketError};
pub use presence_pin::PresencePin;

/// The sensor's 7-bit I2C address (Guide, Reading Data). It cannot be changed.
///
/// The datasheet prints 0x63 in one place; no program that works uses that.
pub const ADDRESS: u8 = 0x62;

/// The most faces that one packet can hold (Guide, Data Format).
pub const MAX_FACES: usize = 4;

/// How long [`PersonSensor::capture`] waits between the trigger and the read, in milliseconds.
///
/// The guide gives no figure. One inference takes 140 ms, with recognition 265 ms (datasheet), so
/// 300 ms is a floor and 500 ms leaves room. The only figure that a user reported to be good is
/// 1000 ms: if `capture` gives you the previous picture, use
/// [`PersonSensor::capture_after`] with that.
pub const CAPTURE_WAIT_MS: u32 = 500;

/// Where [`PersonSensor::read_split`] splits a packet: many hosts stop at 32 bytes a transfer.
pub const SPLIT_AT: usize = 32;

/// The sensor's horizontal field of view, in thousandths of a degree: 110 degrees (Guide; datasheet).
pub const FIELD_OF_VIEW_MILLIDEG: i32 = 110_000;

/// The sensor's vertical field of view, in thousandths of a degree: three quarters of the horizontal
/// one, because the picture is 4:3. Nobody has published a figure; this is derived.
pub const VERTICAL_FIELD_OF_VIEW_MILLIDEG: i32 = 82_500;
