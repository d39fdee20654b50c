//! A study in one SQLite file.

use std::{
    fmt,
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior, params};

use super::{
    Identity, Kept, Store,
    encode::{failure_from_text, failure_to_text, from_bytes, to_bytes, warnings_from_text, warnings_to_text},
};
use crate::{
    error::{Error, Result},
    record::Record,
};

/// `drop` in ASCII, at offset 68 of the file: `file` and SQLite's own tools show it.
const APPLICATION_ID: i32 = 0x6472_6f70;
/// The format that this release writes.
const FORMAT: i32 = 1;

/// Scores are little-endian bits, so that NaN survives; failures and warnings are JSON.
const SCHEMA: &str = "
    CREATE TABLE part (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE record (
        params TEXT NOT NULL,
        fold INTEGER NOT NULL,
        scores BLOB,
        train_scores BLOB,
        failure TEXT,
        warnings TEXT NOT NULL,
        fit_nanoseconds INTEGER NOT NULL,
        score_nanoseconds INTEGER NOT NULL,
        PRIMARY KEY (params, fold),
        CHECK ((scores IS NULL) <> (failure IS NULL))
    ) STRICT, WITHOUT ROWID;
";

/// A study in one SQLite file, in write-ahead mode: others may read it while it grows.
///
/// One process writes at a time; a lock beside the file, which ends with its process, holds that.
pub struct Sqlite {
    path: PathBuf,
    connection: Connection,
    /// Held as long as the store is.
    _lock: Option<File>,
}

impl Sqlite {
    /// Opens a study to write, and makes it where there is none.
    ///
    /// # Errors
    /// [`Error::StudyInUse`], [`Error::StudyForeign`], [`Error::StudyFormat`], [`Error::StudyDamaged`],
    /// [`Error::StudyStore`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_owned();
        let lock = lock(&path)?;
        let connection = Connection::open(&path).map_err(|error| explain(&path, "open", &error))?;
        let mut store = Self { path, connection, _lock: Some(lock) };
        store.doing("open", |connection| {
            connection.busy_timeout(Duration::from_secs(10))?;
            Ok(())
        })?;
        if store.is_new()? {
            store.doing("make", |connection| {
                connection.pragma_update(None, "journal_mode", "WAL")?;
                let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
                transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
                transaction.pragma_update(None, "user_version", FORMAT)?;
                transaction.execute_batch(SCHEMA)?;
                transaction.commit()
            })?;
        }
        store.check()?;
        // A fit counts as finished when it would outlast a power cut, so each group is synced.
        store.doing("open", |connection| {
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "synchronous", "FULL")
        })?;
        Ok(store)
    }

    /// Opens a study to read, also while a search writes it.
    ///
    /// # Errors
    /// As [`open`](Self::open), but for a study in use; [`Error::StudyStore`] where there is no file.
    pub fn read(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_owned();
        let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .map_err(|error| explain(&path, "open", &error))?;
        let mut store = Self { path, connection, _lock: None };
        store.doing("open", |connection| connection.busy_timeout(Duration::from_secs(10)))?;
        store.check()?;
        Ok(store)
    }

    /// Runs something on the connection; errors say what was being done.
    fn doing<R>(
        &mut self,
        doing: &'static str,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<R>,
    ) -> Result<R> {
        work(&mut self.connection).map_err(|error| explain(&self.path, doing, &error))
    }

    /// Whether nothing has been written yet.
    fn is_new(&mut self) -> Result<bool> {
        self.doing("read", |connection| {
            let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
            let id: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
            Ok(tables == 0 && id == 0)
        })
    }

    /// Whether the file is a study of a format that is known, and whole.
    fn check(&mut self) -> Result<()> {
        let (id, format): (i32, i32) = self.doing("read", |connection| {
            let id = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
            Ok((id, connection.pragma_query_value(None, "user_version", |row| row.get(0))?))
        })?;
        if id != APPLICATION_ID {
            return Err(Error::StudyForeign { path: self.path.clone() });
        }
        if format > FORMAT || format < 1 {
            return Err(Error::StudyFormat { path: self.path.clone(), found: format, known: FORMAT });
        }
        let verdict: String =
            self.doing("check", |connection| connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)))?;
        if verdict == "ok" { Ok(()) } else { Err(self.damaged(verdict)) }
    }

    fn damaged(&self, message: impl Into<String>) -> Error {
        Error::StudyDamaged { path: self.path.clone(), message: message.into() }
    }
}

impl Store for Sqlite {
    fn identity(&mut self) -> Result<Option<Identity>> {
        let parts = self.doing("read", |connection| {
            let mut statement = connection.prepare("SELECT name, value FROM part")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<rusqlite::Result<std::collections::BTreeMap<String, String>>>()
        })?;
        Ok((!parts.is_empty()).then_some(Identity { parts }))
    }

    fn identify(&mut self, identity: &Identity) -> Result<()> {
        self.doing("write", |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction.execute("DELETE FROM part", [])?;
            {
                let mut statement = transaction.prepare_cached("INSERT INTO part (name, value) VALUES (?1, ?2)")?;
                for (part, value) in identity.parts() {
                    statement.execute([part, value])?;
                }
            }
            transaction.commit()
        })
    }

    fn kept(&mut self) -> Result<Vec<Kept>> {
        let rows = self.doing("read", |connection| {
            let mut statement = connection.prepare(
                "SELECT params, fold, scores, train_scores, failure, warnings, fit_nanoseconds, score_nanoseconds
                 FROM record",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(Row {
                    params: row.get(0)?,
                    fold: row.get(1)?,
                    scores: row.get(2)?,
                    train_scores: row.get(3)?,
                    failure: row.get(4)?,
                    warnings: row.get(5)?,
                    times: [row.get(6)?, row.get(7)?],
                })
            })?;
            rows.collect::<rusqlite::Result<Vec<Row>>>()
        })?;
        let unreadable = |row: &Row| format!("the record of {} on fold {} cannot be read", row.params, row.fold);
        rows.into_iter()
            .map(|row| {
                let message = unreadable(&row);
                row.kept().ok_or_else(|| self.damaged(message))
            })
            .collect()
    }

    fn keep(&mut self, fits: &[Kept]) -> Result<()> {
        self.doing("write", |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            {
                let mut statement = transaction.prepare_cached(
                    "INSERT INTO record
                     (params, fold, scores, train_scores, failure, warnings, fit_nanoseconds, score_nanoseconds)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
                )?;
                for Kept { params, record } in fits {
                    let [fit, score] = [record.fit_time, record.score_time].map(|time| time.as_nanos() as i64);
                    statement.execute(params![
                        params,
                        record.fold,
                        record.outcome.as_ref().ok().map(|scores| to_bytes(scores)),
                        record.train_scores.as_ref().map(|scores| to_bytes(scores)),
                        record.outcome.as_ref().err().map(failure_to_text),
                        warnings_to_text(&record.warnings),
                        fit,
                        score,
                    ])?;
                }
            }
            transaction.commit()
        })
    }
}

/// A record as it stands in the file.
struct Row {
    params: String,
    fold: u32,
    scores: Option<Vec<u8>>,
    train_scores: Option<Vec<u8>>,
    failure: Option<String>,
    warnings: String,
    times: [i64; 2],
}

impl Row {
    fn kept(self) -> Option<Kept> {
        let outcome = match (self.scores, self.failure) {
            (Some(scores), None) => Ok(from_bytes(&scores)?),
            (None, Some(failure)) => Err(failure_from_text(&failure)?),
            _ => return None,
        };
        let train_scores = match self.train_scores {
            Some(scores) => Some(from_bytes(&scores)?),
            None => None,
        };
        let [fit_time, score_time] = self.times.map(|time| Duration::from_nanos(u64::try_from(time).unwrap_or(0)));
        let warnings = warnings_from_text(&self.warnings)?;
        let record = Record { candidate: 0, fold: self.fold, outcome, warnings, train_scores, fit_time, score_time };
        Some(Kept { params: self.params, record })
    }
}

/// Locks the file beside the study for this process, until the lock is dropped or the process ends, however it ends.
fn lock(path: &Path) -> Result<File> {
    let mut name = path.as_os_str().to_owned();
    name.push("-lock");
    let beside = PathBuf::from(name);
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

/// What SQLite says, as what a person can do about it.
fn explain(path: &Path, doing: &'static str, error: &rusqlite::Error) -> Error {
    let path = path.to_owned();
    let message = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => Error::StudyForeign { path },
        Some(ErrorCode::DatabaseCorrupt) => Error::StudyDamaged { path, message },
        Some(ErrorCode::DiskFull) => Error::StudyStore {
            path,
            doing,
            message: "the disk is full; what was finished before is kept: free some space and call again".to_owned(),
        },
        Some(ErrorCode::ReadOnly) => Error::StudyStore {
            path,
            doing,
            message: "the file or its folder cannot be written; SQLite needs both".to_owned(),
        },
        _ => Error::StudyStore { path, doing, message },
    }
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqlite").field("path", &self.path).finish_non_exhaustive()
    }
}
