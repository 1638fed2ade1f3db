//! A fan that turns on when somebody faces the sensor, the faster the further away they are; off when it sees nothing.
//! Asynchronous: the chip sleeps while it waits.
//!
//! | nRF52840 DK | to |
//! |---|---|
//! | VDD | sensor 3V3: the kit gives 3 V, which is enough; never 5 V |
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
use embassy_nrf::gpio::{Flex, OutputDrive::Standard0Disconnect1, Pull};
use embassy_nrf::pwm::{DutyCycle, Prescaler, SimpleConfig, SimplePwm};
use embassy_nrf::twim::{self, Twim};
use embassy_nrf::wdt::{self, Watchdog};
use embassy_nrf::{Peri, bind_interrupts, peripherals::*};
use embassy_time::{Delay, Instant, Timer, with_timeout};
use mlsensor::behavior::Cadence;
use mlsensor::{Config, PersonSensorAsync};
use mlsensor_example_rules::{bus, fan::FanRule, settings::Settings};
use panic_halt as _; // the watchdog then resets the chip, and the fan is off

/// The pins.
type Sda = Peri<'static, P0_26>;
type Scl = Peri<'static, P0_27>;
type FanPin = Peri<'static, P0_31>;

/// What the sensor is set to, now and whenever it comes back.
const SETTINGS: Config = Config::POWER_ON;
/// A sensor that is addressed sooner after it got power may block the bus.
const BOOTS_FOR: Duration = Duration::from_secs(3);
/// A read takes 4 ms and the settings 1 ms, at 100 kHz.
const BUS_HANGS_AFTER: embassy_time::Duration = embassy_time::Duration::from_millis(50);
/// Two seconds, of a clock of 32768 Hz.
const PROGRAM_HANGS_AFTER: u32 = 2 * 32768;
/// 16 MHz / 640: the 25 kHz that four-wire fans want, and nobody hears.
const PWM_TOP: u16 = 640;

bind_interrupts!(struct Interrupts { TWISPI0 => twim::InterruptHandler<TWISPI0>; });

#[embassy_executor::main]
async fn main(_spawner: Spawner) {
    let mut p = embassy_nrf::init(Default::default());
    let (mut sda, mut scl, fan): (Sda, Scl, FanPin) = (p.P0_26, p.P0_27, p.P0_31);
    let mut pwm = SimpleConfig::default();
    (pwm.prescaler, pwm.max_duty) = (Prescaler::Div1, PWM_TOP);
    let mut fan = SimplePwm::new_1ch(p.PWM0, fan, &pwm);
    let (mut rule, mut cadence, mut settings) = (FanRule::default(), Cadence::default(), Settings::default());
    Timer::at(instant(BOOTS_FOR)).await;
    let mut hangs = wdt::Config::default();
    hangs.timeout_ticks = PROGRAM_HANGS_AFTER;
    let mut watchdog = Watchdog::try_new(p.WDT, hangs).ok().map(|(_, [handle])| handle);
    loop {
        Timer::at(instant(cadence.next_read())).await;
        let begun = now();
        // A controller that is new each time, so that nothing is left of what failed; and RAM for what it sends.
        let mut ram = [0; 2];
        let twim = Twim::new(
            p.TWISPI0.reborrow(),
            Interrupts,
            sda.reborrow(),
            scl.reborrow(),
            at_100_khz(),
            &mut ram,
        );
        let mut sensor = PersonSensorAsync::new(twim);
        // `None` is no reading: it does not mean that nobody is there.
        let faces = with_timeout(BUS_HANGS_AFTER, sensor.read()).await.ok().and_then(Result::ok);
        let at = now();
        if settings.are_due(at, faces.is_some())
            && matches!(with_timeout(BUS_HANGS_AFTER, sensor.configure(&SETTINGS)).await, Ok(Ok(())))
        {
            settings.applied();
        }
        drop(sensor);
        if faces.is_none() {
            let (scl, sda) = (Flex::new(scl.reborrow()), Flex::new(sda.reborrow()));
            bus::free(&mut open_drain(scl), &mut open_drain(sda), &mut Delay);
        }
        let _ = cadence.read_done(begun, faces.as_ref());
        let _ = rule.decide(at, faces.as_ref());
        fan.set_duty(0, DutyCycle::inverted(PWM_TOP * u16::from(rule.speed()) / 100));
        if let Some(watchdog) = &mut watchdog {
            watchdog.pet();
        }
    }
}

/// With the pull-ups of the chip, which do no harm beside those of a board.
fn at_100_khz() -> twim::Config {
    let mut config = twim::Config::default();
    (config.sda_pullup, config.scl_pullup) = (true, true);
    config
}

fn open_drain(mut line: Flex<'_>) -> Flex<'_> {
    line.set_high();
    line.set_as_input_output(Pull::Up, Standard0Disconnect1);
    line
}

fn now() -> Duration {
    Duration::from_micros(Instant::now().as_micros())
}

fn instant(at: Duration) -> Instant {
    Instant::from_micros(at.as_micros() as u64)
}
