//! The GPIO character device, version 2 of its interface: what libgpiod 2 and gpiocdev ask.
#![cfg(target_os = "linux")]

mod gpio_program;

use gpio_program::{Program, WIRED, stamp, structure, text_at, u32_at, u32s, u64_at};
use mlsensor_host::virtual_bus::gpio::{ChipLayout, GpioChip};
use mlsensor_host::virtual_bus::{Errno, FileId};

const GET_LINEINFO: u32 = 0xC100_B405;
const WATCH: u32 = 0xC100_B406;
const GET_LINE: u32 = 0xC250_B407;
const SET_CONFIG: u32 = 0xC110_B40D;
const GET_VALUES: u32 = 0xC010_B40E;
const SET_VALUES: u32 = 0xC010_B40F;

const USED: u64 = 1;
const ACTIVE_LOW: u64 = 1 << 1;
const INPUT: u64 = 1 << 2;
const OUTPUT: u64 = 1 << 3;
const RISING: u64 = 1 << 4;
const FALLING: u64 = 1 << 5;
const OPEN_DRAIN: u64 = 1 << 6;
const OPEN_SOURCE: u64 = 1 << 7;
const PULL_UP: u64 = 1 << 8;
const PULL_DOWN: u64 = 1 << 9;
const NO_BIAS: u64 = 1 << 10;
const REALTIME: u64 = 1 << 11;
const HARDWARE_CLOCK: u64 = 1 << 12;

/// An attribute: its id, its value, the mask of its lines.
type Attribute = (u32, u64, u64);
const FLAGS: u32 = 1;
const VALUES: u32 = 2;
const DEBOUNCE: u32 = 3;

/// `struct gpio_v2_line_config`.
fn config(flags: u64, attributes: &[Attribute]) -> Vec<u8> {
    let mut config = structure(272, &[(0, &flags.to_ne_bytes()), (8, &u32s(&[attributes.len() as u32]))]);
    for (index, &(id, value, mask)) in attributes.iter().enumerate() {
        let at = 32 + 24 * index;
        config[at..at + 4].copy_from_slice(&id.to_ne_bytes());
        // The period of debounce has 32 bits, and is at the beginning of the union.
        let value = if id == DEBOUNCE { u32s(&[value as u32, 0]) } else { value.to_ne_bytes().to_vec() };
        config[at + 8..at + 16].copy_from_slice(&value);
        config[at + 16..at + 24].copy_from_slice(&mask.to_ne_bytes());
    }
    config
}

/// `struct gpio_v2_line_request`.
fn request(lines: &[u32], flags: u64, attributes: &[Attribute]) -> Vec<u8> {
    let (count, config) = (u32s(&[lines.len() as u32]), config(flags, attributes));
    structure(592, &[(0, &u32s(lines)), (256, b"me"), (288, &config), (560, &count)])
}

fn take(program: &mut Program, lines: &[u32], flags: u64, attributes: &[Attribute]) -> Result<FileId, Errno> {
    let (file, fd_at) = program.request(GET_LINE, request(lines, flags, attributes))?;
    assert_eq!(fd_at, 588);
    Ok(file)
}

fn info(program: &mut Program, line: u32) -> Vec<u8> {
    program.ioctl(program.file, GET_LINEINFO, structure(256, &[(64, &u32s(&[line]))])).unwrap()
}

fn flags(program: &mut Program, line: u32) -> u64 {
    u64_at(&info(program, line), 72)
}

fn values(program: &mut Program, file: FileId, mask: u64) -> Result<u64, Errno> {
    let asked = structure(16, &[(0, &[0xA5; 8]), (8, &mask.to_ne_bytes())]);
    let told = program.ioctl(file, GET_VALUES, asked)?;
    assert_eq!(u64_at(&told, 8), mask);
    Ok(u64_at(&told, 0))
}

fn set(program: &mut Program, file: FileId, bits: u64, mask: u64) -> Result<Vec<u8>, Errno> {
    let asked = structure(16, &[(0, &bits.to_ne_bytes()), (8, &mask.to_ne_bytes())]);
    program.ioctl(file, SET_VALUES, asked)
}

/// What an event tells: time in microseconds, id, line, sequence numbers of the request and of the line.
fn told(records: &[Vec<u8>]) -> Vec<(u64, u32, u32, u32, u32)> {
    let told = |record: &Vec<u8>| {
        assert_eq!((record.len(), &record[24..]), (48, &[0; 24][..]));
        let numbers = [8, 12, 16, 20].map(|at| u32_at(record, at));
        (u64_at(record, 0) / 1000, numbers[0], numbers[1], numbers[2], numbers[3])
    };
    records.iter().map(told).collect()
}

#[test]
fn a_line_tells_its_name_its_flags_and_who_has_it() {
    let mut program = Program::new();
    let free = structure(256, &[(0, b"GPIO4"), (64, &u32s(&[4])), (72, &INPUT.to_ne_bytes())]);
    assert_eq!(info(&mut program, 4), free);
    let file = take(&mut program, &[4], INPUT, &[(DEBOUNCE, 2500, 1)]).unwrap();
    let mut used = free.clone();
    used[32..34].copy_from_slice(b"me");
    used[68] = 1;
    used[72..80].copy_from_slice(&(USED | INPUT).to_ne_bytes());
    used[80..84].copy_from_slice(&DEBOUNCE.to_ne_bytes());
    used[88..92].copy_from_slice(&2500_u32.to_ne_bytes());
    assert_eq!(info(&mut program, 4), used);
    program.close(file);
    assert_eq!(info(&mut program, 4), free);
    let padded = structure(256, &[(64, &u32s(&[4])), (255, &[1])]);
    assert_eq!(program.ioctl(program.file, GET_LINEINFO, padded), Err(Errno::INVAL));
    let beyond = structure(256, &[(64, &u32s(&[58]))]);
    assert_eq!(program.ioctl(program.file, GET_LINEINFO, beyond), Err(Errno::INVAL));
}

#[test]
fn every_flag_is_told_of_the_line() {
    for asked in [
        INPUT,
        OUTPUT,
        INPUT | ACTIVE_LOW,
        INPUT | RISING | FALLING,
        INPUT | FALLING | REALTIME,
        OUTPUT | OPEN_DRAIN | PULL_UP,
        OUTPUT | OPEN_SOURCE | PULL_DOWN,
        INPUT | NO_BIAS,
    ] {
        let mut program = Program::new();
        let file = take(&mut program, &[4], asked, &[]).unwrap();
        assert_eq!(flags(&mut program, 4), asked | USED, "{asked:#b}");
        program.close(file);
        assert_eq!(flags(&mut program, 4), asked & (INPUT | OUTPUT));
    }
    // The edges of version 1 belong to its file, not to the line.
    let mut program = Program::new();
    program.request(0xC030_B404, structure(48, &[(0, &u32s(&[4, 0, 3]))])).unwrap();
    assert_eq!(flags(&mut program, 4), USED | INPUT);
}

#[test]
fn flags_that_do_not_go_together_are_refused() {
    let mut program = Program::new();
    for (asked, errno) in [
        (INPUT | OUTPUT, Errno::INVAL),
        (RISING, Errno::INVAL),
        (OUTPUT | FALLING, Errno::INVAL),
        (OUTPUT | OPEN_DRAIN | OPEN_SOURCE, Errno::INVAL),
        (INPUT | OPEN_DRAIN, Errno::INVAL),
        (PULL_UP, Errno::INVAL),
        (INPUT | PULL_UP | NO_BIAS, Errno::INVAL),
        (INPUT | USED, Errno::INVAL),
        (INPUT | 1 << 13, Errno::INVAL),
        (INPUT | 1 << 63, Errno::INVAL),
        (INPUT | RISING | HARDWARE_CLOCK, Errno::OPNOTSUPP),
    ] {
        assert_eq!(take(&mut program, &[4], asked, &[]), Err(errno), "{asked:#b}");
        let by_attribute = [(FLAGS, asked, 0b10)];
        assert_eq!(take(&mut program, &[3, 4], INPUT, &by_attribute), Err(errno), "{asked:#b}");
    }
    assert_eq!(take(&mut program, &[4], OUTPUT, &[(DEBOUNCE, 1, 1)]), Err(Errno::INVAL));
    assert_eq!(take(&mut program, &[4], 0, &[(DEBOUNCE, 1, 1)]), Err(Errno::INVAL));
    assert_eq!(take(&mut program, &[], INPUT, &[]), Err(Errno::INVAL));
    assert_eq!(take(&mut program, &[58], INPUT, &[]), Err(Errno::INVAL));
    assert_eq!(take(&mut program, &[4, 4], INPUT, &[]), Err(Errno::BUSY));
    // Lines, attributes, padding of the configuration and of the request.
    for (at, number) in [(560, 65), (296, 11), (316, 1), (568, 1)] {
        let mut asked = request(&[4], INPUT, &[]);
        asked[at..at + 4].copy_from_slice(&u32s(&[number]));
        assert_eq!(program.request(GET_LINE, asked), Err(Errno::INVAL), "{at}");
    }
    assert_eq!(flags(&mut program, 4), INPUT, "and nothing was taken");
}

#[test]
fn attributes_speak_of_the_lines_of_their_mask_and_the_first_counts() {
    let mut program = Program::new();
    let attributes =
        [(FLAGS, OUTPUT | ACTIVE_LOW, 0b110), (FLAGS, OUTPUT, 0b111), (VALUES, 0b011, 0b111), (VALUES, 4, 4)];
    let file = take(&mut program, &[9, 8, 7, 6], INPUT | PULL_UP, &attributes).unwrap();
    let told = [9, 8, 7, 6].map(|line| flags(&mut program, line) & !USED);
    assert_eq!(told, [OUTPUT, OUTPUT | ACTIVE_LOW, OUTPUT | ACTIVE_LOW, INPUT | PULL_UP]);
    assert_eq!(values(&mut program, file, !0), Ok(0b1011));
    let changes = program.chip.take_output_changes();
    let levels: Vec<_> = changes.iter().map(|change| (change.line, change.level)).collect();
    assert_eq!(levels, [(9, Some(true)), (8, Some(false)), (7, Some(true))]);
}

#[test]
fn values_are_read_and_set_by_mask() {
    let mut program = Program::new();
    let file = take(&mut program, &[5, WIRED, 6], OUTPUT, &[(FLAGS, INPUT, 0b010)]).unwrap();
    set(&mut program, file, 0b111, 0b101).unwrap();
    program.edge(true, 9);
    assert_eq!(values(&mut program, file, 0b111), Ok(0b111));
    assert_eq!(values(&mut program, file, 0b010), Ok(0b010));
    set(&mut program, file, 0, 0b001 | 1 << 63).unwrap();
    assert_eq!(values(&mut program, file, 0b111), Ok(0b110));
    assert_eq!(set(&mut program, file, 0, 0b111), Err(Errno::PERM), "one is an input");
    assert_eq!(values(&mut program, file, 0b111), Ok(0b110), "and the others were not set either");
    for mask in [0, 0b1000] {
        assert_eq!(values(&mut program, file, mask), Err(Errno::INVAL));
        assert_eq!(set(&mut program, file, 0, mask), Err(Errno::INVAL));
    }
}

#[test]
fn an_event_tells_its_time_its_line_and_its_place_in_the_sequence() {
    for (asked, expected) in [
        (INPUT | RISING | FALLING, vec![(100, 1, 17, 1, 1), (200, 2, 17, 2, 2), (300, 1, 17, 3, 3)]),
        (INPUT | FALLING, vec![(200, 2, 17, 1, 1)]),
        (INPUT | RISING | ACTIVE_LOW, vec![(200, 1, 17, 1, 1)]),
        (INPUT | FALLING | REALTIME, vec![(1_000_000_000_200, 2, 17, 1, 1)]),
        (INPUT, vec![]),
    ] {
        let mut program = Program::new();
        let file = take(&mut program, &[WIRED], asked, &[]).unwrap();
        for (is_high, us) in [(true, 100), (false, 200), (true, 300)] {
            program.edge(is_high, us);
        }
        assert_eq!(told(&program.records(file)), expected, "{asked:#b}");
    }
}

#[test]
fn a_sequence_runs_through_all_lines_of_a_request() {
    let layout = ChipLayout { label: "pinctrl-rp1".to_owned(), names: vec![String::new(); 3] };
    let mut program = Program::new();
    program.chip = GpioChip::new(&layout, [(0, "PRESENCE", true), (2, "", false), (9, "", true)].into_iter());
    program.chip.open(program.file);
    assert_eq!(text_at(&info(&mut program, 0), 0), "PRESENCE");
    let file = take(&mut program, &[2, 0], INPUT | RISING | FALLING, &[]).unwrap();
    assert_eq!(values(&mut program, file, 0b11), Ok(0b10));
    for (line, is_high, us) in [(2, true, 1), (0, false, 2), (2, false, 3), (0, false, 4), (9, true, 5)] {
        program.chip.edge(line, is_high, stamp(us));
    }
    let expected = [(1, 1, 2, 1, 1), (2, 2, 0, 2, 1), (3, 2, 2, 3, 2)];
    assert_eq!(told(&program.records(file)), expected);
}

#[test]
fn a_level_counts_when_it_has_stayed_for_the_period_of_debounce() {
    let mut program = Program::new();
    let file = take(&mut program, &[WIRED], INPUT | RISING | FALLING, &[(DEBOUNCE, 1000, 1)]).unwrap();
    for (is_high, us) in [(true, 100), (false, 500), (true, 900)] {
        program.edge(is_high, us);
    }
    program.chip.pass(stamp(1899));
    assert_eq!(values(&mut program, file, 1), Ok(0));
    assert_eq!(program.chip.due(), Some(stamp(1900).monotonic));
    program.chip.pass(stamp(1900));
    assert_eq!(values(&mut program, file, 1), Ok(1));
    assert_eq!(told(&program.records(file)), [(1900, 1, 17, 1, 1)]);
    assert_eq!(program.chip.due(), None);
    // One that comes back in time never was.
    program.edge(false, 3000);
    program.edge(true, 3400);
    program.chip.pass(stamp(9000));
    assert_eq!(program.records(file), Vec::<Vec<u8>>::new());
    // What became due before an edge happened before it.
    program.edge(false, 10_000);
    program.edge(true, 20_000);
    assert_eq!(told(&program.records(file)), [(11_000, 2, 17, 2, 2)]);
    program.ioctl(file, SET_CONFIG, config(INPUT | RISING | FALLING, &[])).unwrap();
    assert_eq!(values(&mut program, file, 1), Ok(1), "without debounce the level counts at once");
    program.edge(false, 21_000);
    assert_eq!(told(&program.records(file)), [(21_000, 2, 17, 3, 3)]);
}

#[test]
fn a_new_configuration_leaves_alone_what_it_gives_no_direction() {
    let mut program = Program::new();
    let file = take(&mut program, &[5, 6], OUTPUT | ACTIVE_LOW, &[(VALUES, 0b11, 0b11)]).unwrap();
    program.ioctl(file, SET_CONFIG, config(0, &[(FLAGS, INPUT | PULL_DOWN, 0b10)])).unwrap();
    let told = [5, 6].map(|line| flags(&mut program, line) & !USED);
    assert_eq!(told, [OUTPUT | ACTIVE_LOW, INPUT | PULL_DOWN]);
    assert_eq!(values(&mut program, file, 0b11), Ok(0b01));
    program.ioctl(file, SET_CONFIG, config(OUTPUT, &[])).unwrap();
    assert_eq!(values(&mut program, file, 0b11), Ok(0), "an output of which nothing is said is inactive");
    assert_eq!(program.ioctl(file, SET_CONFIG, config(INPUT | OUTPUT, &[])), Err(Errno::INVAL));
}

#[test]
fn a_watch_tells_what_happens_to_a_line_and_speaks_one_version() {
    let mut program = Program::new();
    let asked = structure(256, &[(64, &u32s(&[WIRED]))]);
    let old = structure(72, &[(0, &u32s(&[WIRED]))]);
    program.ioctl(program.file, WATCH, asked.clone()).unwrap();
    assert_eq!(program.ioctl(program.file, WATCH, asked.clone()), Err(Errno::BUSY));
    assert_eq!(program.ioctl(program.file, 0xC048_B40B, old.clone()), Err(Errno::PERM));
    let other = program.open();
    program.ioctl(other, 0xC048_B40B, old).unwrap();
    assert_eq!(program.ioctl(other, WATCH, asked), Err(Errno::PERM));

    let file = take(&mut program, &[WIRED], INPUT | RISING, &[(DEBOUNCE, 7, 1)]).unwrap();
    assert_eq!(program.chip.due().map(|due| due.as_nanos()), Some(0), "there is something to take");
    program.now_us = 8;
    program.close(file);
    let events = program.chip.take_events();
    let of = |file| events.iter().filter(move |event| event.file == file).map(|event| &*event.bytes);
    let new: Vec<_> =
        of(program.file).map(|b| (b.len(), u32_at(b, 264), u64_at(b, 256), u64_at(b, 72))).collect();
    assert_eq!(new, [(288, 1, 5000, USED | INPUT | RISING), (288, 2, 8000, INPUT)]);
    let first = of(program.file).next().unwrap();
    assert_eq!((text_at(first, 0), text_at(first, 32), u32_at(first, 64)), ("GPIO17", "me", 17));
    assert_eq!((u32_at(first, 68), u32_at(first, 80), u32_at(first, 88)), (1, DEBOUNCE, 7));
    let old: Vec<_> = of(other).map(|b| (b.len(), u32_at(b, 80), u32_at(b, 4))).collect();
    assert_eq!(old, [(104, 1, 1), (104, 2, 0)]);

    program.close(other);
    take(&mut program, &[WIRED], INPUT, &[]).unwrap();
    assert!(program.chip.take_events().iter().all(|event| event.file == program.file));
}

#[test]
fn records_that_nobody_takes_are_dropped_in_the_end() {
    let mut program = Program::new();
    let file = take(&mut program, &[WIRED], INPUT | RISING | FALLING, &[]).unwrap();
    for us in 0..10_000 {
        program.edge(us % 2 == 0, us);
    }
    let records = told(&program.records(file));
    assert_eq!(records.len(), 4096);
    program.edge(true, 20_000);
    assert_eq!(told(&program.records(file)), [(20_000, 1, 17, 10_001, 10_001)], "the numbers tell");
}
