//! Python programs, with and without a library.

use std::path::PathBuf;

use crate::{NOBODY, ROUTES, Ran, Sim, here};

/// The Python that has what PyPI brings.
fn python() -> PathBuf {
    std::env::var_os("PEERS_PYTHON").expect("PEERS_PYTHON names a Python; cargo xtask peers sets it").into()
}

fn run(sim: Sim, python: impl Into<PathBuf>, script: &str) -> Ran {
    let script = here("python").join(script);
    sim.run(python.into(), &[script.to_str().unwrap()])
}

#[test]
fn io_open_and_fcntl() {
    let expected = format!("exists True False\nis a character device True\nread {NOBODY}\nabsent 121\n");
    for route in ROUTES {
        run(Sim::new(route, "empty_room"), python(), "with_fcntl.py").printed(&expected);
    }
}

#[test]
fn a_read_of_40_bytes_with_native_alignment() {
    for route in ROUTES {
        run(Sim::new(route, "steady"), python(), "native_struct.py").printed(
            "40 bytes, length 33 faces 1\n\
             confidence 94 box 118 76 137 109 id -1 facing 1\n",
        );
    }
}

#[test]
fn smbus2_from_pypi() {
    let expected = format!("rdwr {NOBODY}\nbyte 00\nwrite and read 00 00 21 00\nabsent 121\n");
    for route in ROUTES {
        run(Sim::new(route, "empty_room"), python(), "with_smbus2.py").printed(&expected);
    }
}

#[test]
fn smbus_from_debian() {
    for route in ROUTES {
        run(Sim::new(route, "empty_room"), "/usr/bin/python3", "with_smbus.py")
            .printed("byte 00\nblock 00 00 21 00 00 00 00 00\nabsent 121\n");
    }
}

#[test]
fn gpiod_from_pypi_sees_the_presence_pin() {
    for route in ROUTES {
        let sim = Sim::new(route, "come_and_go").option("--speed", "20");
        run(sim, python(), "with_gpiod.py").printed("line 17\nRISING_EDGE 1\nFALLING_EDGE 2\n");
    }
}
