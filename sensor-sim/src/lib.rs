#![doc = include_str!("../README.md")]
#![cfg_attr(not(any(feature = "std", test)), no_std)]
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
        clippy::indexing_slicing
    )
)]

extern crate alloc;

mod geometry;
pub mod person_sensor;
mod random;
mod scene;
mod target;
mod timeline;

pub use person_sensor::{Assumptions, Detection, Question, SimSensor};
pub use scene::{Lens, Person, Scene};
pub use target::{Direction, Target};
pub use timeline::{Event, KeyPoint, Timeline, Walk};
