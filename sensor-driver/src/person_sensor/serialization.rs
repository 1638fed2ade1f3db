//! `serde` for the values: what is read back is checked as a packet is.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeSeq};

use super::{Bounds, Face, Faces, Identity, MAX_FACES, OutOfRange, PersonId};

impl de::Expected for OutOfRange {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} in {}..={}", self.what, self.min, self.max)
    }
}

fn out_of_range<E: de::Error>(error: OutOfRange) -> E {
    E::invalid_value(de::Unexpected::Unsigned(error.value as u64), &error)
}

impl Serialize for PersonId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.get())
    }
}

impl<'de> Deserialize<'de> for PersonId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        PersonId::new(u8::deserialize(deserializer)?).map_err(out_of_range)
    }
}

/// Declares the plain form of a value and both ways between them.
macro_rules! through {
    ($value:ident, $name:literal as $plain:ident { $($field:ident: $type:ty),* }, $make:expr) => {
        #[derive(Serialize, Deserialize)]
        #[serde(rename = $name, deny_unknown_fields)]
        struct $plain { $($field: $type),* }

        impl Serialize for $value {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $plain { $($field: self.$field()),* }.serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $value {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let make: fn($plain) -> Result<$value, OutOfRange> = $make;
                make($plain::deserialize(deserializer)?).map_err(out_of_range)
            }
        }
    };
}

through!(Bounds, "Bounds" as PlainBounds { left: u8, top: u8, right: u8, bottom: u8 },
    |plain| Bounds::new(plain.left, plain.top, plain.right, plain.bottom));
through!(Identity, "Identity" as PlainIdentity { id: PersonId, confidence: u8 },
    |plain| Identity::new(plain.id, plain.confidence));
through!(Face, "Face" as PlainFace { bounds: Bounds, confidence: u8, identity: Option<Identity>, is_facing: bool },
    |plain| Face::new(plain.bounds, plain.confidence, plain.identity, plain.is_facing));

/// As a list of faces.
impl Serialize for Faces {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.count()))?;
        for face in self {
            list.serialize_element(face)?;
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for Faces {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> de::Visitor<'de> for List {
            type Value = Faces;

            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("a list of at most 4 faces")
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Faces, A::Error> {
                let mut faces = Faces::EMPTY;
                while let Some(face) = list.next_element()? {
                    faces = faces
                        .with(face)
                        .map_err(|_| de::Error::invalid_length(MAX_FACES.saturating_add(1), &self))?;
                }
                Ok(faces)
            }
        }
        deserializer.deserialize_seq(List)
    }
}
