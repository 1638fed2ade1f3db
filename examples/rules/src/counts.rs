//! How many readings there were, as the last line of a transcript has it.

use core::fmt;

use mlsensor::{Error, Faces};

/// What came of the readings.
///
/// ```
/// use mlsensor_example_rules::counts::Counts;
///
/// let mut counts = Counts::default();
/// counts.add_reading();
/// counts.add_lost();
/// assert_eq!(counts.to_string(), "2 readings, 1 without an answer");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    all: u32,
    refused: u32,
    lost: u32,
}

impl Counts {
    /// One more, as the driver gives it.
    pub fn add<E>(&mut self, reading: &Result<Faces, Error<E>>) {
        match reading {
            Ok(_) => self.add_reading(),
            Err(Error::Packet(_)) => self.add_refused(),
            Err(Error::I2c(_)) => self.add_lost(),
        }
    }

    /// One more reading, that gave faces.
    pub fn add_reading(&mut self) {
        self.all = self.all.saturating_add(1);
    }

    /// One more, of a packet that broke a rule.
    pub fn add_refused(&mut self) {
        self.add_reading();
        self.refused = self.refused.saturating_add(1);
    }

    /// One more, of which the bus gave nothing.
    pub fn add_lost(&mut self) {
        self.add_reading();
        self.lost = self.lost.saturating_add(1);
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} readings", self.all)?;
        if self.refused > 0 {
            write!(f, ", {} refused", self.refused)?;
        }
        if self.lost > 0 {
            write!(f, ", {} without an answer", self.lost)?;
        }
        Ok(())
    }
}
