//! How many records of events wait to be read, as the kernel has it.

mod gpio_program;

use gpio_program::{Program, WIRED, structure, u32s};
use mlsensor_host::virtual_bus::gpio::Queue;

const GET_LINEHANDLE: u32 = 0xC16C_B403;
const GET_LINEEVENT: u32 = 0xC030_B404;
const V2_GET_LINE: u32 = 0xC250_B407;
const V2_GET_LINEINFO_WATCH: u32 = 0xC100_B406;

/// `struct gpio_v2_line_request`: the number of lines is at 560, that of events at 564.
fn lines(program: &mut Program, lines: u32, events: u32) -> Option<Queue> {
    let offsets: Vec<u32> = (0..lines).collect();
    let numbers = u32s(&[lines, events]);
    let request = structure(592, &[(0, &u32s(&offsets)), (560, &numbers)]);
    let (file, _) = program.request(V2_GET_LINE, request).unwrap();
    let queue = program.chip.queue(file);
    program.close(file);
    queue
}

#[test]
fn sixteen_events_of_version_1_wait_and_none_of_lines_without_events() {
    let mut program = Program::new();
    let event = structure(48, &[(0, &u32s(&[WIRED, 1, 3]))]);
    let (file, _) = program.request(GET_LINEEVENT, event).unwrap();
    assert_eq!(program.chip.queue(file), Some(Queue { record: 16, most: 16, is_checked_first: true }));
    // One line, an input.
    let handle = structure(364, &[(0, &u32s(&[3])), (256, &u32s(&[1])), (356, &u32s(&[1]))]);
    let (file, _) = program.request(GET_LINEHANDLE, handle).unwrap();
    assert_eq!(program.chip.queue(file), None);
}

#[test]
fn as_many_events_of_version_2_wait_as_a_program_asks_for_rounded_up() {
    let mut program = Program::new();
    for (count, events, most) in
        [(1, 0, 16), (3, 0, 64), (1, 1, 1), (1, 5, 8), (1, 16, 16), (1, 1000, 1024), (1, 5000, 1024)]
    {
        let expected = Some(Queue { record: 48, most, is_checked_first: true });
        assert_eq!(lines(&mut program, count, events), expected, "{count} lines, {events} events");
    }
}

#[test]
fn thirty_two_changes_of_watched_lines_wait() {
    let mut program = Program::new();
    let queue = |record| Some(Queue { record, most: 32, is_checked_first: false });
    assert_eq!(program.chip.queue(program.file), queue(104));
    program.ioctl(program.file, V2_GET_LINEINFO_WATCH, structure(256, &[])).unwrap();
    assert_eq!(program.chip.queue(program.file), queue(288));
}
