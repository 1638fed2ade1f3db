//! A small language for faults: what is to go wrong, how often, and when.
//!
//! ```text
//! KIND[:PARAMETER][*TIMES][@RATE][@t=TIME]
//!
//! nack-address            the next transfer is not acknowledged
//! gone:30                 the next 30 are not
//! all-ones@1%             one read in a hundred gives 0xFF, by seeded chance
//! bit-flips@250ppm        250 in a million have flipped bits, 1 to 3
//! torn:10*8@t=3s          from 3 simulated seconds on, 8 reads begin with 10 bytes of the read before (the same ones,
//!                         if the packet is the same)
//! frozen:8@t=5s           from 5 simulated seconds on, 8 reads give what was read before
//! bus-error*3@t=500ms     three in turn, from half a simulated second on
//! power-off@t=10s         the sensor loses its power, and is silent
//! power-on@t=12s          it has power again, and starts
//! ```
//! A rate draws the parameter of each fault by chance, so it takes none. [`FaultSpec::KINDS`] lists the kinds.

use std::str::FromStr;
use std::time::Duration;

use mlsensor_sim::{Fault, FaultKind, LookalikeKind, Nonsense};

/// What is to happen on a bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// This fault befalls the next transfers that it can befall, so many times.
    Inject(Fault, u16),
    /// This kind of fault befalls so many transfers in a million.
    Rate(FaultKind, u32),
    /// The sensor loses its power.
    PowerOff,
    /// The sensor gets its power back.
    PowerOn,
}

/// Something that is to go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct FaultSpec {
    /// What.
    pub action: Action,
    /// From when on, in simulated time.
    pub at: Duration,
}

/// What is wrong with the text of a [`FaultSpec`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultSpecError(String);

impl std::fmt::Display for FaultSpecError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FaultSpecError {}

fn wrong<T>(what: impl Into<String>) -> Result<T, FaultSpecError> {
    Err(FaultSpecError(what.into()))
}

const LOOKALIKES: [(&str, LookalikeKind); 4] = [
    ("co2-sensor", LookalikeKind::Co2Sensor),
    ("hand-firmware", LookalikeKind::HandFirmware),
    ("answers-all", LookalikeKind::AnswersAll),
    ("other-part", LookalikeKind::OtherPart),
];

/// What a lookalike is called on the command line.
pub(super) fn lookalike(name: &str) -> Option<LookalikeKind> {
    LOOKALIKES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}

/// The names of the lookalikes, for an error.
pub(super) fn lookalike_names() -> String {
    LOOKALIKES.map(|(name, _)| name).join(", ")
}

const NONSENSE: &str = "face-count=5 to 255, data-length=0 to 65535 but 33, confidence=101 to 255, left-right, \
     top-bottom or is-facing=2 to 255";

impl FaultSpec {
    /// The kinds, with the parameter that they take, for a reader.
    pub const KINDS: &'static [&'static str] = &[
        "nack-address",
        "nack-data",
        "arbitration-loss",
        "bus-error",
        "stretch-timeout",
        "all-ones",
        "all-zero",
        "bit-flips:1..3",
        "burst:1..16",
        "tail:0..38",
        "slip",
        "torn:1..38",
        "frozen:1..255",
        "gone:1..255",
        "reset",
        "nonsense:WHAT",
        "lookalike:WHICH",
        "power-off",
        "power-on",
    ];
}

impl FromStr for FaultSpec {
    type Err = FaultSpecError;

    fn from_str(text: &str) -> Result<FaultSpec, FaultSpecError> {
        let mut parts = text.split('@');
        let what = parts.next().unwrap_or_default();
        let (mut rate, mut at) = (None, None);
        for part in parts {
            match part.strip_prefix("t=") {
                Some(time) if at.is_none() => at = Some(parse_time(time)?),
                None if rate.is_none() => rate = Some(parse_rate(part)?),
                _ => return wrong("it says twice how often, or when"),
            }
        }
        let (what, times) = match what.split_once('*') {
            Some((what, times)) => match times.parse() {
                Ok(times @ 1..) => (what, Some(times)),
                _ => return wrong(format!("{times} is no number of times from 1 to 65535")),
            },
            None => (what, None),
        };
        let (name, parameter) = match what.split_once(':') {
            Some((name, parameter)) => (name, Some(parameter)),
            None => (what, None),
        };
        let action = match (rate, times) {
            (Some(_), Some(_)) => return wrong("it has both a number of times and a rate"),
            (Some(_), None) if parameter.is_some() => {
                return wrong(format!("a rate draws the parameters of {name} by chance, so it takes none"));
            }
            (Some(rate), None) => match kind(name) {
                Some(kind) => Action::Rate(kind, rate),
                None => return wrong(unknown(name)),
            },
            (None, _) => match (name, parameter, times) {
                ("power-off", None, None) => Action::PowerOff,
                ("power-on", None, None) => Action::PowerOn,
                ("power-off" | "power-on", ..) => return wrong(format!("{name} takes no number")),
                _ => Action::Inject(fault(name, parameter)?, times.unwrap_or(1)),
            },
        };
        Ok(FaultSpec { action, at: at.unwrap_or_default() })
    }
}

fn unknown(name: &str) -> String {
    if matches!(name, "power-off" | "power-on") {
        return format!("{name} takes no rate");
    }
    format!("there is no kind of fault called {name}")
}

fn kind(name: &str) -> Option<FaultKind> {
    FaultKind::ALL.iter().copied().find(|&kind| name_of(kind) == name)
}

/// The name of a kind: that of its variant, in small letters.
fn name_of(kind: FaultKind) -> String {
    let mut name = String::new();
    for letter in format!("{kind:?}").chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

fn fault(name: &str, parameter: Option<&str>) -> Result<Fault, FaultSpecError> {
    let Some(kind) = kind(name) else {
        return wrong(unknown(name));
    };
    let number = |least: u8, most: u8| match parameter.map(str::parse) {
        Some(Ok(number)) if (least..=most).contains(&number) => Ok(number),
        _ => wrong(format!(
            "{name} takes a number from {least} to {most}, such as {name}:{}",
            (least + 1).min(most)
        )),
    };
    Ok(match kind {
        FaultKind::BitFlips => Fault::BitFlips(number(1, 3)?),
        FaultKind::Burst => Fault::Burst(number(1, 16)?),
        FaultKind::Tail => Fault::Tail(number(0, 38)?),
        FaultKind::Torn => Fault::Torn(number(1, 38)?),
        FaultKind::Frozen => Fault::Frozen(number(1, 255)?),
        FaultKind::Gone => Fault::Gone(number(1, 255)?),
        FaultKind::Nonsense => match parameter.and_then(nonsense) {
            Some(nonsense) => Fault::Nonsense(nonsense),
            None => return wrong(format!("nonsense takes {NONSENSE}, such as nonsense:face-count=7")),
        },
        FaultKind::Lookalike => match parameter.and_then(lookalike) {
            Some(kind) => Fault::Lookalike(kind),
            None => {
                return wrong(format!(
                    "lookalike takes one of {}, such as lookalike:co2-sensor",
                    lookalike_names()
                ));
            }
        },
        _ if parameter.is_some() => return wrong(format!("{name} takes no parameter")),
        FaultKind::NackAddress => Fault::NackAddress,
        FaultKind::NackData => Fault::NackData,
        FaultKind::ArbitrationLoss => Fault::ArbitrationLoss,
        FaultKind::BusError => Fault::BusError,
        FaultKind::StretchTimeout => Fault::StretchTimeout,
        FaultKind::AllOnes => Fault::AllOnes,
        FaultKind::AllZero => Fault::AllZero,
        FaultKind::Slip => Fault::Slip,
        FaultKind::Reset => Fault::Reset,
        // The list of kinds may grow.
        _ => return wrong(unknown(name)),
    })
}

fn nonsense(text: &str) -> Option<Nonsense> {
    let (what, number) = text.split_once('=').unwrap_or((text, ""));
    let from = |least: u8| number.parse().ok().filter(|&number| number >= least);
    match what {
        "face-count" => from(5).map(Nonsense::FaceCount),
        "data-length" => number.parse().ok().filter(|&length| length != 33).map(Nonsense::DataLength),
        "confidence" => from(101).map(Nonsense::Confidence),
        "is-facing" => from(2).map(Nonsense::IsFacing),
        "left-right" if number.is_empty() => Some(Nonsense::LeftRight),
        "top-bottom" if number.is_empty() => Some(Nonsense::TopBottom),
        _ => None,
    }
}

/// In a million.
fn parse_rate(text: &str) -> Result<u32, FaultSpecError> {
    let per_million = if let Some(percent) = text.strip_suffix('%') {
        percent.parse::<f64>().ok().map(|percent| percent * 10_000.0)
    } else {
        text.strip_suffix("ppm").and_then(|number| number.parse().ok())
    };
    match per_million {
        Some(rate) if (0.0..=1_000_000.0).contains(&rate) => Ok(rate.round() as u32),
        _ => wrong(format!("{text} is no rate such as 1%, 0.5% or 200ppm, and no time such as t=5s")),
    }
}

/// Simulated time: `5s`, `500ms`, `2min`. To a week.
fn parse_time(text: &str) -> Result<Duration, FaultSpecError> {
    let (number, unit) = if let Some(number) = text.strip_suffix("ms") {
        (number, 0.001)
    } else if let Some(number) = text.strip_suffix("min") {
        (number, 60.0)
    } else {
        (text.strip_suffix('s').unwrap_or_default(), 1.0)
    };
    let seconds = number.parse::<f64>().ok().map(|number| number * unit);
    match seconds.filter(|seconds| (0.0..=604_800.0).contains(seconds)) {
        Some(seconds) => Ok(Duration::from_secs_f64(seconds)),
        None => wrong(format!("{text} is no time such as 5s, 500ms or 2min")),
    }
}
