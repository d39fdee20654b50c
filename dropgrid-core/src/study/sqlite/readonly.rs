//! Reading a study without a trace, also while a search writes it.
//!
//! A reader of SQLite's write-ahead mode makes the log and its index where they are missing, and keeps the writer from
//! tidying up. So a file is opened by what lies beside it: a log with its index is read as a guest of the writer, which
//! takes its locks on what is there and writes nothing; a file without a log is read as if nothing could change it, and
//! read again where something has. Only where a writer leaves in the very moment of such a visit does its log stay beside
//! the file, for the next one to take up.

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
    format, guard,
    log::log,
    place::beside,
    processes,
    rows::{self, Row},
    states,
};
use crate::{
    error::{Error, Result, StudyError},
    study::{Checkpoint, EndState, EndStates, Identity, Legend, Running},
};

/// How often a file is read that changes while it is read, or whose writer is just coming or going.
const ATTEMPTS: u32 = 40;
const PAUSE: Duration = Duration::from_millis(25);
/// SQLite's own file system without its locks; a log can then be read without an index beside it.
const WITHOUT_LOCKS: &CStr = if cfg!(windows) { c"win32-none" } else { c"unix-none" };

/// One state of a study's file.
pub(in crate::study) struct Reader<'a> {
    path: &'a Path,
    connection: &'a Connection,
    files: &'a Files,
    /// The file's format.
    pub(in crate::study) format: i32,
}

impl Reader<'_> {
    /// Does `work` on one state of the file, and leaves the file and all around it as it is.
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
                // What only the moment may have kept from being read.
                Err(Error::Study(StudyError::Store { .. })) => false,
                Ok(_) | Err(_) => is_settled,
            };
            if is_over {
                return outcome;
            }
            if attempts == ATTEMPTS {
                let message = "it changes whenever it is read".to_owned();
                let changing = Error::Study(StudyError::Store { path: path.to_owned(), doing: "read", message });
                return Err(outcome.err().unwrap_or(changing));
            }
            attempts += 1;
            thread::sleep(PAUSE);
        }
    }

    fn doing<R>(&self, doing: &'static str, result: rusqlite::Result<R>) -> Result<R> {
        result.map_err(|error| format::explain(self.path, doing, &error))
    }

    /// What the study is of; no parts where no search has said so yet.
    pub(in crate::study) fn identity(&self) -> Result<Identity> {
        Ok(Identity { parts: self.doing("read", rows::texts(self.connection, "part"))? })
    }

    /// The legend, where a search has left it; an error where it is not as one was written.
    pub(in crate::study) fn legend(&self) -> Result<Option<Legend>> {
        let texts = self.doing("read", rows::texts(self.connection, "legend"))?;
        if texts.is_empty() {
            return Ok(None);
        }
        Legend::from_rows(&texts).map(Some).ok_or_else(|| self.damaged("its legend cannot be read"))
    }

    /// Gives `each` the rows of all records, those of a candidate one after the other.
    pub(in crate::study) fn rows(&self, each: impl FnMut(Row<'_>)) -> Result<()> {
        self.doing("read", rows::read(self.connection, each))
    }

    /// What living processes have claimed.
    pub(in crate::study) fn running(&self) -> Result<Running> {
        self.doing("read", processes::running(self.connection, &self.files.path))
    }

    /// How many end states there are, and their size.
    pub(in crate::study) fn end_states(&self) -> Result<EndStates> {
        self.doing("read", states::sizes(self.connection))
    }

    /// Gives `each` the states of trainings that have not ended, one after the other, and whether their rows are as
    /// they were written.
    pub(in crate::study) fn checkpoints(&self, each: impl FnMut(Checkpoint, bool)) -> Result<()> {
        self.doing("read", states::checkpoints(self.connection, each))
    }

    /// Gives `each` the end states, one after the other, and whether their rows are as they were written.
    pub(in crate::study) fn each_end(&self, each: impl FnMut(EndState, bool)) -> Result<()> {
        self.doing("read", states::all_ends(self.connection, each))
    }

    /// Whether the pages are whole, as far as a quick look tells.
    pub(in crate::study) fn is_whole(&self) -> Result<()> {
        format::is_whole(self.path, self.connection, false)
    }

    /// Bytes that are missing at the end of the file. SQLite takes the rest of a page that was cut for zeros.
    pub(in crate::study) fn missing(&self) -> Result<u64> {
        if self.files.way() != Way::Alone {
            // What is missing stands in the log.
            return Ok(0);
        }
        let number = |pragma| self.connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
        let pages = self.doing("check", number("page_count"))?;
        let size = self.doing("check", number("page_size"))?;
        Ok(u64::try_from(pages * size).unwrap_or(0).saturating_sub(self.files.main.0))
    }

    /// What SQLite's own check of every page finds; nothing where all is well.
    pub(in crate::study) fn integrity(&self) -> Result<Vec<String>> {
        let check = || {
            let mut statement = self.connection.prepare(&format!("PRAGMA integrity_check({})", format::LISTED))?;
            let found = statement.query_map([], |row| row.get(0))?;
            found.collect::<rusqlite::Result<Vec<String>>>()
        };
        let mut found = self.doing("check", check())?;
        found.retain(|message| message != "ok");
        Ok(found)
    }

    pub(in crate::study) fn damaged_records(&self, records: Vec<String>) -> Error {
        Error::Study(StudyError::Records { path: self.path.to_owned(), records })
    }

    pub(in crate::study) fn damaged(&self, message: impl Into<String>) -> Error {
        format::damaged(self.path, message)
    }
}

/// What lies where a study is: sizes and times of change.
#[derive(PartialEq)]
struct Files {
    /// Where the file itself is: its log is beside it, and not beside a link to it.
    path: PathBuf,
    main: (u64, Option<SystemTime>),
    /// The write-ahead log, where something is in it.
    log: Option<(u64, Option<SystemTime>)>,
    has_index: bool,
}

/// How a file is opened.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// There is no log with anything in it: the file is everything.
    Alone,
    /// A log and its index, as a writer has them or a killed one has left them.
    Guest,
    /// A log without its index, as after a copy.
    Log,
}

impl Files {
    fn at(path: &Path) -> Result<Self> {
        let cannot = |message| Error::Study(StudyError::Store { path: path.to_owned(), doing: "open", message });
        let unread = |error: io::Error| cannot(error.to_string());
        let path = fs::canonicalize(path).map_err(unread)?;
        let data = fs::metadata(&path).map_err(unread)?;
        if !data.is_file() {
            return Err(cannot("it is no file".to_owned()));
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

    /// Does `work` on what SQLite sees in one transaction.
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
            // The last to leave would otherwise move the log into the file.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
            if self.way() == Way::Log {
                connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
            }
            connection.execute_batch("BEGIN")?;
            Ok((connection, steps))
        };
        let (connection, steps) = begin().map_err(|error| format::explain(path, "open", &error))?;
        let format = format::of(path, &connection)?;
        guard::check(path, &connection)?;
        steps.for_bytes(self.main.0 + self.log.map_or(0, |(bytes, _)| bytes));
        let reader = Reader { path, connection: &connection, files: self, format };
        work(&reader)
    }
}

/// The path as the URI by which SQLite takes options.
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
