//! Reads the sensor: when a reading is due, what came of it, a bus that hangs, and settings that the sensor has lost.

use core::fmt;
use core::time::Duration;

use embassy_rp::Peri;
use embassy_rp::bind_interrupts;
use embassy_rp::gpio::{Level, OutputOpenDrain};
use embassy_rp::i2c::{self, Async, I2c, Instance, InterruptHandler, SclPin, SdaPin};
use embassy_rp::interrupt::typelevel::Binding;
use embassy_rp::peripherals::{I2C0, I2C1};
use embassy_time::{Instant, Timer, with_timeout};
use mlsensor::behavior::Cadence;
use mlsensor::{Config, Error, Faces, PersonSensorAsync};

bind_interrupts!(
    /// The interrupts of both controllers have handlers.
    pub struct Interrupts {
        I2C0_IRQ => InterruptHandler<I2C0>;
        I2C1_IRQ => InterruptHandler<I2C1>;
    }
);

/// A sensor answers 2 to 3 s after it got power, and one that is addressed before may block the bus.
const BOOTS_FOR: Duration = Duration::from_secs(3);

/// What takes longer than this hangs: at 100 kHz a read takes 4 ms, and the settings 1 ms.
const HANGS_AFTER: embassy_time::Duration = embassy_time::Duration::from_millis(50);

/// A sensor that was gone for so long may have been without power, and then has its power-on settings: it needs 2 s and
/// more to begin.
const MAY_HAVE_RESTARTED: Duration = Duration::from_secs(1);

/// The time since the chip began.
#[must_use]
pub fn now() -> Duration {
    Duration::from_micros(Instant::now().as_micros())
}

async fn sleep_until(time: Duration) {
    Timer::at(Instant::from_micros(time.as_micros() as u64)).await;
}

/// A Person Sensor on an I2C controller of this chip, with its pins.
pub struct Reader<T: Instance + 'static, Scl: SclPin<T>, Sda: SdaPin<T>> {
    i2c: Peri<'static, T>,
    scl: Peri<'static, Scl>,
    sda: Peri<'static, Sda>,
    settings: Config,
    cadence: Cadence,
    /// Since when there was no reading: at first, since ever.
    lost_since: Option<Duration>,
}

/// One attempt to read the sensor.
#[derive(Debug)]
pub struct Reading {
    /// When it ended, since the chip began.
    pub at: Duration,
    /// What came of it.
    pub faces: Result<Faces, Trouble>,
}

/// Why a reading is none. It does not mean that nobody is there.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Trouble {
    /// The bus hangs: something holds one of its lines.
    Hangs,
    /// The bus failed, or what came is no packet.
    Sensor(Error<i2c::Error>),
}

impl Reading {
    /// The faces; `None` if nothing was read, which does not mean that nobody is there.
    #[must_use]
    pub fn faces(&self) -> Option<&Faces> {
        self.faces.as_ref().ok()
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.faces {
            Ok(faces) => write!(f, "{faces}"),
            Err(Trouble::Hangs) => f.write_str("no reading: the bus hangs"),
            Err(Trouble::Sensor(error)) => write!(f, "no reading: {error}"),
        }
    }
}

impl<T: Instance + 'static, Scl: SclPin<T>, Sda: SdaPin<T>> Reader<T, Scl, Sda>
where
    Interrupts: Binding<T::Interrupt, InterruptHandler<T>>,
{
    /// Takes the controller and its pins. Nothing is sent: the first reading is due 3 s after the chip began.
    pub fn new(
        i2c: Peri<'static, T>,
        scl: Peri<'static, Scl>,
        sda: Peri<'static, Sda>,
        settings: Config,
    ) -> Self {
        Reader { i2c, scl, sda, settings, cadence: Cadence::default(), lost_since: Some(Duration::ZERO) }
    }

    /// Sleeps until the next reading is due, just after an inference, and makes it. Both take no longer than 0.7 s, but
    /// for the first reading.
    pub async fn next(&mut self) -> Reading {
        sleep_until(self.due()).await;
        let begun = now();
        let faces = self.read().await;
        let at = now();
        let _ = self.cadence.read_done(begun, faces.as_ref().ok());
        if faces.is_ok() {
            self.keep_settings(at).await;
        } else {
            self.lost_since.get_or_insert(at);
            self.free_bus().await;
        }
        Reading { at, faces }
    }

    /// The same, or, if the next reading is due later than at `wake`, sleeps until then and gives `None`.
    pub async fn next_before(&mut self, wake: Duration) -> Option<Reading> {
        if wake < self.due() {
            sleep_until(wake).await;
            return None;
        }
        Some(self.next().await)
    }

    fn due(&self) -> Duration {
        self.cadence.next_read().max(BOOTS_FOR)
    }

    /// The presence pin rose while nothing was read: the next reading is due at once. The sensor is set again then, for
    /// nobody knows what happened to it meanwhile.
    pub fn pin_rose(&mut self, at: Duration) {
        self.cadence.pin_changed(at);
        self.lost_since = Some(Duration::ZERO);
    }

    async fn read(&mut self) -> Result<Faces, Trouble> {
        match with_timeout(HANGS_AFTER, self.sensor().read()).await {
            Ok(read) => read.map_err(Trouble::Sensor),
            Err(_) => Err(Trouble::Hangs),
        }
    }

    /// Sets a sensor that comes back. It has just proved to be one, so it is written to.
    async fn keep_settings(&mut self, now: Duration) {
        let Some(since) = self.lost_since else { return };
        let must_be_set = now.saturating_sub(since) >= MAY_HAVE_RESTARTED;
        let settings = self.settings;
        if !must_be_set
            || matches!(with_timeout(HANGS_AFTER, self.sensor().configure(&settings)).await, Ok(Ok(())))
        {
            self.lost_since = None;
        }
    }

    /// The sensor on a controller that was reset: whatever was begun and not ended is forgotten.
    fn sensor(&mut self) -> PersonSensorAsync<I2c<'_, T, Async>> {
        let (i2c, scl, sda) = (self.i2c.reborrow(), self.scl.reborrow(), self.sda.reborrow());
        // 100 kHz, and the chip's own pull-ups: weak, and harmless beside others.
        PersonSensorAsync::new(I2c::new_async(i2c, scl, sda, Interrupts, i2c::Config::default()))
    }

    /// A sensor that was interrupted in the middle of a byte, or addressed while it boots, may hold the data line low.
    /// Up to nine pulses of the clock and a STOP free it.
    async fn free_bus(&mut self) {
        let half_a_bit = || Timer::after_micros(5);
        let mut scl = OutputOpenDrain::new(self.scl.reborrow(), Level::High);
        let mut sda = OutputOpenDrain::new(self.sda.reborrow(), Level::High);
        scl.set_pullup(true);
        sda.set_pullup(true);
        half_a_bit().await;
        if sda.is_high() {
            return;
        }
        for _ in 0..9 {
            scl.set_low();
            half_a_bit().await;
            scl.set_high();
            half_a_bit().await;
            if sda.is_high() {
                break;
            }
        }
        scl.set_low();
        sda.set_low();
        half_a_bit().await;
        scl.set_high();
        half_a_bit().await;
        sda.set_high();
        half_a_bit().await;
    }
}
