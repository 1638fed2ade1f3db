//! The GPIO character device under any calls, and on a whole machine.
#![cfg(target_os = "linux")]

mod gpio_program;

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::time::Duration;

use gpio_program::{AT, Bytes, Program, WIRED, stamp, structure, u32_at, u32s, u64_at};
use mlsensor_host::virtual_bus::real_time::ManualTime;
use mlsensor_host::virtual_bus::{Access, Answer, Call, Event, FileId, Machine, Node, Setup};
use proptest::prelude::*;

const GET_LINEINFO: u32 = 0xC048_B402;
const GET_LINEHANDLE: u32 = 0xC16C_B403;
const GET_LINEEVENT: u32 = 0xC030_B404;
const GET_LINE: u32 = 0xC250_B407;

/// All requests of the header, with the sizes of their structures.
const REQUESTS: [(u32, usize); 15] = [
    (0x8044_B401, 68),
    (GET_LINEINFO, 72),
    (GET_LINEHANDLE, 364),
    (GET_LINEEVENT, 48),
    (0xC100_B405, 256),
    (0xC100_B406, 256),
    (GET_LINE, 592),
    (0xC040_B408, 64),
    (0xC040_B409, 64),
    (0xC054_B40A, 84),
    (0xC048_B40B, 72),
    (0xC004_B40C, 4),
    (0xC110_B40D, 272),
    (0xC010_B40E, 16),
    (0xC010_B40F, 16),
];

/// What a program and the world can do.
#[derive(Debug, Clone)]
enum Step {
    Open,
    Close(usize),
    Ioctl { file: usize, request: u32, bytes: Vec<u8>, writable: bool },
    Edge(bool, u64),
    Pass(u64),
}

/// A structure that is mostly zero: one of random bytes would hardly ever be accepted.
fn sparse(size: usize) -> impl Strategy<Value = Vec<u8>> {
    let value = prop_oneof![Just(1_u8), Just(2), Just(3), Just(4), Just(8), 0..20_u8, any::<u8>()];
    let word = (0..size.div_ceil(4), value);
    proptest::collection::vec(word, 0..5).prop_map(move |words| {
        let mut bytes = vec![0; size];
        words.into_iter().for_each(|(word, value)| bytes[word * 4] = value);
        bytes
    })
}

/// A request for a few lines that has a good chance.
fn asked(request: u32) -> BoxedStrategy<Vec<u8>> {
    let lines = proptest::collection::vec(prop_oneof![Just(WIRED), 0..60_u32], 1..4);
    match request {
        GET_LINEHANDLE => (lines, 0..12_u32)
            .prop_map(|(lines, flags)| {
                let (count, lines) = (u32s(&[lines.len() as u32]), u32s(&lines));
                structure(364, &[(0, &lines), (256, &u32s(&[flags])), (356, &count)])
            })
            .boxed(),
        GET_LINEEVENT => (lines, 0..8_u32)
            .prop_map(|(lines, edges)| structure(48, &[(0, &u32s(&[lines[0], 0, edges]))]))
            .boxed(),
        _ => (lines, 0..0x80_u32, 0..3_u32)
            .prop_map(|(lines, flags, debounced)| {
                let (count, lines) = (u32s(&[lines.len() as u32]), u32s(&lines));
                let debounce = structure(24, &[(0, &u32s(&[3])), (8, &u32s(&[500])), (16, &[1])]);
                let config = u32s(&[flags, 0, debounced]);
                structure(592, &[(0, &lines), (288, &config), (320, &debounce), (560, &count)])
            })
            .boxed(),
    }
}

fn step() -> impl Strategy<Value = Step> {
    let file = 0..12_usize;
    let known = proptest::sample::select(REQUESTS.to_vec())
        .prop_flat_map(|(request, size)| (Just(request), sparse(size), proptest::bool::weighted(0.9)));
    let taking = proptest::sample::select(vec![GET_LINEHANDLE, GET_LINEEVENT, GET_LINE])
        .prop_flat_map(|request| (Just(request), asked(request), Just(true)));
    let other = (any::<u32>(), proptest::collection::vec(any::<u8>(), 0..600), Just(true));
    let ioctl = prop_oneof![4 => known, 4 => taking, 1 => other];
    prop_oneof![
        1 => Just(Step::Open),
        3 => file.clone().prop_map(Step::Close),
        9 => (file, ioctl).prop_map(|(file, (request, bytes, writable))| {
            // Requests for lines are for the chip.
            let file = if [GET_LINEHANDLE, GET_LINEEVENT, GET_LINE].contains(&request) { 0 } else { file };
            Step::Ioctl { file, request, bytes, writable }
        }),
        3 => (any::<bool>(), 0..2000_u64).prop_map(|(is_high, us)| Step::Edge(is_high, us)),
        1 => (0..2000_u64).prop_map(Step::Pass),
    ]
}

/// The lines that a request names, which was granted.
fn lines_of(request: u32, bytes: &[u8]) -> Vec<u32> {
    let count = match request {
        GET_LINEEVENT => 1,
        GET_LINEHANDLE => u32_at(bytes, 356),
        _ => u32_at(bytes, 560),
    };
    (0..count as usize).map(|line| u32_at(bytes, line * 4)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_line_belongs_to_the_file_that_it_was_given_and_events_to_files_that_are_open(
        steps in proptest::collection::vec(step(), 0..60)
    ) {
        let mut program = Program::new();
        let mut chips = vec![program.file];
        let mut held: BTreeMap<FileId, Vec<u32>> = BTreeMap::new();
        for step in steps {
            let files: Vec<FileId> = chips.iter().chain(held.keys()).copied().collect();
            match step {
                Step::Open => chips.push(program.open()),
                // The first stays, to ask by.
                Step::Close(file) => if let Some(&file) = files.get(file + 1) {
                    program.close(file);
                    chips.retain(|&chip| chip != file);
                    held.remove(&file);
                },
                Step::Ioctl { file, request, bytes, writable } => {
                    let Some(&file) = files.get(file) else { continue };
                    let asked = bytes.clone();
                    let mut memory = Bytes { bytes, writable };
                    let call = Call::Ioctl { request, argument: AT };
                    if let Ok(Answer::File { file: new, at }) = program.raw(file, call, &mut memory) {
                        prop_assert!(chips.contains(&file) && !files.contains(&new));
                        prop_assert!(at >= AT && at + 4 <= AT + asked.len() as u64);
                        held.insert(new, lines_of(request, &asked));
                    }
                }
                Step::Edge(is_high, us) => {
                    program.now_us += us;
                    program.edge(is_high, program.now_us);
                }
                Step::Pass(us) => {
                    program.now_us += us;
                    program.chip.pass(stamp(program.now_us));
                    prop_assert!(program.chip.due().is_none_or(|due| due.is_zero() || due > stamp(program.now_us).monotonic));
                }
            }
            let taken: Vec<u32> = held.values().flatten().copied().collect();
            for line in 0..58 {
                let info = program.ioctl(program.file, GET_LINEINFO, structure(72, &[(0, &u32s(&[line]))])).unwrap();
                prop_assert_eq!(u32_at(&info, 4) & 1 == 1, taken.contains(&line), "line {}", line);
            }
            for Event { file, bytes } in program.chip.take_events() {
                let sizes: &[usize] = if held.contains_key(&file) { &[16, 48] } else { &[104, 288] };
                prop_assert!(sizes.contains(&bytes.len()), "{}", bytes.len());
                // What was told before a file was closed is lost with it.
                let is_open = held.contains_key(&file) || chips.contains(&file);
                prop_assert!(is_open, "{:?}", file);
            }
        }
    }
}

/// A machine before which somebody walks up, and the clock that lets it live.
fn machine() -> (Machine, ManualTime) {
    let clock = ManualTime::new();
    (Machine::new(Setup::default().world(Box::new(clock.clone()))), clock)
}

fn request_edges(machine: &mut Machine, chip: FileId, line: u32) -> FileId {
    let bytes = structure(48, &[(0, &u32s(&[line, 0, 3]))]);
    let mut memory = Bytes { bytes, writable: true };
    let call = Call::Ioctl { request: GET_LINEEVENT, argument: AT };
    match machine.call(chip, call, &mut memory).outcome {
        Ok(Answer::File { file, at }) => {
            assert_eq!(at, AT + 44);
            file
        }
        outcome => panic!("{outcome:?}"),
    }
}

#[test]
fn who_waits_for_the_presence_pin_is_told_when_somebody_comes() {
    let (mut machine, clock) = machine();
    assert_eq!(machine.node("/dev/gpiochip0"), Some(Node::GpioChip));
    let chip = machine.open(Node::GpioChip, Access::from_flags(0)).unwrap();
    let line = request_edges(&mut machine, chip, WIRED);
    let mut woken = 0;
    let event = loop {
        // Waiting for as long as the machine says is enough: no edge is missed, and none comes late.
        let wait = machine.wake_in().expect("somebody comes");
        assert!(woken < 10_000 && clock_now(&clock) < Duration::from_secs(60), "nobody came");
        clock.advance(wait.max(Duration::from_nanos(1)));
        woken += 1;
        if let [event] = &machine.catch_up()[..] {
            break event.clone();
        }
    };
    assert_eq!(event.file, line);
    assert_eq!(u32_at(&event.bytes, 8), 1, "rising");
    assert_eq!(Duration::from_nanos(u64_at(&event.bytes, 0)), clock_now(&clock), "told at once");
}

fn clock_now(clock: &ManualTime) -> Duration {
    use mlsensor_host::virtual_bus::real_time::Clock;
    clock.now()
}

#[test]
fn an_edge_that_is_asked_for_late_has_the_time_at_which_it_was() {
    let ((mut early, early_clock), (mut late, late_clock)) = (machine(), machine());
    let mut times = Vec::new();
    for (machine, clock, steps) in [(&mut early, &early_clock, 4000), (&mut late, &late_clock, 4)] {
        let chip = machine.open(Node::GpioChip, Access::BOTH).unwrap();
        let line = request_edges(machine, chip, WIRED);
        let mut events = Vec::new();
        for _ in 0..steps {
            clock.advance(Duration::from_secs(40) / steps);
            events.extend(machine.catch_up());
        }
        assert!(events.iter().all(|event| event.file == line));
        times.push(events.iter().map(|event| u64_at(&event.bytes, 0)).collect::<Vec<_>>());
    }
    assert!(!times[0].is_empty());
    assert_eq!(times[0], times[1]);
}

#[test]
fn a_line_is_free_again_when_its_file_could_not_be_given() {
    let (mut machine, _) = machine();
    let chip = machine.open(Node::GpioChip, Access::BOTH).unwrap();
    let line = request_edges(&mut machine, chip, WIRED);
    machine.close(line);
    let again = request_edges(&mut machine, chip, WIRED);
    assert_ne!(again, line, "no number is used twice");
}

#[test]
fn somebody_can_see_what_a_program_makes_of_an_output() {
    let (mut machine, _) = machine();
    let (tell, told) = mpsc::channel();
    machine.watch_outputs(move |change| tell.send((change.name.clone(), change.level)).unwrap());
    let chip = machine.open(Node::GpioChip, Access::BOTH).unwrap();
    // Outputs 18 and 19, of which the second is high.
    let bytes = structure(364, &[(0, &u32s(&[18, 19])), (256, &u32s(&[2])), (261, &[1]), (356, &u32s(&[2]))]);
    let mut memory = Bytes { bytes, writable: true };
    let call = Call::Ioctl { request: GET_LINEHANDLE, argument: AT };
    assert!(matches!(machine.call(chip, call, &mut memory).outcome, Ok(Answer::File { .. })));
    let told: Vec<_> = told.try_iter().collect();
    assert_eq!(told, [("GPIO18".to_owned(), Some(false)), ("GPIO19".to_owned(), Some(true))]);
}
