//! The behaviours: from faces to "someone is here", "someone wants my attention", "turn toward her".
//!
//! # Guarantees
//! * Each class is a behaviour of the driver behind its Python face: nothing is decided here, and the
//!   defaults of the keywords are the driver's constants.
//! * A behaviour is behind a lock that is held for the microseconds of one call; no Python runs meanwhile.
//!   Where one goes by a tracker, the tracker's lock is taken second.
//! * What a behaviour gives is a frozen value: hashable, comparable, picklable, `match`ed by its fields. An
//!   enumeration of the driver whose variants hold something is a class with a class a variant
//!   (`PresenceEvent.Arrived`); one whose variants hold nothing is an `enum.Enum`.

mod aim;
mod attention;
mod axis;
mod cadence;
mod command;
mod current;
mod direction;
mod enroll;
mod enroll_outcome;
mod erase;
mod gate;
mod lock;
mod look;
mod number;
mod outcome;
mod power;
mod presence;
mod procedure;
mod settings;
mod track;
mod tracker;
mod value;

pub(crate) use aim::{Aim, AimState, Choice, WhenLost};
pub(crate) use attention::{Attention, AttentionEvent};
pub(crate) use axis::{AxisConfig, Servo};
pub(crate) use cadence::Cadence;
pub(crate) use command::Command;
pub(crate) use current::{CurrentEstimate, CurrentFigures};
pub(crate) use direction::{Direction, Velocity, View};
pub(crate) use enroll::Enroll;
pub(crate) use enroll_outcome::{EnrollProgress, Enrolled, GaveUp, GaveUpReason};
pub(crate) use erase::{Erase, EraseProgress, Erased, NotErased};
pub(crate) use gate::Gate;
pub(crate) use look::Look;
pub(crate) use power::Power;
pub(crate) use presence::{Presence, PresenceEvent};
pub(crate) use procedure::Step;
pub(crate) use track::Track;
pub(crate) use tracker::Tracker;
