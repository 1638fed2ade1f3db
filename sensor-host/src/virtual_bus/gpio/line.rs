//! One line of the chip: who has it, how it is configured, and what its level is.

use super::flags::{Flags, Wanted};
use super::uapi::{ATTRIBUTES_MAX, Attribute, LineInfo, LineInfoV1, Name, name};
use crate::virtual_bus::FileId;

/// A line of the chip.
#[derive(Debug, Clone)]
pub(super) struct Line {
    name: Name,
    /// The file that holds it.
    pub(super) holder: Option<FileId>,
    consumer: Name,
    /// Always with one direction.
    pub(super) flags: Flags,
    /// What drives it from outside, such as the presence pin of a sensor.
    outside: Option<bool>,
    /// What the chip drives it to, as an output.
    pub(super) driven: Option<bool>,
    pub(super) debounce_us: u32,
}

impl Line {
    /// A free input.
    pub(super) fn new(text: &str) -> Line {
        Line {
            name: name(text.as_bytes()),
            holder: None,
            consumer: Name::default(),
            flags: Flags::INPUT,
            outside: None,
            driven: None,
            debounce_us: 0,
        }
    }

    /// What the line is called.
    pub(super) fn name(&self) -> String {
        let bytes = self.name.split(|&byte| byte == 0).next().unwrap_or_default();
        String::from_utf8_lossy(bytes).into_owned()
    }

    /// Whether the voltage is high: what the chip drives counts first, then what is wired to the line, then its bias.
    /// What nothing drives and nothing biases is low.
    pub(super) fn is_high(&self) -> bool {
        self.driven.or(self.outside).unwrap_or(self.flags.has(Flags::PULL_UP))
    }

    /// What a program reads.
    pub(super) fn is_active(&self) -> bool {
        self.is_high() != self.flags.has(Flags::ACTIVE_LOW)
    }

    /// Wires the line to something. Returns whether the level is another one now.
    pub(super) fn wire(&mut self, is_high: bool) -> bool {
        let before = self.is_high();
        self.outside = Some(is_high);
        self.is_high() != before
    }

    /// Gives the line to a file.
    pub(super) fn take(&mut self, holder: FileId, consumer: &Name) {
        self.holder = Some(holder);
        // The kernel puts a question mark where a program gives no name.
        self.consumer = if consumer.first() == Some(&0) { name(b"?") } else { name(consumer) };
    }

    /// Takes the line back. Its direction stays, and so does what it drives.
    pub(super) fn free(&mut self) {
        self.holder = None;
        self.consumer = Name::default();
        self.flags = self.flags.only(Flags::DIRECTION);
        self.debounce_us = 0;
    }

    /// Does what a program wants of the line.
    pub(super) fn configure(&mut self, wanted: &Wanted) {
        let direction = match wanted.flags.only(Flags::DIRECTION) {
            Flags::NONE => self.flags.only(Flags::DIRECTION),
            direction => direction,
        };
        self.flags = wanted.flags.with(direction);
        if wanted.flags.has(Flags::OUTPUT) {
            self.set(wanted.is_active);
        } else if wanted.flags.has(Flags::INPUT) {
            self.driven = None;
        }
    }

    /// Sets an output.
    pub(super) fn set(&mut self, is_active: bool) {
        let is_high = is_active != self.flags.has(Flags::ACTIVE_LOW);
        let is_let_go =
            if is_high { self.flags.has(Flags::OPEN_DRAIN) } else { self.flags.has(Flags::OPEN_SOURCE) };
        self.driven = (!is_let_go).then_some(is_high);
    }

    /// What version 2 tells of the line.
    pub(super) fn info(&self, offset: u32) -> LineInfo {
        let mut attrs = [Attribute { id: 0, padding: 0, value: 0 }; ATTRIBUTES_MAX];
        if let (Some(first), 1..) = (attrs.first_mut(), self.debounce_us) {
            *first = Attribute::debounce(self.debounce_us);
        }
        let used = if self.holder.is_some() { Flags::USED } else { Flags::NONE };
        LineInfo {
            name: self.name,
            consumer: self.consumer,
            offset,
            num_attrs: u32::from(self.debounce_us > 0),
            flags: self.flags.with(used).0,
            attrs,
            padding: [0; 4],
        }
    }
}

impl From<&LineInfo> for LineInfoV1 {
    fn from(info: &LineInfo) -> LineInfoV1 {
        LineInfoV1 {
            line_offset: info.offset,
            flags: Flags(info.flags).to_v1(),
            name: info.name,
            consumer: info.consumer,
        }
    }
}
