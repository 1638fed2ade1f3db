//! The protocol USB/IP, as the kernel speaks it. Bytes are typed by hand, after Documentation/usb/usbip_protocol.rst.
#![cfg(target_os = "linux")]

mod still;

use mlsensor_host::virtual_bus::usb::usbip::UsbIp;
use mlsensor_host::virtual_bus::usb::{ProtocolError, Session, UsbBus};
use proptest::prelude::*;
use still::{NOBODY, plugged};

const OUT: u8 = 0;
const IN: u8 = 1;

/// CMD_SUBMIT for endpoint 0.
fn submit(seqnum: u8, direction: u8, setup: [u8; 8], length: u8, data: &[u8]) -> Vec<u8> {
    let mut packet = vec![
        0, 0, 0, 1, // the command
        0xAA, 0, 0, seqnum, //
        0, 1, 0, 1, // the device
        0, 0, 0, direction, //
        0, 0, 0, 0, // the endpoint
        0, 0, 2, 0, // flags
        0, 0, 0, length, //
        0, 0, 0, 0, // the first frame
        0, 0, 0, 0, // packets, if it were isochronous
        0, 0, 0, 0, // the interval
    ];
    packet.extend(setup);
    packet.extend(data);
    packet
}

fn unlink(seqnum: u8, of: u8) -> Vec<u8> {
    let mut packet = vec![0, 0, 0, 2, 0xAA, 0, 0, seqnum, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0xAA, 0, 0, of];
    packet.resize(48, 0);
    packet
}

/// RET_SUBMIT, or RET_UNLINK.
fn answer(command: u8, seqnum: u8, status: [u8; 4], moved: u8, data: &[u8]) -> Vec<u8> {
    let mut packet = vec![0, 0, 0, command, 0xAA, 0, 0, seqnum, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    packet.extend(status);
    packet.extend([0, 0, 0, moved]);
    packet.resize(48, 0);
    packet.extend(data);
    packet
}

const GOOD: [u8; 4] = [0; 4];
/// -32, EPIPE.
const STALLED: [u8; 4] = [0xFF, 0xFF, 0xFF, 0xE0];

struct Peer {
    session: UsbIp,
    bus: UsbBus,
}

impl Peer {
    fn new() -> Peer {
        Peer { session: UsbIp::new(), bus: plugged() }
    }

    fn configured() -> Peer {
        let mut peer = Peer::new();
        let set_configuration = submit(1, OUT, [0x00, 9, 1, 0, 0, 0, 0, 0], 0, &[]);
        assert_eq!(peer.say(&set_configuration).unwrap(), answer(3, 1, GOOD, 0, &[]));
        peer
    }

    fn say(&mut self, bytes: &[u8]) -> Result<Vec<u8>, ProtocolError> {
        let mut out = Vec::new();
        self.session.received(bytes, &mut self.bus, &mut out).map(|()| out)
    }
}

#[test]
fn the_kernel_speaks_first() {
    assert_eq!(UsbIp::new().greeting(), [0_u8; 0]);
}

#[test]
fn a_read_of_39_bytes_is_a_packet_however_it_is_cut() {
    let read = submit(2, IN, [0xC1, 7, 1, 0, 0x62, 0, 39, 0], 39, &[]);
    for cut in [1, 7, 47, 48] {
        let mut peer = Peer::configured();
        let said: Vec<u8> = read.chunks(cut).flat_map(|piece| peer.say(piece).unwrap()).collect();
        assert_eq!(said, answer(3, 2, GOOD, 39, &NOBODY), "{cut}");
    }
}

#[test]
fn what_is_written_is_counted_and_reaches_the_sensor() {
    let mut peer = Peer::configured();
    let write = submit(3, OUT, [0x41, 7, 0, 0, 0x62, 0, 2, 0], 2, &[0x01, 0x00]);
    assert_eq!(peer.say(&write).unwrap(), answer(3, 3, GOOD, 2, &[]));
    let status = submit(4, IN, [0xC1, 3, 0, 0, 0, 0, 1, 0], 1, &[]);
    assert_eq!(peer.say(&status).unwrap(), answer(3, 4, GOOD, 1, &[1]));
}

#[test]
fn a_descriptor_that_is_shorter_than_asked_for_says_so() {
    let mut peer = Peer::new();
    let said = peer.say(&submit(1, IN, [0x80, 6, 0, 3, 0, 0, 255, 0], 255, &[])).unwrap();
    assert_eq!(said, answer(3, 1, GOOD, 4, &[4, 3, 9, 4]));
    // A host that has less room than it asked for gets what fits.
    let said = peer.say(&submit(2, IN, [0x80, 6, 0, 3, 0, 0, 255, 0], 2, &[])).unwrap();
    assert_eq!(said, answer(3, 2, GOOD, 2, &[4, 3]));
}

#[test]
fn what_the_adapter_does_not_know_stalls() {
    let mut peer = Peer::configured();
    let unknown = submit(2, IN, [0xC1, 8, 0, 0, 0, 0, 4, 0], 4, &[]);
    assert_eq!(peer.say(&unknown).unwrap(), answer(3, 2, STALLED, 0, &[]));
    let mut elsewhere = submit(3, IN, [0xC1, 1, 0, 0, 0, 0, 4, 0], 4, &[]);
    elsewhere[19] = 1;
    assert_eq!(peer.say(&elsewhere).unwrap(), answer(3, 3, STALLED, 0, &[]));
}

#[test]
fn a_transfer_in_the_wrong_direction_gets_no_data() {
    // The head says "to the device", the request "to the host": data behind the answer would be taken for the next.
    let mut peer = Peer::configured();
    let confused = submit(2, OUT, [0xC1, 1, 0, 0, 0, 0, 4, 0], 0, &[]);
    assert_eq!(peer.say(&confused).unwrap().len(), 48);
    let confused = submit(3, IN, [0x41, 7, 0, 0, 0x62, 0, 2, 0], 2, &[]);
    assert_eq!(peer.say(&confused).unwrap(), answer(3, 3, STALLED, 0, &[]));
}

#[test]
fn whatever_is_unlinked_was_answered_before() {
    let mut peer = Peer::configured();
    let both = [submit(5, IN, [0xC1, 1, 0, 0, 0, 0, 4, 0], 4, &[]), unlink(6, 5)].concat();
    let functions = answer(3, 5, GOOD, 4, &[0x09, 0x00, 0xFF, 0x0E]);
    assert_eq!(peer.say(&both).unwrap(), [functions, answer(4, 6, GOOD, 0, &[])].concat());
}

#[test]
fn what_is_no_usbip_ends_the_connection() {
    let mut isochronous = submit(1, IN, [0; 8], 0, &[]);
    isochronous[35] = 3;
    let mut long = submit(1, OUT, [0; 8], 0, &[]);
    long[25] = 1;
    let mut negative = submit(1, IN, [0; 8], 0, &[]);
    negative[24] = 0xFF;
    for (wrong, value) in [
        (b"GET / HTTP/1.1\r\n".repeat(3), 0x4745_5420),
        (vec![0; 48], 0),
        (isochronous, 3),
        (long, 0x1_0000),
        (negative, 0xFF00_0000),
    ] {
        assert_eq!(Peer::new().say(&wrong).unwrap_err().value, value);
    }
}

#[test]
fn minus_one_packets_is_not_isochronous_either() {
    let mut read = submit(2, IN, [0xC1, 7, 1, 0, 0x62, 0, 39, 0], 39, &[]);
    read[32..36].fill(0xFF);
    assert_eq!(Peer::configured().say(&read).unwrap(), answer(3, 2, GOOD, 39, &NOBODY));
}

proptest! {
    #[test]
    fn no_bytes_crash_it(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..100), 0..20)) {
        let mut peer = Peer::configured();
        for piece in pieces {
            if peer.say(&piece).is_err() {
                break;
            }
        }
    }

    #[test]
    fn every_transfer_is_answered_once_with_its_own_number(
        transfers in prop::collection::vec((any::<u8>(), 0_u8..2, prop::array::uniform8(any::<u8>()), prop::collection::vec(any::<u8>(), 0..40)), 1..30),
        cut in 1_usize..100,
    ) {
        let mut peer = Peer::configured();
        for (seqnum, direction, setup, data) in transfers {
            let length = u8::try_from(data.len()).unwrap();
            let data = if direction == OUT { &data[..] } else { &[] };
            let bytes = submit(seqnum, direction, setup, length, data);
            let said: Vec<u8> = bytes.chunks(cut).flat_map(|piece| peer.say(piece).unwrap()).collect();
            prop_assert_eq!(&said[..8], &[0, 0, 0, 3, 0xAA, 0, 0, seqnum]);
            let moved = usize::from(said[27]);
            prop_assert!(moved <= usize::from(length));
            prop_assert_eq!(said.len(), if direction == IN { 48 + moved } else { 48 });
        }
    }
}
