//! Which texts are recordings, and do times and lines survive the trip?
//! (What is recorded and replayed: `bus_recordings.rs`.)
#![cfg(feature = "std")]

use std::time::Duration;

use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource, Operation};
use mlsensor_sim::{Recording, RecordingError};
use proptest::prelude::*;
use proptest::{collection, proptest};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

const NACK_ADDRESS: ErrorKind = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address);

/// One transaction: how long after the one before it, address, what is written, what is read, error.
type Step = (u64, u8, Option<Vec<u8>>, Option<Vec<u8>>, Option<ErrorKind>);

fn any_step() -> impl Strategy<Value = Step> {
    let gap = prop_oneof![
        (0..3_600_000_000_u64).prop_map(|micros| micros * 1000),
        0..2_000_u64,
        Just(0),
        any::<u64>().prop_map(|nanos| nanos >> 4),
    ];
    let address = prop_oneof![Just(0x62), 0..0x80_u8];
    let bytes = || {
        let bytes = prop_oneof![
            collection::vec(any::<u8>(), 0..4),
            collection::vec(any::<u8>(), 39),
            Just(Vec::new()),
        ];
        proptest::option::of(bytes)
    };
    let error = proptest::option::of(proptest::sample::select(vec![
        ErrorKind::Bus,
        ErrorKind::ArbitrationLoss,
        NACK_ADDRESS,
        ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data),
        ErrorKind::NoAcknowledge(NoAcknowledgeSource::Unknown),
        ErrorKind::Overrun,
        ErrorKind::Other,
    ]));
    (gap, address, bytes(), bytes(), error)
}

proptest! {
    #[test]
    fn any_recording_is_the_same_after_a_trip_through_text(steps in collection::vec(any_step(), 0..20)) {
        let (mut recording, mut at) = (Recording::default(), Duration::ZERO);
        for (gap, address, written, read, error) in steps {
            at += Duration::from_nanos(gap);
            let mut read = read;
            let mut operations = Vec::new();
            operations.extend(written.as_deref().map(Operation::Write));
            operations.extend(read.as_deref_mut().map(Operation::Read));
            recording.push_transaction(at, address, &operations, error);
        }
        let text = recording.to_string();
        prop_assert_eq!(Recording::parse(&text), Ok(recording.clone()), "{}", text);
        let windows = format!("\u{FEFF}{}", text.replace('\n', "\r\n"));
        prop_assert_eq!(Recording::parse(&windows), Ok(recording));
    }
}

#[test]
fn times_have_six_decimals_and_nine_where_six_would_lose_something() {
    let mut recording = Recording::default();
    for at in [Duration::new(1, 143_620_000), Duration::new(1, 143_620_001), Duration::new(2, 999_999_999)] {
        recording.push_transaction(at, 0x10, &[Operation::Write(&[])], None);
    }
    let expected = "# mlsensor recording 1\n1.143620 10 w\n1.143620001 10 w\n2.999999999 10 w\n";
    assert_eq!(recording.to_string(), expected);
}

#[test]
fn a_clock_that_goes_back_gives_no_recording_that_does() {
    let mut recording = Recording::default();
    for at in [5, 3, 6] {
        recording.push_transaction(ms(at), 0x62, &[Operation::Write(&[0x07, 0x00])], None);
    }
    let times: Vec<_> = recording.transfers.iter().map(|transfer| transfer.at).collect();
    assert_eq!(times, [ms(5), ms(5), ms(6)]);
    assert_eq!(Recording::parse(&recording.to_string()), Ok(recording));
}

#[test]
fn a_byte_order_mark_comes_first_or_is_no_part_of_a_recording() {
    assert_eq!(Recording::parse("\u{FEFF}"), Ok(Recording::default()));
    assert_eq!(Recording::parse("\u{FEFF}0.1 62 r 00\r\n").map(|log| log.transfers.len()), Ok(1));
    assert_eq!(Recording::parse("0.1 62 r 00\n\u{FEFF}0.2 62 r 00").map_err(|error| error.line), Err(2));
}

/// The time of the one transfer, or what is wrong with it.
fn time(word: &str) -> Result<Duration, &'static str> {
    let recording = Recording::parse(&format!("{word} 62 r 00\n"));
    recording.map(|log| log.transfers[0].at).map_err(|RecordingError { what, .. }| what)
}

#[test]
fn a_time_has_nine_decimals_at_most_and_is_below_two_to_the_fortieth() {
    let none = Err("it does not begin with a time in seconds");
    assert_eq!(time("0.123456789"), Ok(Duration::from_nanos(123_456_789)));
    assert_eq!(time("0.5"), Ok(ms(500)));
    assert_eq!(time("7"), Ok(ms(7000)));
    for word in ["0.1234567890", "0.0000000000", "0.00000000000000000001", "1.", ".5", "1e3", "+1", "1.+5"] {
        assert_eq!(time(word), none, "{word}");
    }
    assert_eq!(time("1099511627775.999999999"), Ok(Duration::new(1_099_511_627_775, 999_999_999)));
    for word in ["1099511627776", "1099511627776.0", "18446744073709551615", "18446744073709551616"] {
        assert_eq!(time(word), none, "{word}");
    }
}
