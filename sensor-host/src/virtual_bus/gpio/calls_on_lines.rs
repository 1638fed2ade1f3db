//! What calls on a file of requested lines do.

use super::chip::{Change, GpioChip};
use super::flags::{Flags, Wanted};
use super::request::Kind;
use super::uapi;
use crate::virtual_bus::real_time::Stamp;
use crate::virtual_bus::{Errno, FileId, Memory};

impl GpioChip {
    pub(super) fn line_ioctl(
        &mut self,
        file: FileId,
        request: u32,
        at: u64,
        memory: &mut dyn Memory,
        now: Stamp,
    ) -> Result<(), Errno> {
        match (self.requests.get(&file).ok_or(Errno::BADF)?.kind, request) {
            (Kind::Handle | Kind::Event, uapi::HANDLE_GET_VALUES) => {
                let mut data = uapi::HandleData { values: [0; uapi::LINES_MAX] };
                for (value, is_active) in data.values.iter_mut().zip(self.values(file)) {
                    *value = is_active.into();
                }
                uapi::put(memory, at, &data)
            }
            (Kind::Handle, uapi::HANDLE_SET_VALUES) => {
                if !self.is_output(file, 0) {
                    return Err(Errno::PERM);
                }
                let data: uapi::HandleData = uapi::get(memory, at)?;
                self.set_values(file, |index| data.values.get(index).map(|&value| value != 0), now);
                Ok(())
            }
            (Kind::Handle, uapi::HANDLE_SET_CONFIG) => {
                let config: uapi::HandleConfig = uapi::get(memory, at)?;
                let flags = Flags::from_v1(config.flags)?;
                flags.check()?;
                if !flags.has(Flags::DIRECTION) {
                    return Err(Errno::INVAL);
                }
                let wanted = |value| Wanted { flags, is_active: value != 0, debounce_us: None };
                self.configure(file, &config.default_values.map(wanted), Change::Config, now);
                Ok(())
            }
            (Kind::Lines, uapi::V2_GET_VALUES) => {
                let mut asked: uapi::LineValues = uapi::get(memory, at)?;
                let values = self.values(file);
                asked.bits = 0;
                for (index, is_active) in values.iter().enumerate() {
                    asked.bits |= u64::from(*is_active) << index;
                }
                if !(0..values.len()).any(|index| asked.mask >> index & 1 == 1) {
                    return Err(Errno::INVAL);
                }
                asked.bits &= asked.mask;
                uapi::put(memory, at, &asked)
            }
            (Kind::Lines, uapi::V2_SET_VALUES) => {
                let asked: uapi::LineValues = uapi::get(memory, at)?;
                let lines = self.values(file).len();
                let mut masked = (0..lines).filter(|index| asked.mask >> index & 1 == 1).peekable();
                if masked.peek().is_none() {
                    return Err(Errno::INVAL);
                }
                if !masked.all(|index| self.is_output(file, index)) {
                    return Err(Errno::PERM);
                }
                let of =
                    |index: usize| (asked.mask >> index & 1 == 1).then_some(asked.bits >> index & 1 == 1);
                self.set_values(file, of, now);
                Ok(())
            }
            (Kind::Lines, uapi::V2_SET_CONFIG) => {
                let config: uapi::LineConfig = uapi::get(memory, at)?;
                let wanted = config.wanted(self.values(file).len())?;
                self.configure(file, &wanted, Change::Config, now);
                Ok(())
            }
            _ => Err(Errno::INVAL),
        }
    }

    /// What a program reads from each line that it holds: 64 at most.
    fn values(&self, file: FileId) -> Vec<bool> {
        let held = self.requests.get(&file).into_iter().flat_map(|request| &request.held);
        held.filter_map(|held| Some(held.is_active(self.lines.get(held.offset as usize)?))).collect()
    }

    fn is_output(&self, file: FileId, index: usize) -> bool {
        let held = self.requests.get(&file).and_then(|request| request.held.get(index));
        let line = held.and_then(|held| self.lines.get(held.offset as usize));
        line.is_some_and(|line| line.flags.has(Flags::OUTPUT))
    }

    fn set_values(&mut self, file: FileId, of: impl Fn(usize) -> Option<bool>, now: Stamp) {
        let held = self.requests.get(&file).into_iter().flat_map(|request| &request.held);
        let offsets: Vec<u32> = held.map(|held| held.offset).collect();
        for (index, offset) in offsets.into_iter().enumerate() {
            if let (Some(is_active), Some(line)) = (of(index), self.lines.get_mut(offset as usize)) {
                let before = line.driven;
                line.set(is_active);
                self.output_changed(offset, before, now);
            }
        }
    }
}
