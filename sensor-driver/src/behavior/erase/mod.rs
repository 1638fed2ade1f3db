//! To erase all ids, and to know that it worked.
//!
//! The sensor wipes every label at one write, says nothing about it, and cannot be asked which labels there are.
//!
//! # Guarantees
//! * **The sensor is left alone** for [`EraseConfig::before`] and [`EraseConfig::after`], as programs do that work.
//! * **[`Erased`] says what was checked**: in how many readings somebody was in view, with recognition on, and none was
//!   recognised. If nobody was there to look at, [`Erased::is_verified`] is false: the command was sent, and that is
//!   all that is known.
//! * **If somebody is recognised all the same**, it is sent again, [`EraseConfig::attempts`] times at the most.
//! * **Bounded** by [`EraseConfig::longest`]. **No reading is never "nobody recognised"**.
//!
//! # What cannot be excluded
//! That somebody is in view who never had a label: only a face that *was* recognised and is no longer proves anything.
//! So [`Erased::was_recognised`] says whether anybody was recognised before. And a sensor that falls back to its
//! power-on settings meanwhile recognises nobody, whatever it remembers.
//!
//! The caller owes: a sensor that nobody else commands meanwhile. It is left in continuous mode with recognition on;
//! put both into your [`Config`](crate::Config).

mod machine;
mod outcome;

use core::time::Duration;

pub use machine::Erase;
pub use outcome::{EraseError, EraseProgress, Erased, NotErased};

use super::procedure::SHORTEST_WAIT;
use super::time::{later, longer, times};

/// How to erase. All values are choices, but for the second before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct EraseConfig {
    /// How long nothing is sent before. 1 s, as published programs have it. It is read meanwhile, to see whether
    /// anybody is recognised.
    pub before: Duration,
    /// How long the sensor is left alone after. 1 s, as published programs have it.
    pub after: Duration,
    /// From reading to reading. 300 ms: longer than an inference with recognition (265 ms, datasheet), so that no
    /// result is counted twice. At least 10 ms whatever is set.
    pub read_every: Duration,
    /// How many readings with a face must be of strangers. 6. With 0 nothing is checked.
    pub verify_packets: u8,
    /// How many of the readings may say an id all the same. 0: a sensor without labels has none to say.
    pub verify_recognised: u8,
    /// How long to look for somebody to check with. 5 s: whoever erases is most likely in front of the sensor.
    pub look_for: Duration,
    /// How often the command is sent at the most. 3. At least 1 whatever is set.
    pub attempts: u8,
    /// How long to go without a reading, the time that the sensor is left alone aside, before it is given up with the
    /// error of the bus. 2 s.
    pub longest_silence: Duration,
}

impl Default for EraseConfig {
    fn default() -> Self {
        EraseConfig::DEFAULT
    }
}

impl EraseConfig {
    /// The default values.
    pub const DEFAULT: EraseConfig = EraseConfig {
        before: Duration::from_secs(1),
        after: Duration::from_secs(1),
        read_every: Duration::from_millis(300),
        verify_packets: 6,
        verify_recognised: 0,
        look_for: Duration::from_secs(5),
        attempts: 3,
        longest_silence: Duration::from_secs(2),
    };

    /// The same with other times to leave the sensor alone.
    #[must_use]
    pub const fn with_pauses(self, before: Duration, after: Duration) -> EraseConfig {
        EraseConfig { before, after, ..self }
    }

    /// The same with another time from reading to reading.
    #[must_use]
    pub const fn with_read_every(self, read_every: Duration) -> EraseConfig {
        EraseConfig { read_every, ..self }
    }

    /// The same with so many readings to check with, of which so many may say an id.
    #[must_use]
    pub const fn with_verification(self, packets: u8, recognised: u8) -> EraseConfig {
        EraseConfig { verify_packets: packets, verify_recognised: recognised, ..self }
    }

    /// The same with another time to look for somebody to check with.
    #[must_use]
    pub const fn with_look_for(self, look_for: Duration) -> EraseConfig {
        EraseConfig { look_for, ..self }
    }

    /// The same with so many commands at the most.
    #[must_use]
    pub const fn with_attempts(self, attempts: u8) -> EraseConfig {
        EraseConfig { attempts, ..self }
    }

    /// The same with another longest time without a reading.
    #[must_use]
    pub const fn with_longest_silence(self, longest_silence: Duration) -> EraseConfig {
        EraseConfig { longest_silence, ..self }
    }

    /// How long it can take at the most, in time that the caller lets pass; with the defaults 34 s, of which it
    /// takes 4 s if somebody is there, and 7 s if nobody is.
    #[must_use]
    pub const fn longest(&self) -> Duration {
        let late = self.reading_interval();
        let unheard = later(self.longest_silence, late);
        let begin = later(times(unheard, 2), self.before);
        let one = later(later(self.before, self.after), later(self.look_for, unheard));
        later(begin, times(one, self.attempts_allowed() as u16))
    }

    const fn reading_interval(&self) -> Duration {
        longer(self.read_every, SHORTEST_WAIT)
    }

    const fn attempts_allowed(&self) -> u8 {
        if self.attempts == 0 { 1 } else { self.attempts }
    }
}
