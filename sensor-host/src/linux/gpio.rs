//! GPIO lines by the kernel's character device: found by name, requested as an input with its edges or as an output.

use std::path::PathBuf;
use std::sync::Arc;

use gpiocdev::chip::{Chip, chips};
use gpiocdev::line::{Bias, EdgeDetection, Value};
use gpiocdev::request::Builder;
use gpiocdev::{Error, Request};

use super::{GpioError, GpioErrorKind, LineName};

/// How we call ourselves, for who looks at `gpioinfo`.
pub(super) const CONSUMER: &str = "mlsensor";

/// What an input that nothing drives is pulled to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pull {
    /// As it is set: what every chip can do.
    #[default]
    AsIs,
    /// Down: an unplugged sensor sees nobody.
    Down,
    /// Up.
    Up,
    /// To nothing.
    None,
}

/// A line that is ours.
#[derive(Debug)]
pub(super) struct Line {
    name: Arc<str>,
    pub(super) request: Request,
    offset: u32,
}

impl Line {
    pub(super) fn input(name: &LineName, pull: Pull) -> Result<Line, GpioError> {
        let bias = match pull {
            Pull::AsIs => None,
            Pull::Down => Some(Bias::PullDown),
            Pull::Up => Some(Bias::PullUp),
            Pull::None => Some(Bias::Disabled),
        };
        Line::request(name, |line| {
            line.as_input().with_edge_detection(EdgeDetection::BothEdges).with_bias(bias)
        })
    }

    pub(super) fn output(name: &LineName) -> Result<Line, GpioError> {
        Line::request(name, |line| line.as_output(Value::Inactive))
    }

    fn request(
        line: &LineName,
        ask: impl for<'a> FnOnce(&'a mut Builder) -> &'a mut Builder,
    ) -> Result<Line, GpioError> {
        let name: Arc<str> = line.to_string().into();
        let found = find(line, &name)?;
        let mut builder = Request::builder();
        builder.on_chip(&found.chip).with_consumer(CONSUMER).with_line(found.offset);
        let request =
            ask(&mut builder).request().map_err(|error| GpioError::of(&name, &error, &found.consumer))?;
        Ok(Line { name, request, offset: found.offset })
    }

    pub(super) fn is_high(&self) -> Result<bool, GpioError> {
        let value = self.request.value(self.offset).map_err(|error| self.error(&error))?;
        Ok(value == Value::Active)
    }

    pub(super) fn set(&self, is_high: bool) -> Result<(), GpioError> {
        let set = self.request.set_value(self.offset, is_high.into());
        set.map(drop).map_err(|error| self.error(&error))
    }

    #[cfg(feature = "tokio")]
    pub(super) fn into_parts(self) -> (Arc<str>, u32, Request) {
        (self.name, self.offset, self.request)
    }

    pub(super) fn error(&self, error: &Error) -> GpioError {
        GpioError::of(&self.name, error, "")
    }
}

/// Where a line is.
struct Found {
    chip: PathBuf,
    offset: u32,
    consumer: String,
}

fn find(line: &LineName, name: &Arc<str>) -> Result<Found, GpioError> {
    let fail = |kind| Err(GpioError::new(name, kind));
    let paths = chips().map_err(|error| GpioError::of(name, &error, ""))?;
    let (mut found, mut refused, mut has_chip) = (Vec::new(), None, false);
    for path in &paths {
        // Other chips may be another user's: only if the line is on none that can be opened is that the trouble.
        let on_chip = Chip::from_path(path).and_then(|chip| on_chip(&chip, line));
        match on_chip {
            Ok(OnChip::Here(here)) => found.extend(here),
            Ok(OnChip::TooFew(lines)) => return fail(GpioErrorKind::NoSuchOffset { lines }),
            Ok(OnChip::Not) => {}
            Err(error) => refused = Some(error),
        }
        has_chip = true;
    }
    match (found.len(), refused, line) {
        (1, ..) => found.pop().map_or_else(|| fail(GpioErrorKind::NoSuchLine), Ok),
        (2.., ..) => fail(GpioErrorKind::Ambiguous),
        _ if !has_chip => fail(GpioErrorKind::NoChips),
        (_, Some(error), _) => Err(GpioError::of(name, &error, "")),
        (_, None, LineName::Named(_)) => fail(GpioErrorKind::NoSuchLine),
        (_, None, LineName::Offset { .. }) => fail(GpioErrorKind::NoSuchChip),
    }
}

enum OnChip {
    Not,
    /// It is the chip, but has only so many lines.
    TooFew(u32),
    Here(Vec<Found>),
}

fn on_chip(chip: &Chip, line: &LineName) -> Result<OnChip, Error> {
    let info = chip.info()?;
    let found = |line: gpiocdev::line::Info| Found {
        chip: chip.path().to_owned(),
        offset: line.offset,
        consumer: line.consumer,
    };
    match line {
        LineName::Offset { label, .. } if info.label != *label => Ok(OnChip::Not),
        LineName::Offset { offset, .. } if *offset >= info.num_lines => Ok(OnChip::TooFew(info.num_lines)),
        LineName::Offset { offset, .. } => Ok(OnChip::Here(vec![found(chip.line_info(*offset)?)])),
        LineName::Named(name) => {
            let mut here = Vec::new();
            for line in chip.line_info_iter()? {
                let line = line?;
                if line.name == *name {
                    here.push(found(line));
                }
            }
            Ok(OnChip::Here(here))
        }
    }
}
