//! The values: what a packet says, what a sensor is set to, and what a packet looks like.
//!
//! # Guarantees
//! * Each class is a value of the driver behind its Python face: frozen, hashable, equal if the driver's values are equal,
//!   and safe to use from any thread. What derives from a value is asked of the driver, and so are its bytes.
//! * `eval(repr(value)) == value`, with the names of the package imported, and so for `pickle` and `copy`.
//! * Constructors check: `ConfigError` for what is out of range, `TypeError` for what is of another type.
//! * From Rust a value costs nothing: `Faces(faces)` around the driver's, `.0` to get it back.

mod bounds;
mod buffer;
mod config;
mod face;
mod faces;
mod identity;
mod layout;
mod picture;
mod plain;
mod whole;

pub(crate) use bounds::Bounds;
pub(crate) use config::Config;
pub(crate) use face::Face;
pub(crate) use faces::Faces;
pub(crate) use identity::Identity;
pub(crate) use layout::{Field, Oddity, PacketBits, bits_per_packet, crc16_mcrf4xx, layout, oddities};
pub(crate) use plain::plain;
pub(crate) use whole::Whole;
