//! A study in one SQLite file.

mod format;
mod log;
mod processes;
mod readonly;
mod rows;
mod states;

pub(super) use readonly::Reader;

use std::{
    fmt,
    fs::{self, File, TryLockError},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{Checkpoint, EndState, FitName, Identity, Kept, Legend, Standing, Store, Study};
use crate::error::{Error, Result};
use processes::Processes;
use rows::Row;

/// How long a process waits for others that write. Each of them writes for milliseconds.
const BUSY: Duration = Duration::from_mins(1);
/// How long a process waits for another one that opens or closes the file.
const DOOR: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(2);

/// A study in one SQLite file, in write-ahead mode: others may read it while it grows, as an
/// [`Archive`](super::Archive), and processes of one machine may work on it side by side.
pub struct Sqlite {
    path: PathBuf,
    /// Where the file itself is.
    real: PathBuf,
    processes: Processes,
    connection: Connection,
    /// Held while the connection is opened and closed.
    door: Option<File>,
}

impl Sqlite {
    /// Opens a study to write, and makes it where there is none. A file of an older format becomes one of the newest.
    ///
    /// # Errors
    /// [`Error::StudyInUse`], [`Error::StudyForeign`], [`Error::StudyFormat`], [`Error::StudyDamaged`],
    /// [`Error::StudyStore`].
    pub fn open(study: impl Into<Study>) -> Result<Self> {
        let study = study.into();
        let path = study.path().to_owned();
        let real = real(&path);
        // SQLite does not wait for others where a file is made, or where the last one closes it.
        let door = door(&path, &real)?;
        let connection = Connection::open(&path).map_err(|error| format::explain(&path, "open", &error))?;
        let processes = Processes::new(&real, study.lease_time());
        let mut store = Self { path, real, processes, connection, door: Some(door) };
        store.doing("open", |connection| connection.busy_timeout(BUSY))?;
        if store.doing("read", |connection| format::is_new(connection))? {
            store.doing("make", |connection| {
                connection.pragma_update(None, "journal_mode", "WAL")?;
                format::make(connection)
            })?;
        }
        let found = format::of(&store.path, &store.connection)?;
        format::is_whole(&store.path, &store.connection)?;
        store.doing("open", |connection| connection.pragma_update(None, "journal_mode", "WAL"))?;
        if format::is_older(found) {
            store.doing("write", format::make)?;
        }
        store.door = None;
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
    fn write<R>(
        &mut self,
        lasting: Lasting,
        work: impl FnOnce(&Transaction<'_>, &mut Processes) -> rusqlite::Result<R>,
    ) -> Result<R> {
        let Self { path, processes, connection, .. } = self;
        let write = || {
            connection.pragma_update(None, "synchronous", lasting.synchronous())?;
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let result = work(&transaction, processes)?;
            transaction.commit()?;
            Ok(result)
        };
        write().map_err(|error| format::explain(path, "write", &error))
    }
}

/// What a change to the file outlasts.
#[derive(Clone, Copy)]
enum Lasting {
    /// A power cut: a fit counts as finished only then.
    Durable,
    /// The process. It is synced with the next change that is durable, and never seen before an earlier one.
    Soon,
}

impl Lasting {
    fn synchronous(self) -> &'static str {
        match self {
            Self::Durable => "FULL",
            Self::Soon => "NORMAL",
        }
    }
}

impl Store for Sqlite {
    fn identity(&mut self) -> Result<Option<Identity>> {
        let parts = self.doing("read", |connection| rows::texts(connection, "part"))?;
        Ok((!parts.is_empty()).then_some(Identity { parts }))
    }

    fn identify(&mut self, was: Option<&Identity>, identity: &Identity) -> Result<bool> {
        self.write(Lasting::Soon, |transaction, _| {
            let parts = rows::texts(transaction, "part")?;
            let is_known = was.map_or(parts.is_empty(), |was| was.parts == parts);
            if is_known {
                rows::replace_texts(transaction, "part", identity.parts())?;
            }
            Ok(is_known)
        })
    }

    fn legend(&mut self) -> Result<Option<Legend>> {
        let texts = self.doing("read", |connection| rows::texts(connection, "legend"))?;
        Ok(Legend::from_rows(&texts))
    }

    fn explain(&mut self, legend: &Legend) -> Result<()> {
        let rows = legend.to_rows();
        let texts = rows.iter().map(|(name, text)| (*name, text.as_str()));
        self.write(Lasting::Soon, |transaction, _| rows::replace_texts(transaction, "legend", texts))
    }

    fn kept(&mut self) -> Result<Vec<Kept>> {
        let Self { path, processes, connection, .. } = self;
        let mut kept = Ok(Vec::new());
        let mut add = |row: rusqlite::Result<Row<'_>>| {
            let Ok(all) = &mut kept else { return };
            let read = match row {
                Ok(row) => row.record().map(|record| Kept { params: row.params.to_owned(), record }).ok_or_else(|| {
                    let message = format!("the record of {} on fold {} cannot be read", row.params, row.fold);
                    format::damaged(path, message)
                }),
                Err(error) => Err(format::explain(path, "read", &error)),
            };
            match read {
                Ok(read) => all.push(read),
                Err(error) => kept = Err(error),
            }
        };
        let read = processes.reading(connection).and_then(|()| rows::read(connection, format::FORMAT, &mut add));
        read.map_err(|error| format::explain(path, "read", &error))?;
        kept
    }

    fn claim(&mut self, wanted: &[&[FitName]], most: usize, ahead: bool) -> Result<Vec<Standing>> {
        // No process survives a power cut, so no claim has to.
        self.write(Lasting::Soon, |transaction, processes| processes.claim(transaction, wanted, most, ahead))
    }

    fn has_news(&mut self) -> Result<bool> {
        let Self { path, processes, connection, .. } = self;
        processes.have_news(connection).map_err(|error| format::explain(path, "read", &error))
    }

    fn give_back(&mut self, fits: &[FitName]) -> Result<()> {
        self.write(Lasting::Soon, |transaction, processes| processes.give_back(transaction, fits))
    }

    fn leave(&mut self) -> Result<()> {
        self.write(Lasting::Soon, |transaction, processes| processes.leave(transaction))
    }

    fn let_go(&mut self, fits: &[FitName]) -> Result<()> {
        self.write(Lasting::Soon, |transaction, _| rows::remove(transaction, fits))
    }

    fn retry_failed(&mut self) -> Result<()> {
        self.write(Lasting::Soon, |transaction, processes| {
            transaction.execute_batch("DELETE FROM record WHERE failure IS NOT NULL; DELETE FROM death;")?;
            processes.forgive();
            Ok(())
        })
    }

    fn keep(&mut self, fits: &[Kept]) -> Result<()> {
        self.write(Lasting::Durable, |transaction, _| rows::write(transaction, fits))?;
        self.processes.kept(fits);
        Ok(())
    }

    fn checkpoint(&mut self, params: &str, fold: u32) -> Result<Option<Checkpoint>> {
        self.doing("read", |connection| states::checkpoint(connection, params, fold))
    }

    fn save(&mut self, checkpoint: &Checkpoint, of: &[FitName]) -> Result<()> {
        // What a power cut takes away of it is trained again.
        self.write(Lasting::Soon, |transaction, processes| {
            states::save(transaction, checkpoint, of)?;
            of.iter().try_for_each(|fit| processes.progressed(transaction, fit))
        })
    }

    fn forget(&mut self, params: &str, fold: u32) -> Result<()> {
        self.write(Lasting::Soon, |transaction, _| states::forget(transaction, params, fold))
    }

    fn end_states(&mut self) -> Result<Vec<(String, u32, u32)>> {
        self.doing("read", |connection| states::ends(connection))
    }

    fn end_state(&mut self, training: &str, fold: u32, most: u32) -> Result<Option<EndState>> {
        self.doing("read", |connection| states::end(connection, training, fold, most))
    }

    fn save_end(&mut self, end: &EndState) -> Result<()> {
        self.write(Lasting::Soon, |transaction, _| states::save_end(transaction, end))
    }

    fn forget_ends(&mut self) -> Result<()> {
        let forgotten = self.write(Lasting::Soon, |transaction, _| transaction.execute("DELETE FROM end_state", []))?;
        if forgotten == 0 {
            return Ok(());
        }
        self.doing("write", |connection| {
            connection.execute_batch("VACUUM")?;
            // While others read the log, it is moved later.
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        })
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.processes.end_mine(&self.connection);
        // Who cannot have it closes the file all the same: whoever opens it in the same moment calls again.
        if self.door.is_none() {
            self.door = door(&self.path, &self.real).ok();
        }
    }
}

/// Lets one process at a time open or close the file.
fn door(path: &Path, real: &Path) -> Result<File> {
    let beside = beside(real, "-lock");
    let folder = beside.parent().unwrap_or(path).display();
    let cannot = |message| Error::StudyStore { path: path.to_owned(), doing: "open", message };
    if path.is_dir() {
        return Err(cannot("it is a folder; name a file".to_owned()));
    }
    let store = |error: io::Error| {
        cannot(match error.kind() {
            ErrorKind::NotFound => format!("there is no folder {folder}; make it, or name a file in another one"),
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                format!(
                    "nothing may be written in {folder}, where a search has files beside it; name a file in another one"
                )
            }
            _ => format!("{}: {error}", beside.display()),
        })
    };
    let file = File::options().create(true).append(true).open(&beside).map_err(store)?;
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if start.elapsed() >= DOOR => {
                return Err(Error::StudyInUse { path: path.to_owned(), waited: DOOR });
            }
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            Err(TryLockError::Error(error)) => return Err(store(error)),
        }
    }
}

/// Where a file is, or will be: all who work on it must find the same files beside it, by whatever name they know it.
fn real(path: &Path) -> PathBuf {
    let in_its_folder = || {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(fs::canonicalize(folder).ok()?.join(path.file_name()?))
    };
    fs::canonicalize(path).ok().or_else(in_its_folder).unwrap_or_else(|| path.to_owned())
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
