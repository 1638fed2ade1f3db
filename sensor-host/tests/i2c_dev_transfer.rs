//! `I2C_RDWR`: structures byte by byte, limits, flags.

mod program;

use mlsensor_host::virtual_bus::errno::Style;
use mlsensor_host::virtual_bus::{Errno, Wiring};
use program::{BEGIN, LENGTH, NOBODY, Part, Program, Seen, seen};

const RDWR: u32 = 0x707;
const READ: u16 = 0x0001;
const TEN: u16 = 0x0010;
const RECV_LEN: u16 = 0x0400;
const NOSTART: u16 = 0x4000;

/// Where the structures and the bytes are put.
const LIST: u64 = BEGIN + 0x100;
const BUFFER: u64 = BEGIN + 0x1000;

fn program_of(style: Style, part: Part) -> (Program, Seen) {
    let log = part.seen.clone();
    (Program::with(Wiring { style, ..Wiring::default() }, |bus| drop(bus.attach(part))), log)
}

/// `struct i2c_msg` of 64 bits.
fn message(address: u16, flags: u16, len: u16, buffer: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend(address.to_le_bytes());
    bytes.extend(flags.to_le_bytes());
    bytes.extend(len.to_le_bytes());
    bytes.extend([0xEE; 2]); // padding that a compiler leaves as it finds it
    bytes.extend(buffer.to_le_bytes());
    bytes
}

/// `struct i2c_rdwr_ioctl_data` of 64 bits at BEGIN, and its messages.
fn transfer(program: &mut Program, messages: &[Vec<u8>]) -> Result<i64, Errno> {
    program.place(LIST, &messages.concat());
    let mut data = LIST.to_le_bytes().to_vec();
    data.extend((messages.len() as u32).to_le_bytes());
    data.extend([0xEE; 4]);
    program.place(BEGIN, &data);
    program.ioctl(RDWR, BEGIN)
}

#[test]
fn a_read_by_bytes_typed_by_hand() {
    let mut program = Program::new();
    #[rustfmt::skip]
    program.place(BEGIN, &[
        0x00, 0x11, 0x00, 0x00, 0x00, 0x7F, 0x00, 0x00, // msgs = 0x7F00_0000_1100
        0x01, 0x00, 0x00, 0x00, 0xEE, 0xEE, 0xEE, 0xEE, // nmsgs = 1, padding
    ]);
    #[rustfmt::skip]
    program.place(0x7F00_0000_1100, &[
        0x62, 0x00, 0x01, 0x00, 0x27, 0x00, 0xEE, 0xEE, // addr, flags = I2C_M_RD, len = 39, padding
        0x00, 0x20, 0x00, 0x00, 0x00, 0x7F, 0x00, 0x00, // buf = 0x7F00_0000_2000
    ]);
    assert_eq!(program.ioctl(RDWR, BEGIN), Ok(1));
    assert_eq!(program.bytes(0x7F00_0000_2000, 40), [&NOBODY[..], &[0]].concat());
}

#[test]
fn a_read_by_bytes_of_a_32_bit_program_typed_by_hand() {
    let mut program = Program::new().of_32_bits();
    program.place(0x1000, &[0x00, 0x11, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00]); // msgs = 0x1100, nmsgs = 2
    #[rustfmt::skip]
    program.place(0x1100, &[
        0x62, 0x00, 0x00, 0x00, 0x00, 0x00, 0xEE, 0xEE, 0x00, 0x00, 0x00, 0x00, // a write of nothing
        0x62, 0x00, 0x01, 0x00, 0x27, 0x00, 0xEE, 0xEE, 0x00, 0x20, 0x00, 0x00, // 39 bytes to 0x2000
    ]);
    assert_eq!(program.ioctl(RDWR, 0x1000), Ok(2));
    assert_eq!(program.bytes(0x2000, 40), [&NOBODY[..], &[0]].concat());
}

#[test]
fn messages_are_joined_by_repeated_starts_and_their_number_is_returned() {
    let (mut program, log) = program_of(Style::Pi, Part::new(0x40, &[1, 2, 3, 4]));
    program.place(BUFFER, &[0x0A, 0x0B]);
    let messages =
        [message(0x40, 0, 1, BUFFER), message(0x40, 0, 2, BUFFER), message(0x40, READ, 4, BUFFER + 8)];
    assert_eq!(transfer(&mut program, &messages), Ok(3));
    assert_eq!(seen(&log), "Sw 0a Sw 0a 0b Sr 01 02 03 04 P");
    assert_eq!(program.bytes(BUFFER, 12), [0x0A, 0x0B, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
}

#[test]
fn one_byte_written_and_four_read_after_a_repeated_start() {
    let mut program = Program::new();
    let messages = [message(0x62, 0, 1, BUFFER), message(0x62, READ, 4, BUFFER + 8)];
    assert_eq!(transfer(&mut program, &messages), Ok(2));
    assert_eq!(program.bytes(BUFFER + 8, 5), [0, 0, 0x21, 0, 0]);
}

#[test]
fn a_transfer_needs_no_address_of_the_file_and_leaves_it() {
    let mut program = Program::new();
    assert_eq!(transfer(&mut program, &[message(0x62, READ, 39, BUFFER)]), Ok(1));
    assert_eq!(program.read(39), Err(Errno::REMOTEIO));
}

#[test]
fn forty_two_messages_are_the_most() {
    let mut program = Program::new();
    let one = message(0x62, 0, 0, 0);
    assert_eq!(transfer(&mut program, &vec![one.clone(); 42]), Ok(42));
    assert_eq!(transfer(&mut program, &vec![one; 43]), Err(Errno::INVAL));
    assert_eq!(transfer(&mut program, &[]), Err(Errno::INVAL));
}

#[test]
fn no_list_is_invalid_and_one_that_is_nowhere_is_a_fault() {
    let mut program = Program::new();
    for (list, count, errno) in [
        (0, 1, Errno::INVAL),
        (0, 0, Errno::INVAL),
        (LIST, 0, Errno::INVAL),
        (LIST, u32::MAX, Errno::INVAL),
        (0x10, 1, Errno::FAULT),
        (BEGIN + LENGTH as u64 - 16, 2, Errno::FAULT),
        (u64::MAX - 3, 42, Errno::FAULT),
    ] {
        program.place(BEGIN, &[&list.to_le_bytes()[..], &count.to_le_bytes(), &[0; 4]].concat());
        assert_eq!(program.ioctl(RDWR, BEGIN), Err(errno), "{list:#x} {count}");
    }
    for at in [0, BEGIN - 8, BEGIN + LENGTH as u64 - 15, u64::MAX - 3] {
        assert_eq!(program.ioctl(RDWR, at), Err(Errno::FAULT), "{at:#x}");
    }
}

#[test]
fn a_message_of_more_than_8192_bytes_is_invalid() {
    let mut program = Program::new();
    assert_eq!(transfer(&mut program, &[message(0x62, READ, 8192, BUFFER)]), Ok(1));
    assert_eq!(transfer(&mut program, &[message(0x62, READ, 8193, BUFFER)]), Err(Errno::INVAL));
    assert_eq!(transfer(&mut program, &[message(0x62, 0, u16::MAX, BUFFER)]), Err(Errno::INVAL));
}

#[test]
fn nothing_is_sent_if_a_buffer_is_nowhere_also_one_to_read_into() {
    for flags in [0, READ] {
        let (mut program, log) = program_of(Style::Pi, Part::new(0x40, &[]));
        let messages = [message(0x40, 0, 1, BUFFER), message(0x40, flags, 1, 0)];
        assert_eq!(transfer(&mut program, &messages), Err(Errno::FAULT));
        assert_eq!(seen(&log), "");
    }
}

#[test]
fn a_message_that_fails_ends_the_transfer_with_a_stop_and_nothing_is_returned() {
    let mut part = Part::new(0x40, &[9]);
    part.takes = 0;
    let (mut program, log) = program_of(Style::Plain, part);
    program.place(BUFFER, &[7]);
    let read = message(0x40, READ, 1, BUFFER + 8);
    assert_eq!(
        transfer(&mut program, &[read.clone(), message(0x40, 0, 1, BUFFER), read.clone()]),
        Err(Errno::IO)
    );
    assert_eq!(seen(&log), "Sr 09 Sw 07 P");
    assert_eq!(program.bytes(BUFFER + 8, 1), [0], "what was read before the error is not passed on");
    assert_eq!(transfer(&mut program, &[read, message(0x41, 0, 0, 0)]), Err(Errno::NXIO));
    assert_eq!(seen(&log), "Sr 09", "the address of another part let go of it");
}

#[test]
fn a_raspberry_pi_reads_once_a_transfer_and_last() {
    let twice = [message(0x62, READ, 1, BUFFER), message(0x62, READ, 1, BUFFER)];
    let first = [message(0x62, READ, 1, BUFFER), message(0x62, 0, 0, 0)];
    for style in Style::ALL {
        let expected = if style == Style::Pi { Err(Errno::OPNOTSUPP) } else { Ok(2) };
        let mut program = Program::wired(Wiring { style, ..Wiring::default() });
        assert_eq!(transfer(&mut program, &twice), expected, "{style}");
        assert_eq!(transfer(&mut program, &first), expected, "{style}");
    }
}

#[test]
fn a_pi_5_addresses_one_part_a_transfer_and_a_usb_adapter_reads_at_least_a_byte() {
    let two_parts = [message(0x62, 0, 0, 0), message(0x40, 0, 0, 0)];
    let no_byte = [message(0x62, READ, 0, 0)];
    for style in Style::ALL {
        let attach = |bus: &mlsensor_sim::SimBus| {
            bus.attach(mlsensor_sim::SimSensor::new());
            bus.attach(Part::new(0x40, &[]));
        };
        let mut program = Program::with(Wiring { style, ..Wiring::default() }, attach);
        let expected = if style == Style::DesignWare { Err(Errno::INVAL) } else { Ok(2) };
        assert_eq!(transfer(&mut program, &two_parts), expected, "{style}");
        let expected = if style == Style::TinyUsb { Err(Errno::OPNOTSUPP) } else { Ok(1) };
        assert_eq!(transfer(&mut program, &no_byte), expected, "{style}");
    }
}

#[test]
fn an_address_beyond_seven_bits_is_nobodys() {
    for address in [0x80, 0xE2, 0x162, 0xFF62] {
        let (mut program, log) = program_of(Style::Pi, Part::new(0x62, &[]));
        assert_eq!(transfer(&mut program, &[message(address, 0, 0, 0)]), Err(Errno::REMOTEIO));
        let after_another = [message(0x62, 0, 0, 0), message(address, 0, 0, 0)];
        assert_eq!(transfer(&mut program, &after_another), Err(Errno::REMOTEIO));
        assert_eq!(seen(&log), "Sw P", "the transfer is over");
    }
}

#[test]
fn ten_bits_go_out_in_two_bytes() {
    let (mut program, log) = program_of(Style::Plain, Part::new(0x7B, &[5]));
    program.place(BUFFER, &[1]);
    let messages = [message(0x3FE, TEN, 1, BUFFER), message(0x3FE, TEN | READ, 1, BUFFER)];
    assert_eq!(transfer(&mut program, &messages), Ok(2));
    assert_eq!(seen(&log), "Sw fe 01 Sw fe Sr 05 P");
}

#[test]
fn without_a_start_if_the_adapter_can() {
    for (style, expected) in [(Style::Plain, "Sw 01 02 P"), (Style::Pi, "Sw 01 Sw 02 P")] {
        let (mut program, log) = program_of(style, Part::new(0x40, &[]));
        program.place(BUFFER, &[1, 2]);
        let messages = [message(0x40, NOSTART, 1, BUFFER), message(0x40, NOSTART, 1, BUFFER + 1)];
        assert_eq!(transfer(&mut program, &messages), Ok(2));
        assert_eq!(seen(&log), expected, "{style}");
    }
}

#[test]
fn a_length_that_comes_first_is_read_and_so_many_bytes_behind_it() {
    for style in [Style::Plain, Style::DesignWare] {
        let (mut program, log) = program_of(style, Part::new(0x40, &[3, 0xA, 0xB, 0xC, 0xD]));
        program.place(BUFFER, &[1]);
        program.place(BUFFER + 1, &[0xEE; 40]);
        assert_eq!(transfer(&mut program, &[message(0x40, READ | RECV_LEN, 33, BUFFER)]), Ok(1));
        assert_eq!(seen(&log), "Sr 03 0a 0b 0c P", "{style}");
        assert_eq!(program.bytes(BUFFER, 5), [3, 0xA, 0xB, 0xC, 0xEE], "{style}");
    }
    // An adapter that does not know the flag reads what the first byte asks for.
    let (mut program, log) = program_of(Style::Pi, Part::new(0x40, &[3, 0xA]));
    program.place(BUFFER, &[2]);
    assert_eq!(transfer(&mut program, &[message(0x40, READ | RECV_LEN, 34, BUFFER)]), Ok(1));
    assert_eq!(seen(&log), "Sr 03 0a P");
}

#[test]
fn a_length_first_needs_room_for_the_longest_block() {
    let (mut program, log) = program_of(Style::Plain, Part::new(0x40, &[1]));
    for (flags, len, besides) in
        [(READ, 0, 1), (READ, 32, 1), (READ, 33, 0), (READ, 33, 2), (READ, 100, 69), (0, 33, 1)]
    {
        program.place(BUFFER, &[besides]);
        let one = message(0x40, flags | RECV_LEN, len, BUFFER);
        assert_eq!(transfer(&mut program, &[one]), Err(Errno::INVAL), "{flags} {len} {besides}");
    }
    assert_eq!(seen(&log), "");
}

#[test]
fn a_length_that_is_none_is_a_protocol_error() {
    for length in [0, 33, 0xFF] {
        let (mut program, log) = program_of(Style::Plain, Part::new(0x40, &[length, 7]));
        program.place(BUFFER, &[1]);
        let one = [message(0x40, READ | RECV_LEN, 33, BUFFER)];
        assert_eq!(transfer(&mut program, &one), Err(Errno::PROTO));
        assert!(seen(&log).ends_with(" P"), "the transfer is over");
        let (mut program, _) = program_of(Style::DesignWare, Part::new(0x40, &[length, 7]));
        program.place(BUFFER, &[1]);
        assert_eq!(transfer(&mut program, &one), Ok(1), "that driver takes it for 1");
        assert_eq!(program.bytes(BUFFER, 3), [1, 7, 0]);
    }
}
