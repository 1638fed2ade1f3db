//! What can go wrong between a program and a sensor, and between a program and a value.

use core::fmt;

use super::{ADDRESS, PacketError};

/// Why a call to the sensor failed. `E` is the error of your bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Error<E> {
    /// The bus failed: nothing is known about who is there. The bus's own error is kept.
    I2c(E),
    /// The read went through, but what came is not a packet of a Person Sensor.
    Packet(PacketError),
}

impl<E> From<PacketError> for Error<E> {
    fn from(error: PacketError) -> Self {
        Error::Packet(error)
    }
}

/// The same failure, for a function that reads as well as probes.
impl<E> From<ProbeError<E>> for Error<E> {
    fn from(error: ProbeError<E>) -> Self {
        match error {
            ProbeError::NoAnswer(error) => Error::I2c(error),
            ProbeError::NotAPersonSensor(error) => Error::Packet(error),
        }
    }
}

impl<E> Error<E> {
    /// The same failure, with another error of the bus: to its kind, or to the error type of the whole program.
    ///
    /// ```
    /// use embedded_hal::i2c::{self, Error as _};
    ///
    /// fn kind_alone<E: i2c::Error>(error: mlsensor::Error<E>) -> mlsensor::Error<i2c::ErrorKind> {
    ///     error.map_i2c(|error| error.kind())
    /// }
    /// # assert_eq!(kind_alone(mlsensor::Error::I2c(i2c::ErrorKind::Bus)), mlsensor::Error::I2c(i2c::ErrorKind::Bus));
    /// ```
    pub fn map_i2c<F>(self, map: impl FnOnce(E) -> F) -> Error<F> {
        match self {
            Error::I2c(error) => Error::I2c(map(error)),
            Error::Packet(error) => Error::Packet(error),
        }
    }
}

impl<E: fmt::Debug> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::I2c(error) => write!(f, "I2C: {error:?}"),
            Error::Packet(error) => fmt::Display::fmt(error, f),
        }
    }
}

/// The text of `Display` is whole: there is no further source.
impl<E: fmt::Debug> core::error::Error for Error<E> {}

/// Why what answers at the address is not taken for a Person Sensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ProbeError<E> {
    /// Nothing answers, or the bus fails. A sensor that was just powered up may be silent for 3 seconds: leave it alone
    /// for as long.
    NoAnswer(E),
    /// Something answers, but not with a packet of this sensor: likely one of the other parts with the
    /// same address. Do not write to it.
    NotAPersonSensor(PacketError),
}

impl<E> From<Error<E>> for ProbeError<E> {
    fn from(error: Error<E>) -> Self {
        match error {
            Error::I2c(error) => ProbeError::NoAnswer(error),
            Error::Packet(error) => ProbeError::NotAPersonSensor(error),
        }
    }
}

impl<E: fmt::Debug> fmt::Display for ProbeError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProbeError::NoAnswer(error) => {
                write!(f, "no Person Sensor answers ({error:?}); after power-up leave it alone for 3 seconds")
            }
            ProbeError::NotAPersonSensor(error) => {
                write!(f, "something answers, but not as a Person Sensor ({error}); ")?;
                f.write_str(match error {
                    PacketError::UndrivenBus => {
                        "a bus that acknowledges every address does this, for example a display's"
                    }
                    PacketError::DataLength { .. } => "the packet is whole, but another firmware's",
                    _ => "other parts use this address as well: SCD4x CO2 sensors, Grove Vision AI",
                })?;
                if *error == PacketError::AllZero {
                    f.write_str("; or the sensor has not finished its first inference")?;
                }
                write!(f, " (address {ADDRESS:#04x} unless you chose another)")
            }
        }
    }
}

/// The text of `Display` is whole: there is no further source.
impl<E: fmt::Debug> core::error::Error for ProbeError<E> {}

/// A value that does not fit the field it was meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct OutOfRange {
    /// What the value was meant to be, in the words of the field table: "confidence", "person id".
    pub what: &'static str,
    /// The value that was given.
    pub value: usize,
    /// The least value allowed.
    pub min: usize,
    /// The greatest value allowed.
    pub max: usize,
}

impl OutOfRange {
    pub(super) const fn check(what: &'static str, value: u8, min: u8, max: u8) -> Result<u8, OutOfRange> {
        if min <= value && value <= max {
            Ok(value)
        } else {
            Err(OutOfRange { what, value: value as usize, min: min as usize, max: max as usize })
        }
    }
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} is outside {}..={}", self.what, self.value, self.min, self.max)
    }
}

impl core::error::Error for OutOfRange {}
