//! What a supervisor is told: what the sensor is to be set to, when to read, how long to wait and for what.

use std::time::Duration;

use mlsensor::Config;
use mlsensor::behavior::CadenceConfig;

/// When to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pace {
    /// Once an inference and soon after it, as far as the readings show when that is (see
    /// [`Cadence`](mlsensor::behavior::Cadence)). Its longest period is taken for 500 ms if it is longer.
    Cadence(CadenceConfig),
    /// At multiples of this, 10 ms to 500 ms, and never closer than half of it. Whether a reading is of a new inference is then a guess from its content and
    /// from the period.
    Every(Duration),
}

impl Default for Pace {
    fn default() -> Self {
        Pace::Cadence(CadenceConfig::DEFAULT)
    }
}

/// When to open a bus again on which no Person Sensor answers: after `first`, then after twice as long each time, up to
/// `longest`; each time shorter by up to a quarter, by a seeded chance, so that many programs do not come all at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The first wait, 10 ms at least. Default: 100 ms.
    pub first: Duration,
    /// The longest wait, `first` at least: also how long a sensor that is back can stay unnoticed. Default: 2 s.
    pub longest: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Backoff::DEFAULT
    }
}

impl Backoff {
    /// From 100 ms to 2 s.
    pub const DEFAULT: Backoff =
        Backoff { first: Duration::from_millis(100), longest: Duration::from_secs(2) };
}

/// What a supervisor is told. `Default` suits one Person Sensor in its power-on settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// What the sensor is set to, whenever it was found and proved to be one. It is the truth: what the sensor holds is
    /// overwritten.
    ///
    /// In standby a sensor makes no results by itself, so nothing that it gives is ever shown: the state stays
    /// [`Stale`](super::State::Stale).
    pub config: Config,
    /// When to read. Default: just after each inference.
    pub pace: Pace,
    /// How often a read that failed is tried again at once, if its error says that this may help; 5 at most. Default: 2. Only
    /// the first failed read after a good one is tried again, so a sensor that fails for long is read no oftener than by its
    /// pace.
    pub retries: u8,
    /// How many intervals may pass without a reading until the last one is stale; 2 at least. Default: 3.
    pub missed_intervals: u32,
    /// For how long there must be no reading until the sensor may have been without power, so that it must prove anew to be
    /// one and is set again; 100 ms to 2 s. Default: 1 s (a sensor needs 2 s and more to start, as users report, so no restart
    /// goes unnoticed).
    pub may_have_restarted: Duration,
    /// How long after the settings were written a reading is believed, 10 s at most. Default: 500 ms, in which any board that
    /// was reported makes an inference; before that a sensor that has just started may report nobody without having looked.
    pub settle: Duration,
    /// When to open the bus again.
    pub backoff: Backoff,
    /// After how long the same faces, to the bit, are remarked upon: a sensor that hangs looks like that. `None`: never. Default:
    /// 10 s.
    ///
    /// It is a remark and no proof. Results of a camera mostly differ from one to the next, if only by a unit of a box; but
    /// nobody has established that they always do, so the readings stay live. And an empty room gives the same packet for ever:
    /// a sensor that hangs while it sees nobody cannot be told from one that sees nobody, and is never remarked upon.
    pub frozen_after: Option<Duration>,
    /// How often the settings are written while all is well, 10 s at least. `None`, the default: never. A sensor that loses its
    /// settings and keeps answering (a reset without a start-up silence, which nobody has reported) cannot be noticed by
    /// reading; this helps against that.
    pub reapply_every: Option<Duration>,
    /// The seed of the chance in [`Backoff`].
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings::DEFAULT
    }
}

impl Settings {
    /// For one Person Sensor in its power-on settings.
    pub const DEFAULT: Settings = Settings {
        config: Config::POWER_ON,
        pace: Pace::Cadence(CadenceConfig::DEFAULT),
        retries: 2,
        missed_intervals: 3,
        may_have_restarted: Duration::from_secs(1),
        settle: Duration::from_millis(500),
        backoff: Backoff::DEFAULT,
        frozen_after: Some(Duration::from_secs(10)),
        reapply_every: None,
        seed: 0,
    };

    /// The same with these settings of the sensor.
    #[must_use]
    pub const fn with_config(self, config: Config) -> Settings {
        Settings { config, ..self }
    }

    /// The same with another pace.
    #[must_use]
    pub const fn with_pace(self, pace: Pace) -> Settings {
        Settings { pace, ..self }
    }

    /// The same with another number of retries.
    #[must_use]
    pub const fn with_retries(self, retries: u8) -> Settings {
        Settings { retries, ..self }
    }

    /// The same with another number of intervals until a reading is stale.
    #[must_use]
    pub const fn with_missed_intervals(self, missed_intervals: u32) -> Settings {
        Settings { missed_intervals, ..self }
    }

    /// The same with another time after which a sensor may have restarted.
    #[must_use]
    pub const fn with_may_have_restarted(self, may_have_restarted: Duration) -> Settings {
        Settings { may_have_restarted, ..self }
    }

    /// The same with another time between the settings and the first reading.
    #[must_use]
    pub const fn with_settle(self, settle: Duration) -> Settings {
        Settings { settle, ..self }
    }

    /// The same with other waits before the bus is opened again.
    #[must_use]
    pub const fn with_backoff(self, backoff: Backoff) -> Settings {
        Settings { backoff, ..self }
    }

    /// The same with another time after which equal faces are remarked upon.
    #[must_use]
    pub const fn with_frozen_after(self, frozen_after: Option<Duration>) -> Settings {
        Settings { frozen_after, ..self }
    }

    /// The same with the sensor's settings written again and again.
    #[must_use]
    pub const fn with_reapply_every(self, reapply_every: Option<Duration>) -> Settings {
        Settings { reapply_every, ..self }
    }

    /// The same with another seed.
    #[must_use]
    pub const fn with_seed(self, seed: u64) -> Settings {
        Settings { seed, ..self }
    }

    /// With each value in its range.
    pub(super) fn within_range(self) -> Settings {
        let ms = Duration::from_millis;
        let longest_period = ms(500);
        let first = self.backoff.first.max(ms(10));
        Settings {
            pace: match self.pace {
                Pace::Every(every) => Pace::Every(every.clamp(ms(10), longest_period)),
                Pace::Cadence(cadence) => {
                    let fastest = cadence.fastest.min(longest_period);
                    Pace::Cadence(
                        cadence.with_fastest(fastest).with_slowest(cadence.slowest.min(longest_period)),
                    )
                }
            },
            retries: self.retries.min(5),
            missed_intervals: self.missed_intervals.clamp(2, 1000),
            may_have_restarted: self.may_have_restarted.clamp(ms(100), Duration::from_secs(2)),
            settle: self.settle.min(Duration::from_secs(10)),
            backoff: Backoff { first, longest: self.backoff.longest.max(first) },
            reapply_every: self.reapply_every.map(|every| every.max(Duration::from_secs(10))),
            ..self
        }
    }
}
