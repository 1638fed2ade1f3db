//! Packets of each kind, with any content that the kind may have, from a seed.
//!
//! Made from docs/protocol.md by hand, without the driver: it must not be its own examiner.

/// The bytes of one read.
pub type Packet = [u8; 39];

/// What a packet is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Valid, with this many faces.
    Faces(u8),
    /// Damaged: one byte, anywhere but in the data length, is not what was sent.
    WrongChecksum,
    /// Damaged: a byte of the data length is not what was sent.
    WrongLength,
    /// The checksum is right, and another rule is broken; or the bus is not driven; or stuck; or it is other firmware.
    OtherFault,
}

impl Kind {
    pub const ALL: [Kind; 8] = [
        Kind::Faces(0),
        Kind::Faces(1),
        Kind::Faces(2),
        Kind::Faces(3),
        Kind::Faces(4),
        Kind::WrongChecksum,
        Kind::WrongLength,
        Kind::OtherFault,
    ];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Faces(0) => "faces0",
            Kind::Faces(1) => "faces1",
            Kind::Faces(2) => "faces2",
            Kind::Faces(3) => "faces3",
            Kind::Faces(_) => "faces4",
            Kind::WrongChecksum => "checksum",
            Kind::WrongLength => "length",
            Kind::OtherFault => "other",
        }
    }
}

/// An endless row of packets.
#[derive(Debug)]
pub struct Packets(u32);

impl Packets {
    #[must_use]
    pub const fn new() -> Self {
        Packets(0x0139_62A5)
    }

    /// Marsaglia's xorshift.
    fn number(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }

    fn up_to(&mut self, last: u8) -> u8 {
        ((self.number() >> 8) % (u32::from(last) + 1)) as u8
    }

    pub fn next(&mut self, kind: Kind) -> Packet {
        match kind {
            Kind::Faces(count) => self.valid(count),
            Kind::WrongChecksum => {
                let place = usize::from(self.up_to(36));
                self.damaged(if place < 2 { place } else { place + 2 })
            }
            Kind::WrongLength => {
                let place = 2 + usize::from(self.up_to(1));
                self.damaged(place)
            }
            Kind::OtherFault => self.faulty(),
        }
    }

    fn damaged(&mut self, place: usize) -> Packet {
        let count = self.up_to(4);
        let mut packet = self.valid(count);
        packet[place] ^= 1 + self.up_to(254);
        packet
    }

    /// Reserved bytes and slots without a face hold anything.
    fn valid(&mut self, count: u8) -> Packet {
        let mut packet = [0; 39];
        for byte in &mut packet {
            *byte = self.up_to(255);
        }
        packet[2] = 33;
        packet[3] = 0;
        packet[4] = count;
        for face in 0..usize::from(count) {
            let record = self.record();
            packet[5 + 8 * face..13 + 8 * face].copy_from_slice(&record);
        }
        sealed(packet)
    }

    fn record(&mut self) -> [u8; 8] {
        let confidence = self.up_to(100);
        let (right, bottom) = (self.up_to(255), self.up_to(255));
        let (left, top) = (self.up_to(right), self.up_to(bottom));
        let sense = self.up_to(1) == 0;
        let (id_confidence, id) =
            if sense { (self.up_to(100), self.up_to(7)) } else { (self.up_to(255), self.up_to(255)) };
        [confidence, left, top, right, bottom, id_confidence, id, self.up_to(1)]
    }

    fn faulty(&mut self) -> Packet {
        let mut packet = self.valid(4);
        let record = 5 + 8 * usize::from(self.up_to(3));
        match self.up_to(7) {
            0 => return [0xFF; 39],
            1 => return [0x00; 39],
            2 => packet[record] = 101 + self.up_to(154),
            3 => (packet[record + 1], packet[record + 3]) = (200, self.up_to(199)),
            4 => (packet[record + 2], packet[record + 4]) = (200, self.up_to(199)),
            5 => packet[record + 7] = 2 + self.up_to(253),
            6 => packet[2] = 34 + self.up_to(221),
            _ => {
                packet[2] = 29;
                let checksum = crc(&packet[..33]);
                packet[33..35].copy_from_slice(&checksum.to_le_bytes());
                return packet;
            }
        }
        sealed(packet)
    }
}

impl Default for Packets {
    fn default() -> Self {
        Packets::new()
    }
}

fn sealed(mut packet: Packet) -> Packet {
    let checksum = crc(&packet[..37]);
    packet[37..].copy_from_slice(&checksum.to_le_bytes());
    packet
}

/// CRC-16/MCRF4XX, bit by bit.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0x8408 } else { crc >> 1 })
    })
}
