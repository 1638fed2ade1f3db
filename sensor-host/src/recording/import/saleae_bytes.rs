//! The export of Saleae Logic 1, and of one analyzer in Logic 2: a row a byte behind an address, and a row an address that
//! was refused.
//!
//! ```text
//! Time [s],Packet ID,Address,Data,Read/Write,ACK/NAK
//! 0.001099500000000,0,0x62,0x01,Write,ACK
//! 0.001191500000000,0,0x62,0x00,Write,ACK
//! 0.019485920000000,,0x10,,Read,NAK
//! ```
//! START and STOP are not in it. So a transaction ends
//! * where the packet's number, the address or the direction changes (Logic 2 numbers every packet 0);
//! * behind a byte that was refused: every read ends with one;
//! * in a write, before a byte that comes so late that an address fits in between.
//!
//! Repeated STARTs cannot be told from others, and addresses that were acknowledged without a byte behind them are missing.
//! The time of a transaction is that of its first row, which is about one byte late. Prefer the data table.

use mlsensor_sim::Direction;

use super::assembler::{Assembler, Ninth};
use super::table::Table;
use super::{Format, ImportError};

/// What two rows of one transaction have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Packet {
    id: String,
    address: u8,
    direction: Direction,
}

#[derive(Debug)]
struct Byte {
    line: u64,
    at: i64,
    packet: Packet,
    /// `None` for an address that was refused.
    data: Option<u8>,
    ninth: Ninth,
}

pub(super) fn read(mut table: Table<'_>, assembler: &mut Assembler) -> Result<Format, ImportError> {
    let mut bytes: Vec<Byte> = Vec::new();
    while let Some(row) = table.next()? {
        let direction = match row.value("Read/Write") {
            "Read" => Direction::Read,
            "Write" => Direction::Write,
            other => return Err(row.error(format!("{other:?} is neither Read nor Write"))),
        };
        let ninth = match row.value("ACK/NAK") {
            "ACK" => Ninth::Acknowledged,
            "NAK" => Ninth::Refused,
            "Missing ACK/NAK" => Ninth::Missing,
            other => return Err(row.error(format!("{other:?} is neither ACK nor NAK"))),
        };
        // The title of the time says its unit, and older versions leave it out.
        let title = if row.value("Time [s]").is_empty() { "Time" } else { "Time [s]" };
        let at = row.nanos(title)?;
        if bytes.last().is_some_and(|last| last.at > at) {
            return Err(row.error("the time is earlier than on the line before"));
        }
        let packet =
            Packet { id: row.value("Packet ID").to_owned(), address: row.byte("Address")?, direction };
        let is_address = row.value("Data").is_empty();
        if is_address && ninth == Ninth::Acknowledged {
            return Err(row.error("there is no byte under \"Data\""));
        }
        let data = if is_address { None } else { Some(row.byte("Data")?) };
        bytes.push(Byte { line: row.line, at, packet, data, ninth });
    }
    let longest = longest_within(&bytes);
    let mut before: Option<&Byte> = None;
    for byte in &bytes {
        let goes_on = before.is_some_and(|before| before.goes_on_with(byte, longest));
        byte.take(goes_on, assembler)
            .map_err(|what| ImportError::at(byte.line, what, super::table::NOT_AS_EXPORTED))?;
        before = Some(byte);
    }
    assembler.stop();
    Ok(Format::SaleaeBytes)
}

impl Byte {
    fn goes_on_with(&self, next: &Byte, longest: i64) -> bool {
        let is_same = self.packet == next.packet && self.data.is_some() && next.data.is_some();
        let is_near = self.packet.direction == Direction::Read || next.at - self.at <= longest;
        is_same && is_near && self.ninth == Ninth::Acknowledged
    }

    fn take(&self, goes_on: bool, assembler: &mut Assembler) -> Result<(), String> {
        if !goes_on {
            assembler.stop();
            assembler.start(self.at)?;
            assembler.address(self.packet.address, self.packet.direction)?;
        }
        if let Some(data) = self.data {
            assembler.byte(data)?;
        }
        assembler.ninth(self.ninth);
        Ok(())
    }
}

/// The longest time from a byte to the next of its transaction, in nanoseconds. The shortest time between two bytes of the
/// trace is a byte's own; with an address, a STOP and a START in between it is more than twice as long.
fn longest_within(bytes: &[Byte]) -> i64 {
    let times = bytes.iter().map(|byte| byte.at);
    let gaps = times.clone().zip(times.skip(1)).map(|(one, next)| next - one);
    let shortest = gaps.filter(|&gap| gap > 0).min().unwrap_or(0);
    shortest.saturating_mul(7) / 4
}
