//! Restricts SQLite, so that a file can only make it do what this release's own tables need.
//!
//! A database file can contain code: its views and triggers run whatever their author wrote, and a query on a recursive
//! view may never end ([SQLite on files of strangers](https://www.sqlite.org/security.html)). So before any table of a
//! file is read, each table must be exactly the one that this release writes, and there must be no other.

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

/// The number of steps of SQLite's virtual machine between two checks of the limit.
const STEPS: i32 = 1000;
/// The number of checks that reading a schema may take. This release's own schema takes less than one.
const LOOKS: u64 = 20;

/// The objects of a schema. The key is the kind and the name, the value is the table and the SQL text that creates the
/// object.
type Objects = BTreeMap<(String, String), (String, Option<String>)>;

/// The number of checks that SQLite may still pass on a connection. At zero, its work is interrupted.
#[derive(Clone)]
pub(super) struct Steps(Arc<AtomicU64>);

impl Steps {
    /// Allows many times as many steps as this release's own schema takes.
    pub(super) fn few(&self) {
        self.0.store(LOOKS, Ordering::Relaxed);
    }

    /// Allows as many steps as a file of `bytes` bytes can need. In a crafted tree of pages, many paths may lead to one
    /// leaf, so that it has rows without end.
    pub(super) fn for_bytes(&self, bytes: u64) {
        // Checking a row takes at most about one step per byte.
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

/// Disables everything on a connection that a study does not need, and allows few steps at first.
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
    // The longest SQL text of this release has about 500 bytes. One database is attached while SQLite rewrites a file.
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

/// Counts the bytes of rows, which cannot exceed the size of the file.
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

/// Returns the size in bytes of all pages that the file claims to have.
pub(super) fn size(connection: &Connection) -> rusqlite::Result<u64> {
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    Ok(u64::try_from(number("page_count")?).unwrap_or(0) * u64::try_from(number("page_size")?).unwrap_or(0))
}

/// Checks that the tables of a file are exactly those of this release. The connection may take few steps for it.
///
/// # Errors
/// [`StudyError::Schema`], and errors of reading.
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

/// Returns the name of an object of an unknown file, made safe for a line of text.
fn plain(name: &str) -> String {
    const MOST: usize = 60;
    name.escape_debug().take(MOST).collect()
}

/// Returns the objects of a schema, at most `most` of them.
fn objects(connection: &Connection, most: usize) -> rusqlite::Result<Objects> {
    let mut statement = connection.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema")?;
    let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?))))?;
    rows.take(most).collect()
}

/// Returns the objects of this release's own files, as SQLite stores them.
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
