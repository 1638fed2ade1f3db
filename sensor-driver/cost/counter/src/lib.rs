//! A plugin of QEMU that counts the instructions of each call of one routine, and of what that calls.
//!
//!     -plugin file=libmlsensor_cost_counter.so,enter=ADDRESS,from=ADDRESS,to=ADDRESS,out=FILE
//!
//! A call begins with the instruction at `enter`, and is over with the next one that lies in `from..to`, which is not
//! counted: that is its only caller. FILE gets a line a call when QEMU ends. (Addresses in hexadecimal.)
//! No clock is involved, so the counts are exact, whatever the machine that QEMU runs on is doing.

#![cfg_attr(test, allow(dead_code, reason = "tests have no QEMU to link with, so nothing calls it"))]

#[cfg(not(test))]
mod qemu;

use std::{fs, sync::Mutex};

/// What is being counted, and what was.
struct Counter {
    enter: u64,
    caller: std::ops::Range<u64>,
    out: String,
    /// Instructions of the call that goes on.
    now: Option<u64>,
    calls: Vec<u64>,
}

static COUNTER: Mutex<Option<Counter>> = Mutex::new(None);

impl Counter {
    fn from_arguments(arguments: &[String]) -> Option<Self> {
        let text =
            |name: &str| arguments.iter().find_map(|argument| argument.strip_prefix(name)?.strip_prefix('='));
        let address = |name| u64::from_str_radix(text(name)?, 16).ok();
        Some(Counter {
            enter: address("enter")?,
            caller: address("from")?..address("to")?,
            out: text("out")?.to_owned(),
            now: None,
            calls: Vec::new(),
        })
    }

    fn step(&mut self, address: u64) {
        if address == self.enter {
            self.now.get_or_insert(0);
        } else if self.caller.contains(&address) {
            self.calls.extend(self.now.take());
        }
        if let Some(now) = &mut self.now {
            *now += 1;
        }
    }

    /// Whether the call that goes on will never return: after a panic, a program turns in a circle.
    fn is_stuck(&self) -> bool {
        self.now.is_some_and(|now| now > 1_000_000)
    }
}

/// Whether QEMU may go on with these arguments.
fn begin(arguments: &[String]) -> bool {
    let counter = Counter::from_arguments(arguments);
    let understood = counter.is_some();
    if let Ok(mut place) = COUNTER.lock() {
        *place = counter;
    }
    understood
}

/// QEMU is about to execute the instruction at this address.
fn executes(address: u64) {
    let stuck = COUNTER.lock().ok().and_then(|mut counter| {
        let counter = counter.as_mut()?;
        counter.step(address);
        counter.is_stuck().then_some(())
    });
    if stuck.is_some() {
        eprintln!("a call does not return; it is at {address:#x}");
        std::process::exit(4);
    }
}

/// QEMU ends. Without the file, whoever waits for it knows that something went wrong.
fn end() {
    if let Ok(counter) = COUNTER.lock()
        && let Some(counter) = counter.as_ref()
    {
        let lines: String = counter.calls.iter().map(|count| format!("{count}\n")).collect();
        if let Err(error) = fs::write(&counter.out, lines) {
            eprintln!("{}: {error}", counter.out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counter() -> Counter {
        let arguments = ["enter=100", "from=20", "to=30", "out=x"].map(String::from);
        Counter::from_arguments(&arguments).unwrap()
    }

    #[test]
    fn a_call_is_what_is_executed_from_its_first_instruction_to_its_return() {
        let mut counter = counter();
        for address in [0x1c, 0x28, 0x100, 0x102, 0x400, 0x104, 0x2a, 0x2c, 0x100, 0x2e, 0x1e] {
            counter.step(address);
        }
        assert_eq!(counter.calls, [4, 1]);
    }

    #[test]
    fn a_loop_to_its_first_instruction_is_no_other_call() {
        let mut counter = counter();
        for address in [0x100, 0x100, 0x102, 0x20] {
            counter.step(address);
        }
        assert_eq!(counter.calls, [3]);
    }

    #[test]
    fn a_call_that_does_not_return_is_noticed() {
        let mut counter = counter();
        counter.step(0x100);
        for _ in 0..1_000_000 {
            assert!(!counter.is_stuck());
            counter.step(0x104);
        }
        assert!(counter.is_stuck());
        counter.step(0x20);
        assert!(!counter.is_stuck());
    }

    #[test]
    fn arguments_that_say_less_are_refused() {
        assert!(Counter::from_arguments(&["enter=100", "from=20", "to=30"].map(String::from)).is_none());
        assert!(
            Counter::from_arguments(&["enter=xyz", "from=20", "to=30", "out=x"].map(String::from)).is_none()
        );
    }
}
