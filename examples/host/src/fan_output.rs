//! A fan: on a GPIO line, on a Raspberry Pi's hardware PWM, or nowhere but in the transcript.

use clap::Args;

use crate::report::Report;

/// The options that say where the fan is.
#[derive(Debug, Args)]
pub struct FanArgs {
    /// Switch a real fan on this GPIO line, by its name: GPIO17 (see `gpioinfo`)
    #[arg(long, value_name = "LINE")]
    pub gpio: Option<String>,
    /// Drive a real fan by the Raspberry Pi's PWM channel 0 or 1: its speed follows the distance
    #[cfg(feature = "rppal")]
    #[arg(long, value_name = "CHANNEL", conflicts_with = "gpio", value_parser = clap::value_parser!(u8).range(0..=1))]
    pub pwm: Option<u8>,
}

/// A fan, which is off when it is opened and off when it is dropped.
pub struct Fan {
    output: Output,
}

enum Output {
    Shown,
    #[cfg(target_os = "linux")]
    Gpio {
        request: gpiocdev::Request,
        offset: u32,
        line: String,
    },
    #[cfg(all(target_os = "linux", feature = "rppal"))]
    Pwm(rppal::pwm::Pwm),
}

impl Fan {
    /// Opens the fan that the options name, and turns it off.
    ///
    /// # Errors
    /// A report in four parts.
    pub fn open(args: &FanArgs) -> Result<Fan, Report> {
        #[cfg(feature = "rppal")]
        if let Some(channel) = args.pwm {
            return open_pwm(channel);
        }
        match &args.gpio {
            Some(line) => open_gpio(line),
            None => Ok(Fan { output: Output::Shown }),
        }
    }

    /// Sets the speed, 0..=100 percent; 0 is off. On a GPIO line anything else is on.
    ///
    /// # Errors
    /// A report in four parts. The fan is then in an unknown state.
    pub fn set(&mut self, percent: u8) -> Result<(), Report> {
        match &mut self.output {
            Output::Shown => {
                let _ = percent;
                Ok(())
            }
            #[cfg(target_os = "linux")]
            Output::Gpio { request, offset, line } => request
                .set_value(*offset, (percent > 0).into())
                .map(drop)
                .map_err(|error| gpio_report(line, &error)),
            #[cfg(all(target_os = "linux", feature = "rppal"))]
            Output::Pwm(pwm) => {
                pwm.set_duty_cycle(f64::from(percent.min(100)) / 100.0).map_err(|error| pwm_report(&error))
            }
        }
    }
}

impl Drop for Fan {
    fn drop(&mut self) {
        if let Err(report) = self.set(0) {
            eprintln!("{report}");
        }
    }
}

#[cfg(target_os = "linux")]
fn open_gpio(line: &str) -> Result<Fan, Report> {
    let Some(found) = gpiocdev::find_named_line(line) else {
        return Err(Report {
            what: format!("there is no GPIO line named {line}"),
            likely: "the name is written otherwise on this board, or this user may not use GPIO (group gpio)"
                .to_owned(),
            run: "gpioinfo    (from the package gpiod)".to_owned(),
            code: "MLSENSOR-GPIO".to_owned(),
        });
    };
    let request = gpiocdev::Request::builder()
        .with_consumer("mlsensor fan")
        .with_found_line(&found)
        .as_output(gpiocdev::line::Value::Inactive)
        .request()
        .map_err(|error| gpio_report(line, &error))?;
    Ok(Fan { output: Output::Gpio { request, offset: found.info.offset, line: line.to_owned() } })
}

#[cfg(not(target_os = "linux"))]
fn open_gpio(line: &str) -> Result<Fan, Report> {
    Err(Report {
        what: format!("cannot open the GPIO line {line}: GPIO is used on Linux alone"),
        likely: "this is another operating system".to_owned(),
        run: "run this without --gpio".to_owned(),
        code: "MLSENSOR-GPIO".to_owned(),
    })
}

#[cfg(target_os = "linux")]
fn gpio_report(line: &str, error: &gpiocdev::Error) -> Report {
    Report {
        what: format!("cannot drive the GPIO line {line}: {error}"),
        likely: "another program has it".to_owned(),
        run: "gpioinfo    (from the package gpiod)".to_owned(),
        code: "MLSENSOR-GPIO".to_owned(),
    }
}

#[cfg(all(target_os = "linux", feature = "rppal"))]
fn open_pwm(channel: u8) -> Result<Fan, Report> {
    use rppal::pwm::{Channel, Polarity, Pwm};

    let channel = if channel == 0 { Channel::Pwm0 } else { Channel::Pwm1 };
    // 25 kHz is what four-wire fans want, and what nobody hears.
    Pwm::with_frequency(channel, 25_000.0, 0.0, Polarity::Normal, true)
        .map(|pwm| Fan { output: Output::Pwm(pwm) })
        .map_err(|error| pwm_report(&error))
}

#[cfg(all(target_os = "linux", feature = "rppal"))]
fn pwm_report(error: &rppal::pwm::Error) -> Report {
    Report {
        what: format!("cannot drive the PWM channel: {error}"),
        likely: "this is no Raspberry Pi, or its PWM is not enabled: dtoverlay=pwm-2chan in config.txt"
            .to_owned(),
        run: "ls /sys/class/pwm".to_owned(),
        code: "MLSENSOR-PWM".to_owned(),
    }
}
