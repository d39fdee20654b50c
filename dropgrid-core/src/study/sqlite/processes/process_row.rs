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
use crate::study::{FitName, Running};

/// This process.
pub(super) struct Me {
    pub(super) id: i64,
    /// Locked as long as this lasts.
    pub(super) lock: Lock,
    /// The fits claimed and not kept.
    pub(super) fits: HashSet<FitName>,
    /// Those of them that a process has alone.
    pub(super) suspects: HashSet<FitName>,
}

impl Me {
    /// Has a fit no more.
    pub(super) fn drop_claim(&mut self, fit: &FitName) {
        self.fits.remove(fit);
        self.suspects.remove(fit);
    }
}

/// What living processes have, for somebody who only reads: a lock that can be shared is nobody's.
pub(in crate::study::sqlite) fn running(connection: &Connection, study: &Path) -> rusqlite::Result<Running> {
    let mut statement = connection.prepare("SELECT id, fits FROM process")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut running = Running::default();
    for row in rows {
        let (id, fits): (i64, String) = row?;
        let lock = File::open(lock_of(study, id)).map(|file| file.try_lock_shared());
        if let Ok(Err(TryLockError::WouldBlock)) = lock {
            running.processes += 1;
            running.fits += from_text(&fits).len();
        }
    }
    Ok(running)
}

/// Makes this process one of those that work on the study.
pub(super) fn register(transaction: &Transaction<'_>, study: &Path, lease: Duration) -> rusqlite::Result<Me> {
    let lease = i64::try_from(lease.as_millis()).unwrap_or(i64::MAX);
    loop {
        let insert = "INSERT INTO process (beats, lease_milliseconds, leaving, fits) VALUES (0, ?1, 0, '[]')";
        transaction.execute(insert, [lease])?;
        let id = transaction.last_insert_rowid();
        let path = lock_of(study, id);
        let cannot = |error: io::Error| {
            let message = Some(format!("{}: {error}", path.display()));
            rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN), message)
        };
        // Locked before anyone can see the row.
        if let Some(lock) = Lock::new(&path).map_err(cannot)? {
            return Ok(Me { id, lock, fits: HashSet::new(), suspects: HashSet::new() });
        }
        // Of a process that still works on a file that was here before.
        transaction.execute("DELETE FROM process WHERE id = ?1", [id])?;
    }
}

/// The file that a process locks as long as it lives.
pub(super) fn lock_of(study: &Path, id: i64) -> PathBuf {
    beside(study, &format!("-lock-{id}"))
}

pub(super) fn to_text<'a>(fits: impl Iterator<Item = &'a FitName>) -> String {
    let pairs: Vec<(&str, u32)> = fits.map(|fit| (fit.params.as_str(), fit.fold)).collect();
    serde_json::to_string(&pairs).unwrap_or_default()
}

/// The fits of a row. One that cannot be read claims nothing.
pub(super) fn from_text(text: &str) -> HashSet<FitName> {
    let pairs: Vec<(String, u32)> = serde_json::from_str(text).unwrap_or_default();
    pairs.into_iter().map(|(params, fold)| FitName { params, fold }).collect()
}
