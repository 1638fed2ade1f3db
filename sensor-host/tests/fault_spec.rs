//! The language of faults.

use std::time::Duration;

use mlsensor_host::virtual_bus::fault_spec::{Action, FaultSpec};
use mlsensor_sim::{Fault, FaultKind, LookalikeKind, Nonsense};

fn parsed(text: &str) -> (Action, Duration) {
    let spec: FaultSpec = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    (spec.action, spec.at)
}

fn inject(fault: Fault) -> (Action, Duration) {
    (Action::Inject(fault, 1), Duration::ZERO)
}

/// The name of a kind, by its variant: small letters, a dash before each capital.
fn name_of(kind: FaultKind) -> String {
    let capitals = |name: String, letter: char| match letter {
        'A'..='Z' if name.is_empty() => letter.to_lowercase().to_string(),
        'A'..='Z' => format!("{name}-{}", letter.to_ascii_lowercase()),
        _ => name + &letter.to_string(),
    };
    format!("{kind:?}").chars().fold(String::new(), capitals)
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
        assert_eq!(parsed(&format!("{name}@1%")).0, Action::Rate(kind, 10_000));
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
    assert_eq!(parsed("all-ones@0.5%@t=1.5s"), (action, at));
    assert_eq!(parsed("all-ones@t=1500ms@5000ppm"), (action, at));
    let action = Action::Inject(Fault::BusError, 3);
    assert_eq!(parsed("bus-error*3@t=2min"), (action, Duration::from_secs(120)));
    assert_eq!(parsed("power-off@t=10s").0, Action::PowerOff);
    assert_eq!(parsed("power-on@t=12s").1, Duration::from_secs(12));
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
        assert_eq!(
            text.parse::<FaultSpec>().map_err(|error| error.to_string()),
            Err(what.to_owned()),
            "{text}"
        );
    }
    assert!("lookalike:scd40".parse::<FaultSpec>().unwrap_err().to_string().contains("answers-all"));
    assert!("nonsense:confidence=100".parse::<FaultSpec>().unwrap_err().to_string().contains("101 to 255"));
}
