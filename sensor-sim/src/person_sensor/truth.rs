//! What a test may know of a result, and a program cannot: who is behind each face, and when the picture was taken.

use alloc::vec::Vec;
use core::time::Duration;

use mlsensor::person_sensor::MAX_FACES;
use mlsensor::{Face, Faces};

use super::sensor::SimSensor;

/// The faces of one capture, and what is behind them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Picture {
    /// When it was taken, in nanoseconds since the sensor was made.
    pub(super) exposed_at: u64,
    pub(super) faces: Faces,
    /// Who is behind the face of the same place.
    who: [Option<u32>; MAX_FACES],
}

impl Picture {
    pub(super) fn new(exposed_at: u64, faces: Faces) -> Picture {
        Picture { exposed_at, faces, who: [None; MAX_FACES] }
    }

    /// Adds a face; one that does not fit is left out.
    pub(super) fn add(&mut self, face: Face, who: Option<u32>) {
        let place = self.faces.count();
        if let (Ok(faces), Some(of_place)) = (self.faces.with(face), self.who.get_mut(place)) {
            (self.faces, *of_place) = (faces, who);
        }
    }
}

impl SimSensor {
    /// Who is behind each face of [`result`](SimSensor::result), in the packet's order: a look that a real sensor does
    /// not allow. It is for tests and figures that judge what a program makes of a result.
    ///
    /// It is the [`who`](crate::Person::who) of the person; `None` for a false face and for one of
    /// [`show_faces`](SimSensor::show_faces). Both halves of a head that is seen as two faces are of that person. What
    /// is not published yet is not in it; without a picture behind the result it is empty.
    ///
    /// ```
    /// use core::time::Duration;
    /// use mlsensor_sim::{Person, SimSensor};
    ///
    /// let mut sensor = SimSensor::new();
    /// sensor.set_scene([Person::at(2.0, -20.0).known_as(1), Person::at(1.0, 20.0).known_as(2)]);
    /// sensor.advance(Duration::from_millis(200));
    /// let who: Vec<_> = sensor.truth().into_iter().map(|(_, who)| who).collect();
    /// assert_eq!(who, [Some(2), Some(1)]); // the largest first
    /// assert_eq!(sensor.exposed_at(), Some(Duration::ZERO)); // 200 ms ago
    /// ```
    #[must_use]
    pub fn truth(&self) -> Vec<(Face, Option<u32>)> {
        let faces_of = |picture: &Picture| picture.faces.iter().copied().zip(picture.who).collect();
        self.picture.as_ref().map(faces_of).unwrap_or_default()
    }

    /// When the picture behind [`result`](SimSensor::result) was taken, on the clock of [`now`](SimSensor::now): a look
    /// that a real sensor does not allow. `None` if there is none: nothing was published since the sensor got its power,
    /// or standby [forgot](super::Assumptions::standby_forgets) it.
    #[must_use]
    pub fn exposed_at(&self) -> Option<Duration> {
        self.picture.map(|picture| Duration::from_nanos(picture.exposed_at))
    }

    /// Since when [`result`](SimSensor::result) can be read, on the clock of [`now`](SimSensor::now): a look that a real
    /// sensor does not allow. `None` as for [`exposed_at`](SimSensor::exposed_at).
    #[must_use]
    pub fn published_at(&self) -> Option<Duration> {
        self.picture.map(|_| Duration::from_nanos(self.published_at))
    }
}
