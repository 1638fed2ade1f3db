//! Who somebody is, by the votes of many packets.

use crate::person_sensor::PersonId;

/// More votes than these are not counted: a change of mind must remain possible.
const MOST: u8 = 10;

/// A sighting adds this many votes to its id, and takes one from each other.
const ADDED: u8 = 2;

/// So many votes make somebody known: three sightings that agree.
const KNOWN_FROM: u8 = 6;

/// So much the best must lead the next by: one wrong id among right ones is no lead.
const LEAD: u8 = 2;

/// The votes of a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Vote {
    votes: [u8; 8],
    elected: Option<PersonId>,
}

impl Vote {
    /// A packet took the face for this one. (One that does not say is no vote: recognition may run on the largest face
    /// alone.)
    pub(super) fn cast(&mut self, id: PersonId) {
        for (votes, of) in self.votes.iter_mut().zip(PersonId::ALL) {
            *votes = if of == id { votes.saturating_add(ADDED).min(MOST) } else { votes.saturating_sub(1) };
        }
        let best = PersonId::ALL.into_iter().max_by_key(|&of| (self.of(of), Some(of) == self.elected));
        let Some(best) = best else { return };
        let next =
            PersonId::ALL.into_iter().filter(|&of| of != best).map(|of| self.of(of)).max().unwrap_or(0);
        let leads = self.of(best) >= next.saturating_add(LEAD);
        if self.of(best) >= KNOWN_FROM && leads {
            self.elected = Some(best);
        } else if self.elected.is_some_and(|elected| self.of(elected) == 0) {
            self.elected = None;
        }
    }

    fn of(&self, id: PersonId) -> u8 {
        self.votes.get(usize::from(id.get())).copied().unwrap_or(0)
    }

    /// Who it is, if enough packets agree.
    pub(super) const fn elected(&self) -> Option<PersonId> {
        self.elected
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn after(ids: &[usize]) -> Option<PersonId> {
        let mut vote = Vote::default();
        ids.iter().for_each(|&id| vote.cast(PersonId::ALL[id]));
        vote.elected()
    }

    #[test]
    fn three_that_agree_make_somebody_known() {
        assert_eq!(after(&[3, 3]), None);
        assert_eq!(after(&[3, 3, 3]), Some(PersonId::ALL[3]));
    }

    #[test]
    fn a_lone_wrong_id_changes_nothing() {
        assert_eq!(after(&[3, 3, 3, 5]), Some(PersonId::ALL[3]));
        assert_eq!(after(&[3, 3, 3, 5, 5]), Some(PersonId::ALL[3]));
        assert_eq!(after(&[5, 3, 3, 3]), Some(PersonId::ALL[3]));
    }

    #[test]
    fn three_in_a_row_change_it_if_there_were_no_more_and_else_four() {
        for sightings in 3..40 {
            let agreed = vec![3; sightings];
            let changes = (1..10).find(|&others| {
                let ids = [agreed.clone(), vec![5; others]].concat();
                after(&ids) == Some(PersonId::ALL[5])
            });
            assert_eq!(changes, Some(if sightings == 3 { 3 } else { 4 }), "{sightings}");
        }
    }

    proptest! {
        #[test]
        fn four_in_a_row_are_who_it_is_whatever_was_said_before(
            before in proptest::collection::vec(0..8_usize, 0..60),
            id in 0..8_usize,
        ) {
            prop_assert_eq!(after(&[before, vec![id; 4]].concat()), Some(PersonId::ALL[id]));
        }
    }

    #[test]
    fn many_that_disagree_change_it() {
        assert_eq!(after(&[3, 3, 3, 3, 3, 3, 5, 5, 5, 5, 5]), Some(PersonId::ALL[5]));
    }

    #[test]
    fn one_packet_in_two_at_random_elects_nobody_else() {
        // Every second packet is right, the others each say somebody else.
        let ids: Vec<usize> = (0..60).map(|i| if i % 2 == 0 { 3 } else { (4 + i / 2) % 8 }).collect();
        assert_eq!(after(&ids), Some(PersonId::ALL[3]));
    }

    #[test]
    fn a_long_acquaintance_is_no_reason_to_stay_wrong() {
        let ids = [[3; 100].as_slice(), &[5; 5]].concat();
        assert_eq!(after(&ids), Some(PersonId::ALL[5]));
    }

    #[test]
    fn two_that_take_turns_do_not_flip_it() {
        for casts in 9..80 {
            let ids: Vec<usize> = (0..casts).map(|i| if i % 2 == 0 { 3 } else { 5 }).collect();
            assert_eq!(after(&ids), Some(PersonId::ALL[3]), "{casts}");
        }
    }

    #[test]
    fn whom_no_packet_names_any_more_is_forgotten_after_six() {
        assert_eq!(after(&[3, 3, 3, 0, 1, 2, 4, 5]), Some(PersonId::ALL[3]));
        assert_eq!(after(&[3, 3, 3, 0, 1, 2, 4, 5, 6]), None);
    }
}
