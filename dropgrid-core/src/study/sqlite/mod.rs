//! A study in one SQLite file.

mod format;
mod readonly;
mod rows;

pub(super) use readonly::Reader;

use std::{
    fmt,
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{Checkpoint, Identity, Kept, Legend, Store};
use crate::error::{Error, Result};

/// A study in one SQLite file, in write-ahead mode: others may read it while it grows, as an
/// [`Archive`](super::Archive).
///
/// One process writes at a time; a lock beside the file, which ends with its process, holds that.
pub struct Sqlite {
    path: PathBuf,
    connection: Connection,
    /// Held as long as the store is.
    _lock: File,
}

impl Sqlite {
    /// Opens a study to write, and makes it where there is none. A file of an older format becomes one of the newest.
    ///
    /// # Errors
    /// [`Error::StudyInUse`], [`Error::StudyForeign`], [`Error::StudyFormat`], [`Error::StudyDamaged`],
    /// [`Error::StudyStore`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_owned();
        let lock = lock(&path)?;
        let connection = Connection::open(&path).map_err(|error| format::explain(&path, "open", &error))?;
        let mut store = Self { path, connection, _lock: lock };
        store.doing("open", |connection| connection.busy_timeout(Duration::from_secs(10)))?;
        if store.doing("read", |connection| format::is_new(connection))? {
            store.doing("make", |connection| {
                connection.pragma_update(None, "journal_mode", "WAL")?;
                format::make(connection)
            })?;
        }
        let found = format::of(&store.path, &store.connection)?;
        format::is_whole(&store.path, &store.connection)?;
        // A fit counts as finished when it would outlast a power cut, so each group is synced.
        store.doing("open", |connection| {
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "synchronous", "FULL")
        })?;
        if format::is_older(found) {
            store.doing("write", format::make)?;
        }
        Ok(store)
    }

    /// Runs something on the connection; errors say what was being done.
    fn doing<R>(
        &mut self,
        doing: &'static str,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<R>,
    ) -> Result<R> {
        work(&mut self.connection).map_err(|error| format::explain(&self.path, doing, &error))
    }

    /// Writes something, all or nothing of it.
    fn write(&mut self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>) -> Result<()> {
        self.doing("write", |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            work(&transaction)?;
            transaction.commit()
        })
    }
}

impl Store for Sqlite {
    fn identity(&mut self) -> Result<Option<Identity>> {
        let parts = self.doing("read", |connection| rows::texts(connection, "part"))?;
        Ok((!parts.is_empty()).then_some(Identity { parts }))
    }

    fn identify(&mut self, identity: &Identity) -> Result<()> {
        self.write(|transaction| rows::replace_texts(transaction, "part", identity.parts()))
    }

    fn legend(&mut self) -> Result<Option<Legend>> {
        let texts = self.doing("read", |connection| rows::texts(connection, "legend"))?;
        Ok(Legend::from_rows(&texts))
    }

    fn explain(&mut self, legend: &Legend) -> Result<()> {
        let rows = legend.to_rows();
        let texts = rows.iter().map(|(name, text)| (*name, text.as_str()));
        self.write(|transaction| rows::replace_texts(transaction, "legend", texts))
    }

    fn kept(&mut self) -> Result<Vec<Kept>> {
        let rows = self.doing("read", |connection| {
            rows::read(connection, format::FORMAT)?.into_iter().collect::<Result<Vec<_>, _>>()
        })?;
        rows.into_iter()
            .map(|row| {
                let message = format!("the record of {} on fold {} cannot be read", row.params, row.fold);
                row.kept().ok_or_else(|| format::damaged(&self.path, message))
            })
            .collect()
    }

    fn keep(&mut self, fits: &[Kept]) -> Result<()> {
        self.write(|transaction| rows::write(transaction, fits))
    }

    fn checkpoint(&mut self, params: &str, fold: u32) -> Result<Option<Checkpoint>> {
        self.doing("read", |connection| rows::checkpoint(connection, params, fold))
    }

    fn save(&mut self, checkpoint: &Checkpoint) -> Result<()> {
        self.write(|transaction| rows::save(transaction, checkpoint))
    }

    fn forget(&mut self, params: &str, fold: u32) -> Result<()> {
        self.write(|transaction| rows::forget(transaction, params, fold))
    }
}

/// Locks the file beside the study for this process, until the lock is dropped or the process ends, however it ends.
fn lock(path: &Path) -> Result<File> {
    let beside = beside(path, "-lock");
    let store = |error: std::io::Error| Error::StudyStore {
        path: path.to_owned(),
        doing: "open",
        message: format!("{}: {error}", beside.display()),
    };
    let file = File::options().create(true).append(true).open(&beside).map_err(store)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::StudyInUse { path: path.to_owned() }),
        Err(TryLockError::Error(error)) => Err(store(error)),
    }
}

/// The file beside a study whose name ends with `suffix` more.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqlite").field("path", &self.path).finish_non_exhaustive()
    }
}
