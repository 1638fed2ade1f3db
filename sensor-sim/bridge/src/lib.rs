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

mod delay;
mod error;
mod i2c;
mod pin;
mod pipe;
mod remote;
pub mod wire;

pub use delay::RemoteDelay;
pub use error::BridgeError;
pub use i2c::RemoteI2c;
pub use pin::RemotePin;
pub use pipe::Pipe;
pub use remote::Remote;
