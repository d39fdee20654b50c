//! A study in one SQLite file.

mod explain;
mod format;
mod guard;
mod place;
mod processes;
mod reader;
mod records;
mod schema;
mod seal;
mod states;
mod texts;

pub(super) use reader::Reader;
pub(super) use records::Row;

use std::{collections::BTreeMap, fmt, fs::File, path::PathBuf, time::Duration};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::{
    Checkpoint, ClaimStatus, Claims, DamagedRecord, FitName, Identity, Judgements, Metadata, Records, StateInfo,
    StateName, StateReader, States, StoredRecord, Study, judgement,
};
use crate::{error::Result, limit::outlive_size_limits};
use explain::explain;
pub(super) use explain::undamaged;
use place::Place;
use processes::Processes;
use schema::{JUDGEMENT, METADATA, PART};

/// How long a process waits for other writers. Each write takes milliseconds.
const BUSY: Duration = Duration::from_mins(1);

/// A study in one SQLite file, in write-ahead mode. Other programs may read it while it grows, as a
/// [`StudyFile`](super::StudyFile), and several processes of one machine may work on it at the same time.
pub struct Sqlite {
    path: PathBuf,
    place: Place,
    processes: Processes,
    connection: Connection,
    /// Held while the connection is being opened or closed.
    opening_lock: Option<File>,
}

impl Sqlite {
    /// Opens a study for writing, and creates it if it does not exist.
    ///
    /// After that, a write beyond the process's limit on file sizes (SIGXFSZ) is an error and does not kill the
    /// process.
    ///
    /// # Errors
    /// [`StudyError::Name`](crate::error::StudyError::Name), [`StudyError::InUse`](crate::error::StudyError::InUse),
    /// [`StudyError::Foreign`](crate::error::StudyError::Foreign),
    /// [`StudyError::Format`](crate::error::StudyError::Format),
    /// [`StudyError::Damaged`](crate::error::StudyError::Damaged),
    /// [`StudyError::Store`](crate::error::StudyError::Store).
    pub fn open(study: impl Into<Study>) -> Result<Self> {
        let study = study.into();
        study.check()?;
        outlive_size_limits();
        let path = study.path().to_owned();
        let place = Place::of(&path)?;
        // SQLite does not wait for other processes while a file is being created or its last connection closes.
        let opening_lock = place.opening_lock()?;
        // The absolute path is needed since SQLite gives names like `file:x` and `:memory:` another meaning.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(place.file(), flags).map_err(|error| explain(&path, "open", &error))?;
        let processes = Processes::new(place.file(), study.lease, study.workers);
        let mut store = Self { path, place, processes, connection, opening_lock: Some(opening_lock) };
        store.doing("open", |connection| connection.busy_timeout(BUSY))?;
        format::prepare(&store.path, &mut store.connection)?;
        store.place.watch();
        store.opening_lock = None;
        Ok(store)
    }

    /// Runs `work` on the connection. `doing` names the action in errors.
    fn doing<R>(
        &mut self,
        doing: &'static str,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<R>,
    ) -> Result<R> {
        work(&mut self.connection).map_err(|error| explain(&self.path, doing, &error))
    }

    /// Reads a table of names and texts in one transaction, so that its rows and their checksum match even while
    /// another process writes them.
    fn texts(&mut self, table: &'static str) -> Result<BTreeMap<String, String>> {
        self.doing("read", |connection| texts::read(&*connection.transaction()?, table))
    }

    /// Writes in one transaction.
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
        let result = write().map_err(|error| explain(path, "write", &error));
        // A missing file is the cause of a write that failed, and makes a write that succeeded useless.
        place.check()?;
        result
    }
}

/// The events that a change to the file survives.
#[derive(Clone, Copy)]
enum Lasting {
    /// It survives a power cut.
    Durable,
    /// It survives the end of the process. The next durable change makes it durable, too. It never becomes visible
    /// before an earlier change.
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

impl Records for Sqlite {
    fn identity(&mut self) -> Result<Option<Identity>> {
        let parts = self.texts(PART)?;
        Ok((!parts.is_empty()).then_some(Identity { parts }))
    }

    fn set_identity(&mut self, was: Option<&Identity>, identity: &Identity) -> Result<bool> {
        self.write(Lasting::Soon, |transaction, _| {
            let parts = texts::read(transaction, PART)?;
            let is_known = was.map_or(parts.is_empty(), |was| was.parts == parts);
            if is_known {
                texts::replace(transaction, PART, &identity.parts)?;
            }
            Ok(is_known)
        })
    }

    fn metadata(&mut self) -> Result<Option<Metadata>> {
        Ok(undamaged(self.texts(METADATA))?.and_then(|texts| Metadata::from_rows(&texts)))
    }

    fn set_metadata(&mut self, metadata: &Metadata) -> Result<()> {
        let rows = metadata.to_rows();
        self.write(Lasting::Soon, |transaction, _| texts::replace(transaction, METADATA, &rows))
    }

    fn judgements(&mut self) -> Result<Judgements> {
        let texts = undamaged(self.texts(JUDGEMENT))?;
        Ok(texts.and_then(|texts| judgement::from_rows(&texts)).unwrap_or_default())
    }

    fn set_judgements(&mut self, judgements: &Judgements) -> Result<()> {
        let rows = judgement::to_rows(judgements);
        self.write(Lasting::Soon, |transaction, _| texts::replace(transaction, JUDGEMENT, &rows))
    }

    fn drop_damaged(&mut self) -> Result<Vec<DamagedRecord>> {
        if !self.doing("read", |connection| records::are_damaged(connection))? {
            return Ok(Vec::new());
        }
        self.write(Lasting::Durable, |transaction, _| records::drop_damaged(transaction))
    }

    fn records(&mut self) -> Result<Vec<StoredRecord>> {
        let Self { path, processes, connection, .. } = self;
        let mut stored = Vec::new();
        let add = |row: Row<'_>| stored.extend(row.stored());
        let read = processes.reading(connection).and_then(|()| records::read(connection, add));
        read.map_err(|error| explain(path, "read", &error))?;
        Ok(stored)
    }

    fn add(&mut self, records: &[StoredRecord], checkpoints: &[&Checkpoint], done: &[StateName]) -> Result<()> {
        // If a power cut loses a state, its epochs are trained again.
        let lasting = if records.is_empty() { Lasting::Soon } else { Lasting::Durable };
        self.write(lasting, |transaction, processes| {
            records::add(transaction, records)?;
            for Checkpoint { state, fits } in checkpoints {
                states::save(transaction, state)?;
                fits.iter().try_for_each(|fit| processes.progressed(transaction, fit))?;
            }
            done.iter().try_for_each(|done| states::remove_passing(transaction, done))
        })?;
        self.processes.finished(records.iter().map(|stored| &stored.name));
        Ok(())
    }

    fn remove(&mut self, fits: &[FitName]) -> Result<()> {
        self.write(Lasting::Soon, |transaction, _| records::remove(transaction, fits))
    }

    fn remove_failed(&mut self) -> Result<()> {
        self.write(Lasting::Soon, |transaction, processes| {
            transaction.execute_batch("DELETE FROM record WHERE failure IS NOT NULL; DELETE FROM crash;")?;
            processes.forget_crashes();
            Ok(())
        })
    }
}

impl Claims for Sqlite {
    fn claim(&mut self, wanted: &[&[FitName]], most: usize, ahead: bool) -> Result<Vec<ClaimStatus>> {
        // Claims need not survive a power cut, since no process does.
        self.write(Lasting::Soon, |transaction, processes| processes.claim(transaction, wanted, most, ahead))
    }

    fn has_news(&mut self) -> Result<bool> {
        let Self { path, processes, connection, .. } = self;
        processes.have_news(connection).map_err(|error| explain(path, "read", &error))
    }

    fn give_back(&mut self, fits: &[FitName]) -> Result<()> {
        self.write(Lasting::Soon, |transaction, processes| processes.give_back(transaction, fits))
    }

    fn leave(&mut self) -> Result<()> {
        self.write(Lasting::Soon, |transaction, processes| processes.leave(transaction))
    }
}

impl States for Sqlite {
    fn states(&mut self) -> Result<Vec<StateInfo>> {
        self.doing("read", |connection| states::list(connection))
    }

    fn state_reader(&mut self) -> Result<StateReader> {
        let path = self.path.clone();
        let open = || {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let mut connection = Connection::open_with_flags(self.place.file(), flags)?;
            connection.busy_timeout(BUSY)?;
            guard::harden(&mut connection)?.all();
            Ok(connection)
        };
        let connection = open().map_err(|error| explain(&path, "open", &error))?;
        Ok(Box::new(move |trajectory, fold, most| {
            states::longest(&connection, trajectory, fold, most).map_err(|error| explain(&path, "read", &error))
        }))
    }

    fn remove_all_states(&mut self) -> Result<()> {
        let removed = self.write(Lasting::Soon, |transaction, _| transaction.execute("DELETE FROM state", []))?;
        if removed == 0 {
            return Ok(());
        }
        self.doing("write", |connection| {
            connection.execute_batch("VACUUM")?;
            // While other processes read the log, it is merged later.
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        })
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.processes.end_mine(&self.connection);
        // Without the lock the file is closed anyway. A process that opens it at that moment tries again.
        if self.opening_lock.is_none() {
            self.opening_lock = self.place.opening_lock().ok();
        }
    }
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqlite").field("path", &self.path).finish_non_exhaustive()
    }
}
