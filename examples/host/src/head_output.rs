//! A head that turns to the sides, up and down: two hobby servos on a Raspberry Pi's hardware PWM, or a drawing.

use clap::Args;
use mlsensor::behavior::{Aim, AimConfig, AimState, Direction, Mount};

use crate::program::Program;
use mlsensor_host::Report;

/// The options that say where the head is.
#[derive(Debug, Args)]
pub struct HeadArgs {
    /// Drive two real servos by the Raspberry Pi's PWM: channel 0 (GPIO12) turns to the sides, channel 1 (GPIO13) up and
    /// down
    #[cfg(feature = "rppal")]
    #[arg(long, conflicts_with = "pwm")]
    servos: bool,
    /// The sensor stands still beside the head, instead of sitting on it
    #[arg(long)]
    beside: bool,
}

/// A head. Dropped, its servos get no pulses any more: they stay where they are, without force.
pub struct Head {
    output: Output,
    mount: Mount,
}

enum Output {
    Shown,
    #[cfg(all(target_os = "linux", feature = "rppal"))]
    Servos {
        pan: rppal::pwm::Pwm,
        tilt: rppal::pwm::Pwm,
    },
}

impl Head {
    /// Opens the head that the options name. Its servos go to the middle.
    ///
    /// # Errors
    /// A report in four parts.
    pub fn open(args: &HeadArgs) -> Result<Head, Report> {
        let mount = if args.beside { Mount::Fixed } else { Mount::OnTheHead };
        #[cfg(feature = "rppal")]
        if args.servos {
            return Ok(Head { output: open_servos()?, mount });
        }
        Ok(Head { output: Output::Shown, mount })
    }

    /// What aims it. A real sensor on a head that is only drawn stands still.
    #[must_use]
    pub fn aim(&self, program: &Program) -> Aim {
        let is_carried = program.is_simulated() || !matches!(self.output, Output::Shown);
        let config = if program.reads_by_cadence() { AimConfig::WITH_CADENCE } else { AimConfig::DEFAULT };
        Aim::new(config.with_mount(if is_carried { self.mount } else { Mount::Fixed }))
    }

    /// Points it, and the simulated sensor that sits on it.
    ///
    /// # Errors
    /// A report in four parts. It then points somewhere.
    pub fn point(&mut self, program: &Program, direction: Direction) -> Result<(), Report> {
        if self.mount == Mount::OnTheHead {
            program.point(direction);
        }
        match &mut self.output {
            Output::Shown => {
                let _ = direction;
                Ok(())
            }
            #[cfg(all(target_os = "linux", feature = "rppal"))]
            Output::Servos { pan, tilt } => {
                let servo = mlsensor::behavior::Servo::DEFAULT;
                let pulse = |millideg| std::time::Duration::from_micros(servo.pulse_us(millideg).into());
                pan.set_pulse_width(pulse(direction.pan_millideg))
                    .and_then(|()| tilt.set_pulse_width(pulse(direction.tilt_millideg)))
                    .map_err(|error| crate::fan_output::pwm_report(&error))
            }
        }
    }
}

/// What a head is doing, in a word of a transcript.
#[must_use]
pub const fn word_of(state: AimState) -> &'static str {
    match state {
        AimState::Following(_) => "follow",
        AimState::Holding => "hold",
        AimState::Returning => "return",
        AimState::Searching => "search",
        AimState::Blind => "blind",
    }
}

#[cfg(all(feature = "rppal", not(target_os = "linux")))]
fn open_servos() -> Result<Output, Report> {
    Err(Report {
        what: "cannot drive servos: they need the PWM of a Raspberry Pi with Linux".to_owned(),
        likely: "this is another operating system".to_owned(),
        run: "run this without --servos".to_owned(),
        code: "MLSENSOR-PWM".to_owned(),
    })
}

#[cfg(all(target_os = "linux", feature = "rppal"))]
fn open_servos() -> Result<Output, Report> {
    use std::time::Duration;

    use mlsensor::behavior::Servo;
    use rppal::pwm::{Channel, Polarity, Pwm};

    // 50 pulses a second is what hobby servos are made for.
    let period = Duration::from_millis(20);
    let center = Duration::from_micros(Servo::DEFAULT.pulse_us(0).into());
    let open = |channel| {
        Pwm::with_period(channel, period, center, Polarity::Normal, true)
            .map_err(|error| crate::fan_output::pwm_report(&error))
    };
    Ok(Output::Servos { pan: open(Channel::Pwm0)?, tilt: open(Channel::Pwm1)? })
}
