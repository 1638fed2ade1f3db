//! What a supervisor has done and met with so far.

use embedded_hal::i2c::ErrorKind;
use mlsensor::PacketError;
use serde::{Deserialize, Serialize};

use super::{Cause, Doing, State, Trouble};

/// Failed transfers by kind, as embedded-hal has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct BusErrors {
    /// Nobody acknowledged.
    pub no_acknowledge: u64,
    /// Another controller had the bus.
    pub arbitration_loss: u64,
    /// A START or STOP in the wrong place, a line that hangs.
    pub bus: u64,
    /// Bytes came faster than they were taken.
    pub overrun: u64,
    /// Everything else: time-outs above all.
    pub other: u64,
}

/// Refused packets by the rule that they broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RefusedPackets {
    /// All 0xFF: nothing drove the bus.
    pub undriven_bus: u64,
    /// All 0x00.
    pub all_zero: u64,
    /// The checksum is wrong.
    pub checksum: u64,
    /// Another data length: another firmware.
    pub data_length: u64,
    /// A face count, a confidence, a box or a flag that no sensor sends.
    pub content: u64,
}

/// What a supervisor has done and met with since it was made. Nothing is ever counted down.
///
/// `reads` is the sum of `ok`, of `refused` and of the failed reads in `bus_errors`, which counts failed writes as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Counters {
    /// Reads of 39 bytes, of probing too.
    pub reads: u64,
    /// Reads that gave a valid packet.
    pub ok: u64,
    /// Readings that were handed out.
    pub readings: u64,
    /// Of those, the ones of an inference that was not read before, surely or most likely.
    pub fresh: u64,
    /// Failed transfers.
    pub bus_errors: BusErrors,
    /// Refused packets.
    pub refused: RefusedPackets,
    /// Reads that were tried again at once.
    pub retries: u64,
    /// Polls that failed: with their retries.
    pub missed: u64,
    /// Valid packets that took so long that they were stale when they came.
    pub late: u64,
    /// How often the bus was opened, the first time too.
    pub opened: u64,
    /// How often it could not be opened.
    pub not_opened: u64,
    /// How often the bus was given up, to be opened again.
    pub given_up: u64,
    /// How often the settings were written, the first time too.
    pub configured: u64,
    /// How often they could not be written.
    pub not_configured: u64,
    /// How often the state went from live to stale or absent.
    pub outages: u64,
    /// How often a sensor came back from that.
    pub recoveries: u64,
    /// How often faces began to be the same for suspiciously long.
    pub frozen: u64,
}

impl Counters {
    /// How often the settings were written again.
    #[must_use]
    pub const fn reconfigured(&self) -> u64 {
        self.configured.saturating_sub(1)
    }

    /// How often the bus was opened again.
    #[must_use]
    pub const fn reopened(&self) -> u64 {
        self.opened.saturating_sub(1)
    }

    pub(super) fn add(&mut self, trouble: &Trouble) {
        match trouble.doing {
            Doing::Opening => self.not_opened += 1,
            Doing::Configuring => self.not_configured += 1,
            Doing::Probing | Doing::Reading => self.reads += 1,
        }
        match &trouble.cause {
            Cause::NotOpened { .. } => {}
            Cause::Bus { kind, .. } => *self.bus_errors.of(*kind) += 1,
            Cause::Packet(error) => *self.refused.of(error) += 1,
        }
    }

    pub(super) fn went(&mut self, from: State, to: State) {
        match (from, to) {
            (State::Live, State::Stale | State::Absent) => self.outages += 1,
            (State::Stale | State::Absent, State::Live) if self.outages > self.recoveries => {
                self.recoveries += 1
            }
            _ => {}
        }
    }
}

impl BusErrors {
    fn of(&mut self, kind: ErrorKind) -> &mut u64 {
        match kind {
            ErrorKind::NoAcknowledge(_) => &mut self.no_acknowledge,
            ErrorKind::ArbitrationLoss => &mut self.arbitration_loss,
            ErrorKind::Bus => &mut self.bus,
            ErrorKind::Overrun => &mut self.overrun,
            _ => &mut self.other,
        }
    }

    /// All of them.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.no_acknowledge + self.arbitration_loss + self.bus + self.overrun + self.other
    }
}

impl RefusedPackets {
    fn of(&mut self, error: &PacketError) -> &mut u64 {
        match error {
            PacketError::UndrivenBus => &mut self.undriven_bus,
            PacketError::AllZero => &mut self.all_zero,
            PacketError::Checksum { .. } => &mut self.checksum,
            PacketError::DataLength { .. } => &mut self.data_length,
            _ => &mut self.content,
        }
    }

    /// All of them.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.undriven_bus + self.all_zero + self.checksum + self.data_length + self.content
    }
}
