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

use embassy_stm32::gpio::{Level, OutputOpenDrain, OutputType, Pull, Speed};
use embassy_stm32::timer::simple_pwm::{PwmPin, SimplePwm};
use embassy_stm32::{i2c, i2c::I2c, time::Hertz, wdg::IndependentWatchdog};
use embassy_time::{Delay, Instant};
use mlsensor::{Config, PersonSensor, behavior::Cadence};
use mlsensor_example_rules::{bus, fan::FanRule, pins, settings::Settings};
use panic_halt as _; // the watchdog then resets the chip, and the fan is off

pins! { embassy_stm32: // another controller or timer belongs to other pins
    i2c: I2C1, sda: PB9, scl: PB8,
    timer: TIM3, fan: PB4,
    watchdog: IWDG,
}

const SETTINGS: Config = Config::POWER_ON; // set at first, and whenever the sensor comes back
const BOOTS_FOR: Duration = Duration::from_secs(3); // a sensor that is addressed sooner may block the bus
/// A read takes 4 ms and the settings 1 ms, at 100 kHz.
const BUS_HANGS_AFTER: embassy_time::Duration = embassy_time::Duration::from_millis(50);
const PROGRAM_HANGS_AFTER_US: u32 = 2_000_000;
const FAN_FREQUENCY: Hertz = Hertz(25_000); // what four-wire fans want, and nobody hears

#[cortex_m_rt::entry]
fn main() -> ! {
    let mut p = Pins::of(embassy_stm32::init(Default::default()));
    let fan = PwmPin::new(p.fan, OutputType::PushPull);
    let mut fan = SimplePwm::new(p.timer, Some(fan), None, None, None, FAN_FREQUENCY, Default::default());
    fan.ch1().set_duty_cycle_fully_off();
    fan.ch1().enable();
    let mut i2c = i2c::Config::default(); // 100 kHz
    (i2c.timeout, i2c.sda_pullup, i2c.scl_pullup) = (BUS_HANGS_AFTER, true, true);
    let (mut rule, mut cadence, mut settings) = (FanRule::default(), Cadence::default(), Settings::default());
    wait_until(BOOTS_FOR);
    let mut watchdog = IndependentWatchdog::new(p.watchdog, PROGRAM_HANGS_AFTER_US);
    watchdog.unleash();
    loop {
        wait_until(cadence.next_read());
        let begun = now();
        // A controller that is new each time, so that nothing is left of what failed.
        let i2c = I2c::new_blocking(p.i2c.reborrow(), p.scl.reborrow(), p.sda.reborrow(), i2c);
        let mut sensor = PersonSensor::new(i2c);
        let faces = sensor.read().ok(); // `None` is no reading: it does not mean that nobody is there
        let at = now();
        if settings.are_due(at, faces.is_some()) && sensor.configure(&SETTINGS).is_ok() {
            settings.applied();
        }
        drop(sensor);
        if faces.is_none() {
            let mut scl = OutputOpenDrain::new_pull(p.scl.reborrow(), Level::High, Speed::Low, Pull::Up);
            let mut sda = OutputOpenDrain::new_pull(p.sda.reborrow(), Level::High, Speed::Low, Pull::Up);
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
    while now() < at {}
}
