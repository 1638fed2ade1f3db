//! When a sensor must be set: no way to read its settings back is documented, and it forgets them without power.

use core::time::Duration;

/// A sensor that was gone for so long may have been without power, and then has its power-on settings: it needs 2 s and more
/// to begin.
const MAY_HAVE_RESTARTED: Duration = Duration::from_secs(1);

/// Says when the settings are due: with the first reading, and with the first one after a second without. What has just
/// given a reading has proved to be the sensor, so it may be written to.
///
/// ```
/// use core::time::Duration;
/// use mlsensor::{Config, PersonSensor};
/// use mlsensor_example_rules::settings::Settings;
///
/// fn turn<I2C: embedded_hal::i2c::I2c>(sensor: &mut PersonSensor<I2C>, settings: &mut Settings, now: Duration) {
///     let faces = sensor.read().ok();
///     if settings.are_due(now, faces.is_some()) && sensor.configure(&Config::POWER_ON).is_ok() {
///         settings.applied();
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    are_due: bool,
    lost_since: Option<Duration>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { are_due: true, lost_since: None }
    }
}

impl Settings {
    /// Takes whether a read gave a reading; says whether the settings are to be applied now. They stay due until
    /// [`applied`](Settings::applied) says that they were.
    pub fn are_due(&mut self, now: Duration, is_reading: bool) -> bool {
        if !is_reading {
            self.lost_since.get_or_insert(now);
            return false;
        }
        if let Some(since) = self.lost_since.take() {
            self.are_due |= now.saturating_sub(since) >= MAY_HAVE_RESTARTED;
        }
        self.are_due
    }

    /// They were applied.
    pub fn applied(&mut self) {
        self.are_due = false;
    }

    /// They are lost, however short the time: what was opened is another one.
    pub fn lost(&mut self) {
        self.are_due = true;
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::*;

    /// The milliseconds at which settings were applied, of readings that were made then, or failed.
    fn applied(settings: &mut Settings, readings: &[(u64, bool)]) -> Vec<u64> {
        let due = readings.iter().filter(|&&(ms, is_reading)| {
            let is_due = settings.are_due(Duration::from_millis(ms), is_reading);
            if is_due {
                settings.applied();
            }
            is_due
        });
        due.map(|&(ms, _)| ms).collect()
    }

    #[test]
    fn they_are_due_once_with_the_first_reading_however_late_that_is() {
        let readings = [(0, false), (100, false), (500, true), (600, true), (700, true)];
        assert_eq!(applied(&mut Settings::default(), &readings), [500]);
    }

    #[test]
    fn they_are_due_again_after_a_second_without_a_reading_and_not_before() {
        let short = [(0, true), (100, false), (1099, true), (1200, true)];
        assert_eq!(applied(&mut Settings::default(), &short), [0]);
        let long = [(0, true), (100, false), (600, false), (1100, true), (1200, true)];
        assert_eq!(applied(&mut Settings::default(), &long), [0, 1100]);
    }

    #[test]
    fn two_short_losses_are_not_a_long_one() {
        let readings = [(0, true), (100, false), (700, true), (800, false), (1500, true)];
        assert_eq!(applied(&mut Settings::default(), &readings), [0]);
    }

    #[test]
    fn what_could_not_be_applied_stays_due() {
        let mut settings = Settings::default();
        let ms = Duration::from_millis;
        assert!(settings.are_due(ms(0), true));
        assert!(settings.are_due(ms(100), true));
        assert!(!settings.are_due(ms(200), false));
        assert!(settings.are_due(ms(300), true));
        settings.applied();
        assert!(!settings.are_due(ms(400), true));
    }

    #[test]
    fn what_was_opened_anew_is_set_at_once() {
        let mut settings = Settings::default();
        settings.applied();
        assert_eq!(applied(&mut settings, &[(0, true), (100, false)]), []);
        settings.lost();
        assert_eq!(applied(&mut settings, &[(150, true), (250, true)]), [150]);
    }

    #[test]
    fn a_clock_that_is_set_back_is_no_long_loss() {
        let readings = [(90_000, true), (90_100, false), (0, true), (100, true)];
        assert_eq!(applied(&mut Settings::default(), &readings), [90_000]);
    }
}
