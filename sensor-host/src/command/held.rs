//! What is recorded before it is known whether it is of use.

use std::collections::VecDeque;

/// Of more than this the oldest is left out: a sensor may be waited for through a whole night.
const MOST: usize = 1 << 20;

/// The first write, which is the header, and the latest ones, each of which is a transaction.
#[derive(Debug, Default)]
pub(super) struct Held {
    header: Option<Vec<u8>>,
    latest: VecDeque<Vec<u8>>,
    /// How many bytes the latest ones have.
    size: usize,
    left_out: u64,
}

impl Held {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        if self.header.is_none() {
            self.header = Some(bytes.to_vec());
            return;
        }
        self.size += bytes.len();
        self.latest.push_back(bytes.to_vec());
        while self.size > MOST && self.latest.len() > 1 {
            let Some(oldest) = self.latest.pop_front() else { break };
            self.size -= oldest.len();
            self.left_out += oldest.iter().filter(|byte| **byte == b'\n').count() as u64;
        }
    }

    /// How many lines were left out.
    pub(super) const fn left_out(&self) -> u64 {
        self.left_out
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        let mut bytes = self.header.unwrap_or_default();
        if self.left_out > 0 {
            bytes.extend(format!("# {} transfers before the next one are left out\n", self.left_out).bytes());
        }
        bytes.extend(self.latest.iter().flatten());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use mlsensor_sim::Recording;

    use super::*;

    #[test]
    fn a_night_without_a_sensor_takes_no_more_than_a_mebibyte_and_the_latest_is_kept() {
        let mut held = Held::default();
        held.push(b"# mlsensor recording 1\n# source /dev/i2c-1\n");
        let last = 50_000;
        for second in 1..=last {
            // A transaction of two transfers: never a half of it.
            held.push(
                format!("{second}.000000 62 w 00\n{second}.000000 62 +r ! nack # errno 121\n").as_bytes(),
            );
        }
        assert!(held.size <= MOST && held.size > MOST - 100, "{}", held.size);
        let left_out = held.left_out();
        let text = String::from_utf8(held.into_bytes()).unwrap();
        let third = format!("# {left_out} transfers before the next one are left out");
        let first: Vec<&str> = text.lines().take(3).collect();
        assert_eq!(first, ["# mlsensor recording 1", "# source /dev/i2c-1", &*third]);
        let transfers = Recording::parse(&text).unwrap().transfers;
        assert_eq!(transfers.len() as u64 + left_out, 2 * last);
        assert_eq!((transfers[0].at.as_secs(), left_out % 2), (left_out / 2 + 1, 0));
        assert_eq!(transfers.last().unwrap().at.as_secs(), last);
    }

    #[test]
    fn what_is_short_is_kept_as_it_is() {
        let mut held = Held::default();
        ["# a\n", "1.0 62 r 00\n", "2.0 62 r 00\n"].iter().for_each(|line| held.push(line.as_bytes()));
        assert_eq!(held.into_bytes(), b"# a\n1.0 62 r 00\n2.0 62 r 00\n");
    }
}
