//! To label somebody with an id, and to know that it worked.
//!
//! The sensor labels whoever has the largest face in the next camera frame, says nothing about it, and cannot be asked
//! who holds which id. [`Enroll`] makes a procedure of it: *guide* one person to the right place, *look* who it is,
//! *label*, wait, and *verify* over several readings; if that fails, again, under the same id.
//!
//! # Guarantees
//! * **A label is only sent** while exactly one face is in view, facing, large enough, without a reading to the
//!   contrary and in one place, for [`EnrollConfig::settle`], by a reading that is no older than
//!   [`EnrollConfig::longest_pause`]; and only the wanted id is ever sent.
//! * **Never sent in vain**: whoever is recognised as the wanted id already is enrolled without a label; whoever is
//!   recognised as another id is refused, unless [`EnrollConfig::relabel`] says otherwise.
//! * **[`Enrolled`] means**: over at least [`verify_packets`](EnrollConfig::verify_packets) readings that are as many
//!   inferences of the sensor, the one face in view was in one place and recognised as the id in
//!   [`verify_needed`](EnrollConfig::verify_needed) of them. Was anybody else seen, or nobody, between the label and
//!   the end, then nothing of it counts, and it begins again.
//! * **Bounded**: [`EnrollConfig::longest`] in time, [`EnrollConfig::attempts`] in labels.
//! * **No reading is never "nobody"**, and a label whose transfer failed counts as sent: it may have arrived.
//! * **Once a label was sent, it takes [`EnrollConfig::label_wait`] at least** until it is over. By then the label has
//!   found a face, or two camera frames with nobody have discarded it, so it cannot hit who comes next.
//!
//! # What cannot be excluded
//! * Two people who change places, at the same distance, faster than the sensor sees. And who is *meant* by an id: it
//!   is given to the one who is alone in front of the sensor, from the first reading of the last attempt to its end. If
//!   somebody else takes that place in between, and nobody was out of view for [`EnrollConfig::away`], that is who is
//!   enrolled.
//! * Somebody who leaves in the half second in which the sensor's view of them is still on its way: if a stranger is in
//!   the next camera frame, that is who is labelled. It is noticed, as readings with nobody, with two faces or
//!   with a face elsewhere; but if it is then given up, the stranger holds the id: see [`GaveUp::labels_sent`].
//! * A sensor that falls back to its power-on settings within a label's wait, without losing its label: with
//!   recognition off the label may wait, and hit whoever is in view when recognition is next turned on.
//! * Somebody else's id: a sensor cannot be asked whether an id is in use, and a label overwrites.
//!
//! The caller owes: a sensor that nobody else commands meanwhile. It is left in continuous mode with recognition on;
//! put both into your [`Config`](crate::Config).

mod config;
mod judging;
mod machine;
mod outcome;
mod place;
mod votes;

use core::time::Duration;

pub use config::EnrollConfig;
pub use machine::Enroll;
pub use outcome::{EnrollError, EnrollProgress, Enrolled, GaveUp, GaveUpReason};

use super::procedure::{Procedure, Step};
use crate::person_sensor::Faces;

impl Procedure for Enroll {
    type Outcome = Result<Enrolled, GaveUp>;
    type Progress = EnrollProgress;

    fn step(&mut self, now: Duration) -> Step<Self::Outcome> {
        Enroll::step(self, now)
    }

    fn sent(&mut self, now: Duration, is_ok: bool) {
        Enroll::sent(self, now, is_ok);
    }

    fn update(&mut self, now: Duration, reading: Option<&Faces>) {
        Enroll::update(self, now, reading);
    }

    fn progress(&self) -> EnrollProgress {
        Enroll::progress(self)
    }
}
