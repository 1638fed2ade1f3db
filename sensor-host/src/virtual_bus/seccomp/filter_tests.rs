//! The filter, run by an interpreter of classic BPF that is written after linux/filter.h, and held against a plain
//! statement of what is to be asked.

use proptest::prelude::*;

use super::calls::{ARCH, OTHER_ARCH, OTHER_OPENS, TABLE};
use super::filter::{ALLOW, ASK, Instruction, Numbers, Ranges, program};
use super::named;

/// What the kernel's interpreter does, for the instructions that seccomp allows; `Err` for what it refuses to install.
fn run(program: &[Instruction], number: u32, arch: u32, arguments: [u64; 6]) -> Result<u32, String> {
    let mut data = Vec::new();
    data.extend(number.to_ne_bytes());
    data.extend(arch.to_ne_bytes());
    data.extend(0xdead_beef_u64.to_ne_bytes());
    data.extend(arguments.iter().flat_map(|argument| argument.to_ne_bytes()));
    let (mut at, mut accumulator) = (0_usize, 0_u32);
    loop {
        let instruction = program.get(at).ok_or(format!("fell off at {at}"))?;
        let k = instruction.constant;
        let jump =
            |condition| usize::from(if condition { instruction.if_true } else { instruction.if_false });
        at += 1;
        match instruction.code {
            0x20 => {
                let from = k as usize;
                if from % 4 != 0 {
                    return Err(format!("load of {from}"));
                }
                let word = data.get(from..from + 4).ok_or(format!("load of {from}"))?;
                accumulator = u32::from_ne_bytes(word.try_into().unwrap());
            }
            0x54 => accumulator &= k,
            0x74 => accumulator >>= k,
            0x05 => at += k as usize,
            0x15 => at += jump(accumulator == k),
            0x25 => at += jump(accumulator > k),
            0x35 => at += jump(accumulator >= k),
            0x45 => at += jump(accumulator & k != 0),
            0x06 => return Ok(k),
            code => return Err(format!("instruction {code:#x}")),
        }
    }
}

const RANGES: Ranges =
    Ranges { buses: Numbers { first: 896, last: 991 }, lines: Numbers { first: 992, last: 1023 } };

fn decide(number: i64, arguments: [u64; 6]) -> u32 {
    run(&program(RANGES), number as u32, ARCH, arguments).unwrap()
}

/// Arguments of a call on a file.
fn on(file: u64, second: u64) -> [u64; 6] {
    [file, second, 0, 0, 0, 0]
}

#[test]
fn reads_and_writes_are_asked_of_both_kinds_alone() {
    let calls = [
        libc::SYS_read,
        libc::SYS_write,
        libc::SYS_pread64,
        libc::SYS_pwrite64,
        libc::SYS_readv,
        libc::SYS_writev,
        libc::SYS_preadv,
        libc::SYS_pwritev,
        libc::SYS_preadv2,
        libc::SYS_pwritev2,
    ];
    for call in calls {
        for file in 0..=2100 {
            let expected = if (896..=1023).contains(&file) { ASK } else { ALLOW };
            assert_eq!(decide(call, on(file, 0x1000)), expected, "call {call}, file {file}");
        }
        // The kernel takes the lower half alone.
        assert_eq!(decide(call, on(0xffff_ffff_0000_0380, 0)), ASK);
        assert_eq!(decide(call, on(u64::from(u32::MAX), 0)), ALLOW);
    }
}

#[test]
fn a_seek_is_asked_of_buses_alone() {
    for file in 0..=2100 {
        let expected = if (896..=991).contains(&file) { ASK } else { ALLOW };
        assert_eq!(decide(libc::SYS_lseek, on(file, 0)), expected, "file {file}");
    }
}

#[test]
fn duplicates_and_fstat_are_asked_of_both_kinds() {
    for call in [libc::SYS_dup, libc::SYS_dup3, libc::SYS_fstat] {
        for file in 0..=2100 {
            // A program is given the bus as its standard input, and looks at what that is.
            let is_standard = call == libc::SYS_fstat && file <= 2;
            let expected = if is_standard || (896..=1023).contains(&file) { ASK } else { ALLOW };
            assert_eq!(decide(call, on(file, 5)), expected, "call {call}, file {file}");
        }
    }
    for command in 0..=2000 {
        let expected = if [0, 3, 6, 7, 37, 38, 1030].contains(&command) { ASK } else { ALLOW };
        assert_eq!(decide(libc::SYS_fcntl, on(900, command)), expected, "fcntl {command}");
        assert_eq!(decide(libc::SYS_fcntl, on(3, command)), ALLOW, "fcntl {command}");
    }
}

#[test]
fn an_ioctl_of_the_buses_or_of_the_chip_is_asked_wherever_the_file_is() {
    for request in 0..=0xffff {
        let is_ours = request >> 8 == 0x7 || request >> 8 == 0xB4;
        assert_eq!(decide(libc::SYS_ioctl, on(5, request)) == ASK, is_ours, "request {request:#x}");
        assert_eq!(decide(libc::SYS_ioctl, on(1000, request)), ASK);
    }
    // With a direction and a size, as those of the chip have: GPIO_GET_CHIPINFO_IOCTL.
    assert_eq!(decide(libc::SYS_ioctl, on(5, 0x8044_b401)), ASK);
    // TCGETS, FIONREAD, and a request that has 0x7 in it elsewhere.
    for request in [0x5401, 0x541B, 0x8004_0703] {
        assert_eq!(decide(libc::SYS_ioctl, on(5, request)), ALLOW, "{request:#x}");
    }
}

#[test]
fn what_looks_at_a_path_is_asked_and_what_looks_at_an_open_file_only_of_ours() {
    let empty = libc::AT_EMPTY_PATH as u64;
    let here = libc::AT_FDCWD as u32 as u64;
    for (call, at) in [(libc::SYS_newfstatat, 3), (libc::SYS_statx, 2), (439, 3)] {
        let with = |file, flags| {
            let mut arguments = [file, 0x1000, 0, 0, 0, 0];
            arguments[at] = flags;
            decide(call, arguments)
        };
        assert_eq!(
            [with(5, 0), with(here, 0), with(here, empty), with(900, empty), with(1023, empty)],
            [ASK; 5]
        );
        assert_eq!([with(0, empty), with(2, empty)], [ASK; 2]);
        assert_eq!([with(3, empty), with(5, empty), with(895, empty), with(1024, empty | 0x100)], [ALLOW; 4]);
    }
}

#[test]
fn a_32_bit_program_is_asked_when_it_opens_and_left_alone_otherwise() {
    let code = program(RANGES);
    for number in 0..=500 {
        let expected = if OTHER_OPENS.contains(&number) { ASK } else { ALLOW };
        assert_eq!(run(&code, number, OTHER_ARCH, on(900, 0x703)).unwrap(), expected, "call {number}");
        assert_eq!(run(&code, number, 0x1234, on(900, 0x703)).unwrap(), ALLOW, "another architecture");
    }
}

#[test]
fn calls_that_are_not_in_the_table_are_never_asked() {
    for number in (0..=600).chain([0x4000_0000, 0x4000_0001, u32::MAX]) {
        let is_named = named::TABLE.iter().any(|(known, ..)| *known == number);
        if is_named {
            assert_eq!(run(&program(RANGES), number, ARCH, on(900, 0x703)).unwrap(), ASK, "call {number}");
        } else if TABLE.iter().all(|(known, _)| *known != number) {
            let outcome = run(&program(RANGES), number, ARCH, on(900, 0x703)).unwrap();
            assert_eq!(outcome, ALLOW, "call {number}");
        }
    }
}

#[test]
fn the_ranges_fit_under_any_limit() {
    for limit in 0..=70_000_u64 {
        let Ranges { buses, lines } = Ranges::below(limit);
        assert!(
            buses.first <= buses.last && buses.last + 1 == lines.first && lines.first <= lines.last,
            "{limit}"
        );
        assert!(u64::from(lines.last) < limit.clamp(8, 1024), "{limit}");
        assert!(buses.first >= 4, "not where standard files are: {limit}");
    }
    assert_eq!(Ranges::below(1024), RANGES);
    assert_eq!(Ranges::below(u64::MAX), RANGES);
}

proptest! {
    #[test]
    fn any_call_ends_at_an_answer(
        number in any::<u32>(),
        arch in prop::sample::select(vec![ARCH, OTHER_ARCH, 0, u32::MAX]),
        arguments in any::<[u64; 6]>(),
        limit in any::<u64>(),
    ) {
        let outcome = run(&program(Ranges::below(limit)), number, arch, arguments).unwrap();
        prop_assert!(outcome == ALLOW || outcome == ASK);
    }

    #[test]
    fn any_trapped_call_ends_at_an_answer(
        at in 0..TABLE.len(),
        file in prop_oneof![0_u64..1100, any::<u64>()],
        rest in any::<[u64; 5]>(),
    ) {
        let [b, c, d, e, f] = rest;
        let outcome = run(&program(RANGES), TABLE[at].0, ARCH, [file, b, c, d, e, f]).unwrap();
        prop_assert!(outcome == ALLOW || outcome == ASK);
    }
}

#[test]
fn the_kernel_takes_programs_of_this_length() {
    assert!(program(RANGES).len() < 4096);
}
