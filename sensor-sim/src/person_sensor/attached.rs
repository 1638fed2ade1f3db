//! What a test asks of a sensor that is on a bus, in a word each.

use mlsensor::Faces;
use mlsensor::behavior::Direction;

use crate::{Attached, Scene, SimPin, SimSensor};

impl Attached<SimSensor> {
    /// Puts these people in front of the sensor, from now on: see [`SimSensor::set_scene`].
    pub fn set_scene(&self, scene: impl Into<Scene>) {
        self.lock().set_scene(scene);
    }

    /// Makes the sensor report exactly these faces from its next capture on: see [`SimSensor::show_faces`].
    pub fn show_faces(&self, faces: Faces) {
        self.lock().show_faces(faces);
    }

    /// Turns the sensor, from its next capture on: see [`SimSensor::point`].
    pub fn point(&self, direction: Direction) {
        self.lock().point(direction);
    }

    /// Where the sensor looks.
    #[must_use]
    pub fn direction(&self) -> Direction {
        self.lock().direction()
    }

    /// Takes the sensor's power away.
    pub fn power_off(&self) {
        self.lock().power_off();
    }

    /// Gives the sensor power; it boots first.
    pub fn power_on(&self) {
        self.lock().power_on();
    }

    /// The level of the presence pin.
    #[must_use]
    pub fn presence(&self) -> bool {
        self.lock().presence()
    }

    /// The sensor's presence pin, as the input of a program.
    #[must_use]
    pub fn pin(&self) -> SimPin {
        self.output_pin(SimSensor::presence)
    }
}
