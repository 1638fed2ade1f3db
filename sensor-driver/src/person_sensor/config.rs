//! What a sensor is set to, as a value that the program holds.

use super::{Command, Mode};

/// The settings of a sensor. `Default` is how it powers on (Guide, Configuration).
///
/// No way to read registers back is documented, and a sensor that lost power forgets them: hold a `Config`, and apply it
/// with `configure` whenever the sensor comes back. Change what you need, in a constant too:
///
/// ```
/// use mlsensor::{Config, Mode};
///
/// const SETTINGS: Config = Config::POWER_ON.with_id_enabled(true).with_led(false);
/// assert_eq!(SETTINGS.mode, Mode::Continuous);
///
/// let mut settings = Config::default();
/// settings.mode = Mode::Standby;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct Config {
    /// Register 0x01. Power-on default: [`Mode::Continuous`].
    pub mode: Mode,
    /// Register 0x02: run the recognition model. Power-on default: off.
    pub id_enabled: bool,
    /// Register 0x05: keep labels over a loss of power. Power-on default: on. (Users report labels that
    /// were lost all the same.)
    pub persist_ids: bool,
    /// Register 0x07: the indicator LED. Power-on default: on.
    pub led: bool,
}

impl Default for Config {
    fn default() -> Self {
        Config::POWER_ON
    }
}

impl Config {
    /// How a sensor powers on: continuous, without recognition, labels kept, LED on.
    pub const POWER_ON: Config =
        Config { mode: Mode::Continuous, id_enabled: false, persist_ids: true, led: true };

    /// The same settings in this mode.
    #[must_use]
    pub const fn with_mode(self, mode: Mode) -> Config {
        Config { mode, ..self }
    }

    /// The same settings with recognition on or off.
    #[must_use]
    pub const fn with_id_enabled(self, id_enabled: bool) -> Config {
        Config { id_enabled, ..self }
    }

    /// The same settings with labels that outlast a loss of power, or do not.
    #[must_use]
    pub const fn with_persist_ids(self, persist_ids: bool) -> Config {
        Config { persist_ids, ..self }
    }

    /// The same settings with the LED on or off.
    #[must_use]
    pub const fn with_led(self, led: bool) -> Config {
        Config { led, ..self }
    }

    /// The four writes that bring a sensor to these settings, whatever it was set to before. The mode comes
    /// last, so that the first inference in the new mode has the rest in place.
    #[must_use]
    pub const fn commands(&self) -> [Command; 4] {
        [
            Command::PersistIds(self.persist_ids),
            Command::DebugMode(self.led),
            Command::EnableId(self.id_enabled),
            Command::Mode(self.mode),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_changes_itself_alone() {
        let away = Config { mode: Mode::Standby, id_enabled: true, persist_ids: false, led: false };
        let power_on = Config::default();
        assert_eq!(power_on.with_mode(Mode::Standby), Config { mode: Mode::Standby, ..power_on });
        assert_eq!(power_on.with_id_enabled(true), Config { id_enabled: true, ..power_on });
        assert_eq!(power_on.with_persist_ids(false), Config { persist_ids: false, ..power_on });
        assert_eq!(power_on.with_led(false), Config { led: false, ..power_on });
        let all =
            power_on.with_mode(Mode::Standby).with_id_enabled(true).with_persist_ids(false).with_led(false);
        assert_eq!(all, away);
    }
}
