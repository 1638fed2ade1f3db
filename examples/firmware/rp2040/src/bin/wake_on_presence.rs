//! A processor that sleeps until somebody is there, and then reads until nobody is.
//!
//! | Pico | pin | to |
//! |---|---|---|
//! | 3V3(OUT) | 36 | sensor 3V3: it is a 3.3 V part, never 5 V |
//! | GND | 8 | sensor GND |
//! | GP4 | 6 | sensor SDA |
//! | GP5 | 7 | sensor SCL |
//! | GP6 | 9 | sensor TP1, a pad on its board: high while it sees a face |
//! | GP25 | none | the LED of the board, on while awake; a Pico W has it elsewhere: take another pin |
//! | GP0 | 1 | RX of a USB serial adapter: the log, 115200 baud; GND to pin 3 |
//!
//! This saves the processor's current, and not the sensor's: it goes on looking, at about 40 mA by its datasheet,
//! because its pin works in continuous mode alone. To let the sensor sleep as well, ask it for a picture now and then:
//! see `Power` in `mlsensor::behavior`.
//!
//! `cargo run --release --bin wake_on_presence`

#![no_std]
#![no_main]

use embassy_executor::Spawner;
use embassy_rp::gpio::{Input, Level, Output, Pull};
use mlsensor::behavior::{Presence, PresenceEvent};
use mlsensor::{Config, PresencePin};
use mlsensor_example_rules::line::Line;
use mlsensor_example_rules::pins;
use mlsensor_pico::{Log, Reader, now};

// The pins: another controller or UART belongs to other pins.
pins! { embassy_rp:
    i2c: I2C0, scl: PIN_5, sda: PIN_4,
    presence: PIN_6, led: PIN_25,
    uart: UART0, tx: PIN_0,
}

/// What the sensor is set to, now and whenever it comes back. Its pin works in continuous mode alone.
const SETTINGS: Config = Config::POWER_ON;

#[embassy_executor::main]
async fn main(_spawner: Spawner) {
    let p = Pins::of(embassy_rp::init(Default::default()));
    let mut log = Log::new(p.uart, p.tx);
    let mut awake = Output::new(p.led, Level::High);
    // Without the sensor the pin is low.
    let mut pin = PresencePin::new(Input::new(p.presence, Pull::Down));
    let mut reader = Reader::new(p.i2c, p.scl, p.sda, SETTINGS);
    log.line(Line::new(now(), "start").why("Person Sensor on I2C0"));
    loop {
        // It begins awake: until the sensor is set, its pin may never rise.
        let mut presence = Presence::default();
        while !presence.outcome().is_absent() {
            let reading = reader.next().await;
            let event = match presence.update(reading.at, reading.faces()) {
                Some(PresenceEvent::Arrived { .. }) => "arrived",
                Some(PresenceEvent::Left { .. }) => "left",
                // No reading is not nobody: it stays awake.
                Some(PresenceEvent::Lost { .. }) => "unknown",
                None => continue,
            };
            log.line(Line::new(reading.at, event).report(&reading));
        }
        awake.set_low();
        log.line(Line::new(now(), "asleep").why("nobody for 2 s"));
        let Ok(()) = pin.wait_for_presence().await;
        reader.pin_rose(now());
        awake.set_high();
        log.line(Line::new(now(), "awake").why("the presence pin is high"));
    }
}
