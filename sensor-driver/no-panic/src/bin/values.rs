//! Everything that is not I/O: packets, faces, geometry, commands, errors, the field table.
#![no_std]
#![no_main]

use bare_metal::{byte, bytes, halt, keep};
use mlsensor::{
    Bounds, Command, Config, Error, Face, Faces, Identity, Mode, PersonId, ProbeError, crc16_mcrf4xx,
    person_sensor::{LAYOUT, bits_per_packet, oddities},
};

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    checksum();
    packet();
    built();
    command();
    layout();
    halt()
}

#[inline(never)]
fn checksum() {
    let any: [u8; 39] = bytes();
    if let Some(some) = any.get(..usize::from(byte())) {
        keep(crc16_mcrf4xx(some));
    }
}

#[inline(never)]
fn packet() {
    match Faces::parse(&bytes()) {
        Ok(faces) => look(&faces),
        Err(error) => {
            keep((error.rule(), error.offset(), error.value()));
            keep(Error::from(ProbeError::NotAPersonSensor(error)).map_i2c(|()| byte()));
        }
    }
}

#[inline(never)]
fn look(faces: &Faces) {
    keep((faces.count(), faces.is_empty(), faces.as_slice(), faces.emit()));
    keep((faces.largest(), faces.most_confident(), faces.nearest_to(byte().cast_signed())));
    keep(faces.nearest_to_millideg(i32::from_le_bytes([byte(), byte(), byte(), byte()])));
    faces.facing().for_each(keep);
    faces.iter().for_each(face);
    for one in faces {
        keep(one);
    }
    for one in *faces {
        keep(one);
    }
}

#[inline(never)]
fn face(face: &Face) {
    let bounds = face.bounds();
    keep((bounds.left(), bounds.top(), bounds.right(), bounds.bottom()));
    keep((bounds.width(), bounds.height(), bounds.center(), bounds.area()));
    keep((bounds.bearing_millideg(), bounds.bearing_deg(), bounds.elevation_millideg()));
    keep((bounds.elevation_deg(), bounds.distance_mm()));
    keep((face.confidence(), face.is_facing()));
    if let Some(identity) = face.identity() {
        keep((identity.id().get(), identity.confidence()));
    }
}

#[inline(never)]
fn built() {
    let bounds = Bounds::new(byte(), byte(), byte(), byte());
    let identity = PersonId::new(byte()).and_then(|id| Identity::new(id, byte()));
    let Ok(face) = bounds.and_then(|bounds| Face::new(bounds, byte(), identity.ok(), byte() == 0)) else {
        return;
    };
    let six = [face; 6];
    if let Ok(faces) = Faces::new(six.get(..usize::from(byte())).unwrap_or(&[])) {
        look(&faces);
        keep(faces.with(face));
    }
    keep(Faces::default() == Faces::EMPTY);
}

#[inline(never)]
fn command() {
    match Command::parse(bytes()) {
        Ok(command) => keep(command.emit()),
        Err(error) => keep(error),
    }
    let mut config = Config::default();
    config.led = byte() == 0;
    let mode = if byte() == 0 { Mode::Standby } else { Mode::Continuous };
    let config = config.with_mode(mode).with_id_enabled(byte() == 0);
    keep(config.with_persist_ids(byte() == 0).with_led(byte() == 0).commands());
}

#[inline(never)]
fn layout() {
    let packet = bytes();
    for field in &LAYOUT {
        keep(field.documents(field.value(&packet)));
    }
    oddities(&packet).for_each(keep);
    keep(bits_per_packet());
}
