//! A fan: on a GPIO line, on a Raspberry Pi's hardware PWM, or nowhere but in the transcript.

use clap::{Arg, Args};

use crate::switch_output::{Switch, SwitchArgs};
use mlsensor_host::Report;
use mlsensor_host::report::say;

/// The options that say where the fan is.
#[derive(Debug, Args)]
pub struct FanArgs {
    #[command(flatten)]
    switch: SwitchArgs,
    /// Drive a real fan by the Raspberry Pi's PWM channel 0 or 1: its speed follows the distance
    #[cfg(feature = "rppal")]
    #[arg(long, value_name = "CHANNEL", conflicts_with = "gpio", value_parser = clap::value_parser!(u8).range(0..=1))]
    pwm: Option<u8>,
}

/// The same option, but that one of [`FanArgs`] means nothing without `--fan`: for programs that may have none.
#[must_use]
pub fn only_with_fan(option: Arg) -> Arg {
    match option.get_id().as_str() {
        "gpio" | "pwm" => option.requires("fan"),
        _ => option,
    }
}

/// A fan, which is off when it is opened and off when it is dropped.
pub struct Fan(Output);

enum Output {
    Switch(Switch),
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
        Switch::open(&args.switch).map(Output::Switch).map(Fan)
    }

    /// Sets the speed, 0..=100 percent; 0 is off. On a GPIO line anything else is on.
    ///
    /// # Errors
    /// A report in four parts. The fan is then in an unknown state.
    pub fn set(&mut self, percent: u8) -> Result<(), Report> {
        match &mut self.0 {
            Output::Switch(switch) => switch.set(percent > 0),
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
            say(report);
        }
    }
}

#[cfg(all(feature = "rppal", not(target_os = "linux")))]
fn open_pwm(channel: u8) -> Result<Fan, Report> {
    Err(Report {
        what: format!("cannot drive the PWM channel {channel}: it is one of a Raspberry Pi with Linux"),
        likely: "this is another operating system".to_owned(),
        run: "run this without --pwm".to_owned(),
        code: "MLSENSOR-PWM".to_owned(),
    })
}

#[cfg(all(target_os = "linux", feature = "rppal"))]
fn open_pwm(channel: u8) -> Result<Fan, Report> {
    use rppal::pwm::{Channel, Polarity, Pwm};

    let channel = if channel == 0 { Channel::Pwm0 } else { Channel::Pwm1 };
    // 25 kHz is what four-wire fans want, and what nobody hears.
    Pwm::with_frequency(channel, 25_000.0, 0.0, Polarity::Normal, true)
        .map(|pwm| Fan(Output::Pwm(pwm)))
        .map_err(|error| pwm_report(&error))
}

#[cfg(all(target_os = "linux", feature = "rppal"))]
pub(crate) fn pwm_report(error: &rppal::pwm::Error) -> Report {
    Report {
        what: format!("cannot drive the PWM channel: {error}"),
        likely: "this is no Raspberry Pi, or its PWM is not enabled: dtoverlay=pwm-2chan in config.txt"
            .to_owned(),
        run: "ls /sys/class/pwm".to_owned(),
        code: "MLSENSOR-PWM".to_owned(),
    }
}
