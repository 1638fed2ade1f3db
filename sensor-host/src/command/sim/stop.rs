//! Ctrl-C and its kin, and the line that says that all is ready.

use std::io::Write as _;

use crate::Report;
use crate::virtual_bus::usb::Stop;

/// What is waited for until Ctrl-C, SIGTERM or SIGHUP.
pub(crate) fn on_signal() -> Result<Stop, Report> {
    let failed = |error: String| Report {
        what: format!("Ctrl-C cannot be caught: {error}"),
        likely: "the system is out of something".to_owned(),
        run: "ulimit -a".to_owned(),
        code: "MLSENSOR-SIGNAL".to_owned(),
    };
    let (stop, wanted) = Stop::new().map_err(|error| failed(error.to_string()))?;
    let mut wanted = Some(wanted);
    ctrlc::set_handler(move || drop(wanted.take())).map_err(|error| failed(error.to_string()))?;
    Ok(stop)
}

/// Says a line to whoever started this, at once.
pub(crate) fn say(line: &str) -> Result<(), Report> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}").and_then(|()| stdout.flush()).map_err(|error| Report {
        what: format!("cannot write what is to be said: {error}"),
        likely: "the disk is full, or the reader is gone".to_owned(),
        run: "df -h".to_owned(),
        code: "MLSENSOR-OUTPUT".to_owned(),
    })
}
