//! Words that come in while a program runs: a line each on standard input, or at times that the options give.

use std::collections::VecDeque;
use std::io::{self, BufRead as _};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use clap::Args;

use crate::program::Program;
use mlsensor_host::report::say;

/// How often standard input is looked at: sooner than anybody notices.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The options that give words.
#[derive(Debug, Args)]
pub struct WordArgs {
    /// Say a word at this time of a scenario, such as 6.5=on; may be given again. In real time words come from
    /// standard input
    #[arg(long, value_name = "SECONDS=WORD", value_parser = timed_word)]
    say: Vec<(Duration, String)>,
}

/// Words in the order in which they come.
#[derive(Debug)]
pub struct Words {
    scripted: VecDeque<(Duration, String)>,
    live: Option<Receiver<String>>,
}

impl Words {
    /// The words of the options; in a simulation in which nobody can type any, because time is virtual, those of `demo` if
    /// there are none.
    #[must_use]
    pub fn open(args: &WordArgs, program: &Program, demo: &[(u64, &str)]) -> Words {
        if !program.is_live() && args.say.is_empty() && has_words() {
            say("note: words of standard input are heard in real time alone: add --realtime");
        }
        Words::new(args, program.is_live(), if program.is_simulated() { demo } else { &[] })
    }

    fn new(args: &WordArgs, is_live: bool, demo: &[(u64, &str)]) -> Words {
        let mut scripted = args.say.clone();
        if scripted.is_empty() && !is_live {
            let timed = |&(seconds, word): &(u64, &str)| (Duration::from_secs(seconds), word.to_owned());
            scripted = demo.iter().map(timed).collect();
        }
        scripted.sort_by_key(|(at, _)| *at);
        Words { scripted: scripted.into(), live: is_live.then(read_lines) }
    }

    /// When to look for words next.
    #[must_use]
    pub fn next_at(&self, now: Duration) -> Option<Duration> {
        let scripted = self.scripted.front().map(|(at, _)| *at);
        let live = self.live.is_some().then(|| now + LOOK_EVERY);
        scripted.into_iter().chain(live).min()
    }

    /// The next word that has come by now, in small letters and without control characters; an empty line, which is the Enter key alone, is "enter".
    pub fn take(&mut self, now: Duration) -> Option<String> {
        let word = if self.scripted.front().is_some_and(|(at, _)| *at <= now) {
            self.scripted.pop_front()?.1
        } else {
            self.live.as_ref()?.try_recv().ok()?
        };
        let printable: String = word.trim().chars().filter(|sign| !sign.is_control()).collect();
        let word = printable.to_lowercase();
        Some(if word.is_empty() { "enter".to_owned() } else { word })
    }
}

/// Whether there is something to be read at standard input that nobody types.
#[cfg(unix)]
fn has_words() -> bool {
    use std::io::IsTerminal as _;

    let input = io::stdin();
    !input.is_terminal() && rustix::io::ioctl_fionread(&input).is_ok_and(|bytes| bytes > 0)
}

#[cfg(not(unix))]
fn has_words() -> bool {
    false
}

/// Lines of standard input, until it ends.
fn read_lines() -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    // Reading waits for whole lines, so it waits in a thread of its own; that ends with the process.
    thread::spawn(move || {
        // Not all recognisers write UTF-8, and a line that is none must not be the last.
        for line in io::stdin().lock().split(b'\n').map_while(Result::ok) {
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                break;
            }
        }
    });
    receiver
}

fn timed_word(text: &str) -> Result<(Duration, String), String> {
    let (seconds, word) = text.split_once('=').ok_or("there is no = between the seconds and the word")?;
    let seconds: f64 = seconds.parse().map_err(|_| format!("{seconds} is no number of seconds"))?;
    let at = Duration::try_from_secs_f64(seconds).map_err(|_| format!("{seconds} s is no time"))?;
    Ok((at, word.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_at_their_times_and_in_their_order() {
        let say = ["2=", "0.5= ON ", "0.5=a\u{1b}gain"].map(|text| timed_word(text).unwrap()).to_vec();
        let mut words = Words::new(&WordArgs { say }, false, &[(1, "demo")]);
        assert_eq!(words.next_at(Duration::ZERO), Some(Duration::from_millis(500)));
        assert_eq!(words.take(Duration::from_millis(499)), None);
        let now = Duration::from_millis(500);
        assert_eq!([words.take(now), words.take(now)].map(Option::unwrap), ["on", "again"]);
        assert_eq!((words.take(now), words.next_at(now)), (None, Some(Duration::from_secs(2))));
        assert_eq!(words.take(Duration::from_secs(3)).unwrap(), "enter");
    }

    #[test]
    fn a_demonstration_is_for_those_who_say_nothing_and_cannot() {
        let words = Words::new(&WordArgs { say: vec![] }, false, &[(1, "demo")]);
        assert_eq!(words.next_at(Duration::ZERO), Some(Duration::from_secs(1)));
    }

    #[test]
    fn what_is_no_timed_word_is_refused() {
        for text in ["on", "x=on", "-1=on", "NaN=on", "1e99=on", "=on"] {
            assert!(timed_word(text).is_err(), "{text}");
        }
        assert_eq!(timed_word("1.5=").unwrap(), (Duration::from_millis(1500), String::new()));
    }
}
