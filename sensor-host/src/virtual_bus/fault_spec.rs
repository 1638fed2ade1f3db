//! A small language for faults: what is to go wrong, how often, and when.
//!
//! ```text
//! KIND[:PARAMETER][*TIMES][@RATE][@t=TIME]
//!
//! nack-address            the next transfer is not acknowledged
//! gone:30                 the next 30 are not
//! all-ones@1%             one read in a hundred gives 0xFF, by seeded chance
//! bit-flips@250ppm        250 in a million have flipped bits, 1 to 3
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> FaultSpec {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn inject(fault: Fault) -> FaultSpec {
        FaultSpec { action: Action::Inject(fault, 1), at: Duration::ZERO }
    }

    #[test]
    fn every_kind_of_fault_can_be_named() {
        let parameters = ["", ":2", ":face-count=7", ":co2-sensor"];
        for &kind in FaultKind::ALL {
            let name = name_of(kind);
            let specs = parameters.iter().filter_map(|parameter| format!("{name}{parameter}").parse().ok());
            let kinds: Vec<FaultKind> = specs
                .map(|spec: FaultSpec| match spec.action {
                    Action::Inject(fault, 1) => fault.kind(),
                    other => panic!("{other:?}"),
                })
                .collect();
            assert_eq!(kinds, [kind], "{name} takes one kind of parameter");
            assert_eq!(parsed(&format!("{name}@1%")).action, Action::Rate(kind, 10_000));
            assert!(FaultSpec::KINDS.iter().any(|listed| listed.split(':').next() == Some(&name)), "{name}");
        }
        assert_eq!(FaultSpec::KINDS.len(), FaultKind::ALL.len() + 2);
    }

    #[test]
    fn a_parameter_is_taken_over() {
        for (text, fault) in [
            ("gone:30", Fault::Gone(30)),
            ("tail:0", Fault::Tail(0)),
            ("frozen:8", Fault::Frozen(8)),
            ("burst:16", Fault::Burst(16)),
            ("nonsense:data-length=29", Fault::Nonsense(Nonsense::DataLength(29))),
            ("nonsense:confidence=101", Fault::Nonsense(Nonsense::Confidence(101))),
            ("nonsense:is-facing=2", Fault::Nonsense(Nonsense::IsFacing(2))),
            ("nonsense:left-right", Fault::Nonsense(Nonsense::LeftRight)),
            ("nonsense:top-bottom", Fault::Nonsense(Nonsense::TopBottom)),
            ("lookalike:hand-firmware", Fault::Lookalike(LookalikeKind::HandFirmware)),
        ] {
            assert_eq!(parsed(text), inject(fault), "{text}");
        }
    }

    #[test]
    fn how_often_and_when_come_in_any_order() {
        let at = Duration::from_millis(1500);
        let action = Action::Rate(FaultKind::AllOnes, 5_000);
        assert_eq!(parsed("all-ones@0.5%@t=1.5s"), FaultSpec { action, at });
        assert_eq!(parsed("all-ones@t=1500ms@5000ppm"), FaultSpec { action, at });
        let action = Action::Inject(Fault::BusError, 3);
        assert_eq!(parsed("bus-error*3@t=2min"), FaultSpec { action, at: Duration::from_secs(120) });
        assert_eq!(parsed("power-off@t=10s").action, Action::PowerOff);
        assert_eq!(parsed("power-on@t=12s").at, Duration::from_secs(12));
    }

    #[test]
    fn what_makes_no_sense_is_told() {
        for (text, what) in [
            ("", "there is no kind of fault called "),
            ("nack", "there is no kind of fault called nack"),
            ("gone", "gone takes a number from 1 to 255, such as gone:2"),
            ("gone:0", "gone takes a number from 1 to 255, such as gone:2"),
            ("tail:39", "tail takes a number from 0 to 38, such as tail:1"),
            ("slip:1", "slip takes no parameter"),
            ("all-ones*0", "0 is no number of times from 1 to 65535"),
            ("all-ones*2@1%", "it has both a number of times and a rate"),
            ("gone:3@1%", "a rate draws the parameters of gone by chance, so it takes none"),
            ("all-ones@1%@2%", "it says twice how often, or when"),
            ("all-ones@101%", "101% is no rate such as 1%, 0.5% or 200ppm, and no time such as t=5s"),
            ("all-ones@nan%", "nan% is no rate such as 1%, 0.5% or 200ppm, and no time such as t=5s"),
            ("all-ones@t=5", "5 is no time such as 5s, 500ms or 2min"),
            ("all-ones@t=-1s", "-1s is no time such as 5s, 500ms or 2min"),
            ("power-off*2", "power-off takes no number"),
            ("power-on@1%", "power-on takes no rate"),
        ] {
            assert_eq!(text.parse::<FaultSpec>(), wrong(what), "{text}");
        }
        assert!("lookalike:scd40".parse::<FaultSpec>().unwrap_err().to_string().contains("answers-all"));
        assert!(
            "nonsense:confidence=100".parse::<FaultSpec>().unwrap_err().to_string().contains("101 to 255")
        );
    }
}
