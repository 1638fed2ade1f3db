//! The source that was named, or the only bus that has a sensor.

use std::time::{Duration, Instant};

use crate::Report;
use crate::command_line::Failure;
use crate::source::SourceName;

use crate::command::events::Remark;
use crate::command::output::Output;
use crate::command::probe;
use crate::command::source_options::TimeArgs;

/// How often the buses are looked at while a sensor is waited for.
const EVERY: Duration = Duration::from_secs(1);

/// The source of this name, or the only bus that has a sensor.
pub(crate) fn source(named: Option<&SourceName>, program: &str) -> Result<SourceName, Failure> {
    named.map_or_else(|| probe::only_sensor(program), |name| Ok(name.clone()))
}

/// The same. Without a name, a bus and its sensor are waited for until the time is over, of which the rest is left; and that is said,
/// if there is an output for it.
pub(crate) fn source_or_wait(
    named: Option<&SourceName>,
    program: &str,
    time: &mut TimeArgs,
    output: Option<Output>,
) -> Result<SourceName, Failure> {
    let (begin, mut said) = (Instant::now(), String::new());
    loop {
        let report = match source(named, program) {
            Err(Failure::Report(report)) if may_come(&report) => report,
            found => return found,
        };
        if time.duration.is_some_and(|left| left == Duration::ZERO) {
            return Err(Failure::Report(report));
        }
        if let Some(output) = output.filter(|_| said != report.what) {
            output.event(&Remark { text: &format!("{}: it is waited for", report.what) })?;
        }
        said = report.what;
        let before = begin.elapsed();
        std::thread::sleep(time.duration.map_or(EVERY, |left| left.min(EVERY)));
        let passed = begin.elapsed().saturating_sub(before);
        time.duration = time.duration.map(|left| left.saturating_sub(passed));
    }
}

/// Whether there may be a bus with a sensor later.
fn may_come(report: &Report) -> bool {
    cfg!(target_os = "linux") && matches!(&*report.code, "MLSENSOR-NO-BUS" | "MLSENSOR-NO-SENSOR")
}
