//! A head that keeps looking at you: two hobby servos, with the sensor on the head.
//!
//! | Pico | pin | to |
//! |---|---|---|
//! | 3V3(OUT) | 36 | sensor 3V3: it is a 3.3 V part, never 5 V |
//! | GND | 8 | sensor GND |
//! | GP4 | 6 | sensor SDA |
//! | GP5 | 7 | sensor SCL |
//! | GP16 | 21 | signal of the servo that pans: to the sides |
//! | GP17 | 22 | signal of the servo that tilts: up and down |
//! | GND | 23 | - of the servos' own 5 V supply, to which their + and - go; never feed them by the Pico |
//! | GP0 | 1 | RX of a USB serial adapter: the log, 115200 baud; GND to pin 3 |
//!
//! `cargo run --release --bin follow`

#![no_std]
#![no_main]

use core::time::Duration;

use embassy_executor::Spawner;
use embassy_rp::clocks::clk_sys_freq;
use embassy_rp::pwm::{self, Pwm};
use mlsensor::Config;
use mlsensor::behavior::{Aim, AimConfig, AimState, Mount, Servo, Tracker};
use mlsensor_example_rules::line::Line;
use mlsensor_example_rules::pins;
use mlsensor_pico::{Log, Reader, now};

// The pins: another controller, slice or UART belongs to other pins.
pins! { embassy_rp:
    i2c: I2C0, scl: PIN_5, sda: PIN_4,
    slice: PWM_SLICE0, pan: PIN_16, tilt: PIN_17,
    uart: UART0, tx: PIN_0,
}

/// What the sensor is set to, now and whenever it comes back.
const SETTINGS: Config = Config::POWER_ON;

/// How the head turns. With the sensor beside the head: `Mount::Fixed`.
const AIM: AimConfig = AimConfig::WITH_CADENCE.with_mount(Mount::OnTheHead);

/// What pulses the servos take.
const SERVO: Servo = Servo::DEFAULT;

/// Hobby servos want a pulse each 20 ms, and the head turns a little with each.
const PERIOD: Duration = Duration::from_millis(20);

#[embassy_executor::main]
async fn main(_spawner: Spawner) {
    let p = Pins::of(embassy_rp::init(Default::default()));
    let mut pulses = pwm::Config::default();
    pulses.divider = ((clk_sys_freq() / 1_000_000) as u8).into(); // a count a microsecond
    pulses.top = PERIOD.as_micros() as u16 - 1;
    (pulses.compare_a, pulses.compare_b) = (SERVO.pulse_us(0), SERVO.pulse_us(0));
    let mut servos = Pwm::new_output_ab(p.slice, p.pan, p.tilt, pulses.clone());
    let mut log = Log::new(p.uart, p.tx);
    let mut reader = Reader::new(p.i2c, p.scl, p.sda, SETTINGS);
    let (mut tracker, mut aim, mut followed) = (Tracker::default(), Aim::new(AIM), false);
    log.line(Line::new(now(), "start").why("Person Sensor on I2C0"));
    loop {
        let reading = reader.next_before(now() + PERIOD).await;
        if let Some(reading) = &reading {
            tracker.update_from(reading.at, aim.view(reading.at), reading.faces());
        }
        // Blind, it stays as it is.
        let angles = aim.update(now(), &tracker);
        (pulses.compare_a, pulses.compare_b) =
            (SERVO.pulse_us(angles.pan_millideg), SERVO.pulse_us(angles.tilt_millideg));
        servos.set_config(&pulses);
        let follows = matches!(aim.state(), AimState::Following(_));
        if follows != followed {
            log.line(Line::new(now(), if follows { "follow" } else { "rest" }).report(&angles));
            followed = follows;
        }
    }
}
