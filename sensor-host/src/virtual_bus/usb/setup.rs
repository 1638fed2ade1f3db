//! A control request of USB.

/// The device does not do what it was asked for (USB 2.0, 8.5.3.4: "Request Error").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stall;

/// What a host asks of a device (USB 2.0, 9.3: the SETUP packet).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setup {
    /// `bmRequestType`: bit 7 the direction (1: to the host), bits 6 and 5 who defines the request, bits 4 to 0 to what
    /// part of the device it goes.
    pub request_type: u8,
    /// `bRequest`.
    pub request: u8,
    /// `wValue`.
    pub value: u16,
    /// `wIndex`.
    pub index: u16,
    /// `wLength`: how many bytes follow, or how many the host takes at most.
    pub length: u16,
}

impl Setup {
    /// From its eight bytes.
    #[must_use]
    pub const fn parse(bytes: [u8; 8]) -> Setup {
        let [request_type, request, v0, v1, i0, i1, l0, l1] = bytes;
        Setup {
            request_type,
            request,
            value: u16::from_le_bytes([v0, v1]),
            index: u16::from_le_bytes([i0, i1]),
            length: u16::from_le_bytes([l0, l1]),
        }
    }

    /// Whether data goes to the host, if any does.
    #[must_use]
    pub const fn is_to_host(self) -> bool {
        self.request_type & 0x80 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_its_place() {
        let setup = Setup::parse([0xC1, 0x07, 0x01, 0x02, 0x62, 0x03, 0x27, 0x04]);
        let expected = Setup { request_type: 0xC1, request: 7, value: 0x0201, index: 0x0362, length: 0x0427 };
        assert_eq!(setup, expected);
        assert!(setup.is_to_host());
        assert!(!Setup { request_type: 0x41, ..setup }.is_to_host());
    }
}
