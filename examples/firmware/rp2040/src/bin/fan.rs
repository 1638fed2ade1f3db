//! A fan that turns on when somebody faces the sensor, the faster the further away they are; off when it sees nothing.
//!
//! | Pico | pin | to |
//! |---|---|---|
//! | 3V3(OUT) | 36 | sensor 3V3: it is a 3.3 V part, never 5 V |
//! | GND | 8 | sensor GND |
//! | GP4 | 6 | sensor SDA |
//! | GP5 | 7 | sensor SCL |
//! | GP15 | 20 | IN of the fan's MOSFET module, or the PWM wire of a four-wire fan: 25 kHz |
//! | GND | 18 | GND of the module, and of the fan's own supply |
//! | GP0 | 1 | RX of a USB serial adapter: the log, 115200 baud; GND to pin 3 |
//!
//! `cargo run --release --bin fan`

#![no_std]
#![no_main]

use embassy_executor::Spawner;
use embassy_rp::clocks::clk_sys_freq;
use embassy_rp::pwm::{self, Pwm, SetDutyCycle};
use embassy_rp::watchdog::Watchdog;
use embassy_time::Duration;
use mlsensor::Config;
use mlsensor_example_rules::fan::FanRule;
use mlsensor_example_rules::line::Line;
use mlsensor_example_rules::pins;
use mlsensor_example_rules::sight::{Observer, Sight};
use mlsensor_pico::{Log, Reader, now};

// The pins: another controller, slice or UART belongs to other pins.
pins! { embassy_rp:
    i2c: I2C0, scl: PIN_5, sda: PIN_4,
    slice: PWM_SLICE7, fan: PIN_15,
    uart: UART0, tx: PIN_0,
    watchdog: WATCHDOG,
}

/// What the sensor is set to, now and whenever it comes back.
const SETTINGS: Config = Config::POWER_ON;

/// What four-wire fans want, and what nobody hears.
const FAN_HZ: u32 = 25_000;

/// A program that hangs for so long is restarted, and the fan is off.
const HANGS_AFTER: Duration = Duration::from_secs(2);

#[embassy_executor::main]
async fn main(_spawner: Spawner) {
    let p = Pins::of(embassy_rp::init(Default::default()));
    let mut speed_pwm = pwm::Config::default();
    speed_pwm.top = (clk_sys_freq() / FAN_HZ - 1) as u16;
    let mut fan = Pwm::new_output_b(p.slice, p.fan, speed_pwm);
    let mut log = Log::new(p.uart, p.tx);
    let mut reader = Reader::new(p.i2c, p.scl, p.sda, SETTINGS);
    let (mut rule, mut observer) = (FanRule::default(), Observer::default());
    let mut watchdog = Watchdog::new(p.watchdog);
    watchdog.start(HANGS_AFTER * 3); // the sensor boots for 3 s
    log.line(Line::new(now(), "start").why("Person Sensor on I2C0"));
    loop {
        let reading = reader.next().await;
        watchdog.feed(HANGS_AFTER);
        let news = rule.decide(reading.at, reading.faces());
        let speed = rule.speed();
        let _ = fan.set_duty_cycle_percent(speed); // fails above 100 alone
        if let Some(sight) = observer.observe(reading.at, reading.faces()).map(Sight::word) {
            log.line(Line::new(reading.at, sight).report(&reading));
        }
        if let Some((event, why)) = news {
            log.line(Line::new(reading.at, event).why(why).value("speed_percent", &speed).report(&reading));
        }
    }
}
