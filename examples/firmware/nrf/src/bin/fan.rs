//! A fan that turns on when somebody faces the sensor, the faster the further away they are; off when it sees nothing.
//! Asynchronous: the chip sleeps while it waits.
//!
//! | nRF52840 DK | to |
//! |---|---|
//! | VDD | sensor 3V3: the kit gives 3 V, never take its 5 V |
//! | GND | sensor GND, GND of the fan's module |
//! | P0.26 (SDA) | sensor SDA |
//! | P0.27 (SCL) | sensor SCL |
//! | P0.31 (A5) | IN of the fan's MOSFET module, or the PWM wire of a four-wire fan: 25 kHz |
//!
//! `cargo run --release --bin fan`

#![no_std]
#![no_main]

use core::time::Duration;

use embassy_executor::Spawner;
use embassy_nrf::pwm::{DutyCycle, Prescaler, SimpleConfig, SimplePwm};
use embassy_nrf::wdt::{self, Watchdog};
use embassy_time::{Timer, with_timeout};
use mlsensor::{Config, behavior::Cadence};
use mlsensor_example_rules::{fan::FanRule, pins, settings::Settings};
use mlsensor_nrf::{Wires, instant, now};
use panic_halt as _; // the watchdog then resets the chip, and the fan is off

pins! { embassy_nrf: // any other pins do as well
    twi: TWISPI0, sda: P0_26, scl: P0_27,
    pwm: PWM0, fan: P0_31,
    watchdog: WDT,
}

const SETTINGS: Config = Config::POWER_ON; // set at first, and whenever the sensor comes back
const BOOTS_FOR: Duration = Duration::from_secs(3); // a sensor that is addressed sooner may block the bus
/// A read takes 4 ms and the settings 1 ms, at 100 kHz.
const BUS_HANGS_AFTER: embassy_time::Duration = embassy_time::Duration::from_millis(50);
const PROGRAM_HANGS_AFTER: u32 = 2 * 32768; // of the watchdog's clock: two seconds
const PWM_TOP: u16 = 640; // 16 MHz / 640: the 25 kHz that four-wire fans want, and nobody hears

#[embassy_executor::main]
async fn main(_spawner: Spawner) {
    let p = Pins::of(embassy_nrf::init(Default::default()));
    let mut pwm = SimpleConfig::default();
    (pwm.prescaler, pwm.max_duty) = (Prescaler::Div1, PWM_TOP);
    let mut fan = SimplePwm::new_1ch(p.pwm, p.fan, &pwm);
    let mut wires = Wires { twi: p.twi, sda: p.sda, scl: p.scl, ram: [0; 2] };
    let (mut rule, mut cadence, mut settings) = (FanRule::default(), Cadence::default(), Settings::default());
    Timer::at(instant(BOOTS_FOR)).await;
    let mut hangs = wdt::Config::default();
    hangs.timeout_ticks = PROGRAM_HANGS_AFTER;
    let mut watchdog = Watchdog::try_new(p.watchdog, hangs).ok().map(|(_, [handle])| handle);
    loop {
        Timer::at(instant(cadence.next_read())).await;
        let begun = now();
        // `None` is no reading: it does not mean that nobody is there.
        let read = async { wires.sensor().read().await };
        let faces = with_timeout(BUS_HANGS_AFTER, read).await.ok().and_then(Result::ok);
        let at = now();
        if settings.are_due(at, faces.is_some()) {
            let configure = async { wires.sensor().configure(&SETTINGS).await };
            if matches!(with_timeout(BUS_HANGS_AFTER, configure).await, Ok(Ok(()))) {
                settings.applied();
            }
        }
        if faces.is_none() {
            wires.free();
        }
        let _ = cadence.read_done(begun, faces.as_ref());
        let _ = rule.decide(at, faces.as_ref());
        fan.set_duty(0, DutyCycle::inverted(PWM_TOP * u16::from(rule.speed()) / 100));
        if let Some(watchdog) = &mut watchdog {
            watchdog.pet();
        }
    }
}
