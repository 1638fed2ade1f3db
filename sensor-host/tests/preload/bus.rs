//! Reads, writes and ioctls, as the C library makes them.

use crate::{EMPTY, does, is_packet, prints, python, shared_program};

#[test]
fn a_program_reads_a_packet_and_the_byte_past_it() {
    is_packet(prints(&[], shared_program(), &["read"]).trim(), "read");
    let line = prints(EMPTY, shared_program(), &["read", "40"]);
    let hex = line.trim().strip_prefix("read 40 ").unwrap();
    assert_eq!((hex.len(), &hex[78..]), (80, "ff"), "{line}");
}

#[test]
fn transfers_have_nested_messages() {
    let expected = "rdwr 2 errno 0\n00002100\nsmbus 0 errno 0\n00\nfunctions 0 errno 0\n1\n";
    assert_eq!(does(EMPTY, "transfers"), expected);
}

#[test]
fn the_largest_transfer_goes_through() {
    // The adapter of a Pi takes no more than one message that is read.
    let options = ["--scenario", "empty_room", "--errno", "plain"];
    assert_eq!(does(&options, "large"), "large 42 errno 0\n21 21 ff\n");
}

#[test]
fn memory_that_is_not_there_is_efault_and_no_crash() {
    let printed = does(EMPTY, "bad-memory");
    let lines: Vec<&str> = printed.lines().collect();
    let (good, bad) = lines.split_last().unwrap();
    assert_eq!((*good, bad.len()), ("good 39 errno 0", 12), "{printed}");
    assert!(bad.iter().all(|line| line.ends_with(" -1 errno 14")), "{printed}");
}

#[test]
fn an_address_that_no_program_has_is_efault_and_no_crash() {
    let printed = does(EMPTY, "bad-addresses");
    let lines: Vec<&str> = printed.lines().collect();
    let (good, bad) = lines.split_last().unwrap();
    assert_eq!((*good, bad.len()), ("good 39 errno 0", 4 * 14 + 2), "{printed}");
    assert!(bad.iter().all(|line| line.ends_with(" -1 errno 14")), "{printed}");
}

#[test]
fn an_interpreter_reads_by_io_open_and_fcntl() {
    let printed = python(
        "import fcntl, io, os, stat\n\
         print(os.path.exists('/dev/i2c-1'), os.path.exists('/dev/i2c-2'))\n\
         print(stat.filemode(os.stat('/dev/i2c-1').st_mode), hex(os.stat('/dev/i2c-1').st_rdev))\n\
         f = io.open('/dev/i2c-1', 'r+b', buffering=0)\n\
         print(os.fstat(f.fileno()) == os.stat('/dev/i2c-1'))\n\
         fcntl.ioctl(f, 0x703, 0x62)\n\
         print(f.write(bytes([1, 1])))\n\
         print('python 39', f.read(39).hex())",
    );
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[..4], ["True False", "crw-rw---- 0x5901", "True", "2"]);
    is_packet(lines[4], "python");
}

#[test]
fn threads_with_one_file_or_their_own_each_read_whole_packets() {
    for mode in ["shared", "threads"] {
        assert_eq!(prints(&[], shared_program(), &[mode]), "500 ".repeat(8) + "\n");
    }
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
    let printed = prints(&[], shared_program(), &["errors"]);
    assert_eq!(printed.lines().collect::<Vec<_>>(), lines);
}

#[test]
fn vectors_of_buffers_are_transfers_one_after_the_other() {
    let expected =
        "readv 39 errno 0\nstarts 33 33\npread 29 errno 0\npreadv2 10 errno 0\nflags -1 errno 95\n";
    assert_eq!(prints(EMPTY, shared_program(), &["vectors"]), expected);
}

#[test]
fn a_position_before_the_beginning_is_none() {
    let printed = python(
        "import os\n\
         file = os.open('/dev/i2c-1', os.O_RDWR)\n\
         for read in (os.pread, os.pwrite, lambda f, b, at: os.preadv(f, [bytearray(b)], at)):\n\
         \x20   try: read(file, 3 if read is os.pread else b'123', -2)\n\
         \x20   except OSError as error: print(error.errno)",
    );
    assert_eq!(printed, "22\n22\n22\n");
}

#[test]
fn a_slow_transfer_holds_up_nobody_and_takes_its_time() {
    let slow = ["--bit-rate", "100000"];
    let printed = prints(&slow, shared_program(), &["transfer-and-open"]);
    assert_eq!(printed, "opened 100, transfer is over: 0\nover e\n");
    assert_eq!(prints(&slow, shared_program(), &["handled"]), "good 50, alarms 1\n");
    let printed = prints(&slow, shared_program(), &["killed-in-transfer"]);
    let (first, second) = printed.split_once('\n').unwrap();
    assert_eq!(first, "signal 9");
    is_packet(second.trim(), "after");
}

#[test]
fn the_presence_pin_is_an_event_of_a_line() {
    // Version 1 of the interface, whose record is 16 bytes: an input, both edges.
    let printed = python_at_speed(
        "import fcntl, os, struct, stat, select\n\
         chip = os.open('/dev/gpiochip0', os.O_RDWR)\n\
         request = bytearray(struct.pack('III32si', 17, 1, 3, b'test', -1))\n\
         fcntl.ioctl(chip, 0xC030B404, request)\n\
         line = struct.unpack('III32si', request)[4]\n\
         try: os.read(line, 15)\n\
         except OSError as error: print('short', error.errno)\n\
         poll = select.poll(); poll.register(line, select.POLLIN); poll.poll()\n\
         record = os.read(line, 64)\n\
         print(len(record), struct.unpack('QI4x', record)[1] in (1, 2), stat.S_ISSOCK(os.fstat(line).st_mode))\n\
         try: fcntl.ioctl(chip, 0xC030B404, request)\n\
         except OSError as error: print('twice', error.errno)\n\
         os.close(line)\n\
         fcntl.ioctl(chip, 0xC030B404, request)\n\
         print('again')",
    );
    assert_eq!(printed, "short 22\n16 True False\ntwice 16\nagain\n");
}

fn python_at_speed(script: &str) -> String {
    // Somebody comes and goes again and again.
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/scenarios/come_and_go.toml");
    prints(&["--scenario", scenario, "--speed", "20"], "python3", &["-c", script])
}
