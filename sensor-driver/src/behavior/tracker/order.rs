//! The faces of a packet in an order of their own: nothing may depend on the packet's.

use core::mem;

use crate::person_sensor::{Face, Faces, MAX_FACES};

/// The faces of a packet in an order that is not the packet's: the largest first.
pub(super) type Ordered = [Option<Face>; MAX_FACES];

pub(super) fn in_order(faces: &Faces) -> Ordered {
    let mut ordered = [None; MAX_FACES];
    for (slot, face) in ordered.iter_mut().zip(faces) {
        *slot = Some(*face);
    }
    let key = |face: &Option<Face>| face.map(|face| (face.bounds().area(), face));
    let sort = |first: &mut Option<Face>, second: &mut Option<Face>| {
        if key(first) < key(second) {
            mem::swap(first, second);
        }
    };
    // Five comparisons sort four.
    let [a, b, c, d] = &mut ordered;
    sort(a, b);
    sort(c, d);
    sort(a, c);
    sort(b, d);
    sort(b, c);
    ordered
}
