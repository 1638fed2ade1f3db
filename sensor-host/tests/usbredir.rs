//! The protocol usbredir, as a QEMU speaks it. Bytes are typed by hand, after usbredirproto.h 0.7.1.
#![cfg(target_os = "linux")]

mod still;

use mlsensor_host::virtual_bus::usb::usbredir::UsbRedir;
use mlsensor_host::virtual_bus::usb::{ProtocolError, Session, UsbBus};
use proptest::prelude::*;
use still::{NOBODY, plugged};

/// What QEMU 7.2 says first: its name in 64 bytes, and seven abilities.
fn hello(abilities: u8) -> Vec<u8> {
    let mut hello = vec![0, 0, 0, 0, 68, 0, 0, 0, 0, 0, 0, 0];
    hello.extend(b"qemu usb-redir guest 7.2.22");
    hello.resize(12 + 64, 0);
    hello.extend([abilities, 0, 0, 0]);
    hello
}

const QEMU: u8 = 0b1111_0111;
/// 64-bit ids are bit 5.
const SHORT_IDS: u8 = 0b1101_0111;

/// A packet, with ids of 64 bits.
fn packet(kind: u8, id: u8, body: &[u8]) -> Vec<u8> {
    let [len0, len1, len2, len3] = u32::try_from(body.len()).unwrap().to_le_bytes();
    let mut packet = vec![kind, 0, 0, 0, len0, len1, len2, len3, id, 0, 0, 0, 0, 0, 0, 0xA5];
    packet.extend(body);
    packet
}

struct Peer {
    session: UsbRedir,
    bus: UsbBus,
}

impl Peer {
    /// Before the hello.
    fn new() -> Peer {
        Peer { session: UsbRedir::new(), bus: plugged() }
    }

    fn connected() -> Peer {
        let mut peer = Peer::new();
        peer.say(&hello(QEMU)).unwrap();
        assert_eq!(peer.say(&packet(6, 1, &[1])).unwrap().last(), Some(&1), "configuration 1");
        peer
    }

    fn say(&mut self, bytes: &[u8]) -> Result<Vec<u8>, ProtocolError> {
        let mut out = Vec::new();
        self.session.received(bytes, &mut self.bus, &mut out).map(|()| out)
    }

    fn answer(&mut self, kind: u8, body: &[u8]) -> Vec<u8> {
        self.say(&packet(kind, 7, body)).unwrap()
    }
}

#[test]
fn the_greeting_names_the_abilities_that_xhci_asks_for() {
    let greeting = UsbRedir::new().greeting();
    // A hello has the short head; 64 bytes of name, and bits 1 (version of the device), 4 (packet sizes), 5 (64-bit ids)
    // and 6 (32-bit lengths).
    assert_eq!(greeting[..12], [0, 0, 0, 0, 68, 0, 0, 0, 0, 0, 0, 0]);
    assert!(greeting[12..].starts_with(b"mlsensor "));
    assert_eq!(greeting[75..], [0, 0b0111_0010, 0, 0, 0]);
}

#[test]
fn after_the_hello_the_device_is_described_and_plugged_in() {
    let mut peer = Peer::new();
    let said = peer.say(&hello(QEMU)).unwrap();
    // The heads are long from here on. Interfaces: one, of class ff.
    assert_eq!(said[..20], [4, 0, 0, 0, 132, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
    assert_eq!((said[20], said[52], said[84], said[116]), (0, 0xFF, 0, 0));
    let endpoints = &said[148..];
    assert_eq!(endpoints[..8], [5, 0, 0, 0, 160, 0, 0, 0]);
    let types = &endpoints[16..48];
    assert_eq!((types[0], types[16]), (0, 0), "control");
    assert_eq!(types.iter().filter(|&&kind| kind == 255).count(), 30, "no other");
    assert_eq!(
        endpoints[112..116],
        [64, 0, 0, 0],
        "packets of 64 bytes at endpoint 0, of none at endpoint 1"
    );
    let connect = &endpoints[176..];
    // Full speed, classes told by the interface, 0403:c631, version 1.00.
    assert_eq!(connect[..8], [1, 0, 0, 0, 10, 0, 0, 0]);
    assert_eq!(connect[16..], [1, 0, 0, 0, 0x03, 0x04, 0x31, 0xC6, 0x00, 0x01]);
}

#[test]
fn a_peer_with_short_ids_gets_short_ids() {
    let mut peer = Peer::new();
    peer.say(&hello(SHORT_IDS)).unwrap();
    let get_configuration = [7, 0, 0, 0, 0, 0, 0, 0, 0x44, 0x33, 0x22, 0x11];
    let expected = [8, 0, 0, 0, 2, 0, 0, 0, 0x44, 0x33, 0x22, 0x11, 0, 0];
    assert_eq!(peer.say(&get_configuration).unwrap(), expected);
}

#[test]
fn a_peer_without_any_ability_gets_the_first_version() {
    let mut peer = Peer::new();
    let mut hello = hello(0);
    hello.truncate(12 + 64);
    hello[4] = 64;
    let said = peer.say(&hello).unwrap();
    assert_eq!(said[144..152], [5, 0, 0, 0, 96, 0, 0, 0], "no packet sizes");
    assert_eq!(said[said.len() - 8..], [1, 0, 0, 0, 0x03, 0x04, 0x31, 0xC6], "no version");
}

#[test]
fn a_packet_that_comes_byte_by_byte_is_one() {
    let mut peer = Peer::connected();
    let read = packet(100, 9, &[0x80, 7, 0xC1, 0, 1, 0, 0x62, 0, 39, 0]);
    let (last, before) = read.split_last().unwrap();
    for byte in before {
        assert_eq!(peer.say(&[*byte]).unwrap(), [0_u8; 0]);
    }
    let said = peer.say(&[*last]).unwrap();
    // The same head, with the length of the answer, and the same id, all 64 bits of it.
    assert_eq!(said[..16], [100, 0, 0, 0, 49, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0xA5]);
    assert_eq!(said[16..26], [0x80, 7, 0xC1, 0, 1, 0, 0x62, 0, 39, 0]);
    assert_eq!(said[26..], NOBODY);
}

#[test]
fn packets_that_come_at_once_are_answered_in_their_order() {
    let mut peer = Peer::connected();
    let status = [0x80, 3, 0xC1, 0, 0, 0, 0, 0, 1, 0];
    let quick_write = |address| packet(100, 1, &[0x00, 7, 0x41, 0, 0, 0, address, 0, 0, 0]);
    let said = peer
        .say(
            &[quick_write(0x62), packet(100, 2, &status), quick_write(0x63), packet(100, 3, &status)]
                .concat(),
        )
        .unwrap();
    assert_eq!(said.len(), 26 + 27 + 26 + 27);
    assert_eq!((said[26 + 8], said[26 + 26]), (2, 1), "id 2: acknowledged");
    assert_eq!((said[79 + 8], said[79 + 26]), (3, 2), "id 3: not acknowledged");
}

#[test]
fn what_is_sent_with_a_control_packet_reaches_the_sensor() {
    let mut peer = Peer::connected();
    let said = peer.answer(100, &[0x00, 7, 0x41, 0, 0, 0, 0x62, 0, 2, 0, 0x01, 0x00]);
    // Both bytes were taken, and none come back.
    assert_eq!(said[4..8], [10, 0, 0, 0]);
    assert_eq!(said[16..], [0x00, 7, 0x41, 0, 0, 0, 0x62, 0, 2, 0]);
}

#[test]
fn what_the_adapter_does_not_know_stalls() {
    let mut peer = Peer::connected();
    for body in [
        &[0x80, 9, 0xC1, 0, 0, 0, 0, 0, 4, 0][..],      // no such command
        &[0x81, 1, 0xC1, 0, 0, 0, 0, 0, 4, 0],          // no such endpoint
        &[0x00, 7, 0x41, 0, 0, 0, 0x62, 0, 3, 0, 1, 2], // one byte is missing
        &[0x80, 1, 0xC1, 0, 0, 0, 0, 0, 4, 0, 0xFF],    // one too many
    ] {
        let said = peer.answer(100, body);
        assert_eq!((said.len(), said[19], &said[24..26]), (26, 4, &[0, 0][..]), "{body:x?}");
    }
}

#[test]
fn configurations_and_forms_of_the_interface_have_packets_of_their_own() {
    let mut peer = Peer::connected();
    assert_eq!(peer.answer(7, &[])[16..], [0, 1]);
    assert_eq!(peer.answer(6, &[2]).split_off(16), [4, 1], "there is no 2: stalled, and still 1");
    assert_eq!(peer.answer(9, &[0, 0])[16..], [0, 0, 0]);
    assert_eq!(peer.answer(9, &[0, 1])[16..], [4, 0, 0]);
    assert_eq!(peer.answer(10, &[0])[16..], [0, 0, 0]);
    assert_eq!(peer.answer(10, &[1])[16..], [4, 1, 0]);
    let mut configured = peer.answer(6, &[0]);
    assert_eq!(configured.split_off(configured.len() - 2), [0, 0]);
}

#[test]
fn a_reset_takes_the_configuration_away() {
    let mut peer = Peer::connected();
    assert_eq!(peer.answer(3, &[]), [0_u8; 0]);
    assert_eq!(peer.answer(7, &[])[16..], [0, 0]);
    let read = [0x80, 7, 0xC1, 0, 1, 0, 0x62, 0, 39, 0];
    assert_eq!(peer.answer(100, &read)[19], 4);
    peer.answer(6, &[1]);
    assert_eq!(peer.answer(100, &read)[26..], NOBODY);
}

#[test]
fn endpoints_that_do_not_exist_are_invalid() {
    let mut peer = Peer::connected();
    assert_eq!(peer.answer(12, &[0x81, 1, 1])[..16], packet(14, 7, &[0; 2])[..16]);
    assert_eq!(peer.answer(12, &[0x81, 1, 1])[16..], [2, 0x81]);
    assert_eq!(peer.answer(15, &[0x82])[16..], [2, 0x82]);
    let bulk = [0x81, 0, 64, 0, 9, 8, 7, 6, 0, 0];
    assert_eq!(peer.answer(101, &bulk)[16..], [0x81, 2, 0, 0, 9, 8, 7, 6, 0, 0]);
    assert_eq!(peer.answer(103, &[0x81, 0, 8, 0])[16..], [0x81, 2, 0, 0]);
}

#[test]
fn a_cancel_comes_too_late_and_what_is_unknown_is_passed_over() {
    let mut peer = Peer::connected();
    for kind in [2, 13, 16, 21, 22, 24, 77, 102, 200] {
        assert_eq!(peer.answer(kind, &[1, 2, 3]), [0_u8; 0], "{kind}");
    }
    assert_eq!(peer.answer(7, &[])[16..], [0, 1]);
}

#[test]
fn whoever_does_not_speak_usbredir_is_refused_at_once() {
    let http = Peer::new().say(b"GET / HTTP/1.1\r\n").unwrap_err();
    assert_eq!((http.what, http.value), ("the first packet is no hello, but of type", 0x2054_4547));
    let early = Peer::new().say(&packet(100, 1, &[0; 10])).unwrap_err();
    assert_eq!(early.value, 100);
    assert!(Peer::new().say(&[0, 0, 0, 0, 63, 0, 0, 0, 0, 0, 0, 0].repeat(10)).is_err(), "no name");
    assert!(
        Peer::new().say(&[0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]).is_err(),
        "a hello without end"
    );
}

#[test]
fn a_known_peer_may_not_break_the_protocol_either() {
    for wrong in [
        packet(0, 1, &[0; 68]),                                    // a second hello
        packet(100, 1, &[0; 9]),                                   // a control packet without a length
        packet(6, 1, &[]),                                         // which configuration?
        packet(9, 1, &[0]),                                        // which form?
        packet(101, 1, &[0x81, 0, 0]),                             // a cut bulk packet
        vec![100, 0, 0, 0, 0x0A, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0], // longer than any
    ] {
        assert!(Peer::connected().say(&wrong).is_err(), "{wrong:x?}");
    }
    // The longest that there is.
    let longest = [&[0x00, 7, 0x41, 0, 0, 0, 0x62, 0, 0xFF, 0xFF][..], &[7; 65535]].concat();
    assert_eq!(Peer::connected().say(&packet(100, 1, &longest)).unwrap()[..4], [100, 0, 0, 0]);
}

proptest! {
    #[test]
    fn no_bytes_crash_it(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..100), 0..20), greets in any::<bool>()) {
        let mut peer = if greets { Peer::connected() } else { Peer::new() };
        for piece in pieces {
            if peer.say(&piece).is_err() {
                break;
            }
        }
    }

    #[test]
    fn no_packets_crash_it_and_every_control_packet_is_answered(
        packets in prop::collection::vec((0_u8..30, any::<bool>(), prop::collection::vec(any::<u8>(), 0..40)), 0..40),
        cut in 1_usize..50,
    ) {
        let mut peer = Peer::connected();
        for (kind, is_data, body) in packets {
            let kind = if is_data { 100 + kind % 5 } else { kind };
            let bytes = packet(kind, 3, &body);
            let outcome: Result<Vec<_>, _> = bytes.chunks(cut).map(|piece| peer.say(piece)).collect();
            match outcome {
                Ok(said) if kind == 100 => prop_assert!(said.concat().starts_with(&[100])),
                Ok(_) => {}
                Err(_) => break,
            }
        }
    }
}
