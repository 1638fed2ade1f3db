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

#[cfg(feature = "std")]
pub mod bridge;
#[cfg(feature = "std")]
mod bus;
mod digest;
mod geometry;
pub mod person_sensor;
mod random;
#[cfg(feature = "scenarios")]
mod scenario;
mod scene;
mod target;
mod timeline;

#[cfg(feature = "std")]
#[doc(inline)]
pub use bus::{
    Attached, Fault, FaultControl, FaultCounts, FaultError, FaultInjector, FaultKind, Lookalike,
    LookalikeKind, MessageBus, Nonsense, RecordedError, Recording, RecordingError, Replay, ReplayError,
    SimBus, SimBusError, SimDelay, SimPin, SimPinError, Tca9548a, Trace, Tracer, Transfer,
};
pub use digest::digest;
#[doc(inline)]
pub use person_sensor::{
    Answer, Assumptions, Choice, Detection, DetectionError, FirstResult, Kept, Latch, Led, NextRead,
    NotRecognised, Order, PastTheEnd, PinOutsideContinuous, ProbingWhileBooting, Question, Recognises,
    SecondSingleShot, SeveralPairs, SimSensor, UndocumentedValue,
};
#[cfg(feature = "scenarios")]
pub use scenario::{Scenario, ScenarioError};
pub use scene::{Lens, Person, Scene};
pub use target::{Direction, Target};
pub use timeline::{Event, KeyPoint, Timeline, Walk};
