//! What a reading means to an enrolment: who is there, who it is, whether the label is.

use core::time::Duration;

use super::super::streak::{Streak, Tolerance};
use super::machine::{Enroll, Phase};
use super::place::Place;
use super::votes::{Verdict, Votes};
use super::{EnrollProgress, GaveUpReason};
use crate::person_sensor::{Face, Faces};

impl Enroll {
    /// What keeps these faces from being one that can be labelled.
    pub(super) fn hindrance(&self, faces: &Faces) -> Option<EnrollProgress> {
        let gate = &self.config.gate;
        match faces.as_slice() {
            [] => Some(EnrollProgress::NobodyInView),
            [face] if face.bounds().width() < gate.min_width => Some(EnrollProgress::TooFar),
            [face] if !gate.admits(face) => Some(EnrollProgress::Unclear),
            [face] if !face.is_facing() => Some(EnrollProgress::NotFacing),
            [_] => None,
            several => Some(EnrollProgress::SeveralPeople(several.len() as u8)),
        }
    }

    /// Whoever comes now may be somebody else.
    pub(super) fn forget_who(&mut self) {
        self.place = None;
        self.steady = Streak::NONE;
        self.votes = Votes::NONE;
        self.is_doubtful = false;
    }

    fn is_in_place(&self, face: &Face) -> bool {
        self.place.is_some_and(|place| place.is_of(face, self.config.stillness_percent))
    }

    pub(super) fn look(&mut self, now: Duration, only: Option<Face>, hindrance: Option<EnrollProgress>) {
        if !only.is_some_and(|face| self.is_in_place(&face)) {
            self.forget_who();
            self.place = only.as_ref().map(Place::of);
        }
        let all_well = if self.is_doubtful { EnrollProgress::Undecided } else { EnrollProgress::HoldStill };
        self.progress = hindrance.unwrap_or(all_well);
        let (Some(face), None) = (only, hindrance) else {
            self.steady = Streak::NONE;
            return;
        };
        if now < self.effect_at {
            return;
        }
        let tolerance =
            Tolerance { tolerated_gap: Duration::ZERO, longest_pause: self.config.pause_allowed() };
        self.steady.sighted(now, tolerance);
        self.votes.count(now, face.identity(), self.id, self.config.count_every);
        if self.votes.is_complete(&self.config) && self.steady.length() >= self.config.settle {
            self.decide(now);
        }
    }

    /// It is known who it is, or that the sensor does not know it.
    fn decide(&mut self, now: Duration) {
        match self.votes.verdict(self.id, &self.config) {
            Verdict::Wanted => self.succeed(),
            Verdict::Other(other) if !self.config.relabel => self.give_up(now, GaveUpReason::KnownAs(other)),
            Verdict::Doubtful if !self.config.relabel => {
                self.votes = Votes::NONE;
                self.is_doubtful = true;
            }
            Verdict::Other(_) | Verdict::Doubtful | Verdict::Unknown => {
                if self.labels_sent < self.config.labels_allowed() {
                    self.phase = Phase::Arm;
                    self.due = now;
                } else {
                    self.give_up_unrecognised(now);
                }
            }
        }
    }

    pub(super) fn verify(&mut self, now: Duration, only: Option<Face>, hindrance: Option<EnrollProgress>) {
        let Some(face) = only.filter(|face| self.is_in_place(face)) else {
            // Somebody came, or went: who was labelled?
            self.begin_again(now);
            self.progress = hindrance.unwrap_or(EnrollProgress::HoldStill);
            return;
        };
        if let Some(hindrance) = hindrance {
            self.progress = hindrance;
            return;
        }
        if now < self.effect_at {
            self.progress = EnrollProgress::Labelling { attempt: self.labels_sent };
            return;
        }
        self.votes.count(now, face.identity(), self.id, self.config.count_every);
        let (recognised, of) = (self.votes.said(self.id), self.votes.of());
        self.progress = EnrollProgress::Verifying { recognised, of };
        if !self.votes.is_complete(&self.config) {
            return;
        }
        if self.votes.verdict(self.id, &self.config) == Verdict::Wanted {
            self.succeed();
        } else if self.labels_sent < self.config.labels_allowed() {
            self.begin_again(now);
        } else {
            self.give_up_unrecognised(now);
        }
    }
}
