//! What calls on an open `/dev/gpiochip0` do.

use super::chip::GpioChip;
use super::flags::{Flags, Wanted};
use super::request::Kind;
use super::uapi;
use crate::virtual_bus::real_time::Stamp;
use crate::virtual_bus::{Answer, Errno, FileId, Memory};

impl GpioChip {
    pub(super) fn chip_ioctl(
        &mut self,
        file: FileId,
        request: u32,
        at: u64,
        memory: &mut dyn Memory,
        now: Stamp,
        new: FileId,
    ) -> Result<Answer, Errno> {
        match request {
            uapi::GET_CHIPINFO => {
                let name = uapi::name(b"gpiochip0");
                let info = uapi::ChipInfo { name, label: self.label, lines: self.lines.len() as u32 };
                uapi::put(memory, at, &info)?;
            }
            uapi::GET_LINEINFO | uapi::GET_LINEINFO_WATCH => {
                let asked: uapi::LineInfoV1 = uapi::get(memory, at)?;
                let info = self.line(asked.line_offset)?.info(asked.line_offset);
                if request == uapi::GET_LINEINFO_WATCH {
                    self.watch(file, asked.line_offset, false)?;
                }
                let written = uapi::put(memory, at, &uapi::LineInfoV1::from(&info));
                self.unless_written(written, file, asked.line_offset, request == uapi::GET_LINEINFO_WATCH)?;
            }
            uapi::V2_GET_LINEINFO | uapi::V2_GET_LINEINFO_WATCH => {
                let asked: uapi::LineInfo = uapi::get(memory, at)?;
                if asked.padding != [0; 4] {
                    return Err(Errno::INVAL);
                }
                let info = self.line(asked.offset)?.info(asked.offset);
                if request == uapi::V2_GET_LINEINFO_WATCH {
                    self.watch(file, asked.offset, true)?;
                }
                let written = uapi::put(memory, at, &info);
                self.unless_written(written, file, asked.offset, request == uapi::V2_GET_LINEINFO_WATCH)?;
            }
            uapi::GET_LINEINFO_UNWATCH => {
                let offset: u32 = uapi::get(memory, at)?;
                self.line(offset)?;
                let watch = self.watches.get_mut(&file).ok_or(Errno::BADF)?;
                if !watch.lines.remove(&offset) {
                    return Err(Errno::BUSY);
                }
            }
            uapi::GET_LINEHANDLE => return self.get_handle(at, memory, now, new),
            uapi::GET_LINEEVENT => return self.get_event(at, memory, now, new),
            uapi::V2_GET_LINE => return self.get_lines(at, memory, now, new),
            _ => return Err(Errno::INVAL),
        }
        Ok(Answer::Number(0))
    }

    fn get_handle(
        &mut self,
        at: u64,
        memory: &mut dyn Memory,
        now: Stamp,
        new: FileId,
    ) -> Result<Answer, Errno> {
        let asked: uapi::HandleRequest = uapi::get(memory, at)?;
        let offsets = requested(&asked.lineoffsets, asked.lines)?;
        let flags = Flags::from_v1(asked.flags)?;
        flags.check()?;
        self.check_free(offsets)?;
        // The kernel writes all of it back: if that fails, no line is taken.
        uapi::put(memory, at, &asked)?;
        let wanted =
            asked.default_values.map(|value| Wanted { flags, is_active: value != 0, debounce_us: None });
        self.take(Kind::Handle, offsets, &wanted, &asked.consumer_label, now, new);
        Ok(Answer::File { file: new, at: at.wrapping_add(uapi::HANDLE_REQUEST_FD) })
    }

    fn get_event(
        &mut self,
        at: u64,
        memory: &mut dyn Memory,
        now: Stamp,
        new: FileId,
    ) -> Result<Answer, Errno> {
        let asked: uapi::EventRequest = uapi::get(memory, at)?;
        self.line(asked.lineoffset)?;
        let flags = Flags::from_v1(asked.handleflags)?;
        if flags.has(Flags::OUTPUT.with(Flags::DRIVE)) || asked.eventflags & !0b11 != 0 {
            return Err(Errno::INVAL);
        }
        let edges = Flags(u64::from(asked.eventflags) * Flags::RISING.0);
        let flags = flags.with(Flags::INPUT).with(edges);
        flags.check()?;
        self.check_free(&[asked.lineoffset])?;
        uapi::put(memory, at, &asked)?;
        let wanted = [Wanted { flags, is_active: false, debounce_us: None }];
        self.take(Kind::Event, &[asked.lineoffset], &wanted, &asked.consumer_label, now, new);
        Ok(Answer::File { file: new, at: at.wrapping_add(uapi::EVENT_REQUEST_FD) })
    }

    fn get_lines(
        &mut self,
        at: u64,
        memory: &mut dyn Memory,
        now: Stamp,
        new: FileId,
    ) -> Result<Answer, Errno> {
        let asked: uapi::LineRequest = uapi::get(memory, at)?;
        let offsets = requested(&asked.offsets, asked.num_lines)?;
        if asked.padding != [0; 5] {
            return Err(Errno::INVAL);
        }
        let wanted = asked.config.wanted(offsets.len())?;
        self.check_free(offsets)?;
        uapi::put(memory, at, &asked)?;
        self.take(Kind::Lines, offsets, &wanted, &asked.consumer, now, new);
        if let Some(request) = self.requests.get_mut(&new) {
            request.keep(asked.event_buffer_size);
        }
        Ok(Answer::File { file: new, at: at.wrapping_add(uapi::LINE_REQUEST_FD) })
    }

    fn watch(&mut self, file: FileId, offset: u32, is_v2: bool) -> Result<(), Errno> {
        let watch = self.watches.get_mut(&file).ok_or(Errno::BADF)?;
        // The first watch decides what records the file gives.
        if *watch.is_v2.get_or_insert(is_v2) != is_v2 {
            return Err(Errno::PERM);
        }
        if watch.lines.insert(offset) { Ok(()) } else { Err(Errno::BUSY) }
    }

    /// Takes a watch back whose answer did not reach the program.
    fn unless_written(
        &mut self,
        written: Result<(), Errno>,
        file: FileId,
        offset: u32,
        is_watch: bool,
    ) -> Result<(), Errno> {
        if let (Err(_), true, Some(watch)) = (written, is_watch, self.watches.get_mut(&file)) {
            watch.lines.remove(&offset);
        }
        written
    }
}

/// The lines that a request names.
fn requested(offsets: &[u32; uapi::LINES_MAX], lines: u32) -> Result<&[u32], Errno> {
    offsets.get(..lines as usize).filter(|offsets| !offsets.is_empty()).ok_or(Errno::INVAL)
}
