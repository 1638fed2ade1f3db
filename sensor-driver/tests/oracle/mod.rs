//! What the tests know about the checksum on their own: its definition, one bit at a time.

/// CRC-16/MCRF4XX: polynomial 0x1021 reflected, initial value 0xFFFF, no final xor.
pub(crate) fn checksum(bytes: &[u8]) -> u16 {
    let mut register = 0xFFFF_u16;
    for byte in bytes {
        for bit in 0..8 {
            let differs = (register & 1 == 1) != (byte >> bit & 1 == 1);
            register >>= 1;
            if differs {
                register ^= 0x8408;
            }
        }
    }
    register
}

/// The same packet, with the checksum that belongs to its first 37 bytes, low byte first.
pub(crate) fn sealed(mut packet: [u8; 39]) -> [u8; 39] {
    let checksum = checksum(&packet[..37]);
    packet[37] = (checksum & 0xFF) as u8;
    packet[38] = (checksum >> 8) as u8;
    packet
}
