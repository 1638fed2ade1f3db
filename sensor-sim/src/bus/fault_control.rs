//! Which fault befalls which transaction, by order or by seeded chance, and what came of it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use embedded_hal::i2c::Operation;
use mlsensor::person_sensor::ADDRESS;
use mlsensor::{Config, Faces, Packet};

use super::fault::Doing;
use super::{Fault, FaultKind, lock};
use crate::random::Dice;

const MILLION: u32 = 1_000_000;

/// The handle by which a test gets at a [`FaultInjector`](super::FaultInjector) that belongs to its application.
/// Clones are handles of the same injector.
#[derive(Debug, Clone)]
pub struct FaultControl {
    state: Arc<Mutex<State>>,
}

/// What a [`FaultInjector`](super::FaultInjector) has done to the transactions for its address.
///
/// Each is counted once: `transactions` is the sum of `untouched`, `without_effect` and all of `by_kind`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FaultCounts {
    /// All transactions.
    pub transactions: u64,
    /// Transactions that no fault was meant for.
    pub untouched: u64,
    /// Transactions that a fault was meant for and changed nothing of: bytes that were all ones before, a frozen
    /// sensor that has nothing new to say, a bus that failed by itself.
    pub without_effect: u64,
    /// Transactions in which a fault changed bytes, was reported as an error or wrote a reset, by its kind.
    pub by_kind: BTreeMap<FaultKind, u64>,
}

impl FaultCounts {
    /// In how many transactions this kind of fault had an effect.
    #[must_use]
    pub fn of(&self, kind: FaultKind) -> u64 {
        self.by_kind.get(&kind).copied().unwrap_or(0)
    }
}

#[derive(Debug)]
struct State {
    seed: u64,
    address: u8,
    rates: BTreeMap<FaultKind, u32>,
    queue: VecDeque<Fault>,
    /// A fault that goes on, and for how many transactions more.
    ongoing: Option<(Fault, u8)>,
    is_paused: bool,
    /// The number of the next transaction, by which chance falls.
    moment: u64,
    /// What the latest read that was not interfered with gave.
    before: Vec<u8>,
    /// Whether the latest read gave, before any fault, a packet of a Person Sensor.
    is_person_sensor: bool,
    latest: Option<Fault>,
    counts: FaultCounts,
}

/// What is to happen to one transaction.
#[derive(Debug)]
pub(super) struct Turn {
    moment: u64,
    doing: Doing,
    fault: Option<Fault>,
    /// What is written before it.
    pub(super) writes: Vec<Vec<u8>>,
}

impl Turn {
    /// The fault that takes the place of the transaction.
    pub(super) fn error(&self) -> Option<Fault> {
        self.fault.filter(|fault| fault.error_kind().is_some())
    }
}

impl FaultControl {
    pub(super) fn new(seed: u64) -> FaultControl {
        let state = State {
            seed,
            address: ADDRESS,
            rates: BTreeMap::new(),
            queue: VecDeque::new(),
            ongoing: None,
            is_paused: false,
            moment: 0,
            before: Vec::new(),
            is_person_sensor: false,
            latest: None,
            counts: FaultCounts::default(),
        };
        FaultControl { state: Arc::new(Mutex::new(state)) }
    }

    pub(super) fn set_address(&self, address: u8) {
        lock(&self.state).address = address;
    }

    /// Lets this fault befall the next transaction that it can befall; several in turn. A fault of what is read
    /// waits for a read, and those behind it wait with it.
    pub fn inject(&self, fault: Fault) {
        lock(&self.state).queue.push_back(fault.within_range());
    }

    /// Lets this kind of fault befall so many in a million of the transactions that it can befall, instead of as
    /// many as before. If the rates of all kinds add up to more than a million, they are scaled down in proportion.
    pub fn set_rate(&self, kind: FaultKind, per_million: u32) {
        lock(&self.state).rates.insert(kind, per_million.min(MILLION));
    }

    /// Lets all transactions through untouched, until [`resume`](Self::resume). What was injected, and what goes
    /// on, waits.
    pub fn pause(&self) {
        lock(&self.state).is_paused = true;
    }

    /// Goes on where [`pause`](Self::pause) stopped.
    pub fn resume(&self) {
        lock(&self.state).is_paused = false;
    }

    /// The fault that had an effect on the latest transaction, its parameter within its range.
    #[must_use]
    pub fn latest(&self) -> Option<Fault> {
        lock(&self.state).latest
    }

    /// What was done so far.
    #[must_use]
    pub fn counts(&self) -> FaultCounts {
        lock(&self.state).counts.clone()
    }

    /// Chooses what befalls the transaction that begins now; `None` if it is for another address.
    pub(super) fn begin(&self, address: u8, operations: &[Operation<'_>]) -> Option<Turn> {
        let mut state = lock(&self.state);
        (address == state.address).then(|| state.begin(operations))
    }

    /// The fault took the transaction's place.
    pub(super) fn replaced(&self, turn: &Turn) {
        lock(&self.state).count(turn, true);
    }

    /// The bus itself failed. `is_effective`: not before the fault had written something.
    pub(super) fn failed(&self, turn: &Turn, is_effective: bool) {
        let mut state = lock(&self.state);
        state.is_person_sensor &= !turn.doing.reads;
        state.count(turn, is_effective);
    }

    /// The transaction happened, and what it read can be spoiled.
    pub(super) fn happened(&self, turn: &Turn, is_effective: bool, operations: &mut [Operation<'_>]) {
        let mut state = lock(&self.state);
        let is_spoiled = state.spoil(turn, operations);
        state.count(turn, is_effective || is_spoiled);
    }
}

impl State {
    fn begin(&mut self, operations: &[Operation<'_>]) -> Turn {
        let moment = self.moment;
        self.moment += 1;
        let written = operations.iter().find_map(|operation| match operation {
            Operation::Write([first, ..]) => Some(*first),
            _ => None,
        });
        let reads = operations.iter().any(|operation| match operation {
            Operation::Read(bytes) => !bytes.is_empty(),
            Operation::Write(_) => false,
        });
        let doing = Doing { reads, writes: written.is_some() };
        let fault = self.choose(doing, moment);
        let writes = match (fault, written) {
            (Some(Fault::NackData), Some(first)) => vec![vec![first]],
            (Some(Fault::Reset), _) if self.is_person_sensor => {
                Config::default().commands().map(|command| command.emit().to_vec()).into()
            }
            _ => Vec::new(),
        };
        Turn { moment, doing, fault, writes }
    }

    fn choose(&mut self, doing: Doing, moment: u64) -> Option<Fault> {
        if self.is_paused {
            return None;
        }
        if let Some((fault, left)) = self.ongoing {
            let applies = fault.kind().applies_to(doing);
            if applies {
                self.ongoing = (left > 1).then(|| (fault, left - 1));
            }
            return applies.then_some(fault);
        }
        let fault = match self.queue.front().copied() {
            Some(Fault::NackData) if !doing.writes => self.queue.pop_front().and(Some(Fault::NackAddress)),
            Some(fault) if fault.kind().applies_to(doing) => self.queue.pop_front(),
            _ => self.draw(doing, &mut Dice::new(self.seed, moment)),
        };
        if let Some(fault @ (Fault::Gone(times) | Fault::Frozen(times))) = fault {
            self.ongoing = (times > 1).then(|| (fault, times - 1));
        }
        fault
    }

    fn draw(&self, doing: Doing, dice: &mut Dice) -> Option<Fault> {
        let mut rates = self.rates.iter().filter(|(kind, _)| kind.applies_to(doing));
        let sum: u32 = rates.clone().map(|(_, rate)| rate).sum();
        let mut at = dice.below(sum.max(MILLION));
        let (kind, _) = rates.find(|(_, rate)| {
            let is_hit = at < **rate;
            at = at.saturating_sub(**rate);
            is_hit
        })?;
        Some(kind.draw(dice))
    }

    /// Whether it changed what was read. The bytes of all read operations are one message.
    fn spoil(&mut self, turn: &Turn, operations: &mut [Operation<'_>]) -> bool {
        let sent: Vec<u8> = reads(operations).flat_map(|bytes| bytes.iter().copied()).collect();
        if sent.is_empty() {
            return false;
        }
        self.is_person_sensor = Packet::try_from(&*sent).is_ok_and(|packet| Faces::parse(&packet).is_ok());
        let mut message = sent.clone();
        if let Some(fault) = turn.fault {
            fault.spoil(&mut message, &self.before, &mut Dice::new(!self.seed, turn.moment));
        }
        if message == sent {
            self.before = message;
            return false;
        }
        let mut spoiled = message.into_iter();
        reads(operations)
            .for_each(|bytes| bytes.iter_mut().zip(&mut spoiled).for_each(|(to, from)| *to = from));
        true
    }

    /// Counts a transaction when it is over, so that one that is given up half way is none.
    fn count(&mut self, turn: &Turn, is_effective: bool) {
        self.counts.transactions += 1;
        self.latest = turn.fault.filter(|_| is_effective);
        match (turn.fault, self.latest) {
            (None, _) => self.counts.untouched += 1,
            (Some(_), None) => self.counts.without_effect += 1,
            (_, Some(fault)) => *self.counts.by_kind.entry(fault.kind()).or_default() += 1,
        }
    }
}

fn reads<'a, 'b>(operations: &'a mut [Operation<'b>]) -> impl Iterator<Item = &'a mut [u8]> + use<'a, 'b> {
    operations.iter_mut().filter_map(|operation| match operation {
        Operation::Read(bytes) => Some(&mut **bytes),
        Operation::Write(_) => None,
    })
}
