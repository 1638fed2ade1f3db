//! Settings that the options choose: only these are sent.

use clap::{Args, ValueEnum};
use mlsensor::{Command, Mode};

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    /// On
    On,
    /// Off
    Off,
}

impl Switch {
    const fn is_on(self) -> bool {
        matches!(self, Switch::On)
    }
}

/// Options for what a sensor is set to.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct Choice {
    /// Recognise people who were labelled (slower)
    #[arg(long, value_name = "on|off", hide_possible_values = true)]
    id: Option<Switch>,
    /// Keep labels over a loss of power
    #[arg(long, value_name = "on|off", hide_possible_values = true)]
    persist: Option<Switch>,
    /// The indicator LED
    #[arg(long, value_name = "on|off", hide_possible_values = true)]
    led: Option<Switch>,
}

impl Choice {
    /// The writes, in the order in which a sensor is configured: the mode last, so that the first inference in it has the rest in
    /// place.
    pub(crate) fn commands(&self, mode: Option<Mode>) -> Vec<Command> {
        let persist = self.persist.map(|switch| Command::PersistIds(switch.is_on()));
        let led = self.led.map(|switch| Command::DebugMode(switch.is_on()));
        let id = self.id.map(|switch| Command::EnableId(switch.is_on()));
        [persist, led, id, mode.map(Command::Mode)].into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use mlsensor::Config;

    use super::*;

    #[test]
    fn only_what_was_chosen_is_sent_and_in_the_order_of_the_driver() {
        assert_eq!(Choice::default().commands(None), []);
        let all = Choice { id: Some(Switch::On), persist: Some(Switch::Off), led: Some(Switch::Off) };
        let config = Config::POWER_ON.with_id_enabled(true).with_persist_ids(false).with_led(false);
        assert_eq!(all.commands(Some(Mode::Continuous)), config.commands());
        let id = Choice { id: Some(Switch::Off), ..Choice::default() };
        assert_eq!(id.commands(None), [Command::EnableId(false)]);
    }
}
