//! Rust programs on the crates that there are.

use crate::{NOBODY, ROUTES, Sim};

/// A packet as `{:02x?}` prints it.
fn array(bytes: &str) -> String {
    format!("[{}]", bytes.split_whitespace().collect::<Vec<_>>().join(", "))
}

#[test]
fn linux_embedded_hal() {
    for route in ROUTES {
        let ran = Sim::new(route, "empty_room").run(env!("CARGO_BIN_EXE_embedded_hal"), &[]);
        let text = ran.text();
        let head = format!("read {}\ntransaction [00, 00, 21, 00]\nabsent ", array(NOBODY));
        let absent = text.strip_prefix(&head).unwrap_or_else(|| panic!("{text}{}", ran.shown));
        assert!(absent.contains("121"), "{absent}");
        ran.exited(0);
    }
}

#[test]
fn i2cdev() {
    for route in ROUTES {
        let expected = format!(
            "read {}\ntransfer [00, 00, 21, 00]\nsmbus byte 00\nabsent Remote I/O error (os error 121)\n",
            array(NOBODY)
        );
        Sim::new(route, "empty_room").run(env!("CARGO_BIN_EXE_i2cdev"), &[]).printed(&expected);
    }
}

#[test]
fn rppal_by_the_number_of_a_bus() {
    for route in ROUTES {
        let expected = format!(
            "read 39 {}\nwrite_read [00, 00, 21, 00]\nabsent I/O error: Remote I/O error (os error 121)\n",
            array(NOBODY)
        );
        Sim::new(route, "empty_room").run(env!("CARGO_BIN_EXE_rppal"), &[]).printed(&expected);
    }
}
