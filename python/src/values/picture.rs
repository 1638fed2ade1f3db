//! The field of view as a picture.

/// An SVG of the field of view with the faces in it.
pub(super) fn svg(faces: &mlsensor::Faces) -> String {
    let _ = faces;
    String::new()
}
