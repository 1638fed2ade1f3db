//! What the sensor reports: a line for each report that says something else than the one before.
//!
//! | Pico | pin | to |
//! |---|---|---|
//! | 3V3(OUT) | 36 | sensor 3V3: it is a 3.3 V part, never 5 V |
//! | GND | 8 | sensor GND |
//! | GP4 | 6 | sensor SDA |
//! | GP5 | 7 | sensor SCL |
//! | GP0 | 1 | RX of a USB serial adapter: the log, 115200 baud; GND to pin 3 |
//!
//! `cargo run --release --bin watch`; with `--features defmt`, what it reports goes by way of the probe, too.

#![no_std]
#![no_main]

use embassy_executor::Spawner;
use mlsensor::Config;
use mlsensor_example_rules::line::Line;
use mlsensor_example_rules::pins;
use mlsensor_pico::{Log, Reader, now};

// The pins: another controller or UART belongs to other pins.
pins! { embassy_rp:
    i2c: I2C0, scl: PIN_5, sda: PIN_4,
    uart: UART0, tx: PIN_0,
}

/// What the sensor is set to, now and whenever it comes back.
const SETTINGS: Config = Config::POWER_ON;

#[embassy_executor::main]
async fn main(_spawner: Spawner) {
    let p = Pins::of(embassy_rp::init(Default::default()));
    let mut log = Log::new(p.uart, p.tx);
    let mut reader = Reader::new(p.i2c, p.scl, p.sda, SETTINGS);
    let mut last = None;
    log.line(Line::new(now(), "start").why("Person Sensor on I2C0"));
    loop {
        let reading = reader.next().await;
        // Sensors are read more often than they look, and the same packet again is no news.
        if last.as_ref() != Some(&reading.faces) {
            log.line(Line::new(reading.at, "report").report(&reading));
            #[cfg(feature = "defmt")]
            defmt::info!("{}", reading.faces);
            last = Some(reading.faces);
        }
    }
}
