//! Several processes that work on one study.
//!
//! A process has a row, which lists the fits that it has claimed, and beside the study a file, on which it holds a lock of
//! the operating system as long as it lives. The lock is exact: it ends with its process, however that ends, and in the
//! same moment, which no clock could tell. So whoever can lock another's file knows that its fits are free again. What a
//! lock cannot tell is whether a process that lives still moves: a row has a count of heartbeats besides, and a claim is a
//! lease: where an observer has not seen the count move for the owner's lease, by a clock of its own that never goes
//! back, it takes the claims. That costs at most a fit that runs twice, since what came of it is kept once.
//!
//! A process that ends leaves no row. One that cannot write any more leaves no file, and one that died leaves both: then
//! its fits are free, and have one death more where it died by itself and nobody had asked it to end.

mod awaited;
mod deaths;
mod lock;
mod oom;
mod other;
mod row;

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::rows;
use crate::{
    record::Record,
    study::{FitName, Kept, Standing, claim::DEATHS},
};

use awaited::Awaited;
use other::{End, Other};
pub(super) use row::running;
use row::{Me, from_text, lock_of, register, to_text};

/// From so many deaths on, a process has a fit alone.
const SUSPECT: u32 = DEATHS - 1;

/// This process's place among those that work on a study.
pub(super) struct Processes {
    path: PathBuf,
    lease: Duration,
    /// Since the first claim.
    me: Option<Me>,
    others: HashMap<i64, Other>,
    awaited: Awaited,
    deaths: HashMap<FitName, u32>,
    /// The file's version when all records were read.
    read: Option<i64>,
    /// The file's version when the processes were read.
    seen: Option<i64>,
    /// Whether there may be records that this process has neither read nor written.
    is_shared: bool,
}

impl Processes {
    pub(super) fn new(path: &Path, lease: Duration) -> Self {
        Self {
            path: path.to_owned(),
            lease,
            me: None,
            others: HashMap::new(),
            awaited: Awaited::default(),
            deaths: HashMap::new(),
            read: None,
            seen: None,
            is_shared: false,
        }
    }

    /// All records are about to be read.
    pub(super) fn reading(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        self.read = Some(version(connection)?);
        self.is_shared = false;
        Ok(())
    }

    /// As [`Store::claim`](crate::study::Store::claim), within a transaction.
    pub(super) fn claim(
        &mut self,
        transaction: &Transaction<'_>,
        wanted: &[&[FitName]],
        most: usize,
        ahead: bool,
    ) -> rusqlite::Result<Vec<Standing>> {
        let version = version(transaction)?;
        if self.seen != Some(version) {
            self.look(transaction)?;
            self.seen = Some(version);
            self.awaited.outdate();
        }
        self.is_shared |= self.read != Some(version);
        self.bury(transaction)?;
        if self.me.is_none() {
            self.me = Some(register(transaction, &self.path, self.lease)?);
        }
        let (mut left, mut standings) = (most, Vec::with_capacity(wanted.len()));
        for fits in wanted {
            let standing = self.stand(transaction, fits, left > 0, ahead)?;
            left -= usize::from(standing == Standing::Claimed);
            self.awaited.tell(fits, matches!(standing, Standing::Elsewhere { .. }));
            standings.push(standing);
        }
        self.write(transaction)?;
        Ok(standings)
    }

    /// Whether claims of other processes may have ended since the caller was told of them.
    pub(super) fn have_news(&self, connection: &Connection) -> rusqlite::Result<bool> {
        let have_ended = || self.others.iter().any(|(id, other)| other.end(&lock_of(&self.path, *id)).is_some());
        Ok(self.awaited.is_outdated() || self.seen != Some(version(connection)?) || have_ended())
    }

    /// These fits are kept.
    pub(super) fn kept(&mut self, fits: &[Kept]) {
        let Some(me) = &mut self.me else { return };
        for fit in fits {
            me.drop_claim(&FitName { params: fit.params.clone(), fold: fit.record.fold });
        }
    }

    /// A training has got further than before.
    pub(super) fn progressed(&mut self, transaction: &Transaction<'_>, fit: &FitName) -> rusqlite::Result<()> {
        if self.deaths.remove(fit).is_some() {
            transaction.execute("DELETE FROM death WHERE params = ?1 AND fold = ?2", params![fit.params, fit.fold])?;
        }
        Ok(())
    }

    /// Claims these no more.
    pub(super) fn give_back(&mut self, transaction: &Transaction<'_>, fits: &[FitName]) -> rusqlite::Result<()> {
        if let Some(me) = &mut self.me {
            for fit in fits {
                me.drop_claim(fit);
            }
        }
        self.write(transaction)
    }

    /// Should this process end from now on, that is no death.
    pub(super) fn leave(&self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let Some(me) = &self.me else { return Ok(()) };
        transaction.execute("UPDATE process SET leaving = 1 WHERE id = ?1", [me.id]).map(drop)
    }

    /// Forgets why fits failed.
    pub(super) fn forgive(&mut self) {
        self.deaths.clear();
    }

    /// Takes this process's row away, and its file even where that fails.
    pub(super) fn end_mine(&mut self, connection: &Connection) {
        let Some(me) = self.me.take() else { return };
        // The file's absence says as much as the row's. First the file: a row without one is found and goes.
        let _ = fs::remove_file(lock_of(&self.path, me.id));
        let _ = connection.execute("DELETE FROM process WHERE id = ?1", [me.id]);
    }

    /// Reads what the other processes have.
    fn look(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let mine = self.me.as_ref().map(|me| me.id);
        let mut statement = transaction.prepare_cached("SELECT id, beats, lease_milliseconds, fits FROM process")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        let mut before = std::mem::take(&mut self.others);
        for row in rows {
            let (id, beats, lease, fits): (i64, i64, i64, String) = row?;
            if mine == Some(id) {
                continue;
            }
            let since = before.remove(&id).filter(|other| other.beats == beats).map(|other| other.since);
            let lease = Duration::from_millis(u64::try_from(lease).unwrap_or(0));
            let other = Other { beats, since: since.unwrap_or_else(Instant::now), lease, fits: from_text(&fits) };
            self.others.insert(id, other);
        }
        let mut statement = transaction.prepare_cached("SELECT params, fold, times FROM death")?;
        let rows = statement.query_map([], |row| Ok((FitName { params: row.get(0)?, fold: row.get(1)? }, row.get(2)?)));
        self.deaths = rows?.collect::<Result<_, _>>()?;
        Ok(())
    }

    /// Frees the fits of processes that have ended or stand still.
    fn bury(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let ended = self.others.iter().filter_map(|(id, other)| Some((*id, other.end(&lock_of(&self.path, *id))?)));
        let ended: Vec<(i64, End)> = ended.collect();
        if !ended.is_empty() {
            self.awaited.outdate();
        }
        for (id, end) in ended {
            if let End::StandsStill = end {
                transaction.execute("UPDATE process SET fits = '[]' WHERE id = ?1", [id])?;
                if let Some(other) = self.others.get_mut(&id) {
                    other.fits.clear();
                }
                continue;
            }
            let gone = transaction
                .query_row("DELETE FROM process WHERE id = ?1 RETURNING leaving, fits", [id], |row| {
                    Ok((row.get::<_, bool>(0)?, row.get::<_, String>(1)?))
                })
                .optional()?;
            self.others.remove(&id);
            let Some((leaving, fits)) = gone else { continue };
            if let End::Died { by_itself } = end {
                if by_itself && !leaving {
                    self.count(transaction, from_text(&fits))?;
                }
                // Nobody asks for this file again: numbers of processes are given once.
                let _ = fs::remove_file(lock_of(&self.path, id));
            }
        }
        Ok(())
    }

    /// How a group stands, claimed where it can and may be.
    fn stand(
        &mut self,
        transaction: &Transaction<'_>,
        fits: &[FitName],
        may: bool,
        ahead: bool,
    ) -> rusqlite::Result<Standing> {
        if self.is_shared {
            let records = fits.iter().map(|fit| rows::one(transaction, fit));
            if let Some(records) = records.collect::<rusqlite::Result<Option<Vec<Record>>>>()? {
                return Ok(Standing::Kept(records));
            }
        }
        let has = |other: &Other| fits.iter().any(|fit| other.fits.contains(fit));
        if let Some((&process, _)) = self.others.iter().find(|(_, other)| has(other)) {
            return Ok(Standing::Elsewhere { process });
        }
        let deaths = fits.iter().filter_map(|fit| self.deaths.get(fit)).max().copied().unwrap_or(0);
        let Some(me) = self.me.as_mut().filter(|_| may) else { return Ok(Standing::Free { deaths }) };
        // Alone it shows whether it is the fit that ends its process, and not one beside it.
        let is_suspect = deaths >= SUSPECT;
        let must_be_alone = is_suspect && !me.fits.is_empty();
        if deaths > 0 && ahead || must_be_alone || !me.suspects.is_empty() {
            return Ok(Standing::Free { deaths });
        }
        me.fits.extend(fits.iter().cloned());
        if is_suspect {
            me.suspects.extend(fits.iter().cloned());
        }
        Ok(Standing::Claimed)
    }

    /// Writes down what this process has, and that it is alive.
    fn write(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let Some(me) = &mut self.me else { return Ok(()) };
        // Old counts tell less, and are no reason to stop.
        let _ = me.lock.tell();
        let mut statement =
            transaction.prepare_cached("UPDATE process SET beats = beats + 1, fits = ?2 WHERE id = ?1")?;
        statement.execute(params![me.id, to_text(me.fits.iter())]).map(drop)
    }
}

/// A number that changes when somebody else has written.
fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))
}
