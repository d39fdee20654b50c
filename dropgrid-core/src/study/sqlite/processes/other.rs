//! Another process that works on the study, as seen by this one.

use std::{
    collections::HashSet,
    fs::File,
    io,
    path::Path,
    time::{Duration, Instant},
};

use super::lock;
use crate::study::FitName;

/// Another process that works on the study, as described by its row.
pub(super) struct OtherProcess {
    /// Its counter of heartbeats.
    pub(super) heartbeats: i64,
    /// The time at which this process first saw that value of the counter.
    pub(super) since: Instant,
    pub(super) lease: Duration,
    pub(super) fits: HashSet<FitName>,
}

/// The reason why a process loses its claims.
pub(super) enum ProcessEnd {
    /// The process has ended without removing its file.
    Died {
        /// True if the process was not killed from outside.
        crashed: bool,
    },
    /// The process has removed its file.
    Left,
    /// The counter of heartbeats has not grown for the lease of the process.
    StandsStill,
}

impl OtherProcess {
    /// Returns the reason why the process with this lock file loses its claims; `None` if it keeps them.
    pub(super) fn end(&self, lock: &Path) -> Option<ProcessEnd> {
        let file = match File::options().read(true).write(true).open(lock) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Some(ProcessEnd::Left),
            // If the file cannot be opened, the lease decides.
            Err(_) => return self.stands_still().then_some(ProcessEnd::StandsStill),
        };
        match file.try_lock() {
            Ok(()) => Some(ProcessEnd::Died { crashed: lock::crashed(&file) }),
            Err(_) => self.stands_still().then_some(ProcessEnd::StandsStill),
        }
    }

    fn stands_still(&self) -> bool {
        !self.fits.is_empty() && self.since.elapsed() >= self.lease
    }
}
