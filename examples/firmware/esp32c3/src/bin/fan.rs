//! A fan that turns on when somebody faces the sensor, the faster the further away they are; off when it sees nothing.
//!
//! | ESP32-C3-DevKitM-1 | to |
//! |---|---|
//! | 3V3 | sensor 3V3: it is a 3.3 V part, never 5 V |
//! | GND | sensor GND, GND of the fan's module |
//! | GPIO4 | sensor SDA |
//! | GPIO5 | sensor SCL |
//! | GPIO6 | IN of the fan's MOSFET module, or the PWM wire of a four-wire fan: 25 kHz |
//!
//! `cargo run --release --bin fan`

#![no_std]
#![no_main]

use core::time::Duration;

use esp_hal::gpio::DriveMode;
use esp_hal::i2c::master::{self, I2c, SoftwareTimeout};
use esp_hal::ledc::channel::{self, ChannelIFace};
use esp_hal::ledc::timer::{self, LSClockSource::APBClk, TimerIFace, config::Duty::Duty8Bit};
use esp_hal::ledc::{LSGlobalClkSource, Ledc, LowSpeed};
use esp_hal::time::{self, Instant, Rate};
use esp_hal::timer::timg::{MwdtStage, TimerGroup};
use mlsensor::{Config, PersonSensor, behavior::Cadence};
use mlsensor_example_rules::{fan::FanRule, pins, settings::Settings};
use panic_halt as _; // the watchdog then resets the chip, and the fan is off

pins! { esp_hal: // any other pins do as well
    i2c: I2C0, sda: GPIO4, scl: GPIO5,
    pwm: LEDC, fan: GPIO6,
    watchdog: TIMG1,
}

const SETTINGS: Config = Config::POWER_ON; // set at first, and whenever the sensor comes back
const BOOTS_FOR: Duration = Duration::from_secs(3); // a sensor that is addressed sooner may block the bus
/// A read takes 4 ms and the settings 1 ms, at 100 kHz. A bus that hangs is freed by esp-hal, with pulses of the clock.
const BUS_HANGS_AFTER: SoftwareTimeout = SoftwareTimeout::Transaction(time::Duration::from_millis(50));
const PROGRAM_HANGS_AFTER: time::Duration = time::Duration::from_secs(2);
const FAN_FREQUENCY: Rate = Rate::from_khz(25); // what four-wire fans want, and nobody hears

esp_bootloader_esp_idf::esp_app_desc!();

#[esp_hal::main]
fn main() -> ! {
    let p = Pins::of(esp_hal::init(esp_hal::Config::default()));
    let mut ledc = Ledc::new(p.pwm);
    ledc.set_global_slow_clock(LSGlobalClkSource::APBClk);
    let mut pwm = ledc.timer::<LowSpeed>(timer::Number::Timer0);
    let at_25_khz = timer::config::Config { duty: Duty8Bit, clock_source: APBClk, frequency: FAN_FREQUENCY };
    pwm.configure(at_25_khz).expect("the clock is fast enough");
    let mut fan = ledc.channel(channel::Number::Channel0, p.fan);
    let off = channel::config::Config { timer: &pwm, duty_pct: 0, drive_mode: DriveMode::PushPull };
    fan.configure(off).expect("the timer is configured");
    let config = master::Config::default().with_software_timeout(BUS_HANGS_AFTER); // 100 kHz
    let i2c = I2c::new(p.i2c, config).expect("100 kHz are possible");
    let mut sensor = PersonSensor::new(i2c.with_sda(p.sda).with_scl(p.scl));
    let (mut rule, mut cadence, mut settings) = (FanRule::default(), Cadence::default(), Settings::default());
    wait_until(BOOTS_FOR);
    let mut watchdog = TimerGroup::new(p.watchdog).wdt;
    watchdog.set_timeout(MwdtStage::Stage0, PROGRAM_HANGS_AFTER);
    watchdog.enable();
    loop {
        wait_until(cadence.next_read());
        let begun = now();
        let faces = sensor.read().ok(); // `None` is no reading: it does not mean that nobody is there
        let at = now();
        if settings.are_due(at, faces.is_some()) && sensor.configure(&SETTINGS).is_ok() {
            settings.applied();
        }
        let _ = cadence.read_done(begun, faces.as_ref());
        let _ = rule.decide(at, faces.as_ref());
        let _ = fan.set_duty(rule.speed()); // fails above 100 alone
        watchdog.feed();
    }
}

fn now() -> Duration {
    Duration::from_micros(Instant::now().duration_since_epoch().as_micros())
}

fn wait_until(at: Duration) {
    while now() < at {}
}
