//! Something that is on or off: on a GPIO line, or nowhere but in the transcript.

use clap::Args;

use mlsensor_host::Report;

/// The options that say where a switch is.
#[derive(Debug, Args)]
pub struct SwitchArgs {
    /// Switch something real on this GPIO line, by its name: GPIO17 (see `gpioinfo`)
    #[arg(long, value_name = "LINE")]
    pub gpio: Option<String>,
}

/// A switch, which is off when it is opened and off when it is dropped.
pub struct Switch {
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
            Output::Gpio { request, offset, line } => {
                request.set_value(*offset, is_on.into()).map(drop).map_err(|error| gpio_report(line, &error))
            }
        }
    }
}

impl Drop for Switch {
    fn drop(&mut self) {
        if let Err(report) = self.set(false) {
            eprintln!("{report}");
        }
    }
}

#[cfg(target_os = "linux")]
fn open_gpio(line: &str) -> Result<Switch, Report> {
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
        .with_consumer("mlsensor")
        .with_found_line(&found)
        .as_output(gpiocdev::line::Value::Inactive)
        .request()
        .map_err(|error| gpio_report(line, &error))?;
    Ok(Switch { output: Output::Gpio { request, offset: found.info.offset, line: line.to_owned() } })
}

#[cfg(not(target_os = "linux"))]
fn open_gpio(line: &str) -> Result<Switch, Report> {
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
