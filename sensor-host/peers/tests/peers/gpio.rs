//! The presence pin as a line of a GPIO chip, by the programs and crates that there are.

use crate::{ROUTES, Sim};

/// Somebody comes after ten seconds, and leaves after ten more: half a second each.
fn come_and_go(route: &str) -> Sim {
    Sim::new(route, "come_and_go").option("--speed", "20")
}

#[test]
fn gpiomon_sees_somebody_come_and_go() {
    for route in ROUTES {
        let ran = come_and_go(route).run("gpiomon", &["--num-events=2", "--format=%o %e", "gpiochip0", "17"]);
        ran.printed("17 1\n17 0\n");
    }
}

#[test]
fn gpiofind_gpiodetect_and_gpioinfo_show_the_line() {
    for route in ROUTES {
        Sim::new(route, "empty_room").run("gpiofind", &["GPIO17"]).printed("gpiochip0 17\n");
        let ran = Sim::new(route, "empty_room").run("gpiodetect", &[]);
        assert!(ran.text().starts_with("gpiochip0 ["), "{}{}", ran.text(), ran.shown);
        let ran = Sim::new(route, "empty_room").run("gpioinfo", &["gpiochip0"]);
        let line = ran.text().lines().find(|line| line.contains("\"GPIO17\"")).map(str::to_owned);
        assert!(line.as_ref().is_some_and(|line| line.contains("input")), "{line:?}{}", ran.shown);
    }
}

#[test]
fn gpioget_reads_the_level() {
    for route in ROUTES {
        Sim::new(route, "empty_room").run("gpioget", &["gpiochip0", "17"]).printed("0\n");
    }
}

#[test]
fn gpio_cdev_speaks_the_first_version() {
    for route in ROUTES {
        come_and_go(route).run(env!("CARGO_BIN_EXE_gpio_cdev"), &[]).printed("rising\nfalling\n");
    }
}

#[test]
fn gpiocdev_speaks_the_second_version() {
    for route in ROUTES {
        come_and_go(route).run(env!("CARGO_BIN_EXE_gpiocdev"), &[]).printed("rising\nfalling\n");
    }
}
