//! Something that is on or off: on a GPIO line, or nowhere but in the transcript.

use clap::Args;
#[cfg(target_os = "linux")]
use embedded_hal::digital::OutputPin as _;
use mlsensor_host::Report;
#[cfg(target_os = "linux")]
use mlsensor_host::linux::GpioOutput;
use mlsensor_host::linux::LineName;
use mlsensor_host::report::say;

/// The options that say where a switch is.
#[derive(Debug, Args)]
pub struct SwitchArgs {
    /// Switch something real on this GPIO line, by its name: GPIO17, or LABEL:17 (see `gpioinfo`)
    #[arg(long, value_name = "LINE")]
    pub gpio: Option<LineName>,
}

/// A switch, which is off when it is opened and off when it is dropped.
pub struct Switch {
    output: Output,
}

enum Output {
    Shown,
    #[cfg(target_os = "linux")]
    Gpio(GpioOutput),
}

impl Switch {
    /// Opens what the options name, and turns it off.
    ///
    /// # Errors
    /// A report in four parts.
    pub fn open(args: &SwitchArgs) -> Result<Switch, Report> {
        match &args.gpio {
            Some(line) => open_gpio(line),
            None => Ok(Switch { output: Output::Shown }),
        }
    }

    /// Turns it on or off.
    ///
    /// # Errors
    /// A report in four parts. It is then in an unknown state.
    pub fn set(&mut self, is_on: bool) -> Result<(), Report> {
        match &mut self.output {
            Output::Shown => {
                let _ = is_on;
                Ok(())
            }
            #[cfg(target_os = "linux")]
            Output::Gpio(line) => line.set_state(is_on.into()).map_err(Report::from),
        }
    }
}

impl Drop for Switch {
    fn drop(&mut self) {
        if let Err(report) = self.set(false) {
            say(report);
        }
    }
}

#[cfg(target_os = "linux")]
fn open_gpio(line: &LineName) -> Result<Switch, Report> {
    Ok(Switch { output: Output::Gpio(GpioOutput::open(line)?) })
}

#[cfg(not(target_os = "linux"))]
fn open_gpio(line: &LineName) -> Result<Switch, Report> {
    Err(Report {
        what: format!("cannot open the GPIO line {line}: GPIO is used on Linux alone"),
        likely: "this is another operating system".to_owned(),
        run: "run this without --gpio".to_owned(),
        code: "MLSENSOR-GPIO".to_owned(),
    })
}
