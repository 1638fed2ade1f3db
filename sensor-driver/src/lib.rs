#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

pub mod behavior;
mod crc;
pub mod person_sensor;

pub use crc::crc16_mcrf4xx;
#[cfg(feature = "async")]
#[doc(inline)]
pub use person_sensor::PersonSensorAsync;
#[doc(inline)]
pub use person_sensor::{
    Bounds, Command, CommandError, Config, Error, Face, Faces, Identity, Mode, OutOfRange, Packet,
    PacketError, PersonId, PersonSensor, PresencePin, ProbeError,
};
