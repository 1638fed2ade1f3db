//! A fan that turns on when somebody faces the sensor, the faster the further away they are; off when it sees nothing.
//! Blocking, on a RISC-V chip.
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

use esp_hal::delay::Delay;
use esp_hal::gpio::DriveMode;
use esp_hal::i2c::master::{self, I2c, SoftwareTimeout};
use esp_hal::ledc::channel::{self, ChannelIFace};
use esp_hal::ledc::timer::{self, LSClockSource, TimerIFace};
use esp_hal::ledc::{LSGlobalClkSource, Ledc, LowSpeed};
use esp_hal::peripherals::{GPIO4, GPIO5, GPIO6};
use esp_hal::time::{Instant, Rate};
use esp_hal::timer::timg::{MwdtStage, TimerGroup};
use mlsensor::behavior::Cadence;
use mlsensor::{Config, PersonSensor};
use mlsensor_example_rules::{fan::FanRule, settings::Settings};
use panic_halt as _; // the watchdog then resets the chip, and the fan is off

/// The pins.
type Sda = GPIO4<'static>;
type Scl = GPIO5<'static>;
type FanPin = GPIO6<'static>;

/// What the sensor is set to, now and whenever it comes back.
const SETTINGS: Config = Config::POWER_ON;
/// A sensor that is addressed sooner after it got power may block the bus.
const BOOTS_FOR: Duration = Duration::from_secs(3);
/// A read takes 4 ms and the settings 1 ms, at 100 kHz.
const BUS_HANGS_AFTER: esp_hal::time::Duration = esp_hal::time::Duration::from_millis(50);
const PROGRAM_HANGS_AFTER: esp_hal::time::Duration = esp_hal::time::Duration::from_secs(2);
/// What four-wire fans want, and nobody hears.
const FAN_KHZ: u32 = 25;

esp_bootloader_esp_idf::esp_app_desc!();

#[esp_hal::main]
fn main() -> ! {
    let p = esp_hal::init(esp_hal::Config::default());
    let (sda, scl, fan): (Sda, Scl, FanPin) = (p.GPIO4, p.GPIO5, p.GPIO6);
    let mut ledc = Ledc::new(p.LEDC);
    ledc.set_global_slow_clock(LSGlobalClkSource::APBClk);
    let mut pwm = ledc.timer::<LowSpeed>(timer::Number::Timer0);
    let (duty, frequency) = (timer::config::Duty::Duty8Bit, Rate::from_khz(FAN_KHZ));
    let at_25_khz = timer::config::Config { duty, clock_source: LSClockSource::APBClk, frequency };
    pwm.configure(at_25_khz).expect("the clock is fast enough");
    let mut fan = ledc.channel(channel::Number::Channel0, fan);
    let off = channel::config::Config { timer: &pwm, duty_pct: 0, drive_mode: DriveMode::PushPull };
    fan.configure(off).expect("the timer is configured");
    // A bus that hangs is freed by esp-hal, with pulses of the clock.
    let config =
        master::Config::default().with_software_timeout(SoftwareTimeout::Transaction(BUS_HANGS_AFTER));
    let i2c = I2c::new(p.I2C0, config).expect("100 kHz are possible");
    let mut sensor = PersonSensor::new(i2c.with_sda(sda).with_scl(scl));
    let (mut rule, mut cadence, mut settings) = (FanRule::default(), Cadence::default(), Settings::default());
    wait_until(BOOTS_FOR);
    let mut watchdog = TimerGroup::new(p.TIMG1).wdt;
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
    let wait = at.saturating_sub(now());
    Delay::new().delay_micros(wait.as_micros() as u32);
}
