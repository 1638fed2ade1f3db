//! What comes of reading a sensor, and of waiting for it.

use std::time::Duration;

use mlsensor::{Faces, PacketError};

/// One attempt to read the sensor.
#[derive(Debug)]
pub struct Reading {
    /// When it was made, from the start.
    pub at: Duration,
    /// What came of it.
    pub faces: Result<Faces, Trouble>,
}

impl Reading {
    /// The faces; `None` if nothing was read, which does not mean that nobody is there.
    #[must_use]
    pub fn faces(&self) -> Option<&Faces> {
        self.faces.as_ref().ok()
    }
}

/// Why a reading is none. It does not mean that nobody is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The bus failed, in its own words.
    Bus(String),
    /// What came is no packet.
    Packet(PacketError),
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Trouble::Bus(error) => write!(f, "no reading: {error}"),
            Trouble::Packet(error) => write!(f, "no reading: {error}"),
        }
    }
}

/// What a program waits for: the next reading, or the moment that it asked to be woken at.
#[derive(Debug)]
pub enum Turn {
    /// The sensor was read.
    Reading(Reading),
    /// It is this moment.
    Wake(Duration),
}
