//! What a sensor is set to, as a value that the program holds.

use super::{Command, Mode};

/// The settings of a sensor. `Default` is how it powers on (Guide, Configuration).
///
/// No way to read registers back is documented, and a sensor that lost power forgets them: hold a `Config`, and apply it
/// with `configure` whenever the sensor comes back. Change the fields you need:
///
/// ```
/// use mlsensor::{Config, Mode};
///
/// let mut config = Config::default();
/// config.id_enabled = true;
/// config.led = false;
/// assert_eq!(config.mode, Mode::Continuous);
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
        Config { mode: Mode::Continuous, id_enabled: false, persist_ids: true, led: true }
    }
}

impl Config {
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
