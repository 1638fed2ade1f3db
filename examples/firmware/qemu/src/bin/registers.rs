//! Every register away from its default, and what the sensor then does: blocking, and once more awaited. For the scene
//! `scenes/registers.toml`, in which the sensor loses power at moments that this program knows.

#![no_std]
#![no_main]

use core::fmt;
use core::time::Duration;

use embassy_futures::block_on;
use mlsensor::{Config, Error, Faces, Mode, PersonId, PersonSensor, PersonSensorAsync};
use mlsensor_bridge::{RemoteDelay, RemoteI2c};
use mlsensor_example_rules::line::Line;
use mlsensor_firmware_qemu::{Files, Host, HostError, connect, end, entry, print};

/// How long one half of the scene is: one for the blocking sensor, one for the awaited one.
const HALF: Duration = Duration::from_secs(60);

/// Both times, the sensor has had power again for long enough to answer.
const AFTER_THE_FIRST_LOSS: Duration = Duration::from_secs(26);
const AFTER_THE_SECOND_LOSS: Duration = Duration::from_secs(46);

const FIVE: PersonId = match PersonId::new(5) {
    Ok(id) => id,
    Err(_) => panic!("0 to 7 are"),
};
const TWO: PersonId = match PersonId::new(2) {
    Ok(id) => id,
    Err(_) => panic!("0 to 7 are"),
};

/// What is not the power-on setting. Labels are kept for the first loss of power, and not for the second one.
const AWAY: Config = Config::POWER_ON.with_id_enabled(true).with_led(false).with_persist_ids(false);

enum Failed {
    Sensor(Error<HostError>),
    Host(HostError),
    /// So many checks did not hold.
    Checks(u32),
}

impl From<Error<HostError>> for Failed {
    fn from(error: Error<HostError>) -> Failed {
        Failed::Sensor(error)
    }
}

impl From<HostError> for Failed {
    fn from(error: HostError) -> Failed {
        Failed::Host(error)
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failed::Sensor(error) => write!(f, "{error}"),
            Failed::Host(error) => write!(f, "{error}"),
            Failed::Checks(1) => f.write_str("1 check did not hold"),
            Failed::Checks(count) => write!(f, "{count} checks did not hold"),
        }
    }
}

#[entry]
fn main() -> ! {
    end(checks())
}

fn checks() -> Result<(), Failed> {
    let host = connect()?;
    let mut checks = Checks { host: &host, begin: Duration::ZERO, failed: 0 };
    print(Line::new(host.now()?, "blocking"));
    block_on(checks.all(&mut PersonSensor::new(host.i2c())))?;
    checks.begin = HALF;
    host.wait_until(HALF)?;
    print(Line::new(host.now()?, "awaited"));
    block_on(checks.all(&mut PersonSensorAsync::new(host.i2c())))?;
    if checks.failed == 0 { Ok(()) } else { Err(Failed::Checks(checks.failed)) }
}

type Outcome<T> = Result<T, Error<HostError>>;

/// The calls that are checked, in both their forms.
trait Sensor {
    async fn read(&mut self) -> Outcome<Faces>;
    async fn configure(&mut self, config: &Config) -> Outcome<()>;
    async fn set_mode(&mut self, mode: Mode) -> Outcome<()>;
    async fn set_id_enabled(&mut self, enabled: bool) -> Outcome<()>;
    async fn capture(&mut self, delay: &mut RemoteDelay<'_, Files>) -> Outcome<Faces>;
    async fn label_next_id(&mut self, id: PersonId) -> Outcome<()>;
    async fn set_persist_ids(&mut self, persist: bool) -> Outcome<()>;
    async fn erase_ids(&mut self) -> Outcome<()>;
    async fn set_led(&mut self, on: bool) -> Outcome<()>;
}

macro_rules! calls_of {
    ($sensor:ident $(, $await:tt)?) => {
        impl Sensor for $sensor<RemoteI2c<'_, Files>> {
            async fn read(&mut self) -> Outcome<Faces> {
                self.read()$(.$await)?
            }
            async fn configure(&mut self, config: &Config) -> Outcome<()> {
                self.configure(config)$(.$await)?
            }
            async fn set_mode(&mut self, mode: Mode) -> Outcome<()> {
                self.set_mode(mode)$(.$await)?
            }
            async fn set_id_enabled(&mut self, enabled: bool) -> Outcome<()> {
                self.set_id_enabled(enabled)$(.$await)?
            }
            async fn capture(&mut self, delay: &mut RemoteDelay<'_, Files>) -> Outcome<Faces> {
                self.capture(delay)$(.$await)?
            }
            async fn label_next_id(&mut self, id: PersonId) -> Outcome<()> {
                self.label_next_id(id)$(.$await)?
            }
            async fn set_persist_ids(&mut self, persist: bool) -> Outcome<()> {
                self.set_persist_ids(persist)$(.$await)?
            }
            async fn erase_ids(&mut self) -> Outcome<()> {
                self.erase_ids()$(.$await)?
            }
            async fn set_led(&mut self, on: bool) -> Outcome<()> {
                self.set_led(on)$(.$await)?
            }
        }
    };
}

calls_of!(PersonSensor);
calls_of!(PersonSensorAsync, await);

struct Checks<'a> {
    host: &'a Host,
    begin: Duration,
    failed: u32,
}

impl Checks<'_> {
    async fn all(&mut self, sensor: &mut impl Sensor) -> Result<(), Failed> {
        self.modes(sensor).await?;
        self.recognition(sensor).await?;
        self.loss_of_power(sensor).await?;
        // Nothing that the bus tells: whoever records it sees the write.
        sensor.set_led(false).await?;
        sensor.configure(&Config::POWER_ON).await?;
        Ok(())
    }

    async fn modes(&mut self, sensor: &mut impl Sensor) -> Result<(), Failed> {
        self.pass(1000)?;
        let first = sensor.read().await?;
        self.pass(1000)?;
        self.check("continuous: the results change", sensor.read().await? != first)?;

        sensor.set_mode(Mode::Standby).await?;
        self.pass(1000)?;
        let last = sensor.read().await?;
        self.pass(2000)?;
        self.check("standby: the result stays", sensor.read().await? == last)?;

        let shot = sensor.capture(&mut self.host.delay()).await?;
        self.check("single shot: another result", shot != last)?;
        self.pass(2000)?;
        self.check("and no more than one", sensor.read().await? == shot)?;

        sensor.set_mode(Mode::Continuous).await?;
        self.pass(1000)?;
        self.check("continuous: the results change again", sensor.read().await? != shot)
    }

    async fn recognition(&mut self, sensor: &mut impl Sensor) -> Result<(), Failed> {
        sensor.label_next_id(FIVE).await?;
        self.pass(1000)?;
        self.check("recognition is off: nobody is known", who(&sensor.read().await?).is_none())?;
        sensor.erase_ids().await?;

        sensor.set_id_enabled(true).await?;
        self.pass(1000)?;
        self.check("recognition on: without labels nobody is known", who(&sensor.read().await?).is_none())?;
        sensor.label_next_id(FIVE).await?;
        self.pass(1000)?;
        self.check("label next ID: known as 5", who(&sensor.read().await?) == Some(5))?;
        sensor.set_id_enabled(false).await?;
        self.pass(1000)?;
        self.check("recognition off: nobody is known", who(&sensor.read().await?).is_none())
    }

    async fn loss_of_power(&mut self, sensor: &mut impl Sensor) -> Result<(), Failed> {
        sensor.set_id_enabled(true).await?;
        self.host.wait_until(self.begin + AFTER_THE_FIRST_LOSS)?;
        self.check("power was lost: recognition is off", who(&sensor.read().await?).is_none())?;
        sensor.set_id_enabled(true).await?;
        self.pass(1000)?;
        self.check("labels were kept: known as 5", who(&sensor.read().await?) == Some(5))?;

        sensor.set_persist_ids(false).await?;
        self.host.wait_until(self.begin + AFTER_THE_SECOND_LOSS)?;
        sensor.configure(&AWAY).await?;
        self.pass(1000)?;
        self.check("persist off, and power was lost: nobody is known", who(&sensor.read().await?).is_none())?;

        sensor.label_next_id(TWO).await?;
        self.pass(1000)?;
        self.check("labelled anew: known as 2", who(&sensor.read().await?) == Some(2))?;
        sensor.erase_ids().await?;
        self.pass(1000)?;
        self.check("erased: nobody is known", who(&sensor.read().await?).is_none())
    }

    fn pass(&self, ms: u64) -> Result<(), HostError> {
        self.host.wait_until(self.host.now()? + Duration::from_millis(ms))?;
        Ok(())
    }

    fn check(&mut self, what: &str, holds: bool) -> Result<(), Failed> {
        self.failed += u32::from(!holds);
        print(Line::new(self.host.now()?, if holds { "holds" } else { "FAILED" }).why(what));
        Ok(())
    }
}

/// Whom the one face is known as.
fn who(faces: &Faces) -> Option<u8> {
    faces.iter().next()?.identity().map(|identity| identity.id().get())
}
