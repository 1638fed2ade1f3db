//! A call that lacks some of the program's memory has done nothing yet: the front end by `LD_PRELOAD` fetches what is
//! missing and makes the call again, so whatever was done before would be done twice.
#![cfg(target_os = "linux")]

mod program;

use std::sync::{Arc, Mutex};

use mlsensor_host::virtual_bus::{Access, Answer, Call, Errno, FileId, Memory, Node, Reply, Wiring};
use program::{BEGIN, Part, Program, Ram, seen};

const LIST: u64 = BEGIN + 0x100;
const BUFFER: u64 = BEGIN + 0x1000;

/// Memory of which only the first so many reads are known.
struct Lent {
    ram: Ram,
    left: usize,
    lacks: bool,
}

impl Memory for Lent {
    fn read(&mut self, at: u64, into: &mut [u8]) -> Result<(), Errno> {
        match self.left.checked_sub(1) {
            Some(left) => self.left = left,
            None => {
                self.lacks = true;
                return Err(Errno::FAULT);
            }
        }
        self.ram.read(at, into)
    }

    fn write(&mut self, at: u64, bytes: &[u8]) -> Result<(), Errno> {
        self.ram.write(at, bytes)
    }
}

/// Makes a call with one more read known each time until it lacks nothing, and checks that `done` tells of nothing
/// before. What it comes to, and how many reads it took.
fn lent(program: &mut Program, file: FileId, call: Call, mut done: impl FnMut() -> String) -> (Reply, usize) {
    for known in 0..200 {
        let mut memory = Lent { ram: program.ram.clone(), left: known, lacks: false };
        let reply = program.machine.call(file, call, &mut memory);
        if !memory.lacks {
            assert_eq!(memory.left, 0, "no more was known than was read");
            program.ram = memory.ram;
            return (reply, known);
        }
        assert_eq!((reply.outcome, reply.after.is_zero()), (Err(Errno::FAULT), true), "{call:?}");
        assert_eq!(program.machine.catch_up(), [], "{call:?} tells of something after {known} reads");
        assert_eq!(done(), "", "{call:?} does something after {known} reads");
    }
    panic!("{call:?} is never content")
}

fn message(flags: u16, len: u16, buffer: u64) -> Vec<u8> {
    [&0x40_u16.to_ne_bytes()[..], &flags.to_ne_bytes(), &len.to_ne_bytes(), &[0; 2], &buffer.to_ne_bytes()]
        .concat()
}

#[test]
fn no_transfer_begins_before_all_of_its_memory_is_known() {
    let part = Part::new(0x40, &[0x03, 0x11, 0x22, 0x33]);
    let log = part.seen.clone();
    let mut program = Program::with(Wiring::default(), |bus| drop(bus.attach(part)));
    program.select(0x40);
    let file = program.file;
    let smbus = |program: &mut Program, reads: u8, size: u32| {
        program.place(BUFFER, &[2, 0xA1, 0xB2]);
        let head = [&[reads, 0x5C, 0, 0][..], &size.to_ne_bytes(), &BUFFER.to_ne_bytes()].concat();
        program.place(BEGIN, &head);
        Call::Ioctl { request: 0x720, argument: BEGIN }
    };
    type Prepare<'a> = Box<dyn Fn(&mut Program) -> Call + 'a>;
    let transfer = |messages: Vec<Vec<u8>>| -> Prepare<'_> {
        Box::new(move |program: &mut Program| {
            program.place(BUFFER, &[0xA1, 0xB2, 0xC3, 0xD4]);
            program.place(LIST, &messages.concat());
            let head = [LIST.to_ne_bytes(), (messages.len() as u64).to_ne_bytes()].concat();
            program.place(BEGIN, &head);
            Call::Ioctl { request: 0x707, argument: BEGIN }
        })
    };
    let of_smbus = |reads, size| -> Prepare<'_> { Box::new(move |program| smbus(program, reads, size)) };
    // What is done, how many reads of memory it takes, and what is on the wire, once.
    let cases: Vec<(Prepare<'_>, usize, &str)> = vec![
        (Box::new(|_| Call::Read { at: BUFFER, len: 2 }), 0, "Sr 03 11 P"),
        (
            Box::new(|program| {
                program.place(BUFFER, &[7, 8]);
                Call::Write { at: BUFFER, len: 2 }
            }),
            1,
            "Sw 07 08 P",
        ),
        (transfer(vec![message(0, 2, BUFFER)]), 3, "Sw a1 b2 P"),
        (transfer(vec![message(0, 1, BUFFER), message(1, 2, BUFFER + 64)]), 5, "Sw a1 Sr 03 11 P"),
        (
            transfer(vec![message(0, 1, BUFFER), message(0, 2, BUFFER + 2), message(1, 1, BUFFER)]),
            7,
            "Sw a1 Sw c3 d4 Sr 03 P",
        ),
        (of_smbus(0, 0), 1, "Sw P"),
        (of_smbus(0, 1), 1, "Sw 5c P"),
        (of_smbus(1, 1), 1, "Sr 03 P"),
        (of_smbus(0, 2), 2, "Sw 5c 02 P"),
        (of_smbus(1, 2), 1, "Sw 5c Sr 03 P"),
        (of_smbus(0, 3), 2, "Sw 5c 02 a1 P"),
        (of_smbus(1, 3), 1, "Sw 5c Sr 03 11 P"),
        (of_smbus(0, 4), 2, "Sw 5c 02 a1 Sr 03 11 P"),
        (of_smbus(0, 5), 2, "Sw 5c 02 a1 b2 P"),
        (of_smbus(0, 8), 2, "Sw 5c a1 b2 P"),
        (of_smbus(1, 8), 2, "Sw 5c Sr 03 11 P"),
    ];
    for (number, (prepare, reads, wire)) in cases.iter().enumerate() {
        let call = prepare(&mut program);
        seen(&log);
        let (reply, asked) = lent(&mut program, file, call, || seen(&log));
        assert!(reply.outcome.is_ok(), "case {number}: {reply:?}");
        assert_eq!((asked, seen(&log).as_str()), (*reads, *wire), "case {number}");
    }
}

const GET_LINE: u32 = 0xC250_B407;
const SET_CONFIG: u32 = 0xC110_B40D;
const SET_VALUES: u32 = 0xC010_B40F;
const WATCH: u32 = 0xC100_B406;
const UNWATCH: u32 = 0xC004_B40C;
const GET_HANDLE: u32 = 0xC16C_B403;
const GET_EVENT: u32 = 0xC030_B404;
const HANDLE_SET_VALUES: u32 = 0xC040_B409;
const HANDLE_SET_CONFIG: u32 = 0xC054_B40A;

/// A structure of so many bytes, zero but for these.
fn structure(size: usize, fields: &[(usize, &[u8])]) -> Vec<u8> {
    let mut bytes = vec![0; size];
    for &(at, field) in fields {
        bytes[at..at + field.len()].copy_from_slice(field);
    }
    bytes
}

#[test]
fn no_line_is_taken_set_or_watched_before_all_of_the_memory_is_known() {
    let mut program = Program::new();
    let outputs = Arc::new(Mutex::new(Vec::new()));
    let sink = outputs.clone();
    program.machine.watch_outputs(move |change| {
        sink.lock().unwrap().push(format!("{}={:?}", change.line, change.level));
    });
    let said = || std::mem::take(&mut *outputs.lock().unwrap()).join(" ");
    let chip = program.machine.open(Node::GpioChip, Access::BOTH).unwrap();
    let watcher = program.machine.open(Node::GpioChip, Access::BOTH).unwrap();
    let mut ask = |file: FileId, request: u32, bytes: Vec<u8>| {
        program.place(BEGIN, &bytes);
        let (reply, reads) = lent(&mut program, file, Call::Ioctl { request, argument: BEGIN }, said);
        assert_eq!(reads, 1, "{request:#x}");
        // What it tells who watches the line is told once.
        (reply.outcome.unwrap(), said(), program.machine.catch_up().len())
    };
    let number = Answer::Number(0);
    let of = |answer: Answer| match answer {
        Answer::File { file, .. } => file,
        Answer::Number(_) => panic!("{answer:?}"),
    };
    let line = |line: u32| line.to_ne_bytes();
    for offset in [5, 6] {
        assert_eq!(ask(watcher, WATCH, structure(256, &[(64, &line(offset))])), (number, String::new(), 0));
    }

    // Version 2: an output that is high, then low, then an input.
    let output = &(1_u64 << 3).to_ne_bytes()[..];
    let values = [&2_u32.to_ne_bytes()[..], &[0; 4], &[1, 0, 0, 0, 0, 0, 0, 0], &[1]].concat();
    let wanted = [(0, &line(5)[..]), (288, output), (296, &line(1)[..]), (320, &values), (560, &line(1))];
    let (taken, out, events) = ask(chip, GET_LINE, structure(592, &wanted));
    assert_eq!((out.as_str(), events), ("5=Some(true)", 1));
    let low = structure(16, &[(8, &[1])]);
    assert_eq!(ask(of(taken), SET_VALUES, low), (number, "5=Some(false)".to_owned(), 0));
    let input = structure(272, &[(0, &(1_u64 << 2).to_ne_bytes())]);
    assert_eq!(ask(of(taken), SET_CONFIG, input), (number, "5=None".to_owned(), 1));

    // Version 1.
    let high = structure(364, &[(0, &line(6)), (256, &line(2)), (260, &[1]), (356, &line(1))]);
    let (taken, out, events) = ask(chip, GET_HANDLE, high);
    assert_eq!((out.as_str(), events), ("6=Some(true)", 1));
    assert_eq!(ask(of(taken), HANDLE_SET_VALUES, vec![0; 64]), (number, "6=Some(false)".to_owned(), 0));
    let input = structure(84, &[(0, &line(1))]);
    assert_eq!(ask(of(taken), HANDLE_SET_CONFIG, input), (number, "6=None".to_owned(), 1));
    let edges = structure(48, &[(0, &line(7)), (4, &line(1)), (8, &line(3))]);
    assert!(matches!(ask(chip, GET_EVENT, edges).0, Answer::File { .. }));

    assert_eq!(ask(watcher, UNWATCH, line(6).to_vec()), (number, String::new(), 0));
}
