//! How many readings there were, as the last line of a transcript has it.

use core::fmt;

use mlsensor::{Error, Faces};

/// What came of the readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub all: u32,
    /// Packets that broke a rule.
    pub refused: u32,
    /// Transfers that failed.
    pub lost: u32,
}

impl Counts {
    pub fn add<E>(&mut self, reading: &Result<Faces, Error<E>>) {
        self.all += 1;
        match reading {
            Ok(_) => {}
            Err(Error::Packet(_)) => self.refused += 1,
            Err(Error::I2c(_)) => self.lost += 1,
        }
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
