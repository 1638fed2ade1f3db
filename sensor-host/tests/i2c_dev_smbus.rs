//! `I2C_SMBUS`: each kind of transfer as the bytes on the wire, by its numbers (linux/i2c.h).

mod program;

use mlsensor_host::virtual_bus::errno::Style;
use mlsensor_host::virtual_bus::{Errno, Wiring};
use program::{BEGIN, LENGTH, Part, Program, Seen, seen};

const SMBUS: u32 = 0x720;
const PEC: u32 = 0x708;
const DATA: u64 = BEGIN + 0x100;

const WRITE: u8 = 0;
const READ: u8 = 1;

const QUICK: u32 = 0;
const BYTE: u32 = 1;
const BYTE_DATA: u32 = 2;
const WORD_DATA: u32 = 3;
const PROC_CALL: u32 = 4;
const BLOCK_DATA: u32 = 5;
const I2C_BLOCK_BROKEN: u32 = 6;
const BLOCK_PROC_CALL: u32 = 7;
const I2C_BLOCK_DATA: u32 = 8;

fn program_of(style: Style, gives: &[u8]) -> (Program, Seen) {
    let part = Part::new(0x40, gives);
    let log = part.seen.clone();
    let mut program = Program::with(Wiring { style, ..Wiring::default() }, |bus| drop(bus.attach(part)));
    program.select(0x40);
    (program, log)
}

/// `struct i2c_smbus_ioctl_data` of 64 bits, and the ioctl.
fn smbus(program: &mut Program, read_write: u8, command: u8, size: u32, data: u64) -> Result<i64, Errno> {
    let mut bytes = vec![read_write, command, 0xEE, 0xEE];
    bytes.extend(size.to_le_bytes());
    bytes.extend(data.to_le_bytes());
    program.place(BEGIN, &bytes);
    program.ioctl(SMBUS, BEGIN)
}

/// Kind, direction, what the program passes, what is seen of the register 0x5C, what the program gets.
type Case<'a> = (u32, u8, &'a [u8], &'a str, &'a [u8]);

#[test]
fn each_kind_of_transfer_is_these_bytes_on_the_wire() {
    let gives = [0x03, 0x11, 0x22, 0x33, 0x44];
    let all_block = [&[0x20, 0x03][..], &gives[1..], &[0xFF; 27]].concat();
    let all_wire = format!("Sw 5c Sr 03 11 22 33 44{} P", " ff".repeat(27));
    let cases: &[Case<'_>] = &[
        (QUICK, WRITE, &[], "Sw P", &[]),
        (QUICK, READ, &[], "Sr P", &[]),
        (BYTE, WRITE, &[], "Sw 5c P", &[]),
        (BYTE, READ, &[], "Sr 03 P", &[0x03]),
        (BYTE_DATA, WRITE, &[0xA1], "Sw 5c a1 P", &[0xA1]),
        (BYTE_DATA, READ, &[], "Sw 5c Sr 03 P", &[0x03]),
        (WORD_DATA, WRITE, &[0xA1, 0xB2], "Sw 5c a1 b2 P", &[0xA1, 0xB2]),
        (WORD_DATA, READ, &[], "Sw 5c Sr 03 11 P", &[0x03, 0x11]),
        (PROC_CALL, WRITE, &[0xA1, 0xB2], "Sw 5c a1 b2 Sr 03 11 P", &[0x03, 0x11]),
        (PROC_CALL, READ, &[0xA1, 0xB2], "Sw 5c a1 b2 Sr 03 11 P", &[0x03, 0x11]),
        (BLOCK_DATA, WRITE, &[2, 0xA1, 0xB2], "Sw 5c 02 a1 b2 P", &[2, 0xA1, 0xB2]),
        (BLOCK_DATA, WRITE, &[0], "Sw 5c 00 P", &[0]),
        (BLOCK_DATA, READ, &[], "Sw 5c Sr 03 11 22 33 P", &[3, 0x11, 0x22, 0x33, 0]),
        (BLOCK_PROC_CALL, WRITE, &[1, 0xA1], "Sw 5c 01 a1 Sr 03 11 22 33 P", &[3, 0x11, 0x22, 0x33, 0]),
        (I2C_BLOCK_DATA, WRITE, &[2, 0xA1, 0xB2], "Sw 5c a1 b2 P", &[2, 0xA1, 0xB2]),
        (I2C_BLOCK_DATA, READ, &[4], "Sw 5c Sr 03 11 22 33 P", &[4, 0x03, 0x11, 0x22, 0x33, 0]),
        (I2C_BLOCK_DATA, READ, &[0], "Sw 5c Sr P", &[0, 0]),
        (I2C_BLOCK_BROKEN, WRITE, &[1, 0xA1], "Sw 5c a1 P", &[1, 0xA1]),
        (I2C_BLOCK_BROKEN, READ, &[1], &all_wire, &all_block),
    ];
    for &(size, read_write, passes, wire, gets) in cases {
        let (mut program, log) = program_of(Style::Plain, &gives);
        program.place(DATA, passes);
        assert_eq!(smbus(&mut program, read_write, 0x5C, size, DATA), Ok(0), "{size} {read_write}");
        assert_eq!(seen(&log), wire, "{size} {read_write}");
        assert_eq!(program.bytes(DATA, gets.len()), gets, "{size} {read_write}");
    }
}

#[test]
fn as_much_is_copied_back_as_the_kind_of_transfer_holds() {
    for (size, read_write, len) in [
        (BYTE, READ, 1),
        (BYTE_DATA, READ, 1),
        (WORD_DATA, READ, 2),
        (I2C_BLOCK_DATA, READ, 34),
        (BYTE_DATA, WRITE, 0),
    ] {
        let (mut program, _) = program_of(Style::Pi, &[]);
        program.place(DATA, &[1; 40]);
        assert_eq!(smbus(&mut program, read_write, 0, size, DATA), Ok(0));
        let untouched = program.bytes(DATA, 40)[len..].iter().all(|&byte| byte == 1);
        assert!(untouched, "{size}: nothing behind byte {len} is written");
    }
}

#[test]
fn a_structure_of_32_bits_typed_by_hand() {
    let (program, log) = program_of(Style::Pi, &[0x34, 0x12]);
    let mut program = program.of_32_bits();
    program.place(0x1000, &[1, 0x5C, 0xEE, 0xEE, 3, 0, 0, 0, 0x00, 0x11, 0, 0]); // read word 0x5C to 0x1100
    assert_eq!(program.ioctl(SMBUS, 0x1000), Ok(0));
    assert_eq!(program.bytes(0x1100, 3), [0x34, 0x12, 0]);
    assert_eq!(seen(&log), "Sw 5c Sr 34 12 P");
}

#[test]
fn nonsense_is_invalid_and_nothing_is_sent() {
    let (mut program, log) = program_of(Style::Plain, &[]);
    for (read_write, size, data, errno) in [
        (READ, 9, DATA, Errno::INVAL),
        (READ, u32::MAX, DATA, Errno::INVAL),
        (2, BYTE, DATA, Errno::INVAL),
        (0xFF, QUICK, DATA, Errno::INVAL),
        (READ, BYTE, 0, Errno::INVAL),
        (WRITE, BYTE_DATA, 0, Errno::INVAL),
        (WRITE, BYTE_DATA, 0x10, Errno::FAULT),
        (WRITE, BLOCK_DATA, BEGIN + LENGTH as u64 - 33, Errno::FAULT),
        (READ, I2C_BLOCK_DATA, BEGIN + LENGTH as u64 - 33, Errno::FAULT),
        (READ, PROC_CALL, BEGIN + LENGTH as u64 - 1, Errno::FAULT),
    ] {
        assert_eq!(
            smbus(&mut program, read_write, 0, size, data),
            Err(errno),
            "{read_write} {size} {data:#x}"
        );
    }
    program.place(DATA, &[33]);
    for (read_write, size) in
        [(WRITE, BLOCK_DATA), (READ, BLOCK_PROC_CALL), (WRITE, I2C_BLOCK_DATA), (READ, I2C_BLOCK_DATA)]
    {
        assert_eq!(
            smbus(&mut program, read_write, 0, size, DATA),
            Err(Errno::INVAL),
            "{size}: a block of 33"
        );
    }
    assert_eq!(program.ioctl(SMBUS, BEGIN + LENGTH as u64 - 15), Err(Errno::FAULT));
    assert_eq!(seen(&log), "");
}

#[test]
fn what_was_read_and_can_be_put_nowhere_is_a_fault() {
    let (mut program, log) = program_of(Style::Pi, &[]);
    assert_eq!(smbus(&mut program, READ, 0, BYTE, 0x10), Err(Errno::FAULT));
    assert_eq!(seen(&log), "Sr ff P", "the transfer was made");
}

#[test]
fn a_quick_command_needs_no_data() {
    let (mut program, _) = program_of(Style::Pi, &[]);
    assert_eq!(smbus(&mut program, WRITE, 0, QUICK, 0), Ok(0));
    assert_eq!(smbus(&mut program, WRITE, 0, BYTE, 0), Ok(0));
    program.select(0x41);
    assert_eq!(smbus(&mut program, WRITE, 0, QUICK, 0), Err(Errno::REMOTEIO));
}

#[test]
fn a_block_longer_than_32_bytes_is_a_protocol_error() {
    for style in [Style::Plain, Style::Pi] {
        let (mut program, _) = program_of(style, &[33]);
        assert_eq!(smbus(&mut program, READ, 0, BLOCK_DATA, DATA), Err(Errno::PROTO), "{style}");
    }
}

#[test]
fn an_adapter_that_reads_no_blocks_reads_their_length_alone() {
    let (mut program, log) = program_of(Style::Pi, &[2, 7, 8]);
    program.place(DATA, &[0xEE; 34]);
    assert_eq!(smbus(&mut program, READ, 0x5C, BLOCK_DATA, DATA), Ok(0));
    assert_eq!(seen(&log), "Sw 5c Sr 02 P");
    assert_eq!(program.bytes(DATA, 4), [2, 0, 0, 0]);
}

/// CRC-8 with polynomial 0x07, bit by bit, as the System Management Bus specification has it.
fn crc(bytes: &[u8]) -> u8 {
    // The polynomial is 9 bits, x^8 + x^2 + x + 1: 0x107, kept 8 bits to the left.
    let mut remainder = 0_u32;
    for byte in bytes {
        remainder ^= u32::from(*byte) << 8;
        for _ in 0..8 {
            remainder <<= 1;
            if remainder & 0x1_0000 != 0 {
                remainder ^= 0x1_0700;
            }
        }
    }
    (remainder >> 8) as u8
}

#[test]
fn an_error_code_is_sent_behind_what_is_written() {
    for (size, passes, wire) in [
        (BYTE, &[][..], vec![0x5C]),
        (BYTE_DATA, &[0xA1][..], vec![0x5C, 0xA1]),
        (WORD_DATA, &[0xA1, 0xB2][..], vec![0x5C, 0xA1, 0xB2]),
        (BLOCK_DATA, &[1, 0xA1][..], vec![0x5C, 1, 0xA1]),
    ] {
        let (mut program, log) = program_of(Style::Pi, &[]);
        program.ioctl(PEC, 1).unwrap();
        program.place(DATA, passes);
        assert_eq!(smbus(&mut program, WRITE, 0x5C, size, DATA), Ok(0));
        let code = crc(&[&[0x80][..], &wire].concat());
        let hex: Vec<String> = wire.iter().chain([&code]).map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(seen(&log), format!("Sw {} P", hex.join(" ")), "{size}");
    }
}

#[test]
fn an_error_code_behind_what_is_read_has_to_be_right() {
    // What is on the wire: the address and the register are written, the address is sent anew, the bytes are read.
    let word = [0x80, 0x5C, 0x81, 0x34, 0x12];
    let byte = [0x81, 0x34];
    let block = [0x80, 0x5C, 0x81, 2, 0x34, 0x12];
    for (size, wire, gives) in
        [(WORD_DATA, &word[..], &word[3..]), (BYTE, &byte, &byte[1..]), (BLOCK_DATA, &block, &block[3..])]
    {
        for (spoiled, expected) in [(0, Ok(0)), (1, Err(Errno::BADMSG)), (0x80, Err(Errno::BADMSG))] {
            let code = crc(wire) ^ spoiled;
            let (mut program, log) = program_of(Style::Plain, &[gives, &[code]].concat());
            program.ioctl(PEC, 1).unwrap();
            assert_eq!(smbus(&mut program, READ, 0x5C, size, DATA), expected, "{size} {spoiled}");
            assert!(seen(&log).ends_with(&format!(" {code:02x} P")), "{size}: the code is the last byte");
            let expected = if expected.is_ok() { gives } else { &[0, 0, 0][..gives.len()] };
            assert_eq!(program.bytes(DATA, gives.len()), expected);
        }
    }
}

#[test]
fn quick_and_i2c_blocks_carry_no_error_code() {
    let (mut program, log) = program_of(Style::Pi, &[1, 2, 3]);
    program.ioctl(PEC, 1).unwrap();
    assert_eq!(smbus(&mut program, WRITE, 0, QUICK, 0), Ok(0));
    assert_eq!(seen(&log), "Sw P");
    program.place(DATA, &[2, 0xA1, 0xB2]);
    assert_eq!(smbus(&mut program, WRITE, 0x5C, I2C_BLOCK_DATA, DATA), Ok(0));
    assert_eq!(seen(&log), "Sw 5c a1 b2 P");
    assert_eq!(smbus(&mut program, READ, 0x5C, I2C_BLOCK_DATA, DATA), Ok(0));
    assert_eq!(seen(&log), "Sw 5c Sr 01 02 P");
}

/// As `i2cdetect -y` (quick write, or a byte read where that could do harm) and `i2cdetect -y -r` scan.
fn scan(program: &mut Program, reads: fn(u64) -> bool) -> Vec<u64> {
    let mut found = Vec::new();
    for address in 0x08..=0x77 {
        program.select(address);
        let outcome = match reads(address) {
            true => smbus(program, READ, 0, BYTE, DATA),
            false => smbus(program, WRITE, 0, QUICK, 0),
        };
        match outcome {
            Ok(0) => found.push(address),
            other => assert_eq!(other, Err(Errno::REMOTEIO)),
        }
    }
    found
}

#[test]
fn a_scan_finds_0x62_and_nothing_else() {
    let mut program = Program::new();
    assert_eq!(
        scan(&mut program, |address| (0x30..=0x37).contains(&address) || (0x50..=0x5F).contains(&address)),
        [0x62]
    );
    assert_eq!(scan(&mut program, |_| true), [0x62]);
    assert_eq!(scan(&mut program, |_| false), [0x62]);
    program.select(0x62);
    assert_eq!(program.read(5), Ok(vec![0, 0, 0x21, 0, 0]), "and leaves it as it was");
}
