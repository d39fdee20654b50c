//! The processes that work on one study.
//!
//! Each process has a row, which lists the fits that it has claimed, and a file beside the study, on which it holds a
//! lock of the operating system while it is alive. The system releases the lock when the process ends, for whatever
//! reason. So a process that can lock another's file knows that the other's claims are free.
//!
//! A process may be alive but stopped, which its lock does not show. So each row has a counter of heartbeats. An
//! observer that has not seen the counter grow for the owner's lease, by its own monotonic clock, frees the owner's
//! claims. If the owner resumes, a fit runs twice, but its record is added once.
//!
//! A process that ends normally removes its row and its file. A process that can no longer write to the study removes
//! only its file. A process that died leaves both. Its claims are then free, and each of its fits has one more crash,
//! unless the process was killed from outside or asked to end.

mod answers;
mod crashes;
mod lock;
mod oom;
mod other;
mod process_row;

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::records;
use crate::{
    record::Record,
    study::{
        ClaimStatus, FitName,
        claim::{SUSPECT, may_claim},
    },
};

use answers::Answers;
use other::{OtherProcess, ProcessEnd};
pub(super) use process_row::running;
use process_row::{OwnProcess, from_text, lock_of, register, to_text};

/// The processes that work on a study, as seen by this one.
#[derive(Default)]
pub(super) struct Processes {
    path: PathBuf,
    lease: Duration,
    /// The number of fits that this process runs at once.
    workers: usize,
    /// This process; `None` before its first claim.
    me: Option<OwnProcess>,
    others: HashMap<i64, OtherProcess>,
    answers: Answers,
    crashes: HashMap<FitName, u32>,
    /// The version of the file when all records were read.
    read: Option<i64>,
    /// The version of the file when the processes were read.
    seen: Option<i64>,
    /// True if there may be records that this process has neither read nor written.
    is_shared: bool,
}

impl Processes {
    pub(super) fn new(path: &Path, lease: Duration, workers: usize) -> Self {
        Self { path: path.to_owned(), lease, workers, ..Self::default() }
    }

    /// Notes that the caller is about to read all records.
    pub(super) fn reading(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        self.read = Some(version(connection)?);
        self.is_shared = false;
        Ok(())
    }

    /// Implements [`Claims::claim`](crate::study::Claims::claim) within a transaction.
    pub(super) fn claim(
        &mut self,
        transaction: &Transaction<'_>,
        wanted: &[&[FitName]],
        most: usize,
        ahead: bool,
    ) -> rusqlite::Result<Vec<ClaimStatus>> {
        let version = version(transaction)?;
        if self.seen != Some(version) {
            self.read_others(transaction)?;
            self.seen = Some(version);
            self.answers.outdate();
        }
        self.is_shared |= self.read != Some(version);
        self.free_ended(transaction)?;
        if self.me.is_none() {
            self.me = Some(register(transaction, &self.path, (self.lease, self.workers))?);
        }
        let (mut left, mut statuses) = (most, Vec::with_capacity(wanted.len()));
        for fits in wanted {
            let status = self.status(transaction, fits, left > 0, ahead)?;
            left -= usize::from(matches!(status, ClaimStatus::Claimed | ClaimStatus::Partly(_)));
            self.answers.note(fits, matches!(status, ClaimStatus::Elsewhere { .. }));
            statuses.push(status);
        }
        self.write(transaction)?;
        Ok(statuses)
    }

    /// Returns true if claims of other processes may have ended since the caller was told of them.
    pub(super) fn have_news(&self, connection: &Connection) -> rusqlite::Result<bool> {
        let have_ended = || self.others.iter().any(|(id, other)| other.end(&lock_of(&self.path, *id)).is_some());
        Ok(self.answers.are_outdated() || self.seen != Some(version(connection)?) || have_ended())
    }

    /// Notes that fits are finished.
    pub(super) fn finished<'a>(&mut self, fits: impl Iterator<Item = &'a FitName>) {
        if let Some(me) = &mut self.me {
            fits.for_each(|fit| me.drop_claim(fit));
        }
    }

    /// Forgets the crashes in a fit, since its training has progressed.
    pub(super) fn progressed(&mut self, transaction: &Transaction<'_>, fit: &FitName) -> rusqlite::Result<()> {
        if self.crashes.remove(fit).is_some() {
            let delete = "DELETE FROM crash WHERE params = ?1 AND fold = ?2 AND resource = ?3";
            transaction.execute(delete, params![fit.params, fit.fold, fit.resource.to_string()])?;
        }
        Ok(())
    }

    /// Gives back claims.
    pub(super) fn give_back(&mut self, transaction: &Transaction<'_>, fits: &[FitName]) -> rusqlite::Result<()> {
        if let Some(me) = &mut self.me {
            for fit in fits {
                me.drop_claim(fit);
            }
        }
        self.write(transaction)
    }

    /// Notes that the death of this process does not count as a crash from now on.
    pub(super) fn leave(&self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let Some(me) = &self.me else { return Ok(()) };
        transaction.execute("UPDATE process SET leaving = 1 WHERE id = ?1", [me.id]).map(drop)
    }

    /// Forgets the crashes in all fits.
    pub(super) fn forget_crashes(&mut self) {
        self.crashes.clear();
    }

    /// Removes this process's row and its file. The file is removed even if the row cannot be.
    pub(super) fn end_mine(&mut self, connection: &Connection) {
        let Some(me) = self.me.take() else { return };
        // The file goes first, since other processes remove a row without a file.
        let _ = fs::remove_file(lock_of(&self.path, me.id));
        let _ = connection.execute("DELETE FROM process WHERE id = ?1", [me.id]);
    }

    /// Reads the rows of the other processes, and the crashes.
    fn read_others(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let mine = self.me.as_ref().map(|me| me.id);
        let mut statement =
            transaction.prepare_cached("SELECT id, heartbeats, lease_milliseconds, fits FROM process")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        let mut before = std::mem::take(&mut self.others);
        for row in rows {
            let (id, heartbeats, lease, fits): (i64, i64, i64, String) = row?;
            if mine == Some(id) {
                continue;
            }
            let since = before.remove(&id).filter(|other| other.heartbeats == heartbeats).map(|other| other.since);
            let lease = Duration::from_millis(u64::try_from(lease).unwrap_or(0));
            let other =
                OtherProcess { heartbeats, since: since.unwrap_or_else(Instant::now), lease, fits: from_text(&fits) };
            self.others.insert(id, other);
        }
        self.crashes = crashes::read(transaction)?;
        Ok(())
    }

    /// Frees the claims of processes that have ended or stand still, and counts crashes.
    fn free_ended(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let ended = self.others.iter().filter_map(|(id, other)| Some((*id, other.end(&lock_of(&self.path, *id))?)));
        let ended: Vec<(i64, ProcessEnd)> = ended.collect();
        if !ended.is_empty() {
            self.answers.outdate();
        }
        for (id, end) in ended {
            if let ProcessEnd::StandsStill = end {
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
            if let ProcessEnd::Died { crashed } = end {
                if crashed && !leaving {
                    self.count(transaction, from_text(&fits))?;
                }
                // No process uses this file again, since the number of a process is never reused.
                let _ = fs::remove_file(lock_of(&self.path, id));
            }
        }
        Ok(())
    }

    /// Returns the status of a group. Its fits without a record are claimed if that is possible and `may` is true.
    fn status(
        &mut self,
        transaction: &Transaction<'_>,
        fits: &[FitName],
        may: bool,
        ahead: bool,
    ) -> rusqlite::Result<ClaimStatus> {
        let record = |fit| if self.is_shared { records::one(transaction, fit) } else { Ok(None) };
        let records = fits.iter().map(record).collect::<rusqlite::Result<Vec<Option<Record>>>>()?;
        let missing = fits.iter().zip(&records).filter(|(_, record)| record.is_none()).map(|(fit, _)| fit);
        let missing: Vec<&FitName> = missing.collect();
        Ok(ClaimStatus::of(records, || {
            let has = |other: &OtherProcess| missing.iter().any(|fit| other.fits.contains(*fit));
            if let Some((&process, _)) = self.others.iter().find(|(_, other)| has(other)) {
                return ClaimStatus::Elsewhere { process };
            }
            let crashes = missing.iter().filter_map(|fit| self.crashes.get(*fit)).max().copied().unwrap_or(0);
            let Some(me) = self.me.as_mut().filter(|_| may) else { return ClaimStatus::Free { crashes } };
            if !may_claim(crashes, ahead, me.fits.len(), me.suspects.len()) {
                return ClaimStatus::Free { crashes };
            }
            me.fits.extend(missing.iter().copied().cloned());
            if crashes >= SUSPECT {
                me.suspects.extend(missing.iter().copied().cloned());
            }
            ClaimStatus::Claimed
        }))
    }

    /// Writes the claims of this process and a heartbeat.
    fn write(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let Some(me) = &mut self.me else { return Ok(()) };
        // Old counts are less precise, but no reason to fail.
        let _ = me.lock.write_counts();
        let mut statement =
            transaction.prepare_cached("UPDATE process SET heartbeats = heartbeats + 1, fits = ?2 WHERE id = ?1")?;
        statement.execute(params![me.id, to_text(me.fits.iter())]).map(drop)
    }
}

/// Returns a number that changes when another connection writes.
fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))
}
