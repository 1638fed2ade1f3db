//! Does the interface do what its README says, and refuse what it says it refuses? (The same functions as in the module, called on
//! the host. What JavaScript makes of them: `mlsensor-sim.test.mjs`.)

use mlsensor_sim_wasm::*;

const SECOND: u64 = 1_000_000_000;

/// Puts bytes into the buffer, as a caller does.
fn put(bytes: &[u8]) -> u32 {
    let length = u32::try_from(bytes.len()).unwrap();
    let at = mls_buffer(length);
    assert!(!at.is_null());
    // SAFETY: the buffer has so many bytes, and no call is under way that looks at it.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), at, bytes.len()) };
    length
}

fn got(length: i32) -> Vec<u8> {
    let length = usize::try_from(length).unwrap();
    assert!(length <= 4096);
    // SAFETY: the buffer has 4096 bytes at least, and no call is under way that changes it.
    unsafe { std::slice::from_raw_parts(mls_buffer(0), length) }.to_vec()
}

fn error() -> String {
    String::from_utf8(got(mls_error())).unwrap()
}

fn named(name: &str) -> i32 {
    mls_open_named(put(name.as_bytes()), 0, 0)
}

/// A read of the address, as a controller does it.
fn read(handle: i32) -> Vec<i32> {
    assert_eq!(mls_start(handle, 0x62, 1), 1);
    let bytes = (0..39).map(|_| mls_read_byte(handle)).collect();
    assert_eq!(mls_stop(handle), 0);
    bytes
}

#[test]
fn a_read_gives_the_packet_that_the_simulator_holds() {
    let handle = named("walk_up");
    assert!(handle > 0);
    assert_eq!(mls_advance(handle, 8 * SECOND), 0);
    let packet: Vec<i32> = got(mls_packet(handle)).into_iter().map(i32::from).collect();
    assert_eq!(read(handle), packet);
    // Guide: two reserved bytes, the length 33, then the number of faces.
    assert_eq!(packet[..5], [0, 0, 33, 0, 1]);
    assert_eq!((mls_presence(handle), mls_led(handle)), (1, 1));
    assert_eq!(mls_now(handle), 8 * SECOND as i64);
    assert_eq!(mls_duration(handle), 22 * SECOND as i64);
    assert!(mls_results(handle) > 50);
}

#[test]
fn a_write_reaches_its_register_at_stop_and_not_before() {
    let handle = mls_open(0, 0);
    assert_eq!(mls_register(handle, 7), 1, "the LED is on at first");
    assert_eq!(mls_start(handle, 0x62, 0), 1);
    assert_eq!((mls_write_byte(handle, 7), mls_write_byte(handle, 0)), (1, 1));
    assert_eq!(mls_register(handle, 7), 1);
    assert_eq!(mls_stop(handle), 0);
    assert_eq!(mls_register(handle, 7), 0);
    assert_eq!(mls_register(handle, 3), Code::Range as i32, "a trigger holds nothing");
}

#[test]
fn nobody_else_answers_and_a_sensor_without_power_does_not_either() {
    let handle = mls_open(0, 0);
    assert_eq!(mls_start(handle, 0x63, 1), 0);
    assert_eq!(mls_read_byte(handle), 0xFF);
    assert_eq!(mls_stop(handle), 0);
    assert_eq!(mls_power(handle, 0), 0);
    assert_eq!((mls_start(handle, 0x62, 1), mls_next_event(handle)), (0, NEVER));
    assert_eq!(mls_power(handle, 1), 0);
    assert_eq!(mls_start(handle, 0x62, 1), 0, "it boots");
    assert_eq!(mls_advance(handle, 3 * SECOND), 0);
    assert_eq!(mls_start(handle, 0x62, 1), 1);
}

#[test]
fn people_stand_where_they_are_put() {
    let handle = mls_open(0, 0);
    assert_eq!(mls_add_person(handle, 1.0, -15.0, 0.0, 1.6, 1), 0);
    assert_eq!(mls_add_person(handle, 2.0, 20.0, 180.0, 1.6, 2), 0);
    assert_eq!(mls_advance(handle, SECOND), 0);
    let packet = got(mls_packet(handle));
    assert_eq!(packet[4], 1, "the other one shows the back of the head");
    let middle = f64::from(u16::from(packet[6]) + u16::from(packet[8])) / 2.0;
    assert!((middle - (127.5 - 15.0 * 127.5 / 55.0)).abs() < 1.0, "{middle}");
    assert_eq!(mls_clear_people(handle), 0);
    assert_eq!(mls_advance(handle, SECOND), 0);
    assert_eq!(got(mls_packet(handle))[4], 0);
    for bad in [f64::NAN, f64::INFINITY] {
        assert_eq!(mls_add_person(handle, bad, 0.0, 0.0, 1.6, 1), Code::Range as i32);
    }
    let fit = (0..2000).take_while(|_| mls_add_person(handle, 1.0, 0.0, 0.0, 1.6, 1) == 0).count();
    assert_eq!(fit, 1000);
}

#[test]
fn faults_befall_as_many_transfers_as_was_said() {
    let handle = named("walk_up");
    assert_eq!(mls_advance(handle, 8 * SECOND), 0);
    assert_eq!(mls_refuse(handle, 2), 0);
    for _ in 0..2 {
        assert_eq!(mls_start(handle, 0x62, 1), 0);
        assert_eq!(mls_read_byte(handle), 0xFF);
        assert_eq!(mls_stop(handle), 0);
    }
    let right = read(handle);
    assert_eq!(mls_spoil(handle, 4, 0x81), 0);
    let wrong = read(handle);
    assert_eq!(wrong[4], right[4] ^ 0x81);
    assert_eq!((&wrong[..4], &wrong[5..]), (&right[..4], &right[5..]));
    assert_eq!(read(handle), right, "once");
}

fn write(handle: i32, register: u32, value: u32) {
    assert_eq!(mls_start(handle, 0x62, 0), 1);
    assert_eq!((mls_write_byte(handle, register), mls_write_byte(handle, value)), (1, 1));
    assert_eq!(mls_stop(handle), 0);
}

#[test]
fn of_a_transfer_that_is_refused_the_sensor_sees_neither_bytes_nor_the_stop() {
    let handle = mls_open(0, 0);
    assert_eq!(mls_start(handle, 0x62, 0), 1);
    assert_eq!((mls_write_byte(handle, 7), mls_write_byte(handle, 0)), (1, 1));
    assert_eq!(mls_refuse(handle, 1), 0);
    assert_eq!((mls_start(handle, 0x62, 0), mls_write_byte(handle, 7)), (0, 0));
    assert_eq!(mls_stop(handle), 0);
    assert_eq!(mls_register(handle, 7), 1, "the write has not ended");
}

#[test]
fn recognition_tells_people_apart_by_their_numbers() {
    let handle = mls_open(0, 0);
    let known_as = |who| {
        assert_eq!((mls_clear_people(handle), mls_add_person(handle, 1.0, 0.0, 0.0, 1.6, who)), (0, 0));
        assert_eq!(mls_advance(handle, SECOND), 0);
        got(mls_packet(handle))[11]
    };
    write(handle, 2, 1);
    assert_eq!(known_as(7), 0xFF);
    write(handle, 4, 5);
    assert_eq!((known_as(7), known_as(8)), (5, 0xFF));
}

#[test]
fn a_week_is_not_too_long() {
    let handle = mls_open(0, 0);
    assert_eq!((mls_power(handle, 0), mls_advance(handle, 604_800 * SECOND)), (0, 0));
    assert_eq!(mls_now(handle), 604_800 * SECOND as i64);
}

#[test]
fn a_text_that_is_too_long_for_the_buffer_ends_where_a_character_does() {
    for before in ["", "a"] {
        assert_eq!(named(&(before.to_owned() + &"é".repeat(3000))), Code::NoScenario as i32);
        assert!((4095..=4096).contains(&error().len()));
    }
}

#[test]
fn a_seed_is_taken_and_without_one_it_is_the_scenarios() {
    let digest = |has_seed, seed| {
        let handle = mls_open_named(put(b"walk_up"), has_seed, seed);
        got(mls_digest(handle, 22 * SECOND))
    };
    assert_eq!(digest(0, 99), digest(1, 1), "walk_up.toml says 1");
    assert_ne!(digest(1, 99), digest(1, 1));
    // The digest that the crate's own test holds, lowest byte first: it is of the same bytes on every machine.
    assert_eq!(digest(0, 0), mlsensor_sim_digest("walk_up").to_le_bytes());
}

fn mlsensor_sim_digest(name: &str) -> u64 {
    let scenario = mlsensor_sim::Scenario::named(name).unwrap();
    mlsensor_sim::digest(&mut scenario.sensor(), scenario.duration)
}

#[test]
fn open_questions_are_answered_before_time_passes() {
    let handle = mls_open(0, 0);
    assert_eq!(mls_assume(handle, put(b"probing_while_booting=ProbingWhileBooting::HoldsDataLow")), 0);
    for _ in 0..2 {
        assert_eq!((mls_power(handle, 0), mls_power(handle, 1)), (0, 0));
        assert_eq!(mls_start(handle, 0x62, 1), 0);
        assert_eq!(mls_holds_data_low(handle), 1);
        assert_eq!((mls_recover(handle), mls_holds_data_low(handle)), (0, 0));
    }
    for (text, says) in [
        ("no_such=1", "probing_while_booting"),
        ("latch=Never", "Latch::"),
        ("latch", "Latch::"),
        ("", "probing_while_booting"),
    ] {
        assert_eq!(mls_assume(handle, put(text.as_bytes())), Code::Assumption as i32, "{text}");
        assert!(error().contains(says), "{}", error());
    }
    assert_eq!(mls_advance(handle, 1), 0);
    assert_eq!(mls_assume(handle, put(b"labels_survive=false")), Code::TooLate as i32);
}

#[test]
fn a_handle_that_is_none_is_refused_by_every_function() {
    let closed = mls_open(0, 0);
    assert_eq!((mls_close(closed), mls_close(closed)), (0, Code::Handle as i32));
    assert_ne!(mls_open(0, 0), closed, "none is given out twice");
    for handle in [closed, 0, -1, i32::MIN, i32::MAX] {
        let short = [
            mls_close(handle),
            mls_assume(handle, 0),
            mls_advance(handle, 1),
            mls_start(handle, 0x62, 0),
            mls_write_byte(handle, 0),
            mls_read_byte(handle),
            mls_stop(handle),
            mls_holds_data_low(handle),
            mls_recover(handle),
            mls_presence(handle),
            mls_led(handle),
            mls_power(handle, 1),
            mls_register(handle, 1),
            mls_packet(handle),
            mls_digest(handle, 1),
            mls_add_person(handle, 1.0, 0.0, 0.0, 1.6, 0),
            mls_clear_people(handle),
            mls_point(handle, 0, 0),
            mls_refuse(handle, 1),
            mls_spoil(handle, 0, 1),
        ];
        assert_eq!(short, [Code::Handle as i32; 20], "{handle}");
        let long = [mls_now(handle), mls_next_event(handle), mls_duration(handle), mls_results(handle)];
        assert_eq!(long, [Code::Handle as i64; 4], "{handle}");
        assert!(error().contains(&handle.to_string()), "{}", error());
    }
}

#[test]
fn texts_that_are_none_are_refused_with_a_reason() {
    assert_eq!(named("nowhere"), Code::NoScenario as i32);
    assert!(error().contains("walk_up"), "{}", error());
    assert_eq!(mls_open_named(put(&[0xFF, 0xFE]), 0, 0), Code::Text as i32);
    assert_eq!(mls_open_toml(put(b"about = 3\n"), 0, 0), Code::Scenario as i32);
    assert!(error().starts_with("line 1"), "{}", error());
    assert_eq!(mls_open_toml(0, 0, 0), Code::Scenario as i32, "an empty file");
    for length in [4097, 1 << 20, u32::MAX] {
        assert_eq!(mls_open_named(length, 0, 0), Code::Length as i32);
        assert_eq!(mls_open_toml(length, 0, 0), Code::Length as i32);
    }
    assert_eq!(mls_scenario_name(u32::MAX), Code::NoScenario as i32);
    let long = format!("{} = 1", "é".repeat(100_000));
    assert_eq!(mls_open_toml(put(long.as_bytes()), 0, 0), Code::Scenario as i32);
    assert!(error().len() <= 4096);
}

#[test]
fn deep_and_hostile_files_are_refused() {
    for text in ["a = ".to_owned() + &"[".repeat(200_000), "[a".to_owned() + &".a".repeat(200_000) + "]"] {
        assert_eq!(mls_open_toml(put(text.as_bytes()), 0, 0), Code::Scenario as i32);
    }
}

#[test]
fn numbers_outside_of_their_range_are_refused() {
    let handle = mls_open(0, 0);
    for refused in [
        mls_start(handle, 0x80, 1),
        mls_start(handle, u32::MAX, 0),
        mls_write_byte(handle, 256),
        mls_register(handle, 256),
        mls_spoil(handle, 0, 256),
        mls_advance(handle, 604_801 * SECOND),
        mls_advance(handle, u64::MAX),
        mls_digest(handle, u64::MAX),
    ] {
        assert_eq!(refused, Code::Range as i32);
    }
    assert_eq!(mls_now(handle), 0, "nothing was changed");
}

#[test]
fn the_buffer_grows_keeps_its_place_in_answers_and_ends_at_a_mebibyte() {
    let small = mls_buffer(0);
    assert!(!small.is_null());
    assert_eq!(mls_buffer(4096), small);
    let large = mls_buffer(1 << 20);
    assert!(!large.is_null());
    assert!(mls_buffer((1 << 20) + 1).is_null());
    assert!(error().contains("1048576"), "{}", error());
    assert_eq!(mls_buffer(1 << 20), large);
    assert!(mls_scenario_name(0) > 0 && mls_error() > 0 && mls_packet(mls_open(0, 0)) == 39);
    assert_eq!(mls_buffer(0), large, "no other call moves it");
}

#[test]
fn there_are_as_many_sensors_as_the_readme_says() {
    let opened: Vec<i32> = (0..300).map(|_| mls_open(0, 0)).take_while(|handle| *handle > 0).collect();
    assert_eq!(opened.len(), 256);
    assert_eq!(mls_open(0, 0), Code::TooMany as i32);
    assert_eq!(mls_close(opened[7]), 0);
    assert!(mls_open(0, 0) > *opened.last().unwrap());
}

#[test]
fn a_sensor_that_is_turned_sees_what_is_there() {
    let handle = mls_open(0, 0);
    assert_eq!(mls_add_person(handle, 2.0, 90.0, 0.0, 1.4, 0), 0);
    for (pan, sees) in [(0, 0), (70_000, 1), (-70_000, 0)] {
        assert_eq!(mls_point(handle, pan, 0), 0);
        // An empty room, too, shows a face now and then; so it is seen most of the time, or hardly ever.
        let seen = (0..20).filter(|_| {
            mls_advance(handle, 200_000_000);
            got(mls_packet(handle))[4] > 0
        });
        assert_eq!(seen.count() > 10, sees == 1, "{pan}");
    }
}

#[test]
fn every_shipped_scenario_has_its_name() {
    let names: Vec<String> = (0..)
        .map(|index| mls_scenario_name(index))
        .take_while(|length| *length >= 0)
        .map(|length| String::from_utf8(got(length)).unwrap())
        .collect();
    let shipped: Vec<&str> = mlsensor_sim::Scenario::SHIPPED.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, shipped);
}

#[test]
fn the_readme_lists_every_function_and_every_code() {
    let (readme, source) = (include_str!("../README.md"), include_str!("../src/abi.rs"));
    let functions: Vec<&str> =
        source.split("extern \"C\" fn ").skip(1).filter_map(|rest| rest.split('(').next()).collect();
    assert_eq!(functions.len(), 31);
    for function in functions {
        assert!(readme.contains(&format!("{function}(")), "{function}");
    }
    let codes = include_str!("../src/refusal.rs").matches(" = -").count();
    let rows = readme.lines().filter(|line| line.starts_with("| -")).count();
    assert_eq!((codes, rows), (10, 10));
    assert_eq!(mls_version(), 1);
}
