//! Recordings: the traffic of a bus, line by line as it happens, and traces of logic analysers in the same form.
//!
//! The form is the plain text of [`mlsensor_sim::Recording`], described in docs/recordings.md. What is recorded replays
//! as a device: [`mlsensor_sim::Recording::replay`].
//!
//! # Guarantees
//! * [`Recorder`] changes nothing of what goes over the bus, and its trouble with the file is not the bus's.
//! * A program that is killed loses at most the transaction that was under way. A disk that becomes full cuts one line at most, and
//!   nothing comes behind it; a [`LineFile`] has whole lines alone.
//! * [`import`] is total: any text gives a recording, or an error that names the line.

mod import;
mod line_file;
mod recorder;

pub use import::{Format, ImportError, ImportOptions, Imported, import};
pub use line_file::LineFile;
pub use recorder::{Header, Recorder};
