//! Runs the fits of a validator: every fold of every point, in parallel.

use std::ops::ControlFlow;

use crate::{
    engine,
    error::{Failure, Result},
};

/// The result of a fit; `None` if it never began, or a limit of the search interrupted it.
pub(super) type FitResult<R> = Option<Result<R, Failure>>;

/// Runs `fit` on every fold of every point with `workers` workers. `folds` has the number of folds of each point. After
/// a fit for whose point and result `ends` returns true, no more fits begin.
///
/// The results are by point, then by fold.
///
/// # Errors
/// [`Error::Workers`](crate::Error::Workers).
pub(super) fn run_folds<R: Send>(
    workers: usize,
    folds: &[usize],
    fit: impl Fn(usize, u32) -> Result<R, Failure> + Sync,
    ends: impl Fn(usize, &Result<R, Failure>) -> bool,
) -> Result<Vec<Vec<FitResult<R>>>> {
    let jobs: Vec<(usize, u32)> =
        folds.iter().enumerate().flat_map(|(point, &folds)| (0..folds as u32).map(move |fold| (point, fold))).collect();
    let mut results: Vec<Vec<FitResult<R>>> = folds.iter().map(|&folds| (0..folds).map(|_| None).collect()).collect();
    engine::run(
        workers,
        &jobs,
        |&(point, fold)| fit(point, fold),
        |&(point, fold), result| {
            if matches!(result, Err(Failure::Interrupted)) {
                return ControlFlow::Continue(());
            }
            let next = if ends(point, &result) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
            results[point][fold as usize] = Some(result);
            next
        },
    )?;
    Ok(results)
}

/// Returns the number of fits that have a result, including failed ones.
pub(super) fn done<R>(results: &[Vec<FitResult<R>>]) -> usize {
    results.iter().flatten().filter(|result| result.is_some()).count()
}
