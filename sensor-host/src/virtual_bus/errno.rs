//! What goes wrong on a bus, and what each adapter's driver in the kernel calls it.

use std::fmt;
use std::str::FromStr;

use embedded_hal::i2c::NoAcknowledgeSource;
use mlsensor_sim::{Fault, FaultError, SimBusError};

use super::Errno;

/// What can go wrong with a transfer, as far as adapters tell it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Trouble {
    /// Nothing acknowledged the address.
    NoAddress,
    /// A byte was not acknowledged.
    NoData,
    /// Another controller won the bus.
    Arbitration,
    /// A START or STOP in the wrong place.
    Misplaced,
    /// The clock was stretched beyond what the adapter stands.
    Stretched,
    /// The data line is held low: nothing moves.
    Hang,
}

impl Trouble {
    /// Every kind.
    pub const ALL: [Trouble; 6] = [
        Trouble::NoAddress,
        Trouble::NoData,
        Trouble::Arbitration,
        Trouble::Misplaced,
        Trouble::Stretched,
        Trouble::Hang,
    ];
}

impl From<FaultError<SimBusError>> for Trouble {
    fn from(error: FaultError<SimBusError>) -> Trouble {
        match error {
            FaultError::Bus(SimBusError::NoAcknowledge { source: NoAcknowledgeSource::Data, .. }) => {
                Trouble::NoData
            }
            FaultError::Bus(SimBusError::NoAcknowledge { .. }) => Trouble::NoAddress,
            FaultError::Bus(SimBusError::DataLineLow) => Trouble::Hang,
            FaultError::Injected(Fault::NackAddress | Fault::Gone(_)) => Trouble::NoAddress,
            FaultError::Injected(Fault::NackData) => Trouble::NoData,
            FaultError::Injected(Fault::ArbitrationLoss) => Trouble::Arbitration,
            FaultError::Injected(Fault::StretchTimeout) => Trouble::Stretched,
            _ => Trouble::Misplaced,
        }
    }
}

/// Whose driver in the kernel the adapter behaves as: its errnos, what it refuses, what it says it can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Style {
    /// `i2c-bcm2835`: Raspberry Pi 0 to 4. One read message a transfer, and it must be the last; no 10-bit addresses.
    #[default]
    Pi,
    /// `i2c-designware`: Raspberry Pi 5, with the quick command that its kernel adds. One address a transfer.
    DesignWare,
    /// `i2c-tiny-usb`: a USB adapter, and what `mlsensor sim attach` pretends to be. No read without bytes; no 10-bit
    /// addresses.
    TinyUsb,
    /// No driver in particular: the errnos that the kernel's documentation of I2C faults names, and every function
    /// but those that break the protocol.
    Plain,
}

/// Functions of an adapter, as `I2C_FUNCS` names them (linux/i2c.h).
pub(super) mod functions {
    pub(crate) const I2C: u32 = 0x0000_0001;
    pub(crate) const TEN_BIT: u32 = 0x0000_0002;
    pub(crate) const PEC: u32 = 0x0000_0008;
    pub(crate) const NO_START: u32 = 0x0000_0010;
    pub(crate) const BLOCK_PROCESS_CALL: u32 = 0x0000_8000;
    pub(crate) const QUICK: u32 = 0x0001_0000;
    pub(crate) const BYTE: u32 = 0x0006_0000;
    pub(crate) const BYTE_DATA: u32 = 0x0018_0000;
    pub(crate) const WORD_DATA: u32 = 0x0060_0000;
    pub(crate) const PROCESS_CALL: u32 = 0x0080_0000;
    pub(crate) const READ_BLOCK: u32 = 0x0100_0000;
    pub(crate) const WRITE_BLOCK: u32 = 0x0200_0000;
    pub(crate) const I2C_BLOCK: u32 = 0x0C00_0000;
    /// What the kernel makes of plain messages.
    pub(crate) const EMULATED: u32 =
        QUICK | BYTE | BYTE_DATA | WORD_DATA | PROCESS_CALL | WRITE_BLOCK | I2C_BLOCK | PEC;
}

impl Style {
    /// Every style.
    pub const ALL: [Style; 4] = [Style::Pi, Style::DesignWare, Style::TinyUsb, Style::Plain];

    /// By which the command knows it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Style::Pi => "pi",
            Style::DesignWare => "designware",
            Style::TinyUsb => "tiny-usb",
            Style::Plain => "plain",
        }
    }

    /// What a program is told.
    ///
    /// The drivers of the Raspberry Pi and of i2c-tiny-usb do not tell an address from a byte that was not acknowledged. A
    /// lost arbitration is `EAGAIN` for all but the USB adapter, which cannot say it.
    #[must_use]
    pub const fn errno(self, trouble: Trouble) -> Errno {
        match (self, trouble) {
            (Style::Pi | Style::DesignWare, Trouble::NoAddress | Trouble::NoData) => Errno::REMOTEIO,
            (Style::TinyUsb, Trouble::NoAddress | Trouble::NoData) => Errno::NXIO,
            (Style::TinyUsb, _) => Errno::IO,
            (Style::Plain, Trouble::NoAddress) => Errno::NXIO,
            (Style::Plain, Trouble::NoData) => Errno::IO,
            (_, Trouble::Arbitration) => Errno::AGAIN,
            (_, Trouble::Misplaced) | (Style::Pi, Trouble::Stretched) => Errno::IO,
            (_, Trouble::Stretched | Trouble::Hang) => Errno::TIMEDOUT,
        }
    }

    /// What `I2C_FUNCS` says.
    #[must_use]
    pub const fn functions(self) -> u32 {
        use functions::*;
        match self {
            Style::Pi | Style::TinyUsb => I2C | EMULATED,
            Style::DesignWare => {
                I2C | TEN_BIT | QUICK | BYTE | BYTE_DATA | WORD_DATA | READ_BLOCK | WRITE_BLOCK | I2C_BLOCK
            }
            Style::Plain => I2C | TEN_BIT | NO_START | EMULATED | READ_BLOCK | BLOCK_PROCESS_CALL,
        }
    }

    /// How often its driver tries again after a lost arbitration, until a program says otherwise.
    #[must_use]
    pub const fn retries(self) -> u32 {
        match self {
            Style::DesignWare => 3,
            Style::Pi | Style::TinyUsb | Style::Plain => 0,
        }
    }

    /// The name of the adapter, as `i2cdetect -l` shows it.
    #[must_use]
    pub const fn adapter_name(self) -> &'static str {
        match self {
            Style::Pi => "bcm2835 (mlsensor)",
            Style::DesignWare => "Synopsys DesignWare I2C adapter",
            Style::TinyUsb => "i2c-tiny-usb (mlsensor)",
            Style::Plain => "mlsensor",
        }
    }
}

impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Style {
    type Err = ();

    fn from_str(name: &str) -> Result<Style, ()> {
        Style::ALL.into_iter().find(|style| style.name() == name).ok_or(())
    }
}
