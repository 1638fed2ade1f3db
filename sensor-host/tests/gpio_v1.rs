//! The GPIO character device, version 1 of its interface: what libgpiod 1 and gpio-cdev ask.
#![cfg(target_os = "linux")]

mod gpio_program;

use gpio_program::{AT, Bytes, Program, WIRED, structure, text_at, u32_at, u32s, u64_at};
use mlsensor_host::virtual_bus::{Answer, Call, Errno, FileId};

const GET_CHIPINFO: u32 = 0x8044_B401;
const GET_LINEINFO: u32 = 0xC048_B402;
const GET_LINEHANDLE: u32 = 0xC16C_B403;
const GET_LINEEVENT: u32 = 0xC030_B404;
const GET_VALUES: u32 = 0xC040_B408;
const SET_VALUES: u32 = 0xC040_B409;
const SET_CONFIG: u32 = 0xC054_B40A;
const WATCH: u32 = 0xC048_B40B;
const UNWATCH: u32 = 0xC004_B40C;

const INPUT: u32 = 1;
const OUTPUT: u32 = 1 << 1;
const ACTIVE_LOW: u32 = 1 << 2;
const OPEN_DRAIN: u32 = 1 << 3;
const OPEN_SOURCE: u32 = 1 << 4;
const PULL_UP: u32 = 1 << 5;
const PULL_DOWN: u32 = 1 << 6;
const NO_BIAS: u32 = 1 << 7;

/// `struct gpiohandle_request`.
fn handle(lines: &[u32], flags: u32, values: &[u8], consumer: &[u8]) -> Vec<u8> {
    let count = lines.len() as u32;
    let (lines, flags, count) = (u32s(lines), u32s(&[flags]), u32s(&[count]));
    structure(364, &[(0, &lines), (256, &flags), (260, values), (324, consumer), (356, &count)])
}

/// `struct gpioevent_request`.
fn event(line: u32, flags: u32, edges: u32) -> Vec<u8> {
    structure(48, &[(0, &u32s(&[line, flags, edges])), (12, b"waiter")])
}

fn info(program: &mut Program, line: u32) -> Vec<u8> {
    program.ioctl(program.file, GET_LINEINFO, structure(72, &[(0, &u32s(&[line]))])).unwrap()
}

fn values(program: &mut Program, file: FileId) -> Vec<u8> {
    program.ioctl(file, GET_VALUES, vec![0xA5; 64]).unwrap()
}

fn set(program: &mut Program, file: FileId, values: &[u8]) -> Result<Vec<u8>, Errno> {
    program.ioctl(file, SET_VALUES, structure(64, &[(0, values)]))
}

#[test]
fn a_chip_tells_its_name_its_label_and_its_lines() {
    let mut program = Program::new();
    let info = program.ioctl(program.file, GET_CHIPINFO, vec![0xA5; 68]).unwrap();
    let expected = structure(68, &[(0, b"gpiochip0"), (32, b"pinctrl-bcm2711"), (64, &u32s(&[58]))]);
    assert_eq!(info, expected);
}

#[test]
fn a_line_tells_its_name_and_who_has_it() {
    let mut program = Program::new();
    assert_eq!(info(&mut program, 17), structure(72, &[(0, &u32s(&[17, 0])), (8, b"GPIO17")]));
    let (file, fd_at) = program.request(GET_LINEHANDLE, handle(&[17], INPUT, &[], b"me")).unwrap();
    assert_eq!(fd_at, 360);
    assert_eq!(info(&mut program, 17), structure(72, &[(0, &u32s(&[17, 1])), (8, b"GPIO17"), (40, b"me")]));
    program.close(file);
    assert_eq!(info(&mut program, 17), structure(72, &[(0, &u32s(&[17, 0])), (8, b"GPIO17")]));
    program.request(GET_LINEHANDLE, handle(&[17], INPUT, &[], &[b'x'; 32])).unwrap();
    assert_eq!(text_at(&info(&mut program, 17), 40), "x".repeat(31));
    program.request(GET_LINEHANDLE, handle(&[18], INPUT, &[], b"")).unwrap();
    assert_eq!(text_at(&info(&mut program, 18), 40), "?", "as the kernel names who gives no name");
}

#[test]
fn every_flag_of_a_request_is_told_of_the_line() {
    for (flags, told) in [
        (INPUT, 1),
        (OUTPUT, 0b11),
        (INPUT | ACTIVE_LOW, 0b101),
        (OUTPUT | OPEN_DRAIN, 0b1011),
        (OUTPUT | OPEN_SOURCE, 0b1_0011),
        (INPUT | PULL_UP, 0b10_0001),
        (OUTPUT | PULL_DOWN, 0b100_0011),
        (INPUT | NO_BIAS, 0b1000_0001),
        (ACTIVE_LOW, 0b101),
        (0, 1),
    ] {
        let mut program = Program::new();
        let (file, _) = program.request(GET_LINEHANDLE, handle(&[4], flags, &[], b"me")).unwrap();
        assert_eq!(u32_at(&info(&mut program, 4), 4), told, "{flags:#b}");
        program.close(file);
        assert_eq!(u32_at(&info(&mut program, 4), 4), told & 0b10, "only the direction stays: {flags:#b}");
    }
}

#[test]
fn flags_that_do_not_go_together_are_refused() {
    let mut program = Program::new();
    for flags in [
        INPUT | OUTPUT,
        OUTPUT | OPEN_DRAIN | OPEN_SOURCE,
        INPUT | OPEN_DRAIN,
        OPEN_SOURCE,
        PULL_UP,
        INPUT | PULL_UP | PULL_DOWN,
        INPUT | NO_BIAS | PULL_UP,
        INPUT | 1 << 8,
        1 << 31,
    ] {
        let refused = program.request(GET_LINEHANDLE, handle(&[4], flags, &[], b""));
        assert_eq!(refused, Err(Errno::INVAL), "{flags:#b}");
    }
    for (flags, edges) in [(OUTPUT, 1), (OPEN_DRAIN, 1), (PULL_UP | PULL_DOWN, 1), (INPUT, 4), (1 << 8, 1)] {
        assert_eq!(program.request(GET_LINEEVENT, event(4, flags, edges)), Err(Errno::INVAL));
    }
    assert_eq!(u32_at(&info(&mut program, 4), 4), 0, "and take nothing");
}

#[test]
fn lines_that_are_not_there_or_taken_are_refused_as_a_whole() {
    let mut program = Program::new();
    assert_eq!(program.request(GET_LINEHANDLE, handle(&[], INPUT, &[], b"")), Err(Errno::INVAL));
    assert_eq!(program.request(GET_LINEHANDLE, handle(&[4, 58], INPUT, &[], b"")), Err(Errno::INVAL));
    assert_eq!(program.request(GET_LINEEVENT, event(58, INPUT, 1)), Err(Errno::INVAL));
    assert_eq!(program.request(GET_LINEHANDLE, handle(&[4, 4], INPUT, &[], b"")), Err(Errno::BUSY));
    let many = structure(364, &[(256, &u32s(&[INPUT])), (356, &u32s(&[65]))]);
    assert_eq!(program.request(GET_LINEHANDLE, many), Err(Errno::INVAL));
    let (file, _) = program.request(GET_LINEEVENT, event(4, INPUT, 1)).unwrap();
    assert_eq!(program.request(GET_LINEHANDLE, handle(&[3, 4], INPUT, &[], b"")), Err(Errno::BUSY));
    assert_eq!(u32_at(&info(&mut program, 3), 4), 0, "the free one was not taken");
    program.close(file);
    program.request(GET_LINEHANDLE, handle(&[3, 4], INPUT, &[], b"")).unwrap();
}

#[test]
fn an_input_reads_what_drives_it_or_its_bias() {
    let mut program = Program::new();
    let (file, _) = program.request(GET_LINEHANDLE, handle(&[4, WIRED], INPUT | PULL_UP, &[], b"")).unwrap();
    assert_eq!(values(&mut program, file), structure(64, &[(0, &[1, 0])]), "a driven line has no bias");
    program.edge(true, 6);
    assert_eq!(values(&mut program, file)[..2], [1, 1]);
    assert_eq!(set(&mut program, file, &[1]), Err(Errno::PERM));
    let low = structure(84, &[(0, &u32s(&[INPUT | ACTIVE_LOW | PULL_DOWN]))]);
    program.ioctl(file, SET_CONFIG, low).unwrap();
    assert_eq!(values(&mut program, file)[..2], [1, 0], "active is low now");
    let none = structure(84, &[(0, &u32s(&[ACTIVE_LOW]))]);
    assert_eq!(program.ioctl(file, SET_CONFIG, none), Err(Errno::INVAL), "a direction has to be told");
}

#[test]
fn an_output_keeps_its_value_and_is_reported() {
    let mut program = Program::new();
    let asked = handle(&[5, 6], OUTPUT | ACTIVE_LOW, &[0, 2], b"fan");
    let (file, _) = program.request(GET_LINEHANDLE, asked).unwrap();
    assert_eq!(values(&mut program, file)[..2], [0, 1], "everything but 0 is active");
    program.now_us = 9;
    set(&mut program, file, &[0, 0]).unwrap();
    set(&mut program, file, &[0, 0]).unwrap();
    program.close(file);
    let changes = program.chip.take_output_changes();
    let changes: Vec<_> = changes.iter().map(|c| (c.line, c.level, c.at.as_micros())).collect();
    assert_eq!(changes, [(5, Some(true), 5), (6, Some(false), 5), (6, Some(true), 9)]);
    let (file, _) = program.request(GET_LINEHANDLE, handle(&[5], 0, &[], b"")).unwrap();
    assert_eq!(values(&mut program, file)[0], 1, "as it was left");
    let input = structure(84, &[(0, &u32s(&[INPUT]))]);
    program.ioctl(file, SET_CONFIG, input).unwrap();
    assert_eq!(values(&mut program, file)[0], 0);
    assert_eq!(program.chip.take_output_changes()[0].level, None);
}

#[test]
fn an_open_drain_output_is_high_only_by_a_bias() {
    let mut program = Program::new();
    for (drive, bias, let_go, driven) in
        [(OPEN_DRAIN, PULL_UP, 1, 0), (OPEN_DRAIN, 0, 0, 0), (OPEN_SOURCE, PULL_DOWN, 0, 1)]
    {
        let (file, _) =
            program.request(GET_LINEHANDLE, handle(&[7], OUTPUT | drive | bias, &[0], b"")).unwrap();
        let is_drain = u8::from(drive == OPEN_DRAIN);
        set(&mut program, file, &[is_drain]).unwrap();
        assert_eq!(values(&mut program, file)[0], let_go);
        set(&mut program, file, &[1 - is_drain]).unwrap();
        assert_eq!(values(&mut program, file)[0], driven);
        program.close(file);
    }
}

#[test]
fn an_edge_is_a_record_of_sixteen_bytes_by_the_monotonic_clock() {
    for (flags, edges, ids) in [
        (INPUT, 3, vec![(1, 100), (2, 200), (1, 300)]),
        (INPUT, 1, vec![(1, 100), (1, 300)]),
        (0, 2, vec![(2, 200)]),
        (INPUT | ACTIVE_LOW, 1, vec![(1, 200)]),
        (INPUT | ACTIVE_LOW | PULL_UP, 3, vec![(2, 100), (1, 200), (2, 300)]),
        (INPUT, 0, vec![]),
    ] {
        let mut program = Program::new();
        let (file, fd_at) = program.request(GET_LINEEVENT, event(WIRED, flags, edges)).unwrap();
        assert_eq!(fd_at, 44);
        for (is_high, us) in [(true, 100), (false, 200), (false, 250), (true, 300)] {
            program.edge(is_high, us);
        }
        let expected = ids.iter().map(|&(id, us): &(u32, u64)| {
            structure(16, &[(0, &(us * 1000).to_ne_bytes()), (8, &u32s(&[id]))])
        });
        assert_eq!(program.records(file), expected.collect::<Vec<_>>(), "{flags:#b} {edges}");
        let level = u8::from(flags & ACTIVE_LOW == 0);
        assert_eq!(values(&mut program, file)[0], level);
        assert_eq!(set(&mut program, file, &[0]), Err(Errno::INVAL));
    }
}

#[test]
fn no_event_comes_from_a_line_that_was_let_go() {
    let mut program = Program::new();
    let (file, _) = program.request(GET_LINEEVENT, event(WIRED, INPUT, 3)).unwrap();
    program.close(file);
    program.edge(true, 100);
    assert_eq!(program.records(file), Vec::<Vec<u8>>::new());
    assert_eq!(program.ioctl(file, GET_VALUES, vec![0; 64]), Err(Errno::BADF));
}

#[test]
fn a_watch_tells_what_happens_to_a_line() {
    let mut program = Program::new();
    let asked = structure(72, &[(0, &u32s(&[4]))]);
    assert_eq!(program.ioctl(program.file, UNWATCH, u32s(&[4])), Err(Errno::BUSY));
    program.ioctl(program.file, WATCH, asked.clone()).unwrap();
    assert_eq!(program.ioctl(program.file, WATCH, asked), Err(Errno::BUSY));
    let (file, _) = program.request(GET_LINEHANDLE, handle(&[4, 5], OUTPUT, &[], b"me")).unwrap();
    let config = structure(84, &[(0, &u32s(&[INPUT]))]);
    program.ioctl(file, SET_CONFIG, config).unwrap();
    program.now_us = 6;
    program.close(file);
    let records = program.records(program.file);
    let told = |record: &Vec<u8>| {
        assert_eq!((record.len(), u32_at(record, 0), text_at(record, 8)), (104, 4, "GPIO4"));
        (u32_at(record, 80), u32_at(record, 4), u64_at(record, 72), text_at(record, 40).to_owned())
    };
    let told: Vec<_> = records.iter().map(told).collect();
    let me = || "me".to_owned();
    assert_eq!(told, [(1, 3, 5000, me()), (3, 1, 5000, me()), (2, 0, 6000, String::new())]);
    program.ioctl(program.file, UNWATCH, u32s(&[4])).unwrap();
    program.request(GET_LINEEVENT, event(4, INPUT, 1)).unwrap();
    assert_eq!(program.records(program.file), Vec::<Vec<u8>>::new());
    assert_eq!(program.ioctl(program.file, UNWATCH, u32s(&[58])), Err(Errno::INVAL));
}

#[test]
fn memory_that_is_not_there_takes_no_line_and_no_watch() {
    let mut program = Program::new();
    let requests = [
        (GET_CHIPINFO, vec![0; 68]),
        (GET_LINEINFO, structure(72, &[(0, &u32s(&[4]))])),
        (WATCH, structure(72, &[(0, &u32s(&[4]))])),
        (GET_LINEHANDLE, handle(&[4], OUTPUT, &[1], b"")),
        (GET_LINEEVENT, event(4, INPUT, 3)),
    ];
    for (request, bytes) in requests {
        let short = Bytes { bytes: bytes[..bytes.len() - 1].to_vec(), writable: true };
        for mut memory in [short, Bytes { bytes, writable: false }] {
            let call = Call::Ioctl { request, argument: AT };
            assert_eq!(program.raw(program.file, call, &mut memory), Err(Errno::FAULT), "{request:#x}");
        }
    }
    assert_eq!(u32_at(&info(&mut program, 4), 4), 0);
    program.ioctl(program.file, WATCH, structure(72, &[(0, &u32s(&[4]))])).unwrap();
}

#[test]
fn what_a_file_does_not_know_is_refused() {
    let mut program = Program::new();
    let (handle, _) = program.request(GET_LINEHANDLE, handle(&[4], OUTPUT, &[], b"")).unwrap();
    let (waiter, _) = program.request(GET_LINEEVENT, event(5, 0, 1)).unwrap();
    let chip = program.file;
    for (file, request) in [
        (chip, GET_VALUES),
        (chip, 0x5401),
        (handle, GET_CHIPINFO),
        (handle, 0xC010_B40E),
        (waiter, SET_CONFIG),
        (waiter, SET_VALUES),
    ] {
        assert_eq!(program.ioctl(file, request, vec![0; 600]), Err(Errno::INVAL), "{request:#x}");
    }
    for file in [chip, handle, waiter] {
        let mut memory = Bytes { bytes: vec![0; 600], writable: true };
        let read = program.raw(file, Call::Read { at: AT, len: 16 }, &mut memory);
        assert_eq!(read, Err(Errno::AGAIN));
        let written = program.raw(file, Call::Write { at: AT, len: 16 }, &mut memory);
        assert_eq!(written, Err(Errno::INVAL));
    }
    let mut memory = Bytes { bytes: vec![0; 68], writable: true };
    let call = Call::Ioctl { request: GET_CHIPINFO, argument: AT };
    assert_eq!(program.raw(chip, call, &mut memory), Ok(Answer::Number(0)));
}
