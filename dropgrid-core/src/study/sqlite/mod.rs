//! A study in one SQLite file.

mod format;
mod guard;
mod log;
mod place;
mod processes;
mod readonly;
mod rows;
mod seal;
mod states;

pub(super) use readonly::Reader;
pub(super) use rows::Row;

use std::{fmt, fs::File, path::PathBuf, time::Duration};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::{Checkpoint, Damaged, EndState, FitName, Identity, Kept, Legend, Standing, Store, Study};
use crate::{
    error::{Error, Result, StudyError},
    limit::outlive_size_limits,
};
use place::Place;
use processes::Processes;

/// How long a process waits for others that write. Each of them writes for milliseconds.
const BUSY: Duration = Duration::from_mins(1);

/// A study in one SQLite file, in write-ahead mode: others may read it while it grows, as an
/// [`Archive`](super::Archive), and processes of one machine may work on it side by side.
pub struct Sqlite {
    path: PathBuf,
    place: Place,
    processes: Processes,
    connection: Connection,
    /// Held while the connection is opened and closed.
    door: Option<File>,
}

impl Sqlite {
    /// Opens a study to write, and makes it where there is none.
    ///
    /// From then on, a write beyond the limit on the size of files (SIGXFSZ) is an error in this process and not its end.
    ///
    /// # Errors
    /// [`StudyError::Name`], [`StudyError::InUse`],
    /// [`StudyError::Foreign`], [`StudyError::Format`],
    /// [`StudyError::Damaged`], [`StudyError::Store`].
    pub fn open(study: impl Into<Study>) -> Result<Self> {
        let study = study.into();
        study.check()?;
        outlive_size_limits();
        let path = study.path().to_owned();
        let place = Place::of(&path)?;
        // SQLite does not wait for others where a file is made, or where the last one closes it.
        let door = place.door()?;
        // By its whole path: SQLite takes names like `file:x` and `:memory:` for something else.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(place.file(), flags).map_err(|error| format::explain(&path, "open", &error))?;
        let processes = Processes::new(place.file(), study.lease_time());
        let mut store = Self { path, place, processes, connection, door: Some(door) };
        store.doing("open", |connection| connection.busy_timeout(BUSY))?;
        format::prepare(&store.path, &mut store.connection)?;
        store.place.watch();
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
        let Self { path, place, processes, connection, .. } = self;
        let write = || {
            connection.pragma_update(None, "synchronous", lasting.synchronous())?;
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let result = work(&transaction, processes)?;
            transaction.commit()?;
            Ok(result)
        };
        let result = write().map_err(|error| format::explain(path, "write", &error));
        // Where the file is gone, that is why a write failed, and one that did not is in no file.
        place.check()?;
        result
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
                rows::replace_texts(transaction, "part", &identity.parts)?;
            }
            Ok(is_known)
        })
    }

    fn legend(&mut self) -> Result<Option<Legend>> {
        match self.doing("read", |connection| rows::texts(connection, "legend")) {
            Ok(texts) => Ok(Legend::from_rows(&texts)),
            // Every search can say it anew.
            Err(Error::Study(StudyError::Damaged { .. })) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn explain(&mut self, legend: &Legend) -> Result<()> {
        let texts = legend.to_rows();
        self.write(Lasting::Soon, |transaction, _| rows::replace_texts(transaction, "legend", &texts))
    }

    fn drop_damaged(&mut self) -> Result<Vec<Damaged>> {
        if !self.doing("read", |connection| rows::are_damaged(connection))? {
            return Ok(Vec::new());
        }
        self.write(Lasting::Durable, |transaction, _| rows::drop_damaged(transaction))
    }

    fn kept(&mut self) -> Result<Vec<Kept>> {
        let Self { path, processes, connection, .. } = self;
        let mut kept = Vec::new();
        let add = |row: Row<'_>| {
            let (Some(params), Some(record)) = (row.params(), row.record()) else { return };
            kept.push(Kept { params: params.to_owned(), record });
        };
        let read = processes.reading(connection).and_then(|()| rows::read(connection, add));
        read.map_err(|error| format::explain(path, "read", &error))?;
        Ok(kept)
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
            self.door = self.place.door().ok();
        }
    }
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqlite").field("path", &self.path).finish_non_exhaustive()
    }
}
