//! What a program prints of a packet that it read.

/// Whether a line is `NAME 39 HEX`, and the bytes are a packet.
#[track_caller]
pub(crate) fn is_packet(line: &str, name: &str) {
    let hex = line.strip_prefix(&format!("{name} 39 ")).unwrap_or_else(|| panic!("{line}"));
    let byte = |at: usize| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap();
    let bytes: [u8; 39] = std::array::from_fn(byte);
    assert!(mlsensor::Faces::parse(&bytes).is_ok(), "{line}");
}
