//! Plain `read` and `write` on a bus, and what belongs to a file.

mod program;

use mlsensor_host::virtual_bus::real_time::ManualTime;
use mlsensor_host::virtual_bus::{Access, Call, Errno, Machine, Node, Wiring, World};
use program::{BEGIN, LENGTH, NOBODY, Part, Program, seen};

#[test]
fn a_read_of_39_bytes_is_a_packet() {
    let mut program = Program::new();
    program.select(0x62);
    assert_eq!(program.read(39), Ok(NOBODY.to_vec()));
}

#[test]
fn a_longer_read_gives_what_the_sensor_gives_behind_the_packet() {
    let mut program = Program::new();
    program.select(0x62);
    let mut expected = NOBODY.to_vec();
    expected.push(0xFF);
    assert_eq!(program.read(40), Ok(expected));
    let long = program.read(100_000).unwrap();
    assert_eq!(long.len(), 8192);
    assert!(long[39..].iter().all(|&byte| byte == 0xFF));
}

#[test]
fn a_short_read_begins_anew_after_its_stop() {
    let mut program = Program::new();
    program.select(0x62);
    assert_eq!(program.read(3), Ok(vec![0x00, 0x00, 0x21]));
    assert_eq!(program.read(3), Ok(vec![0x00, 0x00, 0x21]));
}

#[test]
fn a_write_is_one_transfer_and_at_most_8192_bytes() {
    let part = Part::new(0x40, &[]);
    let log = part.seen.clone();
    let mut program = Program::with(Wiring::default(), |bus| drop(bus.attach(part)));
    program.select(0x40);
    assert_eq!(program.write(&[0x01, 0x00]), Ok(2));
    assert_eq!(seen(&log), "Sw 01 00 P");
    assert_eq!(program.write(&[]), Ok(0));
    assert_eq!(seen(&log), "Sw P", "a write of nothing asks whether anybody is there");
    assert_eq!(program.read(0), Ok(vec![]));
    assert_eq!(seen(&log), "Sr P");
    assert_eq!(program.write(&vec![7; 9000]), Ok(8192));
    assert_eq!(seen(&log).split(' ').count(), 8192 + 2);
}

#[test]
fn a_register_that_is_written_takes_effect() {
    let mut program = Program::new();
    program.select(0x62);
    // Mode: standby. A change of mode drops the inference that is under way, so nothing ever comes.
    assert_eq!(program.write(&[0x01, 0x00]), Ok(2));
    assert_eq!(program.read(5), Ok(vec![0, 0, 0x21, 0, 0]));
}

#[test]
fn nobody_at_the_address_is_the_adapters_errno() {
    let mut program = Program::new();
    assert_eq!(program.read(1), Err(Errno::REMOTEIO), "a file's address is 0 until one is chosen");
    program.select(0x61);
    assert_eq!(program.read(39), Err(Errno::REMOTEIO));
    assert_eq!(program.write(&[1]), Err(Errno::REMOTEIO));
    assert_eq!(program.read(0), Err(Errno::REMOTEIO));
}

#[test]
fn a_byte_that_is_not_acknowledged_ends_a_write() {
    let mut part = Part::new(0x40, &[]);
    part.takes = 1;
    let log = part.seen.clone();
    let mut program = Program::with(Wiring::default(), |bus| drop(bus.attach(part)));
    program.select(0x40);
    assert_eq!(program.write(&[1, 2, 3]), Err(Errno::REMOTEIO));
    assert_eq!(seen(&log), "Sw 01 02 P");
}

#[test]
fn memory_that_is_not_there_is_a_fault() {
    let mut program = Program::new();
    program.select(0x62);
    let end = BEGIN + LENGTH as u64;
    for (at, len) in
        [(0, 1), (BEGIN - 1, 2), (end - 38, 39), (u64::MAX, 1), (u64::MAX, u64::MAX), (BEGIN, u64::MAX)]
    {
        assert_eq!(program.number(Call::Read { at, len }), Err(Errno::FAULT), "{at:#x} {len:#x}");
        assert_eq!(program.number(Call::Write { at, len }), Err(Errno::FAULT), "{at:#x} {len:#x}");
    }
    assert_eq!(program.number(Call::Read { at: end - 39, len: 39 }), Ok(39));
    assert_eq!(program.number(Call::Read { at: 0, len: 0 }), Ok(0), "nothing fits anywhere");
}

#[test]
fn nothing_is_sent_of_what_cannot_be_read_from_the_program() {
    let part = Part::new(0x40, &[]);
    let log = part.seen.clone();
    let mut program = Program::with(Wiring::default(), |bus| drop(bus.attach(part)));
    program.select(0x40);
    assert_eq!(program.number(Call::Write { at: 0, len: 2 }), Err(Errno::FAULT));
    assert_eq!(seen(&log), "");
}

#[test]
fn each_file_has_its_own_address() {
    let mut program = Program::new();
    let first = program.file;
    let second = program.machine.open(Node::Bus(1), Access::BOTH).unwrap();
    program.select(0x62);
    program.file = second;
    assert_eq!(program.read(39), Err(Errno::REMOTEIO));
    program.select(0x10);
    program.file = first;
    assert_eq!(program.read(39), Ok(NOBODY.to_vec()));
}

#[test]
fn a_file_that_was_closed_is_none() {
    let mut program = Program::new();
    program.machine.close(program.file);
    assert_eq!(program.ioctl(0x703, 0x62), Err(Errno::BADF));
    assert_eq!(program.read(1), Err(Errno::BADF));
}

#[test]
fn what_a_file_was_not_opened_for_is_refused_and_an_ioctl_never() {
    for (flags, reads, writes) in [(0, true, false), (1, false, true), (2, true, true), (3, false, false)] {
        let mut program = Program::new();
        // With O_NONBLOCK and O_CLOEXEC, which change nothing.
        let access = Access::from_flags(flags | 0o2_004_000);
        assert_eq!(access, Access { reads, writes });
        program.file = program.machine.open(Node::Bus(1), access).unwrap();
        program.select(0x62);
        assert_eq!(program.read(39), if reads { Ok(NOBODY.to_vec()) } else { Err(Errno::BADF) });
        assert_eq!(program.write(&[1, 1]), if writes { Ok(2) } else { Err(Errno::BADF) });
    }
}

#[test]
fn a_bus_that_is_not_there_is_no_device() {
    let mut machine = Machine::new(World::new(Box::new(ManualTime::new())));
    assert_eq!(machine.node("/dev/i2c-1"), None);
    // A front end asks for a node first, but nothing makes it.
    let file = machine.open(Node::Bus(1), Access::BOTH);
    let mut program = Program::new();
    let mut read = |file| machine.call(file, Call::Read { at: BEGIN, len: 1 }, &mut program.ram).outcome;
    assert_eq!(file.and_then(|file| read(file).map(drop)), Err(Errno::NODEV));
}
