//! Reads a study without leaving traces, even while a search writes it.
//!
//! A reader in SQLite's write-ahead mode creates the log and its index if they are missing, and keeps the writer from
//! cleaning up. So the files beside the study decide how it is opened. If there is a log with its index, the reader
//! takes the writer's locks on them and writes nothing. If there is no log, the file is read as if nothing could change
//! it, and read again if something did. Only if a writer closes the study at the very moment of reading does its log
//! stay beside the file, and the next writer merges it.

mod log;

use std::{
    ffi::CStr,
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, SystemTime},
};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use super::{
    explain::{damaged, explain, failed},
    format, guard,
    place::beside,
    processes,
    records::{self, Row},
    schema::{JUDGEMENT, METADATA, PART},
    states, texts,
};
use crate::{
    error::{Error, Result, StudyError},
    study::{Identity, Judgements, Metadata, RunningFits, SavedStates, State, judgement},
};
use log::log;

/// The number of attempts to read a file that changes in the meantime, or whose writer is just opening or closing it.
const ATTEMPTS: u32 = 40;
const PAUSE: Duration = Duration::from_millis(25);
/// SQLite's own file system without its locks. With it, a log can be read without an index beside it.
const WITHOUT_LOCKS: &CStr = if cfg!(windows) { c"win32-none" } else { c"unix-none" };

/// One consistent state of a study's file.
pub(in crate::study) struct Reader<'a> {
    path: &'a Path,
    connection: &'a Connection,
    files: &'a Files,
    /// The file's format.
    pub(in crate::study) format: i32,
}

impl Reader<'_> {
    /// Runs `work` on one consistent state of the file. Changes neither the file nor anything around it.
    ///
    /// # Errors
    /// [`StudyError::Foreign`], [`StudyError::Format`], [`StudyError::Damaged`], [`StudyError::Store`].
    pub(in crate::study) fn read<R>(path: &Path, mut work: impl FnMut(&Reader<'_>) -> Result<R>) -> Result<R> {
        let mut attempts = 1;
        loop {
            let before = Files::at(path)?;
            let outcome = before.read(path, &mut work);
            let is_settled = before.way() == Way::Guest || Files::at(path)? == before;
            let is_over = match &outcome {
                // The error may be temporary.
                Err(Error::Study(StudyError::Store { .. })) => false,
                Ok(_) | Err(_) => is_settled,
            };
            if is_over {
                return outcome;
            }
            if attempts == ATTEMPTS {
                return Err(outcome.err().unwrap_or_else(|| failed(path, "read", "it changes whenever it is read")));
            }
            attempts += 1;
            thread::sleep(PAUSE);
        }
    }

    fn doing<R>(&self, doing: &'static str, result: rusqlite::Result<R>) -> Result<R> {
        result.map_err(|error| explain(self.path, doing, &error))
    }

    /// Returns the identity of the study. It has no parts if no search has written any.
    pub(in crate::study) fn identity(&self) -> Result<Identity> {
        Ok(Identity { parts: self.doing("read", texts::read(self.connection, PART))? })
    }

    /// Returns the metadata; `None` if no search has written any. Damaged metadata are an error.
    pub(in crate::study) fn metadata(&self) -> Result<Option<Metadata>> {
        let texts = self.doing("read", texts::read(self.connection, METADATA))?;
        if texts.is_empty() {
            return Ok(None);
        }
        Metadata::from_rows(&texts).map(Some).ok_or_else(|| self.damaged("its metadata cannot be read"))
    }

    /// Returns the judgements of the last search's strategy. Damaged judgements are an error.
    pub(in crate::study) fn judgements(&self) -> Result<Judgements> {
        let texts = self.doing("read", texts::read(self.connection, JUDGEMENT))?;
        judgement::from_rows(&texts).ok_or_else(|| self.damaged("what its strategy said cannot be read"))
    }

    /// Passes the rows of all records to `each`. The rows of a candidate are consecutive, and within them those of a
    /// resource.
    pub(in crate::study) fn records(&self, each: impl FnMut(Row<'_>)) -> Result<()> {
        self.doing("read", records::read(self.connection, each))
    }

    /// Returns the number of processes that work on the study, and of their fits.
    pub(in crate::study) fn running(&self) -> Result<RunningFits> {
        self.doing("read", processes::running(self.connection, &self.files.path))
    }

    /// Returns the number and size of the states.
    pub(in crate::study) fn state_sizes(&self) -> Result<SavedStates> {
        self.doing("read", states::sizes(self.connection))
    }

    /// Passes each state to `each`, with true if its row is intact.
    pub(in crate::study) fn states(&self, each: impl FnMut(State, bool)) -> Result<()> {
        self.doing("read", states::read(self.connection, each))
    }

    /// Checks the pages with SQLite's `quick_check`.
    ///
    /// # Errors
    /// [`StudyError::Damaged`](crate::error::StudyError::Damaged).
    pub(in crate::study) fn check_pages(&self) -> Result<()> {
        format::check_pages(self.path, self.connection, false)
    }

    /// Returns the number of bytes missing at the end of the file. SQLite reads the missing part of a page as zeros.
    pub(in crate::study) fn missing(&self) -> Result<u64> {
        if self.files.way() != Way::Alone {
            // Pages beyond the end of the file are in the log.
            return Ok(0);
        }
        Ok(self.doing("check", guard::size(self.connection))?.saturating_sub(self.files.main.0))
    }

    /// Returns the findings of SQLite's `integrity_check` of every page. The flag is true if a search repairs the
    /// fault.
    pub(in crate::study) fn integrity(&self) -> Result<Vec<(String, bool)>> {
        let mut found = self.doing("check", format::findings(self.connection, "integrity_check"))?;
        found.retain(|message| message != "ok");
        let listed = found.len();
        let with_answer = |message: String| {
            let is_mended = format::faults(&message).all(|fault| format::is_mended(fault, listed));
            (message, is_mended)
        };
        Ok(found.into_iter().map(with_answer).collect())
    }

    pub(in crate::study) fn damaged_records(&self, records: Vec<String>) -> Error {
        Error::Study(StudyError::Records { path: self.path.to_owned(), records })
    }

    pub(in crate::study) fn damaged(&self, message: impl Into<String>) -> Error {
        damaged(self.path, message)
    }
}

/// The files of a study, with their sizes and times of modification.
#[derive(PartialEq)]
struct Files {
    /// The path of the file itself. The log is beside the file, not beside a link to it.
    path: PathBuf,
    main: (u64, Option<SystemTime>),
    /// The write-ahead log; `None` if it has no page.
    log: Option<(u64, Option<SystemTime>)>,
    has_index: bool,
}

/// A way to open a file.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// Without a log, or with one that has no page.
    Alone,
    /// With a log and its index, from a running or killed writer.
    Guest,
    /// With a log without its index, as after a copy.
    Log,
}

impl Files {
    fn at(path: &Path) -> Result<Self> {
        let unread = |error: io::Error| failed(path, "open", error.to_string());
        let place = path;
        let path = fs::canonicalize(path).map_err(unread)?;
        let data = fs::metadata(&path).map_err(unread)?;
        if !data.is_file() {
            return Err(failed(place, "open", "it is no file"));
        }
        let log = log(&beside(&path, "-wal"));
        let has_index = beside(&path, "-shm").exists();
        Ok(Self { path, main: (data.len(), data.modified().ok()), log, has_index })
    }

    fn way(&self) -> Way {
        match (self.log.is_some(), self.has_index) {
            (false, _) => Way::Alone,
            (true, true) => Way::Guest,
            (true, false) => Way::Log,
        }
    }

    /// Runs `work` in one transaction.
    fn read<R>(&self, path: &Path, work: &mut impl FnMut(&Reader<'_>) -> Result<R>) -> Result<R> {
        let begin = || {
            let mut name = address(&self.path);
            name += match self.way() {
                Way::Alone => "?immutable=1",
                Way::Guest => "?readonly_shm=1",
                Way::Log => "",
            };
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
            let mut connection = match self.way() {
                Way::Log => Connection::open_with_flags_and_vfs(name, flags, WITHOUT_LOCKS)?,
                Way::Alone | Way::Guest => Connection::open_with_flags(name, flags)?,
            };
            connection.busy_timeout(Duration::from_secs(10))?;
            let steps = guard::harden(&mut connection)?;
            // Otherwise the last connection to close would merge the log into the file.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
            if self.way() == Way::Log {
                connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
            }
            connection.execute_batch("BEGIN")?;
            Ok((connection, steps))
        };
        let (connection, steps) = begin().map_err(|error| explain(path, "open", &error))?;
        let format = format::of(path, &connection)?;
        guard::check(path, &connection)?;
        steps.for_bytes(self.main.0 + self.log.map_or(0, |(bytes, _)| bytes));
        let reader = Reader { path, connection: &connection, files: self, format };
        work(&reader)
    }
}

/// Returns the path as a URI, in which SQLite accepts options.
fn address(path: &Path) -> String {
    path.as_os_str().as_encoded_bytes().iter().fold("file:".to_owned(), |mut text, &byte| {
        if byte.is_ascii_alphanumeric() || b"/._-~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}
