//! Runs a unit: its fits, from its initial states to its result.

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

/// The interval between checkpoints of a unit. A stop request saves one at once.
const CHECKPOINT_EVERY: Duration = Duration::from_mins(1);

/// How the process of a unit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnitEnd {
    /// The result already existed.
    Known,
    /// The result was written.
    Written,
    /// The process was asked to end, and has saved a checkpoint.
    CutOff,
}

/// Runs a unit with the given number of workers. The caller has checked the search and the program of its plan. The run
/// continues from the unit's checkpoint, if there is one, and produces the same bytes.
///
/// # Errors
/// [`ClusterError::Unit`](crate::error::ClusterError::Unit), [`ClusterError::Fit`](crate::error::ClusterError::Fit),
/// [`ClusterError::Damaged`](crate::error::ClusterError::Damaged) if its initial states are damaged, and the errors of
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
    // A fit that has just failed is saved at once, before another fit can kill this process.
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
    // Files that cannot be removed only take disk space.
    let _ = fs::remove_file(folder.checkpoint(plan.round, number));
    let _ = fs::remove_dir_all(attempts);
    Ok(UnitEnd::Written)
}
