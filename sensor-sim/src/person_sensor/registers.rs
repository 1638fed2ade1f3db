//! The seven registers, and what writing them does.

use mlsensor::{Command, Mode};

use super::assumptions::{PinOutsideContinuous, SecondSingleShot};
use super::sensor::{SimSensor, nanos};

impl SimSensor {
    /// A command takes effect.
    pub(super) fn command(&mut self, command: Command) {
        match command {
            Command::Mode(mode) => self.set_mode(mode),
            Command::EnableId(on) => self.config.id_enabled = on,
            Command::SingleShot => {
                if self.config.mode == Mode::Standby || !self.assumptions.single_shot_only_in_standby {
                    self.single_shot();
                }
            }
            Command::LabelNextId(id) => self.labels.label_next(id),
            Command::PersistIds(on) => self.config.persist_ids = on,
            Command::EraseIds => {
                self.labels.erase();
                if self.assumptions.erasing_cancels_label {
                    self.labels.forget_waiting();
                }
                self.silent_until = self.now.saturating_add(nanos(self.assumptions.erasing));
            }
            Command::DebugMode(on) => self.config.led = on,
        }
    }

    fn single_shot(&mut self) {
        if self.config.mode == Mode::Standby && !self.in_flight.is_empty() {
            match self.assumptions.second_single_shot {
                SecondSingleShot::Ignored => return,
                SecondSingleShot::Restarts => self.in_flight.clear(),
            }
        }
        self.capture(nanos(self.assumptions.single_shot));
    }

    fn set_mode(&mut self, mode: Mode) {
        let changes = self.config.mode != mode;
        self.config.mode = mode;
        if !(changes || (mode == Mode::Continuous && self.assumptions.mode_write_restarts)) {
            return;
        }
        if self.assumptions.mode_change_drops || !changes {
            self.in_flight.clear();
        }
        match mode {
            Mode::Continuous => {
                self.next_capture = Some(self.now);
                if self.assumptions.pin_shows_old_result {
                    self.pin = self.result_has_face;
                }
            }
            Mode::Standby => {
                self.next_capture = None;
                if self.assumptions.standby_forgets {
                    self.forget_result();
                }
                if self.assumptions.pin_outside_continuous == PinOutsideContinuous::Low {
                    self.pin = false;
                }
            }
        }
    }
}
