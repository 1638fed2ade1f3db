//! What can go wrong on the way from a sensor to a program, one by one.

use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource};
use mlsensor::Packet;
use mlsensor::person_sensor::PACKET_LEN;

use super::LookalikeKind;
use crate::person_sensor::sign;
use crate::random::Dice;

/// One fault, with its parameters. A parameter outside of its range is taken for the nearest one within.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The address is not acknowledged; the sensor sees nothing of the transaction.
    NackAddress,
    /// The first written byte arrives, the second is not acknowledged. In a transaction that writes nothing it is a
    /// [`NackAddress`](Fault::NackAddress): a sensor has nothing else to acknowledge there. Chance brings it to
    /// transactions that write.
    NackData,
    /// Another controller wins the bus.
    ArbitrationLoss,
    /// A START or STOP in the wrong place.
    BusError,
    /// The sensor stretches the clock beyond the host's time-out.
    StretchTimeout,
    /// Every byte reads 0xFF: nothing drives the bus.
    AllOnes,
    /// Every byte reads 0x00: the data line is held low.
    AllZero,
    /// This many bits, 1 to 3, are read the wrong way round, anywhere.
    BitFlips(u8),
    /// A burst of this many bits, 1 to 16, somewhere: its first and last bit are wrong, those between may be.
    Burst(u8),
    /// From this byte on, 0 to the last one, everything reads 0xFF: the sensor let go of the bus.
    Tail(u8),
    /// A clock pulse too many: every bit is read one place early, and the last as 1.
    Slip,
    /// Before this byte, 1 to 38, the bytes are those of the read before: two results mixed.
    Torn(u8),
    /// This many reads, at least 1, this one first, give the bytes of the read before.
    Frozen(u8),
    /// This many transactions, at least 1, this one first, are not acknowledged: the sensor was unplugged and
    /// comes back.
    Gone(u8),
    /// The sensor is back in its power-on settings, as after a restart: the four settings are written, over the bus
    /// and before the transaction. It is no loss of power: there is no silence while a sensor starts, its result
    /// stays, and labels are kept.
    ///
    /// A stranger is never written to: this has an effect only if the latest read of the address through the injector
    /// gave, before any other fault, a packet that [`Faces::parse`](mlsensor::Faces::parse) accepts.
    Reset,
    /// The packet's content makes no sense; its checksum is right.
    Nonsense(Nonsense),
    /// Something else answers.
    Lookalike(LookalikeKind),
}

/// Content that no Person Sensor sends, under a checksum that is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Nonsense {
    /// This many faces, 5 and above.
    FaceCount(u8),
    /// Another data length than 33, which is taken for 29.
    DataLength(u16),
    /// A face with this confidence, above 100.
    Confidence(u8),
    /// A face whose left edge is to the right of the right one.
    LeftRight,
    /// A face whose top edge is below the bottom one.
    TopBottom,
    /// A face with this is-facing flag, neither 0 nor 1.
    IsFacing(u8),
}

impl Nonsense {
    /// Makes nonsense of a packet, and its checksum right. A parameter that would make sense is taken for the
    /// nearest one that does not.
    pub fn apply(self, packet: &mut Packet) {
        let [_, _, low, high, count, face @ .., _, _] = packet;
        let [confidence, left, top, right, bottom, _, _, is_facing, ..] = face;
        let nonsense = self.within_range();
        match nonsense {
            Nonsense::FaceCount(found) => *count = found,
            Nonsense::DataLength(found) => [*low, *high] = found.to_le_bytes(),
            _ => *count = (*count).clamp(1, 4),
        }
        match nonsense {
            Nonsense::FaceCount(_) | Nonsense::DataLength(_) => {}
            Nonsense::Confidence(found) => *confidence = found,
            Nonsense::LeftRight => (*left, *right) = (200, 100),
            Nonsense::TopBottom => (*top, *bottom) = (200, 100),
            Nonsense::IsFacing(found) => *is_facing = found,
        }
        sign(packet);
    }

    /// With a parameter that makes no sense.
    fn within_range(self) -> Nonsense {
        match self {
            Nonsense::FaceCount(found) => Nonsense::FaceCount(found.max(5)),
            Nonsense::DataLength(33) => Nonsense::DataLength(29),
            Nonsense::Confidence(found) => Nonsense::Confidence(found.max(101)),
            Nonsense::IsFacing(found) => Nonsense::IsFacing(found.max(2)),
            Nonsense::DataLength(_) | Nonsense::LeftRight | Nonsense::TopBottom => self,
        }
    }
}

/// What a transaction does, as far as it decides which faults can befall it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Doing {
    pub(super) reads: bool,
    pub(super) writes: bool,
}

impl Fault {
    /// With its parameter in the range that its variant names: what [`FaultControl::inject`](super::FaultControl::inject)
    /// makes of it.
    #[must_use]
    pub fn within_range(self) -> Fault {
        match self {
            Fault::BitFlips(bits) => Fault::BitFlips(bits.clamp(1, 3)),
            Fault::Burst(bits) => Fault::Burst(bits.clamp(1, 16)),
            Fault::Tail(from) => Fault::Tail(from.min(PACKET_LEN as u8 - 1)),
            Fault::Torn(until) => Fault::Torn(until.clamp(1, PACKET_LEN as u8 - 1)),
            Fault::Frozen(reads) => Fault::Frozen(reads.max(1)),
            Fault::Gone(transactions) => Fault::Gone(transactions.max(1)),
            Fault::Nonsense(nonsense) => Fault::Nonsense(nonsense.within_range()),
            _ => self,
        }
    }

    /// The error that the fault is, unless it lets the transaction happen.
    pub(super) const fn error_kind(&self) -> Option<ErrorKind> {
        match self {
            Fault::NackAddress | Fault::Gone(_) => {
                Some(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address))
            }
            Fault::NackData => Some(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data)),
            Fault::ArbitrationLoss => Some(ErrorKind::ArbitrationLoss),
            Fault::BusError => Some(ErrorKind::Bus),
            Fault::StretchTimeout => Some(ErrorKind::Other),
            _ => None,
        }
    }
}

impl FaultKind {
    /// Whether such a fault can befall a transaction that does this.
    pub(super) const fn applies_to(self, doing: Doing) -> bool {
        match self {
            FaultKind::NackAddress
            | FaultKind::ArbitrationLoss
            | FaultKind::BusError
            | FaultKind::StretchTimeout
            | FaultKind::Gone
            | FaultKind::Reset => true,
            FaultKind::NackData => doing.writes,
            FaultKind::AllOnes
            | FaultKind::AllZero
            | FaultKind::BitFlips
            | FaultKind::Burst
            | FaultKind::Tail
            | FaultKind::Slip
            | FaultKind::Torn
            | FaultKind::Frozen
            | FaultKind::Nonsense
            | FaultKind::Lookalike => doing.reads,
        }
    }
}

macro_rules! kinds {
    ($($kind:ident: $pattern:pat => $draw:expr;)*) => {
        /// The kinds of [`Fault`], to draw from and to count by.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum FaultKind {
            $(
                #[doc = concat!("See [`Fault::", stringify!($kind), "`].")]
                $kind
            ),*
        }

        impl FaultKind {
            /// Every kind, in the order of the variants.
            pub const ALL: &'static [FaultKind] = &[$(FaultKind::$kind),*];

            /// A fault of this kind, its parameters by chance.
            pub(super) fn draw(self, dice: &mut Dice) -> Fault {
                match self {
                    $(FaultKind::$kind => {
                        let draw: fn(&mut Dice) -> Fault = $draw;
                        draw(dice)
                    })*
                }
            }
        }

        impl Fault {
            /// What kind of fault it is.
            #[must_use]
            pub const fn kind(&self) -> FaultKind {
                match self { $($pattern => FaultKind::$kind),* }
            }
        }
    };
}

/// 1..=most, by chance.
fn up_to(most: u8, dice: &mut Dice) -> u8 {
    dice.below(most.into()) as u8 + 1
}

kinds! {
    NackAddress: Fault::NackAddress => |_| Fault::NackAddress;
    NackData: Fault::NackData => |_| Fault::NackData;
    ArbitrationLoss: Fault::ArbitrationLoss => |_| Fault::ArbitrationLoss;
    BusError: Fault::BusError => |_| Fault::BusError;
    StretchTimeout: Fault::StretchTimeout => |_| Fault::StretchTimeout;
    AllOnes: Fault::AllOnes => |_| Fault::AllOnes;
    AllZero: Fault::AllZero => |_| Fault::AllZero;
    BitFlips: Fault::BitFlips(_) => |dice| Fault::BitFlips(up_to(3, dice));
    Burst: Fault::Burst(_) => |dice| Fault::Burst(up_to(16, dice));
    Tail: Fault::Tail(_) => |dice| Fault::Tail(dice.below(PACKET_LEN as u32) as u8);
    Slip: Fault::Slip => |_| Fault::Slip;
    Torn: Fault::Torn(_) => |dice| Fault::Torn(up_to(PACKET_LEN as u8 - 1, dice));
    Frozen: Fault::Frozen(_) => |dice| Fault::Frozen(up_to(8, dice));
    Gone: Fault::Gone(_) => |dice| Fault::Gone(up_to(30, dice));
    Reset: Fault::Reset => |_| Fault::Reset;
    Nonsense: Fault::Nonsense(_) => |dice| Fault::Nonsense(match dice.below(6) {
        0 => Nonsense::FaceCount(dice.between(5, 255) as u8),
        1 => Nonsense::DataLength(if dice.permille(500) { 29 } else { dice.between(34, 65_535) as u16 }),
        2 => Nonsense::Confidence(dice.between(101, 255) as u8),
        3 => Nonsense::LeftRight,
        4 => Nonsense::TopBottom,
        _ => Nonsense::IsFacing(dice.between(2, 255) as u8),
    });
    Lookalike: Fault::Lookalike(_) => |dice| {
        let kind = LookalikeKind::ALL.get(dice.below(LookalikeKind::ALL.len() as u32) as usize);
        Fault::Lookalike(kind.copied().unwrap_or(LookalikeKind::AnswersAll))
    };
}
