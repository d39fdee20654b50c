//! Runs a unit: its fits, from what it begins with to its result.

use std::{
    fs,
    time::{Duration, Instant},
};

use super::{
    attempt::{self, Attempt},
    folder::Folder,
    plan::Plan,
    unit_file::{read_checkpoint, read_result, read_states, write_checkpoint, write_result},
};
use crate::{
    error::Result,
    limit::Stop,
    search::{UnitOutcome, UnitSearch, UnitWork},
    study::{FitName, bundle::Bundle},
};

/// The time from one checkpoint of a unit to the next, where nobody asks it to end.
const CHECKPOINT_EVERY: Duration = Duration::from_mins(1);

/// The end of a unit's process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnitEnd {
    /// The result was there.
    Known,
    /// The result was written.
    Written,
    /// The process was asked to end, and has left a checkpoint.
    CutOff,
}

/// Runs a unit of a plan, whose search and program were checked, on so many workers. It goes on from its checkpoint, where it
/// has one, and comes to the same bytes.
///
/// # Errors
/// [`ClusterError::Unit`](crate::error::ClusterError::Unit), [`ClusterError::Fit`](crate::error::ClusterError::Fit),
/// [`ClusterError::Damaged`](crate::error::ClusterError::Damaged) where the states that it begins with are, and those of
/// writing files.
pub(super) fn run(
    search: &dyn UnitSearch,
    folder: &Folder,
    plan: &Plan,
    number: usize,
    workers: usize,
    stop: &Stop,
) -> Result<UnitEnd> {
    let unit = plan.unit(number)?;
    if let Some(Ok(_)) = read_result(folder, plan, number) {
        return Ok(UnitEnd::Known);
    }
    let mut begin = read_states(&folder.states(plan.round, number), unit)?;
    if let Some(Bundle { records, states, .. }) = read_checkpoint(folder, plan, number) {
        begin.records = records;
        begin.states.extend(states);
    }
    let attempts = folder.attempts(plan.round, number);
    let is_known = |name: &FitName| begin.records.iter().any(|stored| stored.name == *name);
    let crashes = attempt::crashes(&attempts, is_known, stop);
    // A fit that has just failed is known before another one can end this process.
    let mut last = (!attempt::fails_fit(&crashes)).then(Instant::now);
    let mut save = |outcome: &dyn Fn() -> Result<UnitOutcome>| {
        if last.is_some_and(|last| last.elapsed() < CHECKPOINT_EVERY) {
            return Ok(());
        }
        let outcome = outcome()?;
        let saved = if outcome.is_whole { Ok(()) } else { write_checkpoint(folder, plan, number, &outcome.bundle) };
        last = Some(Instant::now());
        saved
    };
    let work = UnitWork {
        fits: &unit.fits,
        known: begin,
        workers,
        mark: Some(Box::new(Attempt::in_folder(&attempts))),
        crashes: &crashes,
        stop,
        save: &mut save,
    };
    let outcome = search.run_unit(work)?;
    if !outcome.is_whole {
        write_checkpoint(folder, plan, number, &outcome.bundle)?;
        return Ok(UnitEnd::CutOff);
    }
    write_result(folder, plan, number, outcome.bundle)?;
    // What cannot be removed takes some room and no more.
    let _ = fs::remove_file(folder.checkpoint(plan.round, number));
    let _ = fs::remove_dir_all(attempts);
    Ok(UnitEnd::Written)
}
