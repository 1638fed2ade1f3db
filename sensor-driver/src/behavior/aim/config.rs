//! How to aim, and the reasons for the numbers.

use core::time::Duration;

use super::super::Direction;
use super::{AxisConfig, Choice};

/// Where the sensor sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Mount {
    /// On the head: it turns with it.
    #[default]
    OnTheHead,
    /// Beside the head: it stands still and looks straight ahead of the mount.
    Fixed,
}

/// What to do when nobody is there any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum WhenLost {
    /// Stay as it is.
    Hold,
    /// Stay for this long, and then go back to [`AimConfig::rest`].
    Return(Duration),
    /// Stay for this long, and then look for somebody: from one limit of the pan to the other, slowly, at the tilt of
    /// [`AimConfig::rest`]. A sensor that stands [fixed](Mount::Fixed) goes back to rest instead: turning the head
    /// shows it nothing new.
    Search(Duration),
}

/// How to aim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct AimConfig {
    /// The axis that turns to the sides. -90 to 90 degrees unless changed.
    pub pan: AxisConfig,
    /// The axis that turns up and down. -30 to 45 degrees unless changed: an upright stand allows no more.
    pub tilt: AxisConfig,
    /// Where the sensor sits. On the head unless changed.
    pub mount: Mount,
    /// From the picture to the reading. 270 ms: the guide's figure of about 200 ms, and half an inference (70 ms) for
    /// the wait until a program reads that reads on a timer. One that reads just after each inference waits for less:
    /// see [`WITH_CADENCE`](Self::WITH_CADENCE). Recognition adds 125 ms: see
    /// [`WITH_RECOGNITION`](Self::WITH_RECOGNITION).
    pub latency: Duration,
    /// By how much the latency may be wrong. 70 ms: half an inference, for a program that reads on a timer. What was
    /// seen while the head moved is believed less, by the way that the head made in this time.
    pub latency_uncertainty: Duration,
    /// Whom to follow.
    pub choice: Choice,
    /// How long a target is kept though another would be chosen now. 4 s: programs that work hold a target for 3 to
    /// 5 s.
    pub keep_for: Duration,
    /// What to do when nobody is there any more. Return after 10 s unless changed.
    pub when_lost: WhenLost,
    /// Where the head points when it rests. Straight ahead unless changed.
    pub rest: Direction,
}

impl AimConfig {
    /// As `Default`, for use in constants.
    pub const DEFAULT: AimConfig = AimConfig {
        pan: AxisConfig::DEFAULT,
        tilt: AxisConfig::DEFAULT.with_range(-30_000, 45_000),
        mount: Mount::OnTheHead,
        latency: Duration::from_millis(270),
        latency_uncertainty: Duration::from_millis(70),
        choice: Choice::Largest,
        keep_for: Duration::from_millis(4000),
        when_lost: WhenLost::Return(Duration::from_millis(10_000)),
        rest: Direction::AHEAD,
    };

    /// For a program that reads by [`Cadence`](super::super::Cadence), just after each inference: 230 ms, give or
    /// take 30. That is the guide's 200 ms, 5 to 15 ms until it is read, 4 ms to read it, and up to 20 ms until a servo
    /// gets its next pulse.
    pub const WITH_CADENCE: AimConfig =
        AimConfig::DEFAULT.with_latency(Duration::from_millis(230), Duration::from_millis(30));

    /// For a sensor that runs recognition, as [`Choice::Person`] needs: 395 ms, give or take 50. That is the guide's
    /// 200 ms, 125 ms of recognition, and 70 ms for the wait until a timer of up to 140 ms reads. It is for
    /// [`Cadence`](super::super::Cadence) too, which reads sooner: assumed too long does no harm here, and too short
    /// swings past. With more than 50 ms of doubt who walks is lost, as there are only four results a second. Take
    /// [`TrackerConfig::WITH_RECOGNITION`](super::super::TrackerConfig::WITH_RECOGNITION) along.
    pub const WITH_RECOGNITION: AimConfig =
        AimConfig::DEFAULT.with_latency(Duration::from_millis(395), Duration::from_millis(50));

    /// The same with another pan axis.
    #[must_use]
    pub const fn with_pan(self, pan: AxisConfig) -> Self {
        AimConfig { pan, ..self }
    }

    /// The same with another tilt axis.
    #[must_use]
    pub const fn with_tilt(self, tilt: AxisConfig) -> Self {
        AimConfig { tilt, ..self }
    }

    /// The same with the sensor at another place.
    #[must_use]
    pub const fn with_mount(self, mount: Mount) -> Self {
        AimConfig { mount, ..self }
    }

    /// The same with another latency, and by how much it may be wrong.
    #[must_use]
    pub const fn with_latency(self, latency: Duration, latency_uncertainty: Duration) -> Self {
        AimConfig { latency, latency_uncertainty, ..self }
    }

    /// The same with another choice of whom to follow, and how long to keep to it.
    #[must_use]
    pub const fn with_choice(self, choice: Choice, keep_for: Duration) -> Self {
        AimConfig { choice, keep_for, ..self }
    }

    /// The same with something else to do when nobody is there any more.
    #[must_use]
    pub const fn with_when_lost(self, when_lost: WhenLost) -> Self {
        AimConfig { when_lost, ..self }
    }

    /// The same with another place to rest.
    #[must_use]
    pub const fn with_rest(self, rest: Direction) -> Self {
        AimConfig { rest, ..self }
    }
}

impl Default for AimConfig {
    fn default() -> Self {
        AimConfig::DEFAULT
    }
}
