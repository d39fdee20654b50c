//! Opens a file. A new file becomes a study, and any other file must be a study.

use std::{collections::BTreeMap, path::Path};

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use super::{
    explain::{damaged, explain},
    guard,
    schema::{APPLICATION_ID, FORMAT, JUDGEMENT, METADATA, OBJECTS, PART},
    seal::Seal,
    texts,
};
use crate::error::{Error, Result, StudyError};

/// The largest number of page faults that are listed.
const LISTED: usize = 100;

/// Returns true for a file into which nothing has been written.
fn is_new(connection: &Connection) -> rusqlite::Result<bool> {
    if number(connection, "application_id")? != 0 || number(connection, "user_version")? != 0 {
        return Ok(false);
    }
    let objects = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
    objects.map(|objects| objects == 0)
}

/// Prepares a connection to work on a study. Creates the study if the file is new.
///
/// # Errors
/// An error if the file is not a study of this release, or is damaged outside of its records.
pub(super) fn prepare(path: &Path, connection: &mut Connection) -> Result<()> {
    let doing = |doing, result: rusqlite::Result<()>| result.map_err(|error| explain(path, doing, &error));
    let steps = guard::harden(connection).map_err(|error| explain(path, "open", &error))?;
    let is_new = match is_new(connection) {
        // Reading a new file takes few steps, so this file is not new.
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
    check_pages(path, connection, true)?;
    doing("open", connection.pragma_update(None, "journal_mode", "WAL"))
}

/// Turns a new file into a study. If two processes do so at the same time, the second one finds the study of the first.
fn make(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if is_new(&transaction)? {
        OBJECTS.iter().try_for_each(|object| transaction.execute_batch(object))?;
        Seal::make(&transaction)?;
        [PART, METADATA, JUDGEMENT]
            .iter()
            .try_for_each(|table| texts::replace(&transaction, table, &BTreeMap::new()))?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", FORMAT)?;
    }
    transaction.commit()
}

/// Returns the format of a study.
///
/// # Errors
/// [`StudyError::Foreign`](crate::error::StudyError::Foreign),
/// [`StudyError::Format`](crate::error::StudyError::Format).
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

/// Checks the pages of the file with SQLite's `quick_check`. With `repairs`, faults of the table `record` are no error,
/// since the caller repairs that table.
///
/// # Errors
/// [`StudyError::Damaged`](crate::error::StudyError::Damaged).
pub(super) fn check_pages(path: &Path, connection: &Connection, repairs: bool) -> Result<()> {
    let found = findings(connection, "quick_check").map_err(|error| explain(path, "check", &error))?;
    let is_passed = |fault: &&str| repairs && is_mended(fault, found.len());
    let mut faults = found.iter().flat_map(|found| self::faults(found));
    match faults.find(|fault| *fault != "ok" && !is_passed(fault)) {
        None => Ok(()),
        Some(fault) => Err(damaged(path, fault)),
    }
}

/// Returns the messages of a SQLite check of all pages; a single `ok` if there is no fault.
pub(super) fn findings(connection: &Connection, check: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(&format!("PRAGMA {check}({LISTED})"))?;
    statement.query_map([], |row| row.get(0))?.collect()
}

/// Returns the faults of a message, one per line. The message may begin with a header.
pub(super) fn faults(message: &str) -> impl Iterator<Item = &str> {
    message.lines().filter(|line| !line.starts_with("***"))
}

/// Returns true for a fault that a search repairs: a fault of the table of records, which the search rewrites. `listed`
/// is the number of faults in the list.
pub(super) fn is_mended(fault: &str, listed: usize) -> bool {
    let is_of_record = fault.ends_with(" for record") || fault.ends_with(" in record") || fault.contains(" in record.");
    // A full list may omit faults of other tables.
    is_of_record && listed < LISTED
}

fn number(connection: &Connection, pragma: &str) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, pragma, |row| row.get(0))
}
