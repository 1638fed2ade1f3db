//! One bus with its multiplexers: selecting, making sure, shutting.

use embedded_hal::i2c::{Error as _, ErrorKind, I2c, Operation};

use super::{MuxError, NoSuchChannel};

/// The addresses that a TCA9548A can have: three pins (datasheet SCPS207, Device Address).
const ADDRESSES: core::ops::RangeInclusive<u8> = 0x70..=0x77;

#[derive(Debug)]
struct Mux {
    address: u8,
    /// Whether nothing is connected, for sure.
    is_shut: bool,
    /// Whether what is connected is not known, so that it must be shut before anything else.
    is_in_doubt: bool,
}

#[derive(Debug)]
pub(super) struct Bus<I2C> {
    i2c: I2C,
    muxes: Vec<Mux>,
}

impl<I2C> Bus<I2C> {
    /// Who has the bus itself may do anything with it.
    pub(super) fn with_bus<R>(&mut self, with: impl FnOnce(&mut I2C) -> R) -> R {
        for mux in &mut self.muxes {
            (mux.is_shut, mux.is_in_doubt) = (false, true);
        }
        with(&mut self.i2c)
    }
}

impl<I2C: I2c> Bus<I2C> {
    pub(super) fn new(i2c: I2C, addresses: &[u8]) -> Result<Self, NoSuchChannel> {
        let mut muxes: Vec<Mux> = Vec::new();
        for &address in addresses {
            if !ADDRESSES.contains(&address) {
                return Err(NoSuchChannel { address, channel: 0 });
            }
            if muxes.iter().all(|mux| mux.address != address) {
                // What was connected by whoever used it before is not known.
                muxes.push(Mux { address, is_shut: false, is_in_doubt: true });
            }
        }
        Ok(Bus { i2c, muxes })
    }

    /// The place of a multiplexer.
    pub(super) fn find(&self, address: u8) -> Result<usize, NoSuchChannel> {
        let found = self.muxes.iter().position(|mux| mux.address == address);
        found.ok_or(NoSuchChannel { address, channel: 0 })
    }

    pub(super) fn is_in_doubt(&self) -> bool {
        self.muxes.iter().any(|mux| mux.is_in_doubt)
    }

    /// Shuts every multiplexer, those that are known to be shut too.
    pub(super) fn shut_all(&mut self) -> Result<(), MuxError<I2C::Error>> {
        let mut outcome = Ok(());
        for mux in &mut self.muxes {
            // One that fails keeps none of the others open.
            outcome = outcome.and(mux.shut(&mut self.i2c));
        }
        outcome
    }

    pub(super) fn is_free_in_front(&mut self, address: u8) -> Result<bool, MuxError<I2C::Error>> {
        self.refuse_own(address)?;
        self.shut_all()?;
        match self.i2c.read(address, &mut [0]) {
            Ok(()) => Ok(false),
            Err(error) if matches!(error.kind(), ErrorKind::NoAcknowledge(_)) => Ok(true),
            Err(error) => Err(MuxError::Bus(error)),
        }
    }

    /// A transaction on the channel whose bit is `wanted`, of the multiplexer in place `at`.
    pub(super) fn transaction(
        &mut self,
        at: usize,
        wanted: u8,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), MuxError<I2C::Error>> {
        self.refuse_own(address)?;
        for (place, mux) in self.muxes.iter_mut().enumerate() {
            // The one that is used is always shut first: its register then goes from 0 to the channel's bit, so bytes of an
            // earlier read that a host hands out again (some do) are none of the two.
            if place == at || !mux.is_shut {
                mux.shut(&mut self.i2c)?;
            }
        }
        if let Some(mux) = self.muxes.get_mut(at) {
            // In doubt until it is over, should this panic.
            (mux.is_shut, mux.is_in_doubt) = (false, true);
        }
        if let Err(error) = self.select(at, wanted) {
            self.shut_all()?;
            return Err(error);
        }
        let outcome = self.i2c.transaction(address, operations).map_err(MuxError::Bus);
        if outcome.is_ok() {
            // A failed transaction has given nothing that could be of another channel.
            if let Err(error) = self.verify(at, wanted) {
                spoil(operations);
                self.shut_all()?;
                return Err(error);
            }
        }
        if let Some(mux) = self.muxes.get_mut(at) {
            mux.is_in_doubt = false;
        }
        outcome
    }

    fn select(&mut self, at: usize, wanted: u8) -> Result<(), MuxError<I2C::Error>> {
        if let Some(mux) = self.muxes.get(at) {
            // A transaction of its own: it takes effect at the STOP.
            self.i2c.write(mux.address, &[wanted]).map_err(MuxError::Mux)?;
        }
        self.verify(at, wanted).map_err(|error| match error {
            MuxError::Changed { wanted, found } => MuxError::Mismatch { wanted, found },
            error => error,
        })
    }

    /// Reads every register: that of the one that is used, and the zeros of the others. A bus that reads as zeros for another reason
    /// has not given the bit of the first.
    fn verify(&mut self, at: usize, wanted: u8) -> Result<(), MuxError<I2C::Error>> {
        for (place, mux) in self.muxes.iter().enumerate() {
            let wanted = if place == at { wanted } else { 0 };
            let found = mux.control(&mut self.i2c).map_err(MuxError::Mux)?;
            if found != wanted {
                return Err(MuxError::Changed { wanted, found });
            }
        }
        Ok(())
    }

    fn refuse_own(&self, address: u8) -> Result<(), MuxError<I2C::Error>> {
        if self.muxes.iter().any(|mux| mux.address == address) {
            return Err(MuxError::AddressOfMux(address));
        }
        Ok(())
    }
}

impl Mux {
    fn shut<I2C: I2c>(&mut self, i2c: &mut I2C) -> Result<(), MuxError<I2C::Error>> {
        (self.is_shut, self.is_in_doubt) = (false, true);
        i2c.write(self.address, &[0]).map_err(|error| MuxError::InDoubt(Some(error)))?;
        match self.control(i2c) {
            Ok(0) => {
                (self.is_shut, self.is_in_doubt) = (true, false);
                Ok(())
            }
            Ok(_) => Err(MuxError::InDoubt(None)),
            Err(error) => Err(MuxError::InDoubt(Some(error))),
        }
    }

    fn control<I2C: I2c>(&self, i2c: &mut I2C) -> Result<u8, I2C::Error> {
        let mut control = [0xFF];
        i2c.read(self.address, &mut control)?;
        let [control] = control;
        Ok(control)
    }
}

/// What may be of another channel is seen by nobody, even if the error is not looked at.
fn spoil(operations: &mut [Operation<'_>]) {
    for operation in operations {
        if let Operation::Read(bytes) = operation {
            bytes.fill(0xFF);
        }
    }
}
