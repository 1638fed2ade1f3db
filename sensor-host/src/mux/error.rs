//! What can go wrong on the way through a multiplexer.

use std::fmt;

use embedded_hal::i2c::{self, ErrorKind};

use crate::Report;
use crate::supervisor::{Retry, RetryHint};

/// A multiplexer or a channel that there is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchChannel {
    /// The address of the multiplexer: 0x70 to 0x77, and one that was given to [`Muxes::new`](super::Muxes::new).
    pub address: u8,
    /// The channel, 0 to 7.
    pub channel: u8,
}

impl fmt::Display for NoSuchChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no channel {} of a multiplexer at {:#04x}", self.channel, self.address)
    }
}

impl std::error::Error for NoSuchChannel {}

/// Why a transaction on a channel failed. Only [`Bus`](MuxError::Bus) is about what is on the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MuxError<E> {
    /// The channel was selected, and the transaction on it failed.
    Bus(E),
    /// The multiplexer itself did not answer, before the transaction or after it; all channels were shut, and what was read
    /// was thrown away.
    Mux(E),
    /// The multiplexer does not hold what was written; all channels were shut.
    Mismatch {
        /// The channel's bit.
        wanted: u8,
        /// What the register held.
        found: u8,
    },
    /// The multiplexer held something else after the transaction: it was reset, or somebody else has set it. What was read
    /// may be of another channel, and was thrown away; all channels were shut.
    Changed {
        /// The channel's bit.
        wanted: u8,
        /// What the register held.
        found: u8,
    },
    /// The channels could not be shut. Nothing goes through until they are. The error of the transfer, if it was one, and
    /// not a register that did not take the 0.
    InDoubt(Option<E>),
    /// The address of a multiplexer: nothing else may write to that.
    AddressOfMux(u8),
}

impl<E> MuxError<E> {
    /// In words, with those of the bus for what it said.
    fn words<'a>(&'a self, of_bus: impl Fn(&'a E) -> String) -> String {
        match self {
            MuxError::Bus(error) => of_bus(error),
            MuxError::Mux(error) => format!("the multiplexer: {}", of_bus(error)),
            MuxError::Mismatch { wanted, found } => {
                format!("the multiplexer holds {found:#04x} and not {wanted:#04x}")
            }
            MuxError::Changed { wanted, found } => format!(
                "the multiplexer went from {wanted:#04x} to {found:#04x}: what was read is thrown away"
            ),
            MuxError::InDoubt(Some(error)) => format!("the multiplexer cannot be shut: {}", of_bus(error)),
            MuxError::InDoubt(None) => "the multiplexer cannot be shut: it keeps a channel".to_owned(),
            MuxError::AddressOfMux(address) => format!("{address:#04x} is a multiplexer"),
        }
    }

    /// What the bus said, if it said something.
    const fn of_bus(&self) -> Option<&E> {
        match self {
            MuxError::Bus(error) | MuxError::Mux(error) | MuxError::InDoubt(Some(error)) => Some(error),
            _ => None,
        }
    }
}

impl<E: RetryHint> MuxError<E> {
    /// What is to be told to a person, if a multiplexer on the bus of this path has failed; without a path, all buses are to be
    /// listed. What failed on a channel, the bus itself tells.
    #[must_use]
    pub fn report_on(&self, bus: &str) -> Report {
        let likely = match self {
            MuxError::Bus(error) => return error.report(),
            MuxError::Mux(_) | MuxError::InDoubt(Some(_)) => {
                "it does not answer: a loose wire, no power, or its address pins say another address"
            }
            MuxError::Changed { .. } => "it was reset, or another program sets it",
            MuxError::Mismatch { .. } | MuxError::InDoubt(None) => {
                "another part answers at its address, or bits are lost on the way: a loose wire, one too long"
            }
            MuxError::AddressOfMux(_) => "the address of a sensor is wanted: 0x62",
        };
        // A sensor is looked for by our own command, but no multiplexer. Which bus it is on, the error may not know.
        let words = match bus.strip_prefix("/dev/i2c-") {
            Some(number) => format!("-y -r {number} 0x70 0x77"),
            None => "-l".to_owned(),
        };
        Report {
            what: self.text(),
            likely: likely.to_owned(),
            run: format!("i2cdetect {words}    (from the package i2c-tools)"),
            code: "MLSENSOR-MUX".to_owned(),
        }
    }
}

impl<E: fmt::Display> fmt::Display for MuxError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(E::to_string))
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for MuxError<E> {}

impl<E: i2c::Error> i2c::Error for MuxError<E> {
    /// That of the bus only for what is on the channel: a multiplexer that does not answer says nothing about a sensor.
    fn kind(&self) -> ErrorKind {
        match self {
            MuxError::Bus(error) => error.kind(),
            _ => ErrorKind::Other,
        }
    }
}

impl<E: RetryHint> RetryHint for MuxError<E> {
    fn retry(&self) -> Retry {
        match self {
            MuxError::Bus(error) => error.retry(),
            MuxError::Mux(error) | MuxError::InDoubt(Some(error)) => error.retry(),
            MuxError::Mismatch { .. } | MuxError::Changed { .. } => Retry::Now,
            MuxError::InDoubt(None) | MuxError::AddressOfMux(_) => Retry::AfterMs(140),
        }
    }

    fn errno(&self) -> Option<i32> {
        self.of_bus()?.errno()
    }

    fn text(&self) -> String {
        self.words(E::text)
    }

    fn bus(&self) -> Option<&str> {
        self.of_bus()?.bus()
    }

    /// See [`MuxError::report_on`].
    fn report(&self) -> Report {
        self.report_on(self.bus().unwrap_or_default())
    }
}
