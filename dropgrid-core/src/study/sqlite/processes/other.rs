//! Another process, as this one sees it.

use std::{
    collections::HashSet,
    fs::File,
    io,
    path::Path,
    time::{Duration, Instant},
};

use super::lock;
use crate::study::FitName;

/// Another process, as its row tells.
pub(super) struct OtherProcess {
    /// The count of its heartbeats.
    pub(super) heartbeats: i64,
    /// The time at which this process first saw that count.
    pub(super) since: Instant,
    pub(super) lease: Duration,
    pub(super) fits: HashSet<FitName>,
}

/// The reason why a process does not keep its claims.
pub(super) enum ProcessEnd {
    /// It has ended without removing its file.
    Died {
        /// True where it was not killed from outside.
        crashed: bool,
    },
    /// It has removed its file.
    Left,
    /// Its heartbeats have not grown for its lease.
    StandsStill,
}

impl OtherProcess {
    /// The reason why the process whose file this is does not keep its claims; `None` where it does.
    pub(super) fn end(&self, lock: &Path) -> Option<ProcessEnd> {
        let file = match File::options().read(true).write(true).open(lock) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Some(ProcessEnd::Left),
            // A file that cannot be opened tells nothing, but the lease does.
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
