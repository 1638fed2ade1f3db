//! Reads, writes and ioctls, as a static program makes them.

use crate::{does, is_packet, prints};

/// Nobody is there: each packet is the same.
const EMPTY: &[&str] = &["--scenario", "empty_room"];

#[test]
fn a_static_program_reads_a_packet() {
    is_packet(&does(&[], &["read"]), "read");
}

#[test]
fn a_byte_past_the_packet_is_what_the_idle_bus_gives() {
    let line = does(EMPTY, &["read", "40"]);
    let hex = line.trim().strip_prefix("read 40 ").unwrap();
    assert_eq!((hex.len(), &hex[78..]), (80, "ff"), "{line}");
}

#[test]
fn an_interpreter_reads_by_io_open_and_fcntl() {
    let script = "import fcntl, io\n\
        f = io.open('/dev/i2c-1', 'r+b', buffering=0)\n\
        fcntl.ioctl(f, 0x703, 0x62)\n\
        print('python 39', f.read(39).hex())\n\
        print(f.write(bytes([1, 1])))";
    let printed = prints(&[], "python3", &["-c", script]);
    let (first, second) = printed.split_once('\n').unwrap();
    is_packet(first, "python");
    assert_eq!(second, "2\n");
}

#[test]
fn threads_that_share_a_file_each_read_whole_packets() {
    assert_eq!(does(&[], &["shared"]), "500 ".repeat(8) + "\n");
}

#[test]
fn threads_with_files_of_their_own_each_read_whole_packets() {
    assert_eq!(does(&[], &["threads"]), "500 ".repeat(8) + "\n");
}

#[test]
fn errors_are_the_kernels() {
    let expected = [
        ("absent", 121),
        ("bad pointer", 14),
        ("bad vector", 14),
        ("long vector", 22),
        ("bad ioctl", 25),
        ("bad path", 14),
        ("no bus", 2),
        ("seek", 29),
        ("exclusive", 17),
        ("directory", 20),
        ("read only", 9),
    ];
    let lines: Vec<String> =
        expected.iter().map(|(what, errno)| format!("{what} -1 errno {errno}")).collect();
    assert_eq!(does(&[], &["errors"]).lines().collect::<Vec<_>>(), lines);
}

#[test]
fn the_errno_of_an_absent_sensor_is_the_adapters() {
    let printed = does(&["--errno", "tiny-usb"], &["errors"]);
    assert_eq!(printed.lines().next(), Some("absent -1 errno 6"));
}

#[test]
fn vectors_of_buffers_are_transfers_one_after_the_other() {
    let expected =
        "readv 39 errno 0\nstarts 33 33\npread 29 errno 0\npreadv2 10 errno 0\nflags -1 errno 95\n";
    assert_eq!(does(EMPTY, &["vectors"]), expected);
}

#[test]
fn a_slow_transfer_holds_up_nobody_else() {
    // 4096 bytes at 100 kHz take 0.37 s.
    let printed = does(&["--bit-rate", "100000"], &["transfer-and-open"]);
    assert_eq!(printed, "opened 100, transfer is over: 0\nover e\n");
}

#[test]
fn a_program_can_be_killed_in_a_transfer() {
    let printed = does(&["--bit-rate", "100000"], &["killed-in-transfer"]);
    let (first, second) = printed.split_once('\n').unwrap();
    assert_eq!(first, "signal 9");
    is_packet(second.trim(), "after");
}

#[test]
fn signals_that_are_handled_neither_repeat_nor_cut_short_a_transfer() {
    // A transfer takes 3.6 ms, and every millisecond there is a signal.
    assert_eq!(does(&["--bit-rate", "100000"], &["handled"]), "good 50, alarms 1\n");
}
