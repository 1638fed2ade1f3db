//! How a line is configured: the flags of the second version of the interface, into which those of the first
//! translate, and which of them go together.

use super::uapi::{Attribute, LineConfig};
use crate::virtual_bus::Errno;

/// A set of `GPIO_V2_LINE_FLAG_*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Flags(pub(super) u64);

impl Flags {
    pub(super) const NONE: Flags = Flags(0);
    pub(super) const USED: Flags = Flags(1);
    pub(super) const ACTIVE_LOW: Flags = Flags(1 << 1);
    pub(super) const INPUT: Flags = Flags(1 << 2);
    pub(super) const OUTPUT: Flags = Flags(1 << 3);
    pub(super) const RISING: Flags = Flags(1 << 4);
    pub(super) const FALLING: Flags = Flags(1 << 5);
    pub(super) const OPEN_DRAIN: Flags = Flags(1 << 6);
    pub(super) const OPEN_SOURCE: Flags = Flags(1 << 7);
    pub(super) const PULL_UP: Flags = Flags(1 << 8);
    pub(super) const PULL_DOWN: Flags = Flags(1 << 9);
    pub(super) const NO_BIAS: Flags = Flags(1 << 10);
    pub(super) const REALTIME: Flags = Flags(1 << 11);
    pub(super) const HARDWARE_CLOCK: Flags = Flags(1 << 12);

    pub(super) const DIRECTION: Flags = Flags(Flags::INPUT.0 | Flags::OUTPUT.0);
    pub(super) const DRIVE: Flags = Flags(Flags::OPEN_DRAIN.0 | Flags::OPEN_SOURCE.0);
    pub(super) const EDGES: Flags = Flags(Flags::RISING.0 | Flags::FALLING.0);
    pub(super) const BIAS: Flags = Flags(Flags::PULL_UP.0 | Flags::PULL_DOWN.0 | Flags::NO_BIAS.0);
    const KNOWN: Flags = Flags(0x1FFE);

    /// Whether any of these is set.
    pub(super) const fn has(self, any_of: Flags) -> bool {
        self.0 & any_of.0 != 0
    }

    pub(super) const fn with(self, others: Flags) -> Flags {
        Flags(self.0 | others.0)
    }

    pub(super) const fn without(self, others: Flags) -> Flags {
        Flags(self.0 & !others.0)
    }

    pub(super) const fn only(self, those: Flags) -> Flags {
        Flags(self.0 & those.0)
    }

    /// The flags of a request of version 1, `GPIOHANDLE_REQUEST_*`.
    pub(super) fn from_v1(flags: u32) -> Result<Flags, Errno> {
        if flags & !0xFF != 0 {
            return Err(Errno::INVAL);
        }
        let set = |bit: u32| flags & 1 << bit != 0;
        let table = [Flags::INPUT].into_iter().chain(V1_FROM_BIT_1).zip(0..);
        Ok(table.filter(|&(_, bit)| set(bit)).fold(Flags::NONE, |flags, (flag, _)| flags.with(flag)))
    }

    /// The flags that version 1 tells of a line, `GPIOLINE_FLAG_*`.
    pub(super) fn to_v1(self) -> u32 {
        let table = [Flags::USED].into_iter().chain(V1_FROM_BIT_1).zip(0..);
        table.filter(|&(flag, _)| self.has(flag)).fold(0, |flags, (_, bit)| flags | 1 << bit)
    }

    /// Refuses what does not go together.
    pub(super) fn check(self) -> Result<(), Errno> {
        if self.without(Flags::KNOWN) != Flags::NONE {
            return Err(Errno::INVAL);
        }
        if self.has(Flags::HARDWARE_CLOCK) {
            return Err(Errno::OPNOTSUPP);
        }
        let is_wrong = self.only(Flags::DIRECTION) == Flags::DIRECTION
            || self.has(Flags::EDGES) && !self.has(Flags::INPUT)
            || self.only(Flags::DRIVE) == Flags::DRIVE
            || self.has(Flags::DRIVE) && !self.has(Flags::OUTPUT)
            || self.has(Flags::BIAS) && !self.has(Flags::DIRECTION)
            || self.only(Flags::BIAS).0.count_ones() > 1;
        if is_wrong { Err(Errno::INVAL) } else { Ok(()) }
    }
}

/// Bits 1 to 7 of version 1, which mean the same in a request and in what is told of a line.
const V1_FROM_BIT_1: [Flags; 7] = [
    Flags::OUTPUT,
    Flags::ACTIVE_LOW,
    Flags::OPEN_DRAIN,
    Flags::OPEN_SOURCE,
    Flags::PULL_UP,
    Flags::PULL_DOWN,
    Flags::NO_BIAS,
];

/// What a program wants of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Its flags. Without a direction the line stays as it is.
    pub(super) flags: Flags,
    /// Whether it is to be active, if it is an output.
    pub(super) is_active: bool,
    /// For how long a level has to stay to count, in microseconds; `None` if nothing is said of it.
    pub(super) debounce_us: Option<u32>,
}

impl LineConfig {
    /// What a configuration of version 2 wants of each line.
    ///
    /// # Errors
    /// `EINVAL` or `EOPNOTSUPP`, as the kernel.
    pub(super) fn wanted(&self, lines: usize) -> Result<Vec<Wanted>, Errno> {
        let attributes = self.attrs.get(..self.num_attrs as usize).ok_or(Errno::INVAL)?;
        if self.padding != [0; 5] {
            return Err(Errno::INVAL);
        }
        let wanted = |line: usize| {
            let mask = 1_u64.checked_shl(line as u32).unwrap_or(0);
            // The first one that speaks of a line counts.
            let of = |id| attributes.iter().find(|a| a.attr.id == id && a.mask & mask != 0).map(|a| a.attr);
            let flags = Flags(of(Attribute::FLAGS).map_or(self.flags, |attribute| attribute.value));
            let is_active = of(Attribute::OUTPUT_VALUES).is_some_and(|a| a.value & mask != 0);
            let debounce_us = of(Attribute::DEBOUNCE).map(Attribute::debounce_us);
            flags.check()?;
            if debounce_us.is_some() && !flags.has(Flags::INPUT) {
                return Err(Errno::INVAL);
            }
            Ok(Wanted { flags, is_active, debounce_us })
        };
        (0..lines).map(wanted).collect()
    }
}
