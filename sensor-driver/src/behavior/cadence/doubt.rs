//! Whether the period that is believed in can be the true one.

/// Strange things until the period is not believed any more.
const ENOUGH: u8 = 5;

/// As many ordinary changes make strange things forgotten.
const FORGOTTEN_AFTER: u8 = 12;

/// As many changes that are never one inference apart are not chance ...
const NEVER_ONE_APART: u8 = 12;

/// ... and as many that are always an even number of inferences apart, or always three, six, nine, and so on.
const OF_ONE_DIVISOR: u8 = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Doubt {
    strange: u8,
    ordinary: u8,
    /// Inferences since the latest change.
    apart: u8,
    /// The greatest common divisor of such numbers, none of which was one, and how many there were.
    divisor: u8,
    changes: u8,
}

impl Doubt {
    pub(super) const NONE: Doubt = Doubt { strange: 0, ordinary: 0, apart: 0, divisor: 0, changes: 0 };

    /// One more inference was due.
    pub(super) fn turn(&mut self) {
        self.apart = self.apart.saturating_add(1);
    }

    /// How strange what came was: 0 is ordinary.
    pub(super) fn add(&mut self, strange: u8) {
        if strange > 0 {
            self.strange = self.strange.saturating_add(strange);
            self.ordinary = 0;
            return;
        }
        self.ordinary = self.ordinary.saturating_add(1);
        if self.ordinary >= FORGOTTEN_AFTER {
            self.strange = 0;
            self.ordinary = 0;
        }
    }

    /// Whether there is reason enough to search anew. Then it begins from the beginning.
    pub(super) fn is_enough(&mut self) -> bool {
        let is_enough = self.strange >= ENOUGH;
        if is_enough {
            self.strange = 0;
        }
        is_enough
    }

    /// A result was another one than the one before. Whether the true period is surely longer.
    pub(super) fn changed(&mut self) -> bool {
        let apart = core::mem::replace(&mut self.apart, 0);
        if apart <= 1 {
            self.divisor = 0;
            self.changes = 0;
            return false;
        }
        self.divisor = common_divisor(self.divisor, apart);
        self.changes = self.changes.saturating_add(1);
        let needed = if self.divisor > 1 { OF_ONE_DIVISOR } else { NEVER_ONE_APART };
        let is_longer = self.changes >= needed;
        if is_longer {
            self.divisor = 0;
            self.changes = 0;
        }
        is_longer
    }
}

/// Of zero and a number: the number.
fn common_divisor(mut a: u8, mut b: u8) -> u8 {
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of the change at which it is sure that the period is longer, if it ever is.
    fn sure_after(apart: impl IntoIterator<Item = u8>) -> Option<usize> {
        let mut doubt = Doubt::NONE;
        apart.into_iter().position(|apart| {
            (0..apart).for_each(|_| doubt.turn());
            doubt.changed()
        })
    }

    #[test]
    fn changes_always_two_apart_are_no_chance() {
        assert_eq!(sure_after([2; 9]), Some(4));
        assert_eq!(sure_after([4, 2, 2, 6, 2, 4]), Some(4));
        assert_eq!(sure_after([3, 3, 6, 3, 3]), Some(4));
    }

    #[test]
    fn changes_never_one_apart_are_no_chance_after_a_while() {
        assert_eq!(sure_after([4, 5, 4, 4, 5, 5, 4, 4, 5, 4, 5, 4, 4]), Some(11));
    }

    #[test]
    fn changes_one_apart_now_and_then_prove_the_period() {
        assert_eq!(sure_after([2, 2, 2, 2, 1].repeat(50)), None);
    }

    #[test]
    fn strange_things_far_apart_are_forgotten() {
        let mut doubt = Doubt::NONE;
        for _ in 0..100 {
            doubt.add(3);
            assert!(!doubt.is_enough());
            (0..FORGOTTEN_AFTER).for_each(|_| doubt.add(0));
        }
        doubt.add(3);
        doubt.add(0);
        doubt.add(2);
        assert!(doubt.is_enough());
        assert!(!doubt.is_enough(), "it begins from the beginning");
    }
}
