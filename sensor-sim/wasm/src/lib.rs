#![doc = include_str!("../README.md")]
#![deny(missing_docs)]
#![deny(unsafe_code, unsafe_op_in_unsafe_fn)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable,
        clippy::indexing_slicing
    )
)]

mod abi;
mod refusal;
mod sensor;
mod state;

pub use abi::*;
pub use refusal::Code;
