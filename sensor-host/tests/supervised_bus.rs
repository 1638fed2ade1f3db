//! Does a supervised sensor on a bus of the kernel come back from each errno and each fault, by itself?
//!
//! The program is this one, started anew: a `Supervisor` on a `LinuxBus`, with the kernel stood in for by a library
//! (`fake_bus/fake_bus.c`). Time is virtual there, so nothing waits, and what is counted is polls.
#![cfg(all(target_os = "linux", target_env = "gnu"))]

mod fake_bus;

use std::cell::Cell;
use std::env;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use fake_bus::{FakeBus, ONE_FACE};
use mlsensor::Config;
use mlsensor_host::linux::LinuxBus;
use mlsensor_host::supervisor::{Cause, Clock, Counters, Settings, State, Supervisor, Update};
use serde_json::{Value, json};

const BUS: &str = "MLSENSOR_TEST_SUPERVISED";

/// A timer is never late: whoever waits until a time has that time at once.
struct Virtual(Cell<Duration>);

impl Clock for Virtual {
    fn now(&self) -> Duration {
        self.0.get()
    }
    fn wait_until(&self, at: Duration) {
        self.0.set(at.max(self.0.get()));
    }
}

/// Away from the defaults of the sensor in each value.
fn config() -> Config {
    Config::POWER_ON.with_id_enabled(true).with_persist_ids(false).with_led(false)
}

/// What these settings are on the wire, typed by hand: id model on, persistence and LED off, continuous last.
const WRITTEN: &str = "62 w 05 00\n62 w 07 00\n62 w 02 01\n62 w 01 01\n";

/// What the tests start: it supervises a sensor for 40 updates, and tells each.
#[test]
fn the_program_of_these_tests() {
    let Ok(path) = env::var(BUS) else { return };
    let opener = move || LinuxBus::open(&*path);
    let settings = Settings::default().with_config(config());
    let mut supervisor = Supervisor::with_clock(opener, settings, Virtual(Cell::new(Duration::ZERO)));
    for _ in 0..40 {
        let update = supervisor.next();
        println!("UPDATE {}", told(&update, supervisor.counters()));
    }
}

fn told(update: &Update, counters: &Counters) -> Value {
    let trouble = update.trouble();
    let retry = match trouble.map(|trouble| &trouble.cause) {
        Some(Cause::Bus { retry, .. }) => format!("{retry:?}"),
        Some(cause) => format!("{:?}", cause.retry()),
        None => String::new(),
    };
    json!({
        "faces": update.faces().map(|faces| faces.count()),
        "state": update.state(),
        "doing": trouble.map(|trouble| trouble.doing),
        "errno": trouble.and_then(|trouble| trouble.cause.errno()),
        "text": trouble.map(ToString::to_string),
        "retry": retry,
        "report": trouble.map(|trouble| trouble.cause.report().to_string()),
        "counters": counters,
    })
}

/// What a supervisor made of a bus.
struct Run {
    /// How many reads are good before the faults.
    good_before: u64,
    updates: Vec<(Value, Counters)>,
    log: String,
}

fn run(program: &mut Command, bus: &Path) -> Vec<(Value, Counters)> {
    program.args(["--exact", "the_program_of_these_tests", "--nocapture"]).env(BUS, bus);
    let output = program.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let lines = text.lines().filter_map(|line| line.split_once("UPDATE ").map(|(_, update)| update));
    let updates = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
    updates
        .map(|update| {
            let counters = serde_json::from_value(update["counters"].clone()).unwrap();
            (update, counters)
        })
        .collect()
}

/// A good start of four reads (the proof, and three readings), then what a script says, then a good bus for ever.
fn after_a_good_start(name: &str, script: &str) -> Run {
    let script = format!("open ok\n{}{script}{ONE_FACE}open ok\n", ONE_FACE.repeat(4));
    supervised(name, &script, 4)
}

fn supervised(name: &str, script: &str, good_before: u64) -> Run {
    let bus = FakeBus::new(Path::new(env!("CARGO_TARGET_TMPDIR")), &format!("supervised-{name}"), script);
    let mut program = Command::new(env::current_exe().unwrap());
    let updates = run(bus.give_to(&mut program), &bus.path());
    assert_eq!(updates.len(), 40);
    Run { good_before, updates, log: bus.log() }
}

impl Run {
    /// Everything that is no reading.
    fn outages(&self) -> Vec<&(Value, Counters)> {
        self.updates.iter().filter(|(update, _)| update["faces"].is_null()).collect()
    }

    fn end(&self) -> Counters {
        self.updates.last().unwrap().1
    }

    /// What holds of every run that ends well.
    fn assert_sound(&self, name: &str) {
        for (update, counters) in &self.updates {
            let is_reading = update["errno"].is_null() && update["text"].is_null();
            assert_eq!(update["faces"] == 1, is_reading, "{name}: {update}");
            let reads = counters.ok + counters.refused.total() + counters.bus_errors.total();
            assert_eq!(counters.reads + counters.not_configured, reads, "{name}: {update}");
        }
        // All reads after the faults are good. How many until it is live?
        let last = self.updates.iter().rposition(|(update, _)| update["faces"].is_null()).unwrap();
        let (update, counters) = &self.updates[last + 1];
        let polls = counters.ok - self.good_before;
        assert!((1..=2).contains(&polls), "{name}: {polls} polls until it is live again: {update}");
        assert_eq!(failed(counters), failed(&self.end()), "{name}");
        // Each opening and each restart that is feared brings all settings again, in their order.
        let written: String =
            self.log.lines().filter(|line| line.contains(" w ")).map(|line| format!("{line}\n")).collect();
        let end = self.end();
        if end.not_configured == 0 {
            assert_eq!(written, WRITTEN.repeat(end.configured as usize), "{name}");
        }
        // Every file that was opened has the time-out.
        assert_eq!(self.log.matches("timeout 5\n").count() as u64, end.opened, "{name}");
    }
}

/// How many reads failed.
fn failed(counters: &Counters) -> u64 {
    counters.reads - counters.ok
}

/// errno, retry hint, and the counter of embedded-hal's kinds.
type Row = (i32, &'static str, fn(&Counters) -> u64);

const OF_A_READ: [Row; 10] = [
    (121, "AfterMs(140)", |counters| counters.bus_errors.no_acknowledge),
    (6, "AfterMs(140)", |counters| counters.bus_errors.no_acknowledge),
    (5, "AfterMs(140)", |counters| counters.bus_errors.bus),
    (110, "AfterMs(140)", |counters| counters.bus_errors.other),
    (11, "Now", |counters| counters.bus_errors.arbitration_loss),
    (16, "AfterMs(20)", |counters| counters.bus_errors.bus),
    (108, "AfterMs(1000)", |counters| counters.bus_errors.other),
    (19, "Reopen", |counters| counters.bus_errors.other),
    (71, "Reopen", |counters| counters.bus_errors.other),
    (13, "Never", |counters| counters.bus_errors.other),
];

#[test]
fn after_each_errno_that_lasts_the_sensor_is_set_again_and_live_within_two_polls() {
    for (errno, retry, counter) in OF_A_READ {
        let name = format!("read-{errno}");
        let run = after_a_good_start(&name, &format!("read errno {errno}\n").repeat(20));
        run.assert_sound(&name);
        let outages = run.outages();
        assert!(outages.len() >= 10, "{name}: {}", outages.len());
        for (update, _) in &outages {
            assert_eq!((&update["errno"], &update["retry"]), (&errno.into(), &retry.into()), "{name}");
            assert!(update["text"].as_str().unwrap().contains(&format!("(os error {errno})")), "{update}");
            // The report is the bus's own.
            let report = update["report"].as_str().unwrap();
            assert!(report.starts_with("error: cannot read from "), "{name}: {report}");
            assert!(report.ends_with(&format!("\ncode: MLSENSOR-BUS-{errno}")), "{name}: {report}");
        }
        assert_eq!(outages.last().unwrap().0["state"], json!(State::Absent), "{name}");
        let end = run.end();
        assert_eq!((counter(&end), end.bus_errors.total()), (20, 20), "{name}: {end:?}");
        assert_eq!((end.configured, end.outages, end.recoveries), (2, 1, 1), "{name}: {end:?}");
        assert!(end.reopened() >= 1, "{name}: {end:?}");
    }
}

#[test]
fn a_single_error_costs_one_poll_at_most_and_no_settings_unless_the_bus_is_of_no_use() {
    for (errno, retry, _) in OF_A_READ {
        let name = format!("once-{errno}");
        let run = after_a_good_start(&name, &format!("read errno {errno}\n"));
        let end = run.end();
        // What may help at once is tried at once, and nobody notices.
        let is_tried_at_once = matches!(retry, "Now" | "AfterMs(20)");
        let is_of_no_use = matches!(retry, "Reopen" | "Never");
        assert_eq!(end.retries, u64::from(is_tried_at_once), "{name}: {end:?}");
        // One for the read, and one when the last reading is stale: the settings settle still.
        let outages = usize::from(!is_tried_at_once) + usize::from(is_of_no_use);
        assert_eq!(run.outages().len(), outages, "{name}: {end:?}");
        assert_eq!(end.reopened(), u64::from(is_of_no_use), "{name}: {end:?}");
        assert_eq!(end.reconfigured(), u64::from(is_of_no_use), "{name}: {end:?}");
        if !is_tried_at_once {
            run.assert_sound(&name);
        }
    }
}

#[test]
fn a_bus_that_cannot_be_opened_is_waited_for() {
    for (errno, call, failed) in
        [(2, "open", 5), (13, "open", 5), (19, "open", 5), (24, "open", 5), (16, "slave", 5)]
    {
        let name = format!("{call}-{errno}");
        let run = supervised(
            &name,
            &[&format!("{call} errno {errno}\n").repeat(failed), &*format!("{call} ok\n"), ONE_FACE].concat(),
            0,
        );
        run.assert_sound(&name);
        let outages = run.outages();
        assert_eq!(outages.len(), failed, "{name}");
        for (update, _) in &outages {
            let doing = if call == "open" { "opening" } else { "probing" };
            assert_eq!((&update["errno"], &update["doing"]), (&errno.into(), &doing.into()), "{name}");
            assert_eq!(update["state"], json!(State::Absent), "{name}: nothing has proved to be a sensor");
        }
        let end = run.end();
        assert_eq!(end.configured, 1, "{name}");
        if call == "open" {
            assert_eq!((end.not_opened, end.opened), (5, 1), "{name}");
        }
    }
}

#[test]
fn a_bus_that_is_pulled_out_is_opened_again_when_it_is_back_and_the_sensor_set() {
    let script = "read errno 19\nopen errno 2\nopen errno 2\nopen errno 13\n";
    let run = after_a_good_start("pulled", script);
    run.assert_sound("pulled");
    let errnos = run.outages().into_iter().map(|(update, _)| update["errno"].as_i64().unwrap());
    let mut errnos: Vec<_> = errnos.collect();
    // That the last reading is stale is told between two of them.
    errnos.dedup();
    assert_eq!(errnos, [19, 2, 13]);
    let end = run.end();
    assert_eq!((end.opened, end.not_opened, end.configured), (2, 3, 2), "{end:?}");
}

#[test]
fn short_reads_and_packets_that_are_none_are_outages_and_never_nobody() {
    for (name, line, count) in [
        ("short-0", "read short 0\n", (|counters| counters.bus_errors.other) as fn(&Counters) -> u64),
        ("short-38", "read short 38 00 00 21 00 01\n", |counters| counters.bus_errors.other),
        ("zeros", "read 00\n", |counters| counters.refused.all_zero),
        ("undriven", &["read", &" ff".repeat(39), "\n"].concat(), |counters| counters.refused.undriven_bus),
    ] {
        let run = after_a_good_start(name, &line.repeat(20));
        run.assert_sound(name);
        let end = run.end();
        assert_eq!(count(&end), 20, "{name}: {end:?}");
        assert_eq!((end.configured, end.outages, end.recoveries), (2, 1, 1), "{name}: {end:?}");
    }
}

/// Silent while it starts, then zeros until its first inference.
#[test]
fn a_slow_start_is_waited_for_and_nothing_is_written_before_the_first_packet() {
    let script = ["read errno 121\n".repeat(6), "read 00\n".repeat(3), ONE_FACE.to_owned()].concat();
    let run = supervised("slow", &script, 0);
    run.assert_sound("slow");
    let end = run.end();
    assert_eq!((end.bus_errors.no_acknowledge, end.refused.all_zero, end.configured), (6, 3, 1), "{end:?}");
}

#[test]
fn a_lookalike_is_never_written_to_however_long_it_answers() {
    let run = supervised("lookalike", "read be ef 92\n", 0);
    assert!(!run.log.contains(" w "), "{}", run.log);
    assert!(
        run.updates.iter().all(|(update, _)| update["state"] == json!(State::Absent)),
        "{:?}",
        run.updates
    );
    assert!(run.end().reads >= 40 && run.end().configured == 0);
}

#[test]
fn settings_that_do_not_arrive_are_written_again_from_the_first() {
    let script = ["write ok\nwrite ok\nwrite errno 121\nwrite ok\n", ONE_FACE].concat();
    let run = supervised("settings", &script, 1);
    run.assert_sound("settings");
    let written: Vec<_> = run.log.lines().filter(|line| line.contains(" w ")).collect();
    let expected: Vec<_> = WRITTEN.lines().take(2).chain(WRITTEN.lines()).collect();
    assert_eq!(written, expected);
    let end = run.end();
    assert_eq!((end.not_configured, end.configured), (1, 1), "{end:?}");
    assert_eq!(run.outages()[0].0["doing"], "configuring");
}
