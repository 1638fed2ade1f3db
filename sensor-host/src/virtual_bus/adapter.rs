//! A bus as a kernel's adapter drives it: message by message, with an errno for what goes wrong.

use std::time::Duration;

use embedded_hal::i2c::Operation;
use mlsensor_sim::{FaultInjector, MessageBus, SimBus};

use super::Errno;
use super::errno::{Style, Trouble, functions};
use super::world::Wiring;

/// One message on the wire.
pub type Message<'a> = Operation<'a>;

/// The longest block of SMBus, in bytes.
pub(super) const LONGEST_BLOCK: u8 = 32;

/// The kernel's time-out for a transfer, unless a program says otherwise.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(1);

/// How often a transfer is tried at most, whatever a program asks for: a real bus would not manage more in a second.
const MOST_TRIES: u32 = 1000;

/// Flags of a message (linux/i2c.h).
pub(super) mod flags {
    pub(crate) const READ: u16 = 0x0001;
    pub(crate) const TEN_BIT: u16 = 0x0010;
    pub(crate) const LENGTH_FIRST: u16 = 0x0400;
    pub(crate) const NO_START: u16 = 0x4000;
}

/// A message as the kernel has it: `struct i2c_msg`, with the bytes in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KernelMessage {
    /// Of 7 bits, or of 10.
    pub address: u16,
    /// `I2C_M_RD` and so on.
    pub flags: u16,
    /// What is written, or what is to be read over.
    pub bytes: Vec<u8>,
}

impl KernelMessage {
    pub(super) fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }
}

/// A simulated bus behind the driver of an adapter.
#[derive(Debug)]
pub struct Adapter {
    wire: FaultInjector<SimBus>,
    bus: SimBus,
    style: Style,
    /// Whether transfers take simulated time.
    takes_time: bool,
    /// The addresses that a driver of the kernel holds.
    claimed: Vec<u16>,
    /// `I2C_RETRIES`, for all programs together.
    pub(super) retries: u32,
    /// `I2C_TIMEOUT`, for all programs together.
    pub(super) timeout: Duration,
    /// Until when the driver waits in vain, in simulated time.
    waits_until: Duration,
    /// Whether there was traffic since [`ends`](Self::ends) was asked.
    was_used: bool,
}

impl Adapter {
    /// A bus behind an adapter.
    pub(super) fn new(wire: FaultInjector<SimBus>, bus: SimBus, wiring: &Wiring) -> Adapter {
        Adapter {
            wire,
            bus,
            style: wiring.style,
            takes_time: wiring.bit_rate_hz.is_some(),
            claimed: wiring.claimed.clone(),
            retries: wiring.style.retries(),
            timeout: DEFAULT_TIMEOUT,
            waits_until: Duration::ZERO,
            was_used: false,
        }
    }

    /// Whose driver it behaves as.
    #[must_use]
    pub const fn style(&self) -> Style {
        self.style
    }

    /// Whether a driver of the kernel holds this address.
    #[must_use]
    pub fn is_claimed(&self, address: u16) -> bool {
        self.claimed.contains(&address)
    }

    /// One message, and a STOP behind it if it is the last of its transaction: for a front end that drives the wire
    /// itself.
    ///
    /// # Errors
    /// What an adapter reports: `EREMOTEIO` if nothing acknowledges, and so on. The STOP was sent then.
    pub fn message(&mut self, address: u8, message: &mut Message<'_>, is_last: bool) -> Result<(), Errno> {
        self.was_used = true;
        self.wire.message(address, message, is_last).map_err(|error| self.failed(error.into()))
    }

    /// Ends a transaction whose last message never came.
    pub fn stop(&mut self) {
        self.wire.stop();
    }

    /// When the latest transfer ends, in simulated time; `None` if there was none since this was last asked.
    pub(super) fn ends(&mut self) -> Option<Duration> {
        let was_used = std::mem::take(&mut self.was_used);
        (was_used && self.takes_time).then(|| self.bus.now().max(self.waits_until))
    }

    /// A transfer: all of its messages, with a STOP behind the last.
    ///
    /// # Errors
    /// As the driver's. What was read is none then.
    pub fn transfer(&mut self, messages: &mut [KernelMessage]) -> Result<(), Errno> {
        self.check(messages)?;
        self.was_used = true;
        let begin = self.bus.now();
        let tries = self.retries.saturating_add(1).min(MOST_TRIES);
        let lengths: Vec<usize> = messages.iter().map(|message| message.bytes.len()).collect();
        let mut outcome = Err(Errno::AGAIN);
        for _ in 0..tries {
            messages.iter_mut().zip(&lengths).for_each(|(message, &length)| message.bytes.truncate(length));
            outcome = self.once(messages);
            let has_time = self.bus.now().saturating_sub(begin) <= self.timeout;
            if outcome != Err(Errno::AGAIN) || !has_time {
                break;
            }
        }
        outcome
    }

    /// What a driver refuses without a START.
    fn check(&self, messages: &[KernelMessage]) -> Result<(), Errno> {
        let Some((last, before)) = messages.split_last() else {
            return Err(Errno::INVAL);
        };
        let is_refused = match self.style {
            Style::Pi => before.iter().any(|message| message.has(flags::READ)),
            Style::TinyUsb => {
                messages.iter().any(|message| message.has(flags::READ) && message.bytes.is_empty())
            }
            Style::DesignWare if before.iter().any(|message| message.address != last.address) => {
                return Err(Errno::INVAL);
            }
            Style::DesignWare | Style::Plain => false,
        };
        if is_refused { Err(Errno::OPNOTSUPP) } else { Ok(()) }
    }

    fn once(&mut self, messages: &mut [KernelMessage]) -> Result<(), Errno> {
        let count = messages.len();
        for (number, message) in (1..).zip(messages) {
            let joins = number > 1 && message.has(flags::NO_START) && self.can(functions::NO_START);
            self.one(message, joins, number == count)?;
        }
        Ok(())
    }

    fn can(&self, function: u32) -> bool {
        self.style.functions() & function == function
    }

    fn one(&mut self, message: &mut KernelMessage, joins: bool, is_last: bool) -> Result<(), Errno> {
        let (address, joins) = self.address(message, joins).map_err(|trouble| self.failed(trouble))?;
        if message.has(flags::READ) {
            return self.read(address, message, joins, is_last);
        }
        self.send(address, &mut Operation::Write(&message.bytes), joins, is_last)
            .map_err(|trouble| self.failed(trouble))
    }

    /// The address on the wire, and whether the message goes on without a START. Of an address of 10 bits it is the first
    /// of two bytes; the second is sent here.
    fn address(&mut self, message: &KernelMessage, joins: bool) -> Result<(u8, bool), Trouble> {
        let is_ten_bit = message.has(flags::TEN_BIT);
        if is_ten_bit && self.can(functions::TEN_BIT) {
            let [high, low] = (message.address & 0x3FF).to_be_bytes();
            let address = 0x78 | high;
            if joins {
                return Ok((address, true));
            }
            self.send(address, &mut Operation::Write(&[low]), false, false)?;
            return Ok((address, !message.has(flags::READ)));
        }
        match u8::try_from(message.address) {
            Ok(address) if address < 0x80 && !is_ten_bit => Ok((address, joins)),
            // What does not fit in seven bits is nobody's.
            _ => {
                self.wire.stop();
                Err(Trouble::NoAddress)
            }
        }
    }

    fn send(
        &mut self,
        address: u8,
        message: &mut Operation<'_>,
        joins: bool,
        is_last: bool,
    ) -> Result<(), Trouble> {
        let outcome = if joins {
            self.wire.more(address, message, is_last)
        } else {
            self.wire.message(address, message, is_last)
        };
        outcome.map_err(Trouble::from)
    }

    fn read(
        &mut self,
        address: u8,
        message: &mut KernelMessage,
        joins: bool,
        is_last: bool,
    ) -> Result<(), Errno> {
        let is_length_first = message.has(flags::LENGTH_FIRST) && self.can(functions::READ_BLOCK);
        let ends = is_last && !is_length_first;
        self.send(address, &mut Operation::Read(&mut message.bytes), joins, ends)
            .map_err(|trouble| self.failed(trouble))?;
        if !is_length_first {
            return Ok(());
        }
        let mut length = message.bytes.first().copied().unwrap_or(0);
        if !(1..=LONGEST_BLOCK).contains(&length) {
            if self.style != Style::DesignWare {
                self.wire.stop();
                return Err(Errno::PROTO);
            }
            // That driver goes on as if it were one byte.
            length = 1;
            message.bytes.iter_mut().take(1).for_each(|byte| *byte = length);
        }
        let mut block = vec![0; usize::from(length)];
        self.send(address, &mut Operation::Read(&mut block), true, is_last)
            .map_err(|trouble| self.failed(trouble))?;
        message.bytes.append(&mut block);
        Ok(())
    }

    /// The errno, and the wait for the time-out if it takes one to notice.
    fn failed(&mut self, trouble: Trouble) -> Errno {
        let errno = self.style.errno(trouble);
        if errno == Errno::TIMEDOUT {
            self.waits_until = self.bus.now().max(self.waits_until).saturating_add(self.timeout);
        }
        errno
    }
}
