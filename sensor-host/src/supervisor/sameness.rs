//! For how long the faces have been the same, and whether that is suspicious.

use std::time::Duration;

use mlsensor::Faces;
use mlsensor::behavior::Freshness;

use super::Reading;

#[derive(Debug, Clone, Default)]
pub(super) struct Sameness {
    /// The faces of the latest reading, and since when they have been these; `None` if the sensor was set since then.
    same: Option<(Faces, Duration)>,
    is_frozen: bool,
    /// How often it became suspicious.
    frozen: u64,
}

impl Sameness {
    /// What comes now has nothing to do with what was read before.
    pub(super) fn begin_anew(&mut self) {
        self.same = None;
    }

    /// How often faces began to be the same for suspiciously long.
    pub(super) const fn frozen(&self) -> u64 {
        self.frozen
    }

    /// The same reading, with what there is to say of it after those before.
    pub(super) fn judge(&mut self, reading: Reading, frozen_after: Option<Duration>) -> Reading {
        let Reading { faces, at, .. } = reading;
        let freshness = match (reading.freshness, self.same) {
            // The sensor has settled: what it gives first is none of the results that were read before.
            (Freshness::Repeated, None) => Freshness::Presumed,
            (freshness, _) => freshness,
        };
        let since = match self.same {
            Some((before, since)) if before == faces => since,
            _ => at,
        };
        self.same = Some((faces, since));
        let same_for = at.saturating_sub(since);
        // An empty room is the same for ever.
        let is_frozen = !faces.is_empty() && frozen_after.is_some_and(|after| same_for >= after);
        let was_frozen = std::mem::replace(&mut self.is_frozen, is_frozen);
        self.frozen += u64::from(is_frozen && !was_frozen);
        Reading { freshness, same_for, is_frozen, ..reading }
    }
}
