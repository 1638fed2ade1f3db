//! The codecs: bytes typed by hand, mirror images, and nonsense.

use proptest::prelude::*;

use super::*;

/// Typed by hand from the tables on the front page.
const REQUESTS: [([u8; 10], Request); 15] = [
    (*b"\x01\x01mlsensor", Request::Hello { version: 1 }),
    (*b"\x01\xFEmlsensor", Request::Hello { version: 254 }),
    ([2, 0, 0x2C, 0x01, 0, 0, 0, 0, 0, 0], Request::About { capacity: 300 }),
    ([3, 0, 0, 0, 0, 0, 0, 0, 0, 0], Request::Now),
    ([4, 0, 0x40, 0x42, 0x0F, 0, 0, 0, 0, 0], Request::Delay { by_ns: 1_000_000 }),
    ([5, 0, 0, 0xCA, 0x9A, 0x3B, 0, 0, 0, 0], Request::WaitUntil { moment_ns: 1_000_000_000 }),
    ([5, 0, 255, 255, 255, 255, 255, 255, 255, 255], Request::WaitUntil { moment_ns: u64::MAX }),
    ([6, 0x62, 1, 0, 0, 0, 0, 0, 0, 0], Request::Transaction { address: 0x62, operations: 1 }),
    ([6, 0x7F, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0], Request::Transaction { address: 0x7F, operations: 65_535 }),
    ([7, 0, 0, 0, 0, 0, 0, 0, 0, 0], Request::Pin),
    ([8, 0, 0, 0, 0, 0, 0, 0, 0, 0], Request::WaitForPin(PinWait::High)),
    ([8, 1, 0, 0, 0, 0, 0, 0, 0, 0], Request::WaitForPin(PinWait::Low)),
    ([8, 2, 0, 0, 0, 0, 0, 0, 0, 0], Request::WaitForPin(PinWait::RisingEdge)),
    ([8, 3, 0, 0, 0, 0, 0, 0, 0, 0], Request::WaitForPin(PinWait::FallingEdge)),
    ([8, 4, 0, 0, 0, 0, 0, 0, 0, 0], Request::WaitForPin(PinWait::AnyEdge)),
];

const NO_REQUESTS: [[u8; 10]; 9] = [
    [0; 10],
    [9, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    *b"\x01\x01mlsensoR",
    [2, 0, 0, 0, 1, 0, 0, 0, 0, 0],
    [3, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    [4, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    [6, 0x80, 1, 0, 0, 0, 0, 0, 0, 0],
    [6, 0x62, 1, 0, 1, 0, 0, 0, 0, 0],
    [8, 5, 0, 0, 0, 0, 0, 0, 0, 0],
];

/// Typed by hand from the table on the front page.
const STATUSES: [(u8, Status); 14] = [
    (0, Status::Done),
    (1, Status::I2c(ErrorKind::Bus)),
    (2, Status::I2c(ErrorKind::ArbitrationLoss)),
    (3, Status::I2c(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address))),
    (4, Status::I2c(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data))),
    (5, Status::I2c(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Unknown))),
    (6, Status::I2c(ErrorKind::Overrun)),
    (7, Status::I2c(ErrorKind::Other)),
    (0x10, Status::NothingWillHappen),
    (0x11, Status::SceneEnded),
    (0x12, Status::TooFar),
    (0x13, Status::NoPin),
    (0x80, Status::Refused),
    (0x81, Status::Version),
];

#[test]
fn requests_are_the_bytes_of_the_table_both_ways() {
    for (bytes, request) in REQUESTS {
        assert_eq!(request.emit(), bytes, "{request:?}");
        assert_eq!(Request::parse(bytes), Ok(request));
    }
    for bytes in NO_REQUESTS {
        assert_eq!(Request::parse(bytes), Err(Garbage), "{bytes:?}");
    }
}

#[test]
fn what_a_request_does_not_use_is_zero() {
    let unused = REQUESTS.iter().filter(|(bytes, _)| matches!(bytes[0], 3 | 7 | 8));
    for (bytes, request) in unused {
        for place in 2..REQUEST_LEN {
            let mut changed = *bytes;
            changed[place] = 1;
            assert_eq!(Request::parse(changed), Err(Garbage), "{request:?}, {place}");
        }
    }
}

#[test]
fn operations_are_the_bytes_of_the_table_both_ways() {
    for (bytes, operation) in [
        ([0, 39, 0, 0, 0], Operation::Read(39)),
        ([1, 2, 0, 0, 0], Operation::Write(2)),
        ([1, 4, 3, 2, 1], Operation::Write(0x0102_0304)),
    ] {
        assert_eq!(operation.emit(), bytes);
        assert_eq!(Operation::parse(bytes), Ok(operation));
    }
    assert_eq!(Operation::parse([2, 0, 0, 0, 0]), Err(Garbage));
}

#[test]
fn answers_are_the_bytes_of_the_table_both_ways() {
    for (code, status) in STATUSES {
        let answer = Answer { status, flag: 1, value: 0x0807_0605_0403_0201 };
        let bytes = [code, 1, 1, 2, 3, 4, 5, 6, 7, 8];
        assert_eq!(answer.emit(), bytes, "{status:?}");
        assert_eq!(Answer::parse(bytes), Ok(answer));
    }
    let known = STATUSES.map(|(code, _)| code);
    for code in (0..=255).filter(|code| !known.contains(code)) {
        assert_eq!(Answer::parse([code, 0, 0, 0, 0, 0, 0, 0, 0, 0]), Err(Garbage), "{code}");
    }
}

#[test]
fn a_time_that_never_comes_is_all_ones_and_no_time_overflows() {
    assert_eq!((nanos(Duration::MAX), time(u64::MAX)), (u64::MAX, Duration::MAX));
    assert_eq!(nanos(Duration::from_nanos(u64::MAX - 1)), u64::MAX - 1);
    assert_eq!(nanos(Duration::from_millis(3)), 3_000_000);
    assert_eq!(time(3_000_000), Duration::from_millis(3));
}

proptest! {
    /// So no two requests are the same bytes, and no bytes are two requests.
    #[test]
    fn what_is_parsed_is_emitted_as_it_was(
        op in 0..10_u8,
        argument in prop_oneof![0..10_u8, any::<u8>()],
        value in prop_oneof![Just(0), Just(HELLO), 0..70_000_u64, any::<u64>()],
        operation: [u8; 5],
    ) {
        let bytes = head(op, argument, value);
        if let Ok(request) = Request::parse(bytes) {
            prop_assert_eq!(request.emit(), bytes);
        }
        if let Ok(answer) = Answer::parse(bytes) {
            prop_assert_eq!(answer.emit(), bytes);
        }
        if let Ok(parsed) = Operation::parse(operation) {
            prop_assert_eq!(parsed.emit(), operation);
        }
    }
}
