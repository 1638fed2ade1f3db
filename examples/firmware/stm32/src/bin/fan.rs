//! A fan that turns on when somebody faces the sensor, the faster the further away they are; off when it sees nothing.
//! Blocking: without an executor, for whoever has one loop of their own.
//!
//! | Nucleo-F411RE | header | to |
//! |---|---|---|
//! | 3V3 | CN6-4 | sensor 3V3: it is a 3.3 V part, never 5 V |
//! | GND | CN6-6 | sensor GND, GND of the fan's module |
//! | PB9 | D14 (SDA) | sensor SDA |
//! | PB8 | D15 (SCL) | sensor SCL |
//! | PB4 | D5 | IN of the fan's MOSFET module, or the PWM wire of a four-wire fan: 25 kHz |
//!
//! `cargo run --release --bin fan`

#![no_std]
#![no_main]

use core::time::Duration;

use embassy_stm32::Peri;
use embassy_stm32::gpio::{Level, OutputOpenDrain, OutputType, Pull, Speed};
use embassy_stm32::i2c::{self, I2c};
use embassy_stm32::peripherals::*;
use embassy_stm32::time::Hertz;
use embassy_stm32::timer::simple_pwm::{PwmPin, SimplePwm};
use embassy_stm32::wdg::IndependentWatchdog;
use embassy_time::{Delay, Instant, block_for};
use mlsensor::behavior::Cadence;
use mlsensor::{Config, PersonSensor};
use mlsensor_example_rules::{bus, fan::FanRule, settings::Settings};
use panic_halt as _; // the watchdog then resets the chip, and the fan is off

/// The pins.
type Sda = Peri<'static, PB9>;
type Scl = Peri<'static, PB8>;
type FanPin = Peri<'static, PB4>;

/// What the sensor is set to, now and whenever it comes back.
const SETTINGS: Config = Config::POWER_ON;
/// A sensor that is addressed sooner after it got power may block the bus.
const BOOTS_FOR: Duration = Duration::from_secs(3);
/// A read takes 4 ms and the settings 1 ms, at 100 kHz.
const BUS_HANGS_AFTER: embassy_time::Duration = embassy_time::Duration::from_millis(50);
const PROGRAM_HANGS_AFTER_US: u32 = 2_000_000;
/// What four-wire fans want, and nobody hears.
const FAN_FREQUENCY: Hertz = Hertz(25_000);

#[cortex_m_rt::entry]
fn main() -> ! {
    let mut p = embassy_stm32::init(Default::default());
    let (mut sda, mut scl, fan): (Sda, Scl, FanPin) = (p.PB9, p.PB8, p.PB4);
    let fan = PwmPin::new(fan, OutputType::PushPull);
    let mut fan = SimplePwm::new(p.TIM3, Some(fan), None, None, None, FAN_FREQUENCY, Default::default());
    fan.ch1().set_duty_cycle_fully_off();
    fan.ch1().enable();
    let mut i2c = i2c::Config::default(); // 100 kHz
    i2c.timeout = BUS_HANGS_AFTER;
    let (mut rule, mut cadence, mut settings) = (FanRule::default(), Cadence::default(), Settings::default());
    wait_until(BOOTS_FOR);
    let mut watchdog = IndependentWatchdog::new(p.IWDG, PROGRAM_HANGS_AFTER_US);
    watchdog.unleash();
    loop {
        wait_until(cadence.next_read());
        let begun = now();
        // A controller that is new each time, so that nothing is left of what failed.
        let i2c = I2c::new_blocking(p.I2C1.reborrow(), scl.reborrow(), sda.reborrow(), i2c);
        let mut sensor = PersonSensor::new(i2c);
        let faces = sensor.read().ok(); // `None` is no reading: it does not mean that nobody is there
        let at = now();
        if settings.are_due(at, faces.is_some()) && sensor.configure(&SETTINGS).is_ok() {
            settings.applied();
        }
        drop(sensor);
        if faces.is_none() {
            let mut scl = OutputOpenDrain::new_pull(scl.reborrow(), Level::High, Speed::Low, Pull::Up);
            let mut sda = OutputOpenDrain::new_pull(sda.reborrow(), Level::High, Speed::Low, Pull::Up);
            bus::free(&mut scl, &mut sda, &mut Delay);
        }
        let _ = cadence.read_done(begun, faces.as_ref());
        let _ = rule.decide(at, faces.as_ref());
        fan.ch1().set_duty_cycle_percent(rule.speed());
        watchdog.pet();
    }
}

fn now() -> Duration {
    Duration::from_micros(Instant::now().as_micros())
}

fn wait_until(at: Duration) {
    let wait = at.saturating_sub(now());
    block_for(embassy_time::Duration::from_micros(wait.as_micros() as u64));
}
