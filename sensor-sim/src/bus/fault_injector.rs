//! Adversity as a wrapper around any bus.

use std::collections::{BTreeMap, VecDeque};

use embedded_hal::i2c::{self, ErrorKind, NoAcknowledgeSource, Operation};
use mlsensor::{Config, Packet};

use super::{Fault, FaultKind};
use crate::random::Dice;

/// Wraps any bus, a real one too, and lets its transfers go wrong: on demand, or by seeded chance.
///
/// At most one fault befalls a transaction. What is done is counted by kind, so that a test can ask whether all
/// that it expects to survive did happen.
///
/// ```
/// use mlsensor::{Error, PacketError, PersonSensor};
/// use mlsensor_sim::{Fault, FaultInjector, SimBus, SimSensor};
///
/// let (bus, _sim) = SimBus::with_sensor(SimSensor::new());
/// let mut faulty = FaultInjector::new(bus, 7);
/// faulty.inject(Fault::AllOnes);
/// let mut sensor = PersonSensor::new(faulty);
/// assert_eq!(sensor.read(), Err(Error::Packet(PacketError::UndrivenBus)));
/// assert!(sensor.read().is_ok());
/// ```
#[derive(Debug, Clone)]
pub struct FaultInjector<B> {
    bus: B,
    seed: u64,
    rates: Vec<(FaultKind, u32)>,
    queue: VecDeque<Fault>,
    ongoing: Option<(Fault, u8)>,
    /// What the latest read that was not interfered with gave.
    before: Vec<u8>,
    latest: Option<Fault>,
    counts: FaultCounts,
}

/// What a [`FaultInjector`] has done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FaultCounts {
    /// All transactions.
    pub transactions: u64,
    /// Transactions that were let through untouched.
    pub untouched: u64,
    /// Transactions that were interfered with, by the kind of fault.
    pub by_kind: BTreeMap<FaultKind, u64>,
}

impl FaultCounts {
    /// How many transactions this kind of fault befell.
    #[must_use]
    pub fn of(&self, kind: FaultKind) -> u64 {
        self.by_kind.get(&kind).copied().unwrap_or(0)
    }
}

impl<B> FaultInjector<B> {
    /// Wraps a bus. Nothing goes wrong yet. The same seed gives the same faults.
    #[must_use]
    pub const fn new(bus: B, seed: u64) -> Self {
        FaultInjector {
            bus,
            seed,
            rates: Vec::new(),
            queue: VecDeque::new(),
            ongoing: None,
            before: Vec::new(),
            latest: None,
            counts: FaultCounts { transactions: 0, untouched: 0, by_kind: BTreeMap::new() },
        }
    }

    /// Lets this kind of fault befall so many transactions in a million.
    #[must_use]
    pub fn with(mut self, kind: FaultKind, per_million: u32) -> Self {
        self.rates.push((kind, per_million));
        self
    }

    /// Lets every kind of fault befall so many transactions in a million, each.
    #[must_use]
    pub fn with_every_fault(mut self, per_million: u32) -> Self {
        self.rates.extend(FaultKind::ALL.iter().map(|&kind| (kind, per_million)));
        self
    }

    /// Lets this fault befall the next transaction; several in turn.
    pub fn inject(&mut self, fault: Fault) {
        self.queue.push_back(fault);
    }

    /// What befell the latest transaction.
    #[must_use]
    pub const fn latest(&self) -> Option<Fault> {
        self.latest
    }

    /// What was done so far.
    #[must_use]
    pub const fn counts(&self) -> &FaultCounts {
        &self.counts
    }

    /// Gives the bus back.
    #[must_use]
    pub fn release(self) -> B {
        self.bus
    }

    /// Chooses what befalls the transaction that begins now.
    fn choose(&mut self) -> Option<Fault> {
        let mut dice = Dice::new(self.seed, self.counts.transactions);
        self.counts.transactions += 1;
        let ongoing = self.ongoing.take();
        let chosen = match ongoing {
            Some((fault, left)) => {
                self.ongoing = left.checked_sub(1).filter(|&left| left > 0).map(|left| (fault, left));
                Some(fault)
            }
            None => self.queue.pop_front().or_else(|| {
                let mut at = dice.below(1_000_000);
                let hit = self.rates.iter().find(|(_, per_million)| {
                    let hit = at < *per_million;
                    at = at.saturating_sub(*per_million);
                    hit
                });
                hit.map(|(kind, _)| kind.draw(&mut dice))
            }),
        };
        if let (None, Some(Fault::Gone(times) | Fault::Frozen(times))) = (ongoing, chosen) {
            self.ongoing = (times > 1).then(|| (chosen.unwrap_or(Fault::NackAddress), times - 1));
        }
        self.latest = chosen;
        match chosen {
            Some(fault) => *self.counts.by_kind.entry(fault.kind()).or_default() += 1,
            None => self.counts.untouched += 1,
        }
        chosen
    }

    /// Changes what was read. The bytes of all read operations are one message.
    fn spoil(&mut self, fault: Option<Fault>, operations: &mut [Operation<'_>]) {
        let mut message: Vec<u8> = reads(operations).flat_map(|bytes| bytes.iter().copied()).collect();
        if message.is_empty() {
            return;
        }
        let Some(fault) = fault else {
            self.before = message;
            return;
        };
        let mut dice = Dice::new(!self.seed, self.counts.transactions);
        match fault {
            Fault::AllOnes => message.fill(0xFF),
            Fault::AllZero => message.fill(0x00),
            Fault::BitFlips(bits) => flip_bits(&mut message, bits, &mut dice),
            Fault::Burst(bits) => burst(&mut message, bits, &mut dice),
            Fault::Tail(from) => message.iter_mut().skip(from.into()).for_each(|byte| *byte = 0xFF),
            Fault::Slip => slip(&mut message),
            Fault::Torn(until) => {
                message.iter_mut().zip(&self.before).take(until.into()).for_each(|(byte, old)| *byte = *old);
            }
            Fault::Frozen(_) => {
                message.iter_mut().zip(&self.before).for_each(|(byte, old)| *byte = *old);
            }
            Fault::Nonsense(nonsense) => {
                if let Some(packet) = message.first_chunk_mut::<{ size_of::<Packet>() }>() {
                    nonsense.apply(packet);
                }
            }
            Fault::Lookalike(kind) => kind.fill(&mut message, self.counts.transactions),
            Fault::NackAddress
            | Fault::NackData
            | Fault::ArbitrationLoss
            | Fault::BusError
            | Fault::StretchTimeout
            | Fault::Gone(_)
            | Fault::Reset => {}
        }
        let mut spoiled = message.into_iter();
        reads(operations)
            .for_each(|bytes| bytes.iter_mut().zip(&mut spoiled).for_each(|(to, from)| *to = from));
    }
}

fn reads<'a, 'b>(operations: &'a mut [Operation<'b>]) -> impl Iterator<Item = &'a mut [u8]> + use<'a, 'b> {
    operations.iter_mut().filter_map(|operation| match operation {
        Operation::Read(bytes) => Some(&mut **bytes),
        Operation::Write(_) => None,
    })
}

/// Flips the `bit`-th bit on the wire, where the highest of a byte comes first.
fn flip(message: &mut [u8], bit: usize) {
    if let Some(byte) = message.get_mut(bit / 8) {
        *byte ^= 0x80 >> (bit % 8);
    }
}

fn flip_bits(message: &mut [u8], bits: u8, dice: &mut Dice) {
    let mut flipped: Vec<usize> = Vec::new();
    let wanted = usize::from(bits).min(message.len() * 8);
    while flipped.len() < wanted {
        let bit = dice.below(message.len() as u32 * 8) as usize;
        if !flipped.contains(&bit) {
            flipped.push(bit);
            flip(message, bit);
        }
    }
}

fn burst(message: &mut [u8], bits: u8, dice: &mut Dice) {
    let bits = usize::from(bits.max(1)).min(message.len() * 8);
    let from = dice.below((message.len() * 8 - bits) as u32 + 1) as usize;
    for bit in 0..bits {
        let is_end = bit == 0 || bit + 1 == bits;
        if is_end || dice.permille(500) {
            flip(message, from + bit);
        }
    }
}

fn slip(message: &mut [u8]) {
    let mut carry = 1;
    for byte in message.iter_mut().rev() {
        let first = *byte >> 7;
        *byte = (*byte << 1) | carry;
        carry = first;
    }
}

/// What a faulty bus reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FaultError<E> {
    /// The fault that was injected.
    Injected(Fault),
    /// An error of the bus itself.
    Bus(E),
}

impl<E: core::fmt::Debug> core::fmt::Display for FaultError<E> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            FaultError::Injected(fault) => write!(f, "injected: {fault:?}"),
            FaultError::Bus(error) => write!(f, "{error:?}"),
        }
    }
}

impl<E: core::fmt::Debug> core::error::Error for FaultError<E> {}

impl<E: i2c::Error> i2c::Error for FaultError<E> {
    fn kind(&self) -> ErrorKind {
        match self {
            FaultError::Bus(error) => error.kind(),
            FaultError::Injected(Fault::NackAddress | Fault::Gone(_)) => {
                ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address)
            }
            FaultError::Injected(Fault::NackData) => ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data),
            FaultError::Injected(Fault::ArbitrationLoss) => ErrorKind::ArbitrationLoss,
            FaultError::Injected(Fault::BusError) => ErrorKind::Bus,
            FaultError::Injected(_) => ErrorKind::Other,
        }
    }
}

impl<B: i2c::ErrorType> i2c::ErrorType for FaultInjector<B> {
    type Error = FaultError<B::Error>;
}

/// The part of a transaction that is the same blocking and awaited.
macro_rules! transaction {
    ($self:ident, $address:ident, $operations:ident $(, $await:tt)?) => {{
        let fault = $self.choose();
        match fault {
            Some(
                fault @ (Fault::NackAddress
                | Fault::ArbitrationLoss
                | Fault::BusError
                | Fault::StretchTimeout
                | Fault::Gone(_)),
            ) => return Err(FaultError::Injected(fault)),
            Some(fault @ Fault::NackData) => {
                let written = $operations.iter().find_map(|operation| match operation {
                    Operation::Write([first, ..]) => Some([*first]),
                    _ => None,
                });
                if let Some(first) = written {
                    $self.bus.write($address, &first)$(.$await)?.map_err(FaultError::Bus)?;
                }
                return Err(FaultError::Injected(fault));
            }
            Some(Fault::Reset) => {
                for command in Config::default().commands() {
                    $self.bus.write($address, &command.emit())$(.$await)?.map_err(FaultError::Bus)?;
                }
            }
            _ => {}
        }
        $self.bus.transaction($address, $operations)$(.$await)?.map_err(FaultError::Bus)?;
        $self.spoil(fault, $operations);
        Ok(())
    }};
}

impl<B: i2c::I2c> i2c::I2c for FaultInjector<B> {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), Self::Error> {
        transaction!(self, address, operations)
    }
}

impl<B: embedded_hal_async::i2c::I2c> embedded_hal_async::i2c::I2c for FaultInjector<B> {
    async fn transaction(
        &mut self,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), Self::Error> {
        transaction!(self, address, operations, await)
    }
}
