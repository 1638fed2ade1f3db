//! Recognition: the eight labels, the calibration of the next one, and who is taken for whom.

use mlsensor::{Identity, PersonId};

use super::detection::{Detection, Sighting};
use crate::random::Dice;

/// After this many camera frames with nobody, a label that waits for a face is discarded (Guide, register 4).
const EMPTY_FRAMES_TO_DISCARD: u8 = 2;

#[derive(Debug, Clone, Default)]
pub(crate) struct Labels {
    /// Which person each label was given to. The inner `None` is a false face that was labelled.
    known: [Option<Option<u32>>; 8],
    waiting: Option<(PersonId, u8)>,
}

impl Labels {
    /// Forgets every label, but not the one that waits.
    pub(crate) fn erase(&mut self) {
        self.known = [None; 8];
    }

    pub(crate) fn forget_waiting(&mut self) {
        self.waiting = None;
    }

    pub(crate) fn label_next(&mut self, id: PersonId) {
        self.waiting = Some((id, 0));
    }

    pub(crate) fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    pub(crate) fn any(&self) -> bool {
        self.known.iter().any(Option::is_some)
    }

    /// Who has this label.
    pub(crate) fn who(&self, id: PersonId) -> Option<u32> {
        self.known.get(usize::from(id.get())).copied().flatten().flatten()
    }

    /// Uses one camera frame for the label that waits, if one does. A label `moves` if whoever gets it loses the
    /// one they had.
    pub(crate) fn calibrate(&mut self, largest: Option<&Sighting>, moves: bool) {
        let Some((id, empty)) = self.waiting else { return };
        match largest {
            Some(face) => {
                let former = self.known.iter_mut().filter(|known| moves && **known == Some(face.who));
                former.for_each(|known| *known = None);
                if let Some(label) = self.known.get_mut(usize::from(id.get())) {
                    *label = Some(face.who);
                }
                self.waiting = None;
            }
            None => {
                let empty = empty.saturating_add(1);
                self.waiting = (empty < EMPTY_FRAMES_TO_DISCARD).then_some((id, empty));
            }
        }
    }

    /// Whom recognition takes a face for.
    pub(crate) fn recognise(
        &self,
        face: &Sighting,
        detection: &Detection,
        dice: &mut Dice,
    ) -> Option<Identity> {
        let mine = PersonId::ALL.into_iter().find(|&id| self.known(id) == Some(face.who))?;
        let missed = dice.permille(detection.identity_missed_permille);
        let wrong = dice.permille(detection.identity_wrong_permille);
        let [low, high] = detection.identity_confidence;
        let confidence = dice.between(low.into(), high.into()).clamp(1, 100) as u8;
        let id = if wrong { self.another(mine, dice) } else { mine };
        if missed { None } else { Identity::new(id, confidence).ok() }
    }

    fn known(&self, id: PersonId) -> Option<Option<u32>> {
        self.known.get(usize::from(id.get())).copied().flatten()
    }

    /// Another label that is in use; the same if there is no other.
    fn another(&self, than: PersonId, dice: &mut Dice) -> PersonId {
        let others = || PersonId::ALL.into_iter().filter(|&id| id != than && self.known(id).is_some());
        let pick = dice.below(others().count() as u32) as usize;
        others().nth(pick).unwrap_or(than)
    }
}
