//! The row and the locked file of one process.

use std::{
    collections::HashSet,
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, Transaction};

use super::{super::place::beside, lock::Lock};
use crate::study::{FitName, RunningFits, codec::name_from};

/// This process.
pub(super) struct OwnProcess {
    pub(super) id: i64,
    /// Locked while this value exists.
    pub(super) lock: Lock,
    /// The fits that it has claimed and that are not finished.
    pub(super) fits: HashSet<FitName>,
    /// The claimed fits that must run alone, since earlier processes crashed in them.
    pub(super) suspects: HashSet<FitName>,
}

impl OwnProcess {
    /// Ends the claim of a fit.
    pub(super) fn drop_claim(&mut self, fit: &FitName) {
        self.fits.remove(fit);
        self.suspects.remove(fit);
    }
}

/// Returns the running processes and their fits, for a caller that only reads. A process whose lock can be shared is
/// not running.
pub(in crate::study::sqlite) fn running(connection: &Connection, study: &Path) -> rusqlite::Result<RunningFits> {
    let mut statement = connection.prepare("SELECT id, fits, workers FROM process")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let mut running = RunningFits::default();
    for row in rows {
        let (id, fits, workers): (i64, String, i64) = row?;
        let lock = File::open(lock_of(study, id)).map(|file| file.try_lock_shared());
        if let Ok(Err(TryLockError::WouldBlock)) = lock {
            running.processes += 1;
            running.fits += from_text(&fits).len();
            running.workers = running.workers.saturating_add(usize::try_from(workers).unwrap_or(0));
        }
    }
    Ok(running)
}

/// Adds the row of this process.
pub(super) fn register(
    transaction: &Transaction<'_>,
    study: &Path,
    (lease, workers): (Duration, usize),
) -> rusqlite::Result<OwnProcess> {
    let lease = i64::try_from(lease.as_millis()).unwrap_or(i64::MAX);
    let workers = i64::try_from(workers).unwrap_or(i64::MAX);
    loop {
        let insert =
            "INSERT INTO process (heartbeats, lease_milliseconds, leaving, workers, fits) VALUES (0, ?1, 0, ?2, '[]')";
        transaction.execute(insert, [lease, workers])?;
        let id = transaction.last_insert_rowid();
        let path = lock_of(study, id);
        let cannot = |error: io::Error| {
            let message = Some(format!("{}: {error}", path.display()));
            rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN), message)
        };
        // The file is locked before other processes can see the row.
        if let Some(lock) = Lock::new(&path).map_err(cannot)? {
            return Ok(OwnProcess { id, lock, fits: HashSet::new(), suspects: HashSet::new() });
        }
        // The lock belongs to a process that works on an earlier file of this name.
        transaction.execute("DELETE FROM process WHERE id = ?1", [id])?;
    }
}

/// Returns the path of the file that a process locks while it is alive.
pub(super) fn lock_of(study: &Path, id: i64) -> PathBuf {
    beside(study, &format!("-lock-{id}"))
}

pub(super) fn to_text<'a>(fits: impl Iterator<Item = &'a FitName>) -> String {
    let names: Vec<_> = fits.map(|fit| (fit.params.as_str(), fit.fold, fit.resource.to_string())).collect();
    serde_json::to_string(&names).unwrap_or_default()
}

/// Parses the fits of a row. A row that cannot be parsed claims nothing.
pub(super) fn from_text(text: &str) -> HashSet<FitName> {
    let names: Vec<(String, u32, String)> = serde_json::from_str(text).unwrap_or_default();
    names.into_iter().filter_map(|(params, fold, resource)| name_from(params, fold, &resource)).collect()
}
