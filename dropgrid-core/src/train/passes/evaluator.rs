//! Evaluation passes of a network by its program, on buffers that are allocated once.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::EVALUATION_ROWS;
use crate::{
    data::{Features, batches::gather_into},
    error::Failure,
    program::{Program, Run},
    train::erased_network::Take,
};

/// The smallest number of rows for which another thread is worthwhile.
#[cfg(feature = "threads")]
const ROWS_A_THREAD: usize = 4 * EVALUATION_ROWS;

/// The runs of a network's program, as many as were in use at the same time.
#[derive(Default)]
pub(in crate::train) struct Evaluator {
    /// The runs that are not in use, each with its largest batch size in rows.
    runs: Mutex<Vec<(Run, usize)>>,
}

impl Evaluator {
    /// Returns the numbers that `take` appends for the outputs of each batch, in the order of the rows. `program` makes
    /// the network's program. Many rows are divided among the threads of rayon's pool, and several threads may call at
    /// once. Each row has the same bits in every batch and on every thread.
    ///
    /// # Errors
    /// Those of `take`, for the first failing row; [`Failure::Device`] if memory runs out.
    pub(in crate::train) fn outputs(
        &self,
        program: &dyn Fn() -> Program,
        features: &Features,
        rows: &[usize],
        take: &Take<'_>,
    ) -> Result<Vec<f64>, Failure> {
        let threads = threads(rows.len());
        let capacity = rows.len().min(EVALUATION_ROWS);
        let mut runs = self.take(threads, capacity);
        while runs.len() < threads {
            runs.push((Run::evaluating(program(), capacity)?, capacity));
        }
        let taken = shared(&mut runs, features, rows, take);
        self.unused().append(&mut runs);
        taken
    }

    /// Takes up to `count` runs, for batches of at least `capacity` rows. Runs for smaller batches are freed.
    fn take(&self, count: usize, capacity: usize) -> Vec<(Run, usize)> {
        let mut runs = self.unused();
        runs.retain(|(_, known)| *known >= capacity);
        let kept = runs.len().saturating_sub(count);
        runs.split_off(kept)
    }

    /// Locks the runs that are not in use. Nothing is computed under the lock, so no thread waits for another's rows.
    fn unused(&self) -> MutexGuard<'_, Vec<(Run, usize)>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the number of threads that share `rows` rows. The pool starts only if more than one is worthwhile.
#[cfg(feature = "threads")]
fn threads(rows: usize) -> usize {
    match rows / ROWS_A_THREAD {
        0 | 1 => 1,
        most => most.min(rayon::current_num_threads()),
    }
}

#[cfg(not(feature = "threads"))]
fn threads(_rows: usize) -> usize {
    1
}

/// Runs the calls in parallel on threads of rayon's pool.
#[cfg(feature = "threads")]
fn side_by_side(calls: impl Iterator<Item: FnOnce() + Send>) {
    rayon::in_place_scope(|scope| calls.for_each(|call| scope.spawn(move |_| call())));
}

#[cfg(not(feature = "threads"))]
fn side_by_side(calls: impl Iterator<Item: FnOnce() + Send>) {
    calls.for_each(|call| call());
}

/// Returns the numbers for the rows, of which each run takes a part.
fn shared(
    runs: &mut [(Run, usize)],
    features: &Features,
    rows: &[usize],
    take: &Take<'_>,
) -> Result<Vec<f64>, Failure> {
    let threads = runs.len();
    let parts = rows.chunks(rows.len().div_ceil(threads).max(1));
    if threads == 1 {
        return parts.zip(runs).next().map_or(Ok(Vec::new()), |(rows, (run, _))| part(run, features, rows, take));
    }
    let mut taken: Vec<Result<Vec<f64>, Failure>> = parts.clone().map(|_| Ok(Vec::new())).collect();
    let parts = parts.zip(runs).zip(&mut taken);
    side_by_side(parts.map(|((rows, (run, _)), taken)| move || *taken = part(run, features, rows, take)));
    let mut taken = taken.into_iter();
    let mut all = taken.next().unwrap_or_else(|| Ok(Vec::new()))?;
    for part in taken {
        all.extend(part?);
    }
    Ok(all)
}

/// Returns the numbers for the rows of one thread.
fn part(run: &mut Run, features: &Features, rows: &[usize], take: &Take<'_>) -> Result<Vec<f64>, Failure> {
    let mut taken = Vec::with_capacity(rows.len() * run.width());
    for rows in rows.chunks(EVALUATION_ROWS) {
        gather_into(run.batch(), features, rows);
        take(rows, run.evaluate(rows.len()), &mut taken)?;
    }
    Ok(taken)
}

impl fmt::Debug for Evaluator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evaluator").finish_non_exhaustive()
    }
}
