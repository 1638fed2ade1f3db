//! The chip: what calls on `/dev/gpiochip0` do.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use zerocopy::IntoBytes;

use super::flags::{Flags, Wanted};
use super::line::Line;
use super::request::{Kind, Request, nanoseconds};
use super::uapi::{self, Name};
use super::{ChipLayout, OutputChange, Queue};
use crate::virtual_bus::real_time::Stamp;
use crate::virtual_bus::{Answer, Call, Errno, Event, FileId, Memory};

/// So many events, and so many changes of outputs, are kept until somebody takes them; more are dropped.
const KEPT_MAX: usize = 4096;

/// So many changes of watched lines wait to be read, as in the kernel.
const WATCHED_MAX: usize = 32;

/// What has happened to a line, `GPIO_V2_LINE_CHANGED_*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Requested = 1,
    Released = 2,
    Config = 3,
}

/// An open `/dev/gpiochip0`: which lines it watches, and as which version of the interface.
#[derive(Debug, Default)]
pub(super) struct Watch {
    pub(super) is_v2: Option<bool>,
    pub(super) lines: BTreeSet<u32>,
}

/// A GPIO chip, with all that programs have open of it.
#[derive(Debug)]
pub struct GpioChip {
    pub(super) label: Name,
    pub(super) lines: Vec<Line>,
    pub(super) watches: BTreeMap<FileId, Watch>,
    pub(super) requests: BTreeMap<FileId, Request>,
    events: Vec<Event>,
    outputs: Vec<OutputChange>,
}

impl GpioChip {
    /// A chip whose lines are free; `wired` are the lines that something drives, their names if they have others than
    /// the chip gives them, and whether they are high now. Lines that the chip does not have are left out.
    #[must_use]
    pub fn new<'a>(layout: &ChipLayout, wired: impl Iterator<Item = (u32, &'a str, bool)>) -> GpioChip {
        let mut lines: Vec<Line> = layout.names.iter().map(|name| Line::new(name)).collect();
        for (offset, name, is_high) in wired {
            if let Some(line) = lines.get_mut(offset as usize) {
                if !name.is_empty() {
                    *line = Line::new(name);
                }
                line.wire(is_high);
            }
        }
        GpioChip {
            label: uapi::name(layout.label.as_bytes()),
            lines,
            watches: BTreeMap::new(),
            requests: BTreeMap::new(),
            events: Vec::new(),
            outputs: Vec::new(),
        }
    }

    /// A program has opened the chip.
    pub fn open(&mut self, file: FileId) {
        self.watches.insert(file, Watch::default());
    }

    /// No program has a file open any more: of the chip, or of lines, which are free again.
    pub fn close(&mut self, file: FileId, now: Stamp) {
        self.watches.remove(&file);
        for held in self.requests.remove(&file).into_iter().flat_map(|request| request.held) {
            if let Some(line) = self.lines.get_mut(held.offset as usize) {
                line.free();
                self.notify(held.offset, Change::Released, now);
            }
        }
    }

    /// Does what a call on a file of the chip, or of lines of it, asks for. A file that it opens is called `new`.
    ///
    /// # Errors
    /// As the kernel's.
    pub fn call(
        &mut self,
        file: FileId,
        call: Call,
        memory: &mut dyn Memory,
        now: Stamp,
        new: FileId,
    ) -> Result<Answer, Errno> {
        match call {
            Call::Ioctl { request, argument } if self.watches.contains_key(&file) => {
                self.chip_ioctl(file, request, argument, memory, now, new)
            }
            Call::Ioctl { request, argument } => {
                self.line_ioctl(file, request, argument, memory, now)?;
                Ok(Answer::Number(0))
            }
            // Records reach a program by its own read; here there is never one.
            Call::Read { .. } => Err(Errno::AGAIN),
            Call::Write { .. } => Err(Errno::INVAL),
        }
    }

    pub(super) fn line(&self, offset: u32) -> Result<&Line, Errno> {
        self.lines.get(offset as usize).ok_or(Errno::INVAL)
    }

    pub(super) fn check_free(&self, offsets: &[u32]) -> Result<(), Errno> {
        let mut seen = BTreeSet::new();
        for &offset in offsets {
            if self.line(offset)?.holder.is_some() || !seen.insert(offset) {
                return Err(Errno::BUSY);
            }
        }
        Ok(())
    }

    pub(super) fn take(
        &mut self,
        kind: Kind,
        offsets: &[u32],
        wanted: &[Wanted],
        consumer: &Name,
        now: Stamp,
        new: FileId,
    ) {
        for &offset in offsets {
            if let Some(line) = self.lines.get_mut(offset as usize) {
                line.take(new, consumer);
            }
        }
        self.requests.insert(new, Request::new(kind, offsets.iter().copied()));
        self.configure(new, wanted, Change::Requested, now);
    }

    /// Does what a program wants of lines that it holds.
    pub(super) fn configure(&mut self, file: FileId, wanted: &[Wanted], change: Change, now: Stamp) {
        let Some(request) = self.requests.get_mut(&file) else { return };
        let mut changed = Vec::new();
        for (held, wanted) in request.held.iter_mut().zip(wanted) {
            // A line whose direction is not told anew is left alone.
            let is_left_alone = change == Change::Config && !wanted.flags.has(Flags::DIRECTION);
            let Some(line) = self.lines.get_mut(held.offset as usize).filter(|_| !is_left_alone) else {
                continue;
            };
            let before = line.driven;
            line.configure(wanted);
            held.watch(wanted, line);
            // Version 1 looks for edges by a file of its own kind: they are no property of the line.
            if request.kind == Kind::Event {
                line.flags = line.flags.without(Flags::EDGES);
            }
            changed.push((held.offset, before));
        }
        for (offset, before) in changed {
            self.output_changed(offset, before, now);
            self.notify(offset, change, now);
        }
    }

    /// Notes what the chip drives a line to, if that is not what it did before.
    pub(super) fn output_changed(&mut self, offset: u32, before: Option<bool>, now: Stamp) {
        let Some(line) = self.lines.get(offset as usize) else { return };
        if line.driven != before && self.outputs.len() < KEPT_MAX {
            let (name, level, at) = (line.name(), line.driven, now.monotonic);
            self.outputs.push(OutputChange { line: offset, name, level, at });
        }
    }

    /// What a file gives when it is read. `None` if it never gives anything: reading it is an error.
    #[must_use]
    pub fn queue(&self, file: FileId) -> Option<Queue> {
        if let Some(watch) = self.watches.get(&file) {
            let record = if watch.is_v2 == Some(true) {
                size_of::<uapi::LineInfoChanged>()
            } else {
                size_of::<uapi::LineInfoChangedV1>()
            };
            return Some(Queue { record, most: WATCHED_MAX, is_checked_first: false });
        }
        let request = self.requests.get(&file)?;
        let record = match request.kind {
            Kind::Handle => return None,
            Kind::Event => size_of::<uapi::EventData>(),
            Kind::Lines => size_of::<uapi::LineEvent>(),
        };
        Some(Queue { record, most: request.most, is_checked_first: true })
    }

    /// Tells who watches a line that something has happened to it.
    pub(super) fn notify(&mut self, offset: u32, change: Change, now: Stamp) {
        let Some(line) = self.lines.get(offset as usize) else { return };
        let (info, timestamp_ns) = (line.info(offset), nanoseconds(now.monotonic));
        let (event_type, padding) = (change as u32, [0; 5]);
        let mut events = Vec::new();
        for (&file, watch) in self.watches.iter().filter(|(_, watch)| watch.lines.contains(&offset)) {
            let bytes = if watch.is_v2 == Some(true) {
                uapi::LineInfoChanged { info, timestamp_ns, event_type, padding }.as_bytes().to_vec()
            } else {
                let (info, timestamp) = (uapi::LineInfoV1::from(&info), timestamp_ns);
                uapi::LineInfoChangedV1 { info, timestamp, event_type, padding }.as_bytes().to_vec()
            };
            events.push(Event { file, bytes });
        }
        events.into_iter().for_each(|event| self.keep(event));
    }

    fn keep(&mut self, event: Event) {
        if self.events.len() < KEPT_MAX {
            self.events.push(event);
        }
    }

    /// What drives a line from outside has changed its level at this moment.
    pub fn edge(&mut self, offset: u32, is_high: bool, at: Stamp) {
        self.pass(at);
        let Some(line) = self.lines.get_mut(offset as usize) else { return };
        if !line.wire(is_high) {
            return;
        }
        let Some((file, request)) = line.holder.and_then(|file| Some((file, self.requests.get_mut(&file)?)))
        else {
            return;
        };
        let index = request.held.iter().position(|held| held.offset == offset);
        if let Some(bytes) = index.and_then(|index| request.changed(index, line, at)) {
            self.keep(Event { file, bytes });
        }
    }

    /// Lets time pass until now, for levels that have to stay for a while.
    pub fn pass(&mut self, now: Stamp) {
        while let Some((due, index, file)) =
            self.first_due().filter(|(due, ..)| due.monotonic <= now.monotonic)
        {
            let Some(request) = self.requests.get_mut(&file) else { return };
            let offset = request.held.get(index).map_or(u32::MAX, |held| held.offset);
            let Some(line) = self.lines.get(offset as usize) else { return };
            if let Some(bytes) = request.settled(index, line, due) {
                self.keep(Event { file, bytes });
            }
        }
    }

    fn first_due(&self) -> Option<(Stamp, usize, FileId)> {
        let due =
            |(&file, request): (&FileId, &Request)| request.due().map(|(due, index)| (due, index, file));
        self.requests.iter().filter_map(due).min_by_key(|(due, ..)| due.monotonic)
    }

    /// When [`pass`](Self::pass) or [`take_events`](Self::take_events) has something to do next, by the monotonic clock.
    #[must_use]
    pub fn due(&self) -> Option<Duration> {
        if self.events.is_empty() {
            self.first_due().map(|(due, ..)| due.monotonic)
        } else {
            Some(Duration::ZERO)
        }
    }

    /// The records that programs can read from now on, in order of time.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// What programs have made of outputs since this was asked last, in order of time; not more than 4096 changes are
    /// kept.
    pub fn take_output_changes(&mut self) -> Vec<OutputChange> {
        std::mem::take(&mut self.outputs)
    }
}
