//! The simulated Person Sensor: a pure state machine in virtual time.
//!
//! # Guarantees
//! * **No clock, no thread, no sleep, no floating point**: time passes when [`SimSensor::advance`] is
//!   called, and the same calls with the same seed give the same bytes, on a microcontroller as on a desktop.
//! * **All seven registers** do what the guide says they do.
//! * **A guess is data**: what the guide is known to leave open is a field of [`Assumptions`], how well the sensor sees is
//!   a field of [`Detection`].
//! * It never panics.
//!
//! # The way of the data
//! A *capture* (the camera's exposure) looks at the scene as it is then; after [`Assumptions::latency`] its
//! *result* is published as 39 bytes, which reads give until the next one. The next capture begins one
//! inference later. What is behind a result, [`SimSensor::truth`] tells.

mod answer;
mod assumptions;
#[cfg(feature = "std")]
mod attached;
mod bus_side;
mod capture;
mod detection;
mod labels;
mod pace;
mod registers;
mod sensor;
mod truth;

pub use answer::{Answer, Choice};
pub(crate) use answer::{IsAnswer, one_of};
pub use assumptions::{
    Assumptions, FirstResult, Kept, Latch, Led, NextRead, NotRecognised, Order, PastTheEnd,
    PinOutsideContinuous, ProbingWhileBooting, Question, Recognises, SecondSingleShot, SeveralPairs,
    UndocumentedValue,
};
#[cfg(feature = "std")]
pub(crate) use capture::sign;
pub use detection::{Detection, DetectionError};
pub use sensor::SimSensor;
