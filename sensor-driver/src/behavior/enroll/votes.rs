//! Whom several readings take one face for.

use core::time::Duration;

use super::super::time::since;
use super::EnrollConfig;
use crate::person_sensor::{Identity, PersonId};

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Votes {
    of: u8,
    /// How often each id was said.
    said: [u8; PersonId::ALL.len()],
    /// The sum of the confidences with which the wanted id was said.
    confidence: u16,
    last: Option<Duration>,
}

/// What follows from a complete count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is the wanted id.
    Wanted,
    /// It is this other id.
    Other(PersonId),
    /// Other ids were said too often to be errors, and not often enough to be believed.
    Doubtful,
    /// It is nobody that the sensor knows well.
    Unknown,
}

impl Votes {
    pub(super) const NONE: Votes = Votes { of: 0, said: [0; PersonId::ALL.len()], confidence: 0, last: None };

    /// Counts a reading of the face, unless another was counted just before.
    pub(super) fn count(
        &mut self,
        now: Duration,
        identity: Option<Identity>,
        wanted: PersonId,
        every: Duration,
    ) {
        if self.last.is_some_and(|last| since(now, last) < every) {
            return;
        }
        self.last = Some(now);
        self.of = self.of.saturating_add(1);
        if let Some(identity) = identity {
            if let Some(said) = self.said.get_mut(usize::from(identity.id().get())) {
                *said = said.saturating_add(1);
            }
            if identity.id() == wanted {
                self.confidence = self.confidence.saturating_add(identity.confidence().into());
            }
        }
    }

    pub(super) const fn of(&self) -> u8 {
        self.of
    }

    pub(super) fn said(&self, id: PersonId) -> u8 {
        self.said.get(usize::from(id.get())).copied().unwrap_or(0)
    }

    /// The mean confidence of the wanted id; 0 if it was never said.
    pub(super) fn confidence(&self, wanted: PersonId) -> u8 {
        let mean = self.confidence.checked_div(self.said(wanted).into()).unwrap_or(0);
        u8::try_from(mean).unwrap_or(u8::MAX)
    }

    /// Whether enough readings were counted.
    pub(super) fn is_complete(&self, config: &EnrollConfig) -> bool {
        self.of >= config.verify_packets.max(1)
    }

    pub(super) fn verdict(&self, wanted: PersonId, config: &EnrollConfig) -> Verdict {
        let needed = config.verify_needed.clamp(1, config.verify_packets.max(1));
        let others = || PersonId::ALL.into_iter().filter(|&id| id != wanted);
        let strays = others().fold(0_u8, |sum, id| sum.saturating_add(self.said(id)));
        if self.said(wanted) >= needed && strays <= config.verify_others {
            return Verdict::Wanted;
        }
        match others().find(|&id| self.said(id) >= needed) {
            Some(other) => Verdict::Other(other),
            None if strays > config.verify_others => Verdict::Doubtful,
            None => Verdict::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY: Duration = Duration::from_millis(300);

    /// The verdict on id 3 after readings, 300 ms apart, that say these ids; 9 is no id.
    fn verdict(said: [u8; 6]) -> Verdict {
        let mut votes = Votes::NONE;
        for (place, id) in (1..).zip(said) {
            let identity = PersonId::new(id).and_then(|id| Identity::new(id, 60 + id.get())).ok();
            votes.count(EVERY * place, identity, PersonId::ALL[3], EVERY);
        }
        assert!(votes.is_complete(&EnrollConfig::DEFAULT) && votes.of() == 6);
        votes.verdict(PersonId::ALL[3], &EnrollConfig::DEFAULT)
    }

    #[test]
    fn four_of_six_are_enough_and_one_error_is_forgiven() {
        assert_eq!(verdict([3, 3, 3, 3, 3, 3]), Verdict::Wanted);
        assert_eq!(verdict([3, 3, 9, 3, 9, 3]), Verdict::Wanted);
        assert_eq!(verdict([3, 3, 9, 3, 0, 3]), Verdict::Wanted);
        assert_eq!(verdict([3, 3, 9, 3, 0, 9]), Verdict::Unknown);
        assert_eq!(verdict([3, 3, 5, 3, 0, 3]), Verdict::Doubtful);
        assert_eq!(verdict([9, 9, 9, 9, 9, 9]), Verdict::Unknown);
        assert_eq!(verdict([0, 0, 3, 0, 0, 9]), Verdict::Other(PersonId::ALL[0]));
    }

    #[test]
    fn what_is_read_again_too_soon_is_not_counted_again() {
        let mut votes = Votes::NONE;
        let known = Identity::new(PersonId::ALL[3], 70).ok();
        for ms in [0, 100, 200, 299, 300, 500, 600] {
            votes.count(Duration::from_millis(ms), known, PersonId::ALL[3], EVERY);
        }
        assert_eq!((votes.of(), votes.said(PersonId::ALL[3])), (3, 3));
        assert_eq!(votes.confidence(PersonId::ALL[3]), 70);
        assert_eq!(Votes::NONE.confidence(PersonId::ALL[3]), 0);
    }

    #[test]
    fn a_count_of_none_still_asks_for_one() {
        let careless = EnrollConfig::DEFAULT.with_verification(0, 0, 0);
        assert!(!Votes::NONE.is_complete(&careless));
        let mut votes = Votes::NONE;
        votes.count(EVERY, None, PersonId::ALL[3], EVERY);
        assert!(votes.is_complete(&careless));
        assert_eq!(votes.verdict(PersonId::ALL[3], &careless), Verdict::Unknown);
    }
}
