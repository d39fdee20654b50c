//! A guard over SQLite: a file may make it do only what this release's own tables need.
//!
//! A database is a program: a view or a trigger of a file runs whatever its writer has put there, and a query on a view
//! that has no end has none ([SQLite on files of strangers](https://www.sqlite.org/security.html)). So before anything
//! is asked of a file's tables, each of them must be the very one that this release writes, and there must be no other.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use rusqlite::{Connection, ErrorCode, config::DbConfig, limits::Limit};

use super::{explain::explain, schema::OBJECTS, seal};
use crate::error::{Error, Result, StudyError};

/// Steps of SQLite's machine between two checks of their number.
const STEPS: i32 = 1000;
/// The number of such checks that reading a schema may take; this release's own takes less than one.
const LOOKS: u64 = 20;

/// The objects of a schema: by kind and name, the table and the text that makes the object.
type Objects = BTreeMap<(String, String), (String, Option<String>)>;

/// The number of checks that SQLite may still pass on a connection. Where none is left, its work is interrupted.
#[derive(Clone)]
pub(super) struct Steps(Arc<AtomicU64>);

impl Steps {
    /// Allows many times the steps that this release's own schema takes.
    pub(super) fn few(&self) {
        self.0.store(LOOKS, Ordering::Relaxed);
    }

    /// Allows the steps that a file of these bytes can need. A tree of pages in which many ways lead to one leaf has rows
    /// without end.
    pub(super) fn for_bytes(&self, bytes: u64) {
        // The longest check of a row takes about one step for each of its bytes.
        self.0.store(10_000 + bytes.saturating_mul(16) / STEPS as u64, Ordering::Relaxed);
    }

    /// Allows any number of steps.
    pub(super) fn all(&self) {
        self.0.store(u64::MAX, Ordering::Relaxed);
    }

    fn are_over(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err()
    }
}

/// Switches off all that a study does not need of a connection, and allows few steps at first.
pub(super) fn harden(connection: &mut Connection) -> rusqlite::Result<Steps> {
    let steps = Steps(Arc::new(AtomicU64::new(LOOKS)));
    let counted = steps.clone();
    connection.progress_handler(STEPS, Some(move || counted.are_over()))?;
    for (config, is_on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
    ] {
        connection.set_db_config(config, is_on)?;
    }
    // The longest text of this release has some 500 bytes. One database is attached while SQLite writes a file anew.
    for (limit, most) in [
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 4096),
        (Limit::SQLITE_LIMIT_COLUMN, 32),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 32),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 4),
        (Limit::SQLITE_LIMIT_VDBE_OP, 25_000),
        (Limit::SQLITE_LIMIT_FUNCTION_ARG, 8),
        (Limit::SQLITE_LIMIT_ATTACHED, 1),
        (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 32),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 1),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        connection.set_limit(limit, most)?;
    }
    connection.pragma_update(None, "cell_size_check", true)?;
    Ok(steps)
}

/// Counts the bytes of rows: they cannot be more than those of the file.
pub(super) struct Bytes {
    left: u64,
}

impl Bytes {
    pub(super) fn of(connection: &Connection) -> rusqlite::Result<Self> {
        Ok(Self { left: size(connection)? })
    }

    pub(super) fn take(&mut self, bytes: usize) -> rusqlite::Result<()> {
        let left = self.left.checked_sub(bytes as u64);
        self.left = left.ok_or_else(|| seal::damaged("its rows have more bytes than the file"))?;
        Ok(())
    }
}

/// The bytes of all pages that the file says it has.
pub(super) fn size(connection: &Connection) -> rusqlite::Result<u64> {
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    Ok(u64::try_from(number("page_count")?).unwrap_or(0) * u64::try_from(number("page_size")?).unwrap_or(0))
}

/// Checks that the tables of a file are those of this release, to the letter, and no others. The connection may take few
/// steps for it.
///
/// # Errors
/// [`StudyError::Schema`], and those of reading.
pub(super) fn check(path: &Path, connection: &Connection) -> Result<()> {
    let refuse = |message| Err(Error::Study(StudyError::Schema { path: path.to_owned(), message }));
    let expected = expected().map_err(|error| explain(path, "read", &error))?;
    let found = match objects(connection, expected.len() + 1) {
        Ok(found) => found,
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
            return refuse("it has more tables than any study".to_owned());
        }
        Err(error) => return Err(explain(path, "read", &error)),
    };
    for ((kind, name), found) in &found {
        match expected.get(&(kind.clone(), name.clone())) {
            Some(expected) if expected == found => {}
            Some(_) => return refuse(format!("the {} `{}` is another", plain(kind), plain(name))),
            None => return refuse(format!("it has the {} `{}`, and no study has one", plain(kind), plain(name))),
        }
    }
    match expected.keys().find(|key| !found.contains_key(key)) {
        Some((kind, name)) => refuse(format!("it has no {kind} `{name}`")),
        None => Ok(()),
    }
}

/// The name of an object of somebody else's file, for a line of text.
fn plain(name: &str) -> String {
    const MOST: usize = 60;
    name.escape_debug().take(MOST).collect()
}

/// The objects of a schema, `most` of them at most.
fn objects(connection: &Connection, most: usize) -> rusqlite::Result<Objects> {
    let mut statement = connection.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema")?;
    let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?))))?;
    rows.take(most).collect()
}

/// The objects of this release's own files, as SQLite puts them down.
fn expected() -> rusqlite::Result<&'static Objects> {
    static EXPECTED: OnceLock<Objects> = OnceLock::new();
    if let Some(expected) = EXPECTED.get() {
        return Ok(expected);
    }
    let connection = Connection::open_in_memory()?;
    OBJECTS.iter().try_for_each(|object| connection.execute_batch(object))?;
    let all = objects(&connection, OBJECTS.len() * 4)?;
    Ok(EXPECTED.get_or_init(|| all))
}
