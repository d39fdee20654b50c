//! What is seen of another process.

use std::{
    collections::HashSet,
    fs::File,
    io,
    path::Path,
    time::{Duration, Instant},
};

use super::lock;
use crate::study::FitName;

pub(super) struct Other {
    pub(super) beats: i64,
    /// When the count was seen to move.
    pub(super) since: Instant,
    pub(super) lease: Duration,
    pub(super) fits: HashSet<FitName>,
}

/// Why a process does not keep its claims.
pub(super) enum End {
    Died {
        /// Not killed from outside.
        by_itself: bool,
    },
    Left,
    StandsStill,
}

impl Other {
    /// Whether the process whose file this is keeps its claims no more.
    pub(super) fn end(&self, lock: &Path) -> Option<End> {
        let file = match File::options().read(true).write(true).open(lock) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Some(End::Left),
            // It cannot be asked: the lease tells.
            Err(_) => return self.stands_still().then_some(End::StandsStill),
        };
        match file.try_lock() {
            Ok(()) => Some(End::Died { by_itself: lock::died_by_itself(&file) }),
            Err(_) => self.stands_still().then_some(End::StandsStill),
        }
    }

    fn stands_still(&self) -> bool {
        !self.fits.is_empty() && self.since.elapsed() >= self.lease
    }
}
