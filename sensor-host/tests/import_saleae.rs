//! Do tables of Saleae and PulseView give the traffic that was on the wires, and are what they cannot tell and what is wrong
//! with them told by the line?

use mlsensor_host::recording::{Format, ImportError, ImportOptions, Imported, import};
use mlsensor_sim::{Direction, Recording, Transfer};
use proptest::prelude::*;

const TABLE: &str = include_str!("traces/saleae_table.csv");
const BYTES: &str = include_str!("traces/saleae_bytes.csv");
const BYTES_NUMBERED: &str = include_str!("traces/saleae_bytes_numbered.csv");
const PULSEVIEW_TABLE: &str = include_str!("traces/pulseview_table.csv");
const PULSEVIEW_ANNOTATIONS: &str = include_str!("traces/pulseview_annotations.txt");

fn expected() -> Recording {
    Recording::parse(include_str!("traces/expected.recording")).unwrap()
}

fn at_1_mhz() -> ImportOptions {
    ImportOptions::default().with_sample_rate_hz(1_000_000)
}

fn import_alone(text: &str) -> Result<Imported, ImportError> {
    import(text, &ImportOptions::default())
}

/// The same text as other systems and programs would have it.
fn variants(text: &str) -> [String; 4] {
    let unix = text.replace("\r\n", "\n");
    [
        unix.clone(),
        unix.replace('\n', "\r\n"),
        format!("\u{FEFF}{unix}"),
        unix.trim_end_matches('\n').replace('"', ""),
    ]
}

#[test]
fn every_table_gives_what_went_over_the_wires() {
    for (text, format) in [
        (TABLE, Format::SaleaeTable),
        (PULSEVIEW_TABLE, Format::PulseViewTable),
        (PULSEVIEW_ANNOTATIONS, Format::SigrokAnnotations),
    ] {
        for text in variants(text) {
            let imported = import(&text, &at_1_mhz()).unwrap();
            assert_eq!(imported.recording.to_string(), expected().to_string(), "{format}");
            assert_eq!((imported.format, imported.left_out), (format, 0));
        }
    }
}

#[test]
fn columns_may_stand_in_any_order_and_among_others() {
    let mut text = String::new();
    for line in TABLE.lines() {
        let columns: Vec<&str> = line.split(',').collect();
        let [name, kind, time, duration, ack, address, read, data] = columns[..] else { panic!("{line}") };
        text += &format!("{data},{read},more,{time},{kind},{address},{name},{ack},{duration}\n");
    }
    assert_eq!(import_alone(&text).unwrap().recording, expected());
}

/// All that a row a byte can tell: no addresses alone, no repeated STARTs, and times of the first byte.
#[test]
fn rows_of_bytes_give_the_same_transfers_one_by_one() {
    let told = |transfer: &&Transfer| !transfer.bytes.is_empty() || transfer.error.is_some();
    let expected = expected();
    let expected: Vec<&Transfer> = expected.transfers.iter().filter(told).collect();
    for text in [BYTES, BYTES_NUMBERED].iter().flat_map(|text| variants(text)) {
        let imported = import_alone(&text).unwrap();
        assert_eq!(imported.format, Format::SaleaeBytes);
        assert_eq!(imported.recording.transfers.len(), expected.len());
        for (imported, expected) in imported.recording.transfers.iter().zip(&expected) {
            let what = |transfer: &Transfer| {
                (transfer.address, transfer.direction, transfer.bytes.clone(), transfer.error)
            };
            assert_eq!(what(imported), what(expected));
            let late_us = imported.at.saturating_sub(expected.at).as_micros();
            let most_us = if expected.is_repeated_start { 1_000 } else { 120 };
            assert!(imported.at >= expected.at && late_us < most_us, "{imported}");
            assert!(!imported.is_repeated_start);
        }
    }
}

#[test]
fn two_writes_that_follow_each_other_are_two_though_logic_2_numbers_both_0() {
    let head = "Time [s],Packet ID,Address,Data,Read/Write,ACK/NAK\n";
    let text = format!(
        "{head}0.000100,0,0x62,0x01,Write,ACK\n0.000190,0,0x62,0x00,Write,ACK\n\
         0.000390,0,0x62,0x02,Write,ACK\n0.000480,0,0x62,0x01,Write,ACK\n"
    );
    let recording = import_alone(&text).unwrap().recording;
    let writes: Vec<&[u8]> = recording.transfers.iter().map(|transfer| &*transfer.bytes).collect();
    assert_eq!(writes, [[0x01, 0x00], [0x02, 0x01]]);
}

#[test]
fn a_sensor_that_holds_the_clock_in_a_read_does_not_cut_it() {
    let head = "Time [s],Packet ID,Address,Data,Read/Write,ACK/NAK\n";
    let text = format!(
        "{head}0.000100,0,98,7,Read,ACK\n0.000190,0,98,8,Read,ACK\n0.090000,0,98,9,Read,NAK\n0.090300,0,98,1,Read,NAK\n"
    );
    let recording = import_alone(&text).unwrap().recording;
    let reads: Vec<&[u8]> = recording.transfers.iter().map(|transfer| &*transfer.bytes).collect();
    assert_eq!(reads, [&[7, 8, 9][..], &[1]]);
}

#[test]
fn times_before_the_trigger_are_moved_so_that_the_first_is_zero() {
    let text = "name,type,start_time,duration,ack,address,read,data\n\
        I2C,start,-0.5,0,,,,\nI2C,address,-0.4999,0,false,0x10,true,\nI2C,stop,-4.998e-1,0,,,,\n\
        I2C,start,1.5E-001,0,,,,\nI2C,address,0.1501,0,true,98,false,\nI2C,data,0.1502,0,true,,,0b0000 0111\nI2C,stop,0.1503,0,,,,\n";
    let recording = import_alone(text).unwrap().recording;
    assert_eq!(
        recording.to_string(),
        "# mlsensor recording 1\n0.000000 10 r ! nack-address\n0.650000 62 w 07\n"
    );
}

#[test]
fn a_transaction_that_the_trace_cuts_is_left_out_and_counted() {
    let lines: Vec<&str> = TABLE.lines().collect();
    // The first transaction is a START, an address, two bytes and a STOP.
    let without_begin = [&lines[..1], &lines[2..]].concat().join("\n");
    let imported = import_alone(&without_begin).unwrap();
    assert_eq!((imported.left_out, imported.recording.transfers.len()), (1, expected().transfers.len() - 1));
    let without_end = lines[..lines.len() - 2].join("\n");
    let imported = import_alone(&without_end).unwrap();
    assert_eq!((imported.left_out, imported.recording.transfers.len()), (1, expected().transfers.len() - 1));
    let of_the_middle = [&lines[..1], &lines[3..5]].concat().join("\n");
    let imported = import_alone(&of_the_middle).unwrap();
    assert_eq!((imported.left_out, imported.recording.transfers.len()), (1, 0));
}

#[test]
fn a_stop_in_the_place_of_a_ninth_bit_is_an_error_of_the_bus() {
    let head = "name,type,start_time,duration,ack,address,read,data,error\n";
    let text = format!(
        "{head}I2C,start,0.1,0,,,,,\nI2C,address,0.11,0,true,0x62,false,,\nI2C,data,0.12,0,,,,0x01,missing ack/nak\nI2C,stop,0.13,0,,,,,\n\
         I2C,start,0.2,0,,,,,\nI2C,data,0.21,0,,,,0xC4,missing ack/nak\nI2C,stop,0.22,0,,,,,\n\
         I2C,start,0.3,0,,,,,\nI2C,stop,0.31,0,,,,,\n"
    );
    let recording = import_alone(&text).unwrap().recording;
    assert_eq!(recording.to_string(), "# mlsensor recording 1\n0.100000 62 w 01 ! bus\n");
}

#[test]
fn of_several_analyzers_one_is_chosen_by_its_name() {
    let other = TABLE.replace("\"I2C\"", "\"Second bus\"").replace("0x62", "0x55");
    let both = format!("{TABLE}{}", other.split_once('\n').unwrap().1);
    let error = import_alone(&both).unwrap_err();
    assert_eq!(error.line, Some(TABLE.lines().count() as u64 + 1));
    assert!(error.what.contains("Second bus") && error.likely.contains("--only"), "{error}");
    let imported = import(&both, &ImportOptions::default().with_only("I2C")).unwrap();
    assert_eq!(imported.recording, expected());
    let imported = import(&both, &ImportOptions::default().with_only("Second bus")).unwrap();
    assert_eq!(imported.recording.transfers[0].address, 0x55);
}

#[test]
fn what_is_wrong_is_told_with_the_number_of_its_line() {
    let table = |line: &str| {
        format!("name,type,start_time,duration,ack,address,read,data\nI2C,start,0.1,0,,,,\n{line}\n")
    };
    let bytes = |line: &str| {
        format!("Time [s],Packet ID,Address,Data,Read/Write,ACK/NAK\n0.1,0,1,1,Read,ACK\n{line}\n")
    };
    let view = |line: &str| {
        format!(
            "Sample,Time,Decoder,Ann Row,Ann Class,Value\n1,1 s,I²C,Address/Data,Start condition,Start\n{line}\n"
        )
    };
    for (text, what) in [
        (table("I2C,address,0.11,0,true,b,false,"), "\"b\" under \"address\" is no byte, such as 0x3C or 60"),
        (
            table("I2C,address,0.11,0,true,+1,false,"),
            "\"+1\" under \"address\" is no byte, such as 0x3C or 60",
        ),
        (
            table("I2C,address,0.11,0,true,300,false,"),
            "\"300\" under \"address\" is no byte, such as 0x3C or 60",
        ),
        (table("I2C,address,0.11,0,true,0xC4,false,"), "the address 0xc4 is above 0x7f"),
        (table("I2C,address,0.11,0,maybe,0x62,false,"), "ack is \"maybe\", neither true nor false"),
        (table("I2C,address,0.11,0,true,0x62,,"), "read is \"\", neither true nor false"),
        (table("I2C,data,0.11,0,true,,,0x01"), "a byte without an address before it"),
        (table("I2C,start,0.09,0,,,,"), "the time is earlier than that of the START before"),
        (
            table("I2C,start,2026-11-22T18:20:07.1Z,0,,,,"),
            "\"2026-11-22T18:20:07.1Z\" under \"start_time\" is no number of seconds",
        ),
        (table("I2C,start,NaN,0,,,,"), "\"NaN\" under \"start_time\" is no number of seconds"),
        (table("I2C,result,0.11,0,,,,"), "the type \"result\" is none of the I2C analyzer"),
        (bytes("0.2,0,1,1,Reed,ACK"), "\"Reed\" is neither Read nor Write"),
        (bytes("0.2,0,1,1,Read,"), "\"\" is neither ACK nor NAK"),
        (bytes("0.2,0,1,,Read,ACK"), "there is no byte under \"Data\""),
        (bytes("0.2,0,1,'A',Read,ACK"), "\"'A'\" under \"Data\" is no byte, such as 0x3C or 60"),
        (bytes("0.05,0,1,1,Read,ACK"), "the time is earlier than on the line before"),
        (view("x,1 s,I²C,Address/Data,ACK,ACK"), "\"x\" is no sample number"),
        (view("2,1 s,I²C,Address/Data,ACK,Ack"), "\"Ack\" is no annotation of an I2C decoder"),
        (
            view("2,1 s,I²C,Address/Data,Data write,Data write: 0g"),
            "\"0g\" is no hexadecimal number of two digits",
        ),
        (
            view("2,1 s,I²C,Address/Data,Data write,Data wrote: 00"),
            "\"Data wrote: 00\" is no annotation of an I2C decoder",
        ),
        ("1-1 i2c-1: Start\n\n2-3 i2c-1 ACK\n".to_owned(), "this is no annotation of an I2C decoder"),
        (
            "1-1 i2c-1: Start\n\ni2c-1: ACK\n".to_owned(),
            "this annotation has no sample number, and so no time",
        ),
        (
            "1-1 i2c-1: Start\n\n1-1 i2c-2: ACK\n".to_owned(),
            "this is of \"i2c-2\", and what came before is of \"i2c-1\"",
        ),
    ] {
        let error = import(&text, &at_1_mhz()).unwrap_err();
        assert_eq!((error.line, &*error.what), (Some(3), what), "{text}");
        assert!(!error.likely.is_empty());
        assert!(error.to_string().starts_with("line 3: "), "{error}");
    }
}

#[test]
fn samples_without_a_rate_have_no_time() {
    for text in [PULSEVIEW_TABLE, PULSEVIEW_ANNOTATIONS] {
        let error = import_alone(text).unwrap_err();
        assert_eq!(error.line, None);
        assert!(error.likely.contains("--sample-rate"), "{error}");
    }
}

#[test]
fn what_is_no_trace_at_all_is_refused_at_its_first_line() {
    for text in ["hello\n", "a,b,c\n1,2,3\n", "0.1 62 r 00\n"] {
        assert_eq!(import(text, &at_1_mhz()).unwrap_err().line, Some(1), "{text}");
    }
    assert_eq!(import("", &at_1_mhz()).unwrap().recording, Recording::default());
}

proptest! {
    /// Whatever is cut away, exchanged or repeated of a trace, an import ends with a recording that is one, or with an error.
    #[test]
    fn an_import_is_total(
        which in 0..5_usize,
        edits in proptest::collection::vec((any::<prop::sample::Index>(), ".{0,3}", 0..4_usize), 0..6),
    ) {
        let mut text: Vec<char> = [TABLE, BYTES, PULSEVIEW_TABLE, PULSEVIEW_ANNOTATIONS, BYTES_NUMBERED][which].chars().take(900).collect();
        for (place, insert, cut) in edits {
            let place = place.index(text.len());
            let end = (place + cut).min(text.len());
            text.splice(place..end, insert.chars());
        }
        let text: String = text.into_iter().collect();
        if let Ok(imported) = import(&text, &at_1_mhz()) {
            let recording = imported.recording;
            let again = Recording::parse(&recording.to_string());
            prop_assert_eq!(again.as_ref(), Ok(&recording));
            for transfer in &recording.transfers {
                prop_assert!(transfer.direction == Direction::Write || transfer.error.is_none() || transfer.bytes.is_empty());
            }
        }
    }
}
