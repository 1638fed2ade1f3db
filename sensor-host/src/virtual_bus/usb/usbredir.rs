//! The adapter as a peer of QEMU's device `usb-redir`: the protocol usbredir, from the side that has the USB device.
//!
//! What a packet looks like is defined by `usbredirproto.h` of the project usbredir, version 0.7.1. Numbers are
//! little-endian.
//!
//! # Guarantees
//! * Any bytes have an outcome: answers, or a [`ProtocolError`], after which the connection is of no use any more.
//! * A packet is kept until it is whole, and its length is checked before: at most 64 KiB and a header, besides the bytes that
//!   were handed in at once.
//! * Answers come in the order of the questions, each before the next packet is looked at. So whatever is cancelled
//!   was answered before.

use super::descriptors::{PACKET, PRODUCT, VENDOR, VENDOR_CLASS, VERSION};
use super::serve::Session;
use super::{ProtocolError, Setup, Stall, UsbBus};

/// Types of packets.
mod kind {
    pub(super) const HELLO: u32 = 0;
    pub(super) const DEVICE_CONNECT: u32 = 1;
    pub(super) const RESET: u32 = 3;
    pub(super) const INTERFACE_INFO: u32 = 4;
    pub(super) const EP_INFO: u32 = 5;
    pub(super) const SET_CONFIGURATION: u32 = 6;
    pub(super) const GET_CONFIGURATION: u32 = 7;
    pub(super) const CONFIGURATION_STATUS: u32 = 8;
    pub(super) const SET_ALT_SETTING: u32 = 9;
    pub(super) const GET_ALT_SETTING: u32 = 10;
    pub(super) const ALT_SETTING_STATUS: u32 = 11;
    pub(super) const START_ISO_STREAM: u32 = 12;
    pub(super) const ISO_STREAM_STATUS: u32 = 14;
    pub(super) const START_INTERRUPT_RECEIVING: u32 = 15;
    pub(super) const INTERRUPT_RECEIVING_STATUS: u32 = 17;
    pub(super) const CONTROL_PACKET: u32 = 100;
    pub(super) const BULK_PACKET: u32 = 101;
    pub(super) const INTERRUPT_PACKET: u32 = 103;
}

/// Outcomes of a transfer.
mod status {
    pub(super) const SUCCESS: u8 = 0;
    pub(super) const INVALID: u8 = 2;
    pub(super) const STALL: u8 = 4;
}

/// Abilities, as bits. xHCI refuses a peer without the last three; the first says that the version of the device is told.
const DEVICE_VERSION: u32 = 1 << 1;
const PACKET_SIZES: u32 = 1 << 4;
const LONG_IDS: u32 = 1 << 5;
const LONG_BULK: u32 = 1 << 6;
const OURS: u32 = DEVICE_VERSION | PACKET_SIZES | LONG_IDS | LONG_BULK;

const FULL_SPEED: u8 = 1;
/// As many as USB knows: 16 to the device, 16 to the host.
const ENDPOINTS: usize = 32;
const NO_ENDPOINT: u8 = 255;

/// The name of a program in a hello, in bytes.
const NAME: usize = 64;
/// More abilities than these, in bytes, are no hello.
const MOST_ABILITIES: usize = 64;
/// The head of a control packet, in bytes; its data come on top.
const CONTROL_HEAD: usize = 10;
/// Nothing is longer than a control packet.
const LONGEST: usize = CONTROL_HEAD + u16::MAX as usize;

/// A connection with a QEMU.
#[derive(Debug)]
pub struct UsbRedir {
    input: Vec<u8>,
    /// What the peer can do, once it said hello.
    peer: Option<u32>,
}

/// The head of a packet.
#[derive(Debug, Clone, Copy)]
struct Head {
    kind: u32,
    id: u64,
}

impl UsbRedir {
    /// A connection that was just made.
    #[must_use]
    pub const fn new() -> UsbRedir {
        UsbRedir { input: Vec::new(), peer: None }
    }

    /// The next whole packet, taken from the input.
    fn next(&mut self) -> Result<Option<(Head, Vec<u8>)>, ProtocolError> {
        let Some((kind, rest)) = u32_at(&self.input) else { return Ok(None) };
        let Some((len, rest)) = u32_at(rest) else { return Ok(None) };
        let (id, head_len) = match (self.has(LONG_IDS), u32_at(rest)) {
            (_, None) => return Ok(None),
            (false, Some((id, _))) => (u64::from(id), 12),
            (true, Some((low, rest))) => match u32_at(rest) {
                Some((high, _)) => (u64::from(high) << 32 | u64::from(low), 16),
                None => return Ok(None),
            },
        };
        if self.peer.is_none() && kind != kind::HELLO {
            return Err(ProtocolError { what: "the first packet is no hello, but of type", value: kind });
        }
        let longest = if kind == kind::HELLO { NAME + MOST_ABILITIES } else { LONGEST };
        let whole = usize::try_from(len).ok().filter(|&len| len <= longest);
        let Some(len) = whole else {
            return Err(ProtocolError { what: "a packet is longer than any can be", value: len });
        };
        let Some(body) = self.input.get(head_len..head_len + len) else { return Ok(None) };
        let body = body.to_vec();
        self.input.drain(..head_len + len);
        Ok(Some((Head { kind, id }, body)))
    }

    fn has(&self, ability: u32) -> bool {
        self.peer.is_some_and(|peer| peer & OURS & ability != 0)
    }

    /// Does what a packet asks for.
    fn packet(
        &mut self,
        head: Head,
        body: &[u8],
        bus: &mut UsbBus,
        out: &mut Vec<u8>,
    ) -> Result<(), ProtocolError> {
        let short = ProtocolError { what: "a packet is too short for its type", value: head.kind };
        let standard = |request_type, request, value, index| Setup {
            request_type,
            request,
            value,
            index,
            length: u16::from(request_type & 0x80 != 0),
        };
        match head.kind {
            kind::HELLO => self.hello(body, bus, out)?,
            kind::RESET => bus.reset(),
            kind::SET_CONFIGURATION => {
                let &[configuration, ..] = body else { return Err(short) };
                let outcome = bus.control(standard(0, 9, u16::from(configuration), 0), &[]);
                if outcome.is_ok() {
                    self.describe(out);
                }
                let answer = [status_of(&outcome), bus.device().configuration()];
                self.put(out, kind::CONFIGURATION_STATUS, head.id, &answer);
            }
            kind::GET_CONFIGURATION => {
                let answer = [status::SUCCESS, bus.device().configuration()];
                self.put(out, kind::CONFIGURATION_STATUS, head.id, &answer);
            }
            kind::SET_ALT_SETTING => {
                let &[interface, form, ..] = body else { return Err(short) };
                let outcome = bus.control(standard(0x01, 11, u16::from(form), u16::from(interface)), &[]);
                // Whatever was asked for, there is but one form.
                let answer = [status_of(&outcome), interface, 0];
                self.put(out, kind::ALT_SETTING_STATUS, head.id, &answer);
            }
            kind::GET_ALT_SETTING => {
                let &[interface, ..] = body else { return Err(short) };
                let outcome = bus.control(standard(0x81, 10, 0, u16::from(interface)), &[]);
                let answer = [status_of(&outcome), interface, 0];
                self.put(out, kind::ALT_SETTING_STATUS, head.id, &answer);
            }
            // The adapter has no other endpoint than that of the control packets.
            kind::START_ISO_STREAM | kind::START_INTERRUPT_RECEIVING => {
                let &[endpoint, ..] = body else { return Err(short) };
                let answer = if head.kind == kind::START_ISO_STREAM {
                    kind::ISO_STREAM_STATUS
                } else {
                    kind::INTERRUPT_RECEIVING_STATUS
                };
                self.put(out, answer, head.id, &[status::INVALID, endpoint]);
            }
            kind::CONTROL_PACKET => self.control(head, body, bus, out).ok_or(short)?,
            kind::BULK_PACKET | kind::INTERRUPT_PACKET => {
                let &[endpoint, ..] = body else { return Err(short) };
                let mut answer = vec![endpoint, status::INVALID, 0, 0];
                if head.kind == kind::BULK_PACKET {
                    answer.extend(body.get(4..8).ok_or(short)?);
                    if self.has(LONG_BULK) {
                        answer.extend([0, 0]);
                    }
                }
                self.put(out, head.kind, head.id, &answer);
            }
            // What is to be stopped or cancelled was never begun, or is over; the rest is not for this side.
            _ => {}
        }
        Ok(())
    }

    /// The peer's hello: from now on it may be told of the device.
    fn hello(&mut self, body: &[u8], bus: &mut UsbBus, out: &mut Vec<u8>) -> Result<(), ProtocolError> {
        if self.peer.is_some() {
            return Err(ProtocolError {
                what: "a second hello, of so many bytes",
                value: truncated(body.len()),
            });
        }
        let abilities = body.get(NAME..).ok_or(ProtocolError {
            what: "a hello without a name, of so many bytes",
            value: truncated(body.len()),
        })?;
        // A peer of the first version had none.
        self.peer = Some(u32_at(abilities).map_or(0, |(abilities, _)| abilities));
        bus.reset();
        self.describe(out);
        let mut connect = vec![FULL_SPEED, 0, 0, 0];
        connect.extend(VENDOR.to_le_bytes());
        connect.extend(PRODUCT.to_le_bytes());
        if self.has(DEVICE_VERSION) {
            connect.extend(VERSION.to_le_bytes());
        }
        self.put(out, kind::DEVICE_CONNECT, 0, &connect);
        Ok(())
    }

    /// The interface and the endpoints, which are the same before the host chose the configuration.
    fn describe(&self, out: &mut Vec<u8>) {
        let mut interfaces = Vec::with_capacity(4 + 4 * ENDPOINTS);
        interfaces.extend(1_u32.to_le_bytes());
        for first in [0, VENDOR_CLASS, 0, 0] {
            interfaces.push(first);
            interfaces.resize(interfaces.len() + ENDPOINTS - 1, 0);
        }
        self.put(out, kind::INTERFACE_INFO, 0, &interfaces);
        // Endpoint 0 in each direction, of the type "control", which is 0.
        let is_control = |i| i == 0 || i == ENDPOINTS / 2;
        let types = (0..ENDPOINTS).map(|i| if is_control(i) { 0 } else { NO_ENDPOINT });
        let mut endpoints: Vec<u8> = types.collect();
        endpoints.resize(3 * ENDPOINTS, 0);
        if self.has(PACKET_SIZES) {
            for i in 0..ENDPOINTS {
                endpoints.extend(u16::from(if is_control(i) { PACKET } else { 0 }).to_le_bytes());
            }
        }
        self.put(out, kind::EP_INFO, 0, &endpoints);
    }

    /// A control packet; `None` if it is too short.
    fn control(&self, head: Head, body: &[u8], bus: &mut UsbBus, out: &mut Vec<u8>) -> Option<()> {
        let (&head_bytes, data) = body.split_first_chunk::<CONTROL_HEAD>()?;
        let [endpoint, request, request_type, _status, v0, v1, i0, i1, l0, l1] = head_bytes;
        let setup = Setup::parse([request_type, request, v0, v1, i0, i1, l0, l1]);
        let outcome = if endpoint & 0x7F == 0 { bus.control(setup, data) } else { Err(Stall) };
        let status = status_of(&outcome);
        let answer = outcome.unwrap_or_default();
        let is_out = setup.length != 0 && !setup.is_to_host() && status == status::SUCCESS;
        let moved = if is_out { setup.length } else { u16::try_from(answer.len()).unwrap_or(0) };
        let mut packet = vec![endpoint, request, request_type, status, v0, v1, i0, i1];
        packet.extend(moved.to_le_bytes());
        packet.extend(answer);
        self.put(out, head.kind, head.id, &packet);
        Some(())
    }

    fn put(&self, out: &mut Vec<u8>, kind: u32, id: u64, body: &[u8]) {
        out.extend(kind.to_le_bytes());
        out.extend(truncated(body.len()).to_le_bytes());
        let [low @ .., _, _, _, _] = id.to_le_bytes();
        if self.has(LONG_IDS) {
            out.extend(id.to_le_bytes());
        } else {
            out.extend(low);
        }
        out.extend(body);
    }
}

impl Default for UsbRedir {
    fn default() -> Self {
        UsbRedir::new()
    }
}

impl Session for UsbRedir {
    fn greeting(&mut self) -> Vec<u8> {
        let mut hello = concat!("mlsensor ", env!("CARGO_PKG_VERSION")).as_bytes().to_vec();
        hello.resize(NAME, 0);
        hello.extend(OURS.to_le_bytes());
        let mut out = Vec::new();
        self.put(&mut out, kind::HELLO, 0, &hello);
        out
    }

    fn received(&mut self, bytes: &[u8], bus: &mut UsbBus, out: &mut Vec<u8>) -> Result<(), ProtocolError> {
        self.input.extend_from_slice(bytes);
        while let Some((head, body)) = self.next()? {
            self.packet(head, &body, bus, out)?;
        }
        Ok(())
    }
}

fn status_of(outcome: &Result<Vec<u8>, Stall>) -> u8 {
    if outcome.is_ok() { status::SUCCESS } else { status::STALL }
}

fn truncated(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// The number at the beginning, and what is behind it.
fn u32_at(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((u32::from_le_bytes(*number), rest))
}
