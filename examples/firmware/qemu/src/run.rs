//! One run of the fan: when to read, what comes of a reading, and the transcript, line for line that of the host's `fan`.

use core::time::Duration;

use mlsensor::behavior::Cadence;
use mlsensor::{Error, Faces};
use mlsensor_example_rules::counts::Counts;
use mlsensor_example_rules::fan::FanRule;
use mlsensor_example_rules::line::Line;
use mlsensor_example_rules::sight::{Observer, Sight};

use crate::print::{print, print_with, text};
use crate::{Host, HostError};

/// A run, from the start of the scene to its end.
pub struct Run<'a> {
    host: &'a Host,
    cadence: Cadence,
    observer: Observer,
    rule: FanRule,
    counts: Counts,
    /// When the reading that is due began.
    begun: Duration,
}

impl<'a> Run<'a> {
    /// Prints what the scene is.
    ///
    /// # Errors
    /// If the host is gone.
    pub fn start(host: &'a Host) -> Result<Run<'a>, HostError> {
        let mut about = [0; 240];
        print(Line::new(Duration::ZERO, "start").why(host.about(&mut about)?));
        Ok(Run {
            host,
            cadence: Cadence::default(),
            observer: Observer::default(),
            rule: FanRule::default(),
            counts: Counts::default(),
            begun: Duration::ZERO,
        })
    }

    /// Waits until a reading is due; false at the end of the scene.
    ///
    /// # Errors
    /// If the host is gone.
    pub fn is_due(&mut self) -> Result<bool, HostError> {
        let is_in_scene = self.host.wait_until(self.cadence.next_read())?;
        self.begun = self.host.now()?;
        Ok(is_in_scene)
    }

    /// What came of the reading that was due. One that failed is no reading to the rule, which turns the fan off when it
    /// has been blind for a while.
    ///
    /// # Errors
    /// If the host is gone.
    pub fn reading(&mut self, reading: Result<Faces, Error<HostError>>) -> Result<(), HostError> {
        let faces = reading.as_ref().ok();
        self.cadence.read_done(self.begun, faces);
        self.counts.add(&reading);
        // A fan of hardware is set to this after each reading.
        let news = self.rule.decide(self.begun, faces);
        let speed = self.rule.speed();
        if let Some(remark) = self.observer.observe(self.begun, faces).map(Sight::word) {
            print_with(Line::new(self.begun, remark), &reading);
        }
        if let Some((event, why)) = news {
            print_with(Line::new(self.begun, event).why(why).value("speed_percent", &speed), &reading);
        }
        Ok(())
    }

    /// Prints the end.
    ///
    /// # Errors
    /// If the host is gone.
    pub fn end(self) -> Result<(), HostError> {
        let at = self.host.end();
        if self.rule.speed() > 0 {
            print(Line::new(at, "fan off").why("the end"));
        }
        print(Line::new(at, "end").why(&text::<48>(&self.counts)));
        Ok(())
    }
}
