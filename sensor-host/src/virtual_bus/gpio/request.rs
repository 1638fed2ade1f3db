//! Lines that a program holds by one file, and the events that it gets from them.

use std::time::Duration;

use zerocopy::IntoBytes;

use super::flags::{Flags, Wanted};
use super::line::Line;
use super::uapi::{EventData, LINES_MAX, LineEvent};
use crate::virtual_bus::real_time::Stamp;

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Of `GPIO_GET_LINEHANDLE`: no events.
    Handle,
    /// Of `GPIO_GET_LINEEVENT`.
    Event,
    /// Of `GPIO_V2_GET_LINE`.
    Lines,
}

/// Lines that a program holds by one file.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) kind: Kind,
    pub(super) held: Vec<Held>,
    seqno: u32,
    /// So many events wait to be read at most.
    pub(super) most: usize,
}

/// So many events of a line wait to be read, unless a program asks for another number of them.
const EVENTS_PER_LINE: usize = 16;

/// A line that is held.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) offset: u32,
    /// Which edges are looked for, and the clock of their events.
    edges: Flags,
    seqno: u32,
    pub(super) debounce: Option<Debounce>,
}

/// A level counts if it stays for a period.
#[derive(Debug, Clone, Copy)]
pub(super) struct Debounce {
    period: Duration,
    /// The level that counts now.
    pub(super) is_high: bool,
    /// When to look at the line again.
    due: Option<Stamp>,
}

impl Request {
    pub(super) fn new(kind: Kind, offsets: impl Iterator<Item = u32>) -> Request {
        let held = offsets.map(|offset| Held { offset, edges: Flags::NONE, seqno: 0, debounce: None });
        let held: Vec<Held> = held.collect();
        let most = held.len() * EVENTS_PER_LINE;
        Request { kind, held, seqno: 0, most }
    }

    /// Lets so many events wait; none stands for what is usual. The kernel rounds up to a power of two.
    pub(super) fn keep(&mut self, events: u32) {
        let events = if events == 0 { self.most } else { events as usize };
        self.most = events.min(LINES_MAX * EVENTS_PER_LINE).next_power_of_two();
    }

    /// The earliest moment at which a level has stayed for long enough, and where in the request its line is.
    pub(super) fn due(&self) -> Option<(Stamp, usize)> {
        let due = |(index, held): (usize, &Held)| Some((held.debounce?.due?, index));
        self.held.iter().enumerate().filter_map(due).min_by_key(|(due, _)| due.monotonic)
    }

    /// The level of a line has changed. Returns the record of an event, if that is one.
    pub(super) fn changed(&mut self, index: usize, line: &Line, at: Stamp) -> Option<Vec<u8>> {
        let held = self.held.get_mut(index)?;
        if let Some(debounce) = &mut held.debounce {
            debounce.due = Some(at.after(debounce.period));
            return None;
        }
        self.event(index, line.is_active(), at)
    }

    /// A moment of [`due`](Self::due) has come.
    pub(super) fn settled(&mut self, index: usize, line: &Line, at: Stamp) -> Option<Vec<u8>> {
        let debounce = self.held.get_mut(index)?.debounce.as_mut()?;
        debounce.due = None;
        if debounce.is_high == line.is_high() {
            return None;
        }
        debounce.is_high = line.is_high();
        self.event(index, line.is_active(), at)
    }

    fn event(&mut self, index: usize, is_active: bool, at: Stamp) -> Option<Vec<u8>> {
        let held = self.held.get_mut(index)?;
        let (edge, id) = if is_active { (Flags::RISING, 1) } else { (Flags::FALLING, 2) };
        if !held.edges.has(edge) {
            return None;
        }
        held.seqno = held.seqno.wrapping_add(1);
        self.seqno = self.seqno.wrapping_add(1);
        let clock = if held.edges.has(Flags::REALTIME) { at.realtime } else { at.monotonic };
        let timestamp_ns = nanoseconds(clock);
        match self.kind {
            Kind::Handle => None,
            Kind::Event => Some(EventData { timestamp: timestamp_ns, id, padding: 0 }.as_bytes().to_vec()),
            Kind::Lines => {
                let (offset, line_seqno, padding) = (held.offset, held.seqno, [0; 6]);
                let event = LineEvent { timestamp_ns, id, offset, seqno: self.seqno, line_seqno, padding };
                Some(event.as_bytes().to_vec())
            }
        }
    }
}

impl Held {
    /// Looks for the edges that a program wants, from now on.
    pub(super) fn watch(&mut self, wanted: &Wanted, line: &mut Line) {
        self.edges = wanted.flags.only(Flags::EDGES.with(Flags::REALTIME));
        line.debounce_us = wanted.debounce_us.unwrap_or(0);
        let period = Duration::from_micros(line.debounce_us.into());
        self.debounce = match self.debounce {
            _ if period.is_zero() => None,
            Some(debounce) => Some(Debounce { period, ..debounce }),
            None => Some(Debounce { period, is_high: line.is_high(), due: None }),
        };
    }

    /// What a program reads from the line.
    pub(super) fn is_active(&self, line: &Line) -> bool {
        match self.debounce {
            Some(debounce) => debounce.is_high != line.flags.has(Flags::ACTIVE_LOW),
            None => line.is_active(),
        }
    }
}

/// Nanoseconds as the kernel counts them: enough for 584 years.
pub(super) fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
