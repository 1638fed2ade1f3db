//! From the scene to a packet: what the camera sees, who is recognised, which faces are reported.

use alloc::vec::Vec;
use core::cmp::Reverse;
use core::time::Duration;

use mlsensor::person_sensor::MAX_FACES;
use mlsensor::{Faces, Packet, crc16_mcrf4xx};

use super::assumptions::{Kept, NotRecognised, Order, Recognises};
use super::detection::{Sighting, detect};
use super::sensor::{InFlight, SimSensor, Stage, nanos};
use super::truth::Picture;
use crate::random::Dice;
use crate::scene::View;

/// More captures than this are not in flight at once: one that finds no room is dropped.
const MAX_IN_FLIGHT: usize = 32;

impl SimSensor {
    /// Looks at the scene as it is now; the result is due after `latency`, plus the time of recognition and what the
    /// inference takes over its mean. Returns how long the inference takes.
    pub(super) fn capture(&mut self, latency: u64) -> u64 {
        let capture = self.captures;
        let mut dice = Dice::new(self.seed, capture);
        self.captures = capture.saturating_add(1);
        self.look(&mut dice);
        let labelling = self.labels.is_waiting();
        let recognition_is_on = self.config.id_enabled;
        let largest = self.largest();
        if recognition_is_on || !self.assumptions.label_needs_id_enabled {
            let face = largest.and_then(|place| self.sightings.get(place));
            self.labels.calibrate(face, self.assumptions.relabelling_moves);
        }
        let worth_it = !self.sightings.is_empty() || self.assumptions.recognition_without_faces;
        let recognises = recognition_is_on && (labelling || self.labels.any()) && worth_it;
        let recognition = if recognises { nanos(self.assumptions.recognition) } else { 0 };
        let picture = match self.stage {
            Stage::Faces(faces) => Picture::new(self.now, faces),
            _ => self.report(recognises, largest, &mut dice),
        };
        let pace = self.pace(capture, self.mean_inference(recognition));
        let due = self.now.saturating_add(latency).saturating_add(recognition);
        let due = due.saturating_add_signed(pace.deviation).max(self.now);
        let packet = self.emit(&picture.faces);
        if self.in_flight.len() < MAX_IN_FLIGHT {
            self.in_flight.push_back(InFlight { due, packet, picture });
        }
        pace.inference
    }

    /// The place among the sightings of the largest face, the first of several.
    fn largest(&self) -> Option<usize> {
        let areas = self.sightings.iter().map(|sighting| sighting.bounds.area()).enumerate();
        areas.max_by_key(|&(place, area)| (area, Reverse(place))).map(|(place, _)| place)
    }

    /// Fills `sightings` with what the camera frame of now shows.
    fn look(&mut self, dice: &mut Dice) {
        let (detection, lens, direction) = (&self.detection, self.assumptions.lens, self.direction);
        let (false_face, sightings) = (&mut self.false_face, &mut self.sightings);
        match &self.stage {
            Stage::Scene(scene) => {
                let height = scene.sensor_height_mm;
                let views =
                    scene.people.iter().filter_map(|person| View::of(person, height, direction, lens));
                detect(views, detection, false_face, dice, sightings);
            }
            Stage::Timeline(timeline) => {
                let height = timeline.sensor_height_mm;
                let people = timeline.people(Duration::from_nanos(self.now));
                let views = people.filter_map(|person| View::of(&person, height, direction, lens));
                detect(views, detection, false_face, dice, sightings);
            }
            Stage::Faces(faces) => {
                sightings.clear();
                sightings.extend(faces.iter().map(Sighting::of));
            }
        }
        if self.assumptions.kept == Kept::Largest {
            keep_largest(sightings);
        }
        sightings.truncate(MAX_FACES);
        if self.assumptions.order == Order::LargestFirst {
            sightings.sort_by_key(|sighting| Reverse(sighting.bounds.area()));
        }
    }

    /// The faces of a packet: the sightings, recognised where recognition runs.
    fn report(&self, recognises: bool, largest: Option<usize>, dice: &mut Dice) -> Picture {
        let mut picture = Picture::new(self.now, Faces::EMPTY);
        for (place, sighting) in self.sightings.iter().enumerate() {
            let everyone = self.assumptions.recognises == Recognises::EveryFace;
            let is_looked_at = everyone || Some(place) == largest;
            let identity = if recognises && is_looked_at {
                self.labels.recognise(sighting, &self.detection, dice)
            } else {
                None
            };
            if let Some(face) = sighting.face(identity) {
                picture.add(face, sighting.who);
            }
        }
        picture
    }

    /// The packet for these faces, with this sensor's way to write "not recognised".
    fn emit(&self, faces: &Faces) -> Packet {
        let mut packet = faces.emit();
        let (id_confidence, id) = match self.assumptions.not_recognised {
            NotRecognised::MinusOne => return packet, // as the driver writes it
            NotRecognised::Zero => (0, 0),
            NotRecognised::BothMinusOne => (0xFF, 0xFF),
        };
        let [_, _, _, _, _, records @ .., _, _] = &mut packet;
        for (face, record) in faces.iter().zip(records.chunks_exact_mut(8)) {
            if let (None, [.., confidence, label, _]) = (face.identity(), record) {
                (*confidence, *label) = (id_confidence, id);
            }
        }
        sign(&mut packet);
        packet
    }
}

/// Writes the checksum that the packet should have.
pub(crate) fn sign(packet: &mut Packet) {
    let [checked @ .., low, high] = packet;
    [*low, *high] = crc16_mcrf4xx(checked).to_le_bytes();
}

/// Keeps the four largest, in the order in which they are.
fn keep_largest(sightings: &mut Vec<Sighting>) {
    if sightings.len() <= MAX_FACES {
        return;
    }
    let mut areas: Vec<_> = sightings.iter().map(|sighting| sighting.bounds.area()).enumerate().collect();
    areas.sort_by_key(|&(place, area)| (Reverse(area), place));
    areas.truncate(MAX_FACES);
    let mut place = 0..;
    sightings.retain(|_| place.next().is_some_and(|place| areas.iter().any(|&(kept, _)| kept == place)));
}
