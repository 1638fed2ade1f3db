//! i2c-tools: the programs that people reach for first.

use crate::{NOBODY, ROUTES, Sim};

/// Bytes as `i2ctransfer` prints them.
fn hexadecimal(bytes: &str) -> String {
    let words: Vec<String> = bytes.split_whitespace().map(|byte| format!("0x{byte}")).collect();
    words.join(" ") + "\n"
}

#[test]
fn i2cdetect_shows_0x62_and_nothing_else() {
    let head = "     0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f\n";
    for route in ROUTES {
        for options in [&["-y", "1"][..], &["-y", "-r", "1"], &["-y", "-q", "1"]] {
            let ran = Sim::new(route, "empty_room").run("i2cdetect", options);
            let text = ran.text();
            let table = text.strip_prefix(head).unwrap_or_else(|| panic!("{text}{}", ran.shown));
            let seen: Vec<(&str, &str)> = table
                .lines()
                .flat_map(|row| {
                    let (name, cells) = row.split_once(": ").unwrap();
                    cells.split_whitespace().filter(|cell| *cell != "--").map(move |cell| (name, cell))
                })
                .collect();
            assert_eq!(seen, [("60", "62")], "{text}{}", ran.shown);
            ran.exited(0);
        }
    }
}

#[test]
fn i2cdetect_says_what_the_bus_can() {
    for route in ROUTES {
        let ran = Sim::new(route, "empty_room").run("i2cdetect", &["-F", "1"]);
        let can: Vec<&str> = ran.text().leak().lines().filter(|line| line.ends_with("yes")).collect();
        for name in ["I2C", "SMBus Quick Command", "SMBus Send Byte", "SMBus Receive Byte", "I2C Block Read"]
        {
            assert!(can.iter().any(|line| line.starts_with(name)), "{name}: {can:?}{}", ran.shown);
        }
    }
}

#[test]
fn i2cdetect_lists_the_bus() {
    for route in ROUTES {
        let ran = Sim::new(route, "empty_room").option("--bus", "4").run("i2cdetect", &["-l"]);
        assert!(ran.text().lines().any(|line| line.starts_with("i2c-4\ti2c")), "{}{}", ran.text(), ran.shown);
    }
}

#[test]
fn i2ctransfer_reads_a_packet() {
    for route in ROUTES {
        let ran = Sim::new(route, "empty_room").run("i2ctransfer", &["-y", "1", "r39@0x62"]);
        ran.printed(&hexadecimal(NOBODY));
    }
}

#[test]
fn what_is_read_behind_a_packet_is_all_ones() {
    for route in ROUTES {
        let ran = Sim::new(route, "empty_room").run("i2ctransfer", &["-y", "1", "r40@0x62"]);
        ran.printed(&hexadecimal(&format!("{NOBODY} ff")));
    }
}

#[test]
fn i2ctransfer_writes_and_reads_with_a_repeated_start() {
    for route in ROUTES {
        let ran =
            Sim::new(route, "empty_room").run("i2ctransfer", &["-y", "1", "w2@0x62", "1", "1", "r4@0x62"]);
        ran.printed("0x00 0x00 0x21 0x00\n");
    }
}

#[test]
fn an_address_where_nothing_is_gives_the_errno_of_a_raspberry_pi() {
    for route in ROUTES {
        let ran = Sim::new(route, "empty_room").run("i2ctransfer", &["-y", "1", "r1@0x30"]);
        assert!(ran.complaints().contains("Remote I/O error"), "{}", ran.shown);
        ran.exited(1);
    }
}

#[test]
fn the_errno_of_another_adapter_can_be_chosen() {
    for route in ROUTES {
        let sim = Sim::new(route, "empty_room").option("--errno", "tiny-usb");
        let ran = sim.run("i2ctransfer", &["-y", "1", "r1@0x30"]);
        assert!(ran.complaints().contains("No such device or address"), "{}", ran.shown);
        ran.exited(1);
    }
}

#[test]
fn i2cget_reads_a_byte_and_i2cset_writes_a_register() {
    for route in ROUTES {
        // The first byte of a packet is reserved, and 0.
        Sim::new(route, "empty_room").run("i2cget", &["-y", "1", "0x62"]).printed("0x00\n");
        Sim::new(route, "empty_room").run("i2cset", &["-y", "1", "0x62", "0x07", "0x00"]).printed("");
    }
}

#[test]
fn a_fault_reaches_the_program() {
    for route in ROUTES {
        let sim = Sim::new(route, "empty_room").option("--fault", "nack-address");
        let ran = sim.run("i2ctransfer", &["-y", "1", "r39@0x62"]);
        assert!(ran.complaints().contains("Remote I/O error"), "{}", ran.shown);
        let sim = Sim::new(route, "empty_room").option("--fault", "all-ones");
        let ran = sim.run("i2ctransfer", &["-y", "1", "r3@0x62"]);
        ran.printed("0xff 0xff 0xff\n");
    }
}
