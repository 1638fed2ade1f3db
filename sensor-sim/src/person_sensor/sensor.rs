//! The sensor's own life: power, modes, captures and results.

use alloc::{collections::VecDeque, vec::Vec};
use core::time::Duration;

use mlsensor::behavior;
use mlsensor::{Config, Faces, Mode, Packet, PersonId};

use super::assumptions::{Assumptions, FirstResult, Led, PinOutsideContinuous, ProbingWhileBooting};
use super::bus_side::BusSide;
use super::detection::{Detection, FalseFace, Sighting};
use super::labels::Labels;
use super::truth::Picture;
use crate::scene::Scene;
use crate::timeline::{Event, Timeline};

/// What stands in front of the sensor.
#[derive(Debug, Clone)]
pub(super) enum Stage {
    Scene(Scene),
    Timeline(Timeline),
    /// These faces are reported as they are, whatever the optics would say.
    Faces(Faces),
}

/// A capture whose result is not published yet.
#[derive(Debug, Clone)]
pub(super) struct InFlight {
    pub(super) due: u64,
    pub(super) packet: Packet,
    pub(super) picture: Picture,
}

/// A simulated Person Sensor.
///
/// ```
/// use core::time::Duration;
/// use mlsensor::Faces;
/// use mlsensor_sim::{Person, SimSensor};
///
/// let mut sensor = SimSensor::new();
/// sensor.set_scene([Person::at(1.0, -15.0), Person::at(2.0, 20.0).with_heading(180.0)]);
/// sensor.advance(Duration::from_secs(1));
/// let faces = Faces::parse(sensor.result())?;
/// assert_eq!(faces.count(), 1); // the other one shows the back of the head
/// assert!(faces.largest().is_some_and(|face| face.bounds().bearing_deg() == -15));
/// # Ok::<(), mlsensor::PacketError>(())
/// ```
#[derive(Debug, Clone)]
pub struct SimSensor {
    pub(super) assumptions: Assumptions,
    pub(super) detection: Detection,
    pub(super) seed: u64,
    pub(super) stage: Stage,
    /// Where the lens axis points.
    pub(super) direction: behavior::Direction,
    /// Times are nanoseconds since the sensor was made.
    pub(super) now: u64,
    pub(super) is_powered: bool,
    pub(super) silent_until: u64,
    pub(super) booted_at: u64,
    pub(super) holds_data_low: bool,
    /// Index of the next event of a timeline.
    pub(super) next_scripted: usize,
    pub(super) config: Config,
    pub(super) labels: Labels,
    pub(super) next_capture: Option<u64>,
    pub(super) captures: u64,
    /// In the order of the captures: none is overtaken by a later one, even if that is due earlier.
    pub(super) in_flight: VecDeque<InFlight>,
    pub(super) result: Packet,
    /// What is behind the result; `None` if it is what a read gives without one.
    pub(super) picture: Option<Picture>,
    pub(super) published_at: u64,
    pub(super) result_has_face: bool,
    pub(super) results: u64,
    pub(super) pin: bool,
    pub(super) false_face: FalseFace,
    pub(super) sightings: Vec<Sighting>,
    pub(super) bus: BusSide,
}

pub(super) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

impl SimSensor {
    /// A sensor with an empty room in front of it, that sees as well as the optics allow
    /// ([`Detection::ideal`]). It has power and has just begun its first inference, in its power-on settings.
    #[must_use]
    pub fn new() -> SimSensor {
        let assumptions = Assumptions::default();
        let result = first_result(&assumptions);
        SimSensor {
            detection: Detection::ideal(),
            seed: 0,
            stage: Stage::Scene(Scene::empty()),
            direction: behavior::Direction::AHEAD,
            now: 0,
            is_powered: true,
            silent_until: 0,
            booted_at: 0,
            holds_data_low: false,
            next_scripted: 0,
            config: Config::default(),
            labels: Labels::default(),
            next_capture: Some(0),
            captures: 0,
            in_flight: VecDeque::new(),
            result,
            picture: None,
            published_at: 0,
            result_has_face: false,
            results: 0,
            pin: false,
            false_face: FalseFace::default(),
            sightings: Vec::new(),
            bus: BusSide::new(result),
            assumptions,
        }
    }

    /// The same sensor under other assumptions. For a sensor that has not been advanced yet.
    #[must_use]
    pub fn with_assumptions(mut self, assumptions: Assumptions) -> SimSensor {
        self.result = first_result(&assumptions);
        self.assumptions = assumptions;
        self
    }

    /// The same sensor with other strengths and weaknesses; `Detection::default()` is like hardware.
    #[must_use]
    pub fn with_detection(mut self, detection: Detection) -> SimSensor {
        self.detection = detection;
        self
    }

    /// The same sensor with another seed for everything that is left to chance.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> SimSensor {
        self.seed = seed;
        self
    }

    /// The same sensor in front of a scripted scene, whose time zero is the time the sensor was made.
    #[must_use]
    pub fn with_timeline(mut self, timeline: Timeline) -> SimSensor {
        self.stage = Stage::Timeline(timeline);
        self.next_scripted = 0;
        self
    }

    /// Puts these people in front of the sensor, from now on: an array, a `Vec` or a [`Scene`].
    pub fn set_scene(&mut self, scene: impl Into<Scene>) {
        self.stage = Stage::Scene(scene.into());
    }

    /// Makes the sensor report exactly these faces, from its next capture on, past optics, detection and
    /// recognition: for a test that is about one packet.
    pub fn show_faces(&mut self, faces: Faces) {
        self.stage = Stage::Faces(faces);
    }

    /// Turns the sensor about its lens, as a pan/tilt does: by pan about the vertical axis, then by tilt about its own
    /// horizontal one. Its next capture is made from there; until it is turned, it looks straight ahead.
    ///
    /// Scenes and timelines stay where they are. People keep the angle by which their heads are turned from the sensor.
    /// Angles wrap, and a tilt goes on over the top, where the picture is upside down. [`show_faces`](Self::show_faces)
    /// shows the same faces in every direction.
    ///
    /// ```
    /// use core::time::Duration;
    /// use mlsensor::{Faces, behavior::Direction};
    /// use mlsensor_sim::{Person, SimSensor};
    ///
    /// let mut sensor = SimSensor::new();
    /// sensor.set_scene([Person::at(2.0, 90.0)]); // to the right, out of the picture
    /// sensor.point(Direction::new(70_000, 0));
    /// sensor.advance(Duration::from_secs(1));
    /// let faces = Faces::parse(sensor.result())?;
    /// assert!(faces.largest().is_some_and(|face| face.bounds().bearing_deg() == 20));
    /// # Ok::<(), mlsensor::PacketError>(())
    /// ```
    pub fn point(&mut self, direction: behavior::Direction) {
        self.direction = direction;
    }

    /// Where the sensor looks.
    #[must_use]
    pub const fn direction(&self) -> behavior::Direction {
        self.direction
    }

    /// The answers to open questions that this sensor gives.
    #[must_use]
    pub const fn assumptions(&self) -> &Assumptions {
        &self.assumptions
    }

    /// The time since the sensor was made.
    #[must_use]
    pub const fn now(&self) -> Duration {
        Duration::from_nanos(self.now)
    }

    /// The level of the presence pin (TP1).
    #[must_use]
    pub const fn presence(&self) -> bool {
        self.pin
    }

    /// Whether the indicator LED is lit; see [`Assumptions::led`].
    #[must_use]
    pub const fn led(&self) -> bool {
        let shows = match self.assumptions.led {
            Led::ShowsFaces => self.result_has_face,
            Led::IsLit => true,
        };
        self.is_powered && self.config.led && shows
    }

    /// What the registers hold: a look that a real sensor does not allow.
    #[must_use]
    pub const fn config(&self) -> Config {
        self.config
    }

    /// Who was given a label: a look that a real sensor does not allow.
    #[must_use]
    pub fn labelled(&self, id: PersonId) -> Option<u32> {
        self.labels.who(id)
    }

    /// The latest result, as a read would give it.
    #[must_use]
    pub const fn result(&self) -> &Packet {
        &self.result
    }

    /// How many results the sensor has published since it was made: the frame counter that a real one lacks.
    #[must_use]
    pub const fn results(&self) -> u64 {
        self.results
    }

    /// Takes the power away. What the sensor does not keep is lost.
    pub fn power_off(&mut self) {
        self.is_powered = false;
        self.next_capture = None;
        self.in_flight.clear();
        self.pin = false;
        self.result_has_face = false;
        self.holds_data_low = false;
        self.labels.forget_waiting();
        if !(self.config.persist_ids && self.assumptions.labels_survive) {
            self.labels.erase();
        }
        self.bus = BusSide::new(self.result);
    }

    /// Gives it power: it is silent for [`Assumptions::power_up_silence`], then captures in its power-on settings.
    pub fn power_on(&mut self) {
        if self.is_powered {
            return;
        }
        self.is_powered = true;
        self.config = Config::default();
        self.forget_result();
        self.silent_until = self.now.saturating_add(nanos(self.assumptions.power_up_silence));
        self.booted_at = self.silent_until;
        self.next_capture = Some(self.booted_at);
    }

    /// Lets time pass: captures are made and results published when they are due. It takes a fraction of a microsecond of
    /// real time for each. Virtual time ends after 584 years, and nothing happens then.
    pub fn advance(&mut self, by: Duration) {
        let until = self.now.saturating_add(nanos(by));
        while let Some(due) = self.next_due().filter(|&due| due <= until) {
            self.now = self.now.max(due);
            self.happen(due);
        }
        self.now = until;
    }

    /// How long from now until the sensor next does something by itself; `None` if it never will.
    #[must_use]
    pub fn next_event(&self) -> Option<Duration> {
        self.next_due().map(|due| Duration::from_nanos(due.saturating_sub(self.now)))
    }

    fn next_scripted(&self) -> Option<(u64, Event)> {
        let Stage::Timeline(timeline) = &self.stage else { return None };
        timeline.events.get(self.next_scripted).map(|(at, event)| (nanos(*at), *event))
    }

    fn next_due(&self) -> Option<u64> {
        let published = self.in_flight.front().map(|in_flight| in_flight.due);
        let scripted = self.next_scripted().map(|(at, _)| at);
        [published, self.next_capture, scripted].into_iter().flatten().min()
    }

    /// Does the one thing that is due first: publish before capture, script before both.
    fn happen(&mut self, due: u64) {
        if let Some((_, event)) = self.next_scripted().filter(|(at, _)| *at <= due) {
            self.next_scripted = self.next_scripted.saturating_add(1);
            match event {
                Event::Command(command) if self.is_listening() => self.command(command),
                Event::Command(_) => {}
                Event::PowerOff => self.power_off(),
                Event::PowerOn => self.power_on(),
            }
        } else if self.in_flight.front().is_some_and(|in_flight| in_flight.due <= due) {
            if let Some(in_flight) = self.in_flight.pop_front() {
                self.publish(&in_flight);
            }
        } else if self.next_capture.is_some() {
            let inference = self.capture(nanos(self.assumptions.latency));
            self.next_capture = due.checked_add(inference);
        }
    }

    fn publish(&mut self, in_flight: &InFlight) {
        self.result = in_flight.packet;
        self.picture = Some(in_flight.picture);
        self.published_at = self.now;
        self.result_has_face = !in_flight.picture.faces.is_empty();
        self.results = self.results.saturating_add(1);
        let follows = self.assumptions.pin_outside_continuous == PinOutsideContinuous::Follows;
        if self.config.mode == Mode::Continuous || follows {
            self.pin = self.result_has_face;
        }
    }

    /// Goes back to what a read gives before the first result.
    pub(super) fn forget_result(&mut self) {
        self.result = first_result(&self.assumptions);
        self.picture = None;
        self.result_has_face = false;
    }

    /// Whether it takes part in the bus: it has power, has booted and is not erasing.
    pub(super) const fn is_listening(&self) -> bool {
        self.is_powered && self.now >= self.silent_until && !self.holds_data_low
    }

    /// It was addressed, whether it listens or not.
    pub(super) fn note_probe(&mut self) {
        let is_booting = self.is_powered && self.now < self.booted_at;
        if is_booting && self.assumptions.probing_while_booting == ProbingWhileBooting::HoldsDataLow {
            self.holds_data_low = true;
        }
    }
}

impl Default for SimSensor {
    fn default() -> Self {
        SimSensor::new()
    }
}

fn first_result(assumptions: &Assumptions) -> Packet {
    match assumptions.before_first_result {
        FirstResult::Nobody => Faces::EMPTY.emit(),
        FirstResult::AllZero => [0x00; 39],
        FirstResult::AllOnes => [0xFF; 39],
    }
}
