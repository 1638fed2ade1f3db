//! The options of a screen lock and of a display: when, and by which commands of the user's choice or of the system.

use std::time::Duration;

use clap::Args;
use mlsensor::behavior::Gate;

use crate::options::gate;
use crate::program::Setup;
use mlsensor_host::Report;
use mlsensor_host::command_line::seconds;

/// What locks the screen of the session that this runs in. The session has to be named where the program was not
/// started from it, as from a timer or over the network.
const LOCK: Option<&str> =
    if cfg!(target_os = "linux") { Some("loginctl lock-session $XDG_SESSION_ID") } else { None };

/// When a screen is locked, and how.
#[derive(Debug, Args)]
pub struct LockArgs {
    /// Lock when nobody was seen for so long
    #[arg(long, value_name = "SECONDS", default_value = "15", value_parser = seconds)]
    pub lock_after: Duration,
    /// Warn so long before that, but not sooner than halfway
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    warn_before: Duration,
    /// Only who is nearer than this is in front of the screen
    #[arg(long, value_name = "METRES", default_value = "1.5", value_parser = gate)]
    pub near: Gate,
    /// Say when a second person looks at the screen for a second
    #[arg(long)]
    pub shoulder: bool,
    /// Run the commands. Without this, it only says what it would run
    #[arg(long)]
    pub really: bool,
    #[arg(long, value_name = "COMMAND", help = lock_help(), value_parser = command)]
    command_lock: Option<String>,
    /// Warn by this shell command, such as: notify-send "The screen locks soon"
    #[arg(long, value_name = "COMMAND", value_parser = command)]
    command_warn: Option<String>,
    /// Run this shell command when a second person looks at the screen
    #[arg(long, value_name = "COMMAND", requires = "shoulder", value_parser = command)]
    command_shoulder: Option<String>,
}

impl LockArgs {
    /// What a program asks for that locks.
    ///
    /// # Errors
    /// A report in four parts, if it is really to lock and nothing is known that does.
    pub fn setup(&self) -> Result<Setup, Report> {
        if !self.really || self.command("lock").is_some() {
            return Ok(Setup { really: self.really, ..Setup::default() });
        }
        let likely = "this is not Linux, so the command has to be given";
        Err(nothing_to_run("there is no command that locks the screen", likely, "screen_lock", "lock"))
    }

    /// When to warn, once nobody is seen: not sooner than halfway, for who is there must not be told that nobody is seen.
    #[must_use]
    pub fn warn_after(&self) -> Duration {
        self.lock_after.saturating_sub(self.warn_before.min(self.lock_after / 2))
    }

    /// The command for an event, if there is one: lock, warn or shoulder.
    #[must_use]
    pub fn command(&self, event: &str) -> Option<&str> {
        match event {
            "lock" => self.command_lock.as_deref().or(LOCK),
            "warn" => self.command_warn.as_deref(),
            "shoulder" => self.command_shoulder.as_deref(),
            _ => None,
        }
    }
}

fn lock_help() -> String {
    let default = LOCK.map(|command| format!(" [default: {command}]")).unwrap_or_default();
    format!("Lock by this shell command{default}")
}

/// A shell command: an empty one, as of a variable that is not set, does nothing and fails at nothing.
fn command(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("it is empty".to_owned()) } else { Ok(text.to_owned()) }
}

fn nothing_to_run(what: &str, likely: &str, program: &str, event: &str) -> Report {
    Report {
        what: what.to_owned(),
        likely: likely.to_owned(),
        run: format!("{program} --help    (see --command-{event})"),
        code: "MLSENSOR-COMMAND".to_owned(),
    }
}

/// When a display wakes and sleeps, and how.
#[derive(Debug, Args)]
pub struct DisplayArgs {
    /// Sleep when nobody was seen for so long
    #[arg(long, value_name = "SECONDS", default_value = "20", value_parser = seconds)]
    pub sleep_after: Duration,
    /// Only who is nearer than this sits in front of the display
    #[arg(long, value_name = "METRES", default_value = "1.5", value_parser = gate)]
    pub near: Gate,
    /// Run the commands. Without this, it only says what it would run
    #[arg(long)]
    pub really: bool,
    /// Wake the display by this shell command, such as: xset dpms force on
    #[arg(long, value_name = "COMMAND", value_parser = command)]
    command_wake: Option<String>,
    /// Put the display to sleep by this shell command, such as: xset dpms force off
    #[arg(long, value_name = "COMMAND", value_parser = command)]
    command_sleep: Option<String>,
    /// Load somebody's settings by this shell command, which finds the id (0 to 7, or guest) in $MLSENSOR_ID
    #[arg(long, value_name = "COMMAND", value_parser = command)]
    command_person: Option<String>,
}

impl DisplayArgs {
    /// What a program asks for that knows who sits there.
    ///
    /// # Errors
    /// A report in four parts, if it is really to run commands and there is none.
    pub fn setup(&self) -> Result<Setup, Report> {
        if self.really && ["wake", "sleep", "person"].iter().all(|event| self.command(event).is_none()) {
            let likely = "--really is meant for commands, which depend on the display and have to be given";
            return Err(nothing_to_run("there is no command to run", likely, "kiosk", "wake"));
        }
        Ok(Setup { recognition: true, really: self.really, ..Setup::default() })
    }

    /// The command for an event, if there is one: wake, sleep or person.
    #[must_use]
    pub fn command(&self, event: &str) -> Option<&str> {
        match event {
            "wake" => self.command_wake.as_deref(),
            "sleep" => self.command_sleep.as_deref(),
            "person" => self.command_person.as_deref(),
            _ => None,
        }
    }
}
