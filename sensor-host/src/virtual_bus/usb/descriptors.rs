//! What the adapter says of itself (USB 2.0, 9.6).

/// The numbers by which the kernel's driver `i2c-tiny-usb` knows its adapter.
pub(super) const VENDOR: u16 = 0x0403;
/// See [`VENDOR`].
pub(super) const PRODUCT: u16 = 0xC631;
/// Our version, 1.00, in binary-coded decimals.
pub(super) const VERSION: u16 = 0x0100;
/// "Vendor specific": the class of the interface.
pub(super) const VENDOR_CLASS: u8 = 0xFF;
/// The longest packet of the only endpoint, in bytes.
pub(super) const PACKET: u8 = 64;

const DEVICE: [u8; 18] = {
    let [vendor0, vendor1] = VENDOR.to_le_bytes();
    let [product0, product1] = PRODUCT.to_le_bytes();
    let [version0, version1] = VERSION.to_le_bytes();
    // USB 1.1: no host then looks for a higher speed. The class is told by the interface; texts 1, 2 and 3; one
    // configuration.
    [18, 1, 0x10, 0x01, 0, 0, 0, PACKET, vendor0, vendor1, product0, product1, version0, version1, 1, 2, 3, 1]
};

/// A configuration, powered by the bus with 20 mA, and its only interface, which has no endpoint of its own.
const CONFIGURATION: [u8; 18] = [9, 2, 18, 0, 1, 1, 0, 0x80, 10, 9, 4, 0, 0, 0, VENDOR_CLASS, 0, 0, 0];

/// US English.
const LANGUAGES: [u8; 4] = [4, 3, 0x09, 0x04];

const TEXTS: [&str; 3] = ["mlsensor", "i2c-tiny-usb, simulated", "1"];

/// The descriptor of this type and index, if there is one. A device that knows full speed alone has no qualifier.
pub(super) fn descriptor(kind: u8, index: u8) -> Option<Vec<u8>> {
    match (kind, index) {
        (1, 0) => Some(DEVICE.to_vec()),
        (2, 0) => Some(CONFIGURATION.to_vec()),
        (3, 0) => Some(LANGUAGES.to_vec()),
        (3, _) => TEXTS.get(usize::from(index) - 1).map(|text| in_utf_16(text)),
        _ => None,
    }
}

fn in_utf_16(text: &str) -> Vec<u8> {
    let mut bytes = vec![0, 3];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let len = u8::try_from(bytes.len()).unwrap_or(0);
    if let Some(first) = bytes.first_mut() {
        *first = len;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_descriptor_tells_its_length_and_type() {
        for (kind, index) in [(1, 0), (2, 0), (3, 0), (3, 1), (3, 2), (3, 3)] {
            let bytes = descriptor(kind, index).unwrap();
            let total = if kind == 2 { usize::from(bytes[2]) } else { usize::from(bytes[0]) };
            assert_eq!((total, bytes[1]), (bytes.len(), kind), "{kind} {index}");
        }
        assert_eq!(descriptor(3, 3).unwrap(), [4, 3, b'1', 0]);
    }

    #[test]
    fn there_is_no_other_descriptor() {
        for (kind, index) in [(0, 0), (1, 1), (2, 1), (3, 4), (3, 255), (4, 0), (6, 0), (7, 0), (15, 0)] {
            assert_eq!(descriptor(kind, index), None, "{kind} {index}");
        }
    }
}
