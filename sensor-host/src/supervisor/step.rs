//! What can be done next, and how soon after a failure.

use std::time::Duration;

use mlsensor::Config;

#[cfg(doc)]
use super::Core;
use super::Retry;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Open the bus, after what was open was dropped; then call [`Core::opened`].
    Open,
    /// Read once, 39 bytes, and check them; then call [`Core::read_done`].
    Read,
    /// Write these settings; then call [`Core::configured`].
    Configure(Config),
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// This, now.
    Do(Action),
    /// Nothing until this time.
    Wait(Duration),
}

/// The least time between the end of a failed read and its retry.
const LEAST_GAP: Duration = Duration::from_millis(5);

/// The longest, and the least time to the next poll: what needs longer is left to that.
pub(super) const LONGEST_GAP: Duration = Duration::from_millis(50);

/// How long to wait before a retry of the same poll, if that may help.
pub(super) fn gap(retry: Retry) -> Option<Duration> {
    match retry {
        Retry::Now => Some(LEAST_GAP),
        Retry::AfterMs(ms) => {
            Some(Duration::from_millis(ms.into()).max(LEAST_GAP)).filter(|gap| *gap <= LONGEST_GAP)
        }
        Retry::Reopen | Retry::Never => None,
    }
}
