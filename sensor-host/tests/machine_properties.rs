//! Any calls of a program: what holds for each of them, and that files and buses do not get into each other's way.

mod program;

use std::time::Duration;

use mlsensor_host::virtual_bus::errno::Style;
use mlsensor_host::virtual_bus::{Access, Answer, Call, Errno, Memory, Node, Wiring};
use program::{BEGIN, LENGTH, NOBODY, Program, Ram};
use proptest::prelude::*;

/// A pointer into the program's memory, to its edges, or to anywhere.
fn pointer() -> impl Strategy<Value = u64> {
    prop_oneof![
        6 => (0..LENGTH as u64).prop_map(|at| BEGIN + at),
        1 => Just(0),
        1 => (0_u64..64).prop_map(|before| BEGIN + LENGTH as u64 - before),
        1 => (0_u64..64).prop_map(u64::wrapping_neg),
        1 => any::<u64>(),
    ]
}

fn call() -> impl Strategy<Value = Call> {
    let len = || prop_oneof![0_u64..50, 8190_u64..8200, any::<u64>()];
    let known = prop::sample::select(vec![0x701_u32, 0x702, 0x703, 0x704, 0x705, 0x706, 0x707, 0x708, 0x720]);
    let request = prop_oneof![9 => known, 1 => any::<u32>()];
    let argument = prop_oneof![2 => pointer(), 1 => 0_u64..0x400, 1 => Just(0x62)];
    prop_oneof![
        (pointer(), len()).prop_map(|(at, len)| Call::Read { at, len }),
        (pointer(), len()).prop_map(|(at, len)| Call::Write { at, len }),
        (request, argument).prop_map(|(request, argument)| Call::Ioctl { request, argument }),
    ]
}

fn style() -> impl Strategy<Value = Style> {
    prop::sample::select(Style::ALL.to_vec())
}

/// Memory that counts what is copied.
struct Counting {
    ram: Ram,
    longest: usize,
    read: usize,
    written: usize,
}

impl Memory for Counting {
    fn read(&mut self, at: u64, into: &mut [u8]) -> Result<(), Errno> {
        self.longest = self.longest.max(into.len());
        self.read += into.len();
        self.ram.read(at, into)
    }

    fn write(&mut self, at: u64, bytes: &[u8]) -> Result<(), Errno> {
        self.longest = self.longest.max(bytes.len());
        self.written += bytes.len();
        self.ram.write(at, bytes)
    }

    fn is_32_bit(&self) -> bool {
        self.ram.is_32_bit
    }
}

/// 42 messages of 8192 bytes, their headers, and the structure that names them.
const MOST_COPIED: usize = 42 * (8192 + 16) + 16;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn any_calls_with_any_memory_are_answered_and_copy_a_bounded_amount(
        style in style(),
        calls in prop::collection::vec((call(), 0_u64..1000), 1..60),
        seed in any::<u64>(),
        is_32_bit in any::<bool>(),
    ) {
        let mut program = Program::wired(Wiring { style, ..Wiring::default() });
        let mut ram = program.ram.clone();
        // Something everywhere: most of it is no address, some of it is.
        let mut state = seed | 1;
        for chunk in ram.bytes.chunks_mut(8) {
            state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
            let word = match state >> 61 {
                0..=3 => (BEGIN + (state >> 40) % LENGTH as u64).to_le_bytes(),
                4 => [0x62, 0, (state >> 20) as u8 & 1, 0, (state >> 24) as u8, 0, 0, 0],
                5 => [(state >> 20) as u8 & 1, 0, 0, 0, (state >> 24) as u8 % 10, 0, 0, 0],
                6 => [(state >> 20) as u8 % 44, 0, 0, 0, 0, 0, 0, 0],
                _ => state.to_le_bytes(),
            };
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        ram.is_32_bit = is_32_bit;
        let mut memory = Counting { ram, longest: 0, read: 0, written: 0 };
        for (call, wait) in calls {
            (memory.longest, memory.read, memory.written) = (0, 0, 0);
            let reply = program.machine.call(program.file, call, &mut memory);
            prop_assert!(memory.longest <= 8192, "{call:?}");
            prop_assert!(memory.read <= MOST_COPIED && memory.written <= 42 * 8192, "{call:?}");
            prop_assert_eq!(reply.after, Duration::ZERO);
            match (call, reply.outcome) {
                (Call::Read { len, .. } | Call::Write { len, .. }, Ok(answer)) => {
                    prop_assert_eq!(answer, Answer::Number(len.min(8192) as i64));
                }
                (Call::Ioctl { request: 0x707, .. }, Ok(answer)) => {
                    prop_assert!(matches!(answer, Answer::Number(1..=42)), "{answer:?}");
                }
                (Call::Ioctl { request, .. }, Ok(answer)) => {
                    prop_assert_eq!(answer, Answer::Number(0));
                    prop_assert!((0x701..=0x708).contains(&request) || request == 0x720);
                }
                (_, Err(errno)) => prop_assert_ne!(errno, Errno::BADF),
            }
            program.wait(Duration::from_millis(wait));
        }
        // Whatever was done, a new file finds the bus in order.
        program.ram.is_32_bit = false;
        program.file = program.machine.open(Node::Bus(1), Access::BOTH).unwrap();
        program.select(0x62);
        let packet = program.read(39);
        prop_assert!(packet.is_ok(), "{packet:?}");
    }

    #[test]
    fn each_file_keeps_its_own_address(addresses in prop::collection::vec(0_u64..0x80, 1..20), order in any::<u64>()) {
        let mut program = Program::new();
        let mut files = Vec::new();
        for &address in &addresses {
            program.file = program.machine.open(Node::Bus(1), Access::BOTH).unwrap();
            program.select(address);
            files.push((program.file, address));
        }
        let turn = order as usize % files.len();
        files.rotate_left(turn);
        for (file, address) in files {
            program.file = file;
            let expected = if address == 0x62 { Ok(NOBODY.to_vec()) } else { Err(Errno::REMOTEIO) };
            prop_assert_eq!(program.read(39), expected, "{:#x}", address);
        }
    }

    #[test]
    fn a_read_in_any_two_messages_is_a_read_in_one(first in 0_u16..40, second in 0_u16..40) {
        // Where a repeated START goes on is an assumption: that it does.
        let mut program = Program::wired(Wiring { style: Style::Plain, ..Wiring::default() });
        let mut list = Vec::new();
        for (len, at) in [(first, BEGIN + 0x1000), (second, BEGIN + 0x1000 + u64::from(first))] {
            list.extend([0x62, 0, 1, 0]);
            list.extend(len.to_le_bytes());
            list.extend([0, 0]);
            list.extend(at.to_le_bytes());
        }
        program.place(BEGIN + 0x100, &list);
        program.place(BEGIN, &[&(BEGIN + 0x100).to_le_bytes()[..], &[2, 0, 0, 0, 0, 0, 0, 0]].concat());
        prop_assert_eq!(program.ioctl(0x707, BEGIN), Ok(2));
        let both = program.bytes(BEGIN + 0x1000, usize::from(first + second));
        // A second read that begins behind the packet begins at its first byte.
        if first < 39 {
            let mut expected = NOBODY.to_vec();
            expected.resize(80, 0xFF);
            prop_assert_eq!(&both[..], &expected[..both.len()]);
        }
    }
}
