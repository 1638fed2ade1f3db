//! The adapter as a peer of the kernel's virtual host controller `vhci-hcd`: the protocol USB/IP, from the side that has
//! the USB device.
//!
//! The packets are those of the kernel's documentation, `Documentation/usb/usbip_protocol.rst`, from `USBIP_CMD_SUBMIT`
//! on. (What comes before it there is only said between programs.) Numbers are big-endian.
//!
//! # Guarantees
//! * Any bytes have an outcome: answers, or a [`ProtocolError`], after which the connection is of no use any more.
//! * A packet is kept until it is whole, and its length is checked before: at most 64 KiB and a header, besides the
//!   bytes that were handed in at once.
//! * Answers come in the order of the questions, each before the next packet is looked at. So whatever is unlinked was
//!   answered before.

use super::serve::Session;
use super::{ProtocolError, Setup, Stall, UsbBus};

const CMD_SUBMIT: u32 = 1;
const CMD_UNLINK: u32 = 2;
const RET_SUBMIT: u32 = 3;
const RET_UNLINK: u32 = 4;

/// Directions.
const OUT: u32 = 0;

/// Every packet begins with so many bytes; data come on top.
const HEAD: usize = 48;
/// Nothing is longer than a control transfer.
const LONGEST: u32 = u16::MAX as u32;
/// "Not isochronous", as some say it; others say 0.
const NOT_ISOCHRONOUS: u32 = u32::MAX;

/// `-EPIPE`: how Linux says that a device stalled.
const STALLED: i32 = -32;

/// A connection with a virtual host controller.
#[derive(Debug, Default)]
pub struct UsbIp {
    input: Vec<u8>,
}

/// A packet from the host controller.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Packet {
    Submit { seqnum: u32, is_out: bool, endpoint: u32, length: u32, setup: Setup, data: Vec<u8> },
    Unlink { seqnum: u32 },
}

impl Packet {
    /// The packet at the beginning, if it is whole, and its length.
    fn parse(bytes: &[u8]) -> Result<Option<(Packet, usize)>, ProtocolError> {
        let Some((head, rest)) = bytes.split_first_chunk::<HEAD>() else { return Ok(None) };
        let mut words = [0_u32; 10];
        for (word, four) in words.iter_mut().zip(head.chunks_exact(4)) {
            *word = four.try_into().map_or(0, u32::from_be_bytes);
        }
        let [command, seqnum, _devid, direction, endpoint, _flags, length, _start, packets, _interval] =
            words;
        match command {
            CMD_UNLINK => return Ok(Some((Packet::Unlink { seqnum }, HEAD))),
            CMD_SUBMIT => {}
            _ => return Err(ProtocolError { what: "an unknown command", value: command }),
        }
        if length > LONGEST {
            return Err(ProtocolError { what: "a transfer is longer than any can be", value: length });
        }
        if packets != 0 && packets != NOT_ISOCHRONOUS {
            return Err(ProtocolError {
                what: "an isochronous transfer, of so many packets",
                value: packets,
            });
        }
        let [.., s0, s1, s2, s3, s4, s5, s6, s7] = *head;
        let setup = Setup::parse([s0, s1, s2, s3, s4, s5, s6, s7]);
        let is_out = direction == OUT;
        let len = if is_out { usize::try_from(length).unwrap_or(usize::MAX) } else { 0 };
        let Some(data) = rest.get(..len) else { return Ok(None) };
        let submit = Packet::Submit { seqnum, is_out, endpoint, length, setup, data: data.to_vec() };
        Ok(Some((submit, HEAD + len)))
    }

    /// Does what it asks for.
    fn answer(self, bus: &mut UsbBus, out: &mut Vec<u8>) {
        match self {
            // It was answered, as everything before: the host's own record of it is gone or will soon be.
            Packet::Unlink { seqnum } => put(out, RET_UNLINK, seqnum, 0, 0, &[]),
            Packet::Submit { seqnum, is_out, endpoint, length, setup, data } => {
                let outcome = if endpoint == 0 { bus.control(setup, &data) } else { Err(Stall) };
                match outcome {
                    Ok(_) if is_out => put(out, RET_SUBMIT, seqnum, 0, length, &[]),
                    Ok(mut answer) => {
                        answer.truncate(usize::try_from(length).unwrap_or(usize::MAX));
                        let moved = u32::try_from(answer.len()).unwrap_or(0);
                        put(out, RET_SUBMIT, seqnum, 0, moved, &answer);
                    }
                    Err(Stall) => put(out, RET_SUBMIT, seqnum, STALLED, 0, &[]),
                }
            }
        }
    }
}

fn put(out: &mut Vec<u8>, command: u32, seqnum: u32, status: i32, moved: u32, data: &[u8]) {
    let end = out.len() + HEAD;
    out.extend(command.to_be_bytes());
    out.extend(seqnum.to_be_bytes());
    // Device, direction and endpoint are 0 in an answer.
    out.extend([0; 12]);
    out.extend(status.to_be_bytes());
    out.extend(moved.to_be_bytes());
    out.resize(end, 0);
    out.extend(data);
}

impl UsbIp {
    /// A connection that was just made.
    #[must_use]
    pub const fn new() -> UsbIp {
        UsbIp { input: Vec::new() }
    }
}

impl Session for UsbIp {
    fn greeting(&mut self) -> Vec<u8> {
        Vec::new()
    }

    fn received(&mut self, bytes: &[u8], bus: &mut UsbBus, out: &mut Vec<u8>) -> Result<(), ProtocolError> {
        self.input.extend_from_slice(bytes);
        while let Some((packet, len)) = Packet::parse(&self.input)? {
            self.input.drain(..len);
            packet.answer(bus, out);
        }
        Ok(())
    }
}
