//! The ioctls of i2c-dev that set and ask, by their numbers (linux/i2c-dev.h).

mod program;

use mlsensor_host::virtual_bus::errno::Style;
use mlsensor_host::virtual_bus::{Access, Errno, Node, Wiring};
use program::{BEGIN, LENGTH, NOBODY, Part, Program, seen};

const RETRIES: u32 = 0x701;
const TIMEOUT: u32 = 0x702;
const SLAVE: u32 = 0x703;
const TENBIT: u32 = 0x704;
const FUNCS: u32 = 0x705;
const SLAVE_FORCE: u32 = 0x706;
const PEC: u32 = 0x708;

fn plain() -> Wiring {
    Wiring { style: Style::Plain, ..Wiring::default() }
}

#[test]
fn an_address_of_seven_bits_is_taken_and_a_higher_one_is_not() {
    for request in [SLAVE, SLAVE_FORCE] {
        let mut program = Program::new();
        for address in [0, 0x03, 0x62, 0x7F] {
            assert_eq!(program.ioctl(request, address), Ok(0));
        }
        for address in [0x80, 0x3FF, 0x400, u64::from(u32::MAX), u64::MAX, (1 << 32) | 0x62] {
            assert_eq!(program.ioctl(request, address), Err(Errno::INVAL), "{address:#x}");
        }
    }
}

#[test]
fn a_refused_address_leaves_the_one_before() {
    let mut program = Program::new();
    program.select(0x62);
    assert_eq!(program.ioctl(SLAVE, 0x80), Err(Errno::INVAL));
    assert_eq!(program.read(39), Ok(NOBODY.to_vec()));
}

#[test]
fn ten_bits_allow_addresses_to_0x3ff() {
    let mut program = Program::new();
    assert_eq!(program.ioctl(TENBIT, 7), Ok(0));
    assert_eq!(program.ioctl(SLAVE, 0x3FF), Ok(0));
    assert_eq!(program.ioctl(SLAVE, 0x400), Err(Errno::INVAL));
    assert_eq!(program.ioctl(TENBIT, 0), Ok(0));
    assert_eq!(program.ioctl(SLAVE, 0x80), Err(Errno::INVAL));
}

#[test]
fn an_address_of_ten_bits_goes_out_in_two_bytes() {
    // 0x2A5: 0b11110 and its two high bits, 10, make 0x7A; 0xA5 is the second byte.
    let part = Part::new(0x7A, &[0x11, 0x22]);
    let log = part.seen.clone();
    let mut program = Program::with(plain(), |bus| drop(bus.attach(part)));
    program.ioctl(TENBIT, 1).unwrap();
    program.select(0x2A5);
    assert_eq!(program.write(&[9, 8]), Ok(2));
    assert_eq!(seen(&log), "Sw a5 09 08 P");
    assert_eq!(program.read(2), Ok(vec![0x11, 0x22]));
    assert_eq!(seen(&log), "Sw a5 Sr 11 22 P");
}

#[test]
fn the_sensor_is_not_at_the_address_of_ten_bits_that_looks_like_its_own() {
    for style in Style::ALL {
        let mut program = Program::wired(Wiring { style, ..Wiring::default() });
        program.ioctl(TENBIT, 1).unwrap();
        program.select(0x62);
        let expected =
            if matches!(style, Style::Pi | Style::DesignWare) { Errno::REMOTEIO } else { Errno::NXIO };
        assert_eq!(program.read(39), Err(expected), "{style}");
        program.ioctl(TENBIT, 0).unwrap();
        assert_eq!(program.read(39), Ok(NOBODY.to_vec()), "{style}");
    }
}

#[test]
fn an_address_that_a_kernel_driver_holds_is_busy_unless_forced() {
    let mut program = Program::wired(Wiring { claimed: vec![0x62], ..Wiring::default() });
    assert_eq!(program.ioctl(SLAVE, 0x62), Err(Errno::BUSY));
    assert_eq!(program.ioctl(SLAVE, 0x61), Ok(0));
    assert_eq!(program.ioctl(SLAVE_FORCE, 0x62), Ok(0));
    assert_eq!(program.read(39), Ok(NOBODY.to_vec()));
}

#[test]
fn functions_are_eight_bytes_or_four_in_a_program_of_32_bits() {
    let mut program = Program::new();
    program.place(BEGIN, &[0xA5; 9]);
    assert_eq!(program.ioctl(FUNCS, BEGIN), Ok(0));
    // I2C, quick to I2C block, and PEC: 0x0EFF0009, as a Raspberry Pi says.
    assert_eq!(program.bytes(BEGIN, 9), [0x09, 0x00, 0xFF, 0x0E, 0, 0, 0, 0, 0xA5]);
    let mut program = Program::new().of_32_bits();
    program.place(0x1000, &[0xA5; 5]);
    assert_eq!(program.ioctl(FUNCS, 0x1000), Ok(0));
    assert_eq!(program.bytes(0x1000, 5), [0x09, 0x00, 0xFF, 0x0E, 0xA5]);
}

#[test]
fn functions_are_those_of_the_adapter() {
    for (style, functions) in [
        (Style::Pi, 0x0EFF_0009_u64),
        // I2C 1, 10 bits 2, quick 0x10000, byte 0x60000, byte data 0x180000, word 0x600000, block 0x3000000, I2C block.
        (Style::DesignWare, 0x0F7F_0003),
        (Style::TinyUsb, 0x0EFF_0009),
        // As emulated, and 10 bits, NOSTART 0x10, block process call 0x8000, read block 0x1000000.
        (Style::Plain, 0x0FFF_801B),
    ] {
        let mut program = Program::wired(Wiring { style, ..Wiring::default() });
        program.ioctl(FUNCS, BEGIN).unwrap();
        assert_eq!(program.bytes(BEGIN, 8), functions.to_le_bytes(), "{style}");
    }
}

#[test]
fn functions_that_can_be_put_nowhere_are_a_fault() {
    let mut program = Program::new();
    for at in [0, BEGIN - 1, BEGIN + LENGTH as u64 - 7, u64::MAX] {
        assert_eq!(program.ioctl(FUNCS, at), Err(Errno::FAULT), "{at:#x}");
    }
}

#[test]
fn retries_and_time_out_are_numbers_that_fit_in_an_int() {
    let mut program = Program::new();
    for request in [RETRIES, TIMEOUT] {
        for good in [0, 1, 5, 0x7FFF_FFFF] {
            assert_eq!(program.ioctl(request, good), Ok(0));
        }
        for bad in [0x8000_0000, u64::from(u32::MAX), 1 << 32, u64::MAX] {
            assert_eq!(program.ioctl(request, bad), Err(Errno::INVAL), "{bad:#x}");
        }
    }
}

#[test]
fn any_number_switches_packet_error_checking() {
    let mut program = Program::new();
    for argument in [0, 1, u64::MAX] {
        assert_eq!(program.ioctl(PEC, argument), Ok(0));
    }
}

#[test]
fn ten_bits_and_error_checking_belong_to_a_file() {
    let mut program = Program::new();
    program.ioctl(TENBIT, 1).unwrap();
    program.file = program.machine.open(Node::Bus(1), Access::BOTH).unwrap();
    assert_eq!(program.ioctl(SLAVE, 0x80), Err(Errno::INVAL));
}

#[test]
fn a_request_that_i2c_dev_does_not_know_is_for_no_such_device() {
    let mut program = Program::new();
    // What a terminal, a file or an old i2c-dev would understand, and nonsense.
    for request in [0, 0x700, 0x709, 0x710, 0x71F, 0x721, 0x5401, 0x541B, 0x8008_B401, u32::MAX] {
        assert_eq!(program.ioctl(request, BEGIN), Err(Errno::NOTTY), "{request:#x}");
    }
}
