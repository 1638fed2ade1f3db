//! What a logic analyser samples on SCL and SDA while the transfers of a recording go over a bus.

use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource};
use mlsensor_sim::{Direction, Recording, Transfer};

/// Samples a second.
pub(crate) const SAMPLE_RATE_HZ: u64 = 1_000_000;

/// A byte a sample: bit 0 is SCL, bit 1 is SDA. The bus runs at 100 kHz.
pub(crate) fn samples(recording: &Recording) -> Vec<u8> {
    let mut lines = Lines { scl: true, sda: true, samples: Vec::new() };
    for (number, transfer) in recording.transfers.iter().enumerate() {
        let next = recording.transfers.get(number + 1);
        let goes_on = next.is_some_and(|next| next.is_repeated_start);
        lines.transfer(transfer, goes_on);
    }
    lines.hold(50);
    lines.samples
}

struct Lines {
    scl: bool,
    sda: bool,
    samples: Vec<u8>,
}

impl Lines {
    fn hold(&mut self, samples: usize) {
        let sample = u8::from(self.scl) | u8::from(self.sda) << 1;
        self.samples.resize(self.samples.len() + samples, sample);
    }

    fn transfer(&mut self, transfer: &Transfer, goes_on: bool) {
        if transfer.is_repeated_start {
            self.sda = true;
            self.hold(3);
            self.scl = true;
            self.hold(4);
        } else {
            let begin = transfer.at.as_micros() as usize;
            assert!(begin >= self.samples.len(), "the transfer before it lasts into this one: {transfer}");
            self.hold(begin - self.samples.len());
        }
        self.sda = false;
        self.hold(4);
        self.scl = false;
        self.hold(3);
        let is_read = transfer.direction == Direction::Read;
        let refused = |source| transfer.error == Some(ErrorKind::NoAcknowledge(source));
        self.byte(transfer.address << 1 | u8::from(is_read), !refused(NoAcknowledgeSource::Address));
        for (number, byte) in transfer.bytes.iter().enumerate() {
            let is_last = number + 1 == transfer.bytes.len();
            self.byte(*byte, !is_last || !is_read && !refused(NoAcknowledgeSource::Data));
        }
        if !goes_on {
            self.sda = false;
            self.hold(3);
            self.scl = true;
            self.hold(4);
            self.sda = true;
            self.hold(5);
        }
    }

    fn byte(&mut self, byte: u8, is_acknowledged: bool) {
        for bit in (0..8).rev() {
            self.bit(byte >> bit & 1 == 1);
        }
        self.bit(!is_acknowledged);
    }

    fn bit(&mut self, high: bool) {
        self.sda = high;
        self.hold(2);
        self.scl = true;
        self.hold(5);
        self.scl = false;
        self.hold(3);
    }
}
