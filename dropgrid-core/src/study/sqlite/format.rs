//! The file's mark, its format and its tables.

use std::{collections::BTreeMap, path::Path};

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use super::{guard, rows, seal::Seal};
use crate::error::{Error, Result, StudyError};

/// `drop` in ASCII, at offset 68 of the file: `file` and SQLite's own tools show it.
const APPLICATION_ID: i32 = 0x6472_6f70;
/// The format that this release writes, and reads.
pub(super) const FORMAT: i32 = 1;

/// Faults of pages that are listed; more say no more.
pub(super) const LISTED: usize = 100;

/// Every table and index. SQLite keeps these very texts, and a file that has others is refused ([`guard`]).
///
/// Scores are little-endian bits, so that NaN survives; failures and warnings are JSON. Details are a JSON object, which
/// may get more fields within a format. A process has a row while it works on the study, with a JSON list of the fits that
/// it has claimed, and a number that no other ever has. States are large, so their tables have row numbers: one of a
/// training that has not ended stands once, and every fit that can go on from it has a row that names it.
/// What decides on results has a [sum](super::seal): a row of its own kind has its own, and a table of names and texts
/// one in `seal`, beside the salt of all of them.
pub(super) const OBJECTS: [&str; 10] = [
    "CREATE TABLE seal (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE part (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE legend (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE record (
        params TEXT NOT NULL,
        fold INTEGER NOT NULL,
        scores BLOB,
        train_scores BLOB,
        failure TEXT,
        warnings TEXT NOT NULL,
        fit_nanoseconds INTEGER NOT NULL,
        score_nanoseconds INTEGER NOT NULL,
        details TEXT NOT NULL,
        seal BLOB NOT NULL,
        PRIMARY KEY (params, fold),
        CHECK ((scores IS NULL) <> (failure IS NULL))
    ) STRICT, WITHOUT ROWID",
    "CREATE TABLE state (id INTEGER PRIMARY KEY, epochs INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT",
    "CREATE TABLE checkpoint (
        params TEXT NOT NULL,
        fold INTEGER NOT NULL,
        state INTEGER NOT NULL REFERENCES state (id),
        seal BLOB NOT NULL,
        PRIMARY KEY (params, fold)
    ) STRICT, WITHOUT ROWID",
    "CREATE INDEX checkpoint_of_state ON checkpoint (state)",
    "CREATE TABLE end_state (
        training TEXT NOT NULL,
        fold INTEGER NOT NULL,
        epochs INTEGER NOT NULL,
        bytes BLOB NOT NULL,
        seal BLOB NOT NULL,
        PRIMARY KEY (training, fold, epochs)
    ) STRICT",
    "CREATE TABLE process (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        beats INTEGER NOT NULL,
        lease_milliseconds INTEGER NOT NULL,
        leaving INTEGER NOT NULL,
        fits TEXT NOT NULL
    ) STRICT",
    "CREATE TABLE death (
        params TEXT NOT NULL,
        fold INTEGER NOT NULL,
        times INTEGER NOT NULL,
        PRIMARY KEY (params, fold)
    ) STRICT, WITHOUT ROWID",
];

/// The tables of names and texts.
const TEXTS: [&str; 2] = ["part", "legend"];

/// Whether nothing has been written yet.
fn is_new(connection: &Connection) -> rusqlite::Result<bool> {
    if number(connection, "application_id")? != 0 || number(connection, "user_version")? != 0 {
        return Ok(false);
    }
    let objects = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
    objects.map(|objects| objects == 0)
}

/// Makes a connection fit to work on a study, which it makes where the file is new.
///
/// # Errors
/// Where the file is no study of this release that is whole, but for its records.
pub(super) fn prepare(path: &Path, connection: &mut Connection) -> Result<()> {
    let doing = |doing, result: rusqlite::Result<()>| result.map_err(|error| explain(path, doing, &error));
    let steps = guard::harden(connection).map_err(|error| explain(path, "open", &error))?;
    let is_new = match is_new(connection) {
        // Whatever it is, it is no new file.
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => false,
        is_new => is_new.map_err(|error| explain(path, "read", &error))?,
    };
    if is_new {
        doing("make", connection.pragma_update(None, "journal_mode", "WAL"))?;
        doing("make", make(connection))?;
    }
    of(path, connection)?;
    steps.few();
    guard::check(path, connection)?;
    steps.all();
    is_whole(path, connection, true)?;
    doing("open", connection.pragma_update(None, "journal_mode", "WAL"))
}

/// Makes a new file a study. Where another process does it at the same moment, one of them finds it done.
fn make(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if is_new(&transaction)? {
        OBJECTS.iter().try_for_each(|object| transaction.execute_batch(object))?;
        Seal::make(&transaction)?;
        TEXTS.iter().try_for_each(|table| rows::replace_texts(&transaction, table, &BTreeMap::new()))?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", FORMAT)?;
    }
    transaction.commit()
}

/// The format of a study; an error where the file is none, or of a format that is not known.
pub(super) fn of(path: &Path, connection: &Connection) -> Result<i32> {
    let read = |name| number(connection, name).map_err(|error| explain(path, "read", &error));
    let (id, found) = (read("application_id")?, read("user_version")?);
    if id != APPLICATION_ID {
        return Err(Error::Study(StudyError::Foreign { path: path.to_owned() }));
    }
    if found != FORMAT {
        return Err(Error::Study(StudyError::Format { path: path.to_owned(), found, known: FORMAT }));
    }
    Ok(found)
}

/// Whether the pages of the file are whole, as far as a quick look tells. What is wrong with `record` alone is passed over
/// where the caller `repairs` that table.
pub(super) fn is_whole(path: &Path, connection: &Connection, repairs: bool) -> Result<()> {
    let check = || {
        let mut statement = connection.prepare(&format!("PRAGMA quick_check({LISTED})"))?;
        let found = statement.query_map([], |row| row.get(0))?;
        found.collect::<rusqlite::Result<Vec<String>>>()
    };
    let found = check().map_err(|error| explain(path, "check", &error))?;
    let is_of_record =
        |fault: &str| fault.ends_with(" for record") || fault.ends_with(" in record") || fault.contains(" in record.");
    // Where the list is full, nobody knows what else there is.
    let is_passed = |fault: &&str| repairs && found.len() < LISTED && is_of_record(fault);
    // A header stands before the first fault.
    let mut faults = found.iter().flat_map(|found| found.lines()).filter(|line| !line.starts_with("***"));
    match faults.find(|fault| *fault != "ok" && !is_passed(fault)) {
        None => Ok(()),
        Some(fault) => Err(damaged(path, fault)),
    }
}

fn number(connection: &Connection, pragma: &str) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, pragma, |row| row.get(0))
}

pub(super) fn damaged(path: &Path, message: impl Into<String>) -> Error {
    Error::Study(StudyError::Damaged { path: path.to_owned(), message: message.into() })
}

/// What SQLite says, as what a person can do about it.
pub(super) fn explain(path: &Path, doing: &'static str, error: &rusqlite::Error) -> Error {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};

    let path = path.to_owned();
    let message = error.to_string();
    // A value that is of no kind that was ever written there.
    if let FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) | Utf8Error(..) = error {
        return Error::Study(StudyError::Damaged { path, message });
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => Error::Study(StudyError::Foreign { path }),
        Some(ErrorCode::DatabaseCorrupt) => Error::Study(StudyError::Damaged { path, message }),
        Some(ErrorCode::OperationInterrupted) => Error::Study(StudyError::Damaged {
            path,
            message: "reading it takes longer than a file of its size can need".to_owned(),
        }),
        Some(ErrorCode::DiskFull) => Error::Study(StudyError::Store {
            path,
            doing,
            message: "the disk is full; what was finished before is kept: free some space and call again".to_owned(),
        }),
        Some(ErrorCode::SystemIoFailure) => Error::Study(StudyError::Store {
            path,
            doing,
            message: format!(
                "{message}; what was finished before is kept: see whether the disk fails or files may not grow so large \
                 (`ulimit -f`), and call again"
            ),
        }),
        Some(ErrorCode::ReadOnly) => Error::Study(StudyError::Store {
            path,
            doing,
            message: "the file or its folder may not be written, and SQLite needs both; allow it, or name another file"
                .to_owned(),
        }),
        Some(ErrorCode::DatabaseBusy) => Error::Study(StudyError::Store {
            path,
            doing,
            message: "another process has kept it locked for a minute; see whether one hangs, and call again"
                .to_owned(),
        }),
        _ => Error::Study(StudyError::Store { path, doing, message }),
    }
}
